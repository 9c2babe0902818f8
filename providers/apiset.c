/* SPDX-License-Identifier: MIT */
#include "providers/apiset.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static bool is_one_of(const unsigned char bytes[static 16], const char *const *addrs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char other[16] = {0};

		if (span_address((struct span){addrs[i], strlen(addrs[i])}, other) >= 0 &&
		    memcmp(bytes, other, sizeof(other)) == 0)
			return true;
	}
	return false;
}

static bool is_wanted(const struct wanted *wanted, const unsigned char bytes[static 16])
{
	return is_one_of(bytes, wanted->addrs, wanted->n_addrs);
}

/* What is to go when the name is to have no address any more is only what was confirmed, or is
 * marked. */
static bool is_ours(const struct apiset *set, const struct wanted *wanted,
		    const struct apiset_found *found)
{
	return found->marked || is_one_of(found->bytes, wanted->previous, wanted->n_previous) ||
	       (set->sole && wanted->n_addrs > 0);
}

static bool has_record(const struct apiset *set, struct span id,
		       const unsigned char bytes[static 16])
{
	for (size_t i = 0; i < set->n && id.len > 0; i++)
		if (span_is(id, set->found[i].id) && memcmp(set->found[i].bytes, bytes, 16) == 0)
			return true;
	return false;
}

int apiset_add(struct apiset *set, struct span id, struct span address, enum record_type type)
{
	struct apiset_found *found = &set->found[set->n];
	unsigned char bytes[16] = {0};

	if (span_address(address, bytes) != (int)type)
		return -EINVAL;
	if (has_record(set, id, bytes))
		return -EEXIST;
	if (set->n == sizeof(set->found) / sizeof(set->found[0]))
		return -ENOSPC;
	if (id.len >= sizeof(found->id))
		return -EMSGSIZE;
	memset(found, 0, sizeof(*found));
	memcpy(found->id, id.text, id.len);
	memcpy(found->bytes, bytes, sizeof(bytes));
	found->number = (unsigned char)set->n++;
	return 0;
}

bool apiset_has(const struct apiset *set, const char *address)
{
	for (size_t i = 0; i < set->n; i++)
		if (is_one_of(set->found[i].bytes, &address, 1))
			return true;
	return false;
}

size_t apiset_missing(const struct apiset *set, const struct wanted *wanted)
{
	size_t i = 0;

	while (i < wanted->n_addrs && apiset_has(set, wanted->addrs[i]))
		i++;
	return i;
}

size_t apiset_stale(const struct apiset *set, const struct wanted *wanted)
{
	size_t i = 0;

	while (i < set->n &&
	       (is_wanted(wanted, set->found[i].bytes) || !is_ours(set, wanted, &set->found[i])))
		i++;
	return i;
}

bool apiset_stays(const struct apiset *set, const struct wanted *wanted, struct span address)
{
	unsigned char bytes[16] = {0};

	if (span_address(address, bytes) != (int)wanted->type || is_wanted(wanted, bytes))
		return true;
	for (size_t i = 0; i < set->n; i++)
		if (memcmp(set->found[i].bytes, bytes, sizeof(bytes)) == 0)
			return !is_ours(set, wanted, &set->found[i]);
	return true;
}

size_t apiset_others(const struct apiset *set, const struct wanted *wanted)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		n += !is_wanted(wanted, set->found[i].bytes);
	return n;
}

size_t apiset_foreign(const struct apiset *set, const struct wanted *wanted)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		n += !is_wanted(wanted, set->found[i].bytes) &&
		     !is_ours(set, wanted, &set->found[i]);
	return n;
}

bool apiset_is_wanted(const struct apiset *set, const struct wanted *wanted)
{
	return apiset_missing(set, wanted) == wanted->n_addrs &&
	       apiset_stale(set, wanted) == set->n;
}

bool apiset_is_odd(const struct apiset *set, const struct wanted *wanted, address_odd *odd)
{
	int family = wanted->type == RECORD_TYPE_A ? AF_INET : AF_INET6;

	for (size_t i = 0; odd != NULL && i < set->n; i++) {
		const struct apiset_found *found = &set->found[i];
		char address[ADDRESS_MAX];

		if (!is_wanted(wanted, found->bytes) && is_ours(set, wanted, found) &&
		    inet_ntop(family, found->bytes, address, sizeof(address)) != NULL &&
		    odd(wanted, address))
			return true;
	}
	return false;
}

void apiset_replace(struct apiset *set, size_t at, const char *address)
{
	memset(set->found[at].bytes, 0, sizeof(set->found[at].bytes));
	(void)span_address((struct span){address, strlen(address)}, set->found[at].bytes);
}

void apiset_remove(struct apiset *set, size_t at)
{
	set->n--;
	memmove(&set->found[at], &set->found[at + 1], (set->n - at) * sizeof(set->found[0]));
}
