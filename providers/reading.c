/* SPDX-License-Identifier: MIT */
#include "providers/reading.h"

#include <string.h>

#include "providers/rule.h"

#define PAGE_MAX 65536 /* of an HTML page; the rest is not looked at */

static const enum word words[] = {
	[VERDICT_DONE] = WORD_GOOD,
	[VERDICT_UNCHANGED] = WORD_NOCHG,
	[VERDICT_NO_NETWORK] = WORD_FAILED,
	[VERDICT_RETRY] = WORD_FAILED,
	[VERDICT_THROTTLED] = WORD_TOO_OFTEN,
	[VERDICT_REFUSED_AUTH] = WORD_BADAUTH,
	[VERDICT_REFUSED_NAME] = WORD_NOHOST,
	[VERDICT_REFUSED_ABUSE] = WORD_ABUSE,
	[VERDICT_REFUSED_CONFIG] = WORD_NOT_TAKEN,
};
_Static_assert(sizeof(words) / sizeof(words[0]) == VERDICT_COUNT, "every verdict has a word");

/* Tags become line ends, so that what stood between two is a line. */
static void strip(struct span page, struct buf *to)
{
	buf_init(to, PAGE_MAX);
	if (page.len > PAGE_MAX)
		page.len = PAGE_MAX;
	while (page.len > 0) {
		const char *tag = memchr(page.text, '<', page.len);
		size_t len = tag != NULL ? (size_t)(tag - page.text) : page.len;
		const char *end;

		buf_add(to, page.text, len);
		page.text += len;
		page.len -= len;
		if (page.len == 0)
			break;
		end = memchr(page.text, '>', page.len);
		len = end != NULL ? (size_t)(end + 1 - page.text) : page.len;
		buf_add(to, "\n", 1);
		page.text += len;
		page.len -= len;
	}
}

void reading_begin(const struct service *service, const struct reply *reply, struct reading *ret)
{
	*ret = (struct reading){.reply = reply, .body = {reply->body, reply->len}};
	if (service->reply != SERVICE_REPLY_HTML)
		return;
	strip(ret->body, &ret->stripped);
	ret->body = (struct span){ret->stripped.text, ret->stripped.len};
	if (ret->body.text == NULL)
		ret->body.text = "";
}

void reading_done(struct reading *reading)
{
	buf_done(&reading->stripped);
}

/* The first line that says something, as far as it fits. */
static struct span first_line(struct span body)
{
	struct span line = {body.text, 0};

	while (body.len > 0 && line.len == 0)
		line = span_trim(span_take_line(&body));
	return line;
}

static void add_detail(const struct reading *reading, const struct service *service,
		       struct answer *answer)
{
	struct span line = first_line(reading->body);

	if (answer->detail[0] != '\0' || service->reply == SERVICE_REPLY_JSON ||
	    service->reply == SERVICE_REPLY_XML)
		return;
	if (line.len >= sizeof(answer->detail))
		line.len = sizeof(answer->detail) - 1;
	memcpy(answer->detail, line.text, line.len); /* zeroed, and longer */
}

static bool is_success(const struct reply *reply)
{
	return reply->status >= 200 && reply->status <= 299;
}

/* What the status says, with the time to wait that came with it. */
static struct answer read_status(const struct reply *reply)
{
	struct answer answer;

	words_read_status(reply->status, reply->retry_after_ms, &answer);
	return answer;
}

static struct answer answer_by(const struct reading *reading, const struct service_rule *rule)
{
	struct answer answer = words_make(words[rule->verdict]);
	struct answer status = read_status(reading->reply);
	int64_t wait_s = rule_wait_ms(rule) / 1000;

	if (wait_s > 0)
		answer.wait_s = (int32_t)wait_s;
	if (!is_success(reading->reply)) {
		memcpy(answer.detail, status.detail, sizeof(answer.detail));
		if (status.wait_s > answer.wait_s)
			answer.wait_s = status.wait_s;
	}
	return answer;
}

int reading_answer(const struct reading *reading, const struct scope *scope, struct answer *ret)
{
	const struct service *service = scope->service;

	for (size_t i = 0; i < service->n_rules; i++) {
		const struct service_rule *rule = &service->rules[i];

		if (rule_which(rule, scope, reading->reply, reading->body) < 0)
			continue;
		*ret = answer_by(reading, rule);
		add_detail(reading, service, ret);
		return (int)i;
	}
	if (!is_success(reading->reply))
		*ret = read_status(reading->reply);
	else
		*ret = words_make(first_line(reading->body).len == 0 ? WORD_EMPTY : WORD_FOREIGN);
	add_detail(reading, service, ret);
	return READING_NO_RULE;
}
