/* SPDX-License-Identifier: MIT */
#include "update/updater/sign/params.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void params_init(struct params *params)
{
	params->n = 0;
	params->failed = false;
}

static struct buf *take_pair(struct params *params)
{
	if (params->n == PARAMS_MAX) {
		params->failed = true;
		return NULL;
	}
	buf_init(&params->pairs[params->n], REQUEST_BODY_MAX);
	return &params->pairs[params->n++];
}

void params_add(struct params *params, const char *name, const char *value)
{
	struct buf *pair = take_pair(params);

	if (!pair)
		return;
	buf_urlencode(pair, name);
	buf_text(pair, "=");
	buf_urlencode(pair, value);
}

static int hex_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* Encoded anew: a writer may have left alone what another would not. */
static void add_again(struct span text, struct buf *to)
{
	char c[2] = "";

	for (size_t i = 0; i < text.len; i++) {
		c[0] = text.text[i];
		if (c[0] == '%' && i + 2 < text.len && hex_value(text.text[i + 1]) >= 0 &&
		    hex_value(text.text[i + 2]) >= 0) {
			c[0] = (char)(hex_value(text.text[i + 1]) * 16 +
				      hex_value(text.text[i + 2]));
			i += 2;
		}
		buf_urlencode(to, c);
	}
}

void params_parse(struct params *params, struct span text)
{
	while (text.len > 0) {
		struct span value = span_take_word(&text, "&"), name;
		struct buf *pair = value.len > 0 ? take_pair(params) : NULL;

		if (!pair)
			continue;
		name = (struct span){value.text, 0};
		while (name.len < value.len && name.text[name.len] != '=')
			name.len++;
		add_again(name, pair);
		buf_text(pair, "=");
		if (name.len < value.len)
			add_again((struct span){name.text + name.len + 1, value.len - name.len - 1},
				  pair);
	}
}

static int compare(const void *a, const void *b)
{
	const struct buf *one = a, *other = b;
	const char *x = one->text ? one->text : "", *y = other->text ? other->text : "";
	size_t i = 0;

	while (x[i] && x[i] == y[i])
		i++;
	/* A name that ends is before those it begins. */
	if (x[i] == '=' || y[i] == '=')
		return (y[i] == '=') - (x[i] == '=');
	return (unsigned char)x[i] - (unsigned char)y[i];
}

void params_join(struct params *params, struct buf *to)
{
	qsort(params->pairs, params->n, sizeof(params->pairs[0]), compare);
	to->failed |= params->failed;
	for (size_t i = 0; i < params->n; i++) {
		const struct buf *pair = &params->pairs[i];

		to->failed |= pair->failed;
		if (i > 0)
			buf_text(to, "&");
		buf_add(to, pair->text, pair->len);
	}
}

void params_done(struct params *params)
{
	for (size_t i = 0; i < params->n; i++)
		buf_done(&params->pairs[i]);
	params_init(params);
}
