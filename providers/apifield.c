/* SPDX-License-Identifier: MIT */
#include "providers/apifield.h"

#include <errno.h>
#include <string.h>

#define SECONDS_MAX 0x7fffffff /* RFC 2181, section 8 */

#define FIELD(in, what, word, member, text) FIELD_OR(in, what, word, member, NULL, text)
#define FIELD_OR(in, what, word, member, none, text)                       \
	{                                                                  \
		.section = (in), .kind = (what), .empty = (none),          \
		.offset = offsetof(struct recordapi, member), .setting = { \
			.name = (word),                                    \
			.type = SETTING_TEXT,                              \
			.help = (text)                                     \
		}                                                          \
	}
#define PLAIN(in, word, member, text)   FIELD(in, APIFIELD_PLAIN, word, member, text)
#define POINTER(in, word, member, text) FIELD_OR(in, APIFIELD_POINTER, word, member, "whole", text)
#define YES_NO(in, word, member, text)                                     \
	{                                                                  \
		.section = (in), .kind = APIFIELD_PLAIN,                   \
		.offset = offsetof(struct recordapi, member), .setting = { \
			.name = (word),                                    \
			.type = SETTING_BOOL,                              \
			.preset = "no",                                    \
			.help = (text)                                     \
		}                                                          \
	}
#define SECONDS(in, word, member, text)                                    \
	{                                                                  \
		.section = (in), .kind = APIFIELD_PLAIN,                   \
		.offset = offsetof(struct recordapi, member), .setting = { \
			.name = (word),                                    \
			.type = SETTING_NUMBER,                            \
			.max = SECONDS_MAX,                                \
			.preset = "0",                                     \
			.help = (text)                                     \
		}                                                          \
	}
#define CALL(in, member)                                                                        \
	FIELD(in, APIFIELD_REQUEST, "request", member.request, "Its method and address."),      \
		FIELD(in, APIFIELD_TEMPLATE, "body", member.body, "What is sent along."),       \
		FIELD(in, APIFIELD_TEMPLATE, "header", member.header, "A header of it alone."), \
		FIELD_OR(in, APIFIELD_SIGN, "sign", member.sign, "none",                        \
			 "How it is signed, if not as the others; none: it is not.")

const struct apifield apifields[] = {
	PLAIN("service", "who", who, "Its name in messages; preset: the title."),
	{.section = "service",
	 .kind = APIFIELD_PLAIN,
	 .offset = offsetof(struct recordapi, rights),
	 .setting = {.name = "rights",
		     .type = SETTING_TEXT,
		     .preset = "the right to read and write its records",
		     .help = "What a token needs, to go into a sentence."}},
	FIELD("service", APIFIELD_SIGN, "sign", sign, "How requests are signed."),
	PLAIN("service", "apex", apex, "What {sub} is for the zone itself; preset: nothing."),
	SECONDS("service", "ttl", ttl, "Of what is created; 0: the provider's."),
	SECONDS("service", "ttl-min", ttl_min, "The least that it takes."),
	POINTER("service", "ok", ok, "True in every good reply."),
	POINTER("service", "error-code", error_code, "The code of an error."),
	POINTER("service", "error-text", error_text, "The words of an error."),
	CALL("zone", zone),
	POINTER("zone", "list", zone_list, "A list of zones; preset: the reply is the zone."),
	POINTER("zone", "name", zone_name, "In a zone: its name."),
	POINTER("zone", "id", zone_id, "In a zone: what {zone-id} is."),
	POINTER("zone", "ttl", zone_ttl, "In a zone: the least TTL."),
	YES_NO("zone", "always", zone_asked, "Ask even where the person tells the zone."),
	CALL("find", find),
	POINTER("find", "list", find_list, "A list of records or sets; preset: the reply is one."),
	YES_NO("find", "none-is-404", none_is_404, "Status 404 says that there is none."),
	POINTER("find", "name", name, "In a record or set: its name."),
	POINTER("find", "type", type, "In a record or set: its type."),
	{.section = "find",
	 .kind = APIFIELD_PLAIN,
	 .offset = offsetof(struct recordapi, naming),
	 .setting = {.name = "names",
		     .type = SETTING_CHOICE,
		     .choices = "whole relative",
		     .preset = "whole",
		     .help = "What such names are."}},
	POINTER("find", "id", id, "In a record: what {id} is. Without it there are sets."),
	POINTER("find", "values", list, "In a set: the list of its addresses."),
	POINTER("find", "value", value, "In a record or element of that list: the address."),
	POINTER("find", "off", off, "In an element: true where it is not in use."),
	POINTER("find", "ttl", set_ttl, "In a set: its TTL, to be sent again."),
	POINTER("find", "more", find_pages.more, "The number of pages, or the next one."),
	FIELD("find", APIFIELD_TEMPLATE, "element", element, "One of {values}."),
	CALL("create", create),
	CALL("change", change),
	CALL("remove", remove),
	CALL("action", action),
	POINTER("action", "id", action_id, "In the reply to a change: what {id} is here."),
	POINTER("action", "state", action_state, "There and here: running or success."),
	{0},
};

_Static_assert(sizeof(enum recordapi_naming) == sizeof(unsigned),
	       "an enum is as large as unsigned");

size_t apifield_count(void)
{
	return sizeof(apifields) / sizeof(apifields[0]) - 1;
}

const struct apifield *apifield_find(const char *section, const char *key)
{
	for (const struct apifield *field = apifields; field->section != NULL; field++)
		if (strcmp(field->section, section) == 0 && strcmp(field->setting.name, key) == 0)
			return field;
	return NULL;
}

bool apifield_has_section(const char *section)
{
	for (const struct apifield *field = apifields; field->section != NULL; field++)
		if (strcmp(field->section, section) == 0)
			return true;
	return false;
}

const char *apifield_text(const struct recordapi *api, const struct apifield *field)
{
	const char *text = NULL;

	if (field->setting.type == SETTING_TEXT)
		memcpy(&text, (const char *)api + field->offset, sizeof(text));
	return text;
}

unsigned apifield_number(const struct recordapi *api, const struct apifield *field)
{
	unsigned number = 0;
	bool yes;

	if (field->setting.type == SETTING_BOOL) {
		memcpy(&yes, (const char *)api + field->offset, sizeof(yes));
		number = yes;
	} else if (field->setting.type != SETTING_TEXT) {
		memcpy(&number, (const char *)api + field->offset, sizeof(number));
	}
	return number;
}

void apifield_set_text(struct recordapi *api, const struct apifield *field, const char *text)
{
	memcpy((char *)api + field->offset, &text, sizeof(text));
}

/* The highest value, by the kind of setting. */
static int64_t number_max(const struct setting *setting)
{
	int64_t n = 0;

	if (setting->type == SETTING_NUMBER)
		return setting->max;
	if (setting->type == SETTING_BOOL)
		return 1;
	for (const char *c = setting->choices; c != NULL && *c != '\0'; c++)
		n += *c == ' ';
	return n;
}

int apifield_set_number(struct recordapi *api, const struct apifield *field, int64_t number)
{
	unsigned value = (unsigned)number;
	bool yes = number != 0;

	if (field->setting.type == SETTING_TEXT || number < 0 ||
	    number > number_max(&field->setting))
		return -EINVAL;
	if (field->setting.type == SETTING_BOOL)
		memcpy((char *)api + field->offset, &yes, sizeof(yes));
	else
		memcpy((char *)api + field->offset, &value, sizeof(value));
	return 0;
}
