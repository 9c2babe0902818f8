/* SPDX-License-Identifier: MIT */
#include "providers/apiitems.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void lists_come_in_many_shapes(void **state)
{
	static const struct {
		const char *json, *pointer;
		bool xml, absent_is_none;
		int rc;
		size_t n;
	} rows[] = {
		{"{\"l\":[1,2]}", "/l", false, false, 0, 2},
		{"{\"l\":{\"1\":{},\"2\":{}}}", "/l", false, false, 0, 2},
		{"{\"l\":{\"a\":1}}", "/l", false, false, -EBADMSG, 0},
		{"{\"l\":null}", "/l", false, false, 0, 0},
		{"{\"l\":\"\"}", "/l", false, false, -EBADMSG, 0},
		{"{}", "/l", false, false, -EBADMSG, 0},
		{"{}", "/l", false, true, 0, 0},
		{"{}", "", false, false, -EBADMSG, 0},
		{"7", NULL, false, false, 0, 1},
		/* of several the first that is one */
		{"{\"d\":[1,2]}", "/d/l /d", false, false, 0, 2},
		{"{\"d\":{\"l\":[1],\"n\":1}}", "/d/l /d", false, false, 0, 1},
		{"{\"d\":{\"l\":null,\"n\":0}}", "/d/l /d", false, false, 0, 0},
		{"{\"d\":{\"l\":\"x\",\"n\":0}}", "/d/l /d", false, false, -EBADMSG, 0},
		{"{\"d\":null}", "/d/l /d", false, false, 0, 0},
		{"{\"d\":{\"n\":0}}", "/d/l /d", false, false, -EBADMSG, 0},
		{"{}", "/d/l /d", false, false, -EBADMSG, 0},
		{"{}", "/d/l /d", false, true, 0, 0},
		/* an item alone is no array; a list of none is nothing, or an empty element */
		{"{\"r\":{\"l\":{\"a\":\"1\"}}}", "/r/l", true, false, 0, 1},
		{"{\"r\":{\"l\":\"x\"}}", "/r/l", true, false, 0, 1},
		{"{\"r\":{\"l\":[\"x\",\"y\"]}}", "/r/l", true, false, 0, 2},
		{"{\"r\":{\"l\":\"\"}}", "/r/l", true, false, 0, 0},
		{"{\"r\":\"\"}", "/r/l", true, false, 0, 0},
		{"{\"r\":{\"error\":\"x\"}}", "/r/l", true, false, -EBADMSG, 0},
		{"{\"r\":\"x\"}", "/r/l", true, false, -EBADMSG, 0},
		{"{\"x\":\"\"}", "/r/l", true, false, -EBADMSG, 0},
		{"{\"x\":\"\"}", "/l", true, false, -EBADMSG, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct service service = {.reply = rows[i].xml ? SERVICE_REPLY_XML
								     : SERVICE_REPLY_JSON};
		const struct recordapi api = {.service = &service,
					      .absent_is_none = rows[i].absent_is_none};
		const struct apitext text = {.api = &api};
		json_t *json = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
		struct apiitems items;

		assert_non_null(json);
		if (apiitems_look(&text, json, rows[i].pointer, &items) != rows[i].rc)
			fail_msg("row %zu is not %d", i, rows[i].rc);
		if (rows[i].rc == 0)
			assert_int_equal(items.n, rows[i].n);
		json_decref(json);
	}
}

static void what_is_true_is_a_word_in_xml(void **state)
{
	const struct apitext text = {0};
	json_t *json = json_loads("{\"a\":true,\"b\":\"true\",\"c\":false,\"d\":\"false\",\"e\":1}",
				  0, NULL);

	(void)state;
	assert_true(apiitems_is_true(&text, json, "/a"));
	assert_true(apiitems_is_true(&text, json, "/b"));
	assert_false(apiitems_is_true(&text, json, "/c"));
	assert_false(apiitems_is_true(&text, json, "/d"));
	assert_false(apiitems_is_true(&text, json, "/e"));
	assert_false(apiitems_is_true(&text, json, "/f"));
	assert_false(apiitems_is_true(&text, json, NULL));
	json_decref(json);
}

static void what_is_off_may_be_told_by_what_is_on(void **state)
{
	static const struct {
		const char *json;
		bool off;
	} rows[] = {
		{"{\"on\":false}", true},
		{"{\"on\":0}", true},
		{"{\"on\":\"0\"}", true},
		{"{\"on\":\"DISABLE\"}", true},
		{"{\"on\":\"disabled\"}", true},
		{"{\"off\":true,\"on\":true}", true},
		{"{\"on\":true}", false},
		{"{\"on\":1}", false},
		{"{\"on\":\"1\"}", false},
		{"{\"on\":\"ENABLE\"}", false},
		{"{\"on\":null}", false},
		{"{}", false},
		{"{\"off\":false,\"on\":1}", false},
		{"{\"on\":\"\"}", false},
	};
	const struct recordapi api = {.off = "/off", .on = "/on"};
	const struct apitext text = {.api = &api};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *json = json_loads(rows[i].json, 0, NULL);

		assert_non_null(json);
		if (apiitems_is_off(&text, json) != rows[i].off)
			fail_msg("%s is not %d", rows[i].json, rows[i].off);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_come_in_many_shapes),
		cmocka_unit_test(what_is_true_is_a_word_in_xml),
		cmocka_unit_test(what_is_off_may_be_told_by_what_is_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
