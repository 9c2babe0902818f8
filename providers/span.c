/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "providers/span.h"

static struct span cut(struct span *rest, size_t len)
{
	struct span span = {rest->text, len};

	rest->text += len;
	rest->len -= len;
	return span;
}

static bool is_one_of(char c, const char *separators)
{
	return c != '\0' && strchr(separators, c) != NULL;
}

struct span span_take_line(struct span *rest)
{
	const char *newline = memchr(rest->text, '\n', rest->len);
	struct span line;

	if (newline == NULL)
		return cut(rest, rest->len);
	line = cut(rest, (size_t)(newline - rest->text));
	cut(rest, 1);
	return line;
}

struct span span_take_word(struct span *rest, const char *separators)
{
	size_t len = 0;

	while (rest->len > 0 && is_one_of(*rest->text, separators))
		cut(rest, 1);
	while (len < rest->len && !is_one_of(rest->text[len], separators))
		len++;
	return cut(rest, len);
}

struct span span_trim(struct span span)
{
	while (span.len > 0 && is_one_of(span.text[0], SPAN_BLANKS))
		cut(&span, 1);
	while (span.len > 0 && is_one_of(span.text[span.len - 1], SPAN_BLANKS))
		span.len--;
	return span;
}

bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && memcmp(span.text, text, span.len) == 0;
}

bool span_is_nocase(struct span span, const char *text)
{
	return span.len == strlen(text) && strncasecmp(span.text, text, span.len) == 0;
}

int span_address(struct span span, unsigned char ret[static 16])
{
	char text[ADDRESS_MAX];

	if (span.len >= sizeof(text) || memchr(span.text, '\0', span.len) != NULL)
		return -EINVAL;
	memcpy(text, span.text, span.len);
	text[span.len] = '\0';
	if (inet_pton(AF_INET, text, ret) == 1)
		return RECORD_TYPE_A;
	return inet_pton(AF_INET6, text, ret) == 1 ? RECORD_TYPE_AAAA : -EINVAL;
}
