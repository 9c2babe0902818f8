/* SPDX-License-Identifier: MIT */
#include "update/ctl/health.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define NOW 1795330800 /* 2026-11-22T07:00:00Z */

#define WELL "{'name':'w.example.org','type':'A','state':'confirmed','why':'good'}"
#define HELD                                                                 \
	"{'name':'h.example.org','type':'A','state':'held','why':'badauth'," \
	"'changed':'2026-11-22T05:00:00Z'}"
#define FAILING                                                                    \
	"{'name':'f.example.org','type':'AAAA','state':'pending','why':'timeout'," \
	"'failing':true,'changed':null,'pending_since':'2026-11-22T06:54:00Z'}"
#define WAITING "{'name':'n.example.org','type':'A','state':'waiting','failing':false}"

/* A daemon's status, and what is said of it. */
static const struct {
	const char *status, *said;
} rows[] = {
	{"{'ready':true,'records':[]}", ""},
	{"{'ready':true,'records':[" WELL "," WAITING "]}", ""},
	{"{'ready':true,'records':[" WELL "," HELD "," FAILING "]}",
	 "h.example.org A: held for 2 h: badauth\n"
	 "f.example.org AAAA: pending for 6 min: timeout\n"},
	{"{'ready':false,'records':[" WELL "]}",
	 "nlddnsd has not read the kernel yet; its log says why\n"},
	{"{'ready':true,'records':[{'state':'held'}]}", "? ?: held: ?\n"},
	{"{}", "nlddnsd has not read the kernel yet; its log says why\n"},
};

static json_t *parse(const char *text)
{
	char json[1024];

	snprintf(json, sizeof(json), "%s", text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	return json_loads(json, 0, NULL);
}

/* What print_problem writes, all of it. */
static void print_all(const json_t *problems, char *text, size_t size)
{
	FILE *usual = stdout;

	memset(text, 0, size);
	stdout = fmemopen(text, size, "w");
	assert_non_null(stdout);
	for (size_t i = 0; i < json_array_size(problems); i++)
		print_problem(json_array_get(problems, i), NOW);
	fclose(stdout);
	stdout = usual;
}

static void problems_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *status = parse(rows[i].status), *problems;
		char text[1024];

		assert_non_null(status);
		problems = health_judge(status, NOW);
		print_all(problems, text, sizeof(text));
		assert_string_equal(text, rows[i].said);
		json_decref(problems);
		json_decref(status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(problems_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
