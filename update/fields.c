/* SPDX-License-Identifier: MIT */
#include "update/fields.h"

#include <errno.h>
#include <string.h>

#define DIGITS_MAX 21 /* of 64 bits, with sign and NUL */

void fields_put(struct fields_out *to, const char *text)
{
	size_t len = strlen(text) + 1;

	if (to->failed || len > to->size - to->len) {
		to->failed = true;
		return;
	}
	memcpy(to->bytes + to->len, text, len);
	to->len += len;
}

/* By hand, since there may be a hundred thousand a second. */
void fields_put_number(struct fields_out *to, int64_t number)
{
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char digits[DIGITS_MAX], *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		*--at = '-';
	fields_put(to, at);
}

const char *fields_take(struct fields_in *from)
{
	const char *text = from->at;
	const char *end = from->left > 0 ? memchr(text, '\0', from->left) : NULL;

	if (!end)
		return NULL;
	from->left -= (size_t)(end + 1 - text);
	from->at = end + 1;
	return text;
}

int fields_take_number(struct fields_in *from, int64_t most, int64_t *ret)
{
	const char *text = fields_take(from);
	int64_t number = 0;

	if (!text || !*text)
		return -EBADMSG;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EBADMSG;
		number = number * 10 + (*text - '0');
		if (number > most)
			return -EBADMSG;
	}
	*ret = number;
	return 0;
}
