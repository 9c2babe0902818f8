/* SPDX-License-Identifier: MIT */
/* The owner's mark of a name; what every API with marks does is played by test_recordapi. */
#include "providers/apimark.c"

#include "tests/unit/apiturns.h"

#define B        APITURNS_HOST
#define N(turns) (sizeof(turns) / sizeof((turns)[0]))
#define LONG     "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01."

static const struct recordapi records = {
	.who = "A",
	.rights = "rights",
	.find = {.request = "GET " B "f/{name}/{type}?{page}"},
	.find_list = "/l",
	.txt = RECORDAPI_TXT_PLAIN,
	.id = "/i",
	.value = "/a",
	.find_pages = {.more = "/more"},
	.create = {.request = "POST " B "r/{name}/{type}", .body = "{ip}"},
	.remove = {.request = "DELETE " B "r/{id}"},
};

static const struct recordapi sets = {
	.who = "A",
	.rights = "rights",
	.find = {.request = "GET " B "f/{name}/{type}"},
	.none_is_404 = true,
	.txt = RECORDAPI_TXT_QUOTED,
	.list = "/v",
	.value = "",
	.element = "\"{ip}\"",
	.create = {.request = "PUT " B "s/{name}/{type}", .body = "[{values}]"},
	.remove = {.request = "DELETE " B "s/{name}/{type}"},
};

static const struct setting settings[] = {{.name = "owner"}, RECORDAPI_SETTINGS, {0}};
static const struct provider provider = {.settings = settings};
static const struct value home[] = {{"owner", "home"}, {"create", "no"}};

static const char *const nine[] = {"192.0.2.9"};
static const struct wanted deleted = {.name = "a.example", .previous = nine, .n_previous = 1};
static const struct wanted created = {.name = "a.example", .addrs = {"192.0.2.1"}, .n_addrs = 1};

static void play(const struct recordapi *api, const struct wanted *wanted, size_t n_values,
		 const struct apiturns_turn *turns, size_t n, enum verdict verdict)
{
	const struct job job = {.provider = &provider,
				.values = home,
				.n_values = n_values,
				.wanted = wanted,
				.n_wanted = 1};
	struct outcome outcome = {0};

	apiturns_play(api, &job, turns, n, &outcome);
	if (outcome.verdict != verdict)
		fail_msg("%d: %s", outcome.verdict, outcome.why);
}

/* They would be ours by it. */
static void others_of_the_other_type_keep_a_name_from_its_mark(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET f/a.example/A?1 ", 200, "{\"l\":[]}"},
		{"GET f/_nlddns.a.example/TXT?1 ", 200, "{\"l\":[]}"},
		{"GET f/a.example/AAAA?1 ", 200,
		 "{\"l\":[{\"i\":1,\"a\":\"2001:db8::7\"},{\"i\":2,\"a\":\"2001:db8::8\"}]}"},
		{"POST r/a.example/A 192.0.2.1", 200, "{}"},
	};

	(void)state;
	play(&records, &created, 1, turns, N(turns), VERDICT_DONE);
}

static void a_mark_stays_while_the_other_type_does(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET f/a.example/A?1 ", 200, "{\"l\":[{\"i\":1,\"a\":\"192.0.2.9\"}]}"},
		{"GET f/_nlddns.a.example/TXT?1 ", 200,
		 "{\"l\":[{\"i\":5,\"a\":\"v=spf1\"}],\"more\":true}"},
		{"GET f/_nlddns.a.example/TXT?2 ", 200, "{\"l\":[{\"i\":6,\"a\":\"owner=home\"}]}"},
		{"DELETE r/1 ", 200, "{}"},
		{"GET f/a.example/AAAA?1 ", 200, "{\"l\":[{\"i\":3,\"a\":\"2001:db8::7\"}]}"},
	};

	(void)state;
	play(&records, &deleted, 1, turns, N(turns), VERDICT_DONE);
}

static void a_mark_on_the_second_page_goes_with_the_last_address(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET f/a.example/A?1 ", 200, "{\"l\":[{\"i\":1,\"a\":\"192.0.2.7\"}]}"},
		{"GET f/_nlddns.a.example/TXT?1 ", 200,
		 "{\"l\":[{\"i\":5,\"a\":\"v=spf1\"}],\"more\":true}"},
		{"GET f/_nlddns.a.example/TXT?2 ", 200,
		 "{\"l\":[{\"i\":6,\"a\":\"\\\"owner=home\\\"\"}]}"},
		{"DELETE r/1 ", 200, "{}"},
		{"GET f/a.example/AAAA?1 ", 200, "{\"l\":[]}"},
		{"DELETE r/6 ", 200, "{}"},
	};

	(void)state;
	play(&records, &deleted, 1, turns, N(turns), VERDICT_DONE);
}

/* A set is written as a whole. */
static void other_texts_in_its_place_are_kept(void **state)
{
	static const struct apiturns_turn made[] = {
		{"GET f/a.example/A ", 404, "{}"},
		{"GET f/_nlddns.a.example/TXT ", 200, "{\"v\":[\"\\\"x\\\"\"]}"},
		{"GET f/a.example/AAAA ", 404, "{}"},
		{"PUT s/a.example/A [\"192.0.2.1\"]", 200, "{}"},
	};
	static const struct apiturns_turn removed[] = {
		{"GET f/a.example/A ", 200, "{\"v\":[\"192.0.2.9\"]}"},
		{"GET f/_nlddns.a.example/TXT ", 200,
		 "{\"v\":[\"\\\"x\\\"\",\"\\\"owner=home\\\"\"]}"},
		{"DELETE s/a.example/A ", 200, "{}"},
		{"GET f/a.example/AAAA ", 404, "{}"},
	};
	static const struct apiturns_turn alone[] = {
		{"GET f/a.example/A ", 404, "{}"},
		{"GET f/_nlddns.a.example/TXT ", 404, "{}"},
		{"GET f/a.example/AAAA ", 404, "{}"},
		{"PUT s/_nlddns.a.example/TXT [\"\\\"owner=home\\\"\"]", 200, "{}"},
		{"PUT s/a.example/A [\"192.0.2.1\"]", 200, "{}"},
	};

	(void)state;
	play(&sets, &created, 1, made, N(made), VERDICT_DONE);
	play(&sets, &deleted, 1, removed, N(removed), VERDICT_DONE);
	play(&sets, &created, 1, alone, N(alone), VERDICT_DONE);
}

/* An alias has no addresses of its own. */
static void what_has_no_values_is_there_all_the_same(void **state)
{
	static const struct apiturns_turn made[] = {
		{"GET f/a.example/A ", 200, "{\"l\":[]}"},
		{"GET f/_nlddns.a.example/TXT ", 200, "{\"l\":[]}"},
		{"GET f/a.example/AAAA ", 200, "{\"l\":[{\"alias\":\"b.example\"}]}"},
		{"PUT s/_nlddns.a.example/TXT [\"\\\"owner=home\\\"\"]", 200, "{}"},
		{"PUT s/a.example/A [\"192.0.2.1\"]", 200, "{}"},
	};
	static const struct apiturns_turn removed[] = {
		{"GET f/a.example/A ", 200, "{\"l\":[{\"v\":[\"192.0.2.9\"]}]}"},
		{"GET f/_nlddns.a.example/TXT ", 200, "{\"l\":[{\"v\":[\"\\\"owner=home\\\"\"]}]}"},
		{"DELETE s/a.example/A ", 200, "{}"},
		{"GET f/a.example/AAAA ", 200, "{\"l\":[{\"alias\":\"b.example\"}]}"},
	};
	struct recordapi api = sets;

	(void)state;
	api.find_list = "/l";
	api.list = "/v";
	play(&api, &created, 1, made, N(made), VERDICT_DONE);
	play(&api, &deleted, 1, removed, N(removed), VERDICT_DONE);
}

static void what_is_not_to_be_created_has_no_mark(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET f/a.example/A?1 ", 200, "{\"l\":[{\"i\":1,\"a\":\"192.0.2.9\"}]}"},
		{"GET f/_nlddns.a.example/TXT?1 ", 200, "{\"l\":[]}"},
		{"POST r/a.example/A 192.0.2.1", 200, "{}"},
		{"DELETE r/1 ", 200, "{}"},
	};

	(void)state;
	play(&records, &created, 2, turns, N(turns), VERDICT_DONE);
}

static void a_name_may_be_too_long_for_its_mark(void **state)
{
	static const struct wanted wanted = {.name = LONG LONG LONG "abcdefghijklmnopqrstuvwxyz0123"
								    ".abcdefghij.abcde.example",
					     .addrs = {"192.0.2.1"},
					     .n_addrs = 1};
	const struct recordapi api = {.who = "A",
				      .find = {.request = "GET " B "f"},
				      .find_list = "/l",
				      .txt = RECORDAPI_TXT_PLAIN,
				      .id = "/i",
				      .value = "/a"};
	const struct apiturns_turn turns[] = {{"GET f ", 200, "{\"l\":[]}"}};

	(void)state;
	assert_in_range(strlen(wanted.name), 246, 253);
	play(&api, &wanted, 1, turns, N(turns), VERDICT_REFUSED_CONFIG);
}

/* A batch would put the addresses together, behind all marks or before them. */
static void names_with_marks_are_written_one_by_one(void **state)
{
	static const struct wanted wanted[] = {
		{.name = "a.example", .addrs = {"192.0.2.1"}, .n_addrs = 1},
		{.name = "b.example", .addrs = {"192.0.2.1"}, .n_addrs = 1},
	};
	static const struct apiturns_turn turns[] = {
		{"GET f/a.example/A ", 404, "{}"},
		{"GET f/_nlddns.a.example/TXT ", 200, "{\"v\":[\"owner=home\"]}"},
		{"PUT s/a.example/A [\"192.0.2.1\"]", 200, "{}"},
		{"GET f/b.example/A ", 404, "{}"},
		{"GET f/_nlddns.b.example/TXT ", 200, "{\"v\":[\"owner=home\"]}"},
		{"PUT s/b.example/A [\"192.0.2.1\"]", 200, "{}"},
	};
	const struct job job = {.provider = &provider,
				.values = home,
				.n_values = 1,
				.wanted = wanted,
				.n_wanted = 2};
	struct recordapi api = sets;
	struct outcome outcomes[2] = {0};

	(void)state;
	api.batch = (struct recordapi_call){.request = "PUT " B "b", .body = "[{items}]"};
	api.batch_change = "\"{name}\"";
	api.batch_remove = "\"{name}\"";
	apiturns_play(&api, &job, turns, N(turns), outcomes);
	assert_int_equal(outcomes[1].verdict, VERDICT_DONE);
}

static void settings_fit_a_mark(void **state)
{
	static const struct {
		const char *owner, *shared, *wrong;
		enum recordapi_txt txt;
	} rows[] = {
		{"home-2_a.b", NULL, NULL, RECORDAPI_TXT_PLAIN},
		{"home", "no", NULL, RECORDAPI_TXT_QUOTED},
		{"home", "yes", "shared", RECORDAPI_TXT_QUOTED},
		{"my home", NULL, "owner", RECORDAPI_TXT_PLAIN},
		{"\"", NULL, "owner", RECORDAPI_TXT_PLAIN},
		{LONG, NULL, "owner", RECORDAPI_TXT_PLAIN},
		/* a comment may be any text */
		{"my home", "yes", NULL, RECORDAPI_TXT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct recordapi api = {.txt = rows[i].txt};
		const struct service service = {.api = &api};
		const struct provider file = {.service = &service};
		const struct value values[] = {{"owner", rows[i].owner},
					       {"shared", rows[i].shared}};
		const struct job job = {
			.provider = &file, .values = values, .n_values = rows[i].shared ? 2 : 1};
		char why[SERVICE_WHY_MAX] = "";
		const char *key = apimark_check(&job, why);

		if ((key == NULL) != (rows[i].wrong == NULL) ||
		    (key != NULL && strcmp(key, rows[i].wrong) != 0))
			fail_msg("row %zu: %s %s", i, key != NULL ? key : "nothing", why);
		assert_int_equal(key == NULL, why[0] == '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_of_the_other_type_keep_a_name_from_its_mark),
		cmocka_unit_test(a_mark_stays_while_the_other_type_does),
		cmocka_unit_test(a_mark_on_the_second_page_goes_with_the_last_address),
		cmocka_unit_test(other_texts_in_its_place_are_kept),
		cmocka_unit_test(what_has_no_values_is_there_all_the_same),
		cmocka_unit_test(what_is_not_to_be_created_has_no_mark),
		cmocka_unit_test(a_name_may_be_too_long_for_its_mark),
		cmocka_unit_test(names_with_marks_are_written_one_by_one),
		cmocka_unit_test(settings_fit_a_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
