/* SPDX-License-Identifier: MIT */
#include "update/daemon/news.c"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/stage.h"

#define FAILING_AFTER 300000

/* What the first record's listener has heard since the last look, as words. */
struct ear {
	char heard[512];
	struct news last;
	char interface[16], why[OUTCOME_WHY_MAX], verdict[32];
};

static void hear(void *arg, const struct news *news)
{
	struct ear *ear = arg;
	char before[ADDRS_TEXT_MAX], after[ADDRS_TEXT_MAX];
	size_t len = strlen(ear->heard);

	if (strcmp(news->name, names[0]) != 0)
		return;
	snprintf(ear->heard + len, sizeof(ear->heard) - len, "%s%s %s>%s", len ? " | " : "",
		 news_name(news->kind), addrs_text(&news->before, ',', before),
		 addrs_text(&news->after, ',', after));
	ear->last = *news;
	snprintf(ear->interface, sizeof(ear->interface), "%s", news->interface);
	snprintf(ear->why, sizeof(ear->why), "%s", news->why);
	snprintf(ear->verdict, sizeof(ear->verdict), "%s", news->verdict ? news->verdict : "");
}

static struct ear ear;
static struct news_desk desk = {.list = {{hear, &ear}}, .n = 1};

static const struct provider deleting = {
	.name = "deleting", .caps = PROVIDER_LOCAL | PROVIDER_CAN_DELETE, .step = perform_local};

static struct stage *stage_with(const struct provider *provider)
{
	struct stage *stage = stage_new(provider);

	for (size_t i = 0; i < 2; i++)
		stage->records[i].failing_after_ms = FAILING_AFTER;
	stage->engine->news = &desk;
	memset(&ear, 0, sizeof(ear));
	return stage;
}

static void expect_heard(const char *heard)
{
	assert_string_equal(ear.heard, heard);
	ear.heard[0] = '\0';
}

/* The address becomes 203.0.113.LAST and settles. */
static void redial(struct stage *stage, uint8_t last, int64_t now)
{
	dial(stage, last, now);
	settle(stage, now + SETTLE_MS);
}

/* Every job under way ends so. */
static void answer_all(struct stage *stage, enum verdict verdict, int64_t now)
{
	struct queue_job *job = queue_any(stage->engine->queue);
	struct outcome outcomes[2];

	assert_non_null(job);
	for (size_t i = 0; i < 2; i++)
		outcomes[i] = (struct outcome){.verdict = verdict, .why = "said"};
	for (; job; job = queue_any(stage->engine->queue))
		engine_result(stage->engine, job->id, outcomes, job->n, now);
	engine_review(stage->engine, now);
}

static void a_change_and_its_confirmation_are_told_once(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	redial(stage, 5, 1000);
	expect_heard("changed none>203.0.113.5");
	assert_string_equal(ear.interface, "wan0");
	assert_int_equal(ear.last.event_at, 1000);
	assert_int_equal(ear.last.settled_at, 1050);
	assert_int_equal(ear.last.reaction_ms, -1);
	assert_int_equal(ear.last.attempts, 0);
	assert_string_equal(ear.verdict, "");
	answer_all(stage, VERDICT_DONE, 1200);
	expect_heard("confirmed none>203.0.113.5");
	assert_int_equal(ear.last.event_at, 1000);
	assert_int_equal(ear.last.settled_at, 1050);
	assert_int_equal(ear.last.sent_at, 1050);
	assert_int_equal(ear.last.answered_at, 1200);
	assert_int_equal(ear.last.reaction_ms, 200);
	assert_int_equal(ear.last.attempts, 1);
	assert_string_equal(ear.verdict, "done");
	assert_string_equal(ear.why, "said");
	engine_review(stage->engine, 5000);
	expect_heard("");
	redial(stage, 6, 10000);
	answer_all(stage, VERDICT_UNCHANGED, 10100);
	expect_heard("changed 203.0.113.5>203.0.113.6 | confirmed 203.0.113.5>203.0.113.6");
	stage_free(stage);
}

/* As pppd does it; what is timed begins with the last event, without which nothing could be sent.
 */
static void a_route_that_comes_after_its_address_is_what_settles(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	stage->link->routes[FAMILY_IPV4].error = -ENETUNREACH;
	redial(stage, 5, 1000);
	expect_heard("changed none>203.0.113.5");
	stage->link->routes[FAMILY_IPV4].error = 0;
	redial(stage, 5, 2000);
	answer_all(stage, VERDICT_DONE, 2200);
	expect_heard("confirmed none>203.0.113.5");
	assert_int_equal(ear.last.event_at, 2000);
	assert_int_equal(ear.last.settled_at, 2000 + SETTLE_MS);
	assert_int_equal(ear.last.sent_at, 2000 + SETTLE_MS);
	assert_int_equal(ear.last.answered_at, 2200);
	stage_free(stage);
}

static void attempts_are_counted(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_NO_NETWORK, 1100);
	engine_review(stage->engine, 5000);
	answer_all(stage, VERDICT_NO_NETWORK, 5100);
	engine_review(stage->engine, 20000);
	answer_all(stage, VERDICT_DONE, 20100);
	expect_heard("changed none>203.0.113.5 | confirmed none>203.0.113.5");
	assert_int_equal(ear.last.attempts, 3);
	assert_int_equal(ear.last.reaction_ms, 19100);
	stage_free(stage);
}

static void a_refresh_is_no_news(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	stage->records[0].refresh_ms = 60000;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_DONE, 1100);
	ear.heard[0] = '\0';
	engine_review(stage->engine, 70000);
	answer_all(stage, VERDICT_NO_NETWORK, 70100);
	engine_review(stage->engine, 80000);
	answer_all(stage, VERDICT_DONE, 80100);
	expect_heard("");
	stage_free(stage);
}

static void a_newer_change_is_told_too(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_DONE, 1100);
	redial(stage, 6, 2000);
	redial(stage, 7, 3000);
	answer_all(stage, VERDICT_DONE, 3100);
	expect_heard("changed none>203.0.113.5 | confirmed none>203.0.113.5 | "
		     "changed 203.0.113.5>203.0.113.6 | changed 203.0.113.5>203.0.113.7 | "
		     "confirmed 203.0.113.5>203.0.113.7");
	stage_free(stage);
}

static void failing_is_told_once_and_in_time(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));
	int64_t since = 1000 + SETTLE_MS, now;

	(void)state;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_RETRY, 1100);
	ear.heard[0] = '\0';
	assert_int_equal(news_due(record_of(stage, 0)), since + FAILING_AFTER);
	/* The engine asks for each review itself, and one of them is at that very moment. */
	for (now = 1100; now < since + FAILING_AFTER; now = engine_due(stage->engine, now)) {
		engine_review(stage->engine, now);
		if (queue_any(stage->engine->queue))
			answer_all(stage, VERDICT_RETRY, now);
		expect_heard("");
	}
	assert_int_equal(now, since + FAILING_AFTER);
	engine_review(stage->engine, now);
	expect_heard("failing none>203.0.113.5");
	assert_true(ear.last.attempts > 3);
	assert_string_equal(ear.verdict, "retry");
	assert_true(record_of(stage, 0)->news.failing);
	assert_int_equal(news_due(record_of(stage, 0)), -1);
	/* Whatever else it wants meanwhile. */
	redial(stage, 6, now + 3600000);
	engine_review(stage->engine, now + 7200000);
	expect_heard("changed none>203.0.113.6");
	answer_all(stage, VERDICT_DONE, now + 7200100);
	expect_heard("confirmed none>203.0.113.6 | recovered none>203.0.113.6");
	assert_false(record_of(stage, 0)->news.failing);
	assert_int_equal(record_of(stage, 0)->news.pending_since, -1);
	stage_free(stage);
}

/* The attempt in between may have had effect, so it is sent again. */
static void the_old_address_again_is_a_recovery(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_DONE, 1100);
	redial(stage, 6, 2000);
	answer_all(stage, VERDICT_NO_NETWORK, 2100);
	engine_review(stage->engine, 3000 + FAILING_AFTER);
	ear.heard[0] = '\0';
	redial(stage, 5, 4000 + FAILING_AFTER);
	expect_heard("");
	answer_all(stage, VERDICT_UNCHANGED, 5000 + FAILING_AFTER);
	expect_heard("confirmed 203.0.113.5>203.0.113.5 | recovered 203.0.113.5>203.0.113.5");
	stage_free(stage);
}

static void without_an_address_nothing_fails(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_NO_NETWORK, 1100);
	redial(stage, 0, 1200);
	ear.heard[0] = '\0';
	engine_review(stage->engine, 2000 + FAILING_AFTER);
	assert_int_equal(news_due(record_of(stage, 0)), -1);
	expect_heard("");
	stage_free(stage);
}

static void zero_is_never(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	stage->records[0].failing_after_ms = 0;
	redial(stage, 5, 1000);
	ear.heard[0] = '\0';
	engine_review(stage->engine, INT64_C(1) << 40);
	assert_int_equal(news_due(record_of(stage, 0)), -1);
	expect_heard("");
	stage_free(stage);
}

static void a_hold_is_told_once(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));

	(void)state;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_REFUSED_AUTH, 1100);
	expect_heard("changed none>203.0.113.5 | held none>203.0.113.5");
	assert_string_equal(ear.verdict, "refused-auth");
	assert_string_equal(ear.why, "said");
	engine_review(stage->engine, 2000 + FAILING_AFTER);
	expect_heard("");
	/* The user asks for it again, and again it is refused. */
	bar_retry(stage->engine, record_of(stage, 0));
	records_touch(stage->engine->records, record_of(stage, 0));
	engine_review(stage->engine, 3000 + FAILING_AFTER);
	expect_heard("");
	answer_all(stage, VERDICT_REFUSED_AUTH, 3100 + FAILING_AFTER);
	expect_heard("held none>203.0.113.5");
	bar_retry(stage->engine, record_of(stage, 0));
	records_touch(stage->engine->records, record_of(stage, 0));
	engine_review(stage->engine, 4000 + FAILING_AFTER);
	answer_all(stage, VERDICT_DONE, 4100 + FAILING_AFTER);
	expect_heard("confirmed none>203.0.113.5 | recovered none>203.0.113.5");
	stage_free(stage);
}

/* What is confirmed is held when its refresh is refused; releasing it proves nothing yet. */
static void a_released_hold_is_over_when_it_is_answered(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));
	struct record *record = record_of(stage, 0);

	(void)state;
	stage->records[0].refresh_ms = 60000;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_DONE, 1100);
	engine_review(stage->engine, 70000);
	answer_all(stage, VERDICT_REFUSED_ABUSE, 70100);
	ear.heard[0] = '\0';
	history_release(&record->history);
	record->forced = true;
	records_touch(stage->engine->records, record);
	engine_review(stage->engine, 80000);
	expect_heard("");
	answer_all(stage, VERDICT_UNCHANGED, 80100);
	expect_heard("recovered 203.0.113.5>203.0.113.5");
	stage_free(stage);
}

static struct state_entry held_entry(uint64_t fingerprint)
{
	struct state_entry entry = {.name = names[0],
				    .type = RECORD_TYPE_A,
				    .account = account_name,
				    .fingerprint = fingerprint};

	history_init(&entry.history);
	entry.history.answered = true;
	entry.history.verdict = VERDICT_REFUSED_AUTH;
	return entry;
}

static void a_restart_tells_no_hold_again(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));
	struct state_entry entry = held_entry(stage->records[0].fingerprint);

	(void)state;
	engine_restore(stage->engine, &entry);
	redial(stage, 5, 1000);
	engine_review(stage->engine, 2000 + FAILING_AFTER);
	expect_heard("changed none>203.0.113.5");
	stage_free(stage);
}

static void a_corrected_configuration_recovers(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));
	struct stage *next = stage_with(provider_find("dyndns2"));
	struct state_entry entry = held_entry(stage->records[0].fingerprint + 1);

	(void)state;
	engine_restore(stage->engine, &entry);
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_REFUSED_AUTH, 1100);
	expect_heard("changed none>203.0.113.5 | held none>203.0.113.5");
	next->records[0].fingerprint++;
	engine_adopt(next->engine, stage->engine);
	redial(next, 5, 2000);
	answer_all(next, VERDICT_DONE, 2100);
	expect_heard("changed none>203.0.113.5 | confirmed none>203.0.113.5 | "
		     "recovered none>203.0.113.5");
	stage_free(stage);
	stage_free(next);
}

static void a_reload_tells_nothing_again(void **state)
{
	struct stage *stage = stage_with(provider_find("dyndns2"));
	struct stage *next = stage_with(provider_find("dyndns2"));

	(void)state;
	redial(stage, 5, 1000);
	answer_all(stage, VERDICT_RETRY, 1100);
	engine_review(stage->engine, 2000 + FAILING_AFTER);
	expect_heard("changed none>203.0.113.5 | failing none>203.0.113.5");
	engine_adopt(next->engine, stage->engine);
	redial(next, 5, 3000 + FAILING_AFTER);
	engine_review(next->engine, 4000 + 3 * FAILING_AFTER);
	expect_heard("");
	stage_free(stage);
	stage_free(next);
}

static void a_deletion_is_a_change_when_it_is_due(void **state)
{
	struct stage *stage = stage_with(&deleting);

	(void)state;
	delete_on_loss(stage, 0, 60000);
	local_verdict = VERDICT_DONE;
	redial(stage, 5, 1000);
	ear.heard[0] = '\0';
	redial(stage, 0, 2000);
	expect_heard("");
	engine_review(stage->engine, 62050);
	expect_heard("changed 203.0.113.5>none | confirmed 203.0.113.5>none");
	stage_free(stage);
}

static void nobody_need_listen(void **state)
{
	struct stage *stage = stage_with(&local);

	(void)state;
	stage->engine->news = NULL;
	local_verdict = VERDICT_DONE;
	redial(stage, 5, 1000);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_CONFIRMED);
	expect_heard("");
	stage_free(stage);
}

static void all_listeners_are_told(void **state)
{
	struct stage *stage = stage_with(&local);
	struct news_desk two = {.n = 0};

	(void)state;
	news_listen(&two, (struct news_listener){hear, &ear});
	news_listen(&two, (struct news_listener){hear, &ear});
	stage->engine->news = &two;
	local_verdict = VERDICT_RETRY;
	redial(stage, 5, 1000);
	expect_heard("changed none>203.0.113.5 | changed none>203.0.113.5");
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_and_its_confirmation_are_told_once),
		cmocka_unit_test(a_route_that_comes_after_its_address_is_what_settles),
		cmocka_unit_test(attempts_are_counted),
		cmocka_unit_test(a_refresh_is_no_news),
		cmocka_unit_test(a_newer_change_is_told_too),
		cmocka_unit_test(failing_is_told_once_and_in_time),
		cmocka_unit_test(the_old_address_again_is_a_recovery),
		cmocka_unit_test(without_an_address_nothing_fails),
		cmocka_unit_test(zero_is_never),
		cmocka_unit_test(a_hold_is_told_once),
		cmocka_unit_test(a_released_hold_is_over_when_it_is_answered),
		cmocka_unit_test(a_restart_tells_no_hold_again),
		cmocka_unit_test(a_corrected_configuration_recovers),
		cmocka_unit_test(a_reload_tells_nothing_again),
		cmocka_unit_test(a_deletion_is_a_change_when_it_is_due),
		cmocka_unit_test(nobody_need_listen),
		cmocka_unit_test(all_listeners_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
