/* SPDX-License-Identifier: MIT */
/* What the daemon's status means to a person. Pure. */
#ifndef UPDATE_CTL_STATUS_H
#define UPDATE_CTL_STATUS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "update/ctl/table.h"

#define STATUS_TEXT_MAX 512

/* One record of the daemon's status as cells of text; strings in it live as long as record. */
struct status_row {
	const char *name, *type, *state, *source, *why;
	char addresses[STATUS_TEXT_MAX];
	char when[64]; /* since when it is so, and when it is looked at next */
	enum table_tone tone;
	bool degraded; /* held, or failing */
};

/* now: seconds since 1970. Whatever is missing or malformed in record shows as "?". */
void status_read(const json_t *record, int64_t now, struct status_row *ret);

#endif
