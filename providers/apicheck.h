/* SPDX-License-Identifier: MIT */
/* What can be wrong with the row of a record API. */
#ifndef PROVIDERS_APICHECK_H
#define PROVIDERS_APICHECK_H

#include "providers/apifield.h"
#include "providers/service.h"

/* Of a service that has one; its placeholders and rules are checked elsewhere. -EINVAL: *ret says
 * what is wrong. */
int apicheck(const struct service *service, struct service_fault *ret);

/* Whether a text is in a body that is XML. */
bool apicheck_is_xml(const struct recordapi *api, const struct apifield *field);

#endif
