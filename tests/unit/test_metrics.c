/* SPDX-License-Identifier: MIT */
#include "update/daemon/metrics.c"

#include "tests/unit/openmetrics.h"
#include "tests/unit/stage.h"

#define WALL INT64_C(1795330800000) /* 2026-11-22T07:00:00Z */

static struct tally tally;

/* The metrics of a stage at now, checked; the caller frees them. */
static char *text_of(const struct stage *stage, int64_t now)
{
	struct metrics metrics = {
		.engine = stage->engine,
		.tally = &tally,
		.events = {.messages = 7, .overruns = 2},
		.updater = {.starts = 3, .crashes = 1},
		.clock = {now, WALL, now - 60500},
	};
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	metrics_write(&metrics, to);
	assert_int_equal(fclose(to), 0);
	assert_null(openmetrics_fault(text));
	return text;
}

static void expect_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	if (!at || at == text || at[-1] != '\n' || at[strlen(line)] != '\n')
		fail_msg("no line \"%s\" in\n%s", line, text);
}

static struct stage *stage_with(const struct provider *provider)
{
	static struct news_desk desk;
	struct stage *stage = stage_new(provider);

	memset(&tally, 0, sizeof(tally));
	memset(&desk, 0, sizeof(desk));
	news_listen(&desk, (struct news_listener){tally_tell, &tally});
	stage->engine->news = &desk;
	stage->engine->tally = &tally;
	return stage;
}

static void what_is_confirmed(void **state)
{
	struct stage *stage = stage_with(&local);
	char *text;

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, 1000);
	settle(stage, 1000 + SETTLE_MS);
	text = text_of(stage, 61000);
	expect_line(text, "nlddns_start_time_seconds 1795330739.500");
	expect_line(text, "nlddns_record_info{name=\"a.example.org\",type=\"A\",provider=\"local\","
			  "account=\"acc\",source=\"wan0\",address=\"203.0.113.5\"} 1");
	expect_line(text, "nlddns_record_held{name=\"b.example.org\",type=\"A\"} 0");
	expect_line(text, "nlddns_record_failing{name=\"b.example.org\",type=\"A\"} 0");
	expect_line(text, "nlddns_record_confirmed_timestamp_seconds{name=\"a.example.org\","
			  "type=\"A\"} 1795330740.050");
	assert_null(strstr(text, "nlddns_record_pending_timestamp_seconds{"));
	expect_line(text, "nlddns_attempts_total{provider=\"local\",verdict=\"done\"} 2");
	expect_line(text, "nlddns_attempts_total{provider=\"local\",verdict=\"retry\"} 0");
	expect_line(text, "nlddns_reaction_seconds_bucket{le=\"0.05\"} 2");
	expect_line(text, "nlddns_reaction_seconds_count 2");
	expect_line(text, "nlddns_reaction_seconds_sum 0.100");
	expect_line(text, "nlddns_netlink_messages_total 7");
	expect_line(text, "nlddns_netlink_overruns_total 2");
	expect_line(text, "nlddns_updater_starts_total 3");
	expect_line(text, "nlddns_updater_crashes_total 1");
	free(text);
	stage_free(stage);
}

static void what_is_not(void **state)
{
	struct stage *stage = stage_with(&local);
	char *text;

	(void)state;
	stage->records[0].failing_after_ms = 60000;
	text = text_of(stage, 500);
	expect_line(text, "nlddns_record_info{name=\"a.example.org\",type=\"A\",provider=\"local\","
			  "account=\"acc\",source=\"wan0\",address=\"unknown\"} 1");
	assert_null(strstr(text, "nlddns_record_confirmed_timestamp_seconds{"));
	free(text);
	local_verdict = VERDICT_RETRY;
	dial(stage, 5, 1000);
	settle(stage, 1000 + SETTLE_MS);
	engine_review(stage->engine, 61050);
	text = text_of(stage, 61050);
	expect_line(text, "nlddns_record_pending_timestamp_seconds{name=\"a.example.org\","
			  "type=\"A\"} 1795330740.000");
	expect_line(text, "nlddns_record_failing{name=\"a.example.org\",type=\"A\"} 1");
	expect_line(text, "nlddns_record_failing{name=\"b.example.org\",type=\"A\"} 0");
	free(text);
	local_verdict = VERDICT_REFUSED_AUTH;
	dial(stage, 6, 400000);
	settle(stage, 400000 + SETTLE_MS);
	text = text_of(stage, 400100);
	expect_line(text, "nlddns_record_held{name=\"a.example.org\",type=\"A\"} 1");
	expect_line(text, "nlddns_attempts_total{provider=\"local\",verdict=\"refused-auth\"} 2");
	free(text);
	stage_free(stage);
}

/* Names that would end a label, or are no text at all. */
static void labels_are_escaped(void **state)
{
	static char evil[] = "a\"b\\c\nd\xff";
	struct stage *stage = stage_with(&local);
	char *text;

	(void)state;
	stage->account.name = evil;
	text = text_of(stage, 500);
	assert_non_null(strstr(text, "account=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\","));
	free(text);
	stage_free(stage);
}

/* The wall clock starts in 1970. */
static void moments_before_the_epoch_are_none(void **state)
{
	struct stage *stage = stage_with(&local);
	struct metrics metrics = {
		.engine = stage->engine, .tally = &tally, .clock = {90000, 5000, 10000}};
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	metrics_write(&metrics, to);
	assert_int_equal(fclose(to), 0);
	assert_null(openmetrics_fault(text));
	expect_line(text, "nlddns_start_time_seconds 0.000");
	free(text);
	stage_free(stage);
}

#define GAUGE   "# TYPE g gauge\n# HELP g h\n"
#define COUNTER "# TYPE c counter\n# HELP c h\n"
#define HIST    "# TYPE h histogram\n# HELP h h\n"

/* That the checker finds what is wrong. */
static void the_checker_checks(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{GAUGE "g 1\n# EOF\n", true},
		{GAUGE "g{a=\"b\",c=\"\\\\\\\"\\n\"} 1.5\ng{a=\"c\"} -1\n" COUNTER
		       "c_total 1\n# EOF\n",
		 true},
		{"# TYPE h_seconds gauge\n# UNIT h_seconds seconds\n# HELP h_seconds h\n# EOF\n",
		 true},
		{HIST "h_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_sum 3\n"
		      "# EOF\n",
		 true},
		{GAUGE "g 1\n", false},
		{GAUGE "g 1\n# EOF", false},
		{GAUGE "g 1\n# EOF\n\n", false},
		{GAUGE "\ng 1\n# EOF\n", false},
		{GAUGE "# a comment\ng 1\n# EOF\n", false},
		{GAUGE "g 1\ng 2\n# EOF\n", false},
		{GAUGE "g{a=\"1\"} 1\ng{a=\"1\"} 2\n# EOF\n", false},
		{GAUGE "g{a=\"1\",a=\"2\"} 1\n# EOF\n", false},
		{GAUGE "g{a=\"\\t\"} 1\n# EOF\n", false},
		{GAUGE "g{a=\"1} 1\n# EOF\n", false},
		{GAUGE "g{1a=\"1\"} 1\n# EOF\n", false},
		{GAUGE "g{a=\"\xff\"} 1\n# EOF\n", false},
		{GAUGE "g  1\n# EOF\n", false},
		{GAUGE "g one\n# EOF\n", false},
		{GAUGE "g 1 x\n# EOF\n", false},
		{GAUGE "g_total 1\n# EOF\n", false},
		{GAUGE GAUGE "g 1\n# EOF\n", false},
		{GAUGE "g 1\n" COUNTER "c_total 1\n" GAUGE "# EOF\n", false},
		{GAUGE "g 1\n# HELP g again\n# EOF\n", false},
		{"# TYPE g gauge\ng 1\n# EOF\n", false},
		{"g 1\n# EOF\n", false},
		{"# TYPE g info\n# HELP g h\n# EOF\n", false},
		{"# TYPE g_seconds gauge\n# HELP g_seconds h\n# EOF\n", false},
		{"# TYPE g gauge\n# UNIT g seconds\n# HELP g h\n# EOF\n", false},
		{"# TYPE x_info gauge\n# HELP x_info h\nx_info 2\n# EOF\n", false},
		{COUNTER "c 1\n# EOF\n", false},
		{COUNTER "c_total -1\n# EOF\n", false},
		{"# TYPE c_total counter\n# HELP c_total h\n# EOF\n", false},
		{HIST "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_sum 3\n# EOF\n",
		 false},
		{HIST "h_bucket{le=\"2.0\"} 1\nh_bucket{le=\"1.0\"} 2\nh_bucket{le=\"+Inf\"} 2\n"
		      "h_count 2\nh_sum 3\n# EOF\n",
		 false},
		{HIST "h_bucket{le=\"1.0\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_sum 3\n# "
		      "EOF\n",
		 false},
		{HIST "h_bucket{le=\"1.0\"} 1\nh_count 1\nh_sum 3\n# EOF\n", false},
		{HIST "h_bucket{le=\"+Inf\"} 2\nh_count 3\nh_sum 3\n# EOF\n", false},
		{HIST "h_bucket{le=\"+Inf\"} 2\nh_count 2\n# EOF\n", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((openmetrics_fault(rows[i].text) == NULL) != rows[i].good)
			fail_msg("row %zu: %s", i, rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_confirmed),
		cmocka_unit_test(what_is_not),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(moments_before_the_epoch_are_none),
		cmocka_unit_test(the_checker_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
