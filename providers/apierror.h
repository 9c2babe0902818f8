/* SPDX-License-Identifier: MIT */
/* What a reply of a record API that is no success means, in the provider's own words. */
#ifndef PROVIDERS_APIERROR_H
#define PROVIDERS_APIERROR_H

#include "providers/recordapi.h"

/* Whether the reply says that what was asked for is done, as its row describes it. read: it is of
 * no use without what was asked for. */
bool apierror_none(const struct recordapi *api, const struct reply *reply, bool read);

/* The documented error that it is; NULL: none. */
const struct recordapi_error *apierror_find(const struct recordapi *api, const struct reply *reply);

/* The end of a record by a reply that is no success. Returns whether it is the end of all: of the
 * account or the server, not of this name. */
bool apierror_say(const struct recordapi *api, const struct reply *reply,
		  const struct wanted *wanted, struct outcome *ret);

#endif
