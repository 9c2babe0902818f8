/* SPDX-License-Identifier: MIT */
#include "tests/sim/content.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

const char *content_text(const struct content *content)
{
	static char texts[4][CONTENT_MAX * ADDRESS_MAX];
	static unsigned turn;
	char *out = texts[turn++ % 4], one[ADDRESS_MAX];
	size_t len = 0;

	snprintf(out, sizeof(texts[0]), "none");
	for (size_t i = 0; i < content->n; i++) {
		inet_ntop(content->list[i].family, content->list[i].bytes, one, sizeof(one));
		len += (size_t)snprintf(out + len, sizeof(texts[0]) - len, "%s%s", i ? " " : "",
					one);
	}
	return out;
}

static bool same(const struct ipaddr *a, const struct ipaddr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool content_has(const struct content *content, const struct ipaddr *addr)
{
	for (size_t i = 0; i < content->n; i++)
		if (same(&content->list[i], addr))
			return true;
	return false;
}

bool content_equal(const struct content *a, const struct content *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!content_has(b, &a->list[i]))
			return false;
	return a->n == b->n;
}

void content_of(const struct wanted *wanted, struct content *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < wanted->n_addrs; i++) {
		struct ipaddr *addr = &ret->list[ret->n];

		addr->family = strchr(wanted->addrs[i], ':') ? AF_INET6 : AF_INET;
		if (inet_pton(addr->family, wanted->addrs[i], addr->bytes) == 1)
			ret->n++;
	}
}

void content_copy(const struct ipaddr *list, size_t n, struct content *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < n; i++)
		ret->list[ret->n++] = list[i];
}
