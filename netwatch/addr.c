/* SPDX-License-Identifier: MIT */
#include "netwatch/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct special {
	sa_family_t family;
	uint8_t len;
	enum addr_class class;
	uint8_t bytes[16];
};

/* The first match counts, so the narrow ones come before what holds them. */
static const struct special specials[] = {
	{AF_INET, 8, ADDR_CLASS_UNSPECIFIED, {0}},
	{AF_INET, 8, ADDR_CLASS_PRIVATE, {10}},
	{AF_INET, 10, ADDR_CLASS_CGNAT, {100, 64}},
	{AF_INET, 8, ADDR_CLASS_LOOPBACK, {127}},
	{AF_INET, 16, ADDR_CLASS_LINK_LOCAL, {169, 254}},
	{AF_INET, 12, ADDR_CLASS_PRIVATE, {172, 16}},
	{AF_INET, 24, ADDR_CLASS_RESERVED, {192, 0, 0}},
	{AF_INET, 24, ADDR_CLASS_DOCUMENTATION, {192, 0, 2}},
	{AF_INET, 24, ADDR_CLASS_SIXTOFOUR, {192, 88, 99}},
	{AF_INET, 16, ADDR_CLASS_PRIVATE, {192, 168}},
	{AF_INET, 15, ADDR_CLASS_BENCHMARK, {198, 18}},
	{AF_INET, 24, ADDR_CLASS_DOCUMENTATION, {198, 51, 100}},
	{AF_INET, 24, ADDR_CLASS_DOCUMENTATION, {203, 0, 113}},
	{AF_INET, 4, ADDR_CLASS_MULTICAST, {224}},
	{AF_INET, 4, ADDR_CLASS_RESERVED, {240}},
	{AF_INET, 0, ADDR_CLASS_GLOBAL, {0}},
	{AF_INET6, 128, ADDR_CLASS_UNSPECIFIED, {0}},
	{AF_INET6, 128, ADDR_CLASS_LOOPBACK, {[15] = 1}},
	{AF_INET6, 96, ADDR_CLASS_MAPPED, {[10] = 0xff, 0xff}},
	{AF_INET6, 96, ADDR_CLASS_MAPPED, {0x00, 0x64, 0xff, 0x9b}},
	{AF_INET6, 10, ADDR_CLASS_LINK_LOCAL, {0xfe, 0x80}},
	{AF_INET6, 10, ADDR_CLASS_ULA, {0xfe, 0xc0}},
	{AF_INET6, 7, ADDR_CLASS_ULA, {0xfc}},
	{AF_INET6, 8, ADDR_CLASS_MULTICAST, {0xff}},
	{AF_INET6, 32, ADDR_CLASS_DOCUMENTATION, {0x20, 0x01, 0x0d, 0xb8}},
	{AF_INET6, 20, ADDR_CLASS_DOCUMENTATION, {0x3f, 0xff}},
	{AF_INET6, 48, ADDR_CLASS_BENCHMARK, {0x20, 0x01, 0x00, 0x02}},
	{AF_INET6, 32, ADDR_CLASS_TEREDO, {0x20, 0x01}},
	{AF_INET6, 23, ADDR_CLASS_RESERVED, {0x20, 0x01}}, /* RFC 2928: protocol assignments */
	{AF_INET6, 16, ADDR_CLASS_SIXTOFOUR, {0x20, 0x02}},
	{AF_INET6, 3, ADDR_CLASS_GLOBAL, {0x20}},
	{AF_INET6, 0, ADDR_CLASS_RESERVED, {0}},
};

static const char *const class_names[] = {
	[ADDR_CLASS_GLOBAL] = "global",
	[ADDR_CLASS_UNSPECIFIED] = "unspecified",
	[ADDR_CLASS_LOOPBACK] = "loopback",
	[ADDR_CLASS_LINK_LOCAL] = "link-local",
	[ADDR_CLASS_PRIVATE] = "private",
	[ADDR_CLASS_CGNAT] = "cgnat",
	[ADDR_CLASS_ULA] = "ula",
	[ADDR_CLASS_DOCUMENTATION] = "documentation",
	[ADDR_CLASS_BENCHMARK] = "benchmark",
	[ADDR_CLASS_MULTICAST] = "multicast",
	[ADDR_CLASS_SIXTOFOUR] = "6to4",
	[ADDR_CLASS_TEREDO] = "teredo",
	[ADDR_CLASS_MAPPED] = "mapped",
	[ADDR_CLASS_RESERVED] = "reserved",
};
_Static_assert(sizeof(class_names) / sizeof(*class_names) == ADDR_CLASS_COUNT,
	       "one name per class");

static unsigned full_length(sa_family_t family)
{
	return family == AF_INET ? 32 : family == AF_INET6 ? 128 : 0;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned len)
{
	unsigned whole = len / 8, rest = len % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

int addr_parse(const char *text, struct ipaddr *ret)
{
	struct ipaddr addr = {.family = strchr(text, ':') ? AF_INET6 : AF_INET};

	if (inet_pton(addr.family, text, addr.bytes) != 1)
		return -EINVAL;
	*ret = addr;
	return 0;
}

int addr_parse_prefix(const char *text, struct ipaddr *ret, unsigned *ret_len)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char host[ADDR_TEXT_MAX];
	struct ipaddr addr;
	unsigned len = 0;

	if (n >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, n);
	host[n] = '\0';
	if (addr_parse(host, &addr) < 0)
		return -EINVAL;
	if (!slash) {
		len = full_length(addr.family);
	} else {
		const char *digit = slash + 1;

		if (*digit == '\0' || (*digit == '0' && digit[1] != '\0'))
			return -EINVAL;
		for (; *digit; digit++) {
			if (*digit < '0' || *digit > '9')
				return -EINVAL;
			len = len * 10 + (unsigned)(*digit - '0');
			if (len > full_length(addr.family))
				return -EINVAL;
		}
	}
	*ret = addr;
	*ret_len = len;
	return 0;
}

/* Those of ::/96 that inet_ntop would write as if they held an IPv4 address: RFC 5952 section 5
 * keeps that for prefixes known to, and a host part such as ::1234:5678 is none. */
static bool is_host_part(const struct ipaddr *addr)
{
	static const uint8_t none[12];

	return addr->family == AF_INET6 && memcmp(addr->bytes, none, sizeof(none)) == 0 &&
	       (addr->bytes[12] || addr->bytes[13]);
}

const char *addr_text(const struct ipaddr *addr, char out[static ADDR_TEXT_MAX])
{
	static const char none[] = "none";
	const uint8_t *end = addr->bytes + 12;

	if (is_host_part(addr))
		snprintf(out, ADDR_TEXT_MAX, "::%x:%x", (unsigned)end[0] << 8 | end[1],
			 (unsigned)end[2] << 8 | end[3]);
	else if (full_length(addr->family) == 0 ||
		 !inet_ntop(addr->family, addr->bytes, out, ADDR_TEXT_MAX))
		memcpy(out, none, sizeof(none));
	return out;
}

int addr_compare(const struct ipaddr *a, const struct ipaddr *b)
{
	int order = (a->family > b->family) - (a->family < b->family);

	if (order == 0)
		order = memcmp(a->bytes, b->bytes, full_length(a->family) / 8);
	return (order > 0) - (order < 0);
}

bool addr_equal(const struct ipaddr *a, const struct ipaddr *b)
{
	return addr_compare(a, b) == 0;
}

bool addr_in_prefix(const struct ipaddr *addr, const struct ipaddr *prefix, unsigned len)
{
	return addr->family == prefix->family && len <= full_length(addr->family) &&
	       same_bits(addr->bytes, prefix->bytes, len);
}

enum addr_class addr_classify(const struct ipaddr *addr)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++) {
		const struct special *special = &specials[i];

		if (addr->family == special->family &&
		    same_bits(addr->bytes, special->bytes, special->len))
			return special->class;
	}
	return ADDR_CLASS_UNSPECIFIED;
}

const char *addr_class_name(enum addr_class class)
{
	return class_names[class];
}

int addr_class_parse(const char *name, enum addr_class *ret)
{
	for (unsigned i = 0; i < ADDR_CLASS_COUNT; i++) {
		if (strcmp(class_names[i], name) == 0) {
			*ret = (enum addr_class)i;
			return 0;
		}
	}
	return -EINVAL;
}
