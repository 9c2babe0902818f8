/* SPDX-License-Identifier: MIT */
/* Several names of one zone are written by one request; the whole conversation. */
#include "providers/apibatch.c"

#include "tests/unit/apiturns.h"

#define FIND "{\"l\":[{\"i\":1,\"a\":\"192.0.2.9\"}]}"
#define NONE "{\"l\":[]}"
#define B    APITURNS_HOST

static const struct recordapi api = {
	.who = "A",
	.rights = "rights",
	.zone = {.request = "GET " B "z/{zone}"},
	.find = {.request = "GET " B "f/{name}"},
	.find_list = "/l",
	.id = "/i",
	.value = "/a",
	.create = {.request = "POST " B "c/{name}"},
	.change = {.request = "PUT " B "r/{id}", .body = "{ip}"},
	.remove = {.request = "DELETE " B "r/{id}"},
	.batch = {.request = "POST " B "b/{zone}",
		  .body = "{\"all\":[{items}],\"new\":[{creates}],\"old\":[{changes}{removes}]}"},
	.batch_create = "[\"{name}\"]",
	.batch_change = "[{id}]",
	.batch_remove = "[-{id}]",
};

static const struct setting settings[] = {{0}};
static const struct provider provider = {.settings = settings};
static const struct wanted wanted[] = {
	{.name = "a.example.org", .addrs = {"192.0.2.1"}, .n_addrs = 1},
	{.name = "b.example.org", .addrs = {"192.0.2.1"}, .n_addrs = 1},
	{.name = "c.example.org", .addrs = {"192.0.2.9"}, .n_addrs = 1},
};
static const struct job job = {.provider = &provider, .wanted = wanted, .n_wanted = 3};

#define LOOKED                                                                          \
	{"GET z/a.example.org ", 404, ""}, {"GET z/example.org ", 200, "{}"},           \
		{"GET f/a.example.org ", 200, FIND}, {"GET z/b.example.org ", 404, ""}, \
		{"GET f/b.example.org ", 200, NONE}, {"GET z/c.example.org ", 404, ""}, \
	{                                                                               \
		"GET f/c.example.org ", 200, FIND                                       \
	}
#define BATCH                                                                                  \
	"POST b/example.org {\"all\":[[\"b.example.org\"],[1]],\"new\":[[\"b.example.org\"]]," \
	"\"old\":[[1]]}"
#define N(turns) (sizeof(turns) / sizeof((turns)[0]))

static void they_go_in_one_request(void **state)
{
	static const struct apiturns_turn turns[] = {LOOKED, {BATCH, 200, "{}"}};
	struct outcome outcomes[3] = {0};

	(void)state;
	apiturns_play(&api, &job, turns, N(turns), outcomes);
	assert_int_equal(outcomes[0].verdict, VERDICT_DONE);
	assert_int_equal(outcomes[1].verdict, VERDICT_DONE);
	assert_int_equal(outcomes[2].verdict, VERDICT_UNCHANGED);
}

static void a_refusal_leaves_each_to_itself(void **state)
{
	static const struct apiturns_turn turns[] = {
		LOOKED,
		{BATCH, 400, "{}"},
		{"GET f/a.example.org ", 200, FIND},
		{"PUT r/1 192.0.2.1", 200, "{}"},
		{"GET z/b.example.org ", 404, ""},
		{"GET f/b.example.org ", 200, NONE},
		{"POST c/b.example.org ", 400, "{}"},
	};
	struct outcome outcomes[3] = {0};

	(void)state;
	apiturns_play(&api, &job, turns, N(turns), outcomes);
	assert_int_equal(outcomes[0].verdict, VERDICT_DONE);
	assert_int_equal(outcomes[1].verdict, VERDICT_REFUSED_CONFIG);
}

static void a_failure_is_that_of_all(void **state)
{
	static const struct apiturns_turn turns[] = {LOOKED, {BATCH, 503, ""}};
	struct outcome outcomes[3] = {0};

	(void)state;
	apiturns_play(&api, &job, turns, N(turns), outcomes);
	assert_int_equal(outcomes[0].verdict, VERDICT_RETRY);
	assert_int_equal(outcomes[1].verdict, VERDICT_RETRY);
	assert_int_equal(outcomes[2].verdict, VERDICT_UNCHANGED);
}

static void nothing_more_is_sent_once_it_is_too_often(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET z/a.example.org ", 404, ""},   {"GET z/example.org ", 200, "{}"},
		{"GET f/a.example.org ", 200, FIND}, {"GET z/b.example.org ", 404, ""},
		{"GET f/b.example.org ", 429, "{}"},
	};
	struct outcome outcomes[3] = {0};

	(void)state;
	apiturns_play(&api, &job, turns, N(turns), outcomes);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(outcomes[i].verdict, VERDICT_THROTTLED);
}

/* Else the next try would come no further. */
static void what_is_gathered_is_sent_when_no_more_may_be_asked(void **state)
{
	static struct apiturns_turn turns[31];
	static char names[20][16], requests[31][32], batch[800];
	struct wanted many[20];
	struct job with = job;
	struct outcome outcomes[20] = {0};

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%c.example.org", (int)('a' + i));
		many[i] = wanted[0];
		many[i].name = names[i];
	}
	turns[0] = (struct apiturns_turn){"GET z/a.example.org ", 404, ""};
	turns[1] = (struct apiturns_turn){"GET z/example.org ", 200, "{}"};
	turns[2] = (struct apiturns_turn){"GET f/a.example.org ", 200, FIND};
	for (size_t i = 3; i < 30; i++) {
		bool zone = i % 2 == 1;

		(void)snprintf(requests[i], sizeof(requests[i]), "GET %c/%s ", zone ? 'z' : 'f',
			       names[(i - 1) / 2]);
		turns[i] = (struct apiturns_turn){requests[i], zone ? 404 : 200, zone ? "" : FIND};
	}
	(void)snprintf(batch, sizeof(batch),
		       "POST b/example.org {\"all\":[%s],\"new\":[],\"old\":[%s]}",
		       "[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1]",
		       "[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1],[1]");
	turns[30] = (struct apiturns_turn){batch, 200, "{}"};
	with.wanted = many;
	with.n_wanted = 20;
	apiturns_play(&api, &with, turns, N(turns), outcomes);
	assert_int_equal(outcomes[0].verdict, VERDICT_DONE);
	assert_int_equal(outcomes[13].verdict, VERDICT_DONE);
	assert_int_equal(outcomes[14].verdict, VERDICT_RETRY);
	assert_int_equal(outcomes[19].verdict, VERDICT_RETRY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_go_in_one_request),
		cmocka_unit_test(a_refusal_leaves_each_to_itself),
		cmocka_unit_test(a_failure_is_that_of_all),
		cmocka_unit_test(what_is_gathered_is_sent_when_no_more_may_be_asked),
		cmocka_unit_test(nothing_more_is_sent_once_it_is_too_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
