/* SPDX-License-Identifier: MIT */
#include "update/daemon/describe.c"

#include <string.h>
#include <unistd.h>

#include "tests/unit/stage.h"

static const struct describe_clock at = {.now = 100000, .wall = INT64_C(1795305600000)};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	assert_non_null(text);
	return text;
}

static const json_t *first(const json_t *object, const char *key)
{
	const json_t *item = json_array_get(json_object_get(object, key), 0);

	assert_non_null(item);
	return item;
}

/* All parts together. */
static json_t *status_json(const struct engine *engine, bool ready)
{
	struct buf text;
	size_t cursor = 0;
	json_t *json;

	buf_init(&text, (size_t)16 << 20);
	do
		describe_status(engine, ready, at, &cursor, &text);
	while (cursor > 0);
	json = json_loadb(text.text, text.len, 0, NULL);
	assert_non_null(json);
	buf_done(&text);
	return json;
}

static void status_has_what_the_command_reads(void **state)
{
	static const char *const keys[] = {
		"name",      "type",        "provider",     "source",        "state",    "wanted",
		"confirmed", "changed",     "confirmed_at", "next",          "failures", "verdict",
		"why",       "reaction_ms", "failing",      "pending_since",
	};
	struct stage *stage = stage_new(&local);
	const json_t *record, *source;
	json_t *json;

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, 40000);
	settle(stage, 40000 + SETTLE_MS);
	json = status_json(stage->engine, true);
	assert_string_equal(text_of(json, "version"), VERSION);
	assert_int_equal(json_integer_value(json_object_get(json, "uptime")), 100);
	assert_true(json_is_true(json_object_get(json, "ready")));
	source = first(json, "sources");
	assert_string_equal(text_of(source, "name"), "wan0");
	assert_string_equal(text_of(source, "family"), "ipv4");
	assert_string_equal(text_of(source, "address"), "203.0.113.5");
	assert_string_equal(text_of(source, "interface"), "wan0");
	assert_true(json_is_true(json_object_get(source, "ready")));
	record = first(json, "records");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_non_null(json_object_get(record, keys[i]));
	assert_string_equal(text_of(record, "state"), "confirmed");
	assert_string_equal(text_of(record, "verdict"), "done");
	assert_string_equal(text_of(record, "confirmed_at"), "2026-11-21T23:59:00Z");
	assert_string_equal(json_string_value(first(record, "confirmed")), "203.0.113.5");
	assert_int_equal(json_integer_value(json_object_get(record, "reaction_ms")), SETTLE_MS);
	json_decref(json);
	stage_free(stage);
}

static void what_is_not_known_is_null(void **state)
{
	struct stage *stage = stage_new(&local);
	json_t *json = status_json(stage->engine, false);
	const json_t *record = first(json, "records");

	(void)state;
	assert_true(json_is_null(json_object_get(record, "next")));
	assert_true(json_is_null(json_object_get(record, "verdict")));
	assert_true(json_is_null(json_object_get(record, "pending_since")));
	assert_true(json_is_false(json_object_get(record, "failing")));
	assert_true(json_is_null(json_object_get(record, "confirmed_at")));
	assert_true(json_is_null(json_object_get(record, "reaction_ms")));
	assert_int_equal(json_array_size(json_object_get(record, "confirmed")), 0);
	assert_true(json_is_null(json_object_get(first(json, "sources"), "address")));
	json_decref(json);
	stage_free(stage);
}

static void snapshot_tells_links_and_choices(void **state)
{
	struct stage *stage = stage_new(&local);
	struct belief *belief = NULL;
	json_t *json, *link;

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	link = link_json(stage->link);
	assert_string_equal(text_of(link, "name"), "wan0");
	assert_string_equal(text_of(first(link, "addresses"), "address"), "203.0.113.5");
	assert_int_equal(
		json_integer_value(json_object_get(
			json_object_get(json_object_get(link, "routes"), "ipv4"), "error")),
		0);
	json_decref(link);
	assert_int_equal(belief_open(1000, &belief), 0);
	json = describe_snapshot(stage->engine, belief);
	assert_string_equal(text_of(first(json, "choices"), "source"), "wan0");
	assert_string_equal(json_string_value(first(first(json, "choices"), "addresses")),
			    "203.0.113.5");
	assert_true(json_is_array(json_object_get(json, "links")));
	json_decref(json);
	belief_close(belief);
	stage_free(stage);
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
	struct stage *stage = stage_new(&local);
	struct source *source = &stage->engine->sources->list[0];
	struct belief *belief = NULL;
	json_t *json;

	(void)state;
	source->read = true;
	snprintf(source->now.interface, sizeof(source->now.interface), "wan\xff");
	snprintf(source->now.why, sizeof(source->now.why), "wan\xff is down");
	source->published = source->now;
	record_of(stage, 0)->why = "wan\xff is down";
	json = status_json(stage->engine, true);
	assert_string_equal(text_of(first(json, "sources"), "interface"), "wan\xef\xbf\xbd");
	assert_string_equal(text_of(first(json, "sources"), "why"), "wan\xef\xbf\xbd is down");
	assert_string_equal(text_of(first(json, "records"), "why"), "wan\xef\xbf\xbd is down");
	json_decref(json);
	assert_int_equal(belief_open(1000, &belief), 0);
	json = describe_snapshot(stage->engine, belief);
	assert_string_equal(text_of(first(json, "choices"), "interface"), "wan\xef\xbf\xbd");
	json_decref(json);
	snprintf(stage->link->name, sizeof(stage->link->name), "wan\xff");
	json = link_json(stage->link);
	assert_string_equal(text_of(json, "name"), "wan\xef\xbf\xbd");
	json_decref(json);
	belief_close(belief);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_has_what_the_command_reads),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(snapshot_tells_links_and_choices),
		cmocka_unit_test(bytes_that_are_no_text_are_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
