/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_service.h"

#define SECOND_MS 1000
#define DAY_MS    (INT64_C(24) * 3600 * SECOND_MS)
#define TTL_MAX   0x7fffffff

#define PARALLEL_MAX 16

/* The words of a row are for who reads this table: the manual has its own. */
#define ROW(key, kind, field, words)                        \
	{                                                   \
		.setting = {.name = (key), .type = (kind)}, \
		.offset = offsetof(struct service, field)   \
	}

const struct key cfg_service_keys[] = {
	ROW("title", SETTING_TEXT, title, "What the service is called, for people."),
	ROW("web", SETTING_URL, web, "Where people learn about it."),
	ROW("aliases", SETTING_LIST, aliases, "What other programs call it."),
	ROW("notes", SETTING_TEXT, notes, "What a person should know."),
	ROW("example", SETTING_HOST, example, "A name for the example."),
	ROW("ended", SETTING_TEXT, ended, "When it was shut down."),
	ROW("instead", SETTING_LIST, instead, "Services to use instead of one that was shut down."),
	/* What its replies are read by: the rules alone, or the words of dyndns2 too; or records,
	   for a conversation about zones. */
	{.setting = {.name = "family",
		     .type = SETTING_CHOICE,
		     .choices = "template dyndns2 records",
		     .preset = "template"},
	 .offset = offsetof(struct service, family)},
	ROW("method", SETTING_LIST, method, "GET, POST, PUT or PATCH; preset: POST with a body."),
	ROW("url", SETTING_TEXT, url, "Where requests go."),
	ROW("url-ipv4", SETTING_TEXT, url_ipv4, "Where those for an IPv4 address go."),
	ROW("url-ipv6", SETTING_TEXT, url_ipv6, "Where those for an IPv6 address go."),
	ROW("query", SETTING_TEXT, query, "Parameters behind the url."),
	ROW("ipv4", SETTING_TEXT, ipv4, "What {addresses} is for an IPv4 address alone."),
	ROW("ipv6", SETTING_TEXT, ipv6, "What {addresses} is for an IPv6 address alone."),
	ROW("both", SETTING_TEXT, both, "What {addresses} is for both in one request."),
	/* Send both addresses in each request, as one that is missing is lost. */
	{.setting = {.name = "together", .type = SETTING_BOOL, .preset = "no"},
	 .offset = offsetof(struct service, together)},
	ROW("body", SETTING_TEXT, body, "The body of the request."),
	/* What the body is, and how values in it are written. */
	{.setting = {.name = "content-type",
		     .type = SETTING_CHOICE,
		     .choices = "form json xml",
		     .preset = "form"},
	 .offset = offsetof(struct service, content)},
	ROW("basic", SETTING_TEXT, basic, "User and password of HTTP Basic authentication."),
	ROW("bearer", SETTING_TEXT, bearer, "Token of the Authorization header."),
	ROW("header", SETTING_TEXT, header, "A header, Name: value."),
	ROW("header-2", SETTING_TEXT, header_2, "Another header."),
	ROW("zone", SETTING_LIST, zone, "The only zones of the service."),
	ROW("apex", SETTING_TEXT, apex, "What {sub} is at the zone itself."),
	ROW("separator", SETTING_TEXT, separator, "What is between {names}; preset: a comma."),
	/* Names in one request, at most. */
	{.setting = {.name = "names",
		     .type = SETTING_NUMBER,
		     .min = 1,
		     .max = SERVICE_NAMES_MAX,
		     .preset = "1"},
	 .offset = offsetof(struct service, names)},
	/* Conversations at a time, at most. */
	{.setting = {.name = "parallel",
		     .type = SETTING_NUMBER,
		     .min = 1,
		     .max = PARALLEL_MAX,
		     .preset = "1"},
	 .offset = offsetof(struct service, parallel)},
	/* {ttl}, in seconds, of records that have none. */
	{.setting = {.name = "ttl", .type = SETTING_NUMBER, .max = TTL_MAX, .preset = "0"},
	 .offset = offsetof(struct service, ttl)},
	/* What replies are. */
	{.setting = {.name = "reply",
		     .type = SETTING_CHOICE,
		     .choices = "text html json xml",
		     .preset = "text"},
	 .offset = offsetof(struct service, reply)},
	/* Whether it takes names like *.example.org. */
	{.setting = {.name = "wildcard",
		     .type = SETTING_CHOICE,
		     .choices = "unknown yes no",
		     .preset = "unknown"},
	 .offset = offsetof(struct service, wildcard)},
	/* The shortest time between two requests for one record. */
	{.setting = {.name = "min-interval",
		     .type = SETTING_DURATION,
		     .max = 30 * DAY_MS,
		     .preset = "30s"},
	 .offset = offsetof(struct service, min_interval_ms)},
	/* When an unchanged record is sent again; 0: never. */
	{.setting = {.name = "refresh",
		     .type = SETTING_DURATION,
		     .max = 400 * DAY_MS,
		     .preset = "25d"},
	 .offset = offsetof(struct service, refresh_ms)},
	{.setting = {.name = NULL}},
};

#define SETTING_ROW(key, kind, field, words)                          \
	{                                                             \
		.setting = {.name = (key), .type = (kind)},           \
		.offset = offsetof(struct cfg_service_setting, field) \
	}

/* The choices of type are in the order of enum setting_type. */
const struct key cfg_service_setting_keys[] = {
	/* What it holds. */
	{.setting = {.name = "type",
		     .type = SETTING_CHOICE,
		     .choices = "text secret url path host number duration bool choice list",
		     .preset = "text"},
	 .offset = offsetof(struct cfg_service_setting, type)},
	SETTING_ROW("help", SETTING_TEXT, help, "One sentence for the person."),
	SETTING_ROW("preset", SETTING_TEXT, preset, "What it is unless set."),
	SETTING_ROW("choices", SETTING_LIST, choices, "What a choice is from."),
	{.setting = {.name = NULL}},
};

const struct setting cfg_service_known[] = {
	{.name = "username", .type = SETTING_TEXT, .help = "User name at the provider."},
	{.name = "password", .type = SETTING_SECRET, .help = "Password at the provider."},
	{.name = "token", .type = SETTING_SECRET, .help = "Token that the provider shows."},
	{.name = "key", .type = SETTING_SECRET, .help = "Key that the provider shows."},
	{.name = "email", .type = SETTING_TEXT, .help = "E-mail address of the account."},
	{.name = "server", .type = SETTING_HOST, .help = "Host name of your server."},
	{.name = "zone",
	 .type = SETTING_LIST,
	 .help = "The domain as registered, such as example.org; several with blanks."},
	{0},
};
