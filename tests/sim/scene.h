/* SPDX-License-Identifier: MIT */
/* A configuration: what it says, and its text. */
#ifndef TESTS_SIM_SCENE_H
#define TESTS_SIM_SCENE_H

#include "providers/provider.h"

#define SCENE_ACCOUNTS 3
#define SCENE_SOURCES  3
#define SCENE_NAMES    4
#define SCENE_PATTERNS 3

/* A record is a name and a type: 2 * name + type. */
#define SCENE_RECORDS (SCENE_NAMES * RECORD_TYPE_COUNT)

#define SCENE_PATH "/etc/nlddns/nlddns.conf"

struct scene_source {
	const char *patterns[SCENE_PATTERNS];
	size_t n_patterns; /* 0: auto */
	bool all, by_address, private, temporary;
	int64_t settle_ms, settle_max_ms, failback_ms;
};

struct scene_account {
	const struct provider *provider;
	unsigned secret; /* which one */
};

struct scene_name {
	bool types[RECORD_TYPE_COUNT];
	size_t account, source;
	int64_t refresh_ms, min_interval_ms, hold_down_ms;
	int64_t on_loss_ms; /* -1: keep */
	bool verify;        /* slow */
	bool on_stop;       /* delete */
};

struct scene {
	struct scene_source sources[SCENE_SOURCES];
	struct scene_account accounts[SCENE_ACCOUNTS];
	struct scene_name names[SCENE_NAMES];
	size_t n_sources, n_accounts, n_names;
	int64_t recheck_ms;
};

/* Makes one up. */
void scene_make(struct scene *ret);

/* What a user might change in it. */
void scene_edit(struct scene *scene);

/* The text of the file; valid until the next call. */
const char *scene_write(const struct scene *scene);

/* An account's own: two with the same one would be one user to their provider. Returns out. */
#define SCENE_SECRET_MAX 32
const char *scene_secret(const struct scene *scene, size_t account,
			 char out[static SCENE_SECRET_MAX]);

bool scene_has(const struct scene *scene, size_t record);
const struct scene_name *scene_name(const struct scene *scene, size_t record);
const struct scene_source *scene_source(const struct scene *scene, size_t record);
const struct provider *scene_provider(const struct scene *scene, size_t record);
enum record_type scene_type(size_t record);

/* "r2.example.org AAAA" */
const char *scene_label(size_t record);

/* By its DNS name and type; SCENE_RECORDS: there is none. */
size_t scene_find(const char *name, enum record_type type);

/* Another number when what is sent where, or by whom, is another. */
uint64_t scene_identity(const struct scene *scene, size_t record);

#endif
