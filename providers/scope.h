/* SPDX-License-Identifier: MIT */
/* What the placeholders of a service stand for in one request. */
#ifndef PROVIDERS_SCOPE_H
#define PROVIDERS_SCOPE_H

#include "providers/service.h"

/* How a value is written where it stands. */
enum scope_encoding {
	SCOPE_ENCODE_URL,  /* percent-encoded; in forms, too */
	SCOPE_ENCODE_JSON, /* escaped for a string of JSON */
	SCOPE_ENCODE_XML,  /* escaped for text of XML; < and > of a template stand for themselves */
	SCOPE_ENCODE_NONE, /* as it is; not with control characters */
	SCOPE_ENCODE_WORD, /* as it is: for a signature, where a private key has several lines */
};

/* Borrowed. */
struct scope {
	const struct service *service;
	const struct job *job;
	const char *names[SERVICE_NAMES_MAX]; /* in the request */
	size_t n_names;                       /* at least 1 */
	const char *addrs[RECORD_TYPE_COUNT]; /* NULL: none of that type in the request */
	unsigned ttl;                         /* 0: the service's, if any */
};

/* Whether a placeholder may be called so: one of ours, or a setting of the service, or the digest
 * of one ({md5:password}). */
bool scope_knows(const struct service *service, struct span name);

/* Whether it is one of ours that all services have: {name}, {ip4}, ... */
bool scope_has_builtin(struct span name);

/* Appends what it stands for. -ENOENT: it has no value; -EINVAL: it cannot stand here. */
int scope_add(const struct scope *scope, struct span name, enum scope_encoding encoding,
	      struct buf *to);

/* Appends a text so written. -EINVAL: it cannot stand here. */
int scope_add_text(const char *text, enum scope_encoding encoding, struct buf *to);

/* The part of the service that {addresses} stands for. */
const char *scope_addresses(const struct scope *scope);

/* The zone of a name among those of the service or the configuration: the longest; NULL: none. The
 * text is not terminated behind the zone. */
bool scope_zone(const struct service *service, const struct job *job, const char *name,
		struct span *ret);

/* Digests: splits "md5:password" into its algorithm and the setting. False: it is none. */
bool scope_digest(struct span name, struct span *ret_algorithm, struct span *ret_setting);

#endif
