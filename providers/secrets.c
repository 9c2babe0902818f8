/* SPDX-License-Identifier: MIT */
#include "providers/secrets.h"

#include <string.h>
#include <strings.h>

static bool holds(struct span whole, struct span part)
{
	for (size_t at = 0; at + part.len <= whole.len; at++)
		if (strncasecmp(whole.text + at, part.text, part.len) == 0)
			return true;
	return false;
}

bool secrets_tell(struct span words, const char *secret)
{
	struct span text = {secret, strlen(secret)};

	return text.len > 0 && words.len > 0 && (holds(words, text) || holds(text, words));
}

/* What is no setting was made of one: a digest. */
static bool is_secret(const struct job *job, const char *name)
{
	const struct setting *row = job->provider->settings;

	while (row->name != NULL && strcmp(row->name, name) != 0)
		row++;
	return row->name == NULL || row->type == SETTING_SECRET;
}

bool secrets_tell_any(const struct job *job, struct span words)
{
	for (size_t i = 0; i < job->n_values; i++)
		if (is_secret(job, job->values[i].name) && secrets_tell(words, job->values[i].text))
			return true;
	return false;
}
