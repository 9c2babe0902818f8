/* SPDX-License-Identifier: MIT */
#include "netwatch/choose.h"

#include <linux/if_addr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netwatch/fault.h"
#include "netwatch/standing.h"

struct contender {
	const struct link *link;
	const struct address *address;
	bool published;
};

/* The best contenders, best first. */
struct contest {
	struct contender best[CHOICE_MAX];
	size_t n, room, left_out;
};

static const char *const family_names[] = {[FAMILY_IPV4] = "IPv4", [FAMILY_IPV6] = "IPv6"};

static int compare_u32(uint32_t a, uint32_t b)
{
	return (a < b) - (a > b);
}

/* Whether an address is so clearly the longer-lived that the published one must yield. Lifetimes
 * move with every router advertisement, but a prefix still advertised is renewed long before half
 * of its lifetime is over (RFC 4861 section 6.2.1: 600 s of 7 days); one that falls behind by half
 * is a prefix nobody renews any more. */
static bool outlives(const struct address *address, const struct address *published)
{
	return address->addr.family == AF_INET6 &&
	       address->preferred_s / 2 > published->preferred_s;
}

/* Negative: a before b. The published address stays while no other clearly outlives it. An IPv4
 * secondary comes after its primary, as in the kernel's own choice; creation stamps wrap. */
static int compare_contenders(const struct contender *a, const struct contender *b)
{
	const struct address *x = a->address, *y = b->address;
	bool ipv4 = x->addr.family == AF_INET;
	int order = b->published - a->published;

	if (order != 0)
		return (order < 0 ? outlives(y, x) : outlives(x, y)) ? -order : order;
	if (ipv4)
		order = compare_u32(y->flags & IFA_F_SECONDARY, x->flags & IFA_F_SECONDARY);
	if (order == 0)
		order = compare_u32(x->preferred_s, y->preferred_s);
	if (order == 0 && x->created != y->created)
		order = (int32_t)(x->created - y->created) > 0 ? -1 : 1;
	return order != 0 ? order : addr_compare(&x->addr, &y->addr);
}

static void enter(struct contest *contest, const struct contender *contender)
{
	size_t at = 0;

	for (size_t i = 0; i < contest->n; i++) {
		if (addr_equal(&contest->best[i].address->addr, &contender->address->addr))
			return;
	}
	while (at < contest->n && compare_contenders(&contest->best[at], contender) <= 0)
		at++;
	contest->left_out += contest->n == contest->room;
	if (at == contest->room)
		return;
	if (contest->n < contest->room)
		contest->n++;
	memmove(&contest->best[at + 1], &contest->best[at],
		(contest->n - at - 1) * sizeof(*contender));
	contest->best[at] = *contender;
}

static void enter_link(const struct question *q, const struct link *link, struct contest *contest)
{
	for (size_t i = 0; i < link->n_addresses; i++) {
		const struct address *address = &link->addresses[i];

		if (standing_is_eligible(q, link, address))
			enter(contest,
			      &(struct contender){link, address,
						  standing_is_published(q, &address->addr)});
	}
}

static int by_address(const void *a, const void *b)
{
	const struct contender *x = a, *y = b;

	return addr_compare(&x->address->addr, &y->address->addr);
}

/* Which link, or with RULE_COMBINE_ALL every ready link, and there the best addresses, sorted. */
static void hold_contest(const struct question *q, const struct link *best, struct contest *contest)
{
	bool all = q->rule->combine == RULE_COMBINE_ALL;

	*contest = (struct contest){.room = all ? CHOICE_MAX : 1};
	if (all && standing_judge(q, best) == STANDING_READY) {
		for (size_t i = 0; i < q->snapshot->n_links; i++) {
			const struct link *link = &q->snapshot->links[i];

			if (standing_judge(q, link) == STANDING_READY)
				enter_link(q, link, contest);
		}
	} else {
		enter_link(q, best, contest);
	}
	if (contest->n > 0)
		qsort(contest->best, contest->n, sizeof(*contest->best), by_address);
}

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
		snprintf(out, CHOICE_WHY_MAX, "%s has no usable %s address (%.110s)", link->name,
			 family_names[q->rule->family],
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

static void tell_choice(const struct question *q, const struct contest *contest,
			const struct choice *choice, char *out)
{
	const struct contender *first = &contest->best[0];
	char text[ADDR_TEXT_MAX], more[48] = "", way[CHOICE_WHY_MAX];
	const char *deprecated = fault_find(first->address, q->rule) == FAULT_DEPRECATED
					 ? ", deprecated, kept for want of another"
					 : "";

	if (contest->n > 1)
		snprintf(more, sizeof(more), " and %zu more", contest->n - 1);
	if (q->rule->combine == RULE_COMBINE_ALL && contest->left_out > 0)
		snprintf(more, sizeof(more), " and %zu more (%zu left out)", contest->n - 1,
			 contest->left_out);
	addr_text(&first->address->addr, text);
	if (choice->ready) {
		snprintf(out, CHOICE_WHY_MAX, "%s on %s%s%s", text, first->link->name, more,
			 deprecated);
		return;
	}
	tell_way_out(q, first->link, way);
	snprintf(out, CHOICE_WHY_MAX, "%.60s (%s%s%s waits)", way, text, more, deprecated);
}

void choose(const struct snapshot *snapshot, const struct rule *rule,
	    const struct choice *published, struct choice *ret)
{
	const struct question q = {snapshot, rule, published};
	const struct link *best = standing_best(&q);
	struct choice choice = {.n = 0};
	struct contest contest = {.n = 0};

	if (best)
		hold_contest(&q, best, &contest);
	if (!best) {
		tell_no_link(&q, choice.why);
	} else if (contest.n == 0) {
		tell_empty_link(&q, best, choice.why);
	} else {
		for (size_t i = 0; i < contest.n; i++)
			choice.addrs[choice.n++] = contest.best[i].address->addr;
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

	if (!standing_is_eligible(q, link, address) || (!all && link->ifindex != choice->ifindex) ||
	    (choice->ready && standing_judge(q, link) < STANDING_LAST))
		return false;
	for (size_t i = 0; i < choice->n; i++) {
		if (addr_equal(&choice->addrs[i], &address->addr))
			return true;
	}
	return false;
}

static void tell_address(const struct question *q, const struct choice *choice,
			 struct candidate *candidate, char *out)
{
	char text[FAULT_TEXT_MAX], winner[ADDR_TEXT_MAX];
	enum fault fault = fault_find(candidate->address, q->rule);

	if (candidate->chosen)
		snprintf(out, CHOICE_WHY_MAX, "%s",
			 standing_is_published(q, &candidate->address->addr)
				 ? "chosen, as it is published"
				 : "chosen");
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
