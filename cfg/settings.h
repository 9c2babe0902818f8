/* SPDX-License-Identifier: MIT */
/* Typed parsers: the text of a value, as its row asks for. */
#ifndef CFG_SETTINGS_H
#define CFG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/setting.h"

#define SETTINGS_WHY_MAX  200
#define SETTINGS_LIST_MAX 256 /* words in a list */

struct settings_value {
	char *text;     /* owned: without comment; lists with single spaces, names in lower case */
	int64_t number; /* SETTING_NUMBER; _DURATION in ms; _BOOL 0 or 1; _CHOICE its index */
	char **list; /* SETTING_LIST: owned; those with choices in the order of these, each once */
	size_t n;
};

/* Parses text by its row. A comment may follow any value but free text and literal secrets, where
 * it could be part of them. plaintext: http:// is fine. A SETTING_SECRET is only freed of its
 * comment, not read. -EINVAL: why names the key, says what is wrong and never shows a secret or
 * URL; -ENOMEM. */
int settings_parse(const struct setting *row, const char *text, bool plaintext,
		   struct settings_value *ret, char why[static SETTINGS_WHY_MAX]);

/* Wipes: the text may be a secret. */
void settings_done(struct settings_value *value);

/* The row of that name in a table that ends with a row without a name; NULL: none. rows may be
 * NULL. */
const struct setting *settings_find(const struct setting *rows, const char *name);

#endif
