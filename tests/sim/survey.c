/* SPDX-License-Identifier: MIT */
#include "tests/sim/survey.h"

#include <errno.h>
#include <fnmatch.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "netwatch/event.h"
#include "netwatch/query.h"
#include "netwatch/survey.h"
#include "netwatch/watch.h"
#include "tests/sim/kernel.h"
#include "tests/sim/oracle.h"
#include "tests/sim/report.h"
#include "tests/sim/rng.h"
#include "tests/sim/vtime.h"
#include "tests/sim/wrap.h"

/* There is but one of each, and nothing in it. */
struct watch {
	char nothing;
};

struct query {
	char nothing;
};

static struct watch the_watch;
static struct query the_query;

int watch_open(size_t rcvbuf, struct watch **ret)
{
	(void)rcvbuf;
	(void)survey_events();
	*ret = &the_watch;
	return 0;
}

void watch_close(struct watch *watch)
{
	(void)watch;
}

int watch_fd(const struct watch *watch)
{
	(void)watch;
	return 5;
}

int watch_read(struct watch *watch, struct dirty *marks)
{
	(void)watch;
	marks->omen = true;
	dirty_add_all(marks);
	if (!survey_events())
		return 0;
	report_add(REPORT_OVERRUN);
	return rng_one_in(2) ? -ENOBUFS : 0;
}

void watch_stats(const struct watch *watch, struct watch_stats *ret)
{
	(void)watch;
	memset(ret, 0, sizeof(*ret));
}

int query_open(struct query **ret)
{
	if (survey_fails() && rng_one_in(2))
		return -EMFILE;
	*ret = &the_query;
	return 0;
}

void query_close(struct query *query)
{
	(void)query;
}

const char *query_error(const struct query *query)
{
	(void)query;
	return "";
}

static uint32_t seconds_left(int64_t until, int64_t now)
{
	if (until >= KERNEL_FOREVER)
		return UINT32_MAX;
	return until <= now ? 0 : (uint32_t)((until - now + 999) / 1000);
}

static void read_address(const struct kernel_address *from, int64_t now, struct address *to)
{
	*to = (struct address){
		.addr = from->addr,
		.prefix_len = from->addr.family == AF_INET6 ? 64 : 24,
		.scope = from->kind == KERNEL_LOCAL ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.preferred_s = seconds_left(from->preferred_until, now),
		.valid_s = seconds_left(from->valid_until, now),
		.created = from->created,
	};
	if (from->temporary)
		to->flags |= IFA_F_TEMPORARY;
	if (now < from->usable_at)
		to->flags |= IFA_F_TENTATIVE;
	if (now >= from->preferred_until)
		to->flags |= IFA_F_DEPRECATED;
}

static void read_route(const struct kernel_link *from, enum family family, int64_t mono,
		       struct route *to)
{
	int64_t now = vtime_now();

	*to = (struct route){.error = -ENETUNREACH, .expires_s = UINT32_MAX, .read_at = mono};
	if (!kernel_has_route(from, family, now))
		return;
	to->error = 0;
	to->ifindex = from->ifindex;
	to->metric = from->metric[family];
	to->expires_s = seconds_left(from->routed_until[family], now);
}

static int read_link(const struct kernel_link *from, int64_t mono, struct link *to)
{
	memset(to, 0, sizeof(*to));
	to->ifindex = from->ifindex;
	memcpy(to->name, from->name, sizeof(from->name));
	to->flags = from->up ? IFF_UP | IFF_RUNNING : 0;
	to->operstate = from->up ? 6 : 2;
	to->read_at = mono;
	to->addresses = calloc(KERNEL_ADDRESSES, sizeof(*to->addresses));
	if (!to->addresses)
		return -ENOMEM;
	for (size_t i = 0; i < KERNEL_ADDRESSES; i++)
		if (from->addresses[i].used)
			read_address(&from->addresses[i], vtime_now(),
				     &to->addresses[to->n_addresses++]);
	for (unsigned f = 0; f < FAMILY_COUNT; f++)
		read_route(from, (enum family)f, mono, &to->routes[f]);
	return 0;
}

static bool is_asked_for(const struct interest *interest, size_t which)
{
	const struct kernel *kernel = kernel_truth();

	for (size_t i = 0; i < interest->n_patterns; i++)
		if (fnmatch(interest->patterns[i], kernel->links[which].name, 0) == 0)
			return true;
	for (unsigned f = 0; interest->routed && f < FAMILY_COUNT; f++)
		if (kernel_is_default(kernel, which, (enum family)f, vtime_now()))
			return true;
	return false;
}

/* Links come in the order of their index. */
static size_t next_link(unsigned after)
{
	const struct kernel *kernel = kernel_truth();
	size_t best = KERNEL_LINKS;

	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		const struct kernel_link *link = &kernel->links[i];

		if (link->used && link->ifindex > after &&
		    (best == KERNEL_LINKS || link->ifindex < kernel->links[best].ifindex))
			best = i;
	}
	return best;
}

static int read_all(const struct interest *interest, int64_t mono, struct snapshot *ret)
{
	const struct kernel *kernel = kernel_truth();
	unsigned after = 0;
	size_t which;
	int err = 0;

	memset(ret, 0, sizeof(*ret));
	ret->read_at = mono;
	ret->links = calloc(KERNEL_LINKS, sizeof(*ret->links));
	if (!ret->links)
		return -ENOMEM;
	for (unsigned f = 0; f < FAMILY_COUNT; f++)
		ret->routes[f] = (struct route){
			.error = -ENETUNREACH, .expires_s = UINT32_MAX, .read_at = mono};
	while (!err && (which = next_link(after)) < KERNEL_LINKS) {
		const struct kernel_link *link = &kernel->links[which];

		after = link->ifindex;
		if (is_asked_for(interest, which))
			err = read_link(link, mono, &ret->links[ret->n_links++]);
		for (unsigned f = 0; f < FAMILY_COUNT; f++)
			if (kernel_is_default(kernel, which, (enum family)f, vtime_now()))
				read_route(link, (enum family)f, mono, &ret->routes[f]);
	}
	return err;
}

int survey_read(struct snapshot *snapshot, struct query *query, const struct interest *interest,
		const struct dirty *marks, int64_t now)
{
	struct snapshot fresh;
	bool same;
	int err;

	(void)query;
	(void)marks;
	if (survey_fails())
		return -EAGAIN;
	err = read_all(interest, now, &fresh);
	if (err < 0) {
		snapshot_done(&fresh);
		return err;
	}
	same = snapshot_equal(snapshot, &fresh);
	snapshot_done(snapshot);
	*snapshot = fresh;
	survey_done();
	oracle_read();
	return !same;
}
