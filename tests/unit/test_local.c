/* SPDX-License-Identifier: MIT */
#include "update/daemon/local.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

static char path[128];

static int setup(void **state)
{
	int err = tempdir_setup(state);

	snprintf(path, sizeof(path), "%s/file", tempdir);
	return err;
}

static void end(struct outcome *outcomes, enum verdict verdict, const char *why)
{
	outcomes[0].verdict = verdict;
	snprintf(outcomes[0].why, sizeof(outcomes[0].why), "%s", why);
}

/* Reads, writes what it read and "+", ends with the error of the write. */
static enum step append(const struct job *job, void *state, const struct reply *reply,
			struct request *request, struct outcome *outcomes)
{
	int *stage = state;

	(void)job;
	assert_int_equal(*stage == 0, reply == NULL);
	request->kind = REQUEST_FILE;
	request->file.path = path;
	switch ((*stage)++) {
	case 0:
		request->file.op = FILE_OP_READ;
		return STEP_SEND;
	case 1:
		assert_int_equal(reply->kind, REQUEST_FILE);
		assert_true(reply->error == 0 || reply->error == -ENOENT);
		request->file.op = FILE_OP_WRITE;
		buf_init(&request->body, 100);
		buf_text(&request->body, reply->body);
		buf_text(&request->body, "+");
		return STEP_SEND;
	}
	end(outcomes, reply->error ? VERDICT_RETRY : VERDICT_DONE, "ended");
	return STEP_END;
}

static enum step never_end(const struct job *job, void *state, const struct reply *reply,
			   struct request *request, struct outcome *outcomes)
{
	(void)job;
	(void)state;
	(void)reply;
	(void)outcomes;
	request->kind = REQUEST_FILE;
	request->file.op = FILE_OP_READ;
	request->file.path = path;
	return STEP_SEND;
}

static enum step want_network(const struct job *job, void *state, const struct reply *reply,
			      struct request *request, struct outcome *outcomes)
{
	(void)job;
	(void)state;
	(void)reply;
	(void)outcomes;
	request->kind = REQUEST_HTTP;
	return STEP_SEND;
}

static enum verdict perform_by(enum step (*step)(const struct job *, void *, const struct reply *,
						 struct request *, struct outcome *))
{
	struct provider provider = {.name = "test", .state_size = sizeof(int), .step = step};
	struct wanted wanted = {.name = "a.example.org"};
	struct job job = {.provider = &provider, .wanted = &wanted, .n_wanted = 1};
	struct outcome outcome = {.why = ""};

	local_perform(&job, &outcome);
	assert_string_not_equal(outcome.why, "");
	return outcome.verdict;
}

static void expect(const char *text)
{
	char *bytes = NULL;
	size_t len = 0;

	assert_int_equal(file_read(path, 1000, &bytes, &len), 0);
	assert_string_equal(bytes, text);
	free(bytes);
}

static void drives_a_provider_to_its_end(void **state)
{
	(void)state;
	assert_int_equal(perform_by(append), VERDICT_DONE);
	expect("+");
	assert_int_equal(perform_by(append), VERDICT_DONE);
	expect("++");
}

static void hands_errors_to_the_provider(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "%s/absent/file", tempdir);
	assert_int_equal(perform_by(append), VERDICT_RETRY);
}

static void ends_what_does_not_end(void **state)
{
	(void)state;
	assert_int_equal(perform_by(never_end), VERDICT_RETRY);
}

static void opens_no_network(void **state)
{
	(void)state;
	assert_int_equal(perform_by(want_network), VERDICT_REFUSED_CONFIG);
}

static void keeps_a_hosts_file(void **state)
{
	struct value value = {.name = "file", .text = path};
	struct wanted wanted = {.name = "a.example.org", .addrs = {"203.0.113.5"}, .n_addrs = 1};
	struct job job = {
		.provider = provider_find("hosts"),
		.values = &value,
		.n_values = 1,
		.wanted = &wanted,
		.n_wanted = 1,
	};
	struct outcome outcome;

	(void)state;
	local_perform(&job, &outcome);
	assert_int_equal(outcome.verdict, VERDICT_DONE);
	local_perform(&job, &outcome);
	assert_int_equal(outcome.verdict, VERDICT_UNCHANGED);
	expect("# BEGIN nlddns\n203.0.113.5 a.example.org\n# END nlddns\n");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, tempdir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(drives_a_provider_to_its_end), CASE(hands_errors_to_the_provider),
		CASE(ends_what_does_not_end),       CASE(opens_no_network),
		CASE(keeps_a_hosts_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
