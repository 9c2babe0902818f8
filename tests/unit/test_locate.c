/* SPDX-License-Identifier: MIT */
#include "update/ctl/locate.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[] = "/tmp/nlddns-locate-XXXXXX", path[sizeof(dir) + 8];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/conf", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static const char *locate(const char *text, char out[static LOCATE_CONTROL_MAX])
{
	const struct context context = {.config = path};
	FILE *file;

	unlink(path);
	if (text) {
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(text, file) >= 0);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(chmod(path, 0600), 0);
	}
	return locate_control(&context, out);
}

static void the_configuration_says_where(void **state)
{
	char out[LOCATE_CONTROL_MAX];

	(void)state;
	assert_string_equal(locate("[nlddns]\ncontrol = /run/x/socket\n", out), "/run/x/socket");
	assert_string_equal(locate("[nlddns]\nlog-level = info\n", out), LOCATE_CONTROL_DEFAULT);
}

/* The daemon may be running with what it read before the mistake. */
static void even_one_with_errors(void **state)
{
	char out[LOCATE_CONTROL_MAX];

	(void)state;
	assert_string_equal(locate("[nlddns]\ncontrol = /run/x/socket\ncontrl = y\n", out),
			    "/run/x/socket");
	assert_string_equal(locate("no configuration at all", out), LOCATE_CONTROL_DEFAULT);
	assert_string_equal(locate(NULL, out), LOCATE_CONTROL_DEFAULT);
}

static void the_state_is_found_in_the_same_way(void **state)
{
	const struct context context = {.config = path};
	char out[LOCATE_CONTROL_MAX];

	(void)state;
	locate("[nlddns]\nstate-dir = /var/x\n", out);
	assert_string_equal(locate_state(&context, out), "/var/x");
	locate("[nlddns]\nstate-dir = /var/x\ncontrl = y\n", out);
	assert_string_equal(locate_state(&context, out), "/var/x");
	locate(NULL, out);
	assert_string_equal(locate_state(&context, out), LOCATE_STATE_DEFAULT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_configuration_says_where),
		cmocka_unit_test(even_one_with_errors),
		cmocka_unit_test(the_state_is_found_in_the_same_way),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
