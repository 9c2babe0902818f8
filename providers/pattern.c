/* SPDX-License-Identifier: MIT */
#include "providers/pattern.h"

#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "providers/template.h"

/* Of the value of a placeholder; a longer one matches nothing. */
#define VALUE_MAX 1024

const char *pattern_check(struct span pattern)
{
	if (pattern.len == 0)
		return "has an empty text; write `empty` for a reply without one";
	if (pattern.text[0] == '*')
		return "has a text that begins with *: it would hold for what was not understood";
	return NULL;
}

static bool is_address_char(char c)
{
	return c != '\0' && strchr("0123456789abcdefABCDEF:.", c) != NULL;
}

/* The address at the start of the text, however it is spelled. Its length, 0: it is another. */
static size_t take_address(const char *address, struct span text)
{
	unsigned char wanted[16] = {0}, found[16] = {0};
	int type = span_address((struct span){address, strlen(address)}, wanted);
	size_t len = 0;

	while (len < text.len && is_address_char(text.text[len]))
		len++;
	/* it may be the end of a sentence */
	while (len > 0 && text.text[len - 1] == '.')
		len--;
	if (type < 0 || span_address((struct span){text.text, len}, found) != type)
		return 0;
	return memcmp(wanted, found, sizeof(wanted)) == 0 ? len : 0;
}

static const char *address_of(const struct scope *scope, struct span name)
{
	const char *v4 = scope->addrs[RECORD_TYPE_A], *v6 = scope->addrs[RECORD_TYPE_AAAA];

	if (span_is(name, "ip4"))
		return v4;
	if (span_is(name, "ip6"))
		return v6;
	return span_is(name, "ip") ? (v4 != NULL ? v4 : v6) : NULL;
}

/* The value of a placeholder at the start of the text: its length; -1: it is not there. */
static ssize_t take_value(struct span name, const struct scope *scope, struct span text)
{
	const char *address = address_of(scope, name);
	struct buf value;
	ssize_t len = -1;

	if (address != NULL) {
		size_t taken = take_address(address, text);

		return taken > 0 ? (ssize_t)taken : -1;
	}
	buf_init(&value, VALUE_MAX);
	if (scope_add(scope, name, SCOPE_ENCODE_NONE, &value) == 0 && !value.failed &&
	    value.len <= text.len &&
	    (value.len == 0 || strncasecmp(value.text, text.text, value.len) == 0))
		len = (ssize_t)value.len;
	buf_done(&value);
	return len;
}

/* The next character or placeholder of the pattern at the start of the text; false: it is not
 * there. */
static bool take_unit(struct span *pattern, const struct scope *scope, struct span *text)
{
	struct span rest = *pattern;
	struct template_piece piece = template_take(&rest);
	ssize_t len = 1;

	if (piece.kind == TEMPLATE_PLACEHOLDER) {
		len = take_value(piece.span, scope, *text);
		if (len < 0)
			return false;
		*pattern = rest;
	} else {
		if (text->len == 0 || strncasecmp(pattern->text, text->text, 1) != 0)
			return false;
		pattern->text++;
		pattern->len--;
	}
	text->text += len;
	text->len -= (size_t)len;
	return true;
}

bool pattern_matches(struct span pattern, const struct scope *scope, struct span text)
{
	struct span star = {NULL, 0}, behind = {NULL, 0};

	while (pattern.len > 0 || text.len > 0) {
		if (pattern.len > 0 && pattern.text[0] == '*') {
			pattern.text++;
			pattern.len--;
			star = pattern;
			behind = text;
			continue;
		}
		if (pattern.len > 0 && take_unit(&pattern, scope, &text))
			continue;
		/* the last * takes one more */
		if (star.text == NULL || behind.len == 0)
			return false;
		behind.text++;
		behind.len--;
		pattern = star;
		text = behind;
	}
	return true;
}
