/* SPDX-License-Identifier: MIT */
#include "netwatch/choose.h"

#include <stdio.h>
#include <string.h>

#include "netwatch/contest.h"
#include "netwatch/fault.h"

static const char *const family_names[] = {[FAMILY_IPV4] = "IPv4", [FAMILY_IPV6] = "IPv6"};

static void tell_no_link(const struct question *q, char *out)
{
	const struct route *route = &q->snapshot->routes[q->rule->family];
	const struct link *link = snapshot_link(q->snapshot, route->ifindex);
	size_t used;

	if (q->rule->n_interfaces > 0) {
		used = (size_t)snprintf(out, CHOICE_WHY_MAX, "no link matches %s",
					q->rule->interfaces[0]);
		for (size_t i = 1; i < q->rule->n_interfaces && used < CHOICE_WHY_MAX; i++)
			used += (size_t)snprintf(out + used, CHOICE_WHY_MAX - used, ", %s",
						 q->rule->interfaces[i]);
	} else if (route->error != 0 || route->ifindex == 0) {
		snprintf(out, CHOICE_WHY_MAX, "no default route for %s",
			 family_names[q->rule->family]);
	} else if (link) {
		snprintf(out, CHOICE_WHY_MAX,
			 "the default route leaves by %s, a tunnel (%s); name it as interface to "
			 "publish its address",
			 link->name, link->kind);
	} else {
		snprintf(out, CHOICE_WHY_MAX, "the default route leaves by link %u, which is gone",
			 route->ifindex);
	}
}

/* Whether the addresses seen only tell the prefix of another host's. */
static bool is_for_other(const struct question *q)
{
	return q->rule->host.prefix_max != 0;
}

/* Of all that keeps its addresses from being published, the nearest miss. */
static void tell_empty_link(const struct question *q, const struct link *link, char *out)
{
	const struct address *nearest = NULL;
	unsigned nearness = 0;
	char text[FAULT_TEXT_MAX];

	for (size_t i = 0; i < link->n_addresses; i++) {
		const struct address *address = &link->addresses[i];
		unsigned near;

		if (!standing_is_of_family(q, address))
			continue;
		near = 2 * (unsigned)fault_find(address, q->rule) +
		       (addr_classify(&address->addr) != ADDR_CLASS_LINK_LOCAL);
		if (!nearest || near > nearness) {
			nearest = address;
			nearness = near;
		}
	}
	if (!(link->flags & IFF_UP))
		snprintf(out, CHOICE_WHY_MAX, "%s is down", link->name);
	else if (!nearest)
		snprintf(out, CHOICE_WHY_MAX, "%s has no %s address", link->name,
			 family_names[q->rule->family]);
	else
		snprintf(out, CHOICE_WHY_MAX, "%s has no usable %s %s (%.110s)", link->name,
			 family_names[q->rule->family], is_for_other(q) ? "prefix" : "address",
			 fault_text(fault_find(nearest, q->rule), nearest, q->rule, text));
}

static void tell_way_out(const struct question *q, const struct link *link, char *out)
{
	if (!(link->flags & IFF_UP))
		snprintf(out, CHOICE_WHY_MAX, "%s is down", link->name);
	else if (!standing_has_way_out(q, link))
		snprintf(out, CHOICE_WHY_MAX, "no %s route by %s", family_names[q->rule->family],
			 link->name);
	else
		snprintf(out, CHOICE_WHY_MAX, "%s is ready", link->name);
}

static void tell_prefix(const struct address *address, char out[static ADDR_TEXT_MAX + 16])
{
	char text[ADDR_TEXT_MAX];

	snprintf(out, ADDR_TEXT_MAX + 16, ", by %s/%u", addr_text(&address->addr, text),
		 address->prefix_len);
}

/* A text that did not fit says so. */
static void mark_cut(char *out, int len)
{
	if (len >= CHOICE_WHY_MAX)
		memcpy(out + CHOICE_WHY_MAX - 4, "...", 4);
}

static void tell_choice(const struct question *q, const struct contest *contest,
			const struct choice *choice, char *out)
{
	const struct contender *first = &contest->best[0];
	char text[ADDR_TEXT_MAX], by[ADDR_TEXT_MAX + 16] = "", more[48] = "", way[CHOICE_WHY_MAX];
	const char *deprecated = fault_find(first->address, q->rule) == FAULT_DEPRECATED
					 ? ", deprecated, kept for want of another"
					 : "";

	if (contest->n > 1)
		snprintf(more, sizeof(more), " and %zu more", contest->n - 1);
	if (q->rule->combine == RULE_COMBINE_ALL && contest->left_out > 0)
		snprintf(more, sizeof(more), " and %zu more (%zu left out)", contest->n - 1,
			 contest->left_out);
	addr_text(&first->addr, text);
	if (is_for_other(q))
		tell_prefix(first->address, by);
	if (choice->ready) {
		mark_cut(out, snprintf(out, CHOICE_WHY_MAX, "%s%s on %s%s%s", text, by,
				       first->link->name, more, deprecated));
		return;
	}
	tell_way_out(q, first->link, way);
	mark_cut(out, snprintf(out, CHOICE_WHY_MAX, "%.60s (%s%s%s waits)", way, text, more,
			       deprecated));
}

void choose(const struct snapshot *snapshot, const struct rule *rule,
	    const struct choice *published, struct choice *ret)
{
	const struct question q = {snapshot, rule, published};
	const struct link *best = standing_best(&q);
	struct choice choice = {.n = 0};
	struct contest contest = {.n = 0};

	if (best)
		contest_hold(&q, best, &contest);
	if (!best) {
		tell_no_link(&q, choice.why);
	} else if (contest.n == 0) {
		tell_empty_link(&q, best, choice.why);
	} else {
		for (size_t i = 0; i < contest.n; i++)
			choice.addrs[choice.n++] = contest.best[i].addr;
		choice.ifindex = contest.best[0].link->ifindex;
		memcpy(choice.interface, contest.best[0].link->name, sizeof(choice.interface));
		choice.ready = standing_has_way_out(&q, best);
		tell_choice(&q, &contest, &choice, choice.why);
	}
	*ret = choice;
}

static bool is_chosen(const struct choice *choice, const struct question *q,
		      const struct link *link, const struct address *address)
{
	bool all = q->rule->combine == RULE_COMBINE_ALL;
	struct ipaddr addr;

	if (!standing_is_eligible(q, link, address) || (!all && link->ifindex != choice->ifindex) ||
	    (choice->ready && standing_judge(q, link) < STANDING_LAST))
		return false;
	standing_address(q, address, &addr);
	for (size_t i = 0; i < choice->n; i++) {
		if (addr_equal(&choice->addrs[i], &addr))
			return true;
	}
	return false;
}

static void tell_chosen(const struct question *q, const struct address *address, char *out)
{
	bool published = standing_is_published(q, address);
	char text[ADDR_TEXT_MAX];
	struct ipaddr addr;

	standing_address(q, address, &addr);
	snprintf(out, CHOICE_WHY_MAX, "chosen%s%s%s", published ? ", as it is published" : "",
		 is_for_other(q) ? "; gives " : "", is_for_other(q) ? addr_text(&addr, text) : "");
}

static void tell_address(const struct question *q, const struct choice *choice,
			 struct candidate *candidate, char *out)
{
	char text[FAULT_TEXT_MAX], winner[ADDR_TEXT_MAX];
	enum fault fault = fault_find(candidate->address, q->rule);

	if (candidate->chosen)
		tell_chosen(q, candidate->address, out);
	else if (fault != FAULT_NONE)
		snprintf(out, CHOICE_WHY_MAX, "%s",
			 fault_text(fault, candidate->address, q->rule, text));
	else if (!candidate->eligible)
		snprintf(out, CHOICE_WHY_MAX, "usable, but %s is not asked for",
			 candidate->link->name);
	else
		snprintf(out, CHOICE_WHY_MAX, "usable, but %s on %s comes first",
			 addr_text(&choice->addrs[0], winner), choice->interface);
}

static void tell_link(const struct question *q, const struct link *link, char *out)
{
	if (standing_place(q, link) >= 0)
		tell_way_out(q, link, out);
	else if (q->rule->n_interfaces > 0)
		snprintf(out, CHOICE_WHY_MAX, "%s is not asked for", link->name);
	else if (standing_is_tunnel(link))
		snprintf(out, CHOICE_WHY_MAX, "%s is a tunnel (%s), used only by name", link->name,
			 link->kind);
	else
		snprintf(out, CHOICE_WHY_MAX, "the %s default route does not leave by %s",
			 family_names[q->rule->family], link->name);
}

void choose_explain(const struct snapshot *snapshot, const struct rule *rule,
		    const struct choice *published,
		    void (*each)(void *arg, const struct candidate *candidate), void *arg)
{
	const struct question q = {snapshot, rule, published};
	char why[CHOICE_WHY_MAX];
	struct choice choice;

	choose(snapshot, rule, published, &choice);
	for (size_t i = 0; i < snapshot->n_links; i++) {
		const struct link *link = &snapshot->links[i];
		bool asked = standing_place(&q, link) >= 0;
		struct candidate candidate = {.link = link, .eligible = asked, .why = why};

		candidate.chosen = choice.n > 0 && link->ifindex == choice.ifindex;
		tell_link(&q, link, why);
		each(arg, &candidate);
		for (size_t a = 0; a < link->n_addresses; a++) {
			candidate.address = &link->addresses[a];
			if (!standing_is_of_family(&q, candidate.address))
				continue;
			candidate.eligible =
				asked && standing_is_eligible(&q, link, candidate.address);
			candidate.chosen = asked && is_chosen(&choice, &q, link, candidate.address);
			tell_address(&q, &choice, &candidate, why);
			each(arg, &candidate);
		}
	}
}

bool choice_equal(const struct choice *a, const struct choice *b)
{
	if (a->n != b->n || a->ifindex != b->ifindex || a->ready != b->ready ||
	    strcmp(a->interface, b->interface) != 0)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!addr_equal(&a->addrs[i], &b->addrs[i]))
			return false;
	}
	return true;
}
