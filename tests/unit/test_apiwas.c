/* SPDX-License-Identifier: MIT */
#include "providers/apiwas.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define WAS                                                                                    \
	"{\"content\":[\"192.0.2.9\"],\"ttl\":\"300\",\"note\":\"a \\\"b\\\"\",\"none\":null," \
	"\"on\":true}"

static const struct recordapi api = {.value = "/content/0", .set_ttl = "/ttl"};

static void a_member_is_sent_as_it_came(void **state)
{
	static const struct {
		const char *pointer;
		enum scope_encoding encoding;
		int rc;
		const char *text;
	} rows[] = {
		{"/note", SCOPE_ENCODE_JSON, 0, "\"a \\\"b\\\"\""},
		{"/note", SCOPE_ENCODE_URL, 0, "a%20%22b%22"},
		{"/note", SCOPE_ENCODE_XML, 0, "a &quot;b&quot;"},
		{"/on", SCOPE_ENCODE_JSON, 0, "true"},
		{"/content", SCOPE_ENCODE_JSON, 0, "[\"192.0.2.9\"]"},
		{"/content", SCOPE_ENCODE_URL, -EINVAL, NULL},
		{"/none", SCOPE_ENCODE_JSON, 1, "null"},
		{"/none", SCOPE_ENCODE_URL, -ENOENT, NULL},
		{"/absent", SCOPE_ENCODE_JSON, -ENOENT, NULL},
	};
	const struct apitext text = {.api = &api, .was = WAS};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf to;

		buf_init(&to, 200);
		assert_int_equal(apiwas_add(&text,
					    (struct span){rows[i].pointer, strlen(rows[i].pointer)},
					    rows[i].encoding, &to),
				 rows[i].rc);
		if (rows[i].text)
			assert_string_equal(to.text, rows[i].text);
		buf_done(&to);
	}
}

static void a_record_is_sent_with_its_new_address(void **state)
{
	struct apitext text = {.api = &api, .was = WAS, .ip = "192.0.2.1", .ttl = 60};
	struct buf to;

	(void)state;
	buf_init(&to, 200);
	assert_int_equal(apiwas_add_record(&text, &to), 0);
	assert_string_equal(to.text, "{\"content\":[\"192.0.2.1\"],\"ttl\":\"60\",\"note\":\"a "
				     "\\\"b\\\"\",\"none\":null,\"on\":true}");
	buf_cut(&to, 0);
	text.was = "{\"content\":\"192.0.2.9\"}";
	assert_int_equal(apiwas_add_record(&text, &to), -EINVAL);
	buf_done(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_is_sent_as_it_came),
		cmocka_unit_test(a_record_is_sent_with_its_new_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
