/* SPDX-License-Identifier: MIT */
#include "update/ctl/health.h"

#include <time.h>

#include "update/ctl/command.h"
#include "update/ctl/request.h"
#include "update/ctl/status.h"
#include "update/ctl/wording.h"

static json_t *copy_of(const json_t *record, const char *key)
{
	json_t *value = json_object_get(record, key);

	return value ? json_incref(value) : json_null();
}

static json_t *problem_of(const json_t *record)
{
	bool told = json_is_string(json_object_get(record, "pending_since"));
	const char *since = told ? "pending_since" : "changed";

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "name", copy_of(record, "name"), "type",
			 copy_of(record, "type"), "state", copy_of(record, "state"), "since",
			 copy_of(record, since), "why", copy_of(record, "why"));
}

json_t *health_judge(const json_t *status, int64_t now)
{
	const json_t *records = json_object_get(status, "records");
	json_t *problems = json_array();

	if (!json_is_true(json_object_get(status, "ready")))
		(void)json_array_append_new(
			problems,
			json_pack("{s:s}", "why",
				  "nlddnsd has not read the kernel yet; its log says why"));
	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);
		struct status_row row;

		status_read(record, now, &row);
		if (row.degraded)
			(void)json_array_append_new(problems, problem_of(record));
	}
	return problems;
}

static void print_field(const char *before, const json_t *problem, const char *key)
{
	const char *text = json_string_value(json_object_get(problem, key));

	(void)fputs(before, stdout);
	wording_print(stdout, text ? text : "?");
}

/* "home.example.org A: held for 2 h: badauth" */
static void print_problem(const json_t *problem, int64_t now)
{
	const char *since = json_string_value(json_object_get(problem, "since"));
	char span[WORDING_SPAN_MAX];
	int64_t moment;

	if (json_object_get(problem, "name")) {
		print_field("", problem, "name");
		print_field(" ", problem, "type");
		print_field(": ", problem, "state");
		if (since && wording_moment(since, &moment) == 0)
			printf(" for %s", wording_span(now - moment, span));
		(void)fputs(": ", stdout);
	}
	print_field("", problem, "why");
	(void)putchar('\n');
}

int health_check(const struct context *context)
{
	int64_t now = (int64_t)time(NULL);
	json_t *status = NULL, *problems;
	int code = request_ask(context, "status", &status);
	size_t n;

	if (code)
		return code;
	problems = health_judge(status, now);
	n = json_array_size(problems);
	if (context->json) {
		json_t *answer =
			json_pack("{s:b, s:O}", "well", (int)(n == 0), "problems", problems);

		request_print_json(answer);
		json_decref(answer);
	} else {
		for (size_t i = 0; i < n; i++)
			print_problem(json_array_get(problems, i), now);
		if (n == 0)
			(void)puts("all well");
	}
	json_decref(problems);
	json_decref(status);
	return n ? COMMAND_EXIT_DEGRADED : COMMAND_EXIT_WELL;
}
