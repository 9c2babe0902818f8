/* SPDX-License-Identifier: MIT */
/* A service that differs from others in data only: what a catalogue file says, as a plain value.
 * What is written in its templates is explained in nlddns-provider(5). */
#ifndef PROVIDERS_SERVICE_H
#define PROVIDERS_SERVICE_H

#include "providers/span.h"

struct recordapi; /* providers/recordapi.h */

#define SERVICE_NAME_MAX     40 /* bytes of a service's name */
#define SERVICE_RULES_MAX    48
#define SERVICE_SETTINGS_MAX 16
#define SERVICE_NAMES_MAX    20 /* names in one request */
#define SERVICE_WHY_MAX      160

/* As zone: a name is one of its own, unless the setting `zone` says otherwise. */
#define SERVICE_ZONE_NAME "{name}"

enum service_family {
	SERVICE_TEMPLATE, /* its rules alone say what a reply means */
	SERVICE_DYNDNS2,  /* so do the words of dyndns2, after its rules */
	SERVICE_RECORDS,  /* a conversation about zones and records: see api */
};

enum service_reply {
	SERVICE_REPLY_TEXT,
	SERVICE_REPLY_HTML,
	SERVICE_REPLY_JSON,
	SERVICE_REPLY_XML
};

enum service_content { SERVICE_CONTENT_FORM, SERVICE_CONTENT_JSON, SERVICE_CONTENT_XML };

enum service_support { SERVICE_SUPPORT_UNKNOWN, SERVICE_SUPPORT_YES, SERVICE_SUPPORT_NO };

/* One line about replies: conditions, and what they mean where they hold. */
struct service_rule {
	enum verdict verdict;
	const char *text; /* as written; see rule.h */
};

/* Texts are NULL where nothing is written. Who makes one owns what it points to. */
struct service {
	/* for people */
	const char *title, *web, *notes, *aliases, *example;
	const char *ended, *instead; /* shut down: when; which others there are */
	enum service_support wildcard;
	int64_t min_interval_ms, refresh_ms;
	/* the request */
	enum service_family family;
	const char *method;
	const char *url, *url_ipv4, *url_ipv6; /* one for all, or one a type */
	const char *query;                     /* goes behind the url's own */
	const char *ipv4, *ipv6, *both;        /* what {addresses} stands for, by what is sent */
	bool together; /* an address that is not sent is lost: the other one is sent along */
	const char *body;
	enum service_content content;
	const char *basic, *bearer, *header, *header_2;
	const char *zone; /* the only ones; NULL: see the setting `zone`; or SERVICE_ZONE_NAME */
	const char *apex; /* what {sub} is at the zone itself; NULL: nothing */
	const char *separator;       /* between {names}; NULL: a comma */
	unsigned names;              /* in a request; 1..SERVICE_NAMES_MAX */
	unsigned ttl;                /* seconds, of records that have none; 0: none */
	unsigned parallel;           /* jobs of one account at a time */
	const struct recordapi *api; /* SERVICE_RECORDS; else NULL */
	/* the reply */
	enum service_reply reply;
	const struct service_rule *rules;
	size_t n_rules; /* up to SERVICE_RULES_MAX */
	/* what the person gives; ends with a row without a name */
	const struct setting *settings;
};

/* The texts that make requests, by the key that sets them. Ends with a row without a name. */
struct service_field {
	const char *key;
	size_t offset; /* of a const char * in struct service */
	bool plain;    /* no template: taken as it is */
};
extern const struct service_field service_fields[];

const char *service_text(const struct service *service, const struct service_field *field);

/* What is wrong with it: the key (NULL: the service as a whole) or the rule, and why. */
struct service_fault {
	const char *key;
	const char *section; /* of the key; NULL: of the service itself */
	size_t rule;         /* SERVICE_RULES_MAX: none */
	char why[SERVICE_WHY_MAX];
};

/* Whether requests can be made of it and replies understood; of a service that was not shut down.
 * -EINVAL: *ret says what is wrong. */
int service_check(const struct service *service, struct service_fault *ret);

/* Whether a text is the URL of a request: whole from its beginning. */
bool service_is_url(const struct service *service, const char *text);

/* Fills *ret. -EINVAL. */
__attribute__((format(printf, 4, 5))) int service_refuse(struct service_fault *ret,
							 const char *section, const char *key,
							 const char *format, ...);

/* What a person corrects when the credentials are refused: "token", "username and password". */
#define SERVICE_CREDENTIALS_MAX 60
void service_credentials(const struct service *service, char ret[static SERVICE_CREDENTIALS_MAX]);

/* Whether a placeholder of that name is in any of its texts or rules. */
bool service_uses(const struct service *service, const char *name);

/* Whether it is in a place that is never left out: of a request for an address of that type; of
 * every request. */
bool service_needs_for(const struct service *service, enum record_type type, const char *name);
bool service_needs(const struct service *service, const char *name);

/* A setting that it needs for an address of that type, not for every one, and that has no value;
 * NULL: none. */
const char *service_lacks(const struct service *service, enum record_type type,
			  const struct job *job);

/* Whether it asks which zone a name is in; whether the setting `zone` is what tells it. */
bool service_is_zoned(const struct service *service);
bool service_is_told_zone(const struct service *service);

/* The placeholder after the last one taken from the texts and rules, each as often as it is there;
 * begin with a zeroed *at. False: there is none. */
struct service_cursor {
	size_t text;
	struct span rest;
	bool begun, optional;
};
bool service_next(const struct service *service, struct service_cursor *at, struct span *ret);

/* The url of a request for the addresses of these types. */
const char *service_url(const struct service *service, bool ipv4);

/* enum provider_caps that follow from what it says. */
unsigned service_caps(const struct service *service);

/* Of what its conversations keep: state_size of provider.h. */
size_t service_state_size(const struct service *service);

/* Types it can set. */
bool service_sets(const struct service *service, enum record_type type);

#endif
