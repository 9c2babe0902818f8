/* SPDX-License-Identifier: MIT */
/* Attributes of a netlink message, checked: never a byte past nlmsg_len is read, and no alignment
 * padding is needed behind it. */
#ifndef NETWATCH_ATTRS_H
#define NETWATCH_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netwatch/addr.h"

struct nlattr;
struct nlmsghdr;

/* Whether a whole message begins here, with left bytes to go. (libmnl's own check takes a length
 * beyond 2 GiB for a negative one.) */
bool attrs_whole(const struct nlmsghdr *nlh, int left);

/* Points tb[type] at each attribute that follows the first offset bytes of the message (netlink
 * header included). tb has max + 1 entries, all cleared first; types above max are skipped, the
 * nested and byte-order flags masked off. -EBADMSG: the chain of attributes is broken. */
int attrs_index(const struct nlmsghdr *nlh, size_t offset, const struct nlattr **tb, unsigned max);

/* The same for the attributes inside a nested one. */
int attrs_nested(const struct nlattr *nest, const struct nlattr **tb, unsigned max);

/* Each attribute inside a nested one, in turn: NULL starts, NULL ends (or the chain is broken). */
const struct nlattr *attrs_next(const struct nlattr *nest, const struct nlattr *last);

/* The value of a 32-bit attribute, in *ret. Absent (NULL) leaves it alone. -EBADMSG: too short. */
int attrs_u32(const struct nlattr *attr, uint32_t *ret);

/* An address of that family. Absent leaves *ret alone. -EBADMSG: another length. */
int attrs_address(const struct nlattr *attr, sa_family_t family, struct ipaddr *ret);

/* A NUL-terminated string, cut to size. Absent leaves out alone. -EBADMSG: no NUL. */
int attrs_string(const struct nlattr *attr, char *out, size_t size);

#endif
