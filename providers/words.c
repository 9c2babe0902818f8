/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "providers/outcome.h"
#include "providers/words.h"

#define MINUTE_S 60
#define HOUR_S   3600

/* The longest a server may make us wait. */
#define WAIT_MAX_S (7 * 24 * HOUR_S)

struct meaning {
	enum verdict verdict;
	int32_t wait_s;
	bool ends_all;
	const char *what;
	const char *todo; /* or NULL */
};

static const struct meaning meanings[] = {
	[WORD_GOOD] = {VERDICT_DONE, 0, false, "updated", NULL},
	[WORD_NOCHG] = {VERDICT_UNCHANGED, 0, false, "already set", NULL},
	[WORD_BADAUTH] = {VERDICT_REFUSED_AUTH, 0, true, "user name or password not accepted",
			  "correct username and password"},
	[WORD_BADSYS] = {VERDICT_REFUSED_CONFIG, 0, true, "system parameter not accepted",
			 "correct system= in url"},
	[WORD_NOTFQDN] = {VERDICT_REFUSED_NAME, 0, false, "not a full host name to the server",
			  "correct the name"},
	[WORD_NOHOST] = {VERDICT_REFUSED_NAME, 0, false, "no such host in this account",
			 "create it at the provider or correct the name"},
	[WORD_YOURS] = {VERDICT_REFUSED_AUTH, 0, false, "the host belongs to another account",
			"use that account"},
	[WORD_DONATOR] = {VERDICT_REFUSED_CONFIG, 0, false, "this needs a paid account",
			  "upgrade the account"},
	[WORD_ACTIVE] = {VERDICT_REFUSED_NAME, 0, false, "the domain is not activated",
			 "activate it at the provider"},
	[WORD_ABUSE] = {VERDICT_REFUSED_ABUSE, 0, false, "the host is blocked for abuse",
			"have the provider unblock it"},
	[WORD_NUMHOST] = {VERDICT_REFUSED_CONFIG, 0, false,
			  "too many or too few hosts in a request", "ask the provider"},
	[WORD_BADAGENT] = {VERDICT_REFUSED_CONFIG, 0, true, "this program is not accepted",
			   "ask the provider, look for a newer nlddns"},
	[WORD_DNSERR] = {VERDICT_RETRY, 0, false, "the provider's DNS failed", NULL},
	[WORD_911] = {VERDICT_RETRY, 30 * MINUTE_S, true, "the provider is down or in maintenance",
		      NULL},
	[WORD_SERVERERROR] = {VERDICT_RETRY, 0, true, "the server failed", NULL},
	[WORD_INTERVAL] = {VERDICT_THROTTLED, 2 * MINUTE_S, true, "updated too often", NULL},
	[WORD_BADREQUEST] = {VERDICT_REFUSED_CONFIG, 0, false, "the request was not understood",
			     "check url and name"},
	[WORD_FATAL] = {VERDICT_REFUSED_NAME, 0, false, "the host is unknown or deactivated",
			"activate it at the provider or correct the name"},
	[WORD_WAIT] = {VERDICT_THROTTLED, 0, true, "told to wait", NULL},
	[WORD_MISSING] = {VERDICT_RETRY, 0, false, "no answer for this name", NULL},
	[WORD_EMPTY] = {VERDICT_RETRY, 0, true, "an empty reply, which confirms nothing",
			"check url"},
	[WORD_FOREIGN] = {VERDICT_RETRY, 0, true, "a reply that is not understood", "check url"},
	[WORD_OTHER_ADDRESS] = {VERDICT_RETRY, 0, false, "the server set another address", NULL},
	[WORD_IGNORED] = {VERDICT_REFUSED_ABUSE, 0, true, "the server says it ignored the update",
			  "ask the provider why"},
	[WORD_REDIRECT] = {VERDICT_RETRY, 0, true, "redirected, which is not followed",
			   "correct url"},
	[WORD_NOT_FOUND] = {VERDICT_REFUSED_CONFIG, 0, true, "nothing there", "correct url"},
	[WORD_NOT_TAKEN] = {VERDICT_REFUSED_CONFIG, 0, false, "the request was refused",
			    "check url and name"},
	[WORD_TOO_OFTEN] = {VERDICT_THROTTLED, 2 * MINUTE_S, true, "asked too often", NULL},
	[WORD_FAILED] = {VERDICT_RETRY, 0, true, "the server failed", NULL},
	[WORD_BAD_WANTED] = {VERDICT_REFUSED_CONFIG, 0, false,
			     "the provider takes exactly one address of a type",
			     "use combine = first and on-loss = keep"},
	[WORD_NOT_ASKED] = {VERDICT_RETRY, 0, false, "left for the next try", NULL},
	[WORD_TOO_LONG] = {VERDICT_REFUSED_CONFIG, 0, false, "the request is too long",
			   "shorten url"},
	[WORD_NOT_IN_ZONE] = {VERDICT_REFUSED_CONFIG, 0, false,
			      "the name is not in a zone of this provider",
			      "correct the name or zone"},
	[WORD_NO_TYPE] = {VERDICT_REFUSED_CONFIG, 0, false,
			  "the provider has no records of this type", "use family = ipv4 or ipv6"},
	[WORD_UNFIT] = {VERDICT_REFUSED_CONFIG, 0, false,
			"a setting is missing, or holds what cannot be sent", "correct it"},
	[WORD_ALONE] = {VERDICT_RETRY, 0, false,
			"the service takes both addresses at once, and there is only one", NULL},
};
_Static_assert(sizeof(meanings) / sizeof(meanings[0]) == WORD_COUNT, "every word has a meaning");

static const struct {
	const char *text;
	enum word word;
} spellings[] = {
	{"good", WORD_GOOD},
	{"successfully_changed", WORD_GOOD},
	{"nochg", WORD_NOCHG},
	{"no_change", WORD_NOCHG},
	{"badauth", WORD_BADAUTH},
	{"badsys", WORD_BADSYS},
	{"badysys", WORD_BADSYS},
	{"notfqdn", WORD_NOTFQDN},
	{"nofqdn", WORD_NOTFQDN},
	{"nohost", WORD_NOHOST},
	{"!yours", WORD_YOURS},
	{"!donator", WORD_DONATOR},
	{"!active", WORD_ACTIVE},
	{"abuse", WORD_ABUSE},
	{"numhost", WORD_NUMHOST},
	{"badagent", WORD_BADAGENT},
	{"dnserr", WORD_DNSERR},
	{"911", WORD_911},
	{"servererror", WORD_SERVERERROR},
	{"interval", WORD_INTERVAL},
	{"badrequest", WORD_BADREQUEST},
	{"fatal", WORD_FATAL},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Loopia answers "[200 OK] nohost". Takes off "[NNN]" or "[NNN text]"; returns NNN, or 200 where
 * there is none. */
static int take_bracket(struct span *rest)
{
	const char *text = rest->text, *end = memchr(text, ']', rest->len);
	int status;

	if (end == NULL || end - text < 4 || text[0] != '[')
		return 200;
	if (!is_digit(text[1]) || !is_digit(text[2]) || !is_digit(text[3]))
		return 200;
	if (end - text > 4 && text[4] != ' ')
		return 200;
	status = (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
	rest->len -= (size_t)(end + 1 - text);
	rest->text = end + 1;
	return status;
}

static int32_t limit_wait(int64_t seconds)
{
	return seconds > WAIT_MAX_S ? WAIT_MAX_S : (int32_t)seconds;
}

/* "w30s", "w5m", "w2h": 1 to 6 digits. -1: something else. */
static int32_t wait_of(struct span word)
{
	int64_t n = 0;

	if (word.len < 3 || word.len > 8 || (word.text[0] | 0x20) != 'w')
		return -1;
	for (size_t i = 1; i + 1 < word.len; i++) {
		if (!is_digit(word.text[i]))
			return -1;
		n = n * 10 + (word.text[i] - '0');
	}
	switch (word.text[word.len - 1] | 0x20) {
	case 's':
		return limit_wait(n);
	case 'm':
		return limit_wait(n * MINUTE_S);
	case 'h':
		return limit_wait(n * HOUR_S);
	}
	return -1;
}

/* An unknown word helps a person only if it looks like one. */
static bool is_wordlike(struct span word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.text[i];

		if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    c != '!' && c != '_' && c != '-')
			return false;
	}
	return word.len > 0 && word.len <= 20;
}

static enum word find_word(struct span word)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (span_is_nocase(word, spellings[i].text))
			return spellings[i].word;
	return wait_of(word) >= 0 ? WORD_WAIT : WORD_FOREIGN;
}

struct answer words_make(enum word word)
{
	return (struct answer){.word = word, .wait_s = meanings[word].wait_s};
}

bool words_confirm(enum word word)
{
	return meanings[word].verdict == VERDICT_DONE ||
	       meanings[word].verdict == VERDICT_UNCHANGED;
}

bool words_end_all(enum word word)
{
	return meanings[word].ends_all;
}

struct span words_take(struct span *rest)
{
	take_bracket(rest);
	return span_take_word(rest, SPAN_BLANKS);
}

void words_read(struct span line, struct answer *ret)
{
	struct span rest = line, again = line;
	int status = take_bracket(&again);
	struct span word = words_take(&rest);
	enum word found = find_word(word);

	if (words_confirm(found) && status / 100 != 2)
		found = WORD_FOREIGN;
	*ret = words_make(found);
	if (found == WORD_WAIT)
		ret->wait_s = wait_of(word);
	if (is_wordlike(word))
		memcpy(ret->detail, word.text, word.len); /* zeroed, and longer */
}

static enum word status_word(int status)
{
	if (status >= 300 && status < 400)
		return WORD_REDIRECT;
	if (status == 401 || status == 403)
		return WORD_BADAUTH;
	if (status == 404)
		return WORD_NOT_FOUND;
	if (status == 429)
		return WORD_TOO_OFTEN;
	if (status == 408 || status == 425 || status >= 500)
		return WORD_FAILED;
	return status >= 400 ? WORD_NOT_TAKEN : WORD_FOREIGN;
}

void words_read_status(int status, int64_t retry_after_ms, struct answer *ret)
{
	*ret = words_make(status_word(status));
	snprintf(ret->detail, sizeof(ret->detail), "HTTP %d", status);
	if (retry_after_ms >= 0 && (ret->word == WORD_TOO_OFTEN || ret->word == WORD_FAILED))
		ret->wait_s = limit_wait(retry_after_ms / 1000 + (retry_after_ms % 1000 > 0));
}

/* What to do where the person wrote neither url nor username and password. */
static const char *todo_of(enum word word, const char *credentials, char text[static 80])
{
	const char *todo = meanings[word].todo;

	if (credentials == NULL || todo == NULL)
		return todo;
	if (word == WORD_BADAUTH) {
		(void)snprintf(text, 80, "correct %s", credentials);
		return text;
	}
	return strstr(todo, "url") != NULL ? "has the service changed? look for a newer nlddns"
					   : todo;
}

void words_say(const struct answer *answer, const struct wanted *wanted, const char *credentials,
	       struct outcome *ret)
{
	const struct meaning *meaning = &meanings[answer->word];
	bool detail = answer->detail[0] != '\0';
	char text[80];
	const char *todo = todo_of(answer->word, credentials, text);

	outcome_say(ret, wanted, meaning->verdict, "%s%s%s%s%s%s", meaning->what,
		    detail ? " (" : "", answer->detail, detail ? ")" : "", todo != NULL ? ": " : "",
		    todo != NULL ? todo : "");
	ret->wait_ms = answer->wait_s * INT64_C(1000);
}
