/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/buf.h"

#define SIZE_MIN 64

void buf_init(struct buf *buf, size_t cap)
{
	*buf = (struct buf){.cap = cap};
}

/* Not realloc: it would leave an unwiped copy behind. */
static bool grow(struct buf *buf, size_t size)
{
	char *text = malloc(size);

	if (text == NULL)
		return false;
	if (buf->text != NULL) {
		memcpy(text, buf->text, buf->len + 1);
		explicit_bzero(buf->text, buf->size);
		free(buf->text);
	}
	buf->text = text;
	buf->size = size;
	return true;
}

/* Makes room for len more bytes and the NUL. */
static bool reserve(struct buf *buf, size_t len)
{
	size_t need, size;

	if (buf->failed || len > buf->cap - buf->len) {
		buf->failed = true;
		return false;
	}
	need = buf->len + len + 1;
	if (need <= buf->size)
		return true;
	size = buf->size < SIZE_MIN / 2 ? SIZE_MIN : buf->size * 2;
	if (size < need)
		size = need;
	if (size - 1 > buf->cap)
		size = buf->cap + 1;
	if (!grow(buf, size))
		buf->failed = true;
	return !buf->failed;
}

void buf_add(struct buf *buf, const char *bytes, size_t len)
{
	if (len == 0 || !reserve(buf, len))
		return;
	memcpy(buf->text + buf->len, bytes, len);
	buf->len += len;
	buf->text[buf->len] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

/* How long the text is, whether it fits or not. */
__attribute__((format(printf, 2, 0))) static int format_tail(struct buf *buf, const char *format,
							     va_list args)
{
	int len = vsnprintf(buf->text + buf->len, buf->size - buf->len, format, args);

	if (len < 0)
		buf->failed = true;
	return len;
}

/* Most texts fit in what is left; those that do not are written twice. */
void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	int len;

	if (buf->failed || (buf->text == NULL && !reserve(buf, 0)))
		return;
	va_start(args, format);
	va_copy(again, args);
	len = format_tail(buf, format, args);
	if (len > 0 && (size_t)len >= buf->size - buf->len) {
		buf->text[buf->len] = '\0';
		len = reserve(buf, (size_t)len) ? format_tail(buf, format, again) : -1;
	}
	if (len > 0)
		buf->len += (size_t)len;
	va_end(again);
	va_end(args);
}

/* RFC 3986 section 2.3; not isalnum, which asks the locale. */
static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void buf_urlencode(struct buf *buf, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t before = buf->len;

	for (const char *c = text; *c != '\0' && !buf->failed; c++) {
		unsigned char byte = (unsigned char)*c;

		if (is_unreserved(*c))
			buf_add(buf, c, 1);
		else
			buf_add(buf, (char[]){'%', hex[byte >> 4], hex[byte & 15]}, 3);
	}
	if (buf->failed)
		buf_cut(buf, before);
}

void buf_cut(struct buf *buf, size_t len)
{
	if (buf->len <= len)
		return;
	explicit_bzero(buf->text + len, buf->len - len);
	buf->len = len;
}

void buf_done(struct buf *buf)
{
	if (buf->text != NULL)
		explicit_bzero(buf->text, buf->size);
	free(buf->text);
	*buf = (struct buf){0};
}
