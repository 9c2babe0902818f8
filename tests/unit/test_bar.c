/* SPDX-License-Identifier: MIT */
#include "update/daemon/bar.c"

#include <fcntl.h>

#include "tests/unit/stage.h"

#define MANY 6

/* One request a name, four at a time if that is not too many. */
static const struct provider each = {.name = "each", .limits = {.parallel = 4}};

/* A stage of six names, and what is told of them. */
struct bench {
	struct stage *stage;
	struct cfg_record records[MANY];
	char names[MANY][24];
	struct value secret;
	struct news_desk desk;
	unsigned told[NEWS_COUNT];
	char why[256]; /* of the last NEWS_HELD */
};

static char passwords[2][8] = {"first", "second"};

static void hear(void *arg, const struct news *news)
{
	struct bench *bench = arg;

	bench->told[news->kind]++;
	if (news->kind == NEWS_HELD)
		snprintf(bench->why, sizeof(bench->why), "%s", news->why);
}

static struct bench *bench_new(size_t password)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->stage = stage_new(&each);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(bench->names[i], sizeof(bench->names[i]), "h%zu.example.org", i);
		bench->records[i] = bench->stage->records[0];
		bench->records[i].name = bench->names[i];
		bench->records[i].fingerprint = 10 * password + i;
	}
	bench->secret = (struct value){.name = "password", .text = passwords[password]};
	bench->stage->account.values = &bench->secret;
	bench->stage->account.n_values = 1;
	bench->stage->cfg.records = bench->records;
	bench->stage->cfg.n_records = MANY;
	engine_free(bench->stage->engine);
	assert_int_equal(
		engine_new(&bench->stage->cfg, bench->stage->updater, &bench->stage->engine), 0);
	news_listen(&bench->desk, (struct news_listener){hear, bench});
	bench->stage->engine->news = &bench->desk;
	return bench;
}

static void bench_free(struct bench *bench)
{
	stage_free(bench->stage);
	free(bench);
}

/* "hhhs..": held, sending, confirmed, pending, waiting, by record. */
static void expect_states(const struct bench *bench, const char *states)
{
	char text[MANY + 1] = "";

	for (size_t i = 0; i < MANY; i++)
		text[i] = plan_state_name(record_of(bench->stage, i)->state)[0];
	assert_string_equal(text, states);
}

static void retry(struct bench *bench, size_t i, int64_t now)
{
	bar_retry(bench->stage->engine, record_of(bench->stage, i));
	records_touch(bench->stage->engine->records, record_of(bench->stage, i));
	engine_review(bench->stage->engine, now);
}

/* The first three are refused one after the other, and all is held. */
static struct bench *refused_new(void)
{
	struct bench *bench = bench_new(0);

	dial(bench->stage, 5, 0);
	settle(bench->stage, SETTLE_MS);
	expect_states(bench, "sssppp");
	answer(bench->stage, 0, VERDICT_REFUSED_AUTH, 100);
	expect_states(bench, "hssppp");
	answer(bench->stage, 1, VERDICT_REFUSED_ABUSE, 110);
	expect_states(bench, "hhsppp");
	answer(bench->stage, 2, VERDICT_REFUSED_AUTH, 120);
	expect_states(bench, "hhhhhh");
	return bench;
}

static void the_third_refusal_holds_the_account(void **state)
{
	struct bench *bench = refused_new();

	(void)state;
	assert_string_equal(record_of(bench->stage, 0)->why, "said");
	assert_non_null(strstr(record_of(bench->stage, 3)->why, "this account's credentials"));
	assert_false(queue_waits(bench->stage->engine->queue));
	dial(bench->stage, 6, 1000);
	settle(bench->stage, 1000 + SETTLE_MS);
	expect_states(bench, "hhhhhh");
	assert_int_equal(engine_due(bench->stage->engine, 2000), -1);
	bench_free(bench);
}

/* No more than may be refused is under way; what fails otherwise does not count. */
static void what_is_under_way_goes_on(void **state)
{
	struct bench *bench = bench_new(0);

	(void)state;
	dial(bench->stage, 5, 0);
	settle(bench->stage, SETTLE_MS);
	answer(bench->stage, 0, VERDICT_REFUSED_AUTH, 100);
	answer(bench->stage, 1, VERDICT_NO_NETWORK, 110);
	expect_states(bench, "hpsspp");
	answer(bench->stage, 2, VERDICT_REFUSED_AUTH, 120);
	expect_states(bench, "hphspp");
	answer(bench->stage, 3, VERDICT_RETRY, 130);
	expect_states(bench, "hphpsp");
	answer(bench->stage, 4, VERDICT_REFUSED_AUTH, 140);
	expect_states(bench, "hhhhhh");
	bench_free(bench);
}

static void a_confirmation_keeps_it_from_being_held(void **state)
{
	struct bench *bench = bench_new(0);

	(void)state;
	dial(bench->stage, 5, 0);
	settle(bench->stage, SETTLE_MS);
	answer(bench->stage, 1, VERDICT_DONE, 100);
	expect_states(bench, "scsssp");
	for (size_t i = 0; i < 5; i++)
		if (i != 1)
			answer(bench->stage, i, VERDICT_REFUSED_AUTH, 110);
	expect_states(bench, "hchhhs");
	bench_free(bench);
}

static void a_retry_tries_one_and_its_refusal_keeps_the_rest(void **state)
{
	struct bench *bench = refused_new();

	(void)state;
	retry(bench, 0, 1000);
	expect_states(bench, "shhhhh");
	answer(bench->stage, 0, VERDICT_REFUSED_AUTH, 1100);
	expect_states(bench, "hhhhhh");
	retry(bench, 5, 2000);
	expect_states(bench, "hhhhhs");
	/* It is still to be tried, as any other would be. */
	answer(bench->stage, 5, VERDICT_RETRY, 2100);
	expect_states(bench, "hhhhhp");
	engine_review(bench->stage->engine, 100000);
	expect_states(bench, "hhhhhs");
	answer(bench->stage, 5, VERDICT_REFUSED_AUTH, 100100);
	expect_states(bench, "hhhhhh");
	bench_free(bench);
}

static void a_retry_that_succeeds_releases_the_account(void **state)
{
	struct bench *bench = refused_new();

	(void)state;
	retry(bench, 1, 1000);
	answer(bench->stage, 1, VERDICT_DONE, 1100);
	/* What was refused by itself stays so. */
	expect_states(bench, "hchsss");
	for (size_t i = 3; i < MANY; i++)
		answer(bench->stage, i, VERDICT_REFUSED_AUTH, 1200);
	expect_states(bench, "hchhhh");
	assert_false(record_of(bench->stage, 3)->barred);
	bench_free(bench);
}

/* However many are retried. */
static void retries_go_one_by_one(void **state)
{
	struct bench *bench = refused_new();

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		bar_retry(bench->stage->engine, record_of(bench->stage, i));
		records_touch(bench->stage->engine->records, record_of(bench->stage, i));
	}
	engine_review(bench->stage->engine, 1000);
	expect_states(bench, "sppppp");
	bench_free(bench);
}

static void each_hold_is_told_once(void **state)
{
	struct bench *bench = refused_new(), *next = bench_new(0);

	(void)state;
	assert_int_equal(bench->told[NEWS_HELD], MANY);
	assert_non_null(strstr(bench->why, "this account's credentials"));
	restart(bench->stage, next->stage);
	dial(next->stage, 5, 0);
	settle(next->stage, SETTLE_MS);
	expect_states(next, "hhhhhh");
	assert_int_equal(next->told[NEWS_HELD], 0);
	retry(next, 4, 1000);
	answer(next->stage, 4, VERDICT_DONE, 1100);
	expect_states(next, "hhhscs");
	answer(next->stage, 3, VERDICT_DONE, 1200);
	assert_int_equal(next->told[NEWS_RECOVERED], 2);
	bench_free(bench);
	bench_free(next);
}

static void only_another_secret_releases_it_at_a_reload(void **state)
{
	(void)state;
	for (size_t password = 0; password < 2; password++) {
		struct bench *bench = refused_new(), *next = bench_new(password);

		/* Who was refused need no longer be there. */
		if (password == 0)
			for (size_t i = 0; i < 3; i++)
				next->names[i][0] = 'g';
		engine_free(next->stage->engine);
		assert_int_equal(
			engine_new(&next->stage->cfg, next->stage->updater, &next->stage->engine),
			0);
		engine_adopt(next->stage->engine, bench->stage->engine);
		dial(next->stage, 5, 1000);
		settle(next->stage, 1000 + SETTLE_MS);
		expect_states(next, password == 0 ? "hhhhhh" : "sssppp");
		bench_free(bench);
		bench_free(next);
	}
}

/* How many lines of errors come of it. */
static unsigned count_errors(struct bench *(*run)(void))
{
	int ends[2], saved = dup(STDERR_FILENO);
	char text[8192];
	unsigned lines = 0;
	ssize_t len;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	dup2(ends[1], STDERR_FILENO);
	log_set_level(LOG_LEVEL_ERROR);
	bench_free(run());
	log_set_level(LOG_LEVEL_INFO);
	dup2(saved, STDERR_FILENO);
	len = read(ends[0], text, sizeof(text));
	for (ssize_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	close(saved);
	close(ends[0]);
	close(ends[1]);
	return lines;
}

static struct bench *restarted_new(void)
{
	struct bench *bench = bench_new(0);

	for (size_t i = 0; i < 3; i++) {
		struct state_entry entry = records_entry(record_of(bench->stage, i));

		entry.history.answered = true;
		entry.history.verdict = VERDICT_REFUSED_AUTH;
		engine_restore(bench->stage->engine, &entry);
	}
	bar_restored(bench->stage->engine);
	dial(bench->stage, 5, 0);
	expect_states(bench, "hhhhhh");
	return bench;
}

static void the_log_tells_of_the_account_once(void **state)
{
	(void)state;
	/* Three of records, and the account's. */
	assert_int_equal(count_errors(refused_new), 4);
	assert_int_equal(count_errors(restarted_new), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_refusal_holds_the_account),
		cmocka_unit_test(what_is_under_way_goes_on),
		cmocka_unit_test(a_confirmation_keeps_it_from_being_held),
		cmocka_unit_test(a_retry_tries_one_and_its_refusal_keeps_the_rest),
		cmocka_unit_test(a_retry_that_succeeds_releases_the_account),
		cmocka_unit_test(retries_go_one_by_one),
		cmocka_unit_test(each_hold_is_told_once),
		cmocka_unit_test(only_another_secret_releases_it_at_a_reload),
		cmocka_unit_test(the_log_tells_of_the_account_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
