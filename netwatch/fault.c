/* SPDX-License-Identifier: MIT */
#include "netwatch/fault.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "netwatch/choose.h"

static const char *const class_words[] = {
	[ADDR_CLASS_GLOBAL] = "global",
	[ADDR_CLASS_UNSPECIFIED] = "no address of a host, RFC 1122",
	[ADDR_CLASS_LOOPBACK] = "loopback",
	[ADDR_CLASS_LINK_LOCAL] = "link-local",
	[ADDR_CLASS_PRIVATE] = "private, RFC 1918",
	[ADDR_CLASS_CGNAT] = "shared by a carrier's NAT, RFC 6598",
	[ADDR_CLASS_ULA] = "unique local, RFC 4193",
	[ADDR_CLASS_DOCUMENTATION] = "for documentation, RFC 5737 and 3849",
	[ADDR_CLASS_BENCHMARK] = "for benchmarks, RFC 2544",
	[ADDR_CLASS_MULTICAST] = "multicast",
	[ADDR_CLASS_SIXTOFOUR] = "6to4, RFC 7526",
	[ADDR_CLASS_TEREDO] = "Teredo, RFC 4380",
	[ADDR_CLASS_MAPPED] = "an IPv4 address in IPv6, RFC 4291",
	[ADDR_CLASS_RESERVED] = "reserved, RFC 6890",
};
_Static_assert(sizeof(class_words) / sizeof(*class_words) == ADDR_CLASS_COUNT,
	       "words for every class");

static const char *const select_words[] = {
	[RULE_SELECT_STABLE] = "temporary (privacy), and stable is asked for",
	[RULE_SELECT_TEMPORARY] = "not temporary, as is asked for",
	[RULE_SELECT_DHCP] = "not from DHCPv6 (a /128), as is asked for",
	[RULE_SELECT_EUI64] = "not made of the MAC (EUI-64), as is asked for",
};

static bool is_eui64(const struct ipaddr *addr)
{
	return addr->bytes[11] == 0xff && addr->bytes[12] == 0xfe;
}

/* Flag 0x01 means temporary for IPv6 only. DHCPv6 hands out single addresses, and its clients
 * configure them as such. */
static bool is_selected(const struct address *address, enum rule_select select)
{
	bool temporary = address->flags & IFA_F_TEMPORARY;

	if (address->addr.family != AF_INET6)
		return true;
	switch (select) {
	case RULE_SELECT_STABLE:
		return !temporary;
	case RULE_SELECT_TEMPORARY:
		return temporary;
	case RULE_SELECT_DHCP:
		return !temporary && address->prefix_len == 128;
	case RULE_SELECT_EUI64:
		return !temporary && is_eui64(&address->addr);
	}
	return false;
}

static bool ends_like(const struct ipaddr *addr, const struct ipaddr *suffix, unsigned from)
{
	unsigned bits = addr->family == AF_INET ? 32 : 128;

	if (addr->family != suffix->family)
		return false;
	for (unsigned i = from; i < bits; i++) {
		if ((addr->bytes[i / 8] ^ suffix->bytes[i / 8]) & 0x80 >> i % 8)
			return false;
	}
	return true;
}

static bool is_match(const struct ipaddr *addr, const struct rule *rule)
{
	switch (rule->match) {
	case RULE_MATCH_NONE:
		return true;
	case RULE_MATCH_PREFIX:
		return addr_in_prefix(addr, &rule->match_addr, rule->match_len);
	case RULE_MATCH_SUFFIX:
		return ends_like(addr, &rule->match_addr, rule->match_len);
	}
	return false;
}

static bool is_allowed(enum addr_class class, const struct rule *rule)
{
	return class == ADDR_CLASS_GLOBAL || rule->allow >> class & 1;
}

/* Classes whose scope is narrow by nature are judged as classes. */
static bool is_narrowed(const struct address *address, enum addr_class class)
{
	const unsigned narrow = 1u << ADDR_CLASS_LOOPBACK | 1u << ADDR_CLASS_LINK_LOCAL |
				1u << ADDR_CLASS_ULA | 1u << ADDR_CLASS_MULTICAST;

	return address->scope != RT_SCOPE_UNIVERSE && !(narrow >> class & 1);
}

static bool is_result_allowed(const struct address *address, const struct rule *rule)
{
	struct ipaddr result;

	hostpart_join(&rule->host, address, &result);
	return is_allowed(addr_classify(&result), rule);
}

enum fault fault_find(const struct address *address, const struct rule *rule)
{
	enum addr_class class = addr_classify(&address->addr);

	if (!is_allowed(class, rule))
		return FAULT_CLASS;
	if (is_narrowed(address, class))
		return FAULT_SCOPE;
	if (address->flags & IFA_F_DADFAILED)
		return FAULT_DADFAILED;
	if (address->flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC))
		return FAULT_TENTATIVE;
	if (!is_selected(address, rule->select))
		return FAULT_SELECT;
	if (!is_match(&address->addr, rule))
		return FAULT_MATCH;
	if (hostpart_check(&rule->host, address) != HOSTPART_FIT)
		return FAULT_PREFIX;
	if (!is_result_allowed(address, rule))
		return FAULT_RESULT;
	if (address->flags & IFA_F_DEPRECATED || address->preferred_s == 0)
		return FAULT_DEPRECATED;
	return FAULT_NONE;
}

static void tell_match(const char *text, const struct rule *rule, char *out)
{
	char want[ADDR_TEXT_MAX];

	addr_text(&rule->match_addr, want);
	if (rule->match == RULE_MATCH_SUFFIX)
		snprintf(out, FAULT_TEXT_MAX, "%s does not end in %s", text, want);
	else
		snprintf(out, FAULT_TEXT_MAX, "%s is not in %s/%u", text, want, rule->match_len);
}

static void tell_class(const struct ipaddr *addr, char *out)
{
	enum addr_class class = addr_classify(addr);
	char text[ADDR_TEXT_MAX];

	snprintf(out, FAULT_TEXT_MAX, "%s is %s; allow = %s lifts it", addr_text(addr, text),
		 class_words[class], addr_class_name(class));
}

static void tell_result(const struct address *address, const struct rule *rule, char *out)
{
	struct ipaddr result;

	hostpart_join(&rule->host, address, &result);
	tell_class(&result, out);
}

static void tell_prefix(const char *text, const struct address *address, const struct rule *rule,
			char *out)
{
	char bits[ADDR_TEXT_MAX];

	addr_text(&rule->host.bits, bits);
	switch (hostpart_check(&rule->host, address)) {
	case HOSTPART_NO_PREFIX:
		snprintf(out, FAULT_TEXT_MAX, "%s/0 has no prefix", text);
		break;
	case HOSTPART_OVERLAP:
		snprintf(out, FAULT_TEXT_MAX, "%s/%u reaches into the host part %s", text,
			 address->prefix_len, bits);
		break;
	case HOSTPART_OTHER_LENGTH:
		snprintf(out, FAULT_TEXT_MAX, "%s/%u, and suffix is meant for a /%u", text,
			 address->prefix_len, rule->host.prefix_len);
		break;
	case HOSTPART_FIT:
		snprintf(out, FAULT_TEXT_MAX, "%s", text);
		break;
	}
}

const char *fault_text(enum fault fault, const struct address *address, const struct rule *rule,
		       char out[static FAULT_TEXT_MAX])
{
	char text[ADDR_TEXT_MAX];

	addr_text(&address->addr, text);
	switch (fault) {
	case FAULT_CLASS:
		tell_class(&address->addr, out);
		break;
	case FAULT_SCOPE:
		snprintf(out, FAULT_TEXT_MAX, "%s is not of global scope (%u)", text,
			 address->scope);
		break;
	case FAULT_DADFAILED:
		snprintf(out, FAULT_TEXT_MAX, "%s is a duplicate of another host's", text);
		break;
	case FAULT_TENTATIVE:
		snprintf(out, FAULT_TEXT_MAX, "%s is tentative, its check for duplicates runs",
			 text);
		break;
	case FAULT_SELECT:
		snprintf(out, FAULT_TEXT_MAX, "%s is %s", text, select_words[rule->select]);
		break;
	case FAULT_MATCH:
		tell_match(text, rule, out);
		break;
	case FAULT_PREFIX:
		tell_prefix(text, address, rule, out);
		break;
	case FAULT_RESULT:
		tell_result(address, rule, out);
		break;
	case FAULT_DEPRECATED:
		snprintf(out, FAULT_TEXT_MAX, "%s is deprecated", text);
		break;
	case FAULT_NONE:
		snprintf(out, FAULT_TEXT_MAX, "%s", text);
		break;
	}
	return out;
}
