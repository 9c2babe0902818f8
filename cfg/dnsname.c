/* SPDX-License-Identifier: MIT */
#include "cfg/dnsname.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */

static const char *check_label(const char *label, size_t len)
{
	if (len == 0)
		return "has an empty label";
	if (len > LABEL_MAX)
		return "has a label of more than 63 characters";
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)label[i];

		if (c >= 0x80)
			return "is not ASCII: write its xn-- form";
		if (c == '*')
			return "may have `*` only as its whole first label";
		if (!isalnum(c) && c != '-' && c != '_')
			return "may hold letters, digits, `-`, `_` and dots only";
	}
	if (label[0] == '-' || label[len - 1] == '-')
		return "has a label that begins or ends with `-`";
	return NULL;
}

static const char *check_labels(const char *text, size_t len)
{
	size_t start = len > 2 && text[0] == '*' && text[1] == '.' ? 2 : 0;

	while (start <= len) {
		const char *dot = memchr(text + start, '.', len - start);
		size_t end = dot ? (size_t)(dot - text) : len;
		const char *why = check_label(text + start, end - start);

		if (why)
			return why;
		if (end == len && strspn(text + start, "0123456789") >= end - start)
			return "ends in a number: that is no name";
		start = end + 1;
	}
	return NULL;
}

int dnsname_parse(const char *text, char ret[static DNS_NAME_MAX], const char **ret_why)
{
	size_t len = strlen(text);
	const char *why;

	if (len > 1 && text[len - 1] == '.')
		len--;
	/* 253 characters are 255 bytes on the wire. */
	why = len >= DNS_NAME_MAX ? "is longer than 253 characters" : check_labels(text, len);
	if (why) {
		*ret_why = why;
		return -EINVAL;
	}
	for (size_t i = 0; i < len; i++)
		ret[i] = (char)tolower((unsigned char)text[i]);
	ret[len] = '\0';
	return 0;
}
