/* SPDX-License-Identifier: MIT */
#include "providers/rule.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct service service = {.ipv4 = "{ip4}", .reply = SERVICE_REPLY_JSON};
static const struct provider provider = {.name = "test", .service = &service};
static const struct job job = {.provider = &provider};

static const struct row {
	enum verdict verdict;
	const char *rule;
	int status;
	const char *body;
	int which;
} rows[] = {
	{VERDICT_DONE, "token good", 200, "good 192.0.2.1", 0},
	{VERDICT_DONE, "token good", 200, "\r\n  GOOD\r\n", 0},
	{VERDICT_DONE, "token good", 200, "goodness", -1},
	{VERDICT_DONE, "token good", 200, "not good", -1},
	{VERDICT_DONE, "token good", 500, "good", -1},
	{VERDICT_DONE, "token good and status 500", 500, "good", 0},
	{VERDICT_REFUSED_AUTH, "token bad", 400, "bad", 0},
	{VERDICT_DONE, "line \"all fine\"", 200, "hello\n all fine \r\nbye", 0},
	{VERDICT_DONE, "line \"all fine\"", 200, "it is all fine", -1},
	{VERDICT_DONE, "line 'say \"hi\"'", 200, "say \"hi\"", 0},
	{VERDICT_DONE, "body OK", 200, "\n OK \n", 0},
	{VERDICT_DONE, "body OK", 200, "OK\nOK", -1},
	{VERDICT_DONE, "empty", 204, "", 0},
	{VERDICT_DONE, "empty", 200, " \r\n", 0},
	{VERDICT_DONE, "empty", 200, "x", -1},
	{VERDICT_DONE, "status 204", 204, "", 0},
	{VERDICT_DONE, "status 2xx", 299, "", 0},
	{VERDICT_DONE, "status 2xx", 300, "", -1},
	{VERDICT_RETRY, "status 500-503", 503, "", 0},
	{VERDICT_RETRY, "status 500-503", 504, "", -1},
	{VERDICT_DONE, "token a | token b and status 200 | token c", 200, "c", 2},
	{VERDICT_DONE, "token a | token b and status 201", 200, "b", -1},
	/* addresses by what they are, names as they are */
	{VERDICT_DONE, "line \"Updated {name} to {ip4}.\"", 200,
	 "updated Home.Example.Org to 192.0.2.1.", 0},
	{VERDICT_DONE, "line \"{name} ({ip6})\"", 200, "home.example.org (2001:DB8:0::1)", 0},
	{VERDICT_DONE, "line \"{name} ({ip6})\"", 200, "home.example.org (2001:db8::2)", -1},
	{VERDICT_DONE, "line {ip4}", 200, "192.0.2.10", -1},
	{VERDICT_DONE, "line {ip}", 200, "192.0.2.1", 0},
	{VERDICT_DONE, "line {token}", 200, "{token}", -1},
	/* any text */
	{VERDICT_DONE, "line \"a*c\"", 200, "abbbc", 0},
	{VERDICT_DONE, "line \"a*b*c*\"", 200, "a b x b y c z", 0},
	{VERDICT_DONE, "line \"a*{ip4}\"", 200, "a 1.2.3.4 192.0.2.1", 0},
	{VERDICT_DONE, "line \"a*d\"", 200, "abc", -1},
	{VERDICT_DONE, "line \"ab*\"", 200, "xab", -1},
	/* JSON */
	{VERDICT_DONE, "json /code = 0", 200, "{\"code\":0}", 0},
	{VERDICT_DONE, "json /code = 0", 200, "{\"code\":\"0\"}", 0},
	{VERDICT_DONE, "json /code = 0", 200, "{\"code\":00}", -1},
	{VERDICT_DONE, "json /code = 0", 200, "{\"code\":0", -1},
	{VERDICT_DONE, "json /code = 0", 200, "code 0", -1},
	{VERDICT_DONE, "json /ok = true", 200, "{\"ok\":true}", 0},
	{VERDICT_DONE, "json /ok = true", 200, "{\"ok\":false}", -1},
	{VERDICT_DONE, "json /x = null", 200, "{\"x\":null}", 0},
	{VERDICT_DONE, "json /x = 1.5", 200, "{\"x\":1.5}", 0},
	{VERDICT_DONE, "json /a/b/1 = c", 200, "{\"a\":{\"b\":[1,\"c\"]}}", 0},
	{VERDICT_DONE, "json /a/b/2 = c", 200, "{\"a\":{\"b\":[1,\"c\"]}}", -1},
	{VERDICT_DONE, "json /a~1b/~0 = 1", 200, "{\"a/b\":{\"~\":1}}", 0},
	{VERDICT_DONE, "json /a", 200, "{\"a\":{}}", 0},
	{VERDICT_DONE, "json /a = x", 200, "{\"a\":{}}", -1},
	{VERDICT_DONE, "json /a", 200, "{\"b\":{}}", -1},
	{VERDICT_REFUSED_CONFIG, "json /code != 0", 200, "{\"code\":7}", 0},
	{VERDICT_REFUSED_CONFIG, "json /code != 0", 200, "{\"code\":0}", -1},
	{VERDICT_REFUSED_CONFIG, "json /code != 0", 200, "{}", -1},
	{VERDICT_REFUSED_CONFIG, "json /e != \"\"", 200, "{\"e\":\"x\"}", 0},
	{VERDICT_REFUSED_CONFIG, "json /e != \"\"", 200, "{\"e\":\"\"}", -1},
	{VERDICT_REFUSED_CONFIG, "json /e != \"\"", 200, "{\"e\":null}", -1},
	{VERDICT_REFUSED_CONFIG, "json /e != \"\"", 200, "{}", -1},
	{VERDICT_DONE, "json /a = {ip4}", 200, "{\"a\":\"192.0.2.1\"}", 0},
};

static void a_rule_holds_for_what_it_says(void **state)
{
	struct scope scope = {.service = &service,
			      .job = &job,
			      .names = {"home.example.org"},
			      .n_names = 1,
			      .addrs = {"192.0.2.1", "2001:db8::1"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct service_rule rule = {rows[i].verdict, rows[i].rule};
		json_t *json = json_loads(rows[i].body, 0, NULL);
		struct reply reply = {.kind = REQUEST_HTTP,
				      .status = rows[i].status,
				      .json = json,
				      .body = rows[i].body,
				      .len = strlen(rows[i].body)};

		if (rule_check(&service, &rule))
			fail_msg("%s: %s", rule.text, rule_check(&service, &rule));
		if (rule_which(&rule, &scope, &reply, (struct span){reply.body, reply.len}) !=
		    rows[i].which)
			fail_msg("`%s` for %d `%s` is not %d", rule.text, reply.status, reply.body,
				 rows[i].which);
		json_decref(json);
	}
}

static void what_follows_conditions_is_read(void **state)
{
	static const struct {
		const char *rule;
		int64_t wait_ms;
		const char *words;
		size_t n;
	} texts[] = {
		{"token a", 0, "", 1},
		{"token a wait 10m", 600000, "", 1},
		{"token a | token b wait 30s -- do this | that", 30000, "do this | that", 2},
		{"token wait wait 1h", 3600000, "", 1},
		{"token a -- wait 1h", 0, "wait 1h", 1},
		{"status 429 wait 1d", 86400000, "", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct service_rule rule = {VERDICT_RETRY, texts[i].rule};

		assert_null(rule_check(&service, &rule));
		assert_int_equal(rule_wait_ms(&rule), texts[i].wait_ms);
		assert_true(span_is(rule_words(&rule), texts[i].words));
		assert_int_equal(rule_count(&rule), texts[i].n);
	}
}

static void wrong_rules_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"good",
		"contains good",
		"token",
		"token \"good",
		"token *good*",
		"line \"*\"",
		"line \"\"",
		"status 99",
		"status 600",
		"status 20",
		"status 2x",
		"status 300-200",
		"status ok",
		"json code = 0",
		"json /code =",
		"json /code = \"*\"",
		"xml /a = b",
		"token a and",
		"token a |",
		"token a or token b",
		"token a wait",
		"token a wait 10",
		"token a wait 8d",
		"token a wait 10x",
		"empty x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct service_rule rule = {VERDICT_DONE, texts[i]};

		if (!rule_check(&service, &rule))
			fail_msg("`%s` is taken", texts[i]);
	}
}

/* A reply that is made to take long does not. */
static void a_hostile_reply_is_read_in_time(void **state)
{
	static char body[REPLY_BODY_MAX + 1];
	struct service_rule rule = {VERDICT_DONE, "line \"a*a*a*a*a*b\""};
	struct scope scope = {.service = &service, .job = &job, .names = {"a.b"}, .n_names = 1};
	struct reply reply = {.status = 200, .body = body, .len = REPLY_BODY_MAX};

	(void)state;
	memset(body, 'a', REPLY_BODY_MAX);
	assert_int_equal(rule_which(&rule, &scope, &reply, (struct span){body, REPLY_BODY_MAX}),
			 -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_holds_for_what_it_says),
		cmocka_unit_test(what_follows_conditions_is_read),
		cmocka_unit_test(wrong_rules_are_refused),
		cmocka_unit_test(a_hostile_reply_is_read_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
