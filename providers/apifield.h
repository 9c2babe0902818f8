/* SPDX-License-Identifier: MIT */
/* What a row of a record API consists of: each text, number and word once, with the section and key
 * that a catalogue file has for it. Files, messages and fingerprints are made by this table. */
#ifndef PROVIDERS_APIFIELD_H
#define PROVIDERS_APIFIELD_H

#include "providers/recordapi.h"

enum apifield_kind {
	APIFIELD_PLAIN,    /* a text as it is, a number, yes or no, a word */
	APIFIELD_TEMPLATE, /* a text with placeholders */
	APIFIELD_REQUEST,  /* METHOD URL, with placeholders */
	APIFIELD_SIGN,     /* SCHEME WORD ..., with placeholders; see sign.h */
	APIFIELD_TAKE,     /* NAME POINTER, and more of them */
	APIFIELD_RULE,     /* conditions of rule.h */
	APIFIELD_POINTER,  /* to a member of a reply; "": to all of it */
	APIFIELD_POINTERS, /* the same, or several of which one is meant */
};

struct apifield {
	const char *section, *key;
	const char *choices, *preset; /* as in struct setting */
	const char *empty;            /* the word for "", which cannot be written; or NULL */
	unsigned max;                 /* of SETTING_NUMBER */
	unsigned short offset; /* in struct recordapi: of a const char *, unsigned, bool or enum */
	enum apifield_kind kind : 8;
	enum setting_type type : 8; /* SETTING_TEXT, _NUMBER, _BOOL or _CHOICE */
};

/* The settings that each of them takes. Ends with a row without a name. */
extern const struct setting apifield_settings[];

/* Instead of their `owner`, where it is a TXT record. */
extern const struct setting apifield_mark;

/* Ends with a row without a section. */
extern const struct apifield apifields[];
size_t apifield_count(void);

/* NULL: there is none. */
const struct apifield *apifield_find(const char *section, const char *key);

bool apifield_has_section(const char *section);

/* The value, if it is a text (NULL: unset) or not. */
const char *apifield_text(const struct recordapi *api, const struct apifield *field);
unsigned apifield_number(const struct recordapi *api, const struct apifield *field);

/* Borrows the text. -EINVAL: it is no such number. */
void apifield_set_text(struct recordapi *api, const struct apifield *field, const char *text);
int apifield_set_number(struct recordapi *api, const struct apifield *field, int64_t number);

#endif
