/* SPDX-License-Identifier: MIT */
#include "tests/kernel/scene.h"

#include <stdio.h>
#include <stdlib.h>

int scene_setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->g = ground_new();
	wire_wan(s->g);
	serve_web(s->g, &s->web, 8080);
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD, SCENE_NAME, 8080, "/nic/update");
	*state = s;
	return 0;
}

static bool never(void *unused)
{
	(void)unused;
	return false;
}

/* An updater that dies of a sanitizer is replaced, and a daemon that is killed gives no exit code:
 * both would go unnoticed. valgrind's lines begin with "==". */
static int complaints(const struct scene *s)
{
	return daemon_logged(&s->d, "Sanitizer", NULL) +
	       daemon_logged(&s->d, "runtime error:", NULL) + daemon_logged(&s->d, "== ", NULL);
}

int scene_teardown(void **state)
{
	struct scene *s = *state;
	int n = complaints(s);

	if (n)
		ground_await(s->g, 0, never, NULL, "a log without a checker's complaints");
	ground_free(s->g);
	free(s);
	return n ? -1 : 0;
}

void scene_settled(struct scene *s)
{
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	scene_expect(s, "192.0.2.10", 1);
}

void scene_redial(struct scene *s, const char *from, const char *to)
{
	wire_del(s->g, SIDE_INSIDE, "wan0", from);
	wire_dial(s->g, to);
}

void scene_expect(struct scene *s, const char *ip, int count)
{
	char text[80];

	snprintf(text, sizeof(text), "myip=%s", ip);
	assert_true(serve_await(&s->web, count, SCENE_NAME, text, 2000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", ip, 2000));
	assert_int_equal(serve_count(&s->web, SCENE_NAME, text), count);
}

void scene_expect_quiet(struct scene *s, int ms)
{
	int before = serve_count(&s->web, NULL, NULL);

	ground_nap(ms);
	assert_int_equal(serve_count(&s->web, NULL, NULL), before);
}
