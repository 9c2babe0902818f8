/* SPDX-License-Identifier: MIT */
#include "providers/block.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BEGIN "# BEGIN nlddns\n"
#define END   "# END nlddns\n"

static const struct wanted home = {
	.name = "home.lan", .type = RECORD_TYPE_A, .addrs = {"192.0.2.1"}, .n_addrs = 1};

static void keeps_everything_around_the_block(void **state)
{
	static const struct {
		const char *before, *after;
	} rows[] = {
		/* no block yet: at the end */
		{"", BEGIN "192.0.2.1 home.lan\n" END},
		{"127.0.0.1 localhost\n", "127.0.0.1 localhost\n" BEGIN "192.0.2.1 home.lan\n" END},
		{"127.0.0.1 localhost", "127.0.0.1 localhost\n" BEGIN "192.0.2.1 home.lan\n" END},
		{"a\r\n\r\n", "a\r\n\r\n" BEGIN "192.0.2.1 home.lan\n" END},
		{"\n", "\n" BEGIN "192.0.2.1 home.lan\n" END},
		/* a line outside is not ours, whatever it says */
		{"192.0.2.9 home.lan\n" BEGIN END "192.0.2.8 home.lan",
		 "192.0.2.9 home.lan\n" BEGIN "192.0.2.1 home.lan\n" END "192.0.2.8 home.lan"},
		/* the marks are kept as they are, too */
		{"a\n# BEGIN nlddns \r\n# END nlddns",
		 "a\n# BEGIN nlddns \r\n192.0.2.1 home.lan\n# END nlddns"},
		/* what only looks like a mark */
		{"#BEGIN nlddns\n # END nlddns\n# BEGIN nlddns x\n# begin nlddns\n",
		 "#BEGIN nlddns\n # END nlddns\n# BEGIN nlddns x\n# begin nlddns\n" BEGIN
		 "192.0.2.1 home.lan\n" END},
		/* other names and types stay; ours is replaced */
		{BEGIN "192.0.2.9 home.lan\n2001:db8::9 home.lan\n192.0.2.8 zoo.lan\n" END,
		 BEGIN "192.0.2.1 home.lan\n2001:db8::9 home.lan\n192.0.2.8 zoo.lan\n" END},
		{BEGIN "192.0.2.9\tHOME.lan \r\n" END, BEGIN "192.0.2.1 home.lan\n" END},
		/* sorted: what is no entry first and in its order, then name, type, address */
		{BEGIN "2001:db8::2 b.lan\n# two\n10.0.0.10 b.lan\n10.0.0.9 b.lan\n\n1.1.1.1 x y\n"
		       "2001:db8::1 b.lan\n1.1.1 c.lan\n1.1.1.1 #c\n192.0.2.7 a.lan\n" END,
		 BEGIN "# two\n\n1.1.1.1 x y\n1.1.1 c.lan\n1.1.1.1 #c\n192.0.2.7 a.lan\n"
		       "10.0.0.9 b.lan\n10.0.0.10 b.lan\n2001:db8::1 b.lan\n2001:db8::2 b.lan\n"
		       "192.0.2.1 home.lan\n" END},
		/* nearly the same name */
		{BEGIN "192.0.2.9 home.lan.\n192.0.2.9 ome.lan\n192.0.2.9 home.la\n" END,
		 BEGIN "192.0.2.9 home.la\n192.0.2.1 home.lan\n192.0.2.9 home.lan.\n192.0.2.9 "
		       "ome.lan\n" END},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *why = NULL;
		struct block block, again;
		struct buf body, second;

		buf_init(&body, 10000);
		buf_init(&second, 10000);
		assert_int_equal(
			block_read(rows[i].before, strlen(rows[i].before), 8, &block, &why), 0);
		assert_false(block_has(&block, &home));
		block_replace(&block, &home);
		assert_true(block_has(&block, &home));
		block_write(&block, &body);
		assert_string_equal(body.text, rows[i].after);
		/* and what was written reads the same */
		assert_int_equal(block_read(body.text, body.len, 8, &again, &why), 0);
		assert_true(block_has(&again, &home));
		block_write(&again, &second);
		assert_string_equal(second.text, body.text);
		block_done(&block);
		block_done(&again);
		buf_done(&body);
		buf_done(&second);
	}
}

static void compares_sets_of_addresses(void **state)
{
	static const struct {
		const char *lines;
		const char *addrs[3];
		enum record_type type;
		bool has;
	} rows[] = {
		{"", {NULL}, RECORD_TYPE_A, true},
		{"192.0.2.1 home.lan\n", {NULL}, RECORD_TYPE_A, false},
		{"192.0.2.1 home.lan\n", {NULL}, RECORD_TYPE_AAAA, true},
		{"192.0.2.1 home.lan\n", {"192.0.2.1"}, RECORD_TYPE_A, true},
		{"192.0.2.1 Home.LAN\r\n", {"192.0.2.1"}, RECORD_TYPE_A, true},
		{"192.0.2.1 home.lan alias\n", {"192.0.2.1"}, RECORD_TYPE_A, false},
		{"192.0.2.1 home.lan\n192.0.2.1 home.lan\n", {"192.0.2.1"}, RECORD_TYPE_A, false},
		{"192.0.2.1 home.lan\n192.0.2.2 home.lan\n", {"192.0.2.1"}, RECORD_TYPE_A, false},
		{"192.0.2.1 home.lan\n192.0.2.2 home.lan\n",
		 {"192.0.2.2", "192.0.2.1"},
		 RECORD_TYPE_A,
		 true},
		{"192.0.2.1 home.lan\n", {"192.0.2.1", "192.0.2.2"}, RECORD_TYPE_A, false},
		{"2001:DB8:0::1 home.lan\n", {"2001:db8::1"}, RECORD_TYPE_AAAA, true},
		{"2001:db8::2 home.lan\n", {"2001:db8::1"}, RECORD_TYPE_AAAA, false},
		{"2001:db8::1 else.lan\n", {"2001:db8::1"}, RECORD_TYPE_AAAA, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wanted wanted = {.name = "home.lan", .type = rows[i].type};
		const char *why = NULL;
		struct block block;
		struct buf file;

		while (wanted.n_addrs < 3 && rows[i].addrs[wanted.n_addrs] != NULL) {
			wanted.addrs[wanted.n_addrs] = rows[i].addrs[wanted.n_addrs];
			wanted.n_addrs++;
		}
		buf_init(&file, 1000);
		buf_printf(&file, BEGIN "%s" END, rows[i].lines);
		assert_int_equal(block_read(file.text, file.len, 0, &block, &why), 0);
		assert_int_equal(block_has(&block, &wanted), rows[i].has);
		block_done(&block);
		buf_done(&file);
	}
}

static void refuses_files_it_does_not_understand(void **state)
{
	static const char *const rows[] = {
		BEGIN,           "a\n# BEGIN nlddns", END,
		END BEGIN,       BEGIN BEGIN END,     BEGIN END BEGIN END,
		BEGIN END BEGIN, BEGIN END END,
	};
	struct block block = {.n_entries = 77};
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		why = NULL;
		assert_int_equal(block_read(rows[i], strlen(rows[i]), 8, &block, &why), -EINVAL);
		assert_non_null(strstr(why, "nlddns"));
		assert_int_equal(block.n_entries, 77);
	}
	assert_int_equal(block_read("a\0b\n", 4, 8, &block, &why), -EINVAL);
	assert_non_null(strstr(why, "NUL"));
}

static void has_a_largest_file(void **state)
{
	struct block block;
	const char *why = NULL;
	char *text = malloc(BLOCK_FILE_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', BLOCK_FILE_MAX + 1);
	assert_int_equal(block_read(text, BLOCK_FILE_MAX, 8, &block, &why), 0);
	block_done(&block);
	assert_int_equal(block_read(text, BLOCK_FILE_MAX + 1, 8, &block, &why), -EINVAL);
	assert_ptr_equal(why, block_too_large);
	/* as many lines as there can be, all in the block */
	memcpy(text, BEGIN, strlen(BEGIN));
	memcpy(text + BLOCK_FILE_MAX - strlen(END), END, strlen(END));
	assert_int_equal(block_read(text, BLOCK_FILE_MAX, 8, &block, &why), 0);
	assert_int_equal(block.n_entries, BLOCK_FILE_MAX - strlen(BEGIN END));
	block_done(&block);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_everything_around_the_block),
		cmocka_unit_test(compares_sets_of_addresses),
		cmocka_unit_test(refuses_files_it_does_not_understand),
		cmocka_unit_test(has_a_largest_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
