/* SPDX-License-Identifier: MIT */
/* Short transcripts (tests/records/README): one conversation of a provider's step with the provider
 * that a transcript makes. */
#ifndef TESTS_UNIT_RECORDPLAY_H
#define TESTS_UNIT_RECORDPLAY_H

#include "tests/unit/recordmatch.h"
#include "tests/unit/recordreply.h"

#define RECORDPLAY_STEPS_MAX 60
#define RECORDPLAY_NAME      "home." RECORDSERVER_ZONE

/* What there is, what is wanted and what it comes to. Addresses are numbers, blanks between: 9 is
 * 192.0.2.9 or 2001:db8::9, 0 is 1 spelled oddly, and m behind the last is the owner's mark. */
struct recordplay_scene {
	const char *what;
	const char *there, *wanted, *previous, *after;
	enum verdict verdict;
	const char *words;       /* in all of its words; or NULL */
	const char *set, *set2;  /* more settings; or NULL */
	const char *name, *also; /* NULL: RECORDPLAY_NAME; a second name; or NULL */
	const char *there6;      /* of AAAA, where it is not like `there`; it is then done */
	enum purpose purpose;
	enum truth truth;
	unsigned ttl;
	const char *mark;           /* whose mark is there; NULL: nobody's */
	bool marked;                /* it is ours in the end */
	bool txt;                   /* there are such marks */
	bool single;                /* never both types at once */
	bool homeless, paged, slow; /* the zone is not in the account; two pages; actions go on */
};

/* Something goes wrong, from a request on. */
struct recordplay_fault {
	const char *what, *body; /* body NULL: the good one, cut off */
	size_t at, cut;          /* cut: bytes that are left out of it, in quarters */
	int kind;                /* only replies to that kind of call; -1: all from `at` on */
	int status;              /* 0: the good one */
	int64_t retry_after_ms;
	bool applied;      /* what was asked for is done nevertheless */
	unsigned verdicts; /* that may come of it, a bit each */
	const char *words; /* or NULL */
	int line;          /* in the transcript; 0: it is in none */
};

/* A request there was, and the reply without a fault. */
struct recordplay_step {
	enum recordtext_kind kind;
	int status;
	size_t len;
};

struct recordplay {
	struct transcript *t;
	struct recordtext text;
	const struct recordplay_scene *scene;
	const struct recordplay_fault *fault; /* or NULL */
	struct recordserver server;
	struct wanted wanted[RECORDSERVER_WANTED];
	const char *previous[RECORDSERVER_WANTED][WANTED_ADDRS_MAX];
	size_t n_wanted;
	char marks[RECORDSERVER_WANTED][DNS_NAME_MAX];
	char mark_texts[2][ADDRESS_MAX];
	struct outcome outcomes[RECORDSERVER_WANTED];
	struct recordplay_step steps[RECORDPLAY_STEPS_MAX], good[RECORDPLAY_STEPS_MAX];
	size_t n_steps, n_good;
	size_t n_played;
};

static __attribute__((noreturn)) void recordplay_fail(const struct recordplay *p, const char *what,
						      const char *expected, const char *got)
{
	fail_msg("%s:%d: %s: %s: expected `%s`, got `%s`", p->t->path,
		 p->fault && p->fault->line ? p->fault->line : p->t->line, p->server.what, what,
		 expected, got);
	abort();
}

static inline const char *recordplay_address(const char *number, enum record_type type)
{
	static char texts[RECORD_TYPE_COUNT][256][ADDRESS_MAX];
	unsigned long n = strtoul(number, NULL, 10);
	char *text;

	assert_true(n < 256);
	text = texts[type][n];
	if (type == RECORD_TYPE_A)
		(void)snprintf(text, ADDRESS_MAX, "192.0.2.%lu", n > 0 ? n : 1);
	else if (n == 0)
		(void)snprintf(text, ADDRESS_MAX, "2001:DB8:0::1");
	else
		(void)snprintf(text, ADDRESS_MAX, "2001:db8::%lu", n);
	return text;
}

/* How many; list[n] is NULL where max allows. */
static inline size_t recordplay_addresses(const char *numbers, enum record_type type,
					  const char **list)
{
	size_t n = 0;

	for (const char *at = numbers ? numbers : ""; *at; at += strspn(at, " ")) {
		list[n++] = recordplay_address(at, type);
		at += strcspn(at, " ");
	}
	return n;
}

/* One record of the scene: what is there, and what is wanted. */
static inline void recordplay_record(struct recordplay *p, const char *name, enum record_type type)
{
	const struct recordplay_scene *scene = p->scene;
	bool six = scene->there6 && type == RECORD_TYPE_AAAA;
	const char *there[WANTED_ADDRS_MAX];
	struct wanted *wanted = &p->wanted[p->n_wanted];
	size_t n = recordplay_addresses(six ? scene->there6 : scene->there, type, there);

	*wanted = (struct wanted){.name = name, .type = type, .ttl = scene->ttl};
	wanted->n_addrs = recordplay_addresses(scene->wanted, type, wanted->addrs);
	wanted->previous = p->previous[p->n_wanted];
	wanted->n_previous = recordplay_addresses(scene->previous, type, p->previous[p->n_wanted]);
	(void)recordplay_addresses(scene->after, type, p->server.after[p->n_wanted]);
	for (size_t i = 0; i < n; i++)
		recordserver_add(&p->server, wanted, there[i], RECORDSERVER_TTL);
	if (scene->there[0] && scene->there[strlen(scene->there) - 1] == 'm')
		p->server.list[p->server.n - 1].marked = true;
	p->n_wanted++;
}

/* ours: or another's */
static inline const char *recordplay_mark_text(struct recordplay *p, const char *owner, bool ours)
{
	const struct recordview view = {.owner = owner};
	struct buf text;

	buf_init(&text, ADDRESS_MAX - 1);
	recordview_fill(&view, p->text.txt, &text);
	(void)snprintf(p->mark_texts[ours], ADDRESS_MAX, "%s", text.text);
	buf_done(&text);
	return p->mark_texts[ours];
}

/* The mark of a name, behind all that is wanted. */
static inline void recordplay_mark(struct recordplay *p, const struct wanted *of)
{
	const struct recordplay_scene *scene = p->scene;
	const char *owner = scene->set + strlen("owner = ");
	bool wildcard = of->name[0] == '*', ours = scene->mark && strcmp(scene->mark, owner) == 0;
	size_t at = p->server.n_wanted++;
	struct wanted *mark = &p->wanted[at];

	(void)snprintf(p->marks[at], DNS_NAME_MAX, "%s%s",
		       wildcard ? "_nlddns-wildcard." : "_nlddns.",
		       wildcard ? of->name + 2 : of->name);
	*mark = (struct wanted){.name = p->marks[at]};
	p->server.marks[at] = of;
	if (scene->marked) {
		mark->addrs[mark->n_addrs++] = recordplay_mark_text(p, owner, true);
		p->server.after[at][0] = mark->addrs[0];
	} else if (scene->mark && !ours) {
		p->server.after[at][0] = recordplay_mark_text(p, scene->mark, false);
	}
	if (scene->mark)
		recordserver_add(&p->server, mark, recordplay_mark_text(p, scene->mark, ours),
				 RECORDSERVER_TTL);
}

/* Beside what is wanted: each name's mark, and its records of the other type. */
static inline void recordplay_marks(struct recordplay *p)
{
	for (size_t i = 0; i < p->n_wanted; i++) {
		struct wanted beside = {.name = p->wanted[i].name, .type = !p->wanted[i].type};
		bool known = false, has_both = false;

		for (size_t k = 0; k < p->n_wanted; k++) {
			bool same = strcmp(p->wanted[k].name, beside.name) == 0;

			known |= same && k < i;
			has_both |= same && p->wanted[k].type == beside.type;
		}
		if (known)
			continue;
		recordplay_mark(p, &p->wanted[i]);
		if (!has_both)
			p->wanted[p->server.n_wanted++] = beside;
	}
}

/* Whether the person tells the zone. */
static inline bool recordplay_told(const struct recordplay *p)
{
	bool told = p->scene->set && strncmp(p->scene->set, "zone", 4) == 0;

	for (size_t i = 0; i < p->t->n_values; i++)
		told |= strcmp(p->t->values[i].name, "zone") == 0;
	return told;
}

/* families: bit 0: A, bit 1: AAAA */
static inline void recordplay_begin(struct recordplay *p, unsigned families)
{
	const struct recordplay_scene *scene = p->scene;

	memset(&p->server, 0, sizeof(p->server));
	p->n_wanted = 0;
	for (unsigned type = 0; type < RECORD_TYPE_COUNT; type++) {
		if (!(families & 1u << type))
			continue;
		recordplay_record(p, scene->name ? scene->name : RECORDPLAY_NAME,
				  (enum record_type)type);
		if (scene->also)
			recordplay_record(p, scene->also, (enum record_type)type);
	}
	(void)snprintf(p->server.what, sizeof(p->server.what), "%s, %s%s%s%s%s", scene->what,
		       families == 3 ? "both" : provider_type_name(p->wanted[0].type),
		       p->fault ? ", then at " : "",
		       p->fault ? recordtext_kinds[p->good[p->fault->at].kind] : "",
		       p->fault ? ": " : "", p->fault ? p->fault->what : "");
	p->server.text = &p->text;
	p->server.wanted = p->wanted;
	p->server.n_wanted = p->n_wanted;
	if (scene->txt)
		recordplay_marks(p);
	p->server.zone = scene->homeless ? "" : RECORDSERVER_ZONE;
	p->server.zoneless = !recordtext_find(&p->text, RECORDTEXT_ZONE) && !recordplay_told(p);
	if (scene->set && strncmp(scene->set, "owner = ", 8) == 0)
		p->server.owner = scene->set + 8;
	p->server.paged = scene->paged;
	p->server.slow = scene->slow;
}

static inline bool recordplay_is_faulty(const struct recordplay *p)
{
	const struct recordplay_fault *f = p->fault;

	return f &&
	       (f->kind >= 0 ? (int)p->steps[p->n_steps].kind == f->kind : p->n_steps >= f->at);
}

/* Once it was told nonsense of the zone, it may ask for anything. */
static inline bool recordplay_is_adrift(const struct recordplay *p)
{
	const struct recordplay_fault *f = p->fault;

	return f && f->kind < 0 && p->n_steps > f->at && p->steps[f->at].kind == RECORDTEXT_ZONE;
}

static inline void recordplay_spoil(const struct recordplay *p, struct recordreply *ret,
				    struct reply *reply)
{
	const struct recordplay_fault *f = p->fault;

	if (f->body) {
		buf_cut(&ret->body, 0);
		buf_text(&ret->body, f->body);
	} else {
		buf_cut(&ret->body, ret->body.len - ret->body.len * f->cut / 4 - 1);
	}
	reply->status = f->status ? f->status : ret->status;
	reply->header = NULL;
	reply->retry_after_ms = f->retry_after_ms;
}

/* The reply to a request, with what is wrong with it. */
static inline void recordplay_answer(struct recordplay *p, const struct request *request,
				     struct recordreply *ret, struct reply *reply)
{
	static char got[REQUEST_BODY_MAX];
	struct recordserver before = p->server;
	struct recordserver_asked asked;

	buf_init(&ret->body, REPLY_BODY_MAX);
	*reply = (struct reply){.kind = REQUEST_HTTP, .retry_after_ms = -1};
	if (!recordplay_is_adrift(p)) {
		transcript_show(request, got, sizeof(got));
		asked = recordmatch_read(&p->server, got);
		recordreply_make(&p->server, &asked, ret);
		reply->status = ret->status;
		reply->header =
			transcript_header(request, asked.call->gives ? asked.call->gives : "");
		p->steps[p->n_steps] =
			(struct recordplay_step){asked.call->kind, ret->status, ret->body.len};
	}
	if (recordplay_is_faulty(p)) {
		if (!p->fault->applied)
			p->server = before;
		recordplay_spoil(p, ret, reply);
	}
	reply->body = ret->body.text ? ret->body.text : "";
	reply->len = ret->body.len;
}

static inline void recordplay_converse(struct recordplay *p, const struct job *job)
{
	char *state = calloc(1, job->provider->state_size);
	struct recordreply answer = {0};
	struct reply reply;
	json_t *json = NULL;

	assert_non_null(state);
	for (p->n_steps = 0;; p->n_steps++) {
		struct request request = {0};
		enum step next = job->provider->step(job, state, p->n_steps ? &reply : NULL,
						     &request, p->outcomes);

		json_decref(json);
		buf_done(&answer.body);
		if (next == STEP_END)
			break;
		if (p->n_steps == RECORDPLAY_STEPS_MAX)
			recordplay_fail(p, "requests", "an end", "no end");
		recordplay_answer(p, &request, &answer, &reply);
		json = decode_body(request.http.decode, reply.body, reply.len);
		reply.json = json;
		provider_request_done(&request);
	}
	free(state);
}

/* The settings of the scene, and those of the transcript. */
static inline size_t recordplay_values(const struct recordplay *p, struct value *values)
{
	const char *const sets[] = {p->scene->set, p->scene->set2};
	static char keys[2][32];
	size_t n = 0;

	for (size_t i = 0; i < 2 && sets[i]; i++) {
		const char *equals = strstr(sets[i], " = ");

		assert_non_null(equals);
		(void)snprintf(keys[i], sizeof(keys[i]), "%.*s", (int)(equals - sets[i]), sets[i]);
		values[n++] = (struct value){keys[i], equals + 3};
	}
	for (size_t i = 0, n_set = n; i < p->t->n_values; i++) {
		bool again = false;

		for (size_t k = 0; k < n_set; k++)
			again |= strcmp(p->t->values[i].name, keys[k]) == 0;
		if (!again)
			values[n++] = p->t->values[i];
	}
	return n;
}

/* Talks once, with what is there by now. */
static inline void recordplay_talk(struct recordplay *p)
{
	struct value values[TRANSCRIPT_VALUES_MAX + 2];
	struct job job = {.provider = p->t->provider,
			  .values = values,
			  .n_values = recordplay_values(p, values),
			  .wanted = p->wanted,
			  .n_wanted = p->n_wanted,
			  .purpose = p->scene->purpose};
	struct digest_values digests = {0};

	memset(p->outcomes, 0, sizeof(p->outcomes));
	memset(p->server.counts, 0, sizeof(p->server.counts));
	assert_int_equal(digest_make(&job, &digests), 0);
	job.values = digests.values;
	job.n_values = digests.n;
	recordplay_converse(p, &job);
	digest_done(&digests);
	p->n_played++;
}

#endif
