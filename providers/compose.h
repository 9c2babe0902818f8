/* SPDX-License-Identifier: MIT */
/* The request a service wants, filled in. */
#ifndef PROVIDERS_COMPOSE_H
#define PROVIDERS_COMPOSE_H

#include "providers/template.h"

#define COMPOSE_URL_MAX    8192
#define COMPOSE_HEADER_MAX 8192

/* Fills a zeroed request. -EMSGSIZE: it is too long; -EINVAL: a value is missing or cannot be sent;
 * what was filled is freed. */
int compose_request(const struct scope *scope, struct request *ret);

/* Adds what opens the account: the service's headers, user and password. -ENOENT, -EINVAL,
 * -EMSGSIZE; http stays as far as it is filled. */
int compose_auth(const struct service *service, const struct template_source *source,
		 struct http_request *http);

#endif
