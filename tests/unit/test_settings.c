/* SPDX-License-Identifier: MIT */
#include "cfg/settings.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cfg/dnsname.h"

#define ROW(t, ...)                                   \
	{                                             \
		.name = "key", .type = t, __VA_ARGS__ \
	}

/* expected: the canonical text, or '!' and why not. */
static const struct row {
	struct setting setting;
	const char *text, *expected;
	int64_t number;
} rows[] = {
	{ROW(SETTING_TEXT), "me@example.org", "me@example.org", 0},
	{ROW(SETTING_TEXT), "a;b#c", "a;b#c", 0},
	{ROW(SETTING_TEXT), "#a", "#a", 0},
	{ROW(SETTING_TEXT), "a # b",
	 "!`key` cannot be followed by a comment; put it on a line of "
	 "its own",
	 0},
	{ROW(SETTING_TEXT), "# b", "!`key` has no value", 0},
	{ROW(SETTING_SECRET), "#a;b", "#a;b", 0},
	{ROW(SETTING_SECRET), "s3cret ;x",
	 "!`key` holds white space and # or ;, which could begin "
	 "a comment; put comments on lines of their own, and "
	 "such a secret into a file named by file:PATH",
	 0},
	{ROW(SETTING_SECRET), "file:/a b  # c", "file:/a b", 0},
	{ROW(SETTING_SECRET), "env:NAME\t; c", "env:NAME", 0},
	{ROW(SETTING_BOOL), "yes", "yes", 1},
	{ROW(SETTING_BOOL), "no ; c", "no", 0},
	{ROW(SETTING_BOOL), "true", "!`key` is either yes or no", 0},
	{ROW(SETTING_BOOL), "Yes", "!`key` is either yes or no", 0},
	{ROW(SETTING_NUMBER, .min = 1, .max = 10), "10", "10", 10},
	{ROW(SETTING_NUMBER, .min = 1, .max = 10), "11", "!`key` = 11 is out of range: 1 to 10", 0},
	{ROW(SETTING_NUMBER, .min = 1, .max = 10), "0", "!`key` = 0 is out of range: 1 to 10", 0},
	{ROW(SETTING_NUMBER, .min = 5), "4", "!`key` = 4 is out of range: at least 5", 0},
	{ROW(SETTING_NUMBER), "99999999999999999999", "!`key` is no whole number", 0},
	{ROW(SETTING_NUMBER), "-1", "!`key` is no whole number", 0},
	{ROW(SETTING_NUMBER), "1x", "!`key` is no whole number", 0},
	{ROW(SETTING_DURATION, .max = 3600000), "1h", "1h", 3600000},
	{ROW(SETTING_DURATION, .max = 3600000), "0 # at once", "0", 0},
	{ROW(SETTING_DURATION, .max = 3600000), "61m", "!`key` = 61m is out of range: 0 to 1h", 0},
	{ROW(SETTING_DURATION, .min = 1000), "5ms", "!`key` = 5ms is out of range: at least 1s", 0},
	{ROW(SETTING_DURATION), "soon", "!`key` is no duration; write 50ms, 10s, 5m, 1h 30m or 7d",
	 0},
	{ROW(SETTING_CHOICE, .choices = "stable temporary"), "temporary", "temporary", 1},
	{ROW(SETTING_CHOICE, .choices = "stable temporary"), "temporay",
	 "!`key` cannot be `temporay`; did you mean `temporary`?", 0},
	{ROW(SETTING_CHOICE, .choices = "stable temporary"), "x",
	 "!`key` cannot be `x`; choose from: stable temporary", 0},
	{ROW(SETTING_LIST), "a,b c ,\td,", "a b c d", 0},
	{ROW(SETTING_LIST), ", ,", "!`key` has no value", 0},
	{ROW(SETTING_LIST, .choices = "x y z"), "z, x, z", "x z", 0},
	{ROW(SETTING_LIST, .choices = "private cgnat"), "privat",
	 "!`key` cannot be `privat`; did you mean `private`?", 0},
	{ROW(SETTING_PATH), "/a/b c", "/a/b c", 0},
	{ROW(SETTING_PATH), "a/b", "!`key` must be an absolute file name, beginning with /", 0},
	{ROW(SETTING_HOST), "NS1.Example.org.", "ns1.example.org", 0},
	{ROW(SETTING_HOST), "192.0.2.1", "192.0.2.1", 0},
	{ROW(SETTING_HOST), "2001:DB8::1", "2001:db8::1", 0},
	{ROW(SETTING_HOST), "192.0.2.256", "!`key` ends in a number: that is no name", 0},
	{ROW(SETTING_HOST), "*.example.org", "!`key` needs the name or address of a host", 0},
	{ROW(SETTING_HOST), "a b", "!`key` may hold letters, digits, `-`, `_` and dots only", 0},
	{ROW(SETTING_URL), "https://example.org", "https://example.org", 0},
	{ROW(SETTING_URL), "HTTPS://example.org:8443/a?b=c&d=%20",
	 "HTTPS://example.org:8443/a?b=c&d=%20", 0},
	{ROW(SETTING_URL), "https://[2001:db8::1]:443/", "https://[2001:db8::1]:443/", 0},
	{ROW(SETTING_URL), "https://192.0.2.1?x", "https://192.0.2.1?x", 0},
	{ROW(SETTING_URL), "http://example.org/s3cret",
	 "!`key` sends secrets unprotected: write https://, or set allow-plaintext = yes", 0},
	{ROW(SETTING_URL), "example.org", "!`key` must begin with https://", 0},
	{ROW(SETTING_URL), "ftp://example.org", "!`key` must begin with https://", 0},
	{ROW(SETTING_URL), "https://", "!`key` needs the name or address of a host", 0},
	{ROW(SETTING_URL), "https:///a", "!`key` needs the name or address of a host", 0},
	{ROW(SETTING_URL), "https://:443/", "!`key` needs the name or address of a host", 0},
	{ROW(SETTING_URL), "https://me:s3cret@example.org/",
	 "!`key` may not hold a user name or password; they have their own keys", 0},
	{ROW(SETTING_URL), "https://example.org/@x", "https://example.org/@x", 0},
	{ROW(SETTING_URL), "https://example.org:0/", "!`key` needs a port from 1 to 65535", 0},
	{ROW(SETTING_URL), "https://example.org:65536/", "!`key` needs a port from 1 to 65535", 0},
	{ROW(SETTING_URL), "https://example.org:4294967739/", "!`key` needs a port from 1 to 65535",
	 0},
	{ROW(SETTING_URL), "https://example.org:/", "!`key` needs a port from 1 to 65535", 0},
	{ROW(SETTING_URL), "https://example.org:44a/", "!`key` needs a port from 1 to 65535", 0},
	{ROW(SETTING_URL), "https://[2001:db8::1/", "!`key` needs a `]` behind the IPv6 address",
	 0},
	{ROW(SETTING_URL), "https://[192.0.2.1]/",
	 "!`key` needs an IPv6 address between `[` and `]`", 0},
	{ROW(SETTING_URL), "https://[2001:db8::1]x/", "!`key` needs the name or address of a host",
	 0},
	{ROW(SETTING_URL), "https://ex ample.org/",
	 "!`key` holds a character that a URL may not: percent-encode it", 0},
	{ROW(SETTING_URL), "https://ex\xc3\xa4mple.org/",
	 "!`key` holds a character that a URL may not: percent-encode it", 0},
	{ROW(SETTING_URL), "https://example.org/#x", "!`key` may not have a `#` part", 0},
};

static void values_are_parsed_by_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct settings_value value = {.number = -7};
		char why[SETTINGS_WHY_MAX] = "";
		int error = settings_parse(&row->setting, row->text, false, &value, why);

		if (row->expected[0] == '!') {
			assert_int_equal(error, -EINVAL);
			assert_string_equal(why, row->expected + 1);
			assert_null(value.text);
			assert_int_equal(value.number, -7);
			assert_null(strstr(why, "s3cret"));
			continue;
		}
		assert_string_equal(why, "");
		assert_int_equal(error, 0);
		assert_string_equal(value.text, row->expected);
		assert_int_equal(value.number, row->number);
		settings_done(&value);
	}
}

static void plaintext_is_asked_for(void **state)
{
	static const struct setting row = ROW(SETTING_URL);
	struct settings_value value = {0};
	char why[SETTINGS_WHY_MAX];

	(void)state;
	assert_int_equal(settings_parse(&row, "http://example.org/", true, &value, why), 0);
	settings_done(&value);
}

static void lists_are_capped(void **state)
{
	static const struct setting row = ROW(SETTING_LIST);
	char text[2 * (SETTINGS_LIST_MAX + 1) + 1], why[SETTINGS_WHY_MAX];
	struct settings_value value = {0};

	(void)state;
	for (size_t i = 0; i <= SETTINGS_LIST_MAX; i++)
		memcpy(text + 2 * i, "x ", 3);
	assert_int_equal(settings_parse(&row, text, false, &value, why), -EINVAL);
	assert_string_equal(why, "`key` has more than 256 words");
	text[2 * SETTINGS_LIST_MAX] = '\0';
	assert_int_equal(settings_parse(&row, text, false, &value, why), 0);
	assert_int_equal(value.n, SETTINGS_LIST_MAX);
	settings_done(&value);
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: none */
		const char *back;
	} cases[] = {
		{"0", 0, "0"},
		{"5", 5000, "5s"},
		{"50ms", 50, "50ms"},
		{"1500ms", 1500, "1500ms"},
		{"90s", 90000, "90s"},
		{"5 m", 300000, "5m"},
		{"1h 30m", 5400000, "90m"},
		{"1h30m", 5400000, "90m"},
		{"2d", 172800000, "2d"},
		{"14d", 1209600000, "2w"},
		{"36525d", INT64_C(3155760000000), "36525d"},
		{"36526d", -1, NULL},
		{"99999999999999999999s", -1, NULL},
		{"9223372036854775807", -1, NULL},
		{"", -1, NULL},
		{"s", -1, NULL},
		{"1h 30", -1, NULL},
		{"30 1h", -1, NULL},
		{"1x", -1, NULL},
		{"1.5s", -1, NULL},
		{"-1s", -1, NULL},
		{"1hm", -1, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = -1;
		char text[DURATION_TEXT_MAX];
		int error = duration_parse(cases[i].text, &ms);

		assert_int_equal(error, cases[i].ms < 0 ? -EINVAL : 0);
		assert_int_equal(ms, cases[i].ms);
		if (!error)
			assert_string_equal(duration_text(ms, text), cases[i].back);
	}
}

static void dns_names(void **state)
{
	static const char long_label[] = "a23456789012345678901234567890123456789012345678901234567"
					 "890123.org";
	static const struct {
		const char *text, *expected; /* canonical, or '!' and why not */
	} cases[] = {
		{"Home.Example.ORG.", "home.example.org"},
		{"*.example.org", "*.example.org"},
		{"_acme.my_host", "_acme.my_host"},
		{"host", "host"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"1.example", "1.example"},
		{"", "!has an empty label"},
		{".", "!has an empty label"},
		{"a..b", "!has an empty label"},
		{"a.b..", "!has an empty label"},
		{".a", "!has an empty label"},
		{"-a.b", "!has a label that begins or ends with `-`"},
		{"a-.b", "!has a label that begins or ends with `-`"},
		{"a b", "!may hold letters, digits, `-`, `_` and dots only"},
		{"a/b", "!may hold letters, digits, `-`, `_` and dots only"},
		{"*", "!may have `*` only as its whole first label"},
		{"*a.b", "!may have `*` only as its whole first label"},
		{"a.*.b", "!may have `*` only as its whole first label"},
		{"*.", "!may have `*` only as its whole first label"},
		{"b\xc3\xbc"
		 "cher.example",
		 "!is not ASCII: write its xn-- form"},
		{"192.0.2.1", "!ends in a number: that is no name"},
	};
	char name[DNS_NAME_MAX], longest[DNS_NAME_MAX + 1];
	const char *why = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool wrong = cases[i].expected[0] == '!';

		assert_int_equal(dnsname_parse(cases[i].text, name, &why), wrong ? -EINVAL : 0);
		assert_string_equal(wrong ? why : name, cases[i].expected + wrong);
	}
	assert_int_equal(dnsname_parse(long_label + 1, name, &why), 0);
	assert_int_equal(dnsname_parse(long_label, name, &why), 0);
	memset(longest, 'a', sizeof(longest));
	for (size_t i = 50; i < sizeof(longest); i += 50)
		longest[i] = '.';
	longest[254] = '\0';
	assert_int_equal(dnsname_parse(longest, name, &why), -EINVAL);
	assert_string_equal(why, "is longer than 253 characters");
	longest[253] = '\0';
	assert_int_equal(dnsname_parse(longest, name, &why), 0);
	assert_int_equal(strlen(name), 253);
}

static void long_labels_are_refused(void **state)
{
	char name[DNS_NAME_MAX], text[80];
	const char *why = NULL;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[63] = '\0';
	assert_int_equal(dnsname_parse(text, name, &why), 0);
	text[63] = 'a';
	text[64] = '\0';
	assert_int_equal(dnsname_parse(text, name, &why), -EINVAL);
	assert_string_equal(why, "has a label of more than 63 characters");
}

static void nearest_words(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
		{"token", "token", 0}, {"tokn", "token", 1}, {"tokne", "token", 1},
		{"TOKEN", "token", 0}, {"", "token", 5},     {"token", "", 5},
		{"abc", "xyz", 3},     {"ca", "abc", 3},     {"settlemax", "settle-max", 1},
	};
	struct nearest nearest;
	char hint[NEAREST_HINT_MAX], word[100];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(nearest_distance(cases[i].a, cases[i].b), cases[i].distance);
	nearest_init(&nearest, "tokn");
	nearest_offer(&nearest, "ttl");
	assert_string_equal(nearest_hint(&nearest, hint), "");
	nearest_offer(&nearest, "token");
	nearest_offer(&nearest, "names");
	assert_string_equal(nearest_hint(&nearest, hint), "; did you mean `token`?");
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	nearest_init(&nearest, word);
	nearest_offer(&nearest, "a");
	assert_null(nearest.best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_parsed_by_type),
		cmocka_unit_test(plaintext_is_asked_for),
		cmocka_unit_test(lists_are_capped),
		cmocka_unit_test(durations),
		cmocka_unit_test(dns_names),
		cmocka_unit_test(long_labels_are_refused),
		cmocka_unit_test(nearest_words),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
