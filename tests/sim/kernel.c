/* SPDX-License-Identifier: MIT */
#include "tests/sim/kernel.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/report.h"
#include "tests/sim/rng.h"
#include "tests/sim/survey.h"
#include "tests/sim/vtime.h"

static const char *const names[KERNEL_LINKS] = {"wan0", "wan1", "ppp0", "lan0"};

static struct {
	struct kernel truth, seen;
	int64_t read_at, changed_at;
	int64_t fails_until;
	int64_t event_at; /* events are received then; -1: there are none */
	bool lost;        /* of those, some */
	unsigned last_index;
	uint32_t stamp;
	int64_t flap_at; /* the next of a series; -1: none */
	unsigned flaps;
	size_t flapping;
} k;

const struct kernel *kernel_truth(void)
{
	return &k.truth;
}

const struct kernel *kernel_seen(void)
{
	return &k.seen;
}

int64_t kernel_read_at(void)
{
	return k.read_at;
}

int64_t kernel_changed_at(void)
{
	return k.changed_at;
}

/* Something has changed: an event is on its way. */
static void tell(void)
{
	int64_t at = vtime_now() + (rng_one_in(2) ? 0 : rng_below(5));

	k.changed_at = vtime_now();
	if (k.event_at < 0 || at < k.event_at)
		k.event_at = at;
}

void kernel_lose(void)
{
	k.lost = true;
	tell();
	/* The daemon hears of it when it comes to read. */
	k.event_at = vtime_now() + rng_below(200);
}

void kernel_fail_until(int64_t at)
{
	k.fails_until = at;
}

static bool is_v6(const struct kernel_address *address)
{
	return address->addr.family == AF_INET6;
}

/* From a small pool, so that what was comes back. */
static void make_v4(struct kernel_address *address, size_t link)
{
	uint8_t last = (uint8_t)(1 + rng_below(3));

	address->addr = (struct ipaddr){AF_INET, {93, 184, (uint8_t)(10 + link), last}};
	address->kind = KERNEL_GLOBAL;
	if (rng_one_in(6)) {
		address->addr = (struct ipaddr){AF_INET, {10, 0, (uint8_t)link, last}};
		address->kind = KERNEL_PRIVATE;
	}
}

static void make_v6(struct kernel_address *address, size_t link)
{
	uint8_t prefix = (uint8_t)(1 + rng_below(3)), host = (uint8_t)(1 + rng_below(2));

	address->addr = (struct ipaddr){AF_INET6, {0x2a, 0x01, 0, (uint8_t)(16 + link), 0, prefix}};
	address->kind = KERNEL_GLOBAL;
	address->temporary = rng_one_in(5);
	if (address->temporary)
		host += 64;
	if (rng_one_in(8)) {
		address->addr = (struct ipaddr){AF_INET6, {0xfe, 0x80}};
		address->kind = KERNEL_LOCAL;
		address->temporary = false;
	}
	address->addr.bytes[15] = host;
	if (rng_one_in(2))
		address->usable_at = vtime_now() + 500 + rng_below(2000);
	if (rng_one_in(3)) {
		address->preferred_until = vtime_now() + rng_span(1000, 4 * HOUR);
		address->valid_until = address->preferred_until + rng_span(1000, 4 * HOUR);
	}
}

static struct kernel_address *find(struct kernel_link *link, const struct ipaddr *addr)
{
	for (size_t i = 0; i < KERNEL_ADDRESSES; i++) {
		struct kernel_address *address = &link->addresses[i];

		if (address->used && address->addr.family == addr->family &&
		    memcmp(address->addr.bytes, addr->bytes, 16) == 0)
			return address;
	}
	return NULL;
}

static void add_address(size_t which, bool v6)
{
	struct kernel_link *link = &k.truth.links[which];
	struct kernel_address fresh = {.used = true,
				       .preferred_until = KERNEL_FOREVER,
				       .valid_until = KERNEL_FOREVER,
				       .created = k.stamp++};
	struct kernel_address *at;

	if (v6)
		make_v6(&fresh, which);
	else
		make_v4(&fresh, which);
	at = find(link, &fresh.addr);
	for (size_t i = 0; !at && i < KERNEL_ADDRESSES; i++)
		if (!link->addresses[i].used)
			at = &link->addresses[i];
	if (at && link->used && (link->up || !v6))
		*at = fresh;
}

static void drop_addresses(struct kernel_link *link, bool v4, bool v6)
{
	for (size_t i = 0; i < KERNEL_ADDRESSES; i++)
		if (is_v6(&link->addresses[i]) ? v6 : v4)
			link->addresses[i].used = false;
}

static void set_route(struct kernel_link *link, enum family family, bool on)
{
	link->routed[family] = on && link->up;
	link->routed_until[family] = KERNEL_FOREVER;
	if (family == FAMILY_IPV6 && rng_one_in(4))
		link->routed_until[family] = vtime_now() + rng_span(1000, 2 * HOUR);
}

/* The kernel takes with it what depends on the link. */
static void set_up(struct kernel_link *link, bool up)
{
	link->up = up;
	if (up)
		return;
	drop_addresses(link, false, true);
	link->routed[FAMILY_IPV4] = link->routed[FAMILY_IPV6] = false;
}

static bool is_taken(const char *name)
{
	for (size_t i = 0; i < KERNEL_LINKS; i++)
		if (k.truth.links[i].used && strcmp(k.truth.links[i].name, name) == 0)
			return true;
	return false;
}

static void add_link(size_t which)
{
	struct kernel_link *link = &k.truth.links[which];
	size_t name = which;

	memset(link, 0, sizeof(*link));
	while (is_taken(names[name]))
		name = (name + 1) % KERNEL_LINKS;
	link->used = true;
	link->ifindex = ++k.last_index;
	snprintf(link->name, sizeof(link->name), "%s", names[name]);
	for (int f = 0; f < FAMILY_COUNT; f++)
		link->metric[f] = (uint32_t)which * 100;
}

/* As after a dial-in that went well. */
static void bring_up(size_t which)
{
	struct kernel_link *link = &k.truth.links[which];

	add_link(which);
	set_up(link, true);
	add_address(which, false);
	add_address(which, true);
	set_route(link, FAMILY_IPV4, true);
	set_route(link, FAMILY_IPV6, !rng_one_in(4));
}

void kernel_boot(void)
{
	memset(&k.truth, 0, sizeof(k.truth));
	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		if (rng_one_in(3))
			continue;
		if (rng_one_in(3))
			add_link(i);
		else
			bring_up(i);
	}
	tell();
}

void kernel_reset(void)
{
	memset(&k, 0, sizeof(k));
	k.read_at = NEVER;
	k.fails_until = NEVER;
	k.event_at = -1;
	k.flap_at = -1;
	kernel_boot();
}

/* The address goes, and another comes: pppd, a DHCP lease that is lost. */
static void redial(size_t which)
{
	struct kernel_link *link = &k.truth.links[which];

	if (!link->used) {
		bring_up(which);
		return;
	}
	drop_addresses(link, true, rng_one_in(2));
	if (rng_one_in(4))
		set_route(link, FAMILY_IPV4, false);
	if (rng_one_in(3))
		return;
	set_up(link, true);
	add_address(which, false);
	if (rng_one_in(2))
		add_address(which, true);
	set_route(link, FAMILY_IPV4, true);
}

static void change_address(size_t which)
{
	struct kernel_link *link = &k.truth.links[which];
	struct kernel_address *address = &link->addresses[rng_below(KERNEL_ADDRESSES)];

	if (!address->used || rng_one_in(3)) {
		add_address(which, rng_one_in(2));
		return;
	}
	switch (rng_below(3)) {
	case 0:
		address->used = false;
		break;
	case 1:
		address->preferred_until = vtime_now();
		address->valid_until = vtime_now() + rng_span(1000, 2 * HOUR);
		break;
	case 2:
		address->preferred_until = KERNEL_FOREVER;
		address->valid_until = KERNEL_FOREVER;
		break;
	}
}

static void change_link(size_t which)
{
	struct kernel_link *link = &k.truth.links[which];

	if (!link->used)
		bring_up(which);
	else if (rng_one_in(4))
		link->used = false;
	else
		set_up(link, !link->up);
}

/* Swaps the name with the next one's: what was wan0 is wan1. */
static void rename_link(size_t which)
{
	struct kernel_link *link = &k.truth.links[which];
	struct kernel_link *other = &k.truth.links[(which + 1) % KERNEL_LINKS];
	char name[IF_NAMESIZE];

	if (!link->used || !other->used)
		return;
	memcpy(name, link->name, sizeof(name));
	memcpy(link->name, other->name, sizeof(name));
	memcpy(other->name, name, sizeof(name));
}

void kernel_step(enum kernel_step step)
{
	size_t which = rng_below(KERNEL_LINKS);
	struct kernel_link *link = &k.truth.links[which];
	enum family family = rng_one_in(2) ? FAMILY_IPV4 : FAMILY_IPV6;

	switch (step) {
	case KERNEL_REDIAL:
		redial(which);
		break;
	case KERNEL_ADDRESS:
		change_address(which);
		break;
	case KERNEL_LINK:
		change_link(which);
		break;
	case KERNEL_RENAME:
		rename_link(which);
		break;
	case KERNEL_ROUTE:
		if (link->used)
			set_route(link, family, !link->routed[family]);
		break;
	case KERNEL_FLAP:
		k.flap_at = vtime_now();
		k.flaps = 2 + rng_below(12);
		k.flapping = which;
		break;
	}
	report_say("kernel: step %d of link %zu", (int)step, which);
	tell();
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int64_t later(int64_t at)
{
	return at > vtime_now() && at < KERNEL_FOREVER ? at : -1;
}

int64_t kernel_due(void)
{
	int64_t due = sooner(k.event_at, k.flap_at);

	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		const struct kernel_link *link = &k.truth.links[i];

		for (size_t j = 0; link->used && j < KERNEL_ADDRESSES; j++) {
			const struct kernel_address *address = &link->addresses[j];

			if (!address->used)
				continue;
			due = sooner(due, later(address->usable_at));
			due = sooner(due, later(address->preferred_until));
			due = sooner(due, address->valid_until < KERNEL_FOREVER
						  ? address->valid_until
						  : -1);
		}
		/* The kernel says that a route has run out up to 30 s late. */
		for (int f = 0; link->used && f < FAMILY_COUNT; f++)
			if (link->routed[f] && link->routed_until[f] < KERNEL_FOREVER) {
				due = sooner(due, later(link->routed_until[f]));
				due = sooner(due, link->routed_until[f] + 20 * SECOND);
			}
	}
	return due;
}

/* True: something has run out. */
static bool tick_link(struct kernel_link *link, int64_t now)
{
	bool any = false;

	for (size_t j = 0; j < KERNEL_ADDRESSES; j++) {
		struct kernel_address *address = &link->addresses[j];

		if (!address->used)
			continue;
		any |= address->usable_at == now || address->preferred_until == now;
		if (now < address->valid_until)
			continue;
		address->used = false;
		any = true;
	}
	for (int f = 0; f < FAMILY_COUNT; f++) {
		if (link->routed[f] && now == link->routed_until[f])
			k.changed_at = now;
		if (!link->routed[f] || now < link->routed_until[f] + 20 * SECOND)
			continue;
		link->routed[f] = false;
		any = true;
	}
	return any;
}

void kernel_tick(void)
{
	int64_t now = vtime_now();
	bool any = false;

	if (k.flap_at >= 0 && now >= k.flap_at) {
		redial(k.flapping);
		k.flap_at = --k.flaps > 0 ? now + rng_span(1, 400) : -1;
		any = true;
	}
	for (size_t i = 0; i < KERNEL_LINKS; i++)
		if (k.truth.links[i].used)
			any |= tick_link(&k.truth.links[i], now);
	if (any)
		tell();
}

void kernel_calm(void)
{
	k.flap_at = -1;
	k.fails_until = NEVER;
	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		struct kernel_link *link = &k.truth.links[i];

		for (size_t j = 0; j < KERNEL_ADDRESSES; j++)
			if (link->addresses[j].preferred_until > vtime_now())
				link->addresses[j].preferred_until = KERNEL_FOREVER;
		for (size_t j = 0; j < KERNEL_ADDRESSES; j++)
			link->addresses[j].valid_until = KERNEL_FOREVER;
		for (int f = 0; f < FAMILY_COUNT; f++)
			if (link->routed_until[f] > vtime_now())
				link->routed_until[f] = KERNEL_FOREVER;
	}
	tell();
}

void kernel_woken(void)
{
	tell();
}

void kernel_unheard(void)
{
	k.event_at = -1;
	k.lost = false;
}

bool kernel_readable(void)
{
	return k.event_at >= 0 && vtime_now() >= k.event_at;
}

bool kernel_has_route(const struct kernel_link *link, enum family family, int64_t now)
{
	return link->used && link->up && link->routed[family] && now < link->routed_until[family];
}

bool kernel_is_default(const struct kernel *kernel, size_t which, enum family family, int64_t now)
{
	const struct kernel_link *link = &kernel->links[which];

	if (!kernel_has_route(link, family, now))
		return false;
	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		const struct kernel_link *other = &kernel->links[i];

		if (i != which && kernel_has_route(other, family, now) &&
		    other->metric[family] < link->metric[family])
			return false;
	}
	return true;
}

bool survey_events(void)
{
	bool lost = k.lost;

	k.event_at = -1;
	k.lost = false;
	return lost;
}

bool survey_fails(void)
{
	return vtime_now() < k.fails_until;
}

void survey_done(void)
{
	k.seen = k.truth;
	k.read_at = vtime_now();
}
