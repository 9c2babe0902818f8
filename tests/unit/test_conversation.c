/* SPDX-License-Identifier: MIT */
/* What a server says is shown, but not with what it was sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "providers/conversation.c"

static const struct {
	const char *detail, *secret;
	bool shown;
} rows[] = {
	{"no such host", "sesame", true},
	{"bad token sesame", "sesame", false},
	{"bad token SESAME.", "sesame", false},
	{"same", "sesame", false},
	{"bad token a+b&c", "a+b&c", false},
	/* 39 bytes, which is where a detail is cut off */
	{"the token given is not valid: opensesam", "opensesame", false},
	{"the token given is not valid now or ope", "opensesame", false},
	{"the token given is not valid: or so is%", "opensesame", true},
	{"not valid: opensesam", "opensesame", true},
	{"", "sesame", true},
	{"no such host", "", true},
};

static void a_detail_gives_nothing_away(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct value value = {"token", rows[i].secret};
		const struct job job = {.values = &value, .n_values = 1};
		const struct conversation c = {.job = &job};
		struct answer answer = words_make(WORD_FOREIGN);

		assert_true(strlen(rows[i].detail) < sizeof(answer.detail));
		memcpy(answer.detail, rows[i].detail, strlen(rows[i].detail));
		hide_secrets(&c, &answer);
		if (strcmp(answer.detail, rows[i].shown ? rows[i].detail : "") != 0)
			fail_msg("row %zu: `%s`", i, answer.detail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_detail_gives_nothing_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
