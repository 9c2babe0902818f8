/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_source.c"

#include "tests/unit/cfgtext.h"

static void matches(void **state)
{
	static const struct {
		const char *match;
		bool fine;
	} cases[] = {
		{"192.0.2.0/24", true},
		{"192.0.2.7", true},
		{"0.0.0.0/0", true},
		{"2001:db8::/32", true},
		{"2001:db8::1", true},
		{"::/0", true},
		{"::1234:5678", true},
		{"::1:2:3:4:5", true},
		{"::ffff:1", true},
		{"::", false},
		{"192.0.2.0/33", false},
		{"192.0.2.0/", false},
		{"2001:db8::/129", false},
		{"2001:db8::1/64", false},
		{"192.0.2.0/-1", false},
		{"192.0.2", false},
		{"x", false},
		{"::1 ::2", false},
		{"1::2::3", false},
		{"::1/64", false},
		{"192.0.2.0/024", false},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "[a.b]\n" HOSTS "match = %s\n", cases[i].match);
		cfg_free(load_text(text, cases[i].fine ? 0 : -EINVAL));
		assert_int_equal(dump[0] == '\0', cases[i].fine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
	};

	return cmocka_run_group_tests_name("cfg_source", tests, tempdir_setup, tempdir_teardown);
}
