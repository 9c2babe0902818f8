/* SPDX-License-Identifier: MIT */
/* What a source may publish and what it must, said anew in the plainest way: the judgement of the
 * code under test is not asked. */
#ifndef TESTS_SIM_EXPECT_H
#define TESTS_SIM_EXPECT_H

#include "tests/sim/content.h"
#include "tests/sim/kernel.h"
#include "tests/sim/scene.h"

struct expect_question {
	const struct kernel *kernel;
	int64_t at; /* as of then */
	const struct scene_source *source;
	enum family family;
};

/* More than a content holds. */
#define EXPECT_MAX (KERNEL_LINKS * KERNEL_ADDRESSES)

struct expect_set {
	struct ipaddr list[EXPECT_MAX];
	size_t n;
};

/* Addresses that may be published: usable, on a link that is asked for and has a way out. A
 * deprecated one only if its link has no other. */
void expect_allowed(const struct expect_question *q, struct expect_set *ret);

/* Addresses on links that are asked for which are not deprecated, ready or not. */
void expect_fresh(const struct expect_question *q, struct expect_set *ret);

/* Those of which one must be published (all of them with combine = all): of the best link that is
 * ready. None: nothing must. */
void expect_best(const struct expect_question *q, struct expect_set *ret);

/* No link that is asked for has a usable address. */
bool expect_absent(const struct expect_question *q);

/* Some link, whatever is asked for, has an address that is not only local, and a way out. */
bool expect_online(const struct kernel *kernel, int64_t at);

/* The link whose address it is; KERNEL_LINKS: none. */
size_t expect_link(const struct expect_question *q, const struct ipaddr *addr);

/* Another number when anything is another that a choice may depend on, but for lifetimes. */
uint64_t expect_print(const struct expect_question *q);

bool expect_has(const struct expect_set *set, const struct ipaddr *addr);

#endif
