/* SPDX-License-Identifier: MIT */
/* A service written where it is used: the keys of a catalogue file as settings of the record. */
#include <stdio.h>
#include <string.h>

#include "providers/all.h"
#include "providers/conversation.h"
#include "providers/plaintext.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static const struct setting settings[] = {
	{.name = "url", .type = SETTING_TEXT, .required = true, .help = "Where requests go."},
	{.name = "query", .type = SETTING_TEXT, .help = "Parameters behind the url."},
	{.name = "ipv4",
	 .type = SETTING_TEXT,
	 .preset = "{ip4}",
	 .help = "What {addresses} is for an IPv4 address alone."},
	{.name = "ipv6",
	 .type = SETTING_TEXT,
	 .preset = "{ip6}",
	 .help = "What {addresses} is for an IPv6 address alone."},
	{.name = "both", .type = SETTING_TEXT, .help = "What {addresses} is for both at once."},
	{.name = "method",
	 .type = SETTING_CHOICE,
	 .choices = "GET POST PUT PATCH",
	 .help = "Preset: GET, or POST with a body."},
	{.name = "body", .type = SETTING_TEXT, .help = "The body of the request."},
	{.name = "content-type",
	 .type = SETTING_CHOICE,
	 .choices = "form json",
	 .preset = "form",
	 .help = "What the body is."},
	{.name = "basic", .type = SETTING_TEXT, .help = "{username}:{password}, or the like."},
	{.name = "bearer", .type = SETTING_TEXT, .help = "{token}, or the like."},
	{.name = "header", .type = SETTING_TEXT, .help = "A header, Name: value."},
	{.name = "header-2", .type = SETTING_TEXT, .help = "Another header."},
	{.name = "reply",
	 .type = SETTING_CHOICE,
	 .choices = "text html json xml",
	 .preset = "text",
	 .help = "What replies are."},
	{.name = "done", .type = SETTING_TEXT, .required = true, .help = "Replies of success."},
	{.name = "unchanged", .type = SETTING_TEXT, .help = "Replies to what was so already."},
	{.name = "retry", .type = SETTING_TEXT, .help = "Replies that ask for another try."},
	{.name = "throttled", .type = SETTING_TEXT, .help = "Replies to requests too often."},
	{.name = "refused-auth", .type = SETTING_TEXT, .help = "Replies to wrong credentials."},
	{.name = "refused-name", .type = SETTING_TEXT, .help = "Replies to an unknown name."},
	{.name = "refused-abuse", .type = SETTING_TEXT, .help = "Replies that it is blocked."},
	{.name = "refused-config", .type = SETTING_TEXT, .help = "Replies to a wrong request."},
	{.name = "username", .type = SETTING_TEXT, .help = "For {username}."},
	{.name = "password", .type = SETTING_SECRET, .help = "For {password}."},
	{.name = "token", .type = SETTING_SECRET, .help = "For {token}."},
	{.name = "key", .type = SETTING_SECRET, .help = "For {key}."},
	{.name = "zone", .type = SETTING_LIST, .help = "For {zone} and {sub}."},
	{.name = "apex", .type = SETTING_TEXT, .help = "What {sub} is at the zone itself."},
	{0},
};

static int index_of(const struct job *job, const char *name, const char *const *words)
{
	const char *text = provider_value(job, name);
	int i = 0;

	if (text == NULL)
		return 0;
	while (words[i] != NULL && strcmp(words[i], text) != 0)
		i++;
	return words[i] != NULL ? i : 0;
}

/* Refusals before success: one reply could meet both. */
static size_t add_rules(const struct job *job, struct service_rule *to)
{
	static const enum verdict order[] = {
		VERDICT_REFUSED_AUTH,   VERDICT_REFUSED_NAME, VERDICT_REFUSED_ABUSE,
		VERDICT_REFUSED_CONFIG, VERDICT_THROTTLED,    VERDICT_RETRY,
		VERDICT_UNCHANGED,      VERDICT_DONE,
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const char *text = provider_value(job, provider_verdict_name(order[i]));

		if (text == NULL)
			continue;
		to[n++] = (struct service_rule){order[i], text};
	}
	return n;
}

/* With what it points to. */
struct made {
	struct service service;
	struct service_rule rules[VERDICT_COUNT];
};

static void make(const struct job *job, struct made *made)
{
	static const char *const contents[] = {"form", "json", NULL};
	static const char *const replies[] = {"text", "html", "json", "xml", NULL};
	struct service *ret = &made->service;

	*ret = (struct service){.names = 1, .settings = settings};
	for (const struct service_field *field = service_fields; field->key; field++) {
		const char *text = provider_value(job, field->key);

		if (text != NULL && strcmp(field->key, "zone") != 0)
			memcpy((char *)ret + field->offset, &text, sizeof(text));
	}
	ret->content = (enum service_content)index_of(job, "content-type", contents);
	ret->reply = (enum service_reply)index_of(job, "reply", replies);
	ret->rules = made->rules;
	ret->n_rules = add_rules(job, made->rules);
}

static enum step step(const struct job *job, void *state, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	struct made made;

	make(job, &made);
	return conversation_step(&made.service, job, state, reply, request, outcomes);
}

/* The first of ours that its texts use and that has no value; NULL: all have one. */
static const char *find_missing(const struct service *service, const struct job *job)
{
	static const char *const own[] = {"username", "password", "token", "key"};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (service_needs(service, own[i]) && provider_value(job, own[i]) == NULL)
			return own[i];
	if (service_is_zoned(service) && provider_value(job, "zone") == NULL)
		return "zone";
	return NULL;
}

static const char *check(const struct job *job, char *why)
{
	struct service_fault fault;
	struct made made;
	const char *key;

	make(job, &made);
	if (service_check(&made.service, &fault) < 0) {
		(void)snprintf(why, SERVICE_WHY_MAX, "%s", fault.why);
		if (fault.rule < made.service.n_rules)
			return provider_verdict_name(made.rules[fault.rule].verdict);
		return fault.key != NULL ? fault.key : "url";
	}
	key = find_missing(&made.service, job);
	if (key != NULL) {
		(void)snprintf(why, SERVICE_WHY_MAX, "is used in a template and not set");
		return key;
	}
	return plaintext_check(&made.service, job, why);
}

const struct provider inline_provider = {
	.name = "template",
	.title = "A service of your own: one HTTP request, written here",
	.settings = settings,
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_HTTP | PROVIDER_SETS_TTL,
	.limits = {.min_interval_ms = 30000,
		   .refresh_ms = 25 * DAY_MS,
		   .names_per_request = 1,
		   .parallel = 1},
	.state_size = CONVERSATION_STATE_SIZE,
	.step = step,
	.check = check,
};
