/* SPDX-License-Identifier: MIT */
/* A service of the catalogue within a job, so that nlddns-updater needs no files. */
#ifndef UPDATE_WIRE_SERVICE_H
#define UPDATE_WIRE_SERVICE_H

#include "providers/service.h"
#include "update/wire_text.h"

/* A service that was read, as a provider. Points into itself: it must not be moved. */
struct wire_service {
	struct provider provider;
	struct service service;
	struct setting settings[SERVICE_SETTINGS_MAX + 1];
};

/* What requests are made and replies read by; null for a provider without. NULL: no memory. */
json_t *wire_service_pack(const struct provider *provider);

/* Checks it as a file is checked. Texts go to the store. -EBADMSG. */
int wire_service_unpack(const json_t *json, const char *name, struct wire_store *store,
			struct wire_service *ret);

#endif
