/* SPDX-License-Identifier: MIT */
#include "tests/kernel/storm.h"

#include <stdio.h>

enum { LOST_MS = 5000, VALID_S = 7200, PREFERRED_S = 3600 };

static char *as_host(char local[static 32], const char *ip)
{
	snprintf(local, 32, "%s/32", ip);
	return local;
}

void storm_begin(struct scene *s, const char *first)
{
	char local[32];

	wire_dial(s->g, "10.0.0.2/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", as_host(local, first));
	daemon_start(&s->d);
	scene_expect(s, first, 1);
}

void storm_change(struct scene *s, const char *from, const char *to)
{
	char local[32];

	wire_add(s->g, SIDE_INSIDE, "wan0", as_host(local, to));
	wire_del(s->g, SIDE_INSIDE, "wan0", as_host(local, from));
}

int storm_react(struct scene *s, const char *from, const char *to)
{
	int64_t at = ground_now();

	storm_change(s, from, to);
	if (!serve_await(&s->web, 1, SCENE_NAME, to, LOST_MS))
		return -1;
	return (int)((serve_arrival(&s->web, to) - at) / 1000000);
}

void storm_refresh(struct scene *s, const char *ip, unsigned times)
{
	char local[32];

	as_host(local, ip);
	for (unsigned i = 0; i < times; i++)
		wire_add_full(s->g, SIDE_INSIDE, "wan0",
			      &(struct wire_addr){.local = local,
						  .valid = VALID_S + i,
						  .preferred = PREFERRED_S + i,
						  .replace = true});
}
