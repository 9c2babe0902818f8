/* SPDX-License-Identifier: MIT */
#include "update/daemon/addrs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Keeps the order; an address already there is left out. */
static int add(struct ipaddr list[static WANTED_ADDRS_MAX], size_t *n, const struct ipaddr *addr)
{
	size_t at = 0;

	while (at < *n && addr_compare(&list[at], addr) < 0)
		at++;
	if (at < *n && addr_equal(&list[at], addr))
		return 0;
	if (*n == WANTED_ADDRS_MAX)
		return -ENOSPC;
	memmove(&list[at + 1], &list[at], (*n - at) * sizeof(*addr));
	list[at] = *addr;
	++*n;
	return 0;
}

bool addrs_equal(const struct addrs *a, const struct addrs *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!addr_equal(&a->list[i], &b->list[i]))
			return false;
	return true;
}

const char *addrs_text(const struct addrs *addrs, char separator, char out[static ADDRS_TEXT_MAX])
{
	char text[ADDR_TEXT_MAX];
	size_t len = 0;

	snprintf(out, ADDRS_TEXT_MAX, "none");
	for (size_t i = 0; i < addrs->n; i++) {
		if (i > 0)
			out[len++] = separator;
		len += (size_t)snprintf(out + len, ADDRS_TEXT_MAX - len, "%s",
					addr_text(&addrs->list[i], text));
	}
	return out;
}

int addrs_parse(const char *text, struct ipaddr list[static WANTED_ADDRS_MAX], struct addrs *ret)
{
	char one[ADDRESS_MAX];
	struct ipaddr addr;
	size_t n = 0;

	if (strcmp(text, "none") == 0) {
		*ret = (struct addrs){.n = 0};
		return 0;
	}
	for (;;) {
		size_t len = strcspn(text, ",");

		if (len == 0 || len >= sizeof(one))
			return -EINVAL;
		memcpy(one, text, len);
		one[len] = '\0';
		if (addr_parse(one, &addr) < 0 || add(list, &n, &addr) < 0)
			return -EINVAL;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	*ret = (struct addrs){list, n};
	return 0;
}
