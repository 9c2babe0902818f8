/* SPDX-License-Identifier: MIT */
/* An IP address as a plain value: text, order, and its class in the IANA special-purpose
 * registries. */
#ifndef NETWATCH_ADDR_H
#define NETWATCH_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define ADDR_TEXT_MAX INET6_ADDRSTRLEN

struct ipaddr {
	sa_family_t family; /* AF_INET, AF_INET6, or AF_UNSPEC: no address */
	uint8_t bytes[16];  /* network order; an IPv4 address is the first four, the rest are 0 */
};

/* What an address is for. The kernel's scope does not tell (netlink: RFC 1918, CGNAT, ULA and 6to4
 * all have scope 0), so classes go by prefix. */
enum addr_class {
	ADDR_CLASS_GLOBAL,
	ADDR_CLASS_UNSPECIFIED,   /* 0.0.0.0/8, ::, RFC 1122 */
	ADDR_CLASS_LOOPBACK,      /* 127/8, ::1 */
	ADDR_CLASS_LINK_LOCAL,    /* 169.254/16 RFC 3927, fe80::/10 RFC 4291 */
	ADDR_CLASS_PRIVATE,       /* RFC 1918 */
	ADDR_CLASS_CGNAT,         /* 100.64/10, RFC 6598 */
	ADDR_CLASS_ULA,           /* fc00::/7 RFC 4193, fec0::/10 RFC 3879 */
	ADDR_CLASS_DOCUMENTATION, /* RFC 5737, RFC 3849, RFC 9637 */
	ADDR_CLASS_BENCHMARK,     /* 198.18/15 RFC 2544, 2001:2::/48 RFC 5180 */
	ADDR_CLASS_MULTICAST,
	ADDR_CLASS_SIXTOFOUR, /* 2002::/16 RFC 3056, 192.88.99/24 RFC 7526 */
	ADDR_CLASS_TEREDO,    /* 2001::/32 RFC 4380 */
	ADDR_CLASS_MAPPED,    /* ::ffff:0:0/96 RFC 4291, 64:ff9b::/96 RFC 6052 */
	ADDR_CLASS_RESERVED,  /* 192.0.0/24 RFC 6890, 240/4, and IPv6 outside 2000::/3 */
};
#define ADDR_CLASS_COUNT (ADDR_CLASS_RESERVED + 1)

/* Numeric text, no prefix length, no zone. -EINVAL: not an address. */
int addr_parse(const char *text, struct ipaddr *ret);

/* CIDR ("192.0.2.0/24"); a bare address has the full length. -EINVAL: not a prefix. */
int addr_parse_prefix(const char *text, struct ipaddr *ret, unsigned *ret_len);

/* Canonical text (RFC 5952); returns out. AF_UNSPEC gives "none". */
const char *addr_text(const struct ipaddr *addr, char out[static ADDR_TEXT_MAX]);

/* Total order: family, then bytes. 0: equal. */
int addr_compare(const struct ipaddr *a, const struct ipaddr *b);

bool addr_equal(const struct ipaddr *a, const struct ipaddr *b);

/* Whether the first len bits of addr are those of prefix; false for another family. */
bool addr_in_prefix(const struct ipaddr *addr, const struct ipaddr *prefix, unsigned len);

enum addr_class addr_classify(const struct ipaddr *addr);

/* The word used in configuration ("private", "cgnat", "ula", "documentation", "link-local", ...).
 */
const char *addr_class_name(enum addr_class class);

/* Inverse of addr_class_name. -EINVAL: no such class. */
int addr_class_parse(const char *name, enum addr_class *ret);

#endif
