/* SPDX-License-Identifier: MIT */
#include "update/rule.h"

#include <errno.h>
#include <string.h>

#define SUFFIX_HOST_BITS 64 /* of an interface identifier, RFC 4291 2.5.1 */

enum family rule_family(enum record_type type)
{
	return type == RECORD_TYPE_AAAA ? FAMILY_IPV6 : FAMILY_IPV4;
}

static sa_family_t family_af(enum family family)
{
	return family == FAMILY_IPV6 ? AF_INET6 : AF_INET;
}

static enum rule_select select_rule(enum cfg_select select)
{
	switch (select) {
	case CFG_SELECT_STABLE:
		return RULE_SELECT_STABLE;
	case CFG_SELECT_TEMPORARY:
		return RULE_SELECT_TEMPORARY;
	case CFG_SELECT_DHCP:
		return RULE_SELECT_DHCP;
	case CFG_SELECT_EUI64:
		return RULE_SELECT_EUI64;
	}
	return RULE_SELECT_STABLE;
}

/* The bits before the suffix, which may be anything. */
static unsigned suffix_free_bits(const struct ipaddr *suffix)
{
	for (unsigned i = 0; i < SUFFIX_HOST_BITS / 8; i++)
		if (suffix->bytes[i])
			return i / 2 * 16;
	return SUFFIX_HOST_BITS;
}

static int read_match(const char *text, sa_family_t af, struct rule *rule)
{
	struct ipaddr addr;
	unsigned len;
	enum rule_match match;

	if (!text)
		return 0;
	if (!strncmp(text, "::", 2) && !strchr(text, '/')) {
		if (addr_parse(text, &addr) < 0)
			return -EINVAL;
		match = RULE_MATCH_SUFFIX;
		len = suffix_free_bits(&addr);
	} else {
		if (addr_parse_prefix(text, &addr, &len) < 0)
			return -EINVAL;
		match = RULE_MATCH_PREFIX;
	}
	if (addr.family != af)
		return 0;
	rule->match = match;
	rule->match_addr = addr;
	rule->match_len = len;
	return 0;
}

static void read_host(const struct cfg_host *host, struct rule *rule)
{
	if (host->prefix_max == 0 || rule->family != FAMILY_IPV6)
		return;
	rule->host.bits.family = AF_INET6;
	memcpy(rule->host.bits.bytes, host->bytes, sizeof(host->bytes));
	rule->host.prefix_max = host->prefix_max;
	rule->host.prefix_len = host->prefix_len;
}

static int read_allow(const struct cfg_source *source, uint32_t *ret)
{
	uint32_t allow = 0;
	enum addr_class class;

	for (size_t i = 0; i < source->n_allow; i++) {
		if (addr_class_parse(source->allow[i], &class) < 0)
			return -EINVAL;
		allow |= UINT32_C(1) << class;
	}
	*ret = allow;
	return 0;
}

int rule_make(const struct cfg_source *source, enum record_type type, struct rule *ret)
{
	struct rule rule = {
		.family = rule_family(type),
		.interfaces = (const char *const *)source->interfaces,
		.n_interfaces = source->n_interfaces,
		.select = select_rule(source->select),
		.ready = source->ready == CFG_READY_ADDRESS ? RULE_READY_ADDRESS : RULE_READY_ROUTE,
		.combine =
			source->combine == CFG_COMBINE_ALL ? RULE_COMBINE_ALL : RULE_COMBINE_FIRST,
	};

	if (read_match(source->match, family_af(rule.family), &rule) < 0 ||
	    read_allow(source, &rule.allow) < 0)
		return -EINVAL;
	read_host(&source->host, &rule);
	*ret = rule;
	return 0;
}
