/* SPDX-License-Identifier: MIT */
#include "update/daemon/verb.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define UNKNOWN                                                                             \
	"unknown request; one of: status, snapshot, history, metrics, watch, update NAME, " \
	"retry NAME, reload"

static const struct {
	const char *word;
	enum verb_kind kind;
	bool reads, named;
} verbs[] = {
	{"status", VERB_STATUS, true, false},   {"snapshot", VERB_SNAPSHOT, true, false},
	{"history", VERB_HISTORY, true, false}, {"metrics", VERB_METRICS, true, false},
	{"watch", VERB_WATCH, true, false},     {"update", VERB_UPDATE, false, true},
	{"retry", VERB_RETRY, false, true},     {"reload", VERB_RELOAD, false, false},
};
#define VERBS_COUNT (sizeof(verbs) / sizeof(verbs[0]))

/* As cfg keeps names: lower case, no trailing dot. */
static bool copy_name(const char *text, size_t len, char out[static DNS_NAME_MAX])
{
	if (len > 0 && text[len - 1] == '.')
		len--;
	if (len == 0 || len >= DNS_NAME_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isgraph((unsigned char)text[i]))
			return false;
		out[i] = (char)tolower((unsigned char)text[i]);
	}
	out[len] = '\0';
	return true;
}

int verb_parse(const char *line, size_t len, struct verb *ret, const char **ret_error)
{
	struct verb verb = {.name = ""};
	const char *space;
	size_t word;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	space = memchr(line, ' ', len);
	word = space ? (size_t)(space - line) : len;
	for (size_t i = 0; i < VERBS_COUNT; i++) {
		if (strlen(verbs[i].word) != word || memcmp(line, verbs[i].word, word) != 0)
			continue;
		*ret_error = verbs[i].named ? "name the record: NAME as in the configuration"
					    : "this request takes no name";
		if (verbs[i].named != (space != NULL))
			return -EINVAL;
		if (space && !copy_name(space + 1, len - word - 1, verb.name))
			return -EINVAL;
		verb.kind = verbs[i].kind;
		*ret = verb;
		return 0;
	}
	*ret_error = UNKNOWN;
	return -EINVAL;
}

bool verb_reads(const struct verb *verb)
{
	for (size_t i = 0; i < VERBS_COUNT; i++)
		if (verbs[i].kind == verb->kind)
			return verbs[i].reads;
	return false;
}
