/* SPDX-License-Identifier: MIT */
/* Router advertisements of the provider's side: single ones, made by hand, and a real radvd. */
#ifndef TESTS_KERNEL_ADVERT_H
#define TESTS_KERNEL_ADVERT_H

#include "tests/kernel/ground.h"

/* A prefix of 64 bits, autonomous and on-link; lifetimes in seconds. */
struct advert_prefix {
	const char *prefix; /* "2001:db8:a::" */
	uint32_t valid, preferred;
};

/*
 * One advertisement from fe80::1 of a link of the outer side, `lifetime` (seconds) that of the
 * default route; the prefixes end with one whose prefix is NULL.
 */
void advert_send(struct ground *g, const char *link, unsigned lifetime,
		 const struct advert_prefix *prefixes);

/*
 * radvd on isp0, with an advertisement about every `interval` ms (at least 100); NULL-terminated as
 * above. Skips the case where radvd is not installed.
 */
pid_t advert_radvd(struct ground *g, int interval, const struct advert_prefix *prefixes);

#endif
