/* SPDX-License-Identifier: MIT */
/* One row of configuration: its name, type, range, default and help in one place, so that
 * validation, defaults, listings and manuals agree. */
#ifndef PROVIDERS_SETTING_H
#define PROVIDERS_SETTING_H

#include <stdbool.h>
#include <stdint.h>

enum setting_type {
	SETTING_TEXT,
	SETTING_SECRET,   /* literal, file:PATH, env:NAME or cred:NAME; never shown */
	SETTING_URL,      /* https://; http:// only where allow-plaintext = yes */
	SETTING_PATH,     /* absolute file name */
	SETTING_HOST,     /* DNS name or address */
	SETTING_NUMBER,   /* min..max */
	SETTING_DURATION, /* "50ms", "5m", "1h 30m"; a bare number is seconds; min..max in ms */
	SETTING_BOOL,     /* yes|no */
	SETTING_CHOICE,   /* one of choices */
	SETTING_LIST,     /* comma- or space-separated words; each one of choices, if given */
};

struct setting {
	const char *name;
	enum setting_type type;
	bool required;
	int64_t min, max;    /* SETTING_NUMBER, SETTING_DURATION (ms); max 0: unlimited */
	const char *choices; /* space-separated words, or NULL */
	const char *preset;  /* the default as it would be written, or NULL: unset */
	const char *help;    /* one sentence */
};

#endif
