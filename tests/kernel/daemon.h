/* SPDX-License-Identifier: MIT */
/* The program under test: its configuration, its life and death, and what it says of itself. */
#ifndef TESTS_KERNEL_DAEMON_H
#define TESTS_KERNEL_DAEMON_H

#include <jansson.h>

#include "tests/kernel/ground.h"

struct daemon {
	struct ground *g;
	const char *program; /* a path, or one in the build directory; NULL: nlddnsd */
	const char *folder;  /* its files are in this one of the ground's; NULL: in that itself */
	pid_t pid;           /* 0: not running */
	int exit_code;       /* of the last daemon_stop; -1: killed by a signal */
	char conf[GROUND_PATH];
	char log[GROUND_PATH];
};

/*
 * Writes the configuration: [nlddns] with a state directory (made) and control socket in its
 * folder, then `global`; [defaults] with interface = wan0, allow = documentation, settle =
 * 0, min-interval = 0 and hold-down = 0; then the records, printf style.
 */
void daemon_configure(struct ground *g, struct daemon *d, const char *global, const char *records,
		      ...) __attribute__((format(printf, 4, 5)));

/* A file of its folder; the text is the caller's, at least GROUND_PATH bytes. */
char *daemon_path(const struct daemon *d, char *path, const char *name);

/* One dyndns2 record's section for daemon_configure: name, port and path of webd. */
#define DAEMON_RECORD                                                                  \
	"[%s]\nprovider = dyndns2\nurl = http://198.51.100.53:%d%s\nusername = user\n" \
	"password = opensesame\nallow-plaintext = yes\nfamily = ipv4\n"

/*
 * Starts nlddnsd (under valgrind with $NLDDNS_VALGRIND) and waits for its READY=1; fails the test
 * case when that does not come.
 */
void daemon_start(struct daemon *d);

/* Starts it and waits for nothing. */
void daemon_launch(struct daemon *d);

/* Sends a signal and waits for the end: milliseconds it took, or -1 when it does not end. */
int daemon_stop(struct daemon *d, int signal);

/* pid of nlddns-updater under this nlddnsd, 0 when there is none. */
pid_t daemon_updater(const struct daemon *d);
bool daemon_await_updater(const struct daemon *d, bool running, int ms);

/* `nlddns -c CONF ARGUMENTS`: its exit code and output. */
int daemon_command(const struct daemon *d, char *text, size_t size, const char *one,
		   const char *other);

/* `status --json`, a new reference, or NULL. */
json_t *daemon_status(const struct daemon *d);

/* A field of a record ("NAME TYPE") as text (an array with commas); "" when there is none. */
void daemon_field(const struct daemon *d, const char *record, const char *field,
		  char text[static 256]);
bool daemon_await(const struct daemon *d, const char *record, const char *field, const char *value,
		  int ms);

/* Lines of the log that hold both texts (NULL: any). */
int daemon_logged(const struct daemon *d, const char *one, const char *other);

#endif
