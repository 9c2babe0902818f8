/* SPDX-License-Identifier: MIT */
#include "update/updater/odd.h"

#include "netwatch/addr.h"

static enum addr_class class_of(const char *text)
{
	struct ipaddr addr;

	return addr_parse(text, &addr) < 0 ? ADDR_CLASS_RESERVED : addr_classify(&addr);
}

static bool wants_class(const struct wanted *wanted, enum addr_class class)
{
	for (size_t i = 0; i < wanted->n_addrs; i++)
		if (class_of(wanted->addrs[i]) == class)
			return true;
	return false;
}

bool odd_address(const struct wanted *wanted, const char *address)
{
	enum addr_class class = class_of(address);

	return class != ADDR_CLASS_GLOBAL && !wants_class(wanted, class);
}
