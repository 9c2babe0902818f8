/* SPDX-License-Identifier: MIT */
#include "providers/rule.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "providers/pattern.h"
#include "providers/pointer.h"

/* Of a reply that is text; what is behind is not looked at. */
#define TEXT_MAX 65536

#define WAIT_MAX_S (7 * 24 * 3600)

enum what { WHAT_STATUS, WHAT_TOKEN, WHAT_LINE, WHAT_BODY, WHAT_EMPTY, WHAT_JSON, WHAT_XML };

static const char *const names[] = {
	[WHAT_STATUS] = "status", [WHAT_TOKEN] = "token", [WHAT_LINE] = "line",
	[WHAT_BODY] = "body",     [WHAT_EMPTY] = "empty", [WHAT_JSON] = "json",
	[WHAT_XML] = "xml",
};
#define WHAT_COUNT (sizeof(names) / sizeof(names[0]))

struct condition {
	enum what what;
	int status_min, status_max;
	struct span pointer;
	struct span text; /* empty: that there is something at the pointer */
	bool differs;     /* != */
};

/* One rule while it is read. */
struct parse {
	struct span rest;
	const char *why; /* NULL: fine so far */
	bool json, xml;  /* one of its conditions is */
};

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* A word, or what is between quotes; empty at the end. */
static struct span take_text(struct parse *parse)
{
	struct span *rest = &parse->rest, text = {rest->text, 0};
	const char *end;

	*rest = span_trim(*rest);
	if (rest->len == 0 || !is_quote(rest->text[0]))
		return span_take_word(rest, SPAN_BLANKS);
	end = memchr(rest->text + 1, rest->text[0], rest->len - 1);
	if (end == NULL) {
		parse->why = "has a quote without its end";
		return text;
	}
	text = (struct span){rest->text + 1, (size_t)(end - rest->text - 1)};
	rest->len -= text.len + 2;
	rest->text = end + 1;
	return text;
}

/* Takes the word off, if it is what comes next. */
static bool take_word(struct parse *parse, const char *word)
{
	struct span rest = parse->rest, found = span_take_word(&rest, SPAN_BLANKS);

	if (!span_is(found, word))
		return false;
	parse->rest = rest;
	return true;
}

static int digits(const char *text, size_t len)
{
	int number = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

static void take_status(struct parse *parse, struct condition *ret)
{
	struct span word = take_text(parse);

	ret->status_min = ret->status_max = -1;
	if (word.len == 3 && word.text[1] == 'x' && word.text[2] == 'x') {
		ret->status_min = digits(word.text, 1) * 100;
		ret->status_max = ret->status_min + 99;
	} else if (word.len == 3) {
		ret->status_min = ret->status_max = digits(word.text, 3);
	} else if (word.len == 7 && word.text[3] == '-') {
		ret->status_min = digits(word.text, 3);
		ret->status_max = digits(word.text + 4, 3);
	}
	if (ret->status_min < 100 || ret->status_max > 599 || ret->status_min > ret->status_max)
		parse->why = "needs a status like 404, 200-204 or 5xx";
}

static void take_member(struct parse *parse, struct condition *ret)
{
	bool equals;

	ret->pointer = take_text(parse);
	if (ret->pointer.len == 0 || ret->pointer.text[0] != '/' || ret->pointer.len >= POINTER_MAX)
		parse->why = "needs a pointer that begins with /, like /error/code";
	equals = take_word(parse, "=");
	ret->differs = !equals && take_word(parse, "!=");
	if (!equals && !ret->differs)
		return;
	ret->text = take_text(parse);
	/* to differ from nothing is to say something */
	if (parse->why == NULL && !(ret->differs && ret->text.len == 0))
		parse->why = pattern_check(ret->text);
}

static void take_condition(struct parse *parse, struct condition *ret)
{
	struct span word = take_text(parse);
	size_t what = 0;

	*ret = (struct condition){.what = WHAT_EMPTY};
	while (what < WHAT_COUNT && !span_is(word, names[what]))
		what++;
	if (what == WHAT_COUNT) {
		parse->why = "needs one of: status, token, line, body, empty, json, xml";
		return;
	}
	ret->what = (enum what)what;
	parse->json |= ret->what == WHAT_JSON;
	parse->xml |= ret->what == WHAT_XML;
	switch (ret->what) {
	case WHAT_STATUS:
		take_status(parse, ret);
		break;
	case WHAT_TOKEN:
	case WHAT_LINE:
	case WHAT_BODY:
		ret->text = take_text(parse);
		if (parse->why == NULL)
			parse->why = pattern_check(ret->text);
		break;
	case WHAT_JSON:
	case WHAT_XML:
		take_member(parse, ret);
		break;
	case WHAT_EMPTY:
		break;
	}
}

static bool is_confirming(enum verdict verdict)
{
	return verdict == VERDICT_DONE || verdict == VERDICT_UNCHANGED;
}

/* The first line that is not blank. */
static struct span first_line(struct span body)
{
	while (body.len > 0) {
		struct span line = span_trim(span_take_line(&body));

		if (line.len > 0)
			return line;
	}
	return body;
}

static bool any_line(struct span body, struct span pattern, const struct scope *scope)
{
	while (body.len > 0)
		if (pattern_matches(pattern, scope, span_trim(span_take_line(&body))))
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trim_lines(struct span body)
{
	while (body.len > 0 && is_blank(body.text[0])) {
		body.text++;
		body.len--;
	}
	while (body.len > 0 && is_blank(body.text[body.len - 1]))
		body.len--;
	return body;
}

static bool same_member(const json_t *json, struct span pattern, const struct scope *scope)
{
	char text[POINTER_TEXT_MAX];
	struct span span;

	return pointer_text(json, text, &span) && pattern_matches(pattern, scope, span);
}

static bool is_told(const json_t *member)
{
	return !json_is_null(member) &&
	       !(json_is_string(member) && json_string_length(member) == 0);
}

static bool member_holds(const struct condition *condition, const struct scope *scope,
			 const struct reply *reply)
{
	const json_t *member = pointer_find(reply->json, condition->pointer);

	if (member == NULL || condition->text.len == 0)
		return member != NULL && (!condition->differs || is_told(member));
	return same_member(member, condition->text, scope) != condition->differs;
}

static bool holds(const struct condition *condition, const struct scope *scope,
		  const struct reply *reply, struct span body)
{
	struct span line = first_line(body);

	switch (condition->what) {
	case WHAT_STATUS:
		return reply->status >= condition->status_min &&
		       reply->status <= condition->status_max;
	case WHAT_TOKEN:
		return pattern_matches(condition->text, scope, span_take_word(&line, SPAN_BLANKS));
	case WHAT_LINE:
		return any_line(body, condition->text, scope);
	case WHAT_BODY:
		return pattern_matches(condition->text, scope, trim_lines(body));
	case WHAT_EMPTY:
		return line.len == 0;
	case WHAT_JSON:
	case WHAT_XML:
		return member_holds(condition, scope, reply);
	}
	return false;
}

/* All conditions up to the next |. Without scope, they are only read. *fits: whether they are of
 * the kind of reply the service has. */
static bool take_group(struct parse *parse, enum verdict verdict, const struct scope *scope,
		       const struct reply *reply, struct span body)
{
	bool status = false, all = true;

	do {
		struct condition condition;

		take_condition(parse, &condition);
		status |= condition.what == WHAT_STATUS;
		if (scope != NULL && parse->why == NULL)
			all = all && holds(&condition, scope, reply, body);
	} while (parse->why == NULL && take_word(parse, "and"));
	if (is_confirming(verdict) && !status && reply != NULL &&
	    (reply->status < 200 || reply->status > 299))
		all = false;
	return all && parse->why == NULL;
}

/* "30s", "10m", "1h", "1d". -1: none such. */
static int64_t read_wait(struct span text)
{
	static const char units[] = "smhd";
	static const int32_t seconds[] = {1, 60, 3600, 86400};
	const char *unit = text.len > 1 ? strchr(units, text.text[text.len - 1]) : NULL;
	int64_t number = text.len > 1 && text.len < 8 ? digits(text.text, text.len - 1) : -1;

	if (unit == NULL || *unit == '\0' || number < 0)
		return -1;
	number *= seconds[unit - units];
	return number <= WAIT_MAX_S ? number * 1000 : -1;
}

/* What follows the conditions. */
static int64_t take_wait(struct parse *parse)
{
	int64_t wait_ms = 0;

	if (take_word(parse, "wait"))
		wait_ms = read_wait(take_text(parse));
	if (wait_ms < 0)
		parse->why = "needs a time behind `wait`, like 30s, 10m or 1h, at most 7d";
	return wait_ms;
}

static struct span take_words(struct parse *parse)
{
	struct span words = {parse->rest.text, 0};

	if (take_word(parse, "--"))
		words = span_trim(parse->rest);
	else if (span_trim(parse->rest).len > 0)
		parse->why = "has more behind a condition than `and`, `|`, `wait` or `--`";
	return words;
}

static struct parse begin(const struct service_rule *rule)
{
	return (struct parse){.rest = {rule->text, strlen(rule->text)}};
}

/* Reads all conditions; how many groups there are. */
static size_t skip_groups(struct parse *parse)
{
	size_t n = 1;

	while (take_group(parse, VERDICT_RETRY, NULL, NULL, (struct span){NULL, 0}) &&
	       take_word(parse, "|"))
		n++;
	return n;
}

const char *rule_check(const struct service *service, const struct service_rule *rule)
{
	struct parse parse = begin(rule);

	skip_groups(&parse);
	if (parse.why == NULL)
		take_wait(&parse);
	if (parse.why == NULL)
		take_words(&parse);
	if (parse.why != NULL)
		return parse.why;
	if (parse.json && service->reply != SERVICE_REPLY_JSON)
		return "has `json`, but `reply` is not json";
	if (parse.xml && service->reply != SERVICE_REPLY_XML)
		return "has `xml`, but `reply` is not xml";
	return NULL;
}

size_t rule_count(const struct service_rule *rule)
{
	struct parse parse = begin(rule);

	return skip_groups(&parse);
}

int rule_which(const struct service_rule *rule, const struct scope *scope,
	       const struct reply *reply, struct span body)
{
	struct parse parse = begin(rule);
	int at = 0;

	if (body.len > TEXT_MAX)
		body.len = TEXT_MAX;
	do {
		if (take_group(&parse, rule->verdict, scope, reply, body))
			return at;
		at++;
	} while (parse.why == NULL && take_word(&parse, "|"));
	return -1;
}

int64_t rule_wait_ms(const struct service_rule *rule)
{
	struct parse parse = begin(rule);

	skip_groups(&parse);
	return parse.why == NULL ? take_wait(&parse) : 0;
}

struct span rule_words(const struct service_rule *rule)
{
	struct parse parse = begin(rule);

	skip_groups(&parse);
	if (parse.why == NULL)
		take_wait(&parse);
	return parse.why == NULL ? take_words(&parse) : (struct span){rule->text, 0};
}
