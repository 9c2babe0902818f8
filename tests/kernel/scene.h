/* SPDX-License-Identifier: MIT */
/* The usual scene: a WAN, a web server on port 8080, and nlddnsd with the record home.example.org.
 */
#ifndef TESTS_KERNEL_SCENE_H
#define TESTS_KERNEL_SCENE_H

#include "tests/kernel/daemon.h"
#include "tests/kernel/ground.h"
#include "tests/kernel/serve.h"
#include "tests/kernel/wire.h"

#define SCENE_NAME       "home.example.org"
#define SCENE_CASE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

struct scene {
	struct ground *g;
	struct server web;
	struct daemon d; /* configured, not started */
};

/* cmocka setup and teardown with a struct scene in *state. */
int scene_setup(void **state);
int scene_teardown(void **state);

/* nlddnsd started with wan0 at 192.0.2.10, which is confirmed, and its updater there. */
void scene_settled(struct scene *s);

/* On wan0: one address and the default route away, another one there. */
void scene_redial(struct scene *s, const char *from, const char *to);

/* Exactly `count` requests with that address came, and the record says it is confirmed. */
void scene_expect(struct scene *s, const char *ip, int count);

/* No request at all for so long. */
void scene_expect_quiet(struct scene *s, int ms);

#endif
