/* SPDX-License-Identifier: MIT */
#include "update/updater/job.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>
#include <cmocka.h>

#include "tests/unit/responder.h"
#include "tests/unit/webserver.h"

#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"

/* A provider that does as the test says, and keeps what it was given. */
static struct {
	enum request_kind kind;
	char url[256];
	uint16_t port;   /* of the DNS server */
	unsigned rounds; /* requests before it ends */
	unsigned steps;  /* taken */
	bool state_was_zero;
	bool optional;    /* its DNS requests */
	bool first_ends;  /* the first record, before the first request */
	int64_t delay_ms; /* of its requests */
	int error;        /* of the last reply */
	int status;
	char body[64];
	char zone[DNS_NAME_MAX];
} fake;

struct fake_state {
	unsigned rounds;
	char secret[32];
};

static void keep_reply(const struct reply *reply)
{
	fake.status = reply->status;
	fake.error = reply->error;
	snprintf(fake.body, sizeof(fake.body), "%s", reply->body ? reply->body : "");
	snprintf(fake.zone, sizeof(fake.zone), "%s", reply->zone);
}

static enum step fake_step(const struct job *job, void *state, const struct reply *reply,
			   struct request *request, struct outcome *outcomes)
{
	struct fake_state *own = state;

	fake.steps++;
	if (reply)
		keep_reply(reply);
	else
		fake.state_was_zero = own->rounds == 0 && own->secret[0] == '\0';
	if (!reply && fake.first_ends)
		outcomes[0] = (struct outcome){.verdict = VERDICT_DONE, .why = "set before"};
	if (own->rounds++ < fake.rounds) {
		request->kind = fake.kind;
		request->delay_ms = fake.delay_ms;
		if (fake.kind == REQUEST_HTTP) {
			request->http.method = "GET";
			buf_init(&request->http.url, 4096);
			buf_text(&request->http.url, fake.url);
		} else if (fake.kind == REQUEST_DNS) {
			request->dns = (struct dns_request){.op = DNS_OP_SOA,
							    .server = "127.0.0.1",
							    .port = fake.port,
							    .optional = fake.optional,
							    .name = "a.example.org"};
		}
		return STEP_SEND;
	}
	for (size_t i = 0; i < job->n_wanted; i++) {
		outcomes[i] = (struct outcome){.verdict = VERDICT_DONE, .wait_ms = -5};
		snprintf(outcomes[i].why, OUTCOME_WHY_MAX, "set, with sesame%zu", i);
	}
	return STEP_END;
}

static const struct setting settings[] = {{.name = "token", .type = SETTING_SECRET}, {0}};

static const struct provider provider = {
	.name = "fake",
	.settings = settings,
	.state_size = sizeof(struct fake_state),
	.step = fake_step,
};

static const struct wanted wanted[] = {
	{"a.example.org", RECORD_TYPE_A, {"192.0.2.1"}, 1, 0, false, NULL, NULL, 0},
	{"a.example.org", RECORD_TYPE_AAAA, {"::1"}, 1, 0, false, NULL, NULL, 0}};

static const struct value values[] = {{"token", "sesame"}, {"allow-plaintext", "yes"}};

/* Jobs of this test are not from the wire: nothing is to be freed with them but their block. */
static struct wire_job *make_job(size_t n_values, int64_t deadline_ms)
{
	struct wire_message message;
	static const char text[] = "job\0007\0000\0dyndns2\0000\0\0001\0000\0000\0000\0"
				   "1\0a.b\0000\0000\0000\0\0000\0000";

	assert_int_equal(wire_unpack(text, sizeof(text), NULL, &message), 0);
	message.job->job = (struct job){.provider = &provider,
					.values = values,
					.n_values = n_values,
					.wanted = wanted,
					.n_wanted = 2,
					.purpose = PURPOSE_UPDATE};
	message.job->deadline_ms = deadline_ms;
	message.job->watched = true;
	return message.job;
}

static struct http *http;

static int setup(void **unused)
{
	(void)unused;
	http = http_new();
	return http ? 0 : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	http_free(http);
	return 0;
}

static void set_fake(enum request_kind kind, unsigned rounds, int port)
{
	memset(&fake, 0, sizeof(fake));
	fake.kind = kind;
	fake.rounds = rounds;
	fake.port = (uint16_t)port;
	snprintf(fake.url, sizeof(fake.url), "http://127.0.0.1:%d/nic/update?token=sesame", port);
}

static int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct job_run *finish(struct wire_job *wire)
{
	struct job_run *run = job_start(wire, http, clock_ms());
	int64_t end = clock_ms() + 5000;
	struct pollfd fds[DNS_FDS_MAX];

	assert_non_null(run);
	while (!job_work(run, clock_ms())) {
		int64_t left = job_due(run) - clock_ms();
		size_t n = job_pollfds(run, fds);

		assert_true(clock_ms() < end);
		http_wait(http, fds, n, left > 100 ? 100 : left > 0 ? (int)left : 0);
	}
	return run;
}

static void check_outcomes(struct job_run *run, enum verdict verdict, const char *word)
{
	const struct outcome *outcomes;
	size_t n;

	outcomes = job_outcomes(run, &n);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(outcomes[i].verdict, verdict);
		assert_int_equal(outcomes[i].wait_ms, 0);
		if (!strstr(outcomes[i].why, word))
			fail_msg("%s", outcomes[i].why);
		assert_null(strstr(outcomes[i].why, "sesame"));
	}
	job_free(run);
}

static void a_conversation_goes_on_until_the_provider_ends_it(void **unused)
{
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);
	struct job_run *run;

	(void)unused;
	set_fake(REQUEST_HTTP, 3, w->port);
	run = finish(make_job(2, 5000));
	assert_int_equal(job_id(run), 7);
	assert_true(fake.state_was_zero);
	assert_int_equal(fake.steps, 4);
	assert_int_equal(w->n_requests, 3);
	assert_int_equal(fake.status, 200);
	assert_string_equal(fake.body, "good");
	check_outcomes(run, VERDICT_DONE, "set, with ******");
	webserver_stop(w);
}

static void a_request_waits_as_long_as_it_is_to(void **unused)
{
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);
	int64_t before = clock_ms();
	struct job_run *run;

	(void)unused;
	set_fake(REQUEST_HTTP, 2, w->port);
	fake.delay_ms = 60;
	run = job_start(make_job(2, 5000), http, before);
	assert_false(job_work(run, before + 59));
	assert_int_equal(job_due(run), before + 60);
	assert_int_equal(w->n_requests, 0);
	job_free(run);
	run = finish(make_job(2, 5000));
	assert_true(clock_ms() - before >= 120);
	assert_int_equal(w->n_requests, 2);
	check_outcomes(run, VERDICT_DONE, "set");
	run = finish(make_job(2, 30));
	check_outcomes(run, VERDICT_NO_NETWORK, "in time");
	webserver_stop(w);
}

static void no_request_is_an_end_too(void **unused)
{
	struct job_run *run;

	(void)unused;
	set_fake(REQUEST_HTTP, 0, 0);
	run = finish(make_job(2, 5000));
	assert_int_equal(fake.steps, 1);
	assert_null(job_progress(run));
	assert_int_equal(job_due(run), 0);
	check_outcomes(run, VERDICT_DONE, "set");
}

static void a_dns_request_goes_by_dns(void **unused)
{
	static const struct behaviour how = {
		.authority = {"example.org. 1 IN SOA ns.example.org. r.example.org. 1 2 3 4 5"}};
	struct responder *r = responder_start(&how);
	struct job_run *run;

	(void)unused;
	set_fake(REQUEST_DNS, 1, r->port);
	run = finish(make_job(2, 5000));
	assert_string_equal(fake.zone, "example.org");
	check_outcomes(run, VERDICT_DONE, "set");
	responder_stop(r);
}

static void what_no_transport_does_ends_the_job(void **unused)
{
	(void)unused;
	set_fake(REQUEST_FILE, 1, 0);
	check_outcomes(finish(make_job(2, 5000)), VERDICT_RETRY, "no transport");
	set_fake(REQUEST_NONE, 1, 0);
	check_outcomes(finish(make_job(2, 5000)), VERDICT_RETRY, "no transport");
}

static void a_failed_request_ends_the_job_for_every_record(void **unused)
{
	struct webserver *w = webserver_start(MANNER_RESET, "");

	(void)unused;
	set_fake(REQUEST_HTTP, 2, w->port);
	check_outcomes(finish(make_job(2, 5000)), VERDICT_NO_NETWORK, "127.0.0.1");
	assert_int_equal(fake.steps, 1);
	webserver_stop(w);
}

static void a_failed_request_ends_only_what_had_no_end(void **unused)
{
	struct webserver *w = webserver_start(MANNER_RESET, "");
	const struct outcome *outcomes;
	struct job_run *run;
	size_t n;

	(void)unused;
	set_fake(REQUEST_HTTP, 2, w->port);
	fake.first_ends = true;
	run = finish(make_job(2, 5000));
	outcomes = job_outcomes(run, &n);
	assert_int_equal(outcomes[0].verdict, VERDICT_DONE);
	assert_string_equal(outcomes[0].why, "set before");
	assert_int_equal(outcomes[1].verdict, VERDICT_NO_NETWORK);
	job_free(run);
	webserver_stop(w);
}

/* TCP to a port nobody listens at is refused at once, and UDP as well. */
static void an_optional_question_without_answer_is_the_providers_to_judge(void **unused)
{
	static const struct behaviour how = {.rcode = 0};
	struct responder *r = responder_start(&how);
	uint16_t port = r->port;

	(void)unused;
	responder_stop(r);
	set_fake(REQUEST_DNS, 1, port);
	check_outcomes(finish(make_job(2, 5000)), VERDICT_NO_NETWORK, "127.0.0.1");
	assert_int_equal(fake.steps, 1);
	set_fake(REQUEST_DNS, 1, port);
	fake.optional = true;
	check_outcomes(finish(make_job(2, 5000)), VERDICT_DONE, "set");
	assert_int_equal(fake.steps, 2);
	assert_int_equal(fake.error, -ETIMEDOUT);
}

static void plaintext_needs_leave(void **unused)
{
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);

	(void)unused;
	set_fake(REQUEST_HTTP, 1, w->port);
	check_outcomes(finish(make_job(1, 5000)), VERDICT_REFUSED_CONFIG, "allow-plaintext");
	assert_int_equal(w->n_requests, 0);
	webserver_stop(w);
}

static void a_conversation_without_end_is_ended(void **unused)
{
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);

	(void)unused;
	set_fake(REQUEST_HTTP, 1000, w->port);
	check_outcomes(finish(make_job(2, 5000)), VERDICT_RETRY, "does not end");
	assert_int_equal(w->n_requests, JOB_STEPS_MAX);
	webserver_stop(w);
}

static void the_deadline_ends_a_hanging_job(void **unused)
{
	struct webserver *w = webserver_start(MANNER_HANG, "HTTP/1.1 200 OK\r\n");
	int64_t start = clock_ms();

	(void)unused;
	set_fake(REQUEST_HTTP, 1, w->port);
	check_outcomes(finish(make_job(2, 100)), VERDICT_NO_NETWORK, "in time");
	assert_in_range(clock_ms() - start, 99, 20000);
	webserver_stop(w);
}

static void an_aborted_job_leaves_nothing_behind(void **unused)
{
	static const struct behaviour silent = {.udp_silent = true};
	struct webserver *w = webserver_start(MANNER_HANG, "");
	struct responder *r = responder_start(&silent);
	struct job_run *run;
	struct pollfd fds[DNS_FDS_MAX];

	(void)unused;
	set_fake(REQUEST_HTTP, 1, w->port);
	run = job_start(make_job(2, 5000), http, clock_ms());
	for (int i = 0; i < 5; i++) {
		http_wait(http, NULL, 0, 10);
		assert_false(job_work(run, clock_ms()));
	}
	job_free(run);
	set_fake(REQUEST_DNS, 1, r->port);
	run = job_start(make_job(2, 5000), http, clock_ms());
	assert_false(job_work(run, clock_ms()));
	assert_int_equal(job_pollfds(run, fds), 1);
	job_free(run);
	webserver_stop(w);
	responder_stop(r);
}

static void progress_is_told_once_and_without_secrets(void **unused)
{
	struct webserver *w = webserver_start(MANNER_HANG, "");
	struct job_run *run;
	char text[64];

	(void)unused;
	set_fake(REQUEST_HTTP, 1, w->port);
	run = job_start(make_job(2, 5000), http, clock_ms());
	snprintf(text, sizeof(text), "GET http://127.0.0.1:%d", w->port);
	assert_string_equal(job_progress(run), text);
	assert_null(job_progress(run));
	job_free(run);
	webserver_stop(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_goes_on_until_the_provider_ends_it),
		cmocka_unit_test(a_request_waits_as_long_as_it_is_to),
		cmocka_unit_test(no_request_is_an_end_too),
		cmocka_unit_test(a_dns_request_goes_by_dns),
		cmocka_unit_test(what_no_transport_does_ends_the_job),
		cmocka_unit_test(a_failed_request_ends_the_job_for_every_record),
		cmocka_unit_test(a_failed_request_ends_only_what_had_no_end),
		cmocka_unit_test(an_optional_question_without_answer_is_the_providers_to_judge),
		cmocka_unit_test(plaintext_needs_leave),
		cmocka_unit_test(a_conversation_without_end_is_ended),
		cmocka_unit_test(the_deadline_ends_a_hanging_job),
		cmocka_unit_test(an_aborted_job_leaves_nothing_behind),
		cmocka_unit_test(progress_is_told_once_and_without_secrets),
	};

	return cmocka_run_group_tests_name("job", tests, setup, teardown);
}
