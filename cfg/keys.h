/* SPDX-License-Identifier: MIT */
/* Our own rows: each key of [nlddns], sources and records once, with its type, range, default,
 * help and the place its value goes to. The provider's own settings are the provider's. */
#ifndef CFG_KEYS_H
#define CFG_KEYS_H

#include <stddef.h>

#include "cfg/cfg.h"
#include "cfg/faults.h"
#include "cfg/reader.h"

/* A key and where in its struct the value lands, by type: text and paths as char *, numbers as
 * unsigned, durations as int64_t ms, yes|no as bool, choices as the enum of the same order, lists
 * as char ** and size_t. */
struct key {
	struct setting setting;
	size_t offset;
	size_t n_offset; /* SETTING_LIST: of the count; 0: the words go to one char *, single-spaced
			  */
};

enum keys_family { KEYS_FAMILY_BOTH, KEYS_FAMILY_IPV4, KEYS_FAMILY_IPV6 };

/* What a section says of its records, but for the source and the provider's settings. */
struct keys_record {
	char *provider, *account, *source;
	char **names;
	size_t n_names;
	enum keys_family family;
	unsigned ttl;
	int64_t refresh_ms, min_interval_ms; /* -1: the provider's */
	int64_t hold_down_ms, failing_after_ms;
	enum cfg_stop on_stop;
	enum cfg_verify verify;
	char *on_loss, *bind;
	char **hook, **notify;
	size_t n_hook, n_notify;
	int64_t hook_timeout_ms;
	bool allow_plaintext;
};

/* Each ends with a row without a name. */
extern const struct key keys_daemon[]; /* to struct cfg_daemon */
extern const struct key keys_source[]; /* to struct cfg_source */
extern const struct key keys_record[]; /* to struct keys_record */

/* NULL: not in the table. */
const struct key *keys_find(const struct key *keys, const char *name);

/* Fills the zeroed target from section, else defaults, else presets; both may be NULL. What is
 * wrong goes to faults, and its field keeps its preset or 0. Keys that are not in the table are
 * left to others. */
void keys_fill(const struct key *keys, const struct reader_section *section,
	       const struct reader_section *defaults, void *target, struct faults *faults);

/* Frees what the fields of the target own. */
void keys_done(const struct key *keys, void *target);

#endif
