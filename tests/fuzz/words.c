/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/words.h"

#include <stdlib.h>
#include <string.h>

#include "providers/apifield.h"
#include "providers/service.h"

static const char *const common[] = {
	"home.example.org",
	"home.example.org.",
	"home",
	"example.org",
	"example.org.",
	"@",
	"",
	"*",
	"A",
	"AAAA",
	"TXT",
	"CNAME",
	"192.0.2.1",
	"192.0.2.2",
	"198.51.100.7",
	"2001:db8::1",
	"2001:DB8:0::1",
	"192.0.2.1,2001:db8::1",
	"10.0.0.1",
	"owner=home",
	"nlddns",
	"good",
	"nochg",
	"good 192.0.2.1",
	"badauth",
	"true",
	"false",
	"yes",
	"no",
	"0",
	"1",
	"28",
	"200",
	"300",
	"1000",
	"4294967296",
	"success",
	"ok",
	"error",
	"running",
	"PENDING",
	"..",
	".",
	"/hostedzone/Z1",
	"a/b",
	"a?b#c",
	"a b",
	("a" WORDS_LINE),
	"\"",
	"<b>",
	"\xc3\xa4.example.org",
	"xn--4ca.example.org",
};

static void add(struct words *words, const char *text, size_t len)
{
	if (words->n < WORDS_MAX && len > 0)
		words->list[words->n++] = strndup(text, len);
}

static void add_split(struct words *words, const char *text)
{
	static const char between[] = " /\n";

	for (; text != NULL && *text != '\0'; text += strspn(text, between)) {
		size_t len = strcspn(text, between);

		add(words, text, len);
		text += len;
	}
}

void words_collect(const struct provider *provider, struct words *ret)
{
	const struct service *service = provider->service;

	*ret = (struct words){0};
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		ret->list[ret->n++] = strdup(common[i]);
	for (size_t i = 0; service != NULL && i < service->n_rules; i++)
		add_split(ret, service->rules[i].text);
	for (const struct apifield *field = apifields;
	     service != NULL && service->api != NULL && field->section != NULL; field++)
		if (field->type == SETTING_TEXT && field->kind != APIFIELD_REQUEST)
			add_split(ret, apifield_text(service->api, field));
}

void words_done(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->list[i]);
	words->n = 0;
}

const char *words_any(const struct words *words, struct input *input)
{
	const char *word = words->list[input_below(input, words->n)];

	return word != NULL ? word : "";
}
