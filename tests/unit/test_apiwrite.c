/* SPDX-License-Identifier: MIT */
/* What is written beside what others have; whole conversations. */
#include "providers/apiwrite.c"

#include "tests/unit/apiturns.h"

#define B        APITURNS_HOST
#define N(turns) (sizeof(turns) / sizeof((turns)[0]))

static const struct recordapi records = {
	.who = "A",
	.rights = "rights",
	.find = {.request = "GET " B "f?{page}"},
	.find_list = "/l",
	.id = "/i",
	.value = "/a",
	.find_pages = {.size = 2},
	.create = {.request = "POST " B "r", .body = "{ip}"},
	.change = {.request = "PUT " B "r/{id}", .body = "{ip}<,{was:/note}>"},
	.remove = {.request = "DELETE " B "r/{id}"},
};

static const struct setting settings[] = {{0}};
static const struct provider provider = {.settings = settings};
static const char *const previous[] = {"192.0.2.9"};
static const struct wanted wanted = {.name = "a.example.org",
				     .addrs = {"192.0.2.1"},
				     .n_addrs = 1,
				     .previous = previous,
				     .n_previous = 1};
static const struct job job = {.provider = &provider, .wanted = &wanted, .n_wanted = 1};

static void play(const struct recordapi *api, const struct apiturns_turn *turns, size_t n,
		 enum verdict verdict)
{
	struct outcome outcome = {0};

	apiturns_play(api, &job, turns, n, &outcome);
	if (outcome.verdict != verdict)
		fail_msg("it is %s: %s", provider_verdict_name(outcome.verdict), outcome.why);
}

/* What was created counts, however much there is. */
static void one_is_created_where_there_is_no_room_for_more(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET f?1 ", 200,
		 "{\"l\":[{\"i\":1,\"a\":\"192.0.2.101\"},{\"i\":2,\"a\":\"192.0.2.102\"},"
		 "{\"i\":3,\"a\":\"192.0.2.103\"},{\"i\":4,\"a\":\"192.0.2.104\"},"
		 "{\"i\":5,\"a\":\"192.0.2.105\"},{\"i\":6,\"a\":\"192.0.2.106\"},"
		 "{\"i\":7,\"a\":\"192.0.2.107\"},{\"i\":8,\"a\":\"192.0.2.108\"},"
		 "{\"i\":9,\"a\":\"192.0.2.109\"},{\"i\":10,\"a\":\"192.0.2.110\"},"
		 "{\"i\":11,\"a\":\"192.0.2.111\"},{\"i\":12,\"a\":\"192.0.2.112\"},"
		 "{\"i\":13,\"a\":\"192.0.2.113\"},{\"i\":14,\"a\":\"192.0.2.114\"},"
		 "{\"i\":15,\"a\":\"192.0.2.115\"},{\"i\":16,\"a\":\"192.0.2.116\"}]}"},
		{"GET f?2 ", 200, "{\"l\":[]}"},
		{"POST r 192.0.2.1", 200, "{}"},
	};

	(void)state;
	play(&records, turns, N(turns), VERDICT_DONE);
}

/* Records move from page to page while they are read. */
static void a_record_on_two_pages_is_one(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET f?1 ", 200,
		 "{\"l\":[{\"i\":1,\"a\":\"192.0.2.7\"},{\"i\":2,\"a\":\"192.0.2.9\"}]}"},
		{"GET f?2 ", 200, "{\"l\":[{\"i\":2,\"a\":\"192.0.2.9\"}]}"},
		{"PUT r/2 192.0.2.1", 200, "{}"},
	};

	(void)state;
	play(&records, turns, N(turns), VERDICT_DONE);
}

/* It cannot be sent again, and is not to be lost. */
static void what_does_not_fit_is_not_changed(void **state)
{
	static char note[APIKEEP_MAX], body[APIKEEP_MAX + 100];
	const struct apiturns_turn turns[] = {{"GET f?1 ", 200, body}};

	(void)state;
	memset(note, 'x', sizeof(note) - 1);
	(void)snprintf(body, sizeof(body),
		       "{\"l\":[{\"i\":1,\"a\":\"192.0.2.9\",\"note\":\"%s\"}]}", note);
	play(&records, turns, N(turns), VERDICT_REFUSED_CONFIG);
}

static const struct recordapi sets = {
	.who = "A",
	.rights = "rights",
	.find = {.request = "GET " B "f"},
	.find_list = "/l",
	.list = "/v",
	.value = "",
	.element = "\"{ip}\"",
	.create = {.request = "POST " B "s", .body = "[{values}]"},
	.change = {.request = "PUT " B "s", .body = "[{values}]"},
	.remove = {.request = "DELETE " B "s"},
};

/* One for each view, line or region: what is in one of them is not to get into the other. */
static void of_several_sets_none_is_written(void **state)
{
	static const struct apiturns_turn several[] = {
		{"GET f ", 200, "{\"l\":[{\"v\":[\"192.0.2.7\"]},{\"v\":[\"192.0.2.9\"]}]}"}};
	static const struct apiturns_turn one[] = {
		{"GET f ", 200, "{\"l\":[{\"v\":[\"192.0.2.7\",\"192.0.2.9\"]}]}"},
		{"PUT s [\"192.0.2.7\",\"192.0.2.1\"]", 200, "{}"}};

	(void)state;
	play(&sets, several, N(several), VERDICT_REFUSED_CONFIG);
	play(&sets, one, N(one), VERDICT_DONE);
}

static const struct recordapi bare = {
	.who = "A",
	.rights = "rights",
	.find = {.request = "GET " B "f?{page}"},
	.find_list = "/l",
	.none_is_404 = true,
	.find_pages = {.size = 1},
	.read = {.request = "GET " B "r/{id}"},
	.id = "/i",
	.value = "/a",
	.create = {.request = "POST " B "r", .body = "{ip}"},
	.remove = {.request = "DELETE " B "r/{id}"},
};

/* Behind the last page there is nothing, but what was before it. */
static void ids_before_a_page_that_is_not_there_are_read(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET f?1 ", 200, "{\"l\":[5]}"},
		{"GET f?2 ", 404, "{}"},
		{"GET r/5 ", 200, "{\"i\":5,\"a\":\"192.0.2.1\"}"},
	};

	(void)state;
	play(&bare, turns, N(turns), VERDICT_UNCHANGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_created_where_there_is_no_room_for_more),
		cmocka_unit_test(a_record_on_two_pages_is_one),
		cmocka_unit_test(what_does_not_fit_is_not_changed),
		cmocka_unit_test(of_several_sets_none_is_written),
		cmocka_unit_test(ids_before_a_page_that_is_not_there_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
