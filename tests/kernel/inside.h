/* SPDX-License-Identifier: MIT */
/* What nlddnsd believes (its control socket) and what it costs (/proc). */
#ifndef TESTS_KERNEL_INSIDE_H
#define TESTS_KERNEL_INSIDE_H

#include "tests/kernel/daemon.h"

/* A number of `snapshot`'s "events" ("overruns", "foreign", "drops"); -1: no answer. */
int64_t inside_events(const struct daemon *d, const char *field);

/* Whether `snapshot` holds a link of that name. */
bool inside_knows(const struct daemon *d, const char *link);

/* A field of the first source of a family ("ipv4", "ipv6") in `status`; numbers and truth values
 * as JSON writes them. "" when there is none. */
void inside_source(const struct daemon *d, const char *family, const char *field,
		   char text[static 256]);

/* Waits until that field holds the text. */
bool inside_await(const struct daemon *d, const char *family, const char *field, const char *text,
		  int ms);

int64_t inside_cpu_us(pid_t pid); /* time on a CPU so far */
int64_t inside_switches(pid_t pid);

/* A "Key:" of /proc/PID/status or smaps_rollup in kB; -1: not there. */
int64_t inside_memory(pid_t pid, const char *file, const char *key);

/* Whether memory and CPU say nothing: a sanitizer or valgrind is at work. */
bool inside_distorted(pid_t pid);

/* The rtnetlink socket of the inside with multicast groups and this port number (0: any). */
struct inside_socket {
	unsigned port;
	int64_t queued; /* bytes */
	int64_t drops;
};
bool inside_socket(struct ground *g, unsigned port, struct inside_socket *ret);

#endif
