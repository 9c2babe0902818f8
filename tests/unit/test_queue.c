/* SPDX-License-Identifier: MIT */
#include "update/daemon/queue.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define RECORDS_MAX 128

/* Providers that differ in what one request of theirs can hold. */
static const struct provider plain = {.name = "plain"};
static const struct provider both = {.name = "both", .caps = PROVIDER_BOTH_FAMILIES};
static const struct provider many = {
	.name = "many",
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES,
	.limits = {.names_per_request = 3, .parallel = 2},
};
static const struct provider unlimited = {
	.name = "unlimited",
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES,
	.limits = {.parallel = 100},
};

static char account_names[2][8] = {"first", "second"};

static const struct provider eager = {.name = "eager", .limits = {.parallel = 8}};

struct bench {
	struct cfg cfg;
	struct cfg_account accounts[2];
	struct cfg_record cfg_records[RECORDS_MAX];
	struct record list[RECORDS_MAX];
	struct records records;
	char names[RECORDS_MAX][40];
	struct queue *queue;
};

/* n names, each A and AAAA, all of account 0. */
static struct bench *bench_new(const struct provider *provider, size_t n)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->accounts[0].name = account_names[0];
	bench->accounts[1].name = account_names[1];
	bench->accounts[0].provider = provider;
	bench->accounts[1].provider = provider;
	bench->cfg.accounts = bench->accounts;
	bench->cfg.n_accounts = 2;
	for (size_t i = 0; i < 2 * n; i++) {
		snprintf(bench->names[i], sizeof(bench->names[i]), "h%zu.example.org", i / 2);
		bench->cfg_records[i].name = bench->names[i];
		bench->cfg_records[i].type = i % 2 ? RECORD_TYPE_AAAA : RECORD_TYPE_A;
		record_init(&bench->list[i], &bench->cfg_records[i], &bench->accounts[0]);
	}
	bench->records.list = bench->list;
	bench->records.n = 2 * n;
	bench->queue = queue_new(&bench->cfg);
	assert_non_null(bench->queue);
	return bench;
}

static void bench_free(struct bench *bench)
{
	queue_free(bench->queue);
	free(bench);
}

/* All are due from now on. */
static void add_all(struct bench *bench)
{
	for (size_t i = 0; i < bench->records.n; i++)
		queue_add(bench->queue, &bench->list[i], PURPOSE_UPDATE);
}

/* The next job, its records marked as sent; 0: none. How many records it has. */
static size_t send_next(struct bench *bench, struct queue_job **ret)
{
	struct queue_job *job = queue_next(bench->queue, &bench->records, 0);

	*ret = job;
	if (!job)
		return 0;
	for (size_t i = 0; i < job->n; i++) {
		assert_false(job->records[i]->due);
		job->records[i]->job = job->id;
	}
	return job->n;
}

static void end(struct bench *bench, struct queue_job *job)
{
	for (size_t i = 0; i < job->n; i++)
		job->records[i]->job = 0;
	queue_end(bench->queue, job);
}

static void groups_by_what_a_provider_can_do(void **state)
{
	static const struct {
		const struct provider *provider;
		size_t names, first_job;
	} rows[] = {
		{&plain, 2, 1}, {&both, 2, 2}, {&many, 2, 4}, {&many, 5, 6}, {&unlimited, 40, 64},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench *bench = bench_new(rows[i].provider, rows[i].names);
		struct queue_job *job;

		add_all(bench);
		assert_int_equal(send_next(bench, &job), rows[i].first_job);
		bench_free(bench);
	}
}

static void every_record_is_sent_once(void **state)
{
	static const struct provider *const providers[] = {&plain, &both, &many, &unlimited};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct bench *bench = bench_new(providers[i], 20);
		struct queue_job *job;
		size_t sent = 0, n;

		add_all(bench);
		while ((n = send_next(bench, &job)) > 0) {
			sent += n;
			end(bench, job);
		}
		assert_int_equal(sent, 40);
		bench_free(bench);
	}
}

static void keeps_to_parallel_jobs(void **state)
{
	struct bench *bench = bench_new(&many, 9);
	struct queue_job *first, *second, *third;

	(void)state;
	add_all(bench);
	assert_int_equal(send_next(bench, &first), 6);
	assert_int_equal(send_next(bench, &second), 6);
	assert_int_equal(send_next(bench, &third), 0);
	end(bench, first);
	assert_int_equal(send_next(bench, &third), 6);
	assert_ptr_not_equal(second, third);
	bench_free(bench);
}

/* Of what nothing shows yet that it works no more is under way than may be refused. */
static void unproven_credentials_are_tried_by_few(void **state)
{
	static const struct {
		struct trust trust;
		size_t jobs;
	} rows[] = {
		{{.refused = 0}, 3},
		{{.refused = 1}, 2},
		{{.refused = 2}, 1},
		{{.refused = 5, .held = true}, 1},
		{{.refused = 0, .held = true}, 1},
		{{.refused = 2, .proven = true}, 8},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench *bench = bench_new(&eager, 10);
		struct queue_job *job;
		size_t jobs = 0;

		*queue_trust(bench->queue, 0) = rows[i].trust;
		add_all(bench);
		while (send_next(bench, &job) > 0)
			jobs++;
		assert_int_equal(jobs, rows[i].jobs);
		bench_free(bench);
	}
}

static void one_account_does_not_delay_another(void **state)
{
	struct bench *bench = bench_new(&both, 2);
	struct queue_job *job;

	(void)state;
	bench->cfg_records[2].account = bench->cfg_records[3].account = 1;
	add_all(bench);
	assert_int_equal(send_next(bench, &job), 2);
	assert_int_equal(job->account, 0);
	assert_int_equal(send_next(bench, &job), 2);
	assert_int_equal(job->account, 1);
	bench_free(bench);
}

static void accounts_take_turns(void **state)
{
	struct bench *bench = bench_new(&both, 6);
	struct queue_job *job;

	(void)state;
	for (size_t i = 8; i < 12; i++)
		bench->cfg_records[i].account = 1;
	add_all(bench);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(send_next(bench, &job), 2);
		assert_int_equal(job->account, i % 2);
		end(bench, job);
	}
	bench_free(bench);
}

static void what_is_no_longer_due_stays(void **state)
{
	struct bench *bench = bench_new(&both, 2);
	struct queue_job *job;

	(void)state;
	add_all(bench);
	queue_remove(bench->queue, &bench->list[1]);
	assert_int_equal(send_next(bench, &job), 1);
	assert_ptr_equal(job->records[0], &bench->list[0]);
	end(bench, job);
	queue_remove(bench->queue, &bench->list[2]);
	queue_remove(bench->queue, &bench->list[3]);
	assert_int_equal(send_next(bench, &job), 0);
	queue_add(bench->queue, &bench->list[1], PURPOSE_UPDATE);
	assert_int_equal(send_next(bench, &job), 1);
	assert_ptr_equal(job->records[0], &bench->list[1]);
	bench_free(bench);
}

/* However far apart they came. */
static void both_families_of_a_name_go_together(void **state)
{
	struct bench *bench = bench_new(&both, 4);
	struct queue_job *job;

	(void)state;
	for (size_t i = 0; i < 8; i += 2)
		queue_add(bench->queue, &bench->list[i], PURPOSE_UPDATE);
	for (size_t i = 7; i < 8; i -= 2)
		queue_add(bench->queue, &bench->list[i], PURPOSE_UPDATE);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(send_next(bench, &job), 2);
		assert_string_equal(job->records[0]->cfg->name, job->records[1]->cfg->name);
		end(bench, job);
	}
	assert_int_equal(send_next(bench, &job), 0);
	bench_free(bench);
}

static void a_throttle_holds_the_whole_account(void **state)
{
	struct bench *bench = bench_new(&both, 2);
	struct queue_job *job;

	(void)state;
	bench->cfg_records[2].account = bench->cfg_records[3].account = 1;
	assert_true(queue_throttle(bench->queue, 0, 5000));
	assert_false(queue_throttle(bench->queue, 0, 3000));
	assert_int_equal(queue_throttled(bench->queue, 0, 4999), 5000);
	assert_int_equal(queue_throttled(bench->queue, 0, 5000), -1);
	assert_int_equal(queue_throttled(bench->queue, 1, 0), -1);
	add_all(bench);
	assert_int_equal(send_next(bench, &job), 2);
	assert_int_equal(job->account, 1);
	assert_int_equal(send_next(bench, &job), 0);
	bench_free(bench);
}

static void what_leaves_by_another_link_goes_alone(void **state)
{
	char link[] = "ppp0";
	struct bench *bench = bench_new(&many, 2);
	struct queue_job *job;

	(void)state;
	bench->list[1].bind = "ppp0";
	bench->list[2].bind = link;
	add_all(bench);
	assert_int_equal(send_next(bench, &job), 2);
	assert_null(job->bind);
	assert_int_equal(send_next(bench, &job), 2);
	assert_string_equal(job->bind, "ppp0");
	bench_free(bench);
}

static void jobs_are_found_until_they_end(void **state)
{
	struct bench *bench = bench_new(&many, 1), *next = bench_new(&many, 1);
	struct queue_job *job;
	uint32_t id;

	(void)state;
	assert_null(queue_any(bench->queue));
	assert_int_equal(queue_due(bench->queue), -1);
	add_all(bench);
	assert_int_equal(send_next(bench, &job), 2);
	id = job->id;
	assert_int_not_equal(id, 0);
	assert_ptr_equal(queue_find(bench->queue, id), job);
	assert_ptr_equal(queue_any(bench->queue), job);
	assert_int_equal(queue_due(bench->queue), QUEUE_DEADLINE_MS + QUEUE_SLACK_MS);
	end(bench, job);
	assert_null(queue_find(bench->queue, id));
	queue_follow(next->queue, bench->queue);
	add_all(next);
	assert_int_equal(send_next(next, &job), 2);
	assert_int_not_equal(job->id, id);
	bench_free(bench);
	bench_free(next);
}

static void a_reload_keeps_accounts_throttled(void **state)
{
	struct bench *bench = bench_new(&many, 1), *next = bench_new(&many, 1);
	struct bench *other = bench_new(&plain, 1);

	(void)state;
	queue_throttle(bench->queue, 0, 5000);
	/* The order is another. */
	next->accounts[0].name = account_names[1];
	next->accounts[1].name = account_names[0];
	queue_follow(next->queue, bench->queue);
	assert_int_equal(queue_throttled(next->queue, 0, 100), -1);
	assert_int_equal(queue_throttled(next->queue, 1, 100), 5000);
	queue_follow(other->queue, bench->queue);
	assert_int_equal(queue_throttled(other->queue, 0, 100), -1);
	bench_free(bench);
	bench_free(next);
	bench_free(other);
}

/* What is refused is counted anew, and another secret is another chance. */
static void a_reload_keeps_an_account_held(void **state)
{
	static const struct trust held = {.refused = 3, .held = true};
	static const struct trust proven = {.refused = 2, .proven = true};
	struct value old_secret = {.name = "password", .text = account_names[0]};
	struct value new_secret = {.name = "password", .text = account_names[1]};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bench *bench = bench_new(&many, 1), *next = bench_new(&many, 1);

		*queue_trust(bench->queue, 0) = held;
		*queue_trust(bench->queue, 1) = proven;
		for (size_t j = 0; j < 2; j++) {
			bench->accounts[j].values = &old_secret;
			next->accounts[j].values = i == 0 ? &old_secret : &new_secret;
			bench->accounts[j].n_values = next->accounts[j].n_values = 1;
		}
		queue_follow(next->queue, bench->queue);
		assert_int_equal(queue_trust(next->queue, 0)->held, i == 0);
		assert_false(queue_trust(next->queue, 0)->proven);
		assert_int_equal(queue_trust(next->queue, 0)->refused, 0);
		assert_int_equal(queue_trust(next->queue, 1)->proven, i == 0);
		assert_false(queue_trust(next->queue, 1)->held);
		bench_free(bench);
		bench_free(next);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_by_what_a_provider_can_do),
		cmocka_unit_test(every_record_is_sent_once),
		cmocka_unit_test(keeps_to_parallel_jobs),
		cmocka_unit_test(unproven_credentials_are_tried_by_few),
		cmocka_unit_test(a_reload_keeps_an_account_held),
		cmocka_unit_test(one_account_does_not_delay_another),
		cmocka_unit_test(accounts_take_turns),
		cmocka_unit_test(what_is_no_longer_due_stays),
		cmocka_unit_test(both_families_of_a_name_go_together),
		cmocka_unit_test(a_throttle_holds_the_whole_account),
		cmocka_unit_test(what_leaves_by_another_link_goes_alone),
		cmocka_unit_test(jobs_are_found_until_they_end),
		cmocka_unit_test(a_reload_keeps_accounts_throttled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
