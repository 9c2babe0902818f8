/* SPDX-License-Identifier: MIT */
#include "netwatch/survey.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netwatch/event.h"
#include "netwatch/query.h"

/* One reading under way, from an old snapshot to a fresh one. */
struct survey {
	struct query *query;
	const struct interest *interest;
	const struct dirty *marks;
	const struct snapshot *old;
	struct snapshot fresh; /* read_at is given; the rest is filled in */
};

static const sa_family_t families[] = {[FAMILY_IPV4] = AF_INET, [FAMILY_IPV6] = AF_INET6};

static bool routes_marked(const struct dirty *marks, unsigned family)
{
	return marks->all || (family == FAMILY_IPV4 ? marks->routes4 : marks->routes6);
}

static bool itself_marked(const struct dirty *marks, size_t i)
{
	return marks->itself >> i & 1;
}

static bool is_routed(const struct survey *survey, unsigned ifindex)
{
	for (unsigned f = 0; f < FAMILY_COUNT && survey->interest->routed; f++) {
		const struct route *route = &survey->fresh.routes[f];

		if (route->error == 0 && route->ifindex == ifindex)
			return true;
	}
	return false;
}

static bool is_wanted(const struct survey *survey, const struct link *link)
{
	const struct interest *interest = survey->interest;

	for (size_t i = 0; i < interest->n_patterns; i++) {
		if (snapshot_link_matches(link, interest->patterns[i]))
			return true;
	}
	return is_routed(survey, link->ifindex);
}

/* Keeps a link, without addresses and routes so far, if somebody asked for it. */
static int consider(struct survey *survey, const struct link *link)
{
	struct snapshot *fresh = &survey->fresh;
	struct link *links;

	if (!is_wanted(survey, link))
		return 0;
	if (fresh->n_links == SNAPSHOT_LINKS_MAX)
		return -E2BIG;
	links = reallocarray(fresh->links, fresh->n_links + 1, sizeof(*links));
	if (!links)
		return -ENOMEM;
	fresh->links = links;
	links += fresh->n_links++;
	*links = *link;
	links->addresses = NULL;
	links->n_addresses = 0;
	return 0;
}

static int each_link(void *arg, const struct link *link)
{
	struct survey *survey = arg;

	if (link)
		return consider(survey, link);
	survey->fresh.n_links = 0; /* none has addresses yet */
	return 0;
}

/* A link that has gone in the meantime is none. */
static int ask_link(struct survey *survey, unsigned ifindex)
{
	struct link link;
	int r = query_link(survey->query, ifindex, &link);

	if (r == -ENODEV)
		return 0;
	return r < 0 ? r : consider(survey, &link);
}

/* A link that is kept knows its own route even when another one was the way out. */
static const struct route *known_route(const struct survey *survey, unsigned family,
				       unsigned ifindex)
{
	const struct link *link = snapshot_link(survey->old, ifindex);

	return link ? &link->routes[family] : &survey->old->routes[family];
}

static int ask_route(struct survey *survey, unsigned family, unsigned ifindex, struct route *ret)
{
	int r = query_route(survey->query, families[family], ifindex, ret);

	if (r < 0)
		return r;
	ret->read_at = survey->fresh.read_at;
	snapshot_keep_end(known_route(survey, family, ret->ifindex), ret);
	return 0;
}

static int read_ways_out(struct survey *survey)
{
	for (unsigned f = 0; f < FAMILY_COUNT; f++) {
		struct route *route = &survey->fresh.routes[f];
		int r;

		*route = survey->old->routes[f];
		if (!routes_marked(survey->marks, f))
			continue;
		r = ask_route(survey, f, 0, route);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What is kept and unmarked stays as it is; each marked link is asked for by its index, as it may
 * be another one now. */
static int read_marked_links(struct survey *survey)
{
	const struct dirty *marks = survey->marks;
	int r = 0;

	for (size_t i = 0; i < survey->old->n_links && r == 0; i++) {
		const struct link *link = &survey->old->links[i];
		size_t m = 0;

		while (m < marks->n_links && marks->links[m] != link->ifindex)
			m++;
		if (m == marks->n_links || !itself_marked(marks, m))
			r = consider(survey, link);
	}
	for (size_t m = 0; m < marks->n_links && r == 0; m++) {
		if (itself_marked(marks, m))
			r = ask_link(survey, marks->links[m]);
	}
	return r;
}

static int by_ifindex(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

static void sort_links(struct snapshot *snapshot)
{
	if (snapshot->n_links > 0)
		qsort(snapshot->links, snapshot->n_links, sizeof(*snapshot->links), by_ifindex);
}

static int read_links(struct survey *survey)
{
	struct snapshot *fresh = &survey->fresh;
	int r;

	if (survey->marks->all)
		r = query_links(survey->query, each_link, survey);
	else
		r = read_marked_links(survey);
	for (unsigned f = 0; f < FAMILY_COUNT && r == 0; f++) {
		unsigned ifindex = fresh->routes[f].ifindex;

		if (is_routed(survey, ifindex) && !snapshot_link(fresh, ifindex))
			r = ask_link(survey, ifindex);
	}
	sort_links(fresh);
	return r;
}

static int by_address(const void *a, const void *b)
{
	const struct address *x = a, *y = b;
	int order = addr_compare(&x->addr, &y->addr);

	if (order == 0)
		order = (x->prefix_len > y->prefix_len) - (x->prefix_len < y->prefix_len);
	return order != 0 ? order : addr_compare(&x->peer, &y->peer);
}

static int copy_addresses(const struct link *from, struct link *to)
{
	to->n_addresses = 0;
	if (from->n_addresses == 0)
		return 0;
	to->addresses = calloc(from->n_addresses, sizeof(*to->addresses));
	if (!to->addresses)
		return -ENOMEM;
	memcpy(to->addresses, from->addresses, from->n_addresses * sizeof(*to->addresses));
	to->n_addresses = from->n_addresses;
	return 0;
}

static int read_addresses(struct survey *survey, struct link *link, const struct link *old)
{
	int r;

	if (old && !dirty_has_link(survey->marks, link->ifindex))
		return copy_addresses(old, link);
	r = query_addresses(survey->query, link->ifindex, &link->addresses, &link->n_addresses);
	if (r < 0)
		return r;
	if (link->n_addresses > 0)
		qsort(link->addresses, link->n_addresses, sizeof(*link->addresses), by_address);
	link->read_at = survey->fresh.read_at;
	return 0;
}

static int read_routes(struct survey *survey, struct link *link, const struct link *old)
{
	bool marked = !old || dirty_has_link(survey->marks, link->ifindex);

	for (unsigned f = 0; f < FAMILY_COUNT; f++) {
		const struct route *out = &survey->fresh.routes[f];
		int r;

		if (!(link->flags & IFF_UP)) {
			link->routes[f] =
				(struct route){.error = -ENETDOWN, .expires_s = UINT32_MAX};
		} else if (out->error == 0 && out->ifindex == link->ifindex) {
			link->routes[f] = *out;
		} else if (marked || routes_marked(survey->marks, f)) {
			r = ask_route(survey, f, link->ifindex, &link->routes[f]);
			if (r < 0)
				return r;
		} else {
			link->routes[f] = old->routes[f];
		}
	}
	return 0;
}

/* Fills in each link; one that has gone meanwhile is dropped, not taken for one without addresses.
 */
static int read_details(struct survey *survey)
{
	struct snapshot *fresh = &survey->fresh;
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < fresh->n_links && r == 0; i++) {
		struct link *link = &fresh->links[i];
		const struct link *old = snapshot_link(survey->old, link->ifindex);

		r = read_addresses(survey, link, old);
		if (r == -ENODEV) {
			r = 0;
			continue;
		}
		if (r == 0)
			r = read_routes(survey, link, old);
		if (n != i) {
			fresh->links[n] = *link;
			link->addresses = NULL;
		}
		n++;
	}
	if (r == 0)
		fresh->n_links = n;
	return r;
}

/* An event tells of every new link, rename and alternative name, so a link that is not kept can
 * only become one to keep by such an event, or by becoming the way out. Its addresses are nothing
 * to us, and no list of foreign links is needed. */
static bool is_needed(const struct survey *survey)
{
	const struct dirty *marks = survey->marks;

	if (marks->all || marks->routes4 || marks->routes6)
		return true;
	for (size_t i = 0; i < marks->n_links; i++) {
		if (itself_marked(marks, i) || snapshot_link(survey->old, marks->links[i]))
			return true;
	}
	return false;
}

/* -errno: fresh is half read. */
static int run(struct survey *survey)
{
	int r = read_ways_out(survey);

	if (r == 0)
		r = read_links(survey);
	return r == 0 ? read_details(survey) : r;
}

/* The old snapshot stays whole until all of the fresh one is read. */
int survey_read(struct snapshot *snapshot, struct query *query, const struct interest *interest,
		const struct dirty *marks, int64_t now)
{
	struct survey survey = {query, interest, marks, snapshot, {.read_at = now}};
	int r;

	if (!is_needed(&survey))
		return 0;
	r = run(&survey);
	if (r < 0) {
		snapshot_done(&survey.fresh);
		return r;
	}
	r = !snapshot_equal(snapshot, &survey.fresh);
	snapshot_done(snapshot);
	*snapshot = survey.fresh;
	return r;
}
