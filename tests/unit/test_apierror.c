/* SPDX-License-Identifier: MIT */
/* What goes wrong with a record API, and for whom; whole conversations. */
#include "providers/apierror.c"

#include "tests/unit/apiturns.h"

#define B        APITURNS_HOST
#define N(turns) (sizeof(turns) / sizeof((turns)[0]))

static const struct recordapi api = {
	.who = "A",
	.rights = "rights",
	.login = {{.request = "POST " B "login", .body = "{key}", .take = "session /session"}},
	.find = {.request = "GET " B "f/{name}"},
	.find_list = "/l",
	.id = "/i",
	.value = "/a",
	.create = {.request = "POST " B "r", .body = "{ip}"},
	.remove = {.request = "DELETE " B "r/{id}"},
	.error_text = "/words",
};

static const struct setting settings[] = {
	{.name = "key", .type = SETTING_SECRET}, {.name = "user", .type = SETTING_TEXT}, {0}};
static const struct provider provider = {.settings = settings};
static const struct value values[] = {{"key", "Sesame42"}, {"user", "anna"}, {"md5:key", "d1ge57"}};
static const struct wanted wanted[] = {
	{.name = "a.example.org", .addrs = {"192.0.2.1"}, .n_addrs = 1},
	{.name = "b.example.org", .addrs = {"192.0.2.1"}, .n_addrs = 1},
};
static const struct job job = {
	.provider = &provider, .values = values, .n_values = 3, .wanted = wanted, .n_wanted = 2};

/* Whoever tries a password again and again is locked out. */
static void a_login_fails_for_all(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum verdict verdict;
	} rows[] = {
		{400, "{}", VERDICT_REFUSED_CONFIG},
		{403, "{}", VERDICT_REFUSED_AUTH},
		{404, "{}", VERDICT_REFUSED_NAME},
		{200, "{}", VERDICT_RETRY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct apiturns_turn turn = {"POST login Sesame42", rows[i].status,
						   rows[i].body};
		struct outcome outcomes[2] = {0};

		apiturns_play(&api, &job, &turn, 1, outcomes);
		assert_int_equal(outcomes[0].verdict, rows[i].verdict);
		assert_int_equal(outcomes[1].verdict, rows[i].verdict);
	}
}

/* It passes: the record is looked at again, and the others are not held up. */
static void what_is_in_conflict_passes(void **state)
{
	static const int statuses[] = {409, 412, 423};

	(void)state;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		const struct apiturns_turn turns[] = {
			{"POST login Sesame42", 200, "{\"session\":\"token-1\"}"},
			{"GET f/a.example.org ", statuses[i], "{}"},
			{"GET f/b.example.org ", 401, "{}"},
		};
		struct outcome outcomes[2] = {0};

		apiturns_play(&api, &job, turns, N(turns), outcomes);
		assert_int_equal(outcomes[0].verdict, VERDICT_RETRY);
		assert_int_equal(outcomes[1].verdict, VERDICT_REFUSED_AUTH);
	}
}

static void its_words_tell_no_secret(void **state)
{
	static const struct {
		const char *body;
		bool told;
	} rows[] = {
		{"{\"words\":\"anna may not\"}", true},
		{"{\"words\":\"bad key sesame42 of anna\"}", false},
		{"{\"words\":\"Sesame\"}", false},
		{"{\"words\":\"no session t0ken7-of-16-chars\"}", false},
		{"{\"words\":\"d1ge57 is no digest\"}", false},
		{"{\"words\":\"a text that is as long as it is only so that at its end, where it "
		 "is "
		 "cut, there is Sesame42\"}",
		 false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct apiturns_turn turns[] = {
			{"POST login Sesame42", 200, "{\"session\":\"t0ken7-of-16-chars\"}"},
			{"GET f/a.example.org ", 401, rows[i].body},
		};
		struct outcome outcomes[2] = {0};

		apiturns_play(&api, &job, turns, N(turns), outcomes);
		assert_int_equal(outcomes[1].verdict, VERDICT_REFUSED_AUTH);
		assert_int_equal(strstr(outcomes[0].why, "not accepted") == NULL, rows[i].told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_fails_for_all),
		cmocka_unit_test(what_is_in_conflict_passes),
		cmocka_unit_test(its_words_tell_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
