/* SPDX-License-Identifier: MIT */
#include "netwatch/snapshot.h"

#include <fnmatch.h>
#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>

/* The kernel rounds what is left to hundredths of a second and lets a route live to the end of the
 * tick of its clock: a little later it is gone for sure. */
#define LATE_MS 30

/* So long after its end a route without one is believed. */
#define DOUBT_MS 1000

static bool same_address(const struct address *a, const struct address *b)
{
	return addr_equal(&a->addr, &b->addr) && addr_equal(&a->peer, &b->peer) &&
	       a->prefix_len == b->prefix_len && a->scope == b->scope && a->flags == b->flags &&
	       (a->preferred_s == 0) == (b->preferred_s == 0);
}

static bool same_route(const struct route *a, const struct route *b)
{
	return a->error == b->error && a->ifindex == b->ifindex && a->metric == b->metric &&
	       a->table == b->table;
}

static bool same_routes(const struct route *a, const struct route *b)
{
	for (unsigned f = 0; f < FAMILY_COUNT; f++) {
		if (!same_route(&a[f], &b[f]))
			return false;
	}
	return true;
}

static bool same_link(const struct link *a, const struct link *b)
{
	if (a->ifindex != b->ifindex || strcmp(a->name, b->name) != 0 ||
	    memcmp(a->altnames, b->altnames, sizeof(a->altnames)) != 0 ||
	    strcmp(a->kind, b->kind) != 0 || a->flags != b->flags || a->operstate != b->operstate ||
	    a->n_addresses != b->n_addresses || !same_routes(a->routes, b->routes))
		return false;
	for (size_t i = 0; i < a->n_addresses; i++) {
		if (!same_address(&a->addresses[i], &b->addresses[i]))
			return false;
	}
	return true;
}

bool snapshot_equal(const struct snapshot *a, const struct snapshot *b)
{
	if (a->n_links != b->n_links || !same_routes(a->routes, b->routes))
		return false;
	for (size_t i = 0; i < a->n_links; i++) {
		if (!same_link(&a->links[i], &b->links[i]))
			return false;
	}
	return true;
}

bool snapshot_link_matches(const struct link *link, const char *pattern)
{
	if (fnmatch(pattern, link->name, 0) == 0)
		return true;
	for (size_t i = 0; i < LINK_ALTNAMES_MAX && link->altnames[i][0]; i++) {
		if (fnmatch(pattern, link->altnames[i], 0) == 0)
			return true;
	}
	return false;
}

const struct link *snapshot_link(const struct snapshot *snapshot, unsigned ifindex)
{
	for (size_t i = 0; i < snapshot->n_links; i++) {
		if (snapshot->links[i].ifindex == ifindex)
			return &snapshot->links[i];
	}
	return NULL;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* What has run out already was read as such. */
static int64_t ends(int64_t read_at, uint32_t seconds)
{
	if (seconds == UINT32_MAX || seconds == 0)
		return -1;
	return read_at + seconds * INT64_C(1000) + LATE_MS;
}

void snapshot_keep_end(const struct route *old, struct route *fresh)
{
	int64_t end = ends(old->read_at, old->expires_s);

	if (end < 0 || fresh->expires_s != UINT32_MAX || fresh->read_at >= end + DOUBT_MS ||
	    !same_route(old, fresh))
		return;
	fresh->expires_s = old->expires_s;
	fresh->read_at = old->read_at;
}

static int64_t link_expiry(const struct link *link)
{
	int64_t at = -1;

	for (size_t i = 0; i < link->n_addresses; i++) {
		const struct address *address = &link->addresses[i];

		if (!(address->flags & IFA_F_DEPRECATED))
			at = sooner(at, ends(link->read_at, address->preferred_s));
	}
	for (unsigned f = 0; f < FAMILY_COUNT; f++)
		at = sooner(at, ends(link->routes[f].read_at, link->routes[f].expires_s));
	return at;
}

int64_t snapshot_expiry(const struct snapshot *snapshot)
{
	int64_t at = -1;

	for (size_t i = 0; i < snapshot->n_links; i++)
		at = sooner(at, link_expiry(&snapshot->links[i]));
	for (unsigned f = 0; f < FAMILY_COUNT; f++)
		at = sooner(at, ends(snapshot->routes[f].read_at, snapshot->routes[f].expires_s));
	return at;
}

void snapshot_done(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n_links; i++)
		free(snapshot->links[i].addresses);
	free(snapshot->links);
	*snapshot = (struct snapshot){0};
}
