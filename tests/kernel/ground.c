/* SPDX-License-Identifier: MIT */
#include "tests/kernel/ground.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t n = strlen(text);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, n) != (ssize_t)n)
		r = errno ? -errno : -EIO;
	close(fd);
	return r;
}

static int map_user(uid_t uid, gid_t gid)
{
	char text[64];
	int r;

	snprintf(text, sizeof(text), "0 %u 1\n", uid);
	r = write_text("/proc/self/uid_map", text);
	if (r == 0)
		r = write_text("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "0 %u 1\n", gid);
	return r < 0 ? r : write_text("/proc/self/gid_map", text);
}

/* Root needs no user namespace; root without the capability (a container) is like a user. */
static int enter_namespaces(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (uid == 0 && unshare(CLONE_NEWNET | CLONE_NEWNS) == 0)
		return 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) < 0)
		return -errno;
	return map_user(uid, gid);
}

/* DNS servers of this mount namespace only. */
static int replace_resolver(void)
{
	char path[] = "/tmp/nlddns-resolv-XXXXXX";
	char real[PATH_MAX];
	int fd, r = 0;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	if (!realpath("/etc/resolv.conf", real))
		return 0;
	fd = mkstemp(path);
	if (fd < 0)
		return -errno;
	if (dprintf(fd, "nameserver 198.51.100.53\noptions timeout:1 attempts:2\n") < 0 ||
	    fchmod(fd, 0644) < 0 || mount(path, real, NULL, MS_BIND, NULL) < 0)
		r = -errno;
	close(fd);
	unlink(path);
	return r;
}

bool ground_enter(void)
{
	int r = enter_namespaces();

	if (r == 0)
		r = replace_resolver();
	if (r < 0)
		printf("1..0 # SKIP no namespaces here (%s): run as root, or allow user "
		       "namespaces\n",
		       strerror(-r));
	fflush(stdout);
	signal(SIGPIPE, SIG_IGN);
	return r == 0;
}

static void open_side(struct ground *g, enum side side)
{
	if (unshare(CLONE_NEWNET) < 0)
		fail_msg("unshare: %s", strerror(errno));
	g->ns[side] = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	g->nl[side] = nl_socket_alloc();
	if (g->ns[side] < 0 || !g->nl[side] || nl_connect(g->nl[side], NETLINK_ROUTE) < 0)
		fail_msg("no netlink socket");
	wire_up(g, side, "lo");
}

struct ground *ground_new(void)
{
	struct ground *g = calloc(1, sizeof(*g));
	const char *tmp = getenv("TMPDIR");

	assert_non_null(g);
	snprintf(g->dir, sizeof(g->dir), "%.24s/nlddns-test-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(g->dir))
		fail_msg("%s: %s", g->dir, strerror(errno));
	open_side(g, SIDE_OUTSIDE);
	open_side(g, SIDE_INSIDE);
	return g;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

void ground_free(struct ground *g)
{
	char state[GROUND_PATH];

	if (!g)
		return;
	for (size_t i = 0; i < GROUND_CHILDREN; i++)
		if (g->children[i] > 0)
			ground_end(g, g->children[i], SIGKILL, 5000);
	for (int side = 0; side < 2; side++) {
		nl_socket_free(g->nl[side]);
		close(g->ns[side]);
	}
	umount2(ground_path(g, state, "state"), MNT_DETACH); /* if a case mounted there */
	if (!getenv("NLDDNS_KEEP"))
		nftw(g->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(g);
}

int ground_setup(void **state)
{
	struct ground *g = ground_new();

	wire_wan(g);
	*state = g;
	return 0;
}

int ground_teardown(void **state)
{
	ground_free(*state);
	return 0;
}

void ground_go(const struct ground *g, enum side side)
{
	if (setns(g->ns[side], CLONE_NEWNET) < 0)
		fail_msg("setns: %s", strerror(errno));
}

char *ground_path(const struct ground *g, char *path, const char *name)
{
	snprintf(path, GROUND_PATH, "%s/%s", g->dir, name);
	return path;
}

char *ground_built(char *path, const char *name)
{
	const char *build = getenv("NLDDNS_BUILD");

	snprintf(path, GROUND_PATH, "%s/%s", build ? build : "build", name);
	return path;
}

void ground_write(const char *path, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int r;

	va_start(args, format);
	r = vasprintf(&text, format, args);
	va_end(args);
	assert_true(r >= 0);
	r = write_text(path, text);
	free(text);
	if (r < 0)
		fail_msg("%s: %s", path, strerror(-r));
}

void ground_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	while (fd >= 0 && used < size - 1 && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = 0;
	if (fd >= 0)
		close(fd);
}

int ground_patience(int ms)
{
	return getenv("NLDDNS_VALGRIND") ? 10 * ms : ms;
}

int64_t ground_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void ground_nap(int ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};

	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

/* The end of the watched log, as TAP diagnostics. */
static void show_log(const struct ground *g)
{
	enum { SHOWN = 4000 };
	static char text[1 << 20];
	char *from = text, *line;
	size_t n;

	if (!g->watched)
		return;
	ground_read(g->watched, text, sizeof(text));
	n = strlen(text);
	if (n > SHOWN)
		from = text + n - SHOWN;
	while ((line = strsep(&from, "\n")))
		fprintf(stderr, "# | %s\n", line);
}

/* Only what is in vain takes so long, or a machine that has much else to do. */
enum { WAIT_LEAST = 10000 };

bool ground_await(const struct ground *g, int ms, bool (*holds)(void *arg), void *arg,
		  const char *what)
{
	int64_t until;

	if (ms > 0 && ms < WAIT_LEAST)
		ms = WAIT_LEAST;
	until = ground_now() + ground_patience(ms) * 1000000LL;

	for (;;) {
		if (holds(arg))
			return true;
		if (ground_now() > until)
			break;
		ground_nap(3);
	}
	fprintf(stderr, "# in vain for %d ms: %s\n", ms, what);
	show_log(g);
	return false;
}
