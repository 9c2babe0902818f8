/* SPDX-License-Identifier: MIT */
#include "netwatch/contest.h"

#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>

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

/* Where the same address stands; n: nowhere. */
static size_t find(const struct contest *contest, const struct ipaddr *addr)
{
	size_t i = 0;

	while (i < contest->n && !addr_equal(&contest->best[i].addr, addr))
		i++;
	return i;
}

static void leave(struct contest *contest, size_t at)
{
	contest->n--;
	memmove(&contest->best[at], &contest->best[at + 1],
		(contest->n - at) * sizeof(*contest->best));
}

/* Of two that give the same address on a link, the better one counts. */
static void enter(struct contest *contest, const struct contender *contender)
{
	size_t at = 0, same = find(contest, &contender->addr);

	if (same < contest->n) {
		const struct contender *other = &contest->best[same];

		if (other->link != contender->link || compare_contenders(other, contender) <= 0)
			return;
		leave(contest, same);
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
		struct contender contender = {.link = link, .address = &link->addresses[i]};

		if (!standing_is_eligible(q, link, contender.address))
			continue;
		standing_address(q, contender.address, &contender.addr);
		contender.published = standing_is_published(q, contender.address);
		enter(contest, &contender);
	}
}

static int by_address(const void *a, const void *b)
{
	const struct contender *x = a, *y = b;

	return addr_compare(&x->addr, &y->addr);
}

void contest_hold(const struct question *q, const struct link *best, struct contest *ret)
{
	bool all = q->rule->combine == RULE_COMBINE_ALL;

	*ret = (struct contest){.room = all ? CHOICE_MAX : 1};
	if (all && standing_judge(q, best) == STANDING_READY) {
		for (size_t i = 0; i < q->snapshot->n_links; i++) {
			const struct link *link = &q->snapshot->links[i];

			if (standing_judge(q, link) == STANDING_READY)
				enter_link(q, link, ret);
		}
	} else {
		enter_link(q, best, ret);
	}
	if (ret->n > 0)
		qsort(ret->best, ret->n, sizeof(*ret->best), by_address);
}
