/* SPDX-License-Identifier: MIT */
/* Short transcripts (tests/records/README): whatever goes wrong at whichever request, it ends as it
 * must, and the next conversation makes everything right. */
#ifndef TESTS_UNIT_RECORDFAULT_H
#define TESTS_UNIT_RECORDFAULT_H

#include "tests/unit/recordscene.h"

#define RECORDFAULT_GOOD  (1u << VERDICT_DONE | 1u << VERDICT_UNCHANGED)
#define RECORDFAULT_RETRY (1u << VERDICT_RETRY)

static const struct recordplay_fault recordfault_all[] = {
	{"throttled for 30 s", "", .status = 429, .retry_after_ms = 30000},
	{"throttled", "", .status = 429, .retry_after_ms = -1},
	{"redirected", "", .status = 302, .retry_after_ms = -1},
	{"in conflict", "{}", .status = 409, .retry_after_ms = -1},
	{"locked", "{}", .status = 423, .retry_after_ms = 5000},
	{"500", "", .status = 500, .retry_after_ms = -1},
	{"502", "<html>", .status = 502, .retry_after_ms = -1},
	{"503", "{}", .status = 503, .retry_after_ms = -1},
	{"nothing", "", .status = 200, .retry_after_ms = -1},
	{"of another kind", "<html>", .status = 200, .retry_after_ms = -1},
	{"a text", "\"x\"", .status = 200, .retry_after_ms = -1},
	{"an empty object", "{}", .status = 200, .retry_after_ms = -1},
	{"half", NULL, .cut = 2, .retry_after_ms = -1},
	{"all but the last byte", NULL, .cut = 0, .retry_after_ms = -1},
};

static inline bool recordfault_is_write(enum recordtext_kind kind)
{
	return kind >= RECORDTEXT_CREATE && kind <= RECORDTEXT_REMOVE;
}

/* Plays it, and then without it. */
static inline void recordfault_play(struct recordplay *p, const struct recordplay_fault *fault)
{
	const struct outcome *outcome = &p->outcomes[0];
	unsigned families = 1u << p->wanted[0].type;

	p->fault = fault;
	recordplay_begin(p, families);
	recordplay_talk(p);
	recordscene_expect(p, 0, fault->verdicts, fault->words);
	if (outcome->verdict == VERDICT_THROTTLED && outcome->wait_ms == 0)
		recordplay_fail(p, "how long to wait", "some time", "none");
	if (fault->retry_after_ms >= 0)
		recordscene_expect_number(p, "how long to wait", (size_t)fault->retry_after_ms,
					  (size_t)outcome->wait_ms);
	p->fault = NULL;
	recordplay_talk(p);
	recordscene_expect(p, 0, RECORDFAULT_GOOD, NULL);
	recordscene_expect_after(p);
}

/* Half of a bare number is one, too. */
static inline bool recordfault_is_number(const struct recordplay *p, enum recordtext_kind kind)
{
	const struct recordtext_call *call = recordtext_find(&p->text, kind);

	return kind == RECORDTEXT_LOGIN &&
	       call->reply.body[strspn(call->reply.body, "0123456789")] == '\0';
}

/* One of recordfault_all, at one request. */
static inline void recordfault_one(struct recordplay *p, struct recordplay_fault fault)
{
	enum recordtext_kind kind = p->good[fault.at].kind;
	const struct recordtext_call *call = recordtext_find(&p->text, kind);
	/* the status alone says that it was done */
	bool by_status = (recordfault_is_write(kind) || kind == RECORDTEXT_COMMIT) &&
			 !p->text.strict && fault.status < 300;
	bool empty = fault.body && call->none.body && strcmp(call->none.body, fault.body) == 0;

	if (!fault.body && (p->good[fault.at].status / 100 != 2 || p->good[fault.at].len < 2 ||
			    recordfault_is_number(p, kind)))
		return;
	if (empty && fault.status == call->none.status)
		return;
	fault.kind = -1;
	fault.verdicts = RECORDFAULT_RETRY;
	if (fault.status == 429)
		fault.verdicts = 1u << VERDICT_THROTTLED;
	else if (by_status)
		fault.verdicts |= RECORDFAULT_GOOD;
	if (!by_status)
		recordfault_play(p, &fault);
	fault.applied = by_status || recordfault_is_write(kind);
	if (fault.applied)
		recordfault_play(p, &fault);
}

/* An error of the transcript, wherever in this scene it may come. */
static inline size_t recordfault_error(struct recordplay *p, const struct recordtext_error *error)
{
	struct recordplay_fault fault = {.what = "the error",
					 .body = error->reply.body,
					 .line = error->reply.line,
					 .status = error->reply.status,
					 .kind = error->step,
					 .retry_after_ms = -1,
					 .words = error->words,
					 .verdicts = 1u << error->verdict};
	size_t n = 0;

	for (fault.at = 0; fault.at < p->n_good; fault.at++) {
		enum recordtext_kind kind = p->good[fault.at].kind;

		if (error->step >= 0 ? (int)kind != error->step
				     : error->writes && !recordfault_is_write(kind))
			continue;
		recordfault_play(p, &fault);
		n++;
		if (error->step >= 0)
			break;
	}
	return n;
}

/* One scene: as it is without a fault, and then with all of them. */
static inline void recordfault_scene(struct recordplay *p, const struct recordplay_scene *scene,
				     unsigned families, size_t seen[static RECORDTEXT_ERRORS_MAX])
{
	recordscene_play(p, scene, families);
	p->n_good = p->n_steps;
	memcpy(p->good, p->steps, sizeof(p->good));
	for (size_t i = 0; i < sizeof(recordfault_all) / sizeof(recordfault_all[0]); i++)
		for (size_t at = 0; at < p->n_good; at++) {
			struct recordplay_fault fault = recordfault_all[i];

			fault.at = at;
			recordfault_one(p, fault);
		}
	for (size_t i = 0; i < p->text.n_errors; i++)
		seen[i] += recordfault_error(p, &p->text.errors[i]);
}

/* Where records cannot be changed, a new one may be there before the old one goes: then that must
 * be known as ours. */
static inline bool recordfault_heals(const struct recordplay *p,
				     const struct recordplay_scene *scene)
{
	return recordtext_find(&p->text, RECORDTEXT_CHANGE) || !scene->there[0] ||
	       scene->previous[0];
}

/* families: with all that may go wrong, unless 0. */
static inline void recordfault_marked(struct recordplay *p, const struct recordplay_scene *marked,
				      unsigned families, size_t seen[static RECORDTEXT_ERRORS_MAX])
{
	struct recordplay_scene scene = *marked;

	scene.set = "owner = router";
	scene.txt = true;
	recordscene_play_all(p, &scene);
	if (families && recordscene_fits(p, &scene, families))
		recordfault_scene(p, &scene, families, seen);
}

/* Plays all of a short transcript. */
static inline void recordfault_run(struct recordplay *p)
{
	unsigned first = p->t->provider->caps & PROVIDER_NO_IPV4 ? 2 : 1;
	size_t seen[RECORDTEXT_ERRORS_MAX] = {0};

	for (size_t i = 0; i < RECORDSCENE_MAIN; i++)
		recordscene_play_all(p, &recordscene_main[i]);
	for (size_t i = 0; i < RECORDSCENE_MORE; i++)
		recordscene_play_all(p, &recordscene_more[i]);
	for (size_t i = 0; i < RECORDSCENE_MAIN; i++)
		if (recordscene_fits(p, &recordscene_main[i], first) &&
		    recordfault_heals(p, &recordscene_main[i]))
			recordfault_scene(p, &recordscene_main[i], first, seen);
	for (size_t i = 0; i < RECORDSCENE_MARKS && p->text.txt; i++)
		recordfault_marked(p, &recordscene_marks[i], i < 2 ? first : 0, seen);
	for (size_t i = 0; i < p->text.n_errors; i++) {
		p->t->line = p->text.errors[i].reply.line;
		if (seen[i] == 0)
			transcript_fail(p->t, "there is no request of which this can come");
	}
}

#endif
