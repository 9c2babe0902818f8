/* SPDX-License-Identifier: MIT */
/* What a catalogue file says, as a provider: nlddns-provider(5). */
#ifndef CFG_CFG_SERVICE_H
#define CFG_CFG_SERVICE_H

#include "cfg/keys.h"
#include "providers/recordapi.h"
#include "providers/service.h"

/* A [setting NAME] of the file, or one of those that need none. */
struct cfg_service_setting {
	char *name;
	enum setting_type type;
	char *help, *preset, *choices;
};

struct cfg_service {
	char *name, *path;
	int line; /* of path, where it begins; 0: it is all of path */
	struct provider
		provider; /* provider.service is NULL: it cannot be used, and faults say so */
	struct service service;
	struct service_rule rules[SERVICE_RULES_MAX];
	struct recordapi api; /* of SERVICE_RECORDS */
	struct setting settings[SERVICE_SETTINGS_MAX + 1];
	struct cfg_service_setting described[SERVICE_SETTINGS_MAX];
	size_t n_described;
};

/* The keys of [service], to struct service, and of [setting NAME], to struct cfg_service_setting.
 * Each ends with a row without a name. */
extern const struct key cfg_service_keys[];
extern const struct key cfg_service_setting_keys[];

/* Settings that a service may use without describing them. Ends with a row without a name. */
extern const struct setting cfg_service_known[];

/* Fills the zeroed *ret from the sections of one file, read as its only one of reader. name is
 * copied; so is path. What is wrong goes to faults. */
void cfg_service_make(const struct reader *reader, const char *name, const char *path,
		      struct faults *faults, struct cfg_service *ret);

void cfg_service_done(struct cfg_service *service);

#endif
