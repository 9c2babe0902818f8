/* SPDX-License-Identifier: MIT */
#include "providers/template.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct setting settings[] = {{.name = "token", .type = SETTING_SECRET},
					  {.name = "url", .type = SETTING_URL},
					  {.name = "zone", .type = SETTING_LIST},
					  {0}};

static const struct service service = {
	.settings = settings,
	.ipv4 = "a={ip4}",
	.ipv6 = "aaaa={ip6}<&t={ttl}>",
	.both = "a={ip4}&aaaa={ip6}",
};

static const struct value values[] = {
	{"token", "a b&c\"\\\x01\xc3\xa9"},
	{"url", "https://h.example/p?q=1"},
	{"zone", "example.org sub.example.org"},
	{"md5:token", "abcd"},
};

static const struct provider provider = {.name = "test", .settings = settings, .service = &service};

static const struct job job = {.provider = &provider, .values = values, .n_values = 4};

struct row {
	const char *text;
	enum scope_encoding encoding;
	const char *v4, *v6, *name;
	unsigned ttl;
	int rc;
	const char *expanded;
};

#define V4 "192.0.2.1"
#define V6 "2001:db8::1"
#define H  "home.example.org"

static const struct row rows[] = {
	{"plain", SCOPE_ENCODE_URL, V4, NULL, H, 0, 0, "plain"},
	{"{name}/{names}", SCOPE_ENCODE_URL, V4, NULL, H, 0, 0, H "/" H ",b.example.org"},
	{"{token}", SCOPE_ENCODE_URL, V4, NULL, H, 0, 0, "a%20b%26c%22%5C%01%C3%A9"},
	{"{token}", SCOPE_ENCODE_JSON, V4, NULL, H, 0, 0, "a b&c\\\"\\\\\\u0001\xc3\xa9"},
	/* a control character would end a header */
	{"{token}", SCOPE_ENCODE_NONE, V4, NULL, H, 0, -EINVAL, NULL},
	{"{md5:token}", SCOPE_ENCODE_NONE, V4, NULL, H, 0, 0, "abcd"},
	{"{sha1:token}", SCOPE_ENCODE_NONE, V4, NULL, H, 0, -ENOENT, NULL},
	/* a URL is whole where a request begins, else a value as others */
	{"{url}&x={url}", SCOPE_ENCODE_URL, V4, NULL, H, 0, 0,
	 "https://h.example/p?q=1&x=https%3A%2F%2Fh.example%2Fp%3Fq%3D1"},
	{"{addresses}", SCOPE_ENCODE_URL, V4, NULL, H, 0, 0, "a=192.0.2.1"},
	{"{addresses}", SCOPE_ENCODE_URL, NULL, V6, H, 0, 0, "aaaa=2001%3Adb8%3A%3A1"},
	{"{addresses}", SCOPE_ENCODE_JSON, NULL, V6, H, 60, 0, "aaaa=2001:db8::1&t=60"},
	{"{addresses}", SCOPE_ENCODE_URL, V4, V6, H, 0, 0, "a=192.0.2.1&aaaa=2001%3Adb8%3A%3A1"},
	{"{ip} {type}", SCOPE_ENCODE_NONE, V4, NULL, H, 0, 0, V4 " A"},
	{"{ip} {type}", SCOPE_ENCODE_NONE, NULL, V6, H, 0, 0, V6 " AAAA"},
	{"{ip4}", SCOPE_ENCODE_NONE, NULL, V6, H, 0, -ENOENT, NULL},
	/* the longest zone counts */
	{"{sub} {zone}", SCOPE_ENCODE_NONE, V4, NULL, "a.home.example.org", 0, 0,
	 "a.home example.org"},
	{"{sub} {zone}", SCOPE_ENCODE_NONE, V4, NULL, "a.sub.example.org", 0, 0,
	 "a sub.example.org"},
	{"{label} {sub}", SCOPE_ENCODE_NONE, V4, NULL, "a.home.example.org", 0, 0, "home a.home"},
	{"[{sub}]", SCOPE_ENCODE_NONE, V4, NULL, "example.org", 0, 0, "[]"},
	{"x<&s={sub}>", SCOPE_ENCODE_NONE, V4, NULL, "example.org", 0, 0, "x"},
	{"{apex}", SCOPE_ENCODE_NONE, V4, NULL, "example.org", 0, 0, "true"},
	{"{apex}", SCOPE_ENCODE_NONE, V4, NULL, H, 0, 0, "false"},
	{"{apex}", SCOPE_ENCODE_NONE, V4, NULL, "badexample.org", 0, -EINVAL, NULL},
	{"{sub}", SCOPE_ENCODE_NONE, V4, NULL, "badexample.org", 0, -EINVAL, NULL},
	{"{zone}", SCOPE_ENCODE_NONE, V4, NULL, "org", 0, -EINVAL, NULL},
	{"a<&t={ttl}>b", SCOPE_ENCODE_URL, V4, NULL, H, 0, 0, "ab"},
	{"a<&t={ttl}>b", SCOPE_ENCODE_URL, V4, NULL, H, 90, 0, "a&t=90b"},
	{"{ttl-minutes}", SCOPE_ENCODE_URL, V4, NULL, H, 61, 0, "2"},
	{"<{ttl}{name}>x<{name}>", SCOPE_ENCODE_URL, V4, NULL, H, 0, 0, "x" H},
	/* braces of JSON are none of ours */
	{"{\"a\":{\"b\":\"{ip4}\"}}", SCOPE_ENCODE_JSON, V4, NULL, H, 0, 0,
	 "{\"a\":{\"b\":\"192.0.2.1\"}}"},
	{"{} {A} {a", SCOPE_ENCODE_JSON, V4, NULL, H, 0, 0, "{} {A} {a"},
};

static void placeholders_are_filled_in(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct scope scope = {.service = &service,
				      .job = &job,
				      .names = {row->name, "b.example.org"},
				      .n_names = 2,
				      .addrs = {row->v4, row->v6},
				      .ttl = row->ttl};
		struct buf to;

		buf_init(&to, 1000);
		assert_int_equal(template_expand((struct span){row->text, strlen(row->text)},
						 &scope, row->encoding, &to),
				 row->rc);
		if (row->expanded)
			assert_string_equal(to.text ? to.text : "", row->expanded);
		buf_done(&to);
	}
}

static void brackets_must_pair(void **state)
{
	(void)state;
	assert_null(template_check("a<b>c<d>"));
	assert_non_null(template_check("a<b"));
	assert_non_null(template_check("a>b"));
	assert_non_null(template_check("a<b<c>>"));
}

static void a_digest_is_of_a_known_kind(void **state)
{
	struct span algorithm, setting;

	(void)state;
	assert_true(scope_digest((struct span){"md5:token", 9}, &algorithm, &setting));
	assert_true(span_is(setting, "token"));
	assert_false(scope_digest((struct span){"md4:token", 9}, &algorithm, &setting));
	assert_false(scope_digest((struct span){"token", 5}, &algorithm, &setting));
	assert_true(scope_knows(&service, (struct span){"sha256:token", 12}));
	assert_false(scope_knows(&service, (struct span){"sha256:tokn", 11}));
	assert_true(scope_knows(&service, (struct span){"ip", 2}));
	assert_false(scope_knows(&service, (struct span){"username", 8}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placeholders_are_filled_in),
		cmocka_unit_test(brackets_must_pair),
		cmocka_unit_test(a_digest_is_of_a_known_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
