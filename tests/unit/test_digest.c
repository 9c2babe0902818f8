/* SPDX-License-Identifier: MIT */
#include "update/updater/digest.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct setting settings[] = {{.name = "password", .type = SETTING_SECRET}, {0}};

static const char *text_of(const struct digest_values *values, const char *name)
{
	for (size_t i = 0; i < values->n; i++)
		if (strcmp(values->values[i].name, name) == 0)
			return values->values[i].text;
	return NULL;
}

/* RFC 1321, FIPS 180. */
static void digests_stand_beside_settings(void **state)
{
	static const struct service service = {
		.settings = settings,
		.url = "https://a.example/{md5:password}/{sha1:password}/{md5:password}",
		.body = "{sha256:password}",
	};
	static const struct provider provider = {.settings = settings, .service = &service};
	struct value value = {"password", "abc"};
	struct job job = {.provider = &provider, .values = &value, .n_values = 1};
	struct digest_values values;

	(void)state;
	assert_int_equal(digest_make(&job, &values), 0);
	assert_int_equal(values.n, 4);
	assert_string_equal(text_of(&values, "password"), "abc");
	assert_string_equal(text_of(&values, "md5:password"), "900150983cd24fb0d6963f7d28e17f72");
	assert_string_equal(text_of(&values, "sha1:password"),
			    "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_string_equal(text_of(&values, "sha256:password"),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_done(&values);
}

static void a_service_in_the_configuration_has_them_too(void **state)
{
	static const struct provider provider = {.settings = settings};
	struct value list[] = {{"url", "https://a.example/{md5:password}{sha1:token}"},
			       {"password", "abc"}};
	struct job job = {.provider = &provider, .values = list, .n_values = 2};
	struct digest_values values;

	(void)state;
	assert_int_equal(digest_make(&job, &values), 0);
	assert_int_equal(values.n, 3);
	assert_string_equal(text_of(&values, "md5:password"), "900150983cd24fb0d6963f7d28e17f72");
	digest_done(&values);
	digest_done(&values);
}

static void too_many_are_refused(void **state)
{
	static const struct provider provider = {.settings = settings};
	struct value list[10] = {
		{"url", "{md5:a}{md5:b}{md5:c}{md5:d}{md5:e}{md5:f}{md5:g}{md5:h}{md5:i}"}};
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
	struct job job = {.provider = &provider, .values = list, .n_values = 10};
	struct digest_values values;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		list[i + 1] = (struct value){names[i], "x"};
	assert_int_equal(digest_make(&job, &values), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_stand_beside_settings),
		cmocka_unit_test(a_service_in_the_configuration_has_them_too),
		cmocka_unit_test(too_many_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
