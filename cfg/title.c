/* SPDX-License-Identifier: MIT */
#include "cfg/title.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cfg/dnsname.h"
#include "cfg/nearest.h"

#define NAME_MAX_LEN 64 /* of an account or source */

static const struct {
	const char *word;
	enum title_kind kind;
	bool named;
} kinds[] = {
	{"nlddns", TITLE_DAEMON, false},
	{"defaults", TITLE_DEFAULTS, false},
	{"account", TITLE_ACCOUNT, true},
	{"source", TITLE_SOURCE, true},
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static const char *nearest_kind(const char *word, size_t distance)
{
	const char *best = NULL;

	for (size_t i = 0; i < KIND_COUNT; i++)
		if (nearest_distance(kinds[i].word, word) <= distance)
			best = kinds[i].word;
	return best;
}

/* One bare word: a reserved one, or the name of a host. */
static int parse_record(const char *title, char name[static DNS_NAME_MAX],
			char why[static TITLE_WHY_MAX])
{
	const char *kind = strchr(title, '.') ? NULL : nearest_kind(title, 1);
	const char *problem = NULL;

	if (kind) {
		snprintf(why, TITLE_WHY_MAX,
			 "unknown section [%s]; did you mean [%s]? (a host of that name is "
			 "written [%s.])",
			 title, kind, title);
		return -EINVAL;
	}
	if (dnsname_parse(title, name, &problem)) {
		snprintf(why, TITLE_WHY_MAX, "`%.80s` %s", title, problem);
		return -EINVAL;
	}
	return 0;
}

static int parse_named(const char *word, const char *given, char name[static DNS_NAME_MAX],
		       char why[static TITLE_WHY_MAX])
{
	if (!given[0]) {
		snprintf(why, TITLE_WHY_MAX, "[%s] needs a name: [%s NAME]", word, word);
		return -EINVAL;
	}
	if (strchr(given, ' ') || strlen(given) > NAME_MAX_LEN) {
		snprintf(why, TITLE_WHY_MAX,
			 "the name of [%s NAME] is one word of at most %d bytes", word,
			 NAME_MAX_LEN);
		return -EINVAL;
	}
	snprintf(name, DNS_NAME_MAX, "%s", given);
	return 0;
}

static int refuse_kind(const char *title, size_t word_len, char why[static TITLE_WHY_MAX])
{
	char word[32], hint[NEAREST_HINT_MAX];
	struct nearest nearest;

	snprintf(word, sizeof(word), "%.*s", (int)word_len, title);
	nearest_init(&nearest, word);
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (kinds[i].named)
			nearest_offer(&nearest, kinds[i].word);
	snprintf(why, TITLE_WHY_MAX, "unknown section [%.60s]%s%s", title,
		 nearest_hint(&nearest, hint),
		 nearest.best ? ""
			      : "; there are [a DNS name], [account NAME], [source NAME], "
				"[defaults] and [nlddns]");
	return -EINVAL;
}

int title_parse(const char *title, enum title_kind *ret, char name[static DNS_NAME_MAX],
		char why[static TITLE_WHY_MAX])
{
	size_t word_len = strcspn(title, " ");
	enum title_kind kind = TITLE_RECORD;
	int error = -EINVAL;
	size_t i = 0;

	while (i < KIND_COUNT &&
	       (strlen(kinds[i].word) != word_len || strncmp(kinds[i].word, title, word_len) != 0))
		i++;
	if (i < KIND_COUNT && kinds[i].named) {
		kind = kinds[i].kind;
		error = parse_named(kinds[i].word, title + word_len + (title[word_len] == ' '),
				    name, why);
	} else if (i < KIND_COUNT && title[word_len]) {
		snprintf(why, TITLE_WHY_MAX, "[%s] takes no name", kinds[i].word);
	} else if (i < KIND_COUNT) {
		kind = kinds[i].kind;
		name[0] = '\0';
		error = 0;
	} else if (title[word_len]) {
		error = refuse_kind(title, word_len, why);
	} else {
		error = parse_record(title, name, why);
	}
	if (!error)
		*ret = kind;
	return error;
}
