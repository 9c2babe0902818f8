/* SPDX-License-Identifier: MIT */
#include "cfg/slurp.c"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static char dir[] = "/tmp/nlddns-slurp-XXXXXX", path[sizeof(dir) + 8];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/file", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void write_file(const char *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0640), 0);
}

static void a_file_is_read_whole_with_its_mode(void **state)
{
	struct slurp slurp = {0};

	(void)state;
	write_file("a\0b", 3);
	assert_int_equal(slurp_file(path, 3, &slurp), 0);
	assert_int_equal(slurp.len, 3);
	assert_memory_equal(slurp.bytes, "a\0b", 4);
	assert_int_equal(slurp.mode, 0640);
	slurp_done(&slurp);
	assert_null(slurp.bytes);
}

static void a_part_is_read_as_far_as_it_goes(void **state)
{
	static char large[9000];
	static const struct {
		size_t begin, len, got;
	} rows[] = {{0, 3, 3},    {2, 0, 0},       {8990, 20, 10},     {9000, 1, 0},
		    {9999, 1, 0}, {1, 4095, 4095}, {4097, 4096, 4096}, {3, 8190, 8190}};

	(void)state;
	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (char)('a' + i % 23);
	write_file(large, sizeof(large));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slurp slurp = {0};

		assert_int_equal(slurp_part(path, rows[i].begin, rows[i].len, &slurp), 0);
		assert_int_equal(slurp.len, rows[i].got);
		if (slurp.len > 0)
			assert_memory_equal(slurp.bytes, large + rows[i].begin, slurp.len);
		assert_int_equal(slurp.bytes[slurp.len], 0);
		slurp_done(&slurp);
	}
}

static void what_cannot_be_read_says_why(void **state)
{
	struct slurp slurp = {0};

	(void)state;
	write_file("four", 4);
	assert_int_equal(slurp_file(path, 3, &slurp), -EFBIG);
	assert_int_equal(slurp_file(dir, 3, &slurp), -EISDIR);
	unlink(path);
	assert_int_equal(slurp_file(path, 3, &slurp), -ENOENT);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(slurp_file(path, 3, &slurp), -ENXIO);
	assert_null(slurp.bytes);
	assert_true(*slurp_why(-EFBIG) && *slurp_why(-ENXIO) && *slurp_why(-EISDIR));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_whole_with_its_mode),
		cmocka_unit_test(a_part_is_read_as_far_as_it_goes),
		cmocka_unit_test(what_cannot_be_read_says_why),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
