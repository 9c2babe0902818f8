/* SPDX-License-Identifier: MIT */
/* nlddns check --json says what would be sent, without secrets. */
#include "update/ctl/check.c"

#include "tests/unit/tempdir.h"

static void the_request_is_among_what_programs_read(void **state)
{
	struct snapshot snapshot = {0};
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	json_t *records;
	char *text;

	(void)state;
	tempdir_text("nlddns.conf", "[home.duckdns.org]\nprovider = duckdns\ntoken = sesame\n"
				    "family = ipv4\n");
	assert_int_equal(cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors), 0);
	records = records_json(cfg, &snapshot);
	assert_int_equal(json_array_size(records), 1);
	assert_string_equal(cell(json_array_get(records, 0), "request"),
			    "GET https://www.duckdns.org/update?domains=home&token=HIDDEN&"
			    "ip=192.0.2.1\n");
	text = json_dumps(records, 0);
	assert_null(strstr(text, "sesame"));
	free(text);
	json_decref(records);
	cfg_errors_done(&errors);
	cfg_free(cfg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_request_is_among_what_programs_read,
						tempdir_setup, tempdir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
