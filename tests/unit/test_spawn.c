/* SPDX-License-Identifier: MIT */
#include "update/daemon/spawn.c"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

static void looks_beside_itself(void **state)
{
	char *path = NULL;

	(void)state;
	assert_int_equal(spawn_find("test_spawn", &path), 0);
	assert_non_null(strstr(path, "/test_spawn"));
	free(path);
	path = NULL;
	assert_int_equal(spawn_find("no-such-program", &path), -ENOENT);
	assert_null(path);
}

static void make_program(const char *folder, const char *rest, char path[static 256])
{
	int fd;

	snprintf(path, 256, "%s/%s", folder, rest);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	assert_true(fd >= 0);
	close(fd);
}

/* Installed with another PREFIX than it was built for; a build beside wins. */
static void looks_in_libexec_of_its_own_prefix(void **state)
{
	static const char *const folders[] = {"sbin", "libexec", "libexec/nlddns"};
	char prefix[] = "/tmp/test_spawn-XXXXXX", sbin[64], made[2][256], folder[64];
	char *path = NULL;

	(void)state;
	assert_non_null(mkdtemp(prefix));
	for (size_t i = 0; i < 3; i++) {
		snprintf(folder, sizeof(folder), "%s/%s", prefix, folders[i]);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
	snprintf(sbin, sizeof(sbin), "%s/sbin", prefix);
	assert_int_equal(find_near(sbin, "updater", &path), -ENOENT);
	assert_null(path);
	make_program(prefix, "libexec/nlddns/updater", made[0]);
	assert_int_equal(find_near(sbin, "updater", &path), 0);
	assert_non_null(strstr(path, "/sbin/../libexec/nlddns/updater"));
	free(path);
	make_program(sbin, "updater", made[1]);
	assert_int_equal(find_near(sbin, "updater", &path), 0);
	assert_string_equal(path, made[1]);
	free(path);
	for (size_t i = 0; i < 2; i++)
		unlink(made[i]);
	for (size_t i = 3; i-- > 0;) {
		snprintf(folder, sizeof(folder), "%s/%s", prefix, folders[i]);
		rmdir(folder);
	}
	rmdir(prefix);
}

static void passes_on_no_secrets(void **state)
{
	char *env[KEPT_COUNT + 1];
	bool zone = false;

	(void)state;
	setenv("NLDDNS_TOKEN", "secret", 1);
	setenv("TOKEN", "secret", 1);
	setenv("PATHOLOGICAL", "secret", 1);
	setenv("TZ", "UTC", 1);
	keep_environment(env);
	for (char **e = env; *e; e++) {
		assert_null(strstr(*e, "secret"));
		zone |= strcmp(*e, "TZ=UTC") == 0;
	}
	assert_true(zone);
}

static void hands_over_one_descriptor(void **state)
{
	struct pollfd said = {.events = POLLIN};
	char bytes[64] = "";
	pid_t pid = 0;
	int status;

	(void)state;
	assert_int_equal(spawn_updater("/proc/self/exe", 4711, true, &said.fd, &pid), 0);
	assert_int_equal(poll(&said, 1, 5000), 1);
	assert_true(recv(said.fd, bytes, sizeof(bytes) - 1, 0) > 0);
	assert_string_equal(bytes, "--idle 4711 -v");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(said.fd);
	assert_int_equal(spawn_updater("/nonexistent", 1, false, &said.fd, &pid), -ENOENT);
}

/* The updater: says how it was called, and that it got nothing but what it should. */
static int play(char **argv)
{
	char bytes[64];
	int len = snprintf(bytes, sizeof(bytes), "%s %s %s", argv[1], argv[2], argv[3]);

	for (int fd = WIRE_FD + 1; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return 1;
	return send(WIRE_FD, bytes, (size_t)len, 0) == len ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_beside_itself),
		cmocka_unit_test(looks_in_libexec_of_its_own_prefix),
		cmocka_unit_test(passes_on_no_secrets),
		cmocka_unit_test(hands_over_one_descriptor),
	};

	/* What the harness left open is not ours. */
	if (argc < 4)
		close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
	if (argc == 4 && strcmp(argv[1], "--idle") == 0)
		return play(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
