/* SPDX-License-Identifier: MIT */
#include "providers/apifield.h"

#include <errno.h>
#include <string.h>

#define NUMBER_MAX 0x7fffffff /* RFC 2181, section 8 */

/* A place is an offset into struct recordapi: of a member, or of a part of such a member. */
#define OF(member)             offsetof(struct recordapi, member)
#define OF_CALL(member, part)  (OF(member) + offsetof(struct recordapi_call, part))
#define OF_PAGES(member, part) (OF(member) + offsetof(struct recordapi_pages, part))

/* The words of a row are for who reads this table: the manual has its own. */
#define ENTRY(in, what, place, none, ...)                                                        \
	{                                                                                        \
		.section = (in), .kind = (what), .empty = (none), .offset = (place), __VA_ARGS__ \
	}
#define TEXT(in, what, word, place, none, text) \
	ENTRY(in, what, place, none, .key = (word), .type = SETTING_TEXT)
#define POINTER_AT(in, word, place, text) TEXT(in, APIFIELD_POINTER, word, place, "whole", text)
#define NUMBER_AT(in, word, place, text)                                              \
	ENTRY(in, APIFIELD_PLAIN, place, NULL, .key = (word), .type = SETTING_NUMBER, \
	      .max = NUMBER_MAX, .preset = "0")
#define WORD_AT(in, word, place, words, first, text)                                  \
	ENTRY(in, APIFIELD_PLAIN, place, NULL, .key = (word), .type = SETTING_CHOICE, \
	      .choices = (words), .preset = (first))
#define CONTENT_AT(in, place, text) \
	WORD_AT(in, "content", place, "unset json form xml", "unset", text)

#define FIELD(in, what, word, member, text) TEXT(in, what, word, OF(member), NULL, text)
#define PLAIN(in, word, member, text)       FIELD(in, APIFIELD_PLAIN, word, member, text)
#define POINTERS(in, word, member, text) \
	TEXT(in, APIFIELD_POINTERS, word, OF(member), "whole", text)
#define POINTER(in, word, member, text)            POINTER_AT(in, word, OF(member), text)
#define NUMBER(in, word, member, text)             NUMBER_AT(in, word, OF(member), text)
#define CONTENT(in, member, text)                  CONTENT_AT(in, OF(member), text)
#define WORD(in, word, member, words, first, text) WORD_AT(in, word, OF(member), words, first, text)
#define YES_NO(in, word, member, text)                                                   \
	ENTRY(in, APIFIELD_PLAIN, OF(member), NULL, .key = (word), .type = SETTING_BOOL, \
	      .preset = "no")
#define CALL(in, member)                                                                         \
	TEXT(in, APIFIELD_REQUEST, "request", OF_CALL(member, request), NULL,                    \
	     "Its method and address."),                                                         \
		TEXT(in, APIFIELD_TEMPLATE, "body", OF_CALL(member, body), NULL,                 \
		     "What is sent along."),                                                     \
		CONTENT_AT(in, OF_CALL(member, content),                                         \
			   "What the body is, if not as in the others."),                        \
		TEXT(in, APIFIELD_TEMPLATE, "header", OF_CALL(member, header), NULL,             \
		     "A header of it alone."),                                                   \
		TEXT(in, APIFIELD_SIGN, "sign", OF_CALL(member, sign), "none",                   \
		     "How it is signed, if not as the others; none: it is not."),                \
		TEXT(in, APIFIELD_TAKE, "take", OF_CALL(member, take), NULL,                     \
		     "What to keep of its reply: a name and a pointer or header:NAME, and more " \
		     "of them.")
#define PAGES(in, member)                                             \
	POINTER_AT(in, "more", OF_PAGES(member, more),                \
		   "The number of pages, or the next one, or true."), \
		POINTER_AT(in, "total", OF_PAGES(member, total),      \
			   "The number of items on all pages."),      \
		POINTER_AT(in, "cursor", OF_PAGES(member, cursor),    \
			   "What {cursor} is on the next page."),     \
		NUMBER_AT(in, "page-size", OF_PAGES(member, size),    \
			  "Items of a page: a shorter one is the last.")

const struct setting apifield_settings[] = {
	RECORDAPI_SETTINGS,
	{.name = "owner",
	 .type = SETTING_TEXT,
	 .help = "A comment that marks our records; with shared = yes they are those that have "
		 "it."},
	{0},
};

const struct setting apifield_mark = {
	.name = "owner",
	.type = SETTING_TEXT,
	.help = "Who the names are of, as a TXT record _nlddns.NAME tells: all of their addresses "
		"are ours then."};

const struct apifield apifields[] = {
	PLAIN("service", "who", who, "Its name in messages; preset: the title."),
	/* What a token needs, to go into a sentence. */
	{.section = "service",
	 .kind = APIFIELD_PLAIN,
	 .offset = offsetof(struct recordapi, rights),
	 .key = "rights",
	 .type = SETTING_TEXT,
	 .preset = "the right to read and write its records"},
	CONTENT("service", content, "What bodies are, and how values in them are written: json."),
	FIELD("service", APIFIELD_SIGN, "sign", sign, "How requests are signed."),
	PLAIN("service", "apex", apex, "What {sub} is for the zone itself; preset: nothing."),
	NUMBER("service", "ttl", ttl, "Of what is created, in seconds; 0: the provider's."),
	NUMBER("service", "ttl-min", ttl_min, "The least that it takes, in seconds."),
	POINTERS("service", "error-text", error_text,
		 "The words of an error; of several pointers the first that is there."),
	CALL("login", login[0]),
	CALL("login-2", login[1]),
	CALL("login-3", login[2]),
	CALL("zone", zone),
	FIELD("zone", APIFIELD_RULE, "none", zone.none, "Conditions: there is no such zone."),
	POINTERS("zone", "list", zone_list,
		 "A list of zones, the first of several pointers that is one; preset: the reply is "
		 "the zone."),
	POINTER("zone", "name", zone_name, "In a zone: its name."),
	POINTER("zone", "id", zone_id, "In a zone: what {zone-id} is."),
	POINTER("zone", "ttl", zone_ttl, "In a zone: the least TTL."),
	POINTER("zone", "off", zone_off,
		"In a zone: true, or an object that is not empty, where it is not to be used."),
	POINTER("zone", "type", zone_type, "In a zone: what it is, where lists have others, too."),
	PLAIN("zone", "type-is", zone_type_is, "What is there for a zone."),
	PAGES("zone", zone_pages),
	CALL("find", find),
	FIELD("find", APIFIELD_RULE, "none", find.none, "Conditions: there are no such records."),
	POINTERS("find", "list", find_list,
		 "A list of records or sets, as in [zone]; preset: the reply is one."),
	YES_NO("find", "none-is-404", none_is_404, "Status 404 says that there is none."),
	YES_NO("find", "absent-is-none", absent_is_none, "An empty list is left out."),
	POINTER("find", "name", name, "In a record or set: its name."),
	WORD("find", "names", naming, "whole relative either", "whole", "What such names are."),
	POINTER("find", "type", type, "In a record or set: its type."),
	FIELD("find", APIFIELD_TEMPLATE, "type-is", type_is, "What is there; preset: {type}."),
	POINTER("find", "id", id, "In a record: what {id} is."),
	POINTER("find", "values", list, "In a set: its addresses. Without it each has a record."),
	PLAIN("find", "separator", separator,
	      "The addresses are one text with this between, of both kinds."),
	POINTER("find", "value", value, "In a record or element of that list: the address."),
	POINTER("find", "off", off, "There: true where it is not in use."),
	POINTER("find", "on", on, "There: false, 0 or disabled where it is not in use."),
	POINTER("find", "ttl", set_ttl, "In a record or set: its TTL, to be sent again."),
	WORD("find", "txt", txt, "no plain quoted", "no",
	     "TXT records are found, created and removed as addresses are, and what their texts "
	     "are like: the setting owner makes one."),
	POINTER("find", "comment", comment, "In a record: what the setting owner marks."),
	FIELD("find", APIFIELD_TEMPLATE, "element", element, "One of {values}."),
	PAGES("find", find_pages),
	CALL("read", read),
	CALL("create", create),
	CALL("change", change),
	CALL("remove", remove),
	CALL("commit", commit),
	CALL("batch", batch),
	FIELD("batch", APIFIELD_TEMPLATE, "create", batch_create, "One of {creates}."),
	FIELD("batch", APIFIELD_TEMPLATE, "change", batch_change, "One of {changes}."),
	FIELD("batch", APIFIELD_TEMPLATE, "remove", batch_remove, "One of {removes}."),
	CALL("action", action),
	POINTER("action", "id", action_id, "In the reply to a change: what {id} is here."),
	POINTER("action", "state", action_state, "There and here: how it stands."),
	PLAIN("action", "good", action_good, "Words there for success; preset: success."),
	PLAIN("action", "runs", action_runs, "Words there while it goes on; preset: running."),
	{0},
};

_Static_assert(sizeof(enum recordapi_naming) == sizeof(unsigned) &&
		       sizeof(enum recordapi_content) == sizeof(unsigned) &&
		       sizeof(enum recordapi_txt) == sizeof(unsigned),
	       "an enum is as large as unsigned");

size_t apifield_count(void)
{
	return sizeof(apifields) / sizeof(apifields[0]) - 1;
}

const struct apifield *apifield_find(const char *section, const char *key)
{
	for (const struct apifield *field = apifields; field->section != NULL; field++)
		if (strcmp(field->section, section) == 0 && strcmp(field->key, key) == 0)
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

	if (field->type == SETTING_TEXT)
		memcpy(&text, (const char *)api + field->offset, sizeof(text));
	return text;
}

unsigned apifield_number(const struct recordapi *api, const struct apifield *field)
{
	unsigned number = 0;
	bool yes;

	if (field->type == SETTING_BOOL) {
		memcpy(&yes, (const char *)api + field->offset, sizeof(yes));
		number = yes;
	} else if (field->type != SETTING_TEXT) {
		memcpy(&number, (const char *)api + field->offset, sizeof(number));
	}
	return number;
}

void apifield_set_text(struct recordapi *api, const struct apifield *field, const char *text)
{
	memcpy((char *)api + field->offset, &text, sizeof(text));
}

/* The highest value, by the kind of setting. */
static int64_t number_max(const struct apifield *field)
{
	int64_t n = 0;

	if (field->type == SETTING_NUMBER)
		return field->max;
	if (field->type == SETTING_BOOL)
		return 1;
	for (const char *c = field->choices; c != NULL && *c != '\0'; c++)
		n += *c == ' ';
	return n;
}

int apifield_set_number(struct recordapi *api, const struct apifield *field, int64_t number)
{
	unsigned value = (unsigned)number;
	bool yes = number != 0;

	if (field->type == SETTING_TEXT || number < 0 || number > number_max(field))
		return -EINVAL;
	if (field->type == SETTING_BOOL)
		memcpy((char *)api + field->offset, &yes, sizeof(yes));
	else
		memcpy((char *)api + field->offset, &value, sizeof(value));
	return 0;
}
