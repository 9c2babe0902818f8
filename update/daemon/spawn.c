/* SPDX-License-Identifier: MIT */
#include "update/daemon/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cfg/places.h"
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

/* Our folder itself, as in the build; what is beside sbin or bin, whatever prefix was built in. */
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
	return err == -ENOENT ? try_path(PLACES_LIBEXEC, "/", name, ret) : err;
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

/* What is started, and what it differs in. */
struct launch {
	char *const *argv, *const *env;
	posix_spawn_file_actions_t files;
	short flags; /* POSIX_SPAWN_SETPGROUP or none */
};

/* With signals as if nobody had touched them. */
static int launch(struct launch *launch, const char *program, pid_t *ret_pid)
{
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(
		&attr, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | launch->flags));
	err = posix_spawn(ret_pid, program, &launch->files, &attr, launch->argv, launch->env);
	posix_spawnattr_destroy(&attr);
	return -err;
}

static int run(const char *program, char *const argv[], int fd, pid_t *ret_pid)
{
	char *env[KEPT_COUNT + 1];
	struct launch updater = {.argv = argv, .env = env};
	int err;

	keep_environment(env);
	posix_spawn_file_actions_init(&updater.files);
	err = -posix_spawn_file_actions_adddup2(&updater.files, fd, WIRE_FD);
	if (!err)
		err = launch(&updater, program, ret_pid);
	posix_spawn_file_actions_destroy(&updater.files);
	return err;
}

int spawn_hook(char *const argv[], char *const env[], int err_fd, pid_t *ret_pid)
{
	struct launch hook = {.argv = argv, .env = env, .flags = POSIX_SPAWN_SETPGROUP};
	posix_spawn_file_actions_t *files = &hook.files;
	int err;

	posix_spawn_file_actions_init(files);
	err = -posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!err)
		err = -posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null", O_WRONLY,
							0);
	if (!err)
		err = -posix_spawn_file_actions_adddup2(files, err_fd, STDERR_FILENO);
	if (!err)
		err = launch(&hook, argv[0], ret_pid);
	posix_spawn_file_actions_destroy(files);
	return err;
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
