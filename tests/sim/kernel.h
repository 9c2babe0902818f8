/* SPDX-License-Identifier: MIT */
/* A kernel that is a value: links, addresses with their lifetimes, default routes. What it is, and
 * what of it has been read. */
#ifndef TESTS_SIM_KERNEL_H
#define TESTS_SIM_KERNEL_H

#include <net/if.h>

#include "netwatch/link.h"

#define KERNEL_LINKS     4
#define KERNEL_ADDRESSES 6

enum kernel_kind { KERNEL_GLOBAL, KERNEL_PRIVATE, KERNEL_LOCAL };

struct kernel_address {
	bool used;
	struct ipaddr addr;
	enum kernel_kind kind;
	bool temporary;
	int64_t usable_at;       /* tentative before */
	int64_t preferred_until; /* deprecated after */
	int64_t valid_until;     /* gone after */
	uint32_t created;
};

struct kernel_link {
	bool used, up;
	unsigned ifindex;
	char name[IF_NAMESIZE];
	struct kernel_address addresses[KERNEL_ADDRESSES];
	bool routed[FAMILY_COUNT];
	int64_t routed_until[FAMILY_COUNT];
	uint32_t metric[FAMILY_COUNT];
};

struct kernel {
	struct kernel_link links[KERNEL_LINKS];
};

/* No end. */
#define KERNEL_FOREVER (INT64_MAX / 4)

void kernel_reset(void);
const struct kernel *kernel_truth(void);

/* As it was read last, at kernel_read_at; all zero: not yet. */
const struct kernel *kernel_seen(void);
int64_t kernel_read_at(void);

/* The last moment at which anything changed, or was lost. */
int64_t kernel_changed_at(void);

/* Something happens. */
enum kernel_step {
	KERNEL_REDIAL,
	KERNEL_ADDRESS,
	KERNEL_LINK,
	KERNEL_RENAME,
	KERNEL_ROUTE,
	KERNEL_FLAP,
};
#define KERNEL_STEPS (KERNEL_FLAP + 1)
void kernel_step(enum kernel_step step);

/* Events may be lost; reading may fail for a while. */
void kernel_lose(void);
void kernel_fail_until(int64_t at);

/* A boot: all links begin anew, perhaps without addresses. */
void kernel_boot(void);

/* Times run out: when next, and do it now. */
int64_t kernel_due(void);
void kernel_tick(void);

/* Nothing runs out or comes any more but what is on its way. */
void kernel_calm(void);

/* The machine has slept: what ran out meanwhile is told now. */
void kernel_woken(void);

/* Nobody listens. */
void kernel_unheard(void);

/* Events wait to be received. */
bool kernel_readable(void);

/* Whether the default route of a family leaves by this link. */
bool kernel_is_default(const struct kernel *kernel, size_t link, enum family family, int64_t now);
bool kernel_has_route(const struct kernel_link *link, enum family family, int64_t now);

#endif
