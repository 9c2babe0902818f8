/* SPDX-License-Identifier: MIT */
/* The search for the zone of a name; whole conversations. */
#include "providers/apizone.c"

#include "providers/service.h"
#include "tests/unit/apiturns.h"

#define B        APITURNS_HOST
#define N(turns) (sizeof(turns) / sizeof((turns)[0]))

static const struct service service = {
	.rules = (const struct service_rule[]){{VERDICT_THROTTLED, "json /code = 7"}},
	.n_rules = 1,
};

/* A row whose other calls do not need what the zone's says. */
static const struct recordapi plain = {
	.service = &service,
	.who = "A",
	.rights = "rights",
	.zone = {.request = "GET " B "z/{zone}<?{cursor}>"},
	.zone_list = "/z",
	.zone_name = "/n",
	.zone_pages = {.cursor = "/next"},
	.find = {.request = "GET " B "f/{zone}<?{cursor}>"},
	.find_list = "/l",
	.id = "/i",
	.value = "/a",
	.create = {.request = "POST " B "r", .body = "{ip}"},
	.remove = {.request = "DELETE " B "r/{id}"},
};

static const struct setting settings[] = {{.name = "zone", .type = SETTING_HOST}, {0}};
static const struct provider provider = {.settings = settings};
static const struct value told[] = {{"zone", "example.org"}};
static const struct wanted wanted = {.name = "a.example.org", .addrs = {"192.0.2.1"}, .n_addrs = 1};
static const struct job job = {.provider = &provider, .wanted = &wanted, .n_wanted = 1};

static void play(const struct recordapi *api, bool is_told, const struct apiturns_turn *turns,
		 size_t n, enum verdict verdict)
{
	struct job with = job;
	struct outcome outcome = {0};

	with.values = told;
	with.n_values = is_told;
	apiturns_play(api, &with, turns, n, &outcome);
	if (outcome.verdict != verdict)
		fail_msg("it is %s: %s", provider_verdict_name(outcome.verdict), outcome.why);
}

/* A list of zones may go on behind the one that was looked for. */
static void the_records_do_not_begin_where_the_zones_would_go_on(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET z/a.example.org ", 200,
		 "{\"z\":[{\"n\":\"b.example.org\"}],\"next\":\"p2\"}"},
		{"GET z/a.example.org?p2 ", 200, "{\"z\":[]}"},
		{"GET z/example.org ", 200, "{\"z\":[{\"n\":\"example.org\"}],\"next\":\"p3\"}"},
		{"GET f/example.org ", 200, "{\"l\":[{\"i\":1,\"a\":\"192.0.2.1\"}]}"},
	};

	(void)state;
	play(&plain, false, turns, N(turns), VERDICT_UNCHANGED);
}

/* Status 403 is else that of a zone that is not there. */
static void its_parents_are_not_asked_for_once_it_is_too_often(void **state)
{
	static const struct apiturns_turn turns[] = {{"GET z/a.example.org ", 403, "{\"code\":7}"}};

	(void)state;
	play(&plain, false, turns, N(turns), VERDICT_THROTTLED);
}

/* A private zone may have the name of a part of a public one. */
static void one_that_is_off_is_not_there(void **state)
{
	static const struct apiturns_turn turns[] = {
		{"GET z/a.example.org ", 200, "{\"off\":true}"},
		{"GET z/example.org ", 200, "{\"off\":false}"},
		{"GET f/example.org ", 200, "{\"l\":[{\"i\":1,\"a\":\"192.0.2.1\"}]}"},
	};
	struct recordapi api = plain;

	(void)state;
	api.zone_list = NULL;
	api.zone_name = NULL;
	api.zone_pages = (struct recordapi_pages){0};
	api.zone_off = "/off";
	play(&api, false, turns, N(turns), VERDICT_UNCHANGED);
}

static void one_that_is_told_is_asked_for_where_it_is_needed(void **state)
{
	static const struct apiturns_turn asked[] = {
		{"GET z/example.org ", 200, "{\"z\":[{\"n\":\"example.org\",\"i\":7}]}"},
		{"GET f/example.org ", 200, "{\"l\":[{\"i\":1,\"a\":\"192.0.2.1\"}]}"},
	};
	struct recordapi rows[] = {plain, plain, plain, plain, plain, plain};

	(void)state;
	rows[1].change = (struct recordapi_call){.request = "PUT " B "r/{zone-id}/{id}"};
	rows[1].zone_id = "/i";
	rows[2].zone.take = "serial /i";
	rows[2].change = (struct recordapi_call){.request = "PUT " B "r", .body = "{serial}"};
	rows[3].zone_ttl = "/ttl";
	rows[4].headers = "X-Zone: {zone-id}\n";
	rows[4].zone_id = "/i";
	rows[5].zone.take = "serial /i";
	play(&rows[0], true, asked + 1, 1, VERDICT_UNCHANGED);
	for (size_t i = 1; i < 5; i++)
		play(&rows[i], true, asked, 2, VERDICT_UNCHANGED);
	play(&rows[5], true, asked + 1, 1, VERDICT_UNCHANGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_records_do_not_begin_where_the_zones_would_go_on),
		cmocka_unit_test(its_parents_are_not_asked_for_once_it_is_too_often),
		cmocka_unit_test(one_that_is_off_is_not_there),
		cmocka_unit_test(one_that_is_told_is_asked_for_where_it_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
