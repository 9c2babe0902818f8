/* SPDX-License-Identifier: MIT */
/* A line of the control socket, understood; and who may say it. */
#ifndef UPDATE_DAEMON_VERB_H
#define UPDATE_DAEMON_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/provider.h"

#define VERB_LINE_MAX 1024

enum verb_kind {
	VERB_STATUS,
	VERB_SNAPSHOT,
	VERB_UPDATE,
	VERB_RETRY,
	VERB_RELOAD,
	VERB_WATCH, /* answered by a line for each thing that happens, until hung up */
	VERB_HISTORY,
	VERB_METRICS,
};

struct verb {
	enum verb_kind kind;
	char name[DNS_NAME_MAX]; /* lower case, no trailing dot; "" where the verb takes none */
};

/* line without its newline. -EINVAL: *ret_error says what to do. */
int verb_parse(const char *line, size_t len, struct verb *ret, const char **ret_error);

/* Asking changes nothing. */
bool verb_reads(const struct verb *verb);

#endif
