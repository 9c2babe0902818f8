/* SPDX-License-Identifier: MIT */
#include "tests/sim/expect.h"

#include <string.h>

static sa_family_t af_of(enum family family)
{
	return family == FAMILY_IPV6 ? AF_INET6 : AF_INET;
}

/* But for being deprecated. */
static bool is_usable(const struct expect_question *q, const struct kernel_address *address)
{
	if (!address->used || address->addr.family != af_of(q->family) ||
	    q->at < address->usable_at)
		return false;
	if (q->family == FAMILY_IPV6 && address->temporary != q->source->temporary)
		return false;
	return address->kind == KERNEL_GLOBAL ||
	       (address->kind == KERNEL_PRIVATE && q->source->private);
}

static bool is_fresh(const struct expect_question *q, const struct kernel_address *address)
{
	return is_usable(q, address) && q->at < address->preferred_until;
}

static bool has_fresh(const struct expect_question *q, const struct kernel_link *link)
{
	for (size_t i = 0; i < KERNEL_ADDRESSES; i++)
		if (is_fresh(q, &link->addresses[i]))
			return true;
	return false;
}

/* A name, or how it begins and a star. */
static bool is_named(const char *pattern, const char *name)
{
	size_t len = strlen(pattern);

	if (pattern[len - 1] == '*')
		return strncmp(pattern, name, len - 1) == 0;
	return strcmp(pattern, name) == 0;
}

/* The first pattern that names it; -1: none does. */
static int place(const struct expect_question *q, size_t which)
{
	const struct kernel_link *link = &q->kernel->links[which];

	if (!link->used)
		return -1;
	if (q->source->n_patterns == 0)
		return kernel_is_default(q->kernel, which, q->family, q->at) ? 0 : -1;
	for (size_t i = 0; i < q->source->n_patterns; i++)
		if (is_named(q->source->patterns[i], link->name))
			return (int)i;
	return -1;
}

static bool is_ready(const struct expect_question *q, size_t which)
{
	const struct kernel_link *link = &q->kernel->links[which];

	return place(q, which) >= 0 && link->up &&
	       (q->source->by_address || kernel_has_route(link, q->family, q->at));
}

static void add(struct expect_set *set, const struct ipaddr *addr)
{
	if (!expect_has(set, addr))
		set->list[set->n++] = *addr;
}

void expect_allowed(const struct expect_question *q, struct expect_set *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		const struct kernel_link *link = &q->kernel->links[i];
		bool fresh = has_fresh(q, link);

		for (size_t j = 0; is_ready(q, i) && j < KERNEL_ADDRESSES; j++) {
			const struct kernel_address *address = &link->addresses[j];

			if (fresh ? is_fresh(q, address) : is_usable(q, address))
				add(ret, &address->addr);
		}
	}
}

void expect_fresh(const struct expect_question *q, struct expect_set *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < KERNEL_LINKS; i++)
		for (size_t j = 0; place(q, i) >= 0 && j < KERNEL_ADDRESSES; j++)
			if (is_fresh(q, &q->kernel->links[i].addresses[j]))
				add(ret, &q->kernel->links[i].addresses[j].addr);
}

void expect_best(const struct expect_question *q, struct expect_set *ret)
{
	int best = -1;

	ret->n = 0;
	for (size_t i = 0; i < KERNEL_LINKS; i++)
		if (is_ready(q, i) && has_fresh(q, &q->kernel->links[i]) &&
		    (best < 0 || place(q, i) < best))
			best = place(q, i);
	for (size_t i = 0; best >= 0 && i < KERNEL_LINKS; i++) {
		const struct kernel_link *link = &q->kernel->links[i];

		if (!is_ready(q, i) || (place(q, i) != best && !q->source->all))
			continue;
		for (size_t j = 0; j < KERNEL_ADDRESSES; j++)
			if (is_fresh(q, &link->addresses[j]))
				add(ret, &link->addresses[j].addr);
	}
}

bool expect_absent(const struct expect_question *q)
{
	for (size_t i = 0; i < KERNEL_LINKS; i++)
		if (place(q, i) >= 0 && has_fresh(q, &q->kernel->links[i]))
			return false;
	return true;
}

bool expect_online(const struct kernel *kernel, int64_t at)
{
	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		const struct kernel_link *link = &kernel->links[i];

		for (size_t j = 0; j < KERNEL_ADDRESSES; j++) {
			const struct kernel_address *address = &link->addresses[j];
			bool v6 = address->addr.family == AF_INET6;

			if (address->used && address->kind != KERNEL_LOCAL &&
			    at >= address->usable_at && at < address->preferred_until &&
			    kernel_has_route(link, v6 ? FAMILY_IPV6 : FAMILY_IPV4, at))
				return true;
		}
	}
	return false;
}

size_t expect_link(const struct expect_question *q, const struct ipaddr *addr)
{
	for (size_t i = 0; i < KERNEL_LINKS; i++)
		for (size_t j = 0; is_ready(q, i) && j < KERNEL_ADDRESSES; j++) {
			const struct kernel_address *address = &q->kernel->links[i].addresses[j];

			if (is_usable(q, address) &&
			    memcmp(address->addr.bytes, addr->bytes, 16) == 0)
				return i;
		}
	return KERNEL_LINKS;
}

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t expect_print(const struct expect_question *q)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		const struct kernel_link *link = &q->kernel->links[i];

		if (place(q, i) < 0)
			continue;
		hash = add_bytes(hash, link->name, strlen(link->name));
		hash = (hash ^ link->ifindex * 2u ^ is_ready(q, i)) * UINT64_C(0x100000001b3);
		for (size_t j = 0; j < KERNEL_ADDRESSES; j++) {
			if (!is_usable(q, &link->addresses[j]))
				continue;
			hash = add_bytes(hash, link->addresses[j].addr.bytes, 16);
			hash += is_fresh(q, &link->addresses[j]);
		}
	}
	return hash;
}

bool expect_has(const struct expect_set *set, const struct ipaddr *addr)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->list[i].family == addr->family &&
		    memcmp(set->list[i].bytes, addr->bytes, 16) == 0)
			return true;
	return false;
}
