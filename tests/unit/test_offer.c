/* SPDX-License-Identifier: MIT */
#include "update/ctl/offer.c"

#include <stdio.h>

#include "tests/unit/example.h"

#define CONFIG "/nonexistent/nlddns.conf"

/* What a person copies works. */
static void every_sample_loads(void **state)
{
	struct offer_list list;

	(void)state;
	assert_int_equal(setenv("TEST_SECRET", "x", 1), 0);
	assert_int_equal(offer_read(CONFIG, &list), 0);
	assert_int_equal(list.errors.n, 0);
	for (size_t i = 0; i < list.n; i++) {
		struct cfg_errors errors = {0};
		struct cfg *cfg = NULL;

		if (!list.offers[i].provider || strcmp(list.offers[i].name, "none") == 0)
			continue;
		example_write(&list.offers[i]);
		(void)cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors);
		cfg_errors_print(&errors, stderr);
		if (!cfg || errors.n > 0)
			fail_msg("the example of %s does not load", list.offers[i].name);
		assert_true(cfg->n_records > 0);
		cfg_errors_done(&errors);
		cfg_free(cfg);
	}
	offer_done(&list);
}

/* Who used a service that is no more is sent to some that are. */
static void every_alternative_is_there(void **state)
{
	struct offer_list list;

	(void)state;
	assert_int_equal(offer_read(CONFIG, &list), 0);
	for (size_t i = 0; i < list.n; i++) {
		const struct service *s =
			list.offers[i].file ? &list.offers[i].file->service : NULL;
		char *words = s && s->ended ? strdup(s->instead ? s->instead : "") : NULL;
		char *rest = words, *word;

		if (s && s->ended)
			assert_true(words && *words);
		while ((word = strsep(&rest, " "))) {
			const struct offer *offer = offer_find(&list, word);

			if (!offer || !offer->provider || strcmp(offer->name, word) != 0)
				fail_msg("%s: there is no %s", list.offers[i].name, word);
		}
		free(words);
	}
	offer_done(&list);
}

static void names_and_aliases_are_found(void **state)
{
	struct offer_list list;
	const struct offer *offer;
	json_t *json;

	(void)state;
	assert_int_equal(offer_read(CONFIG, &list), 0);
	offer = offer_find(&list, "duckdns");
	assert_string_equal(offer_families(offer), "IPv4 + IPv6");
	assert_string_equal(offer_wildcard(offer), "no");
	assert_ptr_equal(offer_find(&list, "DuckDNS.org"), offer);
	assert_string_equal(offer_find(&list, "dyndns2")->name, "dyndns2");
	assert_null(offer_find(&list, "duck"));
	assert_string_equal(offer_nearest(&list, "dukdns"), "duckdns");
	assert_null(offer_nearest(&list, "xxxxxxxxxxxx"));
	json = offer_json(offer);
	assert_string_equal(json_string_value(json_object_get(json, "status")), "alive");
	assert_int_equal(json_array_size(json_object_get(json, "settings")), 1);
	json_decref(json);
	json = offer_json(offer_find(&list, "google-domains"));
	assert_string_equal(json_string_value(json_object_get(json, "status")), "shut down");
	json_decref(json);
	offer_done(&list);
}

/* A file of the person's own comes before ours, and a wrong one is told of. */
static void own_files_come_first(void **state)
{
	struct offer_list list;

	(void)state;
	assert_int_equal(mkdir(tempdir_path("providers"), 0700), 0);
	tempdir_text("providers/duckdns.conf",
		     "[service]\ntitle = Mine\nweb = https://a.example\nurl = https://a.example\n"
		     "ipv4 = {ip4}\n[replies]\ndone = empty\n");
	tempdir_text("providers/wrong.conf", "[service]\ntitel = x\n");
	tempdir_text("providers/.hidden.conf", "x");
	tempdir_text("providers/README", "x");
	assert_int_equal(offer_read(tempdir_path("nlddns.conf"), &list), 0);
	assert_string_equal(offer_find(&list, "duckdns")->title, "Mine");
	assert_string_equal(offer_families(offer_find(&list, "duckdns")), "IPv4");
	assert_null(offer_find(&list, "wrong")->provider);
	assert_non_null(offer_find(&list, "dynv6")->provider);
	assert_true(list.errors.n > 0);
	assert_non_null(strstr(list.errors.list[0].file, "wrong.conf"));
	offer_done(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_sample_loads, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test(every_alternative_is_there),
		cmocka_unit_test(names_and_aliases_are_found),
		cmocka_unit_test_setup_teardown(own_files_come_first, tempdir_setup,
						tempdir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
