/* SPDX-License-Identifier: MIT */
#include "providers/page.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Up to three names, and the answers to them. */
static void finds_the_answer_of_each_name(void **state)
{
	static const struct {
		int status;
		const char *body;
		unsigned n_names;
		enum word words[3];
		bool single;
	} rows[] = {
		{200, "good", 1, {WORD_GOOD}, true},
		{299, "good\r\n", 1, {WORD_GOOD}, true},
		{200, "good\nnohost\nabuse", 3, {WORD_GOOD, WORD_NOHOST, WORD_ABUSE}, false},
		{200, "\n \r\n good \r\nnochg\n\n", 2, {WORD_GOOD, WORD_NOCHG}, false},
		/* one line is for all of them */
		{200, "nochg", 3, {WORD_NOCHG, WORD_NOCHG, WORD_NOCHG}, true},
		{200, "\nbadauth\n\n\n", 2, {WORD_BADAUTH, WORD_BADAUTH}, true},
		/* too few, too many, a hole */
		{200, "good\ngood", 3, {WORD_GOOD, WORD_GOOD, WORD_MISSING}, false},
		{200, "good\n\ngood", 3, {WORD_GOOD, WORD_MISSING, WORD_GOOD}, false},
		{200, "good\nnohost\nabuse\n", 1, {WORD_GOOD}, false},
		{200, "good\nwhatever", 1, {WORD_GOOD}, false},
		/* a line that is none puts the others in doubt */
		{200,
		 "Warning: x\ngood\nnochg",
		 3,
		 {WORD_FOREIGN, WORD_FOREIGN, WORD_FOREIGN},
		 true},
		{200, "good\nnohost\nsurprise", 3, {WORD_FOREIGN, WORD_NOHOST, WORD_FOREIGN}, true},
		{200, "<html>\ngood\n</html>", 2, {WORD_FOREIGN, WORD_FOREIGN}, true},
		{200, "<html>good</html>", 1, {WORD_FOREIGN}, true},
		{200, "", 2, {WORD_EMPTY, WORD_EMPTY}, true},
		{200, " \n\r\n", 1, {WORD_EMPTY}, true},
		{204, "", 1, {WORD_EMPTY}, true},
		/* an error's body may carry a code, never a success */
		{400, "nohost", 1, {WORD_NOHOST}, true},
		{401, "nohost", 1, {WORD_NOHOST}, true},
		{500, "911", 1, {WORD_911}, true},
		{400, "nohost\ngood", 2, {WORD_NOHOST, WORD_FOREIGN}, true},
		{400, "good", 1, {WORD_NOT_TAKEN}, true},
		{400, "nochg 192.0.2.1", 1, {WORD_NOT_TAKEN}, true},
		{401, "good", 1, {WORD_BADAUTH}, true},
		{404, "<html>", 1, {WORD_NOT_FOUND}, true},
		{500, "good", 1, {WORD_FAILED}, true},
		{503, "", 2, {WORD_FAILED, WORD_FAILED}, true},
		{429, "abuse", 1, {WORD_TOO_OFTEN}, true},
		{302, "nohost", 1, {WORD_REDIRECT}, true},
		{302, "good", 1, {WORD_REDIRECT}, true},
		{100, "good", 1, {WORD_FOREIGN}, true},
	};
	const char *const sent[] = {"192.0.2.1", NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct reply reply = {.kind = REQUEST_HTTP,
					    .status = rows[i].status,
					    .retry_after_ms = -1,
					    .body = rows[i].body,
					    .len = strlen(rows[i].body)};
		struct page page;

		page_read(&reply, rows[i].n_names, &page);
		for (unsigned slot = 0; slot < rows[i].n_names; slot++) {
			struct answer answer;

			page_answer(&page, slot, RECORD_TYPE_A, sent, &answer);
			if (answer.word != rows[i].words[slot])
				print_message("# row %zu, name %u\n", i, slot);
			assert_int_equal(answer.word, rows[i].words[slot]);
		}
		assert_int_equal(page_is_single(&page), rows[i].single);
	}
}

static void takes_as_many_lines_as_names(void **state)
{
	const char *const sent[] = {"192.0.2.1", NULL};
	struct reply reply = {.kind = REQUEST_HTTP, .status = 200};
	struct page page;
	struct answer answer;
	struct buf body;

	(void)state;
	buf_init(&body, 10000);
	for (unsigned i = 0; i < 1000; i++)
		buf_text(&body, i < PAGE_NAMES_MAX - 1 ? "good\n" : "nohost\n");
	reply.body = body.text;
	reply.len = body.len;
	page_read(&reply, PAGE_NAMES_MAX, &page);
	page_answer(&page, PAGE_NAMES_MAX - 2, RECORD_TYPE_A, sent, &answer);
	assert_int_equal(answer.word, WORD_GOOD);
	page_answer(&page, PAGE_NAMES_MAX - 1, RECORD_TYPE_A, sent, &answer);
	assert_int_equal(answer.word, WORD_NOHOST);
	buf_done(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_answer_of_each_name),
		cmocka_unit_test(takes_as_many_lines_as_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
