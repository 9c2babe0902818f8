/* SPDX-License-Identifier: MIT */
/* One conversation with a record API: where it is, and what all of its parts do. Functions of a
 * conversation return whether a request is under way; if not, the record has its end. */
#ifndef PROVIDERS_APITALK_H
#define PROVIDERS_APITALK_H

#include "providers/apikeep.h"
#include "providers/apiset.h"
#include "providers/apitext.h"

/* Requests of one conversation: the transport allows a job 32 steps. */
#define APITALK_REQUESTS_MAX 30

#define APITALK_PAGES_MAX 10
#define APITALK_ZONES_MAX 4
#define APITALK_READS_MAX 16
#define APITALK_OWNER_MAX 64 /* bytes of an owner's name in a mark, with its NUL */

enum apitalk_stage {
	APITALK_LOGIN,
	APITALK_ZONE,
	APITALK_FIND,
	APITALK_READ,
	APITALK_MARK,   /* finds the owner's mark; apimark.h */
	APITALK_BESIDE, /* finds the name's records of the other type */
	APITALK_CREATE,
	APITALK_CHANGE,
	APITALK_REMOVE,
	APITALK_ACTION,
	APITALK_BATCH,
	APITALK_COMMIT,
};

/* A zone that was found: a name and where in it the zone's begins. */
struct apitalk_zone {
	size_t of;
	uint8_t zone_at;
	char id[APISET_ID_MAX];
	unsigned ttl_min;
	unsigned number; /* of what is kept of it */
};

/* The owner's mark of the name under way: see apimark.h. */
struct apitalk_mark {
	bool ours;
	char id[APISET_ID_MAX]; /* of its record */
	unsigned ttl;
	char other[APITALK_OWNER_MAX]; /* whose the name is else; "": nobody's */
	unsigned n_texts;              /* beside it */
	unsigned n_beside;             /* addresses of the other type */
	bool due;                      /* it is to be made or, behind the last address, removed */
	bool last;
};

/* Zeroed to begin with. */
struct apitalk_state {
	enum apitalk_stage stage;
	unsigned n_requests, n_logins;
	size_t at; /* the record under way */
	uint8_t zone_at;
	bool denied; /* a zone was refused for want of rights */
	struct apitalk_zone zones[APITALK_ZONES_MAX];
	unsigned n_zones;
	struct apitalk_zone zone; /* of the record under way */
	bool zone_found;          /* while its list is read */
	struct apiset set;        /* what is under its name */
	unsigned page;            /* of the list under way, from 1 */
	unsigned n_items;         /* on the pages before it */
	unsigned n_ids, n_reads;  /* records to be read alone, and those that were */
	size_t found, addr;       /* places of the write under way, in set and wanted */
	bool wrote;
	bool queued;                    /* the write under way waits for others */
	bool no_batch;                  /* each name is written by itself */
	uint64_t waiting;               /* by place: all of it waits */
	size_t batch_at;                /* one of them */
	struct apitalk_zone batch_zone; /* of all of them */
	enum apitalk_stage write;       /* that an action goes on of */
	char action[APISET_ID_MAX];
	unsigned n_actions;
	struct apitalk_mark mark;
	struct apikeep keep;
};

/* Borrowed. */
struct apitalk {
	const struct recordapi *api;
	const struct job *job;
	struct apitalk_state *state;
	struct request *request;
	struct outcome *outcomes;
	const struct reply *reply; /* NULL at first */
};

const struct wanted *apitalk_wanted(const struct apitalk *t);
struct outcome *apitalk_outcome(const struct apitalk *t);

/* The zone under way: a part of the name. */
const char *apitalk_zone(const struct apitalk *t);

/* A setting of yes and no. */
bool apitalk_is_set(const struct apitalk *t, const char *setting, bool preset);

/* What placeholders stand for as far as the state knows. */
struct apitext apitalk_text(const struct apitalk *t);

/* Sends a call. text: from apitalk_text, with what is known beside it. */
bool apitalk_ask(const struct apitalk *t, enum apitalk_stage stage,
		 const struct recordapi_call *call, const struct apitext *text);

/* Keeps of the reply what the call says; json: what of it pointers are into. -EBADMSG: it is not
 * there; -ENOSPC. */
int apitalk_take(const struct apitalk *t, const struct recordapi_call *call,
		 const struct json_t *json, enum apikeep_scope scope, unsigned number);

/* Ends of the record under way: false. */
bool apitalk_end(const struct apitalk *t, enum verdict verdict, const char *why);
bool apitalk_end_strange(const struct apitalk *t);

#endif
