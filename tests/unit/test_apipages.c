/* SPDX-License-Identifier: MIT */
#include "providers/apipages.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void a_list_says_that_it_goes_on(void **state)
{
	static const struct {
		struct recordapi_pages pages;
		const char *json;
		int rc;
	} rows[] = {
		{{0}, "{\"l\":[1,2]}", 0},
		{{.more = "/p"}, "{\"l\":[1,2],\"p\":2}", 1},
		{{.more = "/p"}, "{\"l\":[1,2],\"p\":1}", 0},
		{{.more = "/p"}, "{\"l\":[1,2],\"p\":\"https://a.example/?page=2\"}", 1},
		{{.more = "/p"}, "{\"l\":[1,2],\"p\":null}", 0},
		{{.more = "/p"}, "{\"l\":[1,2],\"p\":false}", 0},
		{{.total = "/t"}, "{\"l\":[1,2],\"t\":\"3\"}", 1},
		{{.total = "/t"}, "{\"l\":[1,2],\"t\":2}", 0},
		{{.total = "/t"}, "{\"l\":[],\"t\":2}", 0},
		{{.size = 2}, "{\"l\":[1,2]}", 1},
		{{.size = 3}, "{\"l\":[1,2]}", 0},
		{{.cursor = "/c"}, "{\"l\":[1,2],\"c\":\"x\"}", 1},
		{{.cursor = "/c"}, "{\"l\":[1,2],\"c\":\"\"}", 0},
		{{.cursor = "/c"}, "{\"l\":[1,2]}", 0},
	};
	static const struct provider provider = {.name = "a"};
	static const struct wanted wanted = {.name = "a.b.example.org"};
	static const struct job job = {.provider = &provider, .wanted = &wanted, .n_wanted = 1};
	static const struct recordapi api;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct apitalk_state talk = {.page = 1};
		const struct apitalk t = {.api = &api, .job = &job, .state = &talk};
		json_t *json = json_loads(rows[i].json, 0, NULL);
		int rc = apipages_go_on(&t, &rows[i].pages, "/l", json);

		if (rc != rows[i].rc)
			fail_msg("row %zu is %d", i, rc);
		assert_int_equal(talk.page, 1 + rc);
		assert_int_equal(talk.n_items, 2 * rc);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_says_that_it_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
