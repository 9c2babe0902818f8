/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

static void spy_free(void *memory);
#define free spy_free
#include "update/wipe.c"
#undef free

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <cmocka.h>

static const char secret[] = "a secret that jansson copies, longer than any header of malloc";

static unsigned n_freed;
static bool seen;

/* Sees each block as free(3) would get it. */
static void spy_free(void *memory)
{
	if (memory) {
		n_freed++;
		seen = seen || memmem(memory, malloc_usable_size(memory), secret, 16);
	}
	free(memory);
}

static void what_jansson_frees_is_wiped(void **unused)
{
	char text[256];
	json_t *json;

	(void)unused;
	wipe_json();
	json = json_pack("{s:s}", "password", secret);
	assert_true(json_dumpb(json, text, sizeof(text), 0) > 0);
	json_decref(json);
	json = json_loads("[\"a secret that jansson copies, and more\"]", 0, NULL);
	assert_non_null(json);
	json_decref(json);
	assert_true(n_freed > 4);
	assert_false(seen);
}

static void older_objects_may_be_freed_after(void **unused)
{
	json_t *json;

	(void)unused;
	json_set_alloc_funcs(malloc, free);
	json = json_pack("{s:s}", "password", secret);
	wipe_json();
	json_decref(json);
	assert_false(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_jansson_frees_is_wiped),
		cmocka_unit_test(older_objects_may_be_freed_after),
	};

	return cmocka_run_group_tests_name("wipe", tests, NULL, NULL);
}
