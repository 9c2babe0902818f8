/* SPDX-License-Identifier: MIT */
/* What keeps one address from being published under a rule, and that in words. */
#ifndef NETWATCH_FAULT_H
#define NETWATCH_FAULT_H

struct address;
struct rule;

/* In the order they are looked for: a later one is a nearer miss. */
enum fault {
	FAULT_CLASS, /* its class is not allowed */
	FAULT_SCOPE, /* somebody gave it a narrower scope than global */
	FAULT_DADFAILED,
	FAULT_TENTATIVE, /* optimistic ones too */
	FAULT_SELECT,    /* another kind of IPv6 address is asked for */
	FAULT_MATCH,
	FAULT_PREFIX,     /* the rule's host part cannot follow its prefix */
	FAULT_RESULT,     /* it can, but gives an address of a class that is not allowed */
	FAULT_DEPRECATED, /* and nothing but that */
	FAULT_NONE,
};

enum fault fault_find(const struct address *address, const struct rule *rule);

#define FAULT_TEXT_MAX 160

/* "10.0.0.5 is private, RFC 1918; allow = private lifts it"; returns out. FAULT_NONE gives the
 * address alone. */
const char *fault_text(enum fault fault, const struct address *address, const struct rule *rule,
		       char out[static FAULT_TEXT_MAX]);

#endif
