/* SPDX-License-Identifier: MIT */
/* An engine of many records: each is looked at when there is a reason, and sent once. */
#include "update/daemon/engine.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/stage.h"
#include "update/daemon/describe.h"
#include "update/log.h"

#define CROWD 10000

static unsigned n_asked[CROWD];

static enum step ask(const struct job *job, void *state, const struct reply *reply,
		     struct request *request, struct outcome *outcomes)
{
	for (size_t i = 0; i < job->n_wanted; i++)
		n_asked[strtoul(job->wanted[i].name + 1, NULL, 10)]++;
	return perform_local(job, state, reply, request, outcomes);
}

static const struct provider one_by_one = {
	.name = "one-by-one", .caps = PROVIDER_LOCAL, .step = ask};
static const struct provider in_lists = {
	.name = "in-lists", .caps = PROVIDER_LOCAL | PROVIDER_MANY_NAMES, .step = ask};

struct crowd {
	struct stage *stage; /* of more records than its own two */
	struct cfg_record records[CROWD];
	char names[CROWD][24];
};

static struct crowd *crowd_new(const struct provider *provider)
{
	struct crowd *crowd = calloc(1, sizeof(*crowd));

	assert_non_null(crowd);
	crowd->stage = stage_new(provider);
	for (size_t i = 0; i < CROWD; i++) {
		snprintf(crowd->names[i], sizeof(crowd->names[i]), "h%zu.example.org", i);
		crowd->records[i] = crowd->stage->records[0];
		crowd->records[i].name = crowd->names[i];
		crowd->records[i].fingerprint = i;
	}
	crowd->stage->cfg.records = crowd->records;
	crowd->stage->cfg.n_records = CROWD;
	engine_free(crowd->stage->engine);
	assert_int_equal(engine_new(&crowd->stage->cfg, NULL, &crowd->stage->engine), 0);
	memset(n_asked, 0, sizeof(n_asked));
	local_verdict = VERDICT_DONE;
	return crowd;
}

static void crowd_free(struct crowd *crowd)
{
	stage_free(crowd->stage);
	free(crowd);
}

static void each_is_sent_once(void **state)
{
	static const struct provider *const providers[] = {&one_by_one, &in_lists};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct crowd *crowd = crowd_new(providers[i]);

		dial(crowd->stage, 5, 0);
		settle(crowd->stage, SETTLE_MS);
		for (size_t j = 0; j < CROWD; j++) {
			assert_int_equal(n_asked[j], 1);
			assert_int_equal(record_of(crowd->stage, j)->state, PLAN_STATE_CONFIRMED);
		}
		assert_int_equal(engine_due(crowd->stage->engine, SETTLE_MS), -1);
		crowd_free(crowd);
	}
}

/* The provider bans whoever tries a wrong password ten thousand times. */
static void a_wrong_password_costs_three_requests(void **state)
{
	struct crowd *crowd = crowd_new(&one_by_one);
	unsigned asked = 0;

	(void)state;
	local_verdict = VERDICT_REFUSED_AUTH;
	dial(crowd->stage, 5, 0);
	settle(crowd->stage, SETTLE_MS);
	dial(crowd->stage, 6, 1000);
	settle(crowd->stage, 1000 + SETTLE_MS);
	for (size_t i = 0; i < CROWD; i++) {
		asked += n_asked[i];
		assert_int_equal(record_of(crowd->stage, i)->state, PLAN_STATE_HELD);
	}
	assert_int_equal(asked, TRUST_REFUSALS);
	assert_int_equal(engine_due(crowd->stage->engine, 2000), -1);
	crowd_free(crowd);
}

static void status_tells_of_each_in_parts(void **state)
{
	static const struct describe_clock clock = {100, 100, 0};
	struct crowd *crowd = crowd_new(&one_by_one);
	size_t cursor = 0, i = 0, parts = 0;
	struct buf text;
	json_t *json, *record, *records;

	(void)state;
	buf_init(&text, (size_t)16 << 20);
	do {
		size_t before = text.len;

		describe_status(crowd->stage->engine, true, clock, &cursor, &text);
		assert_in_range(text.len - before, 1, 65536);
		parts++;
	} while (cursor > 0);
	assert_in_range(parts, 100, 1000);
	json = json_loadb(text.text, text.len, 0, NULL);
	records = json_object_get(json, "records");
	assert_int_equal(json_array_size(records), CROWD);
	json_array_foreach(records, i, record) assert_string_equal(
		json_string_value(json_object_get(record, "name")), crowd->names[i]);
	json_decref(json);
	buf_done(&text);
	crowd_free(crowd);
}

static void what_waits_is_sent_in_its_time(void **state)
{
	struct crowd *crowd = crowd_new(&one_by_one);

	(void)state;
	for (size_t i = 0; i < CROWD; i++)
		crowd->records[i].min_interval_ms = (int64_t)(1000 + i * 7919 % CROWD);
	dial(crowd->stage, 5, 0);
	settle(crowd->stage, SETTLE_MS);
	dial(crowd->stage, 6, 100);
	settle(crowd->stage, 150);
	for (int64_t now = engine_due(crowd->stage->engine, 150); now >= 0;
	     now = engine_due(crowd->stage->engine, now)) {
		engine_review(crowd->stage->engine, now);
		/* Each waits as long as no other. */
		assert_int_equal(n_asked[(now - SETTLE_MS - 1000) * 7679 % CROWD], 2);
	}
	for (size_t i = 0; i < CROWD; i++)
		assert_int_equal(n_asked[i], 2);
	crowd_free(crowd);
}

/* Of two jobs under way. */
static void an_answer_makes_only_its_records_looked_at(void **state)
{
	static char other[] = "eth9";
	struct stage *stage = stage_new(provider_find("dyndns2"));
	struct outcome outcome = {.verdict = VERDICT_DONE, .why = "said"};
	const struct records *records = stage->engine->records;

	(void)state;
	stage->records[1].bind = CFG_BIND_LINK;
	stage->records[1].bind_link = other;
	dial(stage, 5, 0);
	assert_int_equal(records->n_touched, 0);
	settle(stage, SETTLE_MS);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_SENDING);
	assert_int_equal(record_of(stage, 1)->state, PLAN_STATE_PENDING);
	assert_int_equal(records->n_touched, 0);
	engine_result(stage->engine, record_of(stage, 0)->job, &outcome, 1, 70);
	assert_int_equal(records->n_touched, 1);
	assert_int_equal(engine_due(stage->engine, 70), 70);
	engine_review(stage->engine, 70);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_CONFIRMED);
	assert_int_equal(record_of(stage, 1)->state, PLAN_STATE_SENDING);
	assert_int_equal(records->n_touched, 0);
	stage_free(stage);
}

/* Connections are told apart by it. */
static void another_address_is_another_way(void **state)
{
	struct stage *stage = stage_new(&local);
	uint32_t way = stage->engine->way;

	(void)state;
	assert_int_not_equal(way, 0);
	dial(stage, 5, 0);
	assert_int_not_equal(stage->engine->way, way);
	settle(stage, SETTLE_MS);
	way = stage->engine->way;
	dial(stage, 5, 60);
	assert_int_equal(stage->engine->way, way);
	dial(stage, 6, 70);
	assert_int_not_equal(stage->engine->way, way);
	way = stage->engine->way;
	engine_new_way(stage->engine, "for a test");
	assert_int_not_equal(stage->engine->way, way);
	stage->engine->way = UINT32_MAX;
	dial(stage, 7, 80);
	assert_int_not_equal(stage->engine->way, 0);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_sent_once),
		cmocka_unit_test(a_wrong_password_costs_three_requests),
		cmocka_unit_test(status_tells_of_each_in_parts),
		cmocka_unit_test(what_waits_is_sent_in_its_time),
		cmocka_unit_test(another_address_is_another_way),
		cmocka_unit_test(an_answer_makes_only_its_records_looked_at),
	};

	log_set_level(LOG_LEVEL_WARN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
