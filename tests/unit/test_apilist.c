/* SPDX-License-Identifier: MIT */
#include "providers/apilist.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct provider provider = {.name = "a"};
static const struct wanted wanted = {.name = "a.b.example.org"};
static const struct job job = {.provider = &provider, .wanted = &wanted, .n_wanted = 1};

static json_t *load(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(json);
	return json;
}

static void the_nearest_zone_of_a_list_is_taken(void **state)
{
	static const struct {
		const char *json;
		bool parents;
		int rc;
		const char *id;
	} rows[] = {
		{"[{\"n\":\"org\",\"i\":1},{\"n\":\"b.example.org.\",\"i\":2},"
		 "{\"n\":\"example.org\",\"i\":3}]",
		 true, 0, "2"},
		{"[{\"n\":\"example.org\",\"i\":3},{\"n\":\"xb.example.org\",\"i\":2}]", true, 0,
		 "3"},
		{"[{\"n\":\"example.org\",\"i\":\"/zones/Z1\"}]", true, 0, "Z1"},
		{"[{\"n\":\"example.org\",\"i\":\"/zones/\"}]", true, -EBADMSG, NULL},
		{"[{\"n\":\"example.org\",\"i\":3}]", false, -ENOENT, NULL},
		{"{\"z\":{\"n\":\"a.b.example.org\",\"i\":4}}", false, 0, "4"},
		{"{}", true, -EBADMSG, NULL},
		{"7", true, -EBADMSG, NULL},
		{"null", true, -ENOENT, NULL},
	};
	const struct recordapi api = {.zone_list = "", .zone_name = "/n", .zone_id = "/i"};
	const struct apitext text = {.api = &api, .job = &job, .wanted = &wanted};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct apilist_zone search = {.name = wanted.name, .parents = rows[i].parents};
		json_t *json = load(rows[i].json);
		char id[APISET_ID_MAX];
		unsigned ttl;
		int rc = apilist_zone(&text, json, &search);

		if (rc == 0)
			rc = apilist_zone_id(&text, &search, id, &ttl);
		if (rc != rows[i].rc)
			fail_msg("row %zu is %d", i, rc);
		if (rows[i].id)
			assert_string_equal(id, rows[i].id);
		json_decref(json);
	}
}

static void an_alias_of_the_name_is_seen(void **state)
{
	static const struct {
		const char *json;
		bool alias;
	} rows[] = {
		{"[{\"n\":\"a\",\"t\":\"CNAME\",\"v\":\"b.example.org.\",\"i\":1}]", true},
		{"[{\"n\":\"b\",\"t\":\"CNAME\",\"v\":\"a.example.org.\",\"i\":1}]", false},
		{"[{\"n\":\"a\",\"t\":\"TXT\",\"v\":\"CNAME\",\"i\":1}]", false},
		{"[{\"n\":\"a\",\"t\":\"A\",\"v\":\"192.0.2.1\",\"i\":1}]", false},
	};
	static const struct wanted a = {.name = "a.example.org"};
	const struct recordapi api = {.find_list = "",
				      .name = "/n",
				      .naming = RECORDAPI_IN_ZONE,
				      .type = "/t",
				      .value = "/v",
				      .id = "/i"};
	const struct apitext text = {
		.api = &api, .job = &job, .wanted = &a, .zone = a.name + strlen("a.")};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct apiset set = {0};
		struct apikeep keep = {0};
		json_t *json = load(rows[i].json);

		assert_int_equal(apilist_addresses(&text, json, &set, &keep), 0);
		assert_int_equal(set.alias, rows[i].alias);
		json_decref(json);
	}
}

static void names_are_whole_or_relative_or_either(void **state)
{
	static const struct {
		const char *json;
		bool is[RECORDAPI_EITHER + 1];
	} rows[] = {
		{"[{\"n\":\"a\",\"v\":\"192.0.2.1\"}]", {false, true, true}},
		{"[{\"n\":\"a.example.org.\",\"v\":\"192.0.2.1\"}]", {true, false, true}},
		{"[{\"n\":\"example.org\",\"v\":\"192.0.2.1\"}]", {false, false, false}},
		{"[{\"n\":\"@\",\"v\":\"192.0.2.1\"}]", {false, false, false}},
	};
	static const struct wanted a = {.name = "a.example.org"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * (RECORDAPI_EITHER + 1); i++) {
		enum recordapi_naming naming = i % (RECORDAPI_EITHER + 1);
		const struct recordapi api = {
			.find_list = "", .name = "/n", .naming = naming, .value = "/v"};
		const struct apitext text = {
			.api = &api, .job = &job, .wanted = &a, .zone = a.name + strlen("a.")};
		struct apiset set = {0};
		struct apikeep keep = {0};
		json_t *json = load(rows[i / (RECORDAPI_EITHER + 1)].json);

		assert_int_equal(apilist_addresses(&text, json, &set, &keep), 0);
		assert_int_equal(set.n, rows[i / (RECORDAPI_EITHER + 1)].is[naming]);
		json_decref(json);
	}
}

static void another_name_in_unicode_is_not_ours(void **state)
{
	static const struct wanted idn = {.name = "xn--bcher-kva.example.org"};
	static const struct recordapi api = {.find_list = "", .name = "/n", .value = "/v"};
	const struct apitext text = {.api = &api,
				     .job = &job,
				     .wanted = &idn,
				     .zone = idn.name + strlen("xn--bcher-kva.")};
	struct apiset set = {0};
	struct apikeep keep = {0};
	json_t *json = load("[{\"n\":\"m\\u00fcnchen.example.org\",\"v\":\"192.0.2.1\"},"
			    "{\"n\":\"b\\u00fccher.example.org.\",\"v\":\"192.0.2.2\"}]");

	(void)state;
	assert_int_equal(apilist_addresses(&text, json, &set, &keep), 0);
	assert_int_equal(set.n, 1);
	assert_true(apiset_has(&set, "192.0.2.2"));
	json_decref(json);
}

static const struct recordapi bare = {.find_list = "",
				      .id = "/id",
				      .name = "/n",
				      .type = "/t",
				      .value = "/v",
				      .read = {.request = "GET https://a.example/{id}"}};

static void bare_ids_are_kept_up_to_a_cap(void **state)
{
	static const struct {
		const char *json;
		int rc;
		unsigned n;
	} rows[] = {
		{"[]", 0, 0},
		{"[7,\"x\"]", 0, 2},
		{"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]", 0, 16},
		{"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", -ENOSPC, 16},
		{"[{\"id\":7}]", -EBADMSG, 0},
		{"[null]", -EBADMSG, 0},
		{"[\".\"]", -EBADMSG, 0},
		{"[\"..\"]", -EBADMSG, 0},
		{"{}", -EBADMSG, 0},
	};
	const struct apitext text = {.api = &bare, .job = &job, .wanted = &wanted};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct apikeep keep = {0};
		json_t *json = load(rows[i].json);
		unsigned n = 0;

		if (apilist_ids(&text, json, &keep, &n) != rows[i].rc || n != rows[i].n)
			fail_msg("row %zu has %u", i, n);
		if (n == 2)
			assert_string_equal(apikeep_get(&keep, APIKEEP_ID, 1, (struct span){"", 0}),
					    "x");
		json_decref(json);
	}
}

static void a_record_read_alone_has_the_id_that_was_asked_for(void **state)
{
	static const struct {
		const char *json;
		int rc;
		size_t n;
	} rows[] = {
		{"{\"id\":7,\"n\":\"a.b.example.org\",\"t\":\"A\",\"v\":\"192.0.2.1\"}", 0, 1},
		{"{\"id\":7,\"n\":\"c.b.example.org\",\"t\":\"A\",\"v\":\"192.0.2.1\"}", 0, 0},
		{"{\"id\":7,\"n\":\"a.b.example.org\",\"t\":\"AAAA\",\"v\":\"::1\"}", 0, 0},
		{"{\"id\":8,\"n\":\"a.b.example.org\",\"t\":\"A\",\"v\":\"192.0.2.1\"}", -EBADMSG,
		 0},
		{"{}", -EBADMSG, 0},
	};
	const struct apitext text = {
		.api = &bare, .job = &job, .wanted = &wanted, .zone = "example.org", .id = "7"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct apikeep keep = {0};
		struct apiset set = {0};
		json_t *json = load(rows[i].json);

		if (apilist_record(&text, json, &set, &keep) != rows[i].rc || set.n != rows[i].n)
			fail_msg("row %zu has %zu", i, set.n);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_zone_of_a_list_is_taken),
		cmocka_unit_test(an_alias_of_the_name_is_seen),
		cmocka_unit_test(names_are_whole_or_relative_or_either),
		cmocka_unit_test(another_name_in_unicode_is_not_ours),
		cmocka_unit_test(bare_ids_are_kept_up_to_a_cap),
		cmocka_unit_test(a_record_read_alone_has_the_id_that_was_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
