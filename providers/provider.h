/* SPDX-License-Identifier: MIT */
/* The contract of a provider: one protocol, from wanted addresses to requests and from replies to
 * verdicts. Pure: a provider does no I/O and reads no clock; it links no TLS,
 * crypto or wire-format library, since the daemon links its table too. The request says what to do,
 * the transport (nlddns-updater; the daemon for files) encodes, signs, sends, and decodes. */
#ifndef PROVIDERS_PROVIDER_H
#define PROVIDERS_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/request.h"
#include "providers/setting.h"

struct service; /* providers/service.h */

enum verdict {
	VERDICT_DONE,           /* the provider says it is now what was wanted */
	VERDICT_UNCHANGED,      /* the provider says it already was */
	VERDICT_NO_NETWORK,     /* resolve, connect, TLS, timeout: the provider said nothing */
	VERDICT_RETRY,          /* the provider failed, or said something not understood */
	VERDICT_THROTTLED,      /* too often: wait */
	VERDICT_REFUSED_AUTH,   /* hold: credentials */
	VERDICT_REFUSED_NAME,   /* hold: no such name, or not ours */
	VERDICT_REFUSED_ABUSE,  /* hold: blocked */
	VERDICT_REFUSED_CONFIG, /* hold: the request itself is wrong for this account */
};
#define VERDICT_COUNT (VERDICT_REFUSED_CONFIG + 1)

/* What a job is for. */
enum purpose {
	PURPOSE_UPDATE, /* make it so */
	PURPOSE_VERIFY, /* see whether it is so; nothing is written */
};
#define PURPOSE_COUNT (PURPOSE_VERIFY + 1)

/* What PURPOSE_VERIFY comes to with VERDICT_DONE; any other verdict says only that the look failed,
 * and holds nothing. Private addresses, aliases and proxies in the wanted ones' place
 * are TRUTH_UNKNOWN: somebody may mean them. */
enum truth { TRUTH_UNKNOWN, TRUTH_SAME, TRUTH_OTHER };
#define TRUTH_COUNT (TRUTH_OTHER + 1)

enum record_type { RECORD_TYPE_A, RECORD_TYPE_AAAA };
#define RECORD_TYPE_COUNT 2

#define JOB_WANTED_MAX     64 /* records in one job */
#define OUTCOME_WHY_MAX    160
#define PROVIDER_STATE_MAX 20480

/* One configured value. The text is validated by its row; a secret is already read. Borrowed. */
struct value {
	const char *name;
	const char *text;
};

/* One record and what it shall be: exactly these addresses, in canonical text. Borrowed. */
struct wanted {
	const char *name; /* ASCII, lower case, no trailing dot; may begin with "*." */
	enum record_type type;
	const char *addrs[WANTED_ADDRS_MAX];
	size_t n_addrs; /* 0: the record shall not exist (providers with PROVIDER_CAN_DELETE) */
	unsigned ttl;   /* seconds; 0: the provider's own */
	bool unsure; /* what the provider holds is not known, and nothing is on its way there; with
		      * PROVIDER_CAN_READ it is read, and written only if it differs */
	const char *other; /* the address that the name's record of the other type, if it is ours,
			    * is to have; NULL: none, or not known */
	const char *const *previous; /* addresses we put there, as far as we know */
	size_t n_previous;           /* at most WANTED_ADDRS_MAX */
};

/* Whether an address under the name of the wanted is of a special kind (private, shared, ...) that
 * none of the wanted ones is of: somebody else must have put it there. */
typedef bool address_odd(const struct wanted *wanted, const char *address);

/* Records of one account for one conversation. Borrowed; alive for the whole job. */
struct job {
	const struct provider *provider;
	const struct value *values; /* of the provider's settings; unset ones absent */
	size_t n_values;
	const struct wanted *wanted;
	size_t n_wanted; /* 1..JOB_WANTED_MAX; 1 name without PROVIDER_MANY_NAMES */
	enum purpose purpose;
	address_odd *odd; /* for PURPOSE_VERIFY; NULL: not known */
};

/* One record's end of a job. */
struct outcome {
	enum verdict verdict;
	int64_t wait_ms;           /* do not ask again before; 0: the usual backoff */
	enum truth truth;          /* of PURPOSE_VERIFY, with VERDICT_DONE */
	unsigned ttl;              /* seconds; of what was found; 0: not known */
	char why[OUTCOME_WHY_MAX]; /* never empty, never a secret */
};

enum provider_caps {
	PROVIDER_BOTH_FAMILIES = 1 << 0, /* A and AAAA of a name in one job */
	PROVIDER_MANY_NAMES = 1 << 1,    /* several names in one job */
	PROVIDER_MANY_ADDRS = 1 << 2,    /* several addresses of a type under one name */
	PROVIDER_CAN_DELETE = 1 << 3,
	PROVIDER_LOCAL = 1 << 4, /* performed by the daemon, asks for files only */
	PROVIDER_SETS_TTL = 1 << 5,
	PROVIDER_HTTP = 1 << 6,     /* speaks HTTP: takes provider_http_settings too */
	PROVIDER_CAN_READ = 1 << 7, /* knows wanted.unsure and PURPOSE_VERIFY */
	PROVIDER_NO_IPV4 = 1 << 8,
	PROVIDER_NO_IPV6 = 1 << 9,
	PROVIDER_NO_WILDCARD = 1 << 10,
};

struct limits {
	int64_t min_interval_ms; /* between two requests for one record */
	int64_t refresh_ms;      /* resend a confirmed record after; 0: never */
	unsigned names_per_request;
	unsigned parallel; /* jobs of one account at a time */
};

enum step { STEP_SEND, STEP_END };

struct provider {
	const char *name;               /* as configured */
	const char *title;              /* for people, one line */
	const struct setting *settings; /* ends with a row without a name */
	unsigned caps;                  /* enum provider_caps */
	struct limits limits;
	size_t state_size; /* at most PROVIDER_STATE_MAX; zeroed before the first step; wiped after
			    */
	/* Given the reply to the last request (NULL at first), either fills *request (zeroed;
	 * STEP_SEND), or ends (STEP_END). outcomes[0..n_wanted) are zeroed before the first step
	 * and kept between steps. A record has its end once it has a why; a request that fails ends
	 * those that have none, STEP_END leaves none without. */
	enum step (*step)(const struct job *job, void *state, const struct reply *reply,
			  struct request *request, struct outcome *outcomes);
	/* Of a catalogue file; NULL: written in C. */
	const struct service *service;
	/* What is wrong with values that are fine each by itself: the key, and why[160] to
	 * follow its name; NULL: nothing. Of the job only provider and values are set. NULL: all
	 * is fine. */
	const char *(*check)(const struct job *job, char *why);
};

/* NULL: no such provider. */
const struct provider *provider_find(const char *name);

/* The list, alphabetical, ending with NULL. */
const struct provider *const *provider_all(void);

/* What every provider with PROVIDER_HTTP accepts beside its own: ca-file, allow-plaintext. Ends
 * with a row without a name. */
const struct setting *provider_http_settings(void);

/* The next step of the job: its provider's own or, where that cannot read, authority's. */
enum step provider_step(const struct job *job, void *state, const struct reply *reply,
			struct request *request, struct outcome *outcomes);

/* Whether PURPOSE_VERIFY can come to anything: what is neither read nor in the DNS cannot. */
bool provider_can_verify(const struct provider *provider);

/* The size of the state of this job's steps. */
size_t provider_state_size(const struct job *job);

/* Frees what a request owns, and wipes it. A zeroed request is an empty one. */
void provider_request_done(struct request *request);

/* The text of a value of the job, or NULL. */
const char *provider_value(const struct job *job, const char *name);

/* The configured word of a verdict: "done", "refused-auth", ... Inverse: -EINVAL if none. */
const char *provider_verdict_name(enum verdict verdict);
int provider_verdict_parse(const char *name, enum verdict *ret);

/* "unknown", "same", "other". Inverse: -EINVAL if none. */
const char *provider_truth_name(enum truth truth);
int provider_truth_parse(const char *name, enum truth *ret);

/* Whether it is one of VERDICT_REFUSED_*: nothing is to be sent until the user acts. */
bool provider_verdict_refused(enum verdict verdict);

/* "A", "AAAA". */
const char *provider_type_name(enum record_type type);

#endif
