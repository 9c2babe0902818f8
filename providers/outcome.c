/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "providers/outcome.h"

static void add_retry_hint(char *why, const char *name)
{
	size_t len = strlen(why), room = OUTCOME_WHY_MAX - len;
	int hint = snprintf(why + len, room, ", then `nlddns retry %s`", name);

	if (hint < 0 || (size_t)hint >= room)
		why[len] = '\0';
}

/* Logs, terminals and JSON take no other bytes as they are. */
static void make_printable(char *text)
{
	for (char *c = text; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

void outcome_say(struct outcome *ret, const struct wanted *wanted, enum verdict verdict,
		 const char *format, ...)
{
	va_list args;

	ret->verdict = verdict;
	ret->wait_ms = 0;
	va_start(args, format);
	vsnprintf(ret->why, sizeof(ret->why), format, args);
	va_end(args);
	if (provider_verdict_refused(verdict))
		add_retry_hint(ret->why, wanted->name);
	make_printable(ret->why);
}

void outcome_all(struct outcome *outcomes, const struct job *job, enum verdict verdict,
		 const char *why)
{
	for (size_t i = 0; i < job->n_wanted; i++)
		outcome_say(&outcomes[i], &job->wanted[i], verdict, "%s", why);
}

bool outcome_is_open(const struct outcome *outcome)
{
	return outcome->why[0] == '\0';
}

void outcome_rest(struct outcome *outcomes, const struct job *job, enum verdict verdict,
		  const char *why)
{
	for (size_t i = 0; i < job->n_wanted; i++)
		if (outcome_is_open(&outcomes[i]))
			outcome_say(&outcomes[i], &job->wanted[i], verdict, "%s", why);
}
