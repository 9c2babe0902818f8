/* SPDX-License-Identifier: MIT */
#include "update/wire_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

json_t *wire_text_pack(const char *text)
{
	size_t len = strlen(text), n = 0;
	char *utf8 = malloc(2 * len + 1);
	json_t *json;

	if (!utf8)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x80) {
			utf8[n++] = (char)c;
		} else {
			utf8[n++] = (char)(0xc0 | c >> 6);
			utf8[n++] = (char)(0x80 | (c & 0x3f));
		}
	}
	json = json_stringn(utf8, n);
	explicit_bzero(utf8, n);
	free(utf8);
	return json;
}

int wire_text_unpack(const json_t *json, char *text, size_t size)
{
	const char *utf8 = json_string_value(json);
	size_t n = 0;

	if (!utf8)
		return -EBADMSG;
	for (; *utf8; utf8++) {
		unsigned char c = (unsigned char)*utf8;

		if (n + 1 >= size || c > 0xc3)
			return -EBADMSG;
		if (c >= 0x80)
			c = (unsigned char)(c << 6 | (*++utf8 & 0x3f));
		text[n++] = (char)c;
	}
	if (n >= size)
		return -EBADMSG;
	text[n] = '\0';
	return (int)n;
}

int wire_text_keep(struct wire_store *store, const json_t *json, const char **ret)
{
	int len = wire_text_unpack(json, store->at, store->left);

	if (len < 0)
		return len;
	*ret = store->at;
	store->at += len + 1;
	store->left -= (size_t)len + 1;
	return 0;
}
