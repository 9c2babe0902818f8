/* SPDX-License-Identifier: MIT */
#include "providers/rcode.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void only_noerror_confirms(void **state)
{
	(void)state;
	for (int code = -2; code < 70000; code++) {
		const struct rcode *rcode = rcode_find(code), *tsig = rcode_find_tsig(code);

		assert_int_equal(rcode != NULL, code >= 0 && code <= 10);
		assert_int_equal(tsig != NULL,
				 code == 16 || code == 17 || code == 18 || code == 22);
		if (rcode != NULL)
			assert_int_equal(rcode->verdict == VERDICT_DONE, code == 0);
		if (tsig != NULL)
			assert_int_not_equal(tsig->verdict, VERDICT_DONE);
	}
}

static void codes_have_verdicts(void **state)
{
	static const struct {
		int code;
		const char *name;
		enum verdict verdict;
	} rows[] = {
		{0, "NOERROR", VERDICT_DONE},
		{1, "FORMERR", VERDICT_REFUSED_CONFIG},
		{2, "SERVFAIL", VERDICT_RETRY},
		{3, "NXDOMAIN", VERDICT_RETRY},
		{4, "NOTIMP", VERDICT_REFUSED_CONFIG},
		{5, "REFUSED", VERDICT_REFUSED_AUTH},
		{6, "YXDOMAIN", VERDICT_RETRY},
		{7, "YXRRSET", VERDICT_RETRY},
		{8, "NXRRSET", VERDICT_RETRY},
		{9, "NOTAUTH", VERDICT_REFUSED_CONFIG},
		{10, "NOTZONE", VERDICT_REFUSED_NAME},
		{16, "BADSIG", VERDICT_REFUSED_AUTH},
		{17, "BADKEY", VERDICT_REFUSED_AUTH},
		{18, "BADTIME", VERDICT_RETRY},
		{22, "BADTRUNC", VERDICT_REFUSED_CONFIG},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct rcode *rcode = rows[i].code < 16 ? rcode_find(rows[i].code)
							      : rcode_find_tsig(rows[i].code);

		assert_string_equal(rcode->name, rows[i].name);
		assert_int_equal(rcode->verdict, rows[i].verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_noerror_confirms),
		cmocka_unit_test(codes_have_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
