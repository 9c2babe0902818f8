/* SPDX-License-Identifier: MIT */
#include "providers/sign.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct scheme {
	const char *name, *words; /* for people; those in brackets may be left out */
	unsigned min, max;
} schemes[HTTP_SCHEME_COUNT] = {
	[HTTP_SCHEME_NONE] = {"", "", 0, 0},
	[HTTP_SCHEME_OVH] = {"ovh", "APPLICATION-KEY APPLICATION-SECRET CONSUMER-KEY [TIME]", 3, 4},
};

struct span sign_take_word(struct span *rest)
{
	return span_take_word(rest, SPAN_BLANKS);
}

int sign_scheme(const char *text, enum http_scheme *ret, struct span *ret_rest)
{
	struct span rest = {text, strlen(text)}, name = sign_take_word(&rest);

	for (unsigned i = HTTP_SCHEME_NONE + 1; i < HTTP_SCHEME_COUNT; i++) {
		if (!span_is(name, schemes[i].name))
			continue;
		*ret = (enum http_scheme)i;
		*ret_rest = rest;
		return 0;
	}
	return -EINVAL;
}

static int say_schemes(char *why)
{
	size_t len = (size_t)snprintf(why, SIGN_WHY_MAX, "is one of");

	for (unsigned i = HTTP_SCHEME_NONE + 1; i < HTTP_SCHEME_COUNT && len < SIGN_WHY_MAX; i++)
		len += (size_t)snprintf(why + len, SIGN_WHY_MAX - len, " %s", schemes[i].name);
	return -EINVAL;
}

int sign_check(const char *text, char *why)
{
	enum http_scheme scheme;
	struct span rest;
	unsigned n = 0;

	if (sign_scheme(text, &scheme, &rest) < 0)
		return say_schemes(why);
	while (sign_take_word(&rest).len > 0)
		n++;
	if (n >= schemes[scheme].min && n <= schemes[scheme].max)
		return 0;
	(void)snprintf(why, SIGN_WHY_MAX, "is written %s %s", schemes[scheme].name,
		       schemes[scheme].words);
	return -EINVAL;
}

const char *sign_word(const struct http_sign *sign, unsigned number)
{
	const char *word = sign->words.text, *end = word + sign->words.len;

	if (word == NULL)
		return "";
	for (; number > 0 && word < end; number--)
		word += strlen(word) + 1;
	return word < end ? word : "";
}

const char *sign_name(enum http_scheme scheme)
{
	return schemes[scheme].name;
}
