/* SPDX-License-Identifier: MIT */
#include "update/daemon/updater.c"

#include <setjmp.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

/* This program itself is the fake updater: what it does is the idle time it is given. */
enum part { PART_END = 1, PART_HANG, PART_ANSWER, PART_GIBBERISH, PART_IMPERSONATE };

static const struct outcome good = {.verdict = VERDICT_DONE, .why = "good"};

static struct updater *start(enum part part)
{
	struct updater *updater = NULL;

	assert_int_equal(updater_new("/proc/self/exe", part, false, &updater), 0);
	return updater;
}

static int send_job(struct updater *updater, uint32_t id, int64_t now)
{
	struct wanted wanted = {.name = "a.example.org", .addrs = {"203.0.113.5"}, .n_addrs = 1};
	struct value value = {.name = "file", .text = "/tmp/x"};
	struct wire_job job = {.id = id, .deadline_ms = 1000};

	job.job.provider = provider_find("hosts");
	job.job.values = &value;
	job.job.n_values = 1;
	job.job.wanted = &wanted;
	job.job.n_wanted = 1;
	return updater_send(updater, &job, now);
}

/* Waits for the next message, or the end. */
static int read_next(struct updater *updater, struct wire_message *ret)
{
	struct pollfd poll_fd = {.fd = updater_fd(updater), .events = POLLIN};

	assert_int_equal(poll(&poll_fd, 1, 5000), 1);
	return updater_read(updater, ret);
}

static void runs_when_needed(void **state)
{
	struct updater *updater = start(PART_ANSWER);
	pid_t pid;

	(void)state;
	assert_int_equal(updater_fd(updater), -1);
	assert_int_equal(updater_due(updater, 0), -1);
	assert_int_equal(updater_ensure(updater, 0), 0);
	assert_true(updater_fd(updater) >= 0);
	pid = updater->pid;
	assert_int_equal(updater_ensure(updater, 0), 0);
	assert_int_equal(updater->pid, pid);
	updater_free(updater);
}

static void hands_jobs_over_and_answers_back(void **state)
{
	struct updater *updater = start(PART_ANSWER);
	struct wire_message message;

	(void)state;
	assert_int_equal(send_job(updater, 41, 0), 0);
	assert_int_equal(send_job(updater, 42, 0), 0);
	for (uint32_t id = 41; id <= 42; id++) {
		assert_int_equal(read_next(updater, &message), 1);
		assert_int_equal(message.kind, WIRE_RESULT);
		assert_int_equal(message.id, id);
		assert_string_equal(message.outcomes[0].why, "good");
		wire_done(&message);
	}
	assert_int_equal(updater_read(updater, &message), 0);
	updater_cancel(updater, 42);
	updater_free(updater);
}

static void idle_ends_are_no_failure(void **state)
{
	struct updater *updater = start(PART_END);
	struct wire_message message;

	(void)state;
	for (int64_t now = 0; now < 20000; now += 2000) {
		assert_int_equal(updater_ensure(updater, now), 0);
		assert_int_equal(read_next(updater, &message), -EPIPE);
		assert_int_equal(updater_fd(updater), -1);
		assert_int_equal(updater_due(updater, now + 1500), -1);
	}
	updater_free(updater);
}

static void crashes_slow_the_next_start_down(void **state)
{
	struct updater *updater = start(PART_END);
	struct wire_message message;
	int64_t now = 0;

	(void)state;
	for (int i = 0; i < 12; i++) {
		int64_t least = i == 0 ? 1000 : i < 7 ? 1000 << (i - 1) : 60000;

		assert_int_equal(updater_ensure(updater, now), 0);
		assert_int_equal(read_next(updater, &message), -EPIPE);
		updater_blame(updater, now);
		assert_int_equal(updater_due(updater, now), now + least);
		assert_int_equal(updater_ensure(updater, now + least - 1), -EAGAIN);
		now += least;
	}
	updater_free(updater);
}

/* Nor is one that was started ahead of need and had nothing to do. */
static void dying_at_the_start_is_no_storm(void **state)
{
	struct updater *updater = start(PART_END);
	struct wire_message message;
	int starts = 0;

	(void)state;
	for (int64_t now = 0; now < 5000; now += 10) {
		if (updater_ensure(updater, now) == -EAGAIN)
			continue;
		starts++;
		assert_int_equal(read_next(updater, &message), -EPIPE);
	}
	assert_int_equal(starts, 5);
	updater_free(updater);
}

static void an_answer_makes_up_for_crashes(void **state)
{
	struct updater *updater = start(PART_ANSWER);
	struct wire_message message;

	(void)state;
	updater_blame(updater, 0);
	updater_blame(updater, 0);
	assert_int_equal(send_job(updater, 1, 0), -EAGAIN);
	assert_int_equal(send_job(updater, 1, 1000), 0);
	assert_int_equal(read_next(updater, &message), 1);
	wire_done(&message);
	updater_kill(updater);
	assert_int_equal(read_next(updater, &message), -EPIPE);
	updater_blame(updater, 2000);
	assert_int_equal(updater_due(updater, 2000), -1);
	updater_free(updater);
}

static void a_hanging_one_can_be_ended(void **state)
{
	struct updater *updater = start(PART_HANG);
	struct wire_message message;

	(void)state;
	assert_int_equal(send_job(updater, 1, 0), 0);
	updater_kill(updater);
	assert_int_equal(read_next(updater, &message), -EPIPE);
	updater_free(updater);
}

static const struct setting settings[] = {{0}};

static const struct service service = {
	.title = "Test",
	.url = "https://a.example/{name}",
	.ipv4 = "{ip4}",
	.names = 1,
	.rules = (const struct service_rule[]){{VERDICT_DONE, "empty"}},
	.n_rules = 1,
	.settings = settings,
};

/* How many services it has been told of when it answers. */
static int64_t ask_served(struct updater *updater, const struct provider *provider)
{
	struct wanted wanted = {.name = "a.example.org", .addrs = {"203.0.113.5"}, .n_addrs = 1};
	struct wire_job job = {.id = 7, .deadline_ms = 1000};
	struct wire_message message;

	job.job.provider = provider;
	job.job.wanted = &wanted;
	job.job.n_wanted = 1;
	assert_int_equal(updater_send(updater, &job, 0), 0);
	assert_int_equal(read_next(updater, &message), 1);
	return message.outcomes[0].wait_ms;
}

static void it_is_told_of_a_service_once(void **state)
{
	static struct provider served[WIRE_SERVICES_MAX + 1];
	struct updater *updater = start(PART_ANSWER);
	struct wire_message message;

	(void)state;
	for (size_t i = 0; i <= WIRE_SERVICES_MAX; i++)
		served[i] = (struct provider){"test", .settings = settings, .service = &service};
	for (int i = 0; i < WIRE_SERVICES_MAX; i++)
		assert_int_equal(ask_served(updater, &served[i]), i + 1);
	for (int i = 0; i < WIRE_SERVICES_MAX; i++)
		assert_int_equal(ask_served(updater, &served[i]), WIRE_SERVICES_MAX);
	/* One too many takes the place of the first. */
	assert_int_equal(ask_served(updater, &served[WIRE_SERVICES_MAX]), WIRE_SERVICES_MAX + 1);
	assert_int_equal(ask_served(updater, &served[1]), WIRE_SERVICES_MAX + 1);
	assert_int_equal(ask_served(updater, &served[0]), WIRE_SERVICES_MAX + 2);
	updater_forget(updater);
	assert_int_equal(ask_served(updater, &served[0]), WIRE_SERVICES_MAX + 3);
	/* The next one knows nothing. */
	updater_kill(updater);
	assert_int_equal(read_next(updater, &message), -EPIPE);
	assert_int_equal(ask_served(updater, &served[0]), 1);
	updater_free(updater);
}

/* As it is after its last word, and after a job that it was not told of. */
static void one_that_says_nothing_of_its_job_hangs(void **state)
{
	struct updater *updater = start(PART_ANSWER);
	struct wire_message message;

	(void)state;
	assert_int_equal(updater_ensure(updater, 0), 0);
	assert_int_equal(updater_silent(updater), -1);
	assert_int_equal(send_job(updater, 1, 100), 0);
	assert_int_equal(send_job(updater, 2, 200), 0);
	assert_int_equal(updater_silent(updater), 100 + SILENCE_MS);
	assert_int_equal(read_next(updater, &message), 1);
	wire_done(&message);
	assert_int_equal(updater_silent(updater), -1);
	assert_int_equal(send_job(updater, 3, 300), 0);
	assert_int_equal(updater_silent(updater), 300 + SILENCE_MS);
	updater_kill(updater);
	assert_int_equal(updater_silent(updater), -1);
	updater_free(updater);
}

static void gibberish_ends_it(void **state)
{
	static const enum part parts[] = {PART_GIBBERISH, PART_IMPERSONATE};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct updater *updater = start(parts[i]);
		struct wire_message message;

		assert_int_equal(updater_ensure(updater, 0), 0);
		assert_int_equal(read_next(updater, &message), -EPIPE);
		assert_int_equal(updater_fd(updater), -1);
		updater_free(updater);
	}
}

static void a_missing_program_is_tried_rarely(void **state)
{
	struct updater *updater = NULL;

	(void)state;
	assert_int_equal(updater_new("/nonexistent", 1, false, &updater), 0);
	assert_int_equal(updater_ensure(updater, 0), -ENOENT);
	assert_int_equal(updater_ensure(updater, 1000), -EAGAIN);
	assert_int_equal(send_job(updater, 1, 1000), -EAGAIN);
	assert_true(updater_due(updater, 1000) > 1000);
	updater_free(updater);
}

static int answer_all(void)
{
	char bytes[WIRE_MAX / 16], reply[1024];
	struct pollfd readable = {.fd = WIRE_FD, .events = POLLIN};
	struct wire_services services = {0};
	struct outcome outcome = good;
	struct wire_message message;
	ssize_t len;
	int n;

	while (poll(&readable, 1, -1) == 1 && (len = recv(WIRE_FD, bytes, sizeof(bytes), 0)) > 0) {
		if (wire_unpack(bytes, (size_t)len, &services, &message) < 0)
			return 1;
		if (message.kind == WIRE_JOB) {
			n = wire_pack_result(message.id, &outcome, 1, reply, sizeof(reply));
			send(WIRE_FD, reply, (size_t)n, 0);
		}
		outcome.wait_ms += message.kind == WIRE_SERVICE;
		wire_done(&message);
	}
	return 0;
}

static int play(enum part part)
{
	char bytes[128];

	switch (part) {
	case PART_END:
		return 0;
	case PART_HANG:
		for (;;)
			pause();
	case PART_ANSWER:
		return answer_all();
	case PART_GIBBERISH:
		send(WIRE_FD, "{]", 2, 0);
		return answer_all();
	case PART_IMPERSONATE:
		send(WIRE_FD, bytes, (size_t)wire_pack_cancel(1, bytes, sizeof(bytes)), 0);
		return answer_all();
	}
	return 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_when_needed),
		cmocka_unit_test(hands_jobs_over_and_answers_back),
		cmocka_unit_test(idle_ends_are_no_failure),
		cmocka_unit_test(crashes_slow_the_next_start_down),
		cmocka_unit_test(dying_at_the_start_is_no_storm),
		cmocka_unit_test(an_answer_makes_up_for_crashes),
		cmocka_unit_test(a_hanging_one_can_be_ended),
		cmocka_unit_test(it_is_told_of_a_service_once),
		cmocka_unit_test(one_that_says_nothing_of_its_job_hangs),
		cmocka_unit_test(gibberish_ends_it),
		cmocka_unit_test(a_missing_program_is_tried_rarely),
	};

	if (argc == 3 && strcmp(argv[1], "--idle") == 0)
		return play((enum part)strtol(argv[2], NULL, 10));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
