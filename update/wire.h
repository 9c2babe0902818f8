/* SPDX-License-Identifier: MIT */
/* The messages between nlddnsd and nlddns-updater: fields, one message a datagram on a
 * SOCK_SEQPACKET pair, at most WIRE_MAX bytes. Both ends are of the same build, and yet each checks
 * all it reads. wire_pack.c has the order of the fields. */
#ifndef UPDATE_WIRE_H
#define UPDATE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "providers/provider.h"

#define WIRE_MAX 65536

/* Jobs at a time that the updater takes, of records and of notifications. */
#define WIRE_JOBS_MAX 66

struct wire_kept;
struct wire_services;

/* The descriptor at which nlddns-updater finds its end of the pair. */
#define WIRE_FD 3

/* A job on its way to the updater. */
struct wire_job {
	uint32_t id;
	struct job job;
	const char *bind;    /* link all traffic leaves by (SO_BINDTODEVICE; loopback destinations
				excepted); NULL: any */
	int64_t deadline_ms; /* for the whole conversation */
	uint32_t way;        /* another one after each change of an address or route: no connection
				outlives it; 0: not known, so that none outlives its request */
	int service;         /* the number of the provider's service; 0: it has none */
	bool watched;        /* somebody wants to know of each request */
	struct wire_kept *kept; /* of one that was read: what its provider is of */
};

enum wire_kind {
	WIRE_SERVICE,
	WIRE_JOB,
	WIRE_CANCEL,
	WIRE_LOOK, /* addresses of this machine may be gone: id is 0 */
	WIRE_PROGRESS,
	WIRE_RESULT,
};

/* One message, either way. */
struct wire_message {
	enum wire_kind kind;
	uint32_t id;          /* of the job */
	struct wire_job *job; /* WIRE_JOB: owned */
	char progress[256];   /* WIRE_PROGRESS: method, scheme and host of a request; never a secret
			       */
	struct outcome outcomes[JOB_WANTED_MAX]; /* WIRE_RESULT, in the order of the job's wanted */
	size_t n_outcomes;
};

/* Writes one message into bytes[0..size); returns its length, or -EMSGSIZE, -ENOMEM. */
int wire_pack_job(const struct wire_job *job, char *bytes, size_t size);
int wire_pack_service(int number, const struct provider *provider, char *bytes, size_t size);
int wire_pack_cancel(uint32_t id, char *bytes, size_t size);
int wire_pack_look(char *bytes, size_t size);
int wire_pack_progress(uint32_t id, const char *text, char *bytes, size_t size);
int wire_pack_result(uint32_t id, const struct outcome *outcomes, size_t n, char *bytes,
		     size_t size);

/* Reads one message: a WIRE_SERVICE goes to services, and jobs find theirs there; NULL: neither is
 * expected. -EBADMSG: malformed, unknown provider or service, or over a cap; *ret is undefined. */
int wire_unpack(const char *bytes, size_t len, struct wire_services *services,
		struct wire_message *ret);

/* Frees and wipes what an unpacked message owns. */
void wire_done(struct wire_message *message);
void wire_job_free(struct wire_job *job);

#endif
