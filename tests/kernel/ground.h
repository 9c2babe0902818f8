/* SPDX-License-Identifier: MIT */
/*
 * The ground the kernel tests stand on: two network namespaces of our own (a gateway inside, the
 * provider's side outside), a temporary directory, and processes that never outlive the test.
 */
#ifndef TESTS_KERNEL_GROUND_H
#define TESTS_KERNEL_GROUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

struct nl_sock;

enum side { SIDE_INSIDE, SIDE_OUTSIDE };

enum { GROUND_CHILDREN = 48, GROUND_PATH = 160 };

struct ground {
	char dir[48]; /* temporary, removed by ground_free */
	int ns[2];    /* by enum side */
	struct nl_sock *nl[2];
	pid_t children[GROUND_CHILDREN];
	const char *watched; /* log shown when a wait ends in vain, or NULL */
};

/*
 * Once per process: a user namespace (unless root), a mount namespace whose /etc/resolv.conf names
 * 198.51.100.53. False, with "1..0 # SKIP why" printed, where the kernel refuses.
 */
bool ground_enter(void);

/*
 * Two fresh network namespaces; the calling process stays inside. ground_free() kills what was
 * started and takes NULL.
 */
struct ground *ground_new(void);
void ground_free(struct ground *g);

/* cmocka setup and teardown: a ground with a WAN (wire_wan) in *state. */
int ground_setup(void **state);
int ground_teardown(void **state);

/* Moves the calling thread to a side. Sockets opened there stay there. */
void ground_go(const struct ground *g, enum side side);

/* A path in the temporary directory; the text is the caller's, at least GROUND_PATH bytes. */
char *ground_path(const struct ground *g, char *path, const char *name);

/* A path in the build directory ($NLDDNS_BUILD, else "build"). */
char *ground_built(char *path, const char *name);

/* Writes a file of mode 0600, printf style; fails the test case on error. */
void ground_write(const char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads at most size - 1 bytes; an absent file is empty. */
void ground_read(const char *path, char *text, size_t size);

/* Starts argv on a side, output appended to the file `log`; SIGKILL when the test dies. */
pid_t ground_spawn(struct ground *g, enum side side, const char *log, const char *const argv[]);

/* A process of ours that ground_free() is to kill. */
void ground_keep(struct ground *g, pid_t pid);

/* Sends a signal (0: none) and waits up to ms: wait status, or -ETIMEDOUT and still running. */
int ground_end(struct ground *g, pid_t pid, int signal, int ms);

/* Runs argv to its end (10 s) inside; its standard output in text. Exit code, or -errno. */
int ground_run(struct ground *g, const char *const argv[], char *text, size_t size);

/* A wait in ms, stretched when the program under test runs under valgrind ($NLDDNS_VALGRIND). */
int ground_patience(int ms);

int64_t ground_now(void); /* CLOCK_MONOTONIC, nanoseconds */
void ground_nap(int ms);

/* Asks `holds(arg)` every few milliseconds; false, with `what` and the log printed, after ms, or
 * ten seconds if that is longer (but for 0): it is no proof of speed. */
bool ground_await(const struct ground *g, int ms, bool (*holds)(void *arg), void *arg,
		  const char *what);

#endif
