/* SPDX-License-Identifier: MIT */
/* Short transcripts (tests/records/README): all that is played of one. */
#ifndef TESTS_UNIT_RECORDSCENE_H
#define TESTS_UNIT_RECORDSCENE_H

#include "tests/unit/recordplay.h"

/* What goes wrong is tried out with these. */
static const struct recordplay_scene recordscene_main[] = {
	{"changed", "9", "1", "", .after = "1"},
	{"ours is changed", "9", "1", "9", .after = "1"},
	{"created", "", "1", "", .after = "1"},
	{"deleted", "9", "", "9", .after = ""},
	{"an action goes on", "9", "1", "", .after = "1", .slow = true},
};
#define RECORDSCENE_MAIN (sizeof(recordscene_main) / sizeof(recordscene_main[0]))

static const struct recordplay_scene recordscene_more[] = {
	{"already right", "1", "1", "", .after = "1", .verdict = VERDICT_UNCHANGED},
	{"spelled oddly", "0", "1", "", .after = "0", .verdict = VERDICT_UNCHANGED},
	{"changed, with a TTL", "9", "1", "", .after = "1", .ttl = 600},
	{"created, with a TTL", "", "1", "", .after = "1", .ttl = 600},
	{"not to be created", "", "1", "", .after = "", .verdict = VERDICT_REFUSED_NAME,
	 .words = "create = yes", .set = "create = no"},
	{"changed, not to be created", "9", "1", "", .after = "1", .set = "create = no"},
	{"one of another", "200 9", "1", "9", .after = "200 1"},
	{"two of others", "200 201", "1", "", .after = "200 201 1"},
	{"one of another, shared", "9", "1", "", .after = "9 1", .set = "shared = yes"},
	{"created with a mark", "", "1", "", .after = "1", .set = "owner = router"},
	{"marked is ours", "200 9m", "1", "", .after = "200 1", .set = "owner = router",
	 .set2 = "shared = yes"},
	{"two for two", "2 9", "1 2", "2 9", .after = "2 1"},
	{"one for two", "8 9", "1", "8 9", .after = "1"},
	{"two for one", "9", "1 2", "9", .after = "1 2"},
	{"two for none", "", "1 2", "", .after = "1 2"},
	{"deleted, another's stays", "200", "", "9", .after = "200", .verdict = VERDICT_UNCHANGED},
	{"deleted already", "", "", "9", .after = "", .verdict = VERDICT_UNCHANGED},
	{"two deleted of three", "8 200 9", "", "8 9", .after = "200"},
	{"no zone", "", "1", "", .after = "", .verdict = VERDICT_REFUSED_NAME, .homeless = true},
	{"zone is told", "9", "1", "", .after = "1", .set = "zone = " RECORDSERVER_ZONE},
	{"wrong zone", "", "1", "", .after = "", .verdict = VERDICT_REFUSED_CONFIG,
	 .words = "correct zone", .set = "zone = example.net"},
	{"apex", "9", "1", "", .after = "1", .name = RECORDSERVER_ZONE},
	{"apex, created", "", "1", "", .after = "1", .name = RECORDSERVER_ZONE},
	{"wildcard", "9", "1", "", .after = "1", .name = "*." RECORDSERVER_ZONE},
	{"wildcard, created", "", "1", "", .after = "1", .name = "*." RECORDSERVER_ZONE},
	{"deeper", "9", "1", "", .after = "1", .name = "a.home." RECORDSERVER_ZONE},
	{"two names", "9", "1", "", .after = "1", .also = "nas." RECORDSERVER_ZONE},
	{"one of two", "1", "1", "", .after = "1", .verdict = VERDICT_UNCHANGED, .there6 = ""},
	{"two pages", "9", "1", "", .after = "1", .paged = true},
	{"two pages, created", "", "1", "", .after = "1", .paged = true},
	{"verified", "0", "1", "", .after = "0", .purpose = PURPOSE_VERIFY, .truth = TRUTH_SAME},
	{"verified as another", "9", "1", "", .after = "9", .purpose = PURPOSE_VERIFY,
	 .truth = TRUTH_OTHER},
	{"verified as missing", "", "1", "", .after = "", .purpose = PURPOSE_VERIFY,
	 .truth = TRUTH_OTHER},
};
#define RECORDSCENE_MORE (sizeof(recordscene_more) / sizeof(recordscene_more[0]))

/* Of those whose owner's mark is a TXT record. */
static const struct recordplay_scene recordscene_marks[] = {
	{"created with its mark", "", "1", "", .after = "1", .marked = true},
	{"deleted with its mark", "9", "", "9", .after = "", .mark = "router"},
	{"ours by its mark", "8 9", "1", "", .after = "1", .mark = "router", .marked = true},
	{"changed, and marked", "9", "1", "", .after = "1", .marked = true},
	{"already right", "1", "1", "", .after = "1", .verdict = VERDICT_UNCHANGED},
	{"another's by its mark", "9", "1", "9", .after = "9", .mark = "laptop",
	 .verdict = VERDICT_REFUSED_CONFIG, .words = "laptop"},
	{"created by another", "", "1", "", .after = "", .mark = "laptop",
	 .verdict = VERDICT_REFUSED_CONFIG, .words = "TXT record _nlddns.home.example.org"},
	{"of others, not marked", "200 201", "1", "", .after = "200 201 1"},
	{"its mark alone is there", "", "", "9", .after = "", .mark = "router", .single = true},
	{"deleted, without a mark", "9", "", "9", .after = ""},
	{"two for one, marked", "9", "1 2", "9", .after = "1 2", .mark = "router", .marked = true},
	{"apex, marked", "", "1", "", .after = "1", .marked = true, .name = RECORDSERVER_ZONE},
	{"wildcard, marked", "", "1", "", .after = "1", .marked = true,
	 .name = "*." RECORDSERVER_ZONE},
	{"two names, marked", "", "1", "", .after = "1", .marked = true,
	 .also = "nas." RECORDSERVER_ZONE},
	{"verified without its mark", "9", "1", "", .after = "9", .mark = "laptop",
	 .purpose = PURPOSE_VERIFY, .truth = TRUTH_OTHER},
};
#define RECORDSCENE_MARKS (sizeof(recordscene_marks) / sizeof(recordscene_marks[0]))

static inline bool recordscene_has(const struct recordplay *p, enum recordtext_kind kind)
{
	return recordtext_find(&p->text, kind) != NULL;
}

static inline bool recordscene_runs(const struct recordplay *p)
{
	bool runs = false;

	for (size_t i = 0; i < p->text.n_calls; i++)
		runs |= p->text.calls[i].runs.body != NULL;
	return runs;
}

/* Whether it is one that the provider can have with these addresses. */
static inline bool recordscene_fits(const struct recordplay *p,
				    const struct recordplay_scene *scene, unsigned families)
{
	const struct recordtext_call *find = recordtext_find(&p->text, RECORDTEXT_FIND);
	const struct recordtext_call *zone = recordtext_find(&p->text, RECORDTEXT_ZONE);
	unsigned caps = p->t->provider->caps;
	bool told = false;

	for (size_t i = 0; i < p->t->n_values; i++)
		told |= strcmp(p->t->values[i].name, "zone") == 0;
	if (told && (scene->homeless || (scene->set && strncmp(scene->set, "zone", 4) == 0)))
		return false;
	if (families == 3 && scene->single)
		return false;
	if (families == 3 ? !(caps & PROVIDER_BOTH_FAMILIES) : scene->there6 != NULL)
		return false;
	if (scene->set && strncmp(scene->set, "owner", 5) == 0 && !scene->txt &&
	    (find->value || !strstr(find->item, "{owner")))
		return false;
	if (scene->paged && !find->more.body && !(zone && zone->more.body))
		return false;
	return !((families & 1 && caps & PROVIDER_NO_IPV4) ||
		 (families & 2 && caps & PROVIDER_NO_IPV6) || (scene->homeless && !zone) ||
		 (scene->slow && !recordscene_runs(p)) ||
		 (scene->name && scene->name[0] == '*' && caps & PROVIDER_NO_WILDCARD) ||
		 (scene->also && (p->t->provider->limits.names_per_request < 2 ||
				  !(caps & PROVIDER_MANY_NAMES))) ||
		 (strchr(scene->wanted, ' ') && !(caps & PROVIDER_MANY_ADDRS)) ||
		 (!scene->wanted[0] && !(caps & PROVIDER_CAN_DELETE)) ||
		 (scene->ttl && !(caps & PROVIDER_SETS_TTL)) ||
		 (scene->purpose == PURPOSE_VERIFY && !(caps & PROVIDER_CAN_READ)));
}

/* No more than are needed: of records, one is changed or is not. */
static inline size_t recordscene_writes(struct recordplay *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->server.n_wanted; i++) {
		const char *const *after = p->server.after[i];
		size_t stale = 0, missing = 0;

		for (size_t k = 0; k < p->server.n; k++) {
			bool stays = false;

			if (!recordserver_is(&p->server.list[k], &p->wanted[i]))
				continue;
			for (size_t a = 0; after[a]; a++)
				stays |= strcasecmp(after[a], p->server.list[k].addr) == 0;
			stale += !stays;
		}
		for (size_t a = 0; after[a]; a++)
			missing += !recordserver_holds(&p->server, &p->wanted[i], after[a]);
		if (recordserver_sets(&p->server))
			n += missing + stale > 0;
		else if (!recordscene_has(p, RECORDTEXT_CHANGE))
			n += missing + stale;
		else
			n += missing > stale ? missing : stale;
	}
	return n;
}

static inline size_t recordscene_written(const struct recordplay *p)
{
	size_t n = 0;

	for (unsigned kind = RECORDTEXT_CREATE; kind <= RECORDTEXT_REMOVE; kind++)
		n += p->server.counts[kind];
	return n;
}

/* What is there now is what shall be there. */
static inline void recordscene_expect_after(struct recordplay *p)
{
	for (size_t i = 0; i < p->server.n_wanted; i++) {
		char due[256] = "", got[256] = "";
		size_t due_len = 0, got_len = 0, n_due = 0, n_got = 0;
		bool same = true;

		for (const char *const *a = p->server.after[i]; *a; a++, n_due++) {
			due_len +=
				(size_t)snprintf(due + due_len, sizeof(due) - due_len, " %s", *a);
			same &= recordserver_holds(&p->server, &p->wanted[i], *a);
		}
		for (size_t k = 0; k < p->server.n; k++) {
			if (!recordserver_is(&p->server.list[k], &p->wanted[i]))
				continue;
			got_len += (size_t)snprintf(got + got_len, sizeof(got) - got_len, " %s",
						    p->server.list[k].addr);
			n_got++;
		}
		if (!same || n_due != n_got)
			recordplay_fail(p, "what is there in the end", due, got);
	}
}

static inline void recordscene_expect(const struct recordplay *p, size_t at, unsigned verdicts,
				      const char *words)
{
	const struct outcome *outcome = &p->outcomes[at];
	char due[160] = "";

	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		if (verdicts & 1u << i && strlen(due) < 100)
			(void)snprintf(due + strlen(due), sizeof(due) - strlen(due), "%s%s",
				       due[0] ? " or " : "", provider_verdict_name(i));
	if (!(verdicts & 1u << outcome->verdict) || !outcome->why[0]) {
		char got[OUTCOME_WHY_MAX + 32];

		(void)snprintf(got, sizeof(got), "%s: %s", provider_verdict_name(outcome->verdict),
			       outcome->why);
		recordplay_fail(p, "the end", due, got);
	}
	if (words && !strstr(outcome->why, words))
		recordplay_fail(p, "the words", words, outcome->why);
	transcript_expect_no_secret(p->t, outcome->why);
	p->t->verdicts[outcome->verdict] = true;
}

static inline void recordscene_expect_number(const struct recordplay *p, const char *what,
					     size_t due, size_t got)
{
	char texts[2][24];

	if (due == got)
		return;
	(void)snprintf(texts[0], sizeof(texts[0]), "%zu", due);
	(void)snprintf(texts[1], sizeof(texts[1]), "%zu", got);
	recordplay_fail(p, what, texts[0], texts[1]);
}

/* Nothing goes wrong. */
static inline void recordscene_play(struct recordplay *p, const struct recordplay_scene *scene,
				    unsigned families)
{
	size_t writes;
	bool commits;

	p->scene = scene;
	p->fault = NULL;
	recordplay_begin(p, families);
	writes = scene->purpose == PURPOSE_VERIFY ? 0 : recordscene_writes(p);
	recordplay_talk(p);
	for (size_t i = 0; i < p->n_wanted; i++) {
		bool six = scene->there6 && p->wanted[i].type == RECORD_TYPE_AAAA;

		recordscene_expect(p, i, 1u << (six ? VERDICT_DONE : scene->verdict), scene->words);
		if (p->outcomes[i].truth != scene->truth)
			recordplay_fail(p, "the truth", provider_truth_name(scene->truth),
					provider_truth_name(p->outcomes[i].truth));
	}
	recordscene_expect_after(p);
	recordscene_expect_number(p, "number of writes", writes, recordscene_written(p));
	commits = p->n_steps > 0 && p->steps[p->n_steps - 1].kind == RECORDTEXT_COMMIT;
	if (recordscene_has(p, RECORDTEXT_COMMIT) && writes > 0 && !commits)
		recordplay_fail(p, "the last request", "commit", "another");
	p->t->sent[families] = true;
}

/* For each kind of address, and for both. */
static inline void recordscene_play_all(struct recordplay *p, const struct recordplay_scene *scene)
{
	for (unsigned families = 1; families <= 3; families++)
		if (recordscene_fits(p, scene, families))
			recordscene_play(p, scene, families);
}

#endif
