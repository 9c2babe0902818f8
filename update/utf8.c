/* SPDX-License-Identifier: MIT */
#include "update/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT     "\xef\xbf\xbd"
#define REPLACEMENT_LEN (sizeof(REPLACEMENT) - 1)

/* RFC 3629, section 4: what may follow a first byte; all else that follows is 80 to bf. */
static const struct {
	unsigned char first, last; /* of the first byte */
	unsigned char least, most; /* of the second */
	size_t len;
} forms[] = {
	{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
	{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};
#define FORMS_COUNT (sizeof(forms) / sizeof(forms[0]))

static bool has_form(const unsigned char *at, size_t form)
{
	if (at[0] < forms[form].first || at[0] > forms[form].last || at[1] < forms[form].least ||
	    at[1] > forms[form].most)
		return false;
	for (size_t i = 2; i < forms[form].len; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return false;
	return true;
}

/* Length of the character at `at`, which ends with a NUL. 0: it is none. */
static size_t measure(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;

	if (bytes[0] < 0x80)
		return 1;
	for (size_t i = 0; i < FORMS_COUNT; i++)
		if (has_form(bytes, i))
			return forms[i].len;
	return 0;
}

json_t *utf8_json(const char *text)
{
	char *clean = malloc(strlen(text) * REPLACEMENT_LEN + 1);
	size_t n = 0;
	json_t *json;

	if (!clean)
		return NULL;
	while (*text) {
		size_t len = measure(text);

		memcpy(clean + n, len > 0 ? text : REPLACEMENT, len > 0 ? len : REPLACEMENT_LEN);
		n += len > 0 ? len : REPLACEMENT_LEN;
		text += len > 0 ? len : 1;
	}
	json = json_stringn(clean, n);
	free(clean);
	return json;
}
