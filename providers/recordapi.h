/* SPDX-License-Identifier: MIT */
/* The conversation that the record APIs of DNS hosts share: find the zone, find the records, and
 * create, change or leave them alone. What others have under the name, and what else a person set
 * of a record (TTL, proxy, comment), stays. An API is a row of texts; see nlddns-provider(5).
 *
 * The texts are templates as in providers/template.h. Beside the provider's settings they know:
 *
 *   {name}     the whole name            {zone} {zone-id}  its zone, and what the provider calls it
 *   {sub}      relative to the zone; at its apex it is the row's `apex`
 *   {at}       the same, with @ for the apex
 *   {type}     A or AAAA                 {ip}              one address
 *   {id}       of a record or action     {values}          all addresses of the name
 *   {one-or-list}  those, in brackets where they are several
 *   {ttl}      in seconds                {page} {offset}   from 1; the items on those before
 *   {ipv4:X}   X for A, nothing for AAAA; {ipv6:X} the other way round
 *   {was:P}    of the record that is changed or replaced: what it has at P
 *   {record}   all of it, with the address and the TTL it is to have
 *   {NAME}     what a call took under that name: of a login for the whole conversation, of a zone
 *              for all of its records
 *   {cursor}   of the page before; none on the first
 *
 * Pointers are those of RFC 6901, "" being the whole; they may have placeholders. Of several,
 * blanks between, to a list, the first that is one is meant. A list that is an object has its
 * members as items; in XML one that is no list is the only item. */
#ifndef PROVIDERS_RECORDAPI_H
#define PROVIDERS_RECORDAPI_H

#include "providers/provider.h"

enum recordapi_naming {
	RECORDAPI_WHOLE,   /* home.example.org, with or without a dot behind */
	RECORDAPI_IN_ZONE, /* home; at the apex as in the row's `apex` */
	RECORDAPI_EITHER,  /* one or the other, where sources disagree */
};

/* What texts of TXT records are like, where they are found, created and removed as addresses are.
 */
enum recordapi_txt {
	RECORDAPI_TXT_NONE, /* they are not */
	RECORDAPI_TXT_PLAIN,
	RECORDAPI_TXT_QUOTED,
};

enum recordapi_content {
	RECORDAPI_CONTENT_UNSET, /* of a call: the row's; of a row: JSON */
	RECORDAPI_CONTENT_JSON,  /* values are escaped for its strings */
	RECORDAPI_CONTENT_FORM,  /* values are percent-encoded */
	RECORDAPI_CONTENT_XML,   /* values are escaped; < and > stand for themselves */
};

/* NULL: there is none. */
struct recordapi_call {
	const char *request; /* METHOD URL */
	const char *body;
	const char *header;             /* beside those of the row */
	const char *sign;               /* instead of the row's; "": it is not signed */
	enum recordapi_content content; /* of the body */
	/* what to keep of its reply: NAME POINTER or NAME header:NAME, and more of them */
	const char *take;
	const char *none; /* zone, find: conditions of rule.h: there is none such */
};

#define RECORDAPI_LOGINS_MAX 3

/* How a list says that it goes on: by any of these that is there. */
struct recordapi_pages {
	const char *more;   /* pointer to the number of pages, or to the next */
	const char *total;  /* pointer to the number of items */
	const char *cursor; /* pointer to what the next request has as {cursor} */
	unsigned size;      /* items of a page: a shorter one is the last */
};

struct recordapi {
	const struct service *service; /* whose row it is; its rules read the replies; or NULL */
	const char *who;               /* short, to name it in messages */
	const char *headers;           /* each ended by a newline */
	const char *sign;              /* how calls are signed, as in sign.h; or NULL */
	const char *rights;            /* what that needs, to go into a sentence */
	enum recordapi_content content;
	/* asked first, in this order; headers with what is not known yet are left out */
	struct recordapi_call login[RECORDAPI_LOGINS_MAX];
	/* the zone: each parent of the name is asked for, or looked for in the list of all, where
	 * the request has no {zone}; 404 is no. Without a request: the setting `zone`, else the
	 * name */
	struct recordapi_call zone;
	const char *zone_list; /* pointers to a list of zones; NULL: the reply is the zone */
	const char *zone_name; /* in a zone; NULL: it does not say */
	const char *zone_id;   /* in a zone; NULL: its name is used */
	const char *zone_ttl;  /* in a zone: the lowest TTL; or NULL */
	const char *zone_off;  /* in a zone: true if it is not to be used; or NULL */
	const char *zone_type, *zone_type_is; /* in a zone, what is there; NULL: it does not say */
	struct recordapi_pages zone_pages;
	/* the records */
	struct recordapi_call find;
	const char *find_list; /* pointers to a list of records or sets; NULL: the reply is one */
	bool none_is_404;
	bool absent_is_none;     /* there is no list where it would be empty */
	const char *name, *type; /* in one of them; NULL: it does not say */
	const char *type_is;     /* what is there for ours; NULL: {type} */
	enum recordapi_naming naming;
	const char *apex; /* NULL: "" */
	const char *id;   /* in a record; it may be its address */
	const char *list; /* pointer to the addresses of a set; NULL: each has a record */
	/* these are one text, with this between, and have both types; or NULL */
	const char *separator;
	const char *value;      /* in a record or element of that list: the address */
	const char *off;        /* in an element: true if it is not in use; or NULL */
	const char *on;         /* there: false, 0 or a word for it if it is not; or NULL */
	const char *set_ttl;    /* in a record or set: its TTL, to be sent again; or NULL */
	enum recordapi_txt txt; /* for the owner's mark: apimark.h */
	const char *comment; /* in a record or element: what the setting `owner` marks; or NULL */
	struct recordapi_pages find_pages;
	struct recordapi_call read; /* find lists bare ids: of each, what a record is read from */
	/* writing */
	const char *element; /* of {values}, for a set */
	struct recordapi_call create, remove;
	struct recordapi_call change; /* without a request: create, then remove */
	struct recordapi_call commit; /* makes what was written come into effect */
	unsigned ttl, ttl_min; /* seconds: of what is created (0: the provider's), and the least */
	/* several names of one zone at once: {items}, or {creates}, {changes} and {removes} of
	 * these, each of them as in the calls above */
	struct recordapi_call batch;
	const char *batch_create, *batch_change, *batch_remove;
	/* an action that goes on after the reply */
	const char *action_id, *action_state;  /* pointers; NULL: there are none */
	const char *action_good, *action_runs; /* words there; NULL: success, running */
	struct recordapi_call action;
	const char *error_text; /* pointers, the first that is there; or NULL */
};

#define RECORDAPI_STATE_SIZE PROVIDER_STATE_MAX

#define RECORDAPI_CAPS                                                        \
	(PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES | PROVIDER_MANY_ADDRS | \
	 PROVIDER_CAN_DELETE | PROVIDER_SETS_TTL | PROVIDER_HTTP | PROVIDER_CAN_READ)

/* The rows of settings that all of them take. */
#define RECORDAPI_SETTINGS                                                               \
	{.name = "zone",                                                                 \
	 .type = SETTING_HOST,                                                           \
	 .help = "The zone that holds the name; unset: found by asking."},               \
		{.name = "create",                                                       \
		 .type = SETTING_BOOL,                                                   \
		 .preset = "yes",                                                        \
		 .help = "Create records that do not exist."},                           \
	{                                                                                \
		.name = "shared", .type = SETTING_BOOL, .preset = "no",                  \
		.help = "Others have addresses under the name: change none but our own." \
	}

/* The step of the job's provider, which is a catalogue file. */
enum step recordapi_step_file(const struct job *job, void *state, const struct reply *reply,
			      struct request *request, struct outcome *outcomes);

/* A provider's step, of its row. */
enum step recordapi_step(const struct recordapi *api, const struct job *job, void *state,
			 const struct reply *reply, struct request *request,
			 struct outcome *outcomes);

#endif
