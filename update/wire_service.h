/* SPDX-License-Identifier: MIT */
/* A service of the catalogue within a message, so that nlddns-updater needs no files: it is told of
 * each once, and keeps it. */
#ifndef UPDATE_WIRE_SERVICE_H
#define UPDATE_WIRE_SERVICE_H

#include "providers/recordapi.h"
#include "providers/service.h"
#include "update/wire_text.h"

/* A service that was read, as a provider. Points into itself: it must not be moved. */
struct wire_service {
	struct provider provider;
	struct service service;
	struct service_rule rules[SERVICE_RULES_MAX];
	struct recordapi api; /* of SERVICE_RECORDS */
	struct setting settings[SERVICE_SETTINGS_MAX + 1];
};

/* How many are kept at a time: numbers 1 to this. */
#define WIRE_SERVICES_MAX 64

/* One that is kept; it outlives its replacement by the jobs that use it. */
struct wire_kept;
struct wire_services {
	struct wire_kept *list[WIRE_SERVICES_MAX];
};

/* What requests are made and replies read by; null for a provider without. NULL: no memory. */
json_t *wire_service_pack(const struct provider *provider);

/* Checks it as a file is checked. Texts go to the store. -EBADMSG. */
int wire_service_unpack(const json_t *json, const char *name, struct wire_store *store,
			struct wire_service *ret);

/* Keeps one under a number, instead of what was there; len: no less than what is in json needs.
 * -EBADMSG, -ENOMEM: nothing has changed. */
int wire_services_keep(struct wire_services *services, int64_t number, const char *name,
		       const json_t *json, size_t len);
void wire_services_free(struct wire_services *services);

/* For a job, which gives it back. NULL: nothing is kept under that number. */
struct wire_kept *wire_kept_take(const struct wire_services *services, int64_t number);
void wire_kept_drop(struct wire_kept *kept);
const struct provider *wire_kept_provider(const struct wire_kept *kept);

#endif
