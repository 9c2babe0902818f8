/* SPDX-License-Identifier: MIT */
/* Configuration: text to one validated, immutable struct, or all of its errors at once. */
#ifndef CFG_CFG_H
#define CFG_CFG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "providers/provider.h"

#define CFG_RECORDS_MAX 16384
#define CFG_SOURCES_MAX 256

enum cfg_select { CFG_SELECT_STABLE, CFG_SELECT_TEMPORARY, CFG_SELECT_DHCP, CFG_SELECT_EUI64 };
enum cfg_ready { CFG_READY_ROUTE, CFG_READY_ADDRESS };
enum cfg_combine { CFG_COMBINE_FIRST, CFG_COMBINE_ALL };
enum cfg_bind { CFG_BIND_SOURCE, CFG_BIND_NONE, CFG_BIND_LINK };
enum cfg_stop { CFG_STOP_KEEP, CFG_STOP_DELETE };
enum cfg_verify { CFG_VERIFY_NEVER, CFG_VERIFY_SLOW };
enum cfg_log_level { CFG_LOG_ERROR, CFG_LOG_WARN, CFG_LOG_INFO, CFG_LOG_DEBUG };

/* [nlddns]: the daemon itself. */
struct cfg_daemon {
	char *state_dir;    /* default /var/lib/nlddns */
	char *control;      /* socket path; default /run/nlddns/control */
	char *user;         /* NULL: stay who we are */
	char *metrics_file; /* NULL: none */
	bool keep_updater;
	int64_t updater_idle_ms; /* default 30 s */
	int64_t recheck_ms;      /* default 1 h */
	enum cfg_log_level log_level;
	bool insecure_permissions;
};

/* Another host of the LAN, by what follows the prefix of its link: an IPv6 address whose first bits
 * are 0. */
struct cfg_host {
	unsigned char bytes[16];
	unsigned prefix_max; /* the longest prefix they leave alone, 16 to 127; 0: no such host */
	unsigned prefix_len; /* the one length they are meant for, at most prefix_max; 0: any */
};

/* [source NAME], or the source keys of a record (then named by its links, or auto). Records that
 * ask for the same share one. A family is the record's matter: each source serves both. */
struct cfg_source {
	char *name;
	char **interfaces; /* names and globs, best first; none: auto */
	size_t n_interfaces;
	enum cfg_select select;
	char *match;  /* CIDR or ::suffix, validated; NULL: any */
	char **allow; /* address class names, validated */
	size_t n_allow;
	char *suffix, *mac;   /* as written; at most one counts */
	struct cfg_host host; /* what it says; for IPv6 only */
	enum cfg_ready ready; /* preset with a host: address */
	enum cfg_combine combine;
	int64_t settle_ms, settle_max_ms; /* default 50 ms, 1 s */
	int64_t failback_ms;              /* default 30 s; 0: at once */
};

/* [account NAME], or the provider keys of a record (then named after it). Records that say the same
 * share one: to the provider they are one user, whom it may throttle. */
struct cfg_account {
	char *name;
	const struct provider *provider;
	struct value *values; /* the provider's settings with presets filled in; secrets read */
	size_t n_values;
	bool allow_plaintext;
	uint64_t fingerprint; /* of its first record; differs from that of other machines */
	uint64_t identity;    /* of provider and values: whom the provider deals with; never 0 */
};

/* Who is told of what happens to a record. */
struct cfg_told {
	char **hook; /* a program and its arguments; none: no hook */
	size_t n_hook;
	int64_t hook_timeout_ms; /* default 30 s */
	char **notify;           /* URLs, which may hold secrets */
	size_t n_notify;
	bool plaintext; /* http:// among them is fine */
};

/* One name and type. A section without family gives two. */
struct cfg_record {
	char *name; /* lower case, no trailing dot */
	enum record_type type;
	size_t account, source; /* indexes */
	unsigned ttl;           /* 0: the provider's own */
	int64_t refresh_ms;     /* 0: never */
	int64_t min_interval_ms;
	int64_t hold_down_ms;     /* the longest wait of changes that come too often; 0: none */
	int64_t on_loss_ms;       /* -1: keep; else delete after */
	int64_t failing_after_ms; /* default 5 min; unconfirmed so long is told; 0: never */
	enum cfg_stop on_stop;
	enum cfg_verify verify;
	enum cfg_bind bind;
	char *bind_link; /* CFG_BIND_LINK */
	struct cfg_told told;
	uint64_t fingerprint; /* of all that decides what is sent where, secrets included */
	const char *file;     /* where it was written; borrowed from the cfg */
	int line;
};

struct cfg_service; /* cfg/cfg_service.h */

struct cfg {
	struct cfg_daemon daemon;
	struct cfg_source *sources;
	size_t n_sources;
	struct cfg_account *accounts;
	size_t n_accounts;
	struct cfg_record *records;
	size_t n_records;
	struct cfg_service **services; /* what the accounts' providers are made of */
	size_t n_services;
	char **files; /* that were read */
	size_t n_files;
};

/* One thing wrong, or to be warned of. */
struct cfg_error {
	char *file;
	int line; /* 0: the file as a whole */
	bool warning;
	char text[240];
};

struct cfg_errors {
	struct cfg_error *list; /* in order of file and line */
	size_t n;
};

/* Reads path, then the *.conf of conf.d beside it in name order, then the environment. 0: *ret is
 * whole; may warn. -EINVAL: errors say what; -errno (-ENOENT, -EACCES, ...): so do they. Any error:
 * *ret untouched.
 */
int cfg_load(const char *path, struct cfg **ret, struct cfg_errors *errors);

/* Wipes secrets. */
void cfg_free(struct cfg *cfg);

/* "file:line: text" lines. */
void cfg_errors_print(const struct cfg_errors *errors, FILE *to);
void cfg_errors_done(struct cfg_errors *errors);

#endif
