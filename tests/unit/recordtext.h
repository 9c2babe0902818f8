/* SPDX-License-Identifier: MIT */
/* Short transcripts of record APIs (tests/records/README): reads one. */
#ifndef TESTS_UNIT_RECORDTEXT_H
#define TESTS_UNIT_RECORDTEXT_H

#include "tests/unit/transcript.h"

#define RECORDTEXT_CALLS_MAX  16
#define RECORDTEXT_ERRORS_MAX 24

enum recordtext_kind {
	RECORDTEXT_LOGIN,
	RECORDTEXT_ZONE,
	RECORDTEXT_FIND,
	RECORDTEXT_READ,
	RECORDTEXT_CREATE,
	RECORDTEXT_CHANGE,
	RECORDTEXT_REMOVE,
	RECORDTEXT_ACTION,
	RECORDTEXT_COMMIT,
};
#define RECORDTEXT_KINDS (RECORDTEXT_COMMIT + 1)

static const char *const recordtext_kinds[] = {"login",  "zone",   "find",   "read",  "create",
					       "change", "remove", "action", "commit"};
_Static_assert(sizeof(recordtext_kinds) / sizeof(recordtext_kinds[0]) == RECORDTEXT_KINDS,
	       "a name for each");

/* body NULL: it is not there. */
struct recordtext_reply {
	int line, status;
	const char *body;
};

struct recordtext_call {
	enum recordtext_kind kind;
	int line;
	const char *start, *basic, *content, *sign, *body; /* start: METHOD URL */
	const char *headers;                               /* each after a newline */
	const char *gives;   /* "Name: value", a header of the reply; or NULL */
	const char *request; /* all of these, as transcript_show has it */
	struct recordtext_reply has, none, list, more, reply, runs;
	const char *item, *value, *between; /* templates; value: all values of a name are one */
	unsigned ttl, least, size;
	bool joint; /* a set has the addresses of both types */
};

/* A reply that ends it, at calls of one kind, at the writes, or (step -1) everywhere. */
struct recordtext_error {
	struct recordtext_reply reply;
	int step, verdict;
	bool writes;
	const char *words;
};

struct recordtext {
	struct transcript *t;
	struct recordtext_call defaults; /* what calls begin with */
	struct recordtext_call calls[RECORDTEXT_CALLS_MAX];
	size_t n_calls;
	struct recordtext_error errors[RECORDTEXT_ERRORS_MAX];
	size_t n_errors;
	const char *txt; /* text of a mark of {owner}, as it is written here; or NULL */
	bool strict;     /* replies tell what became of it in their bodies */
};

static inline const char *recordtext_keep(struct recordtext *r, const char *text)
{
	return transcript_keep(r->t, text, strlen(text));
}

/* "WORD REST": takes the word off, and returns whether it is this one. */
static inline bool recordtext_word(char **rest, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*rest, word, len) != 0 || ((*rest)[len] != ' ' && (*rest)[len] != '\0'))
		return false;
	*rest += len + ((*rest)[len] == ' ');
	return true;
}

static inline int recordtext_kind(char **rest)
{
	for (int i = 0; i < RECORDTEXT_KINDS; i++)
		if (recordtext_word(rest, recordtext_kinds[i]))
			return i;
	return -1;
}

/* "[STATUS] [BODY]" */
static inline void recordtext_reply(struct recordtext *r, char *text, int preset,
				    struct recordtext_reply *ret)
{
	bool told = strspn(text, "0123456789") == 3 && (text[3] == ' ' || text[3] == '\0');

	ret->line = r->t->line;
	ret->status = told ? (int)strtol(text, &text, 10) : preset;
	ret->body = recordtext_keep(r, text + (told && *text == ' '));
	if (ret->status == 0)
		transcript_fail(r->t, "begin with the status");
}

/* A line of the body, or of what comes before. */
static inline const char *recordtext_append(struct recordtext *r, const char *to, const char *text)
{
	static char both[TRANSCRIPT_TEXT_MAX];

	(void)snprintf(both, sizeof(both), "%s\n%s", to ? to : "", text);
	return recordtext_keep(r, to ? both : text);
}

static inline void recordtext_header(struct recordtext *r, struct recordtext_call *call,
				     const char *text)
{
	static char line[TRANSCRIPT_TEXT_MAX];

	(void)snprintf(line, sizeof(line), "%s\n%s", call->headers ? call->headers : "", text);
	call->headers = recordtext_keep(r, line);
}

/* What goes with all calls, or with one. */
static inline bool recordtext_common(struct recordtext *r, struct recordtext_call *call, char *line)
{
	if (recordtext_word(&line, "header"))
		recordtext_header(r, call, line);
	else if (recordtext_word(&line, "basic"))
		call->basic = recordtext_keep(r, line);
	else if (recordtext_word(&line, "content"))
		call->content = recordtext_keep(r, line);
	else if (recordtext_word(&line, "sign"))
		call->sign = strcmp(line, "none") == 0 ? NULL : recordtext_keep(r, line);
	else
		return false;
	return true;
}

static inline bool recordtext_number(char *line, const char *word, unsigned *ret)
{
	if (!recordtext_word(&line, word))
		return false;
	*ret = (unsigned)strtoul(line, NULL, 10);
	return true;
}

static inline bool recordtext_replies(struct recordtext *r, struct recordtext_call *call,
				      char *line)
{
	struct {
		const char *word;
		struct recordtext_reply *to;
	} rows[] = {
		{"has", &call->has},   {"none", &call->none},   {"list", &call->list},
		{"more", &call->more}, {"reply", &call->reply}, {"runs", &call->runs},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (recordtext_word(&line, rows[i].word)) {
			recordtext_reply(r, line, 200, rows[i].to);
			return true;
		}
	return false;
}

/* An indented line. */
static inline void recordtext_detail(struct recordtext *r, struct recordtext_call *call, char *line)
{
	if (recordtext_common(r, call, line) || recordtext_replies(r, call, line) ||
	    recordtext_number(line, "ttl", &call->ttl) ||
	    recordtext_number(line, "least", &call->least) ||
	    recordtext_number(line, "size", &call->size))
		return;
	if (recordtext_word(&line, "body"))
		call->body = recordtext_append(r, call->body, line);
	else if (recordtext_word(&line, "gives"))
		call->gives = recordtext_keep(r, line);
	else if (recordtext_word(&line, "item"))
		call->item = recordtext_keep(r, line);
	else if (recordtext_word(&line, "value"))
		call->value = recordtext_keep(r, line);
	else if (recordtext_word(&line, "joint"))
		call->joint = true;
	else if (recordtext_word(&line, "between"))
		call->between = recordtext_keep(r, line);
	else
		transcript_fail(r->t, "nothing that a call has: see tests/records/README");
}

/* Takes what is behind the last " WORD " off. */
static inline char *recordtext_tail(char *text, const char *word)
{
	char *last = NULL;

	for (char *at = strstr(text, word); at; at = strstr(at + 1, word))
		last = at;
	if (last)
		*last = '\0';
	return last ? last + strlen(word) : NULL;
}

/* "METHOD URL [-> STATUS BODY]" */
static inline void recordtext_begin(struct recordtext *r, enum recordtext_kind kind, char *line)
{
	struct recordtext_call *call = &r->calls[r->n_calls];
	char *reply = recordtext_tail(line, " -> ");

	if (r->n_calls++ == RECORDTEXT_CALLS_MAX)
		transcript_fail(r->t, "too many calls");
	*call = r->defaults;
	call->kind = kind;
	call->line = r->t->line;
	if (reply)
		recordtext_reply(r, reply, 200, &call->reply);
	call->start = recordtext_keep(r, line);
}

/* "[CALL] STATUS BODY = VERDICT ? WORDS"; verdict: known already. */
static inline void recordtext_error(struct recordtext *r, char *line, int step, int verdict)
{
	struct recordtext_error *error = &r->errors[r->n_errors];
	char *words = recordtext_tail(line, " ? ");
	char *told = verdict < 0 ? recordtext_tail(line, " = ") : NULL;
	enum verdict found = VERDICT_DONE;

	if (r->n_errors++ == RECORDTEXT_ERRORS_MAX)
		transcript_fail(r->t, "too many errors");
	if (verdict < 0 && (!told || provider_verdict_parse(told, &found) < 0))
		transcript_fail(r->t, "error [CALL] STATUS BODY = VERDICT [? WORDS]");
	error->verdict = verdict < 0 ? (int)found : verdict;
	error->words = words ? recordtext_keep(r, words) : "";
	error->step = step;
	recordtext_reply(r, line, 0, &error->reply);
	r->strict |= error->reply.status / 100 == 2 && error->verdict != VERDICT_DONE;
}

static inline void recordtext_line(struct recordtext *r, char *line)
{
	int kind = -1;

	if (line[0] == ' ') {
		if (r->n_calls == 0)
			transcript_fail(r->t, "this belongs to no call");
		line += strspn(line, " ");
		recordtext_detail(r, &r->calls[r->n_calls - 1], line);
		return;
	}
	if (recordtext_common(r, &r->defaults, line))
		return;
	kind = recordtext_kind(&line);
	if (kind >= 0) {
		recordtext_begin(r, (enum recordtext_kind)kind, line);
	} else if (recordtext_word(&line, "text")) {
		r->txt = recordtext_keep(r, line);
	} else if (recordtext_word(&line, "set")) {
		transcript_set(r->t, line);
	} else if (recordtext_word(&line, "auth")) {
		recordtext_error(r, line, -1, VERDICT_REFUSED_AUTH);
	} else if (recordtext_word(&line, "denied")) {
		recordtext_error(r, line, -1, VERDICT_REFUSED_AUTH);
		r->errors[r->n_errors - 1].writes = true;
	} else if (recordtext_word(&line, "error")) {
		kind = recordtext_kind(&line);
		recordtext_error(r, line, kind >= 0 ? kind : RECORDTEXT_CHANGE, -1);
	} else {
		transcript_fail(r->t, "no line of a short transcript: see tests/records/README");
	}
}

static inline const struct recordtext_call *recordtext_find(const struct recordtext *r,
							    enum recordtext_kind kind)
{
	for (size_t i = 0; i < r->n_calls; i++)
		if (r->calls[i].kind == kind)
			return &r->calls[i];
	return NULL;
}

/* Puts the parts of a request together. */
static inline void recordtext_end(struct recordtext *r, struct recordtext_call *call)
{
	static char text[TRANSCRIPT_TEXT_MAX];
	const char *content = call->content ? call->content : "application/json";

	(void)snprintf(text, sizeof(text), "%s%s%s%s%s%s%s%s%s%s", call->start,
		       call->basic ? "\nbasic " : "", call->basic ? call->basic : "",
		       call->body ? "\nContent-Type: " : "", call->body ? content : "",
		       call->headers ? call->headers : "", call->sign ? "\nsign " : "",
		       call->sign ? call->sign : "", call->body ? "\nbody " : "",
		       call->body ? call->body : "");
	call->request = recordtext_keep(r, text);
	if (!call->reply.body)
		call->reply = (struct recordtext_reply){call->line, 200, "{}"};
	if (!call->list.body)
		call->list = (struct recordtext_reply){call->line, 200, "{items}"};
	if (call->more.body && !call->more.body[0])
		call->more.body = call->list.body;
}

/* Reads to the end or to a line `--`; returns whether there was one. */
static inline bool recordtext_read(struct recordtext *r, FILE *file)
{
	static char line[TRANSCRIPT_TEXT_MAX];
	bool more = false;

	while (!more && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		r->t->line++;
		more = strcmp(line, "--") == 0;
		if (line[0] != '#' && line[0] != '\0' && !more)
			recordtext_line(r, line);
	}
	for (size_t i = 0; i < r->n_calls; i++)
		recordtext_end(r, &r->calls[i]);
	if (!recordtext_find(r, RECORDTEXT_FIND) || !recordtext_find(r, RECORDTEXT_FIND)->item)
		transcript_fail(r->t, "there is no `find` with an `item`");
	return more;
}

#endif
