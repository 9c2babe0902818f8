/* SPDX-License-Identifier: MIT */
#include "tests/kernel/crowd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

enum { STATE_MAX = 8192, PATIENCE = 20000 };

static const char *const types[] = {"A", "AAAA"};

struct expectation {
	struct crowd *c;
	struct member *m;
};

/* splitmix64. */
unsigned crowd_random(struct crowd *c, unsigned max)
{
	uint64_t z = c->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ z >> 31) % max);
}

static void configure(struct crowd *c, struct member *m)
{
	m->d.folder = m->name;
	daemon_configure(c->g, &m->d, "",
			 "[%s.example.org]\nprovider = rfc2136\nserver = " SERVE_BIND
			 "\nkey = file:%s/update.key\nzone = example.org\n",
			 m->name, c->g->dir);
}

/* wan0 keeps an address that is not to be published, and its default routes. */
static void open_wan(struct crowd *c)
{
	wire_wan(c->g);
	wire_add(c->g, SIDE_INSIDE, "wan0", "10.0.0.2/24");
	wire_route(c->g, SIDE_INSIDE, "wan0", "default", "10.0.0.1");
	wire_route(c->g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
}

int crowd_setup(void **state)
{
	struct crowd *c = calloc(1, sizeof(*c));
	const char *seed = getenv("NLDDNS_SEED");

	assert_non_null(c);
	c->g = ground_new();
	c->random = seed ? strtoull(seed, NULL, 0) : (uint64_t)ground_now();
	printf("# NLDDNS_SEED=%" PRIu64 "\n", c->random);
	*state = c;
	open_wan(c);
	if (!serve_bind(c->g, &c->bind)) {
		printf("# the Debian package bind9 is not installed\n");
		return 0;
	}
	for (int i = 0; i < CROWD_SIZE; i++) {
		snprintf(c->members[i].name, sizeof(c->members[i].name), "home%d", i + 1);
		configure(c, &c->members[i]);
	}
	return 0;
}

int crowd_teardown(void **state)
{
	struct crowd *c = *state;

	ground_free(c->g);
	free(c);
	return 0;
}

static void address(char text[static 64], int family, int last)
{
	snprintf(text, 64, family ? "2001:db8:1::%x" : "192.0.2.%d", last);
}

static void put(struct crowd *c, int family, int last, bool add)
{
	char local[68], ip[64];

	if (!last)
		return;
	address(ip, family, last);
	snprintf(local, sizeof(local), "%s/%d", ip, family ? 128 : 32);
	if (add)
		wire_add(c->g, SIDE_INSIDE, "wan0", local);
	else
		wire_del(c->g, SIDE_INSIDE, "wan0", local);
}

/* The old one goes first or last, as with different kinds of links. */
static void change(struct crowd *c, int family)
{
	int old = c->last[family], new = 16 + (int)crowd_random(c, 3);
	bool gap = crowd_random(c, 2);

	if (new == old)
		new ++;
	if (gap)
		put(c, family, old, false);
	put(c, family, new, true);
	if (!gap)
		put(c, family, old, false);
	c->last[family] = new;
}

void crowd_change(struct crowd *c)
{
	unsigned what = c->changes ? crowd_random(c, 3) : 2;

	if (what != 1)
		change(c, 0);
	if (what != 0)
		change(c, 1);
	c->changes++;
}

static void read_state(const struct member *m, char text[static STATE_MAX])
{
	char path[GROUND_PATH];

	ground_read(daemon_path(&m->d, path, "state/state"), text, STATE_MAX);
}

/* The last line holds the FNV-1a of all before it. */
static bool is_whole(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	const char *last = strstr(text, "checksum ");
	char expected[40];

	for (const char *at = text; last && at < last; at++)
		hash = (hash ^ (uint8_t)*at) * UINT64_C(0x100000001b3);
	snprintf(expected, sizeof(expected), "checksum %016" PRIx64 "\n", hash);
	return last && !strcmp(last, expected);
}

static bool never(void *unused)
{
	(void)unused;
	return false;
}

void crowd_fail(struct crowd *c, struct member *m, const char *what)
{
	c->g->watched = m->d.log;
	ground_await(c->g, 0, never, NULL, what);
	fail_msg("%s: %s", m->name, what);
}

void crowd_expect_sound(struct crowd *c, struct member *m)
{
	char text[STATE_MAX], path[GROUND_PATH];

	read_state(m, text);
	if (!is_whole(text) && access(daemon_path(&m->d, path, "state/state"), F_OK) == 0)
		crowd_fail(c, m, "its state is damaged");
}

/* Field 5 of the record's line is what is confirmed. */
static bool is_saved(const struct member *m, int family, const char *ip)
{
	char text[STATE_MAX], begin[80], *at;

	read_state(m, text);
	snprintf(begin, sizeof(begin), "%s.example.org\t%s\t", m->name, types[family]);
	at = strstr(text, begin);
	for (int i = 0; at && i < 4; i++) {
		at = strchr(at, '\t');
		at += at != NULL;
	}
	return at && !strncmp(at, ip, strlen(ip)) && at[strlen(ip)] == '\t';
}

static bool saved(void *arg)
{
	struct expectation *e = arg;
	char ip[64];

	for (int family = 0; family < 2; family++) {
		address(ip, family, e->c->last[family]);
		if (!is_saved(e->m, family, ip))
			return false;
	}
	return true;
}

static void expect_member_converged(struct crowd *c, struct member *m)
{
	struct expectation e = {c, m};
	char record[64], ip[64];

	c->g->watched = m->d.log;
	for (int family = 0; family < 2; family++) {
		snprintf(record, sizeof(record), "%s.example.org %s", m->name, types[family]);
		address(ip, family, c->last[family]);
		assert_true(serve_await_answer(c->g, SERVE_BIND, record, ip, PATIENCE));
		assert_true(daemon_await(&m->d, record, "confirmed", ip, PATIENCE));
		assert_true(daemon_await(&m->d, record, "state", "confirmed", PATIENCE));
	}
	assert_true(ground_await(c->g, PATIENCE, saved, &e, "what is confirmed is saved"));
	crowd_expect_sound(c, m);
	assert_int_equal(daemon_logged(&m->d, "state/state", NULL), 0);
	assert_int_equal(daemon_logged(&m->d, "Sanitizer", NULL), 0);
}

void crowd_expect_converged(struct crowd *c)
{
	for (int i = 0; i < CROWD_SIZE; i++)
		expect_member_converged(c, &c->members[i]);
}
