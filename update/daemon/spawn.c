/* SPDX-License-Identifier: MIT */
#include "update/daemon/spawn.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "update/log.h"
#include "update/wire.h"

static const char *const kept[] = {
	"PATH",         "LANG",         "TZ",           "JOURNAL_STREAM", "SSL_CERT_FILE",
	"SSL_CERT_DIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",  "LD_LIBRARY_PATH",
};
#define KEPT_COUNT (sizeof(kept) / sizeof(kept[0]))

static int try_path(const char *folder, const char *rest, const char *name, char **ret)
{
	char *path;

	if (asprintf(&path, "%s%s%s", folder, rest, name) < 0)
		return -ENOMEM;
	if (access(path, X_OK) == 0) {
		*ret = path;
		return 0;
	}
	free(path);
	return -ENOENT;
}

/* Our folder itself, as in the build; what is beside sbin or bin, whatever PREFIX was built in. */
static int find_near(const char *folder, const char *name, char **ret)
{
	int err = try_path(folder, "/", name, ret);

	return err == -ENOENT ? try_path(folder, "/../libexec/nlddns/", name, ret) : err;
}

int spawn_find(const char *name, char **ret)
{
	char self[PATH_MAX], *slash;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int err = -ENOENT;

	if (len > 0) {
		self[len] = '\0';
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
		err = find_near(self, name, ret);
	}
	return err == -ENOENT ? try_path(LIBEXECDIR, "/", name, ret) : err;
}

static void keep_environment(char *env[static KEPT_COUNT + 1])
{
	size_t n = 0;

	for (char **e = environ; *e; e++)
		for (size_t i = 0; i < KEPT_COUNT && n < KEPT_COUNT; i++) {
			size_t len = strlen(kept[i]);

			if (strncmp(*e, kept[i], len) == 0 && (*e)[len] == '=')
				env[n++] = *e;
		}
	env[n] = NULL;
}

/* What the child has of its own: descriptor WIRE_FD, and signals as if nobody had touched them. */
static int run(const char *program, char *const argv[], int fd, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	char *env[KEPT_COUNT + 1];
	sigset_t none, defaults;
	int err;

	keep_environment(env);
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawn_file_actions_adddup2(&files, fd, WIRE_FD);
	if (!err)
		err = posix_spawn(ret_pid, program, &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

int spawn_updater(const char *program, int64_t idle_ms, bool verbose, int *ret_fd, pid_t *ret_pid)
{
	char name[] = "nlddns-updater", option[] = "--idle", flag[] = "-v", idle[24];
	char *argv[] = {name, option, idle, verbose ? flag : NULL, NULL};
	int pair[2], err;

	snprintf(idle, sizeof(idle), "%" PRId64, idle_ms);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return -errno;
	err = run(program, argv, pair[1], ret_pid);
	close(pair[1]);
	if (err < 0) {
		close(pair[0]);
		return err;
	}
	*ret_fd = pair[0];
	log_debug("nlddns-updater started, process %d", *ret_pid);
	return 0;
}
