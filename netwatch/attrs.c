/* SPDX-License-Identifier: MIT */
#include "netwatch/attrs.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <string.h>

/* The attribute at offset of size bytes, or NULL: none that fits. */
static const struct nlattr *attr_at(const char *bytes, size_t size, size_t offset)
{
	const struct nlattr *attr;

	if (offset > size || size - offset < sizeof(*attr))
		return NULL;
	attr = (const void *)(bytes + offset);
	if (attr->nla_len < sizeof(*attr) || attr->nla_len > size - offset)
		return NULL;
	return attr;
}

static int index_bytes(const char *bytes, size_t size, const struct nlattr **tb, unsigned max)
{
	const struct nlattr *attr;
	size_t offset = 0;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	while ((attr = attr_at(bytes, size, offset))) {
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
		offset += MNL_ALIGN(attr->nla_len);
	}
	return offset >= size ? 0 : -EBADMSG;
}

bool attrs_whole(const struct nlmsghdr *nlh, int left)
{
	return left >= (int)sizeof(*nlh) && nlh->nlmsg_len >= sizeof(*nlh) &&
	       nlh->nlmsg_len <= (unsigned)left;
}

int attrs_index(const struct nlmsghdr *nlh, size_t offset, const struct nlattr **tb, unsigned max)
{
	offset = MNL_ALIGN(offset);
	if (nlh->nlmsg_len < offset) {
		memset(tb, 0, (max + 1) * sizeof(*tb));
		return 0;
	}
	return index_bytes((const char *)nlh + offset, nlh->nlmsg_len - offset, tb, max);
}

int attrs_nested(const struct nlattr *nest, const struct nlattr **tb, unsigned max)
{
	return index_bytes(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), tb, max);
}

const struct nlattr *attrs_next(const struct nlattr *nest, const struct nlattr *last)
{
	const char *bytes = mnl_attr_get_payload(nest);
	size_t offset = 0;

	if (last)
		offset = (size_t)((const char *)last - bytes) + MNL_ALIGN(last->nla_len);
	return attr_at(bytes, mnl_attr_get_payload_len(nest), offset);
}

int attrs_u32(const struct nlattr *attr, uint32_t *ret)
{
	if (!attr)
		return 0;
	if (mnl_attr_get_payload_len(attr) < sizeof(*ret))
		return -EBADMSG;
	memcpy(ret, mnl_attr_get_payload(attr), sizeof(*ret));
	return 0;
}

int attrs_address(const struct nlattr *attr, sa_family_t family, struct ipaddr *ret)
{
	size_t want = family == AF_INET ? 4 : 16;

	if (!attr)
		return 0;
	if (mnl_attr_get_payload_len(attr) != want)
		return -EBADMSG;
	*ret = (struct ipaddr){.family = family};
	memcpy(ret->bytes, mnl_attr_get_payload(attr), want);
	return 0;
}

int attrs_string(const struct nlattr *attr, char *out, size_t size)
{
	const char *text;
	size_t n;

	if (!attr)
		return 0;
	text = mnl_attr_get_payload(attr);
	n = strnlen(text, mnl_attr_get_payload_len(attr));
	if (n == mnl_attr_get_payload_len(attr))
		return -EBADMSG;
	n = n < size ? n : size - 1;
	memcpy(out, text, n);
	out[n] = '\0';
	return 0;
}
