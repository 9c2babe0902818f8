/* SPDX-License-Identifier: MIT */
#include "update/ctl/preview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/ctl/finding.h"

#define HIDDEN "HIDDEN"
#define BEARER "Authorization: Bearer "

/* Digests of settings have names of their own. */
static const char *const digests[] = {"md5:", "sha1:", "sha256:"};
#define DIGEST_COUNT (sizeof(digests) / sizeof(digests[0]))

/* Settings as they may be shown. */
struct shown {
	struct value *values;
	size_t n;
	char **texts; /* owned: those that are not the configuration's */
	size_t n_texts;
};

/* Names and addresses of one job. */
struct content {
	struct wanted wanted[RECORD_TYPE_COUNT];
	char addrs[RECORD_TYPE_COUNT][WANTED_ADDRS_MAX][ADDRESS_MAX];
	size_t n;
	bool invented;
};

static enum setting_type type_of(const struct provider *provider, const char *name)
{
	for (const struct setting *row = provider->settings; row && row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row->type;
	return SETTING_TEXT;
}

/* Takes over text; NULL: no memory, and the value is left out. */
static const char *own(struct shown *shown, char *text)
{
	if (text)
		shown->texts[shown->n_texts++] = text;
	return text ? text : HIDDEN;
}

/* A URL that the person wrote may have a secret behind its ?. */
static const char *cut_query(struct shown *shown, const char *url)
{
	char *text = NULL;
	size_t len = strcspn(url, "?");

	if (!url[len])
		return url;
	return asprintf(&text, "%.*s?" HIDDEN, (int)len, url) < 0 ? HIDDEN : own(shown, text);
}

static void add_value(struct shown *shown, const struct provider *provider,
		      const struct value *value)
{
	enum setting_type type = type_of(provider, value->name);
	const char *text = value->text;

	if (type == SETTING_SECRET)
		text = HIDDEN;
	else if (type == SETTING_URL)
		text = cut_query(shown, text);
	shown->values[shown->n++] = (struct value){value->name, text};
	for (size_t i = 0; i < DIGEST_COUNT; i++) {
		char *name = NULL;

		if (asprintf(&name, "%s%s", digests[i], value->name) >= 0)
			shown->values[shown->n++] = (struct value){own(shown, name), HIDDEN};
	}
}

static bool show_values(const struct cfg_account *account, struct shown *ret)
{
	size_t most = account->n_values * (DIGEST_COUNT + 1);

	*ret = (struct shown){0};
	ret->values = calloc(most + 1, sizeof(*ret->values));
	ret->texts = calloc(most + 1, sizeof(*ret->texts));
	if (!ret->values || !ret->texts)
		return false;
	for (size_t i = 0; i < account->n_values; i++)
		add_value(ret, account->provider, &account->values[i]);
	return true;
}

static void forget_values(struct shown *shown)
{
	for (size_t i = 0; i < shown->n_texts; i++)
		free(shown->texts[i]);
	free(shown->texts);
	free(shown->values);
}

static void add_wanted(struct content *content, const struct cfg *cfg,
		       const struct cfg_record *record, const struct snapshot *snapshot)
{
	static const char *const invented[] = {"192.0.2.1", "2001:db8::1"};
	struct wanted *wanted = &content->wanted[content->n];
	char(*addrs)[ADDRESS_MAX] = content->addrs[content->n++];
	struct finding finding;

	*wanted = (struct wanted){.name = record->name, .type = record->type, .ttl = record->ttl};
	if (finding_make(&cfg->sources[record->source], record->type, snapshot, NULL, &finding) ==
	    0) {
		for (size_t i = 0; i < finding.choice.n && i < WANTED_ADDRS_MAX; i++)
			wanted->addrs[wanted->n_addrs++] =
				addr_text(&finding.choice.addrs[i], addrs[i]);
		finding_done(&finding);
	}
	if (wanted->n_addrs > 0)
		return;
	wanted->addrs[wanted->n_addrs++] = invented[record->type];
	content->invented = true;
}

/* The record, and the name's others of that account, which go in one job where the provider can. */
static void fill(struct content *content, const struct cfg *cfg, const struct cfg_record *record,
		 const struct snapshot *snapshot)
{
	unsigned caps = cfg->accounts[record->account].provider->caps;

	add_wanted(content, cfg, record, snapshot);
	for (size_t i = 0; i < cfg->n_records && content->n < RECORD_TYPE_COUNT; i++) {
		const struct cfg_record *other = &cfg->records[i];

		if (other != record && caps & PROVIDER_BOTH_FAMILIES &&
		    other->account == record->account && strcmp(other->name, record->name) == 0)
			add_wanted(content, cfg, other, snapshot);
	}
}

static void write_http(const struct request *request, struct buf *to)
{
	const struct http_request *http = &request->http;
	const char *line = http->headers.text ? http->headers.text : "";

	buf_printf(to, "%s %s\n", http->method, http->url.text);
	if (http->user)
		buf_printf(to, "Authorization: Basic (%s:%s)\n", http->user,
			   http->password[0] ? HIDDEN : "");
	while (*line) {
		size_t len = strcspn(line, "\n");

		if (strncmp(line, BEARER, sizeof(BEARER) - 1) == 0)
			buf_text(to, BEARER HIDDEN "\n");
		else
			buf_printf(to, "%.*s\n", (int)len, line);
		line += len + (line[len] == '\n');
	}
	if (http->way != HTTP_WAY_ANY)
		buf_printf(to, "(over %s, as the address is taken from the connection)\n",
			   http->way == HTTP_WAY_IPV4 ? "IPv4" : "IPv6");
	if (request->body.len > 0)
		buf_printf(to, "\n%s\n", request->body.text);
}

static void write_other(const struct provider *provider, const struct wanted *wanted,
			struct buf *to)
{
	buf_printf(to, "%s: %s %s %s\n", provider->title, wanted->name,
		   provider_type_name(wanted->type), wanted->addrs[0]);
}

static bool write_request(const struct job *job, struct buf *to)
{
	struct outcome outcomes[RECORD_TYPE_COUNT] = {0};
	struct request request = {0};
	char *state = calloc(1, job->provider->state_size + 1);
	bool sent = state && job->provider->step(job, state, NULL, &request, outcomes) == STEP_SEND;

	if (sent && request.kind == REQUEST_HTTP)
		write_http(&request, to);
	else if (!sent)
		buf_printf(to, "none: %s\n", outcomes[0].why);
	provider_request_done(&request);
	free(state);
	return sent;
}

bool preview_write(const struct cfg *cfg, const struct cfg_record *record,
		   const struct snapshot *snapshot, bool *ret_invented, struct buf *to)
{
	const struct cfg_account *account = &cfg->accounts[record->account];
	struct content content = {0};
	struct shown shown;
	struct job job;
	bool sent = true;

	fill(&content, cfg, record, snapshot);
	*ret_invented = content.invented;
	if (!(account->provider->caps & PROVIDER_HTTP)) {
		write_other(account->provider, &content.wanted[0], to);
		return true;
	}
	if (show_values(account, &shown)) {
		job = (struct job){.provider = account->provider,
				   .values = shown.values,
				   .n_values = shown.n,
				   .wanted = content.wanted,
				   .n_wanted = content.n,
				   .purpose = PURPOSE_UPDATE};
		sent = write_request(&job, to);
	}
	forget_values(&shown);
	return sent;
}

static bool is_same(const struct cfg *cfg, const struct cfg_record *a, const struct cfg_record *b,
		    const struct snapshot *snapshot)
{
	struct buf x, y;
	bool invented, same;

	buf_init(&x, PREVIEW_TEXT_MAX);
	buf_init(&y, PREVIEW_TEXT_MAX);
	same = preview_write(cfg, a, snapshot, &invented, &x) &&
	       preview_write(cfg, b, snapshot, &invented, &y) && x.text && y.text &&
	       strcmp(x.text, y.text) == 0;
	buf_done(&x);
	buf_done(&y);
	return same;
}

bool preview_is_repeated(const struct cfg *cfg, const struct cfg_record *record,
			 const struct snapshot *snapshot)
{
	for (const struct cfg_record *other = cfg->records; other < record; other++)
		if (other->account == record->account && strcmp(other->name, record->name) == 0 &&
		    is_same(cfg, other, record, snapshot))
			return true;
	return false;
}

static void print_indented(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		printf("%s%.*s\n", len ? "    " : "", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

bool preview_print(const struct cfg *cfg, const struct cfg_record *record,
		   const struct snapshot *snapshot)
{
	bool invented = false, fine;
	struct buf text;

	buf_init(&text, PREVIEW_TEXT_MAX);
	fine = preview_write(cfg, record, snapshot, &invented, &text);
	printf("%s (%s):\n", record->name, cfg->accounts[record->account].provider->name);
	print_indented(text.text ? text.text : "");
	if (invented)
		printf("    There is no address to publish now: one for documentation stands for "
		       "it.\n");
	buf_done(&text);
	return fine;
}
