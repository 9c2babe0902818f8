/* SPDX-License-Identifier: MIT */
#include "update/daemon/letter.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"
#include "update/daemon/describe.h"
#include "update/utf8.h"

static char *write_text(const struct news *news, int64_t wall)
{
	char at[CLOCK_TEXT_MAX], *text = NULL;
	json_t *latency =
		news->reaction_ms < 0 ? json_null() : json_integer((json_int_t)news->reaction_ms);
	json_t *json = json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s?, s:o, s:s}", "event",
		news_name(news->kind), "name", news->name, "type", provider_type_name(news->type),
		"provider", news->provider, "interface", utf8_json(news->interface), "old",
		describe_addresses(news->before.list, news->before.n), "new",
		describe_addresses(news->after.list, news->after.n), "latency_ms", latency,
		"verdict", news->verdict, "why", utf8_json(news->why), "at", clock_text(wall, at));

	if (json)
		text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text;
}

struct letter *letter_new(const struct news *news, int64_t now, int64_t wall)
{
	struct letter *letter = calloc(1, sizeof(*letter));

	if (!letter)
		return NULL;
	snprintf(letter->name, sizeof(letter->name), "%s", news->name);
	letter->type = news->type;
	snprintf(letter->label, sizeof(letter->label), "%s %s", news->name,
		 provider_type_name(news->type));
	letter->event = news_name(news->kind);
	letter->born = now;
	letter->text = write_text(news, wall);
	if (!letter->text) {
		letter_free(letter);
		return NULL;
	}
	return letter;
}

void letter_free(struct letter *letter)
{
	if (!letter)
		return;
	free(letter->text);
	free(letter);
}

void letter_host(const char *url, char out[static LETTER_HOST_MAX])
{
	const char *colon = strstr(url, "://"), *host = colon ? colon + 3 : url;
	const char *end = host + strcspn(host, "/?");

	snprintf(out, LETTER_HOST_MAX, "%.*s", (int)(end - url), url);
}
