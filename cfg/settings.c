/* SPDX-License-Identifier: MIT */
#include "cfg/settings.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"
#include "cfg/duration.h"
#include "cfg/nearest.h"
#include "cfg/secret.h"
#include "cfg/url.h"

#define SEPARATORS ", \t"

/* What is being parsed. */
struct parse {
	const struct setting *row;
	bool plaintext;
	struct settings_value *value; /* text is set */
	char *why;
};

static int refuse(struct parse *parse, const char *problem)
{
	snprintf(parse->why, SETTINGS_WHY_MAX, "`%s` %s", parse->row->name, problem);
	return -EINVAL;
}

static bool in_range(const struct setting *row, int64_t number)
{
	return number >= row->min && (row->max == 0 || number <= row->max);
}

static int refuse_range(struct parse *parse, const char *min, const char *max)
{
	bool open = parse->row->max == 0;

	snprintf(parse->why, SETTINGS_WHY_MAX, "`%s` = %.40s is out of range: %s%s%s%s",
		 parse->row->name, parse->value->text, open ? "at least " : "", min,
		 open ? "" : " to ", open ? "" : max);
	return -EINVAL;
}

static int parse_duration(struct parse *parse)
{
	const struct setting *row = parse->row;
	char min[DURATION_TEXT_MAX], max[DURATION_TEXT_MAX];

	if (duration_parse(parse->value->text, &parse->value->number))
		return refuse(parse, "is no duration; write 50ms, 10s, 5m, 1h 30m or 7d");
	if (in_range(row, parse->value->number))
		return 0;
	return refuse_range(parse, duration_text(row->min, min), duration_text(row->max, max));
}

static int parse_number(struct parse *parse)
{
	const struct setting *row = parse->row;
	const char *c = parse->value->text;
	char min[24], max[24];

	if (duration_digits(&c, &parse->value->number) || *c)
		return refuse(parse, "is no whole number");
	if (in_range(row, parse->value->number))
		return 0;
	snprintf(min, sizeof(min), "%" PRId64, row->min);
	snprintf(max, sizeof(max), "%" PRId64, row->max);
	return refuse_range(parse, min, max);
}

static int parse_bool(struct parse *parse)
{
	bool yes = strcmp(parse->value->text, "yes") == 0;

	if (!yes && strcmp(parse->value->text, "no") != 0)
		return refuse(parse, "is either yes or no");
	parse->value->number = yes;
	return 0;
}

/* The index of word among the choices; else why it is none. */
static int choose_word(struct parse *parse, const char *word, int64_t *ret_index)
{
	char choices[512], hint[NEAREST_HINT_MAX];
	struct nearest nearest;
	char *rest = choices, *c;
	int64_t index = 0;

	nearest_init(&nearest, word);
	snprintf(choices, sizeof(choices), "%s", parse->row->choices);
	while ((c = strsep(&rest, " "))) {
		if (strcmp(c, word) == 0) {
			*ret_index = index;
			return 0;
		}
		nearest_offer(&nearest, c);
		index++;
	}
	if (nearest.best)
		snprintf(parse->why, SETTINGS_WHY_MAX, "`%s` cannot be `%.40s`%s", parse->row->name,
			 word, nearest_hint(&nearest, hint));
	else
		snprintf(parse->why, SETTINGS_WHY_MAX, "`%s` cannot be `%.40s`; choose from: %s",
			 parse->row->name, word, parse->row->choices);
	return -EINVAL;
}

static int parse_choice(struct parse *parse)
{
	return choose_word(parse, parse->value->text, &parse->value->number);
}

static int split(struct parse *parse)
{
	struct settings_value *value = parse->value;
	char *rest = value->text, *word;

	while ((word = strsep(&rest, SEPARATORS))) {
		if (!*word)
			continue;
		if (value->n == SETTINGS_LIST_MAX)
			return refuse(parse, "has more than 256 words");
		if (array_add_text(&value->list, &value->n, word))
			return -ENOMEM;
	}
	return value->n ? 0 : refuse(parse, "has no value");
}

/* Puts the words in the order of the choices, each once. */
static int order_words(struct parse *parse)
{
	struct settings_value *value = parse->value;
	char *words[64] = {0};
	size_t n = 0;

	for (size_t i = 0; i < value->n; i++) {
		int64_t index = 0;
		int error = choose_word(parse, value->list[i], &index);

		if (error)
			return error;
		if (index >= 64)
			return refuse(parse, "has too many choices");
		if (!words[index])
			words[index] = value->list[i];
	}
	/* Repeated words are freed; from here on nothing fails. */
	for (size_t i = 0; i < value->n; i++) {
		int64_t index = 0;

		choose_word(parse, value->list[i], &index);
		if (words[index] != value->list[i])
			free(value->list[i]);
	}
	for (size_t i = 0; i < 64; i++)
		if (words[i])
			value->list[n++] = words[i];
	value->n = n;
	return 0;
}

static int parse_list(struct parse *parse)
{
	struct settings_value *value = parse->value;
	size_t at = 0;
	int error = split(parse);

	if (!error && parse->row->choices)
		error = order_words(parse);
	if (error)
		return error;
	/* The words with single spaces are never longer than what they were split from. */
	for (size_t i = 0; i < value->n; i++) {
		size_t len = strlen(value->list[i]);

		if (i)
			value->text[at++] = ' ';
		memcpy(value->text + at, value->list[i], len);
		at += len;
	}
	value->text[at] = '\0';
	return 0;
}

static int parse_path(struct parse *parse)
{
	if (parse->value->text[0] != '/')
		return refuse(parse, "must be an absolute file name, beginning with /");
	if (strlen(parse->value->text) >= PATH_MAX)
		return refuse(parse, "is too long for a file name");
	return 0;
}

static int parse_host(struct parse *parse)
{
	char *text = parse->value->text;
	const char *why = url_check_host(text);
	size_t len = strlen(text);

	if (why)
		return refuse(parse, why);
	for (size_t i = 0; i < len; i++)
		text[i] = (char)tolower((unsigned char)text[i]);
	if (text[len - 1] == '.')
		text[len - 1] = '\0';
	return 0;
}

static int parse_url(struct parse *parse)
{
	const char *why = url_check(parse->value->text, parse->plaintext);

	return why ? refuse(parse, why) : 0;
}

static int parse_typed(struct parse *parse)
{
	switch (parse->row->type) {
	case SETTING_TEXT:
	case SETTING_SECRET:
		return 0;
	case SETTING_URL:
		return parse_url(parse);
	case SETTING_PATH:
		return parse_path(parse);
	case SETTING_HOST:
		return parse_host(parse);
	case SETTING_NUMBER:
		return parse_number(parse);
	case SETTING_DURATION:
		return parse_duration(parse);
	case SETTING_BOOL:
		return parse_bool(parse);
	case SETTING_CHOICE:
		return parse_choice(parse);
	case SETTING_LIST:
		return parse_list(parse);
	}
	return -EINVAL;
}

/* Where a comment could begin: at # or ; behind white space; or the end. */
static size_t comment_start(const char *text)
{
	size_t i = 0;

	for (; text[i]; i++)
		if ((text[i] == '#' || text[i] == ';') &&
		    (i == 0 ? !text[1] || text[1] == ' ' || text[1] == '\t'
			    : text[i - 1] == ' ' || text[i - 1] == '\t'))
			break;
	return i;
}

/* Cuts the comment, where one is allowed. */
static int cut_comment(struct parse *parse)
{
	char *text = parse->value->text;
	size_t len = comment_start(text);
	enum setting_type type = parse->row->type;
	bool secret = type == SETTING_SECRET && secret_literal(text);

	if (text[len] && len > 0 && secret)
		return refuse(parse, "holds white space and # or ;, which could begin a comment; "
				     "put comments on lines of their own, and such a secret into a "
				     "file named by file:PATH");
	if (text[len] && len > 0 && type == SETTING_TEXT)
		return refuse(parse,
			      "cannot be followed by a comment; put it on a line of its own");
	explicit_bzero(text + len, strlen(text + len));
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		text[--len] = '\0';
	return len ? 0 : refuse(parse, "has no value");
}

int settings_parse(const struct setting *row, const char *text, bool plaintext,
		   struct settings_value *ret, char why[static SETTINGS_WHY_MAX])
{
	struct settings_value value = {.text = strdup(text)};
	struct parse parse = {.row = row, .plaintext = plaintext, .value = &value, .why = why};
	int error = value.text ? cut_comment(&parse) : -ENOMEM;

	if (!error)
		error = parse_typed(&parse);
	if (error)
		settings_done(&value);
	else
		*ret = value;
	return error;
}

void settings_done(struct settings_value *value)
{
	if (value->text)
		explicit_bzero(value->text, strlen(value->text));
	free(value->text);
	array_free_texts(value->list, value->n);
	*value = (struct settings_value){0};
}

const struct setting *settings_find(const struct setting *rows, const char *name)
{
	for (const struct setting *row = rows; row && row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}
