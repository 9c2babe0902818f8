/* SPDX-License-Identifier: MIT */
/* The name server is unreachable; another is written into resolv.conf. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kernel/scene.h"

/* The third failure is followed by a wait of 3 s at least. */
enum { FAILURES = 3, PROMPT = 1500, SLOW = 15000 };

#define DEAD  "nameserver 127.0.0.9\n"
#define ALIVE "nameserver " SERVE_BIND "\n"
#define NAMED "http://ns.example.org:8080/nic/update"

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* /etc of this mount namespace becomes one that can be changed at will. */
static void own_etc(void)
{
	static const char *const kept[] = {"passwd", "group", "hosts", "nsswitch.conf"};
	char texts[4][65536], path[64];

	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "/etc/%s", kept[i]);
		ground_read(path, texts[i], sizeof(texts[i]));
	}
	assert_int_equal(mount("none", "/etc", "tmpfs", 0, "mode=0755"), 0);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "/etc/%s", kept[i]);
		put(path, texts[i]);
		assert_int_equal(chmod(path, 0644), 0);
	}
}

static int teardown(void **state)
{
	umount2("/etc", MNT_DETACH); /* if a case mounted there */
	put("/etc/resolv.conf", ALIVE);
	return scene_teardown(state);
}

/* An address, and a provider whose name cannot be resolved: what is sent waits ever longer. */
static void be_lost(struct scene *s)
{
	struct server bind;

	if (!serve_bind(s->g, &bind)) {
		printf("# the Debian package bind9 is not installed\n");
		skip();
	}
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nurl = " NAMED "\n"
			 "username = user\npassword = opensesame\nallow-plaintext = yes\n"
			 "family = ipv4\n%s",
			 "");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	for (int i = 1; i <= FAILURES; i++) {
		char text[4];

		snprintf(text, sizeof(text), "%d", i);
		assert_true(daemon_await(&s->d, SCENE_NAME " A", "failures", text, SLOW));
	}
	assert_int_equal(serve_count(&s->web, NULL, NULL), 0);
}

static void be_found(struct scene *s)
{
	assert_true(serve_await(&s->web, 1, "192.0.2.10", "good", PROMPT));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", PROMPT));
	assert_int_equal(daemon_logged(&s->d, "resolv.conf has changed: trying 1 records", NULL),
			 1);
	assert_int_equal(
		daemon_logged(&s->d, "-> sending 192.0.2.10 (/etc/resolv.conf has changed)", NULL),
		1);
}

/* As docker does, whose file is a bind mount. */
static void written_in_place_is_tried_at_once(void **state)
{
	struct scene *s = *state;

	put("/etc/resolv.conf", DEAD);
	be_lost(s);
	put("/etc/resolv.conf", ALIVE);
	be_found(s);
}

/* As resolvconf and NetworkManager do, several times in a row. */
static void replaced_is_tried_at_once(void **state)
{
	struct scene *s = *state;

	own_etc();
	put("/etc/resolv.conf", DEAD);
	be_lost(s);
	for (int i = 0; i < 5; i++) {
		put("/etc/resolv.conf.new", ALIVE);
		assert_int_equal(rename("/etc/resolv.conf.new", "/etc/resolv.conf"), 0);
	}
	be_found(s);
}

/* As systemd-resolved does when it starts: the link leads into a folder that is yet to be made. */
static void made_behind_its_link_is_tried_at_once(void **state)
{
	struct scene *s = *state;

	own_etc();
	assert_int_equal(symlink("run/resolve/stub.conf", "/etc/resolv.conf"), 0);
	be_lost(s);
	assert_int_equal(mkdir("/etc/run", 0755), 0);
	assert_int_equal(mkdir("/etc/run/resolve", 0755), 0);
	put("/etc/run/resolve/stub.conf", ALIVE);
	be_found(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(written_in_place_is_tried_at_once, scene_setup,
						teardown),
		cmocka_unit_test_setup_teardown(replaced_is_tried_at_once, scene_setup, teardown),
		cmocka_unit_test_setup_teardown(made_behind_its_link_is_tried_at_once, scene_setup,
						teardown),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
