/* SPDX-License-Identifier: MIT */
#include "tests/sim/server.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/courier.h"
#include "tests/sim/report.h"
#include "tests/sim/rng.h"
#include "tests/sim/vtime.h"

static struct {
	enum server_mood mood[SCENE_ACCOUNTS];
	int64_t until[SCENE_ACCOUNTS];
	bool says_unchanged[SCENE_ACCOUNTS];
	bool refuses[SCENE_RECORDS];
	bool meddled[SCENE_ACCOUNTS][SCENE_RECORDS]; /* and not set right since */
	struct content zone[SCENE_ACCOUNTS][SCENE_RECORDS];
	bool calm;
} s;

static const struct setting settings[] = {
	{.name = "token", .type = SETTING_SECRET, .required = true, .help = "Who we are."},
	{.name = NULL},
};

/* All but the local one are performed by the courier. */
static enum step never(const struct job *job, void *state, const struct reply *reply,
		       struct request *request, struct outcome *outcomes)
{
	(void)state;
	(void)reply;
	(void)request;
	for (size_t i = 0; i < job->n_wanted; i++)
		outcomes[i] = (struct outcome){.verdict = VERDICT_RETRY, .why = "never"};
	report_broken("the daemon performs what is the updater's to perform");
	return STEP_END;
}

static enum step perform_here(const struct job *job, void *state, const struct reply *reply,
			      struct request *request, struct outcome *outcomes)
{
	(void)state;
	(void)reply;
	(void)request;
	courier_local(job, outcomes);
	return STEP_END;
}

#define KIND(kind, can, ...)                                                    \
	{                                                                       \
		.name = kind, .title = kind, .settings = settings, .caps = can, \
		.limits = {__VA_ARGS__}, .step = never                          \
	}

static const struct provider plain = KIND("sim-plain", 0, .parallel = 1);
static const struct provider both =
	KIND("sim-both", PROVIDER_BOTH_FAMILIES | PROVIDER_CAN_DELETE,
	     .min_interval_ms = 30 * SECOND, .refresh_ms = 24 * HOUR, .parallel = 1);
static const struct provider many = KIND("sim-many",
					 PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES |
						 PROVIDER_MANY_ADDRS | PROVIDER_CAN_DELETE,
					 .names_per_request = 3, .parallel = 2);
static const struct provider listed =
	KIND("sim-names", PROVIDER_MANY_NAMES, .min_interval_ms = 60 * SECOND,
	     .refresh_ms = 12 * HOUR, .parallel = 1);
static const struct provider slow =
	KIND("sim-slow", PROVIDER_CAN_DELETE, .min_interval_ms = 10 * MINUTE, .parallel = 4);
static const struct provider readable = KIND(
	"sim-read", PROVIDER_CAN_READ | PROVIDER_CAN_DELETE | PROVIDER_MANY_ADDRS, .parallel = 2);
static const struct provider local = {
	.name = "sim-local",
	.title = "sim-local",
	.settings = settings,
	.caps = PROVIDER_LOCAL | PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES | PROVIDER_CAN_DELETE,
	.step = perform_here,
};

static const struct provider *const kinds[] = {
	&both, &listed, &local, &many, &plain, &readable, &slow, NULL,
};

const struct provider *const *provider_all(void)
{
	return kinds;
}

uint32_t server_kinds(void)
{
	return sizeof(kinds) / sizeof(kinds[0]) - 1;
}

const struct provider *server_kind(uint32_t i)
{
	return kinds[i];
}

void server_reset(void)
{
	memset(&s, 0, sizeof(s));
	for (size_t i = 0; i < SCENE_ACCOUNTS; i++)
		s.says_unchanged[i] = rng_one_in(2);
}

void server_step(size_t account)
{
	s.mood[account] = (enum server_mood)rng_below(SERVER_MOODS);
	s.until[account] = vtime_now() + rng_span(1 * SECOND, 3 * HOUR);
	report_say("provider a%zu: mood %d until %lld s", account, (int)s.mood[account],
		   (long long)s.until[account] / 1000);
}

void server_refuse(size_t record, bool refuse)
{
	s.refuses[record] = refuse;
	report_say("%s: %s by its provider", scene_label(record), refuse ? "refused" : "accepted");
}

void server_calm(void)
{
	s.calm = true;
	memset(s.refuses, 0, sizeof(s.refuses));
	memset(s.mood, 0, sizeof(s.mood));
}

static enum server_mood mood_of(size_t account)
{
	if (vtime_now() >= s.until[account])
		return SERVER_FINE;
	if (s.mood[account] == SERVER_FLAKY)
		return (enum server_mood)rng_below(SERVER_FLAKY);
	return s.mood[account];
}

static int64_t asked_wait(void)
{
	if (rng_one_in(100))
		return 9 * 24 * HOUR;
	return rng_one_in(2) ? 0 : rng_span(1 * SECOND, 2 * HOUR);
}

static enum verdict refusal(void)
{
	static const enum verdict refusals[] = {VERDICT_REFUSED_AUTH, VERDICT_REFUSED_ABUSE,
						VERDICT_REFUSED_CONFIG};

	return refusals[rng_below(3)];
}

static void set_all(const struct server_request *request, struct server_reply *reply,
		    enum verdict verdict, int64_t wait)
{
	for (size_t i = 0; i < request->n; i++) {
		struct outcome *outcome = &reply->outcomes[i];

		reply->applies[i] = false;
		memset(outcome, 0, sizeof(*outcome));
		outcome->verdict = verdict;
		outcome->wait_ms = wait;
		snprintf(outcome->why, sizeof(outcome->why), "verdict %d", (int)verdict);
	}
}

static void answer_well(const struct server_request *request, struct server_reply *reply)
{
	set_all(request, reply, VERDICT_DONE, 0);
	for (size_t i = 0; i < request->n; i++) {
		struct outcome *outcome = &reply->outcomes[i];
		bool same = content_equal(&s.zone[request->account][request->records[i]],
					  &request->contents[i]);

		outcome->truth = same ? TRUTH_SAME : TRUTH_OTHER;
		if (request->purpose == PURPOSE_VERIFY)
			continue;
		reply->applies[i] = true;
		if (same && s.says_unchanged[request->account])
			outcome->verdict = VERDICT_UNCHANGED;
		if (!s.refuses[request->records[i]])
			continue;
		outcome->verdict = VERDICT_REFUSED_NAME;
		reply->applies[i] = false;
	}
}

static void answer_in_mood(enum server_mood mood, const struct server_request *request,
			   struct server_reply *reply)
{
	switch (mood) {
	case SERVER_FINE:
	case SERVER_FLAKY:
		break;
	case SERVER_OFFLINE:
		set_all(request, reply, VERDICT_NO_NETWORK, 0);
		break;
	case SERVER_SILENT:
		set_all(request, reply, VERDICT_NO_NETWORK, 0);
		reply->reply_ms = rng_one_in(4) ? -1 : 60 * SECOND;
		break;
	case SERVER_FORGETFUL:
		for (size_t i = 0; i < request->n; i++)
			reply->outcomes[i].verdict = VERDICT_NO_NETWORK;
		reply->reply_ms = 10 * SECOND + rng_below(50000);
		report_add(REPORT_LOST_REPLY);
		break;
	case SERVER_BROKEN:
		set_all(request, reply, VERDICT_RETRY, asked_wait());
		break;
	case SERVER_THROTTLING:
		set_all(request, reply, VERDICT_THROTTLED, asked_wait());
		break;
	case SERVER_STRICT:
		set_all(request, reply, refusal(), 0);
		break;
	}
}

void server_ask(const struct server_request *request, struct server_reply *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->apply_ms = 1 + rng_below(200);
	ret->reply_ms = ret->apply_ms + (rng_one_in(10) ? rng_span(1, 50000) : rng_below(300));
	answer_well(request, ret);
	answer_in_mood(mood_of(request->account), request, ret);
}

void server_apply(const struct server_request *request, size_t i)
{
	s.zone[request->account][request->records[i]] = request->contents[i];
	s.meddled[request->account][request->records[i]] = false;
	if (report_verbose())
		report_say("provider a%zu: %s is now %s", request->account,
			   scene_label(request->records[i]), content_text(&request->contents[i]));
}

void server_meddle(size_t account, size_t record)
{
	struct content *content = &s.zone[account][record];

	s.meddled[account][record] = true;
	content->n = 1;
	content->list[0] = (struct ipaddr){AF_INET, {81, 2, 69, 160}};
	if (scene_type(record) == RECORD_TYPE_AAAA)
		content->list[0] = (struct ipaddr){AF_INET6, {0x2a, 2, 0xde, 0xad}};
	report_say("a stranger changes %s", scene_label(record));
}

bool server_meddled(size_t account, size_t record)
{
	return s.meddled[account][record];
}

const struct content *server_holds(size_t account, size_t record)
{
	return &s.zone[account][record];
}
