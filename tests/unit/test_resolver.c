/* SPDX-License-Identifier: MIT */
#include "update/daemon/resolver.c"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

/* Names in a folder that the resolver knows by a path of its own. */
static char root[128];

static const char *in(const char *name)
{
	static char paths[2][256];
	static unsigned next;
	char *path = paths[next++ % 2];

	snprintf(path, sizeof(paths[0]), "%s/%s", root, name);
	return path;
}

static void write_to(const char *name)
{
	FILE *file = fopen(in(name), "a");

	assert_non_null(file);
	assert_true(fputs("nameserver 192.0.2.53\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void run(const char *const actions[])
{
	for (; *actions; actions += 3) {
		const char *one = actions[1], *other = actions[2];
		int err = 0;

		if (!strcmp(*actions, "write"))
			write_to(one);
		else if (!strcmp(*actions, "rename"))
			err = rename(in(one), in(other));
		else if (!strcmp(*actions, "remove"))
			err = remove(in(one));
		else if (!strcmp(*actions, "link"))
			err = symlink(other, in(one));
		else if (!strcmp(*actions, "folder"))
			err = mkdir(in(one), 0755);
		else
			fail_msg("no action %s", *actions);
		if (err < 0)
			fail_msg("%s %s: %s", *actions, one, strerror(errno));
	}
}

/* The file is etc/conf. What is there, what happens to it, and whether that is a change. */
#define ACTIONS_MAX 28
static const struct {
	const char *caption;
	const char *before[ACTIONS_MAX], *after[ACTIONS_MAX];
	bool changed;
} rows[] = {
	{"written in place", {"write", "etc/conf", ""}, {"write", "etc/conf", ""}, true},
	{"renamed over",
	 {"write", "etc/conf", ""},
	 {"write", "etc/new", "", "rename", "etc/new", "etc/conf"},
	 true},
	{"made", {NULL}, {"write", "etc/conf", ""}, true},
	{"removed", {"write", "etc/conf", ""}, {"remove", "etc/conf", ""}, false},
	{"removed and made",
	 {"write", "etc/conf", ""},
	 {"remove", "etc/conf", "", "write", "etc/conf", ""},
	 true},
	{"another file of the folder", {"write", "etc/conf", ""}, {"write", "etc/x", ""}, false},
	{"the target of a link written",
	 {"folder", "run", "", "write", "run/stub", "", "link", "etc/conf", "../run/stub"},
	 {"write", "run/stub", ""},
	 true},
	{"the target of a link renamed over",
	 {"folder", "run", "", "write", "run/stub", "", "link", "etc/conf", "../run/stub"},
	 {"write", "run/new", "", "rename", "run/new", "run/stub"},
	 true},
	{"the link points elsewhere",
	 {"folder", "run", "", "write", "run/a", "", "write", "run/b", "", "link", "etc/conf",
	  "../run/a"},
	 {"link", "etc/new", "../run/b", "rename", "etc/new", "etc/conf"},
	 true},
	{"a link to a link",
	 {"folder", "run", "", "write", "run/a", "", "link", "run/b", "a", "link", "etc/conf",
	  "../run/b"},
	 {"write", "run/new", "", "rename", "run/new", "run/a"},
	 true},
	{"the folder of the target is made",
	 {"link", "etc/conf", "../run/deep/stub"},
	 {"folder", "run", "", "folder", "run/deep", "", "write", "run/deep/stub", ""},
	 true},
	{"the folder of the target is made anew",
	 {"folder", "run", "", "folder", "run/deep", "", "write", "run/deep/stub", "", "link",
	  "etc/conf", "../run/deep/stub"},
	 {"remove", "run/deep/stub", "", "remove", "run/deep", "", "folder", "run/deep", "",
	  "write", "run/deep/stub", ""},
	 true},
	{"a link in a circle", {"link", "etc/conf", "conf"}, {"write", "etc/x", ""}, false},
	{"a circle that is cut",
	 {"link", "etc/conf", "conf"},
	 {"remove", "etc/conf", "", "write", "etc/conf", ""},
	 true},
};

static bool is_readable(const struct resolver *resolver)
{
	struct pollfd poll_fd = {.fd = resolver->fd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) > 0;
}

/* True: a change was noticed. Takes what there is to take, as the loop does, at *now. */
static bool notice(struct resolver *resolver, int64_t *now)
{
	bool changed = false;

	for (int i = 0; i < 8; i++) {
		while (is_readable(resolver))
			resolver_drain(resolver, *now);
		if (resolver_due(resolver) < 0)
			return changed;
		*now = resolver_due(resolver);
		changed |= resolver_tick(resolver, *now);
	}
	fail_msg("it never comes to rest");
	return false;
}

static void make_root(const char *name)
{
	snprintf(root, sizeof(root), "%s/%s", tempdir, name);
	assert_int_equal(mkdir(root, 0755), 0);
	assert_int_equal(mkdir(in("etc"), 0755), 0);
}

static void every_way_to_change_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct resolver *resolver = NULL;
		char name[16];
		int64_t now = 1000;

		snprintf(name, sizeof(name), "%zu", i);
		make_root(name);
		run(rows[i].before);
		assert_int_equal(resolver_open(in("etc/conf"), &resolver), 0);
		assert_false(notice(resolver, &now));
		run(rows[i].after);
		if (notice(resolver, &now) != rows[i].changed)
			fail_msg("%s: %s", rows[i].caption, rows[i].changed ? "missed" : "changed");
		/* And what comes next is seen as well. */
		if (rows[i].changed) {
			write_to("etc/conf");
			assert_true(notice(resolver, &now));
		}
		resolver_close(resolver);
	}
}

/* Folders appear one at a time, with a look between. */
static void a_way_that_grows_step_by_step(void **state)
{
	static const char *const steps[][4] = {{"folder", "run", "", NULL},
					       {"folder", "run/deep", "", NULL},
					       {"folder", "run/deep/er", "", NULL}};
	static const char *const last[] = {"write", "run/deep/er/stub", "", NULL};
	struct resolver *resolver = NULL;
	int64_t now = 0;

	(void)state;
	make_root("steps");
	assert_int_equal(symlink("../run/deep/er/stub", in("etc/conf")), 0);
	assert_int_equal(resolver_open(in("etc/conf"), &resolver), 0);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		run(steps[i]);
		assert_false(notice(resolver, &now));
	}
	run(last);
	assert_true(notice(resolver, &now));
	resolver_close(resolver);
}

static void a_burst_is_one_change(void **state)
{
	struct resolver *resolver = NULL;
	unsigned changes = 0;

	(void)state;
	make_root("burst");
	write_to("etc/conf");
	assert_int_equal(resolver_open(in("etc/conf"), &resolver), 0);
	assert_int_equal(resolver_due(resolver), -1);
	for (int64_t now = 0; now < 200; now += 20) {
		write_to("etc/conf");
		resolver_drain(resolver, now);
		assert_int_equal(resolver_due(resolver), now + QUIET_MS);
		changes += resolver_tick(resolver, now);
	}
	assert_int_equal(changes, 0);
	assert_false(resolver_tick(resolver, 180 + QUIET_MS - 1));
	assert_true(resolver_tick(resolver, 180 + QUIET_MS));
	assert_int_equal(resolver_due(resolver), -1);
	/* One that does not end is not waited for. */
	for (int64_t now = 1000; now <= 1000 + PATIENT_MS; now += 20) {
		write_to("etc/conf");
		resolver_drain(resolver, now);
		changes += resolver_tick(resolver, now);
	}
	assert_int_equal(changes, 1);
	resolver_close(resolver);
}

/* With no descriptor left there is none for inotify. */
static void without_inotify(void **state)
{
	struct resolver *resolver = NULL;
	struct rlimit none, usual;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = usual.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(resolver_open("/etc/conf", &resolver), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	assert_null(resolver);
	resolver_close(resolver);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_way_to_change_it, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(a_way_that_grows_step_by_step, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(a_burst_is_one_change, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test(without_inotify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
