/* SPDX-License-Identifier: MIT */
/* From what was read and what a source asks for to the addresses to publish, and why these or why
 * none. Pure and deterministic. */
#ifndef NETWATCH_CHOOSE_H
#define NETWATCH_CHOOSE_H

#include <net/if.h>

#include "netwatch/addr.h"
#include "netwatch/hostpart.h"
#include "netwatch/snapshot.h"

#define CHOICE_MAX     8
#define CHOICE_WHY_MAX 160

enum rule_select { RULE_SELECT_STABLE, RULE_SELECT_TEMPORARY, RULE_SELECT_DHCP, RULE_SELECT_EUI64 };
enum rule_ready { RULE_READY_ROUTE, RULE_READY_ADDRESS };
enum rule_combine { RULE_COMBINE_FIRST, RULE_COMBINE_ALL };
enum rule_match { RULE_MATCH_NONE, RULE_MATCH_PREFIX, RULE_MATCH_SUFFIX };

/* What a source asks for, in one family. Borrowed strings. */
struct rule {
	enum family family;
	const char *const *interfaces; /* names and globs, best first; none: the routed link */
	size_t n_interfaces;
	enum rule_select select;
	enum rule_match match;
	struct ipaddr match_addr; /* prefix of match_len bits, or suffix of all but match_len */
	unsigned match_len;
	uint32_t allow; /* bit 1 << enum addr_class: classes lifted */
	enum rule_ready ready;
	enum rule_combine combine;
	struct hostpart host; /* FAMILY_IPV6: publish this host by the prefix of each address */
};

/* The outcome. Equal outcomes compare equal by choice_equal, whatever their why. */
struct choice {
	struct ipaddr addrs[CHOICE_MAX]; /* sorted; with RULE_COMBINE_FIRST at most one */
	size_t n;                        /* 0: none, see why */
	unsigned ifindex;                /* the link of addrs[0]; 0: none */
	char interface[IF_NAMESIZE];
	bool ready; /* addresses chosen and the way out by that link exists */
	char why[CHOICE_WHY_MAX];
};

/* One address looked at: chosen, merely eligible, or rejected with the reason in words. */
struct candidate {
	const struct link *link;
	const struct address *address; /* NULL: the verdict is about the link */
	bool eligible, chosen;
	const char *why; /* valid during the call */
};

/* published is what is published now (kept while still eligible and not outranked), or NULL. */
void choose(const struct snapshot *snapshot, const struct rule *rule,
	    const struct choice *published, struct choice *ret);

/* The same, telling each about every candidate of the rule's family, in snapshot order. */
void choose_explain(const struct snapshot *snapshot, const struct rule *rule,
		    const struct choice *published,
		    void (*each)(void *arg, const struct candidate *candidate), void *arg);

/* Same addresses, same link, same readiness. */
bool choice_equal(const struct choice *a, const struct choice *b);

#endif
