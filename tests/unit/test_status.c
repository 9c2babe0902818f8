/* SPDX-License-Identifier: MIT */
#include "update/ctl/status.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define NOW 1795330800 /* 2026-11-22T07:00:00Z */

static const struct {
	const char *json;
	const char *state, *addresses, *when;
	enum table_tone tone;
	bool degraded;
} rows[] = {
	{"{'state':'confirmed','wanted':['192.0.2.1'],'confirmed':['192.0.2.1'],"
	 "'confirmed_at':'2026-11-22T06:00:00Z','changed':'2026-11-22T05:59:59Z'}",
	 "confirmed", "192.0.2.1", "for 1 h", TABLE_TONE_GOOD, false},
	/* A change that waits its turn is well until the daemon finds that it takes too long. */
	{"{'state':'pending','failing':false,'wanted':['192.0.2.2'],'confirmed':['192.0.2.1'],"
	 "'changed':'2026-11-22T06:55:00Z','next':'2026-11-22T07:00:30Z'}",
	 "pending", "192.0.2.1 -> 192.0.2.2", "next in 30 s", TABLE_TONE_WAITING, false},
	{"{'state':'pending','failing':true,'wanted':['192.0.2.2'],'confirmed':['192.0.2.1'],"
	 "'changed':'2026-11-22T06:54:59Z','next':'2026-11-22T06:59:30Z'}",
	 "pending", "192.0.2.1 -> 192.0.2.2", "next now", TABLE_TONE_BAD, true},
	{"{'state':'sending','failing':true,'wanted':['2001:db8::1'],'confirmed':[],"
	 "'changed':'2026-11-22T06:00:00Z','next':null}",
	 "sending", "2001:db8::1", "for 1 h", TABLE_TONE_BAD, true},
	/* Refreshing what is right. */
	{"{'state':'sending','wanted':['2001:db8::1'],'confirmed':['2001:db8::1'],"
	 "'changed':'2026-10-22T06:00:00Z'}",
	 "sending", "2001:db8::1", "for 31 d 1 h", TABLE_TONE_WAITING, false},
	/* A line without IPv6 is no fault of ours. */
	{"{'state':'waiting','wanted':[],'confirmed':[],'changed':'2026-11-20T07:00:00Z'}",
	 "waiting", "", "for 2 d", TABLE_TONE_WAITING, false},
	{"{'state':'waiting','wanted':[],'confirmed':['192.0.2.1']}", "waiting",
	 "192.0.2.1 -> none", "", TABLE_TONE_WAITING, false},
	{"{'state':'held','wanted':['192.0.2.1'],'confirmed':[],"
	 "'changed':'2026-11-22T06:59:59Z'}",
	 "held", "192.0.2.1", "for 1 s", TABLE_TONE_BAD, true},
	{"{'state':'confirmed','wanted':['192.0.2.1','192.0.2.2'],"
	 "'confirmed':['192.0.2.1','192.0.2.2'],'confirmed_at':'yesterday'}",
	 "confirmed", "192.0.2.1 192.0.2.2", "", TABLE_TONE_GOOD, false},
	/* Another version's daemon. */
	{"{}", "?", "", "", TABLE_TONE_PLAIN, false},
	{"{'state':3,'wanted':'x','confirmed':[1]}", "?", "? -> none", "", TABLE_TONE_PLAIN, false},
};

static json_t *parse(const char *text)
{
	char json[512];

	(void)snprintf(json, sizeof(json), "%s", text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	return json_loads(json, 0, NULL);
}

static void records_in_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *record = parse(rows[i].json);
		struct status_row row;

		assert_non_null(record);
		status_read(record, NOW, &row);
		assert_string_equal(row.state, rows[i].state);
		assert_string_equal(row.addresses, rows[i].addresses);
		assert_string_equal(row.when, rows[i].when);
		assert_int_equal(row.tone, rows[i].tone);
		assert_int_equal(row.degraded, rows[i].degraded);
		json_decref(record);
	}
}

static void endless_lists_end(void **state)
{
	json_t *record = json_object(), *wanted = json_array();
	struct status_row row;

	(void)state;
	for (int i = 0; i < 1000; i++)
		(void)json_array_append_new(wanted, json_string("2001:db8::1234"));
	(void)json_object_set_new(record, "wanted", wanted);
	status_read(record, NOW, &row);
	assert_true(strlen(row.addresses) < STATUS_TEXT_MAX);
	assert_string_equal(row.addresses + strlen(row.addresses) - 3, "...");
	json_decref(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_in_words),
		cmocka_unit_test(endless_lists_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
