/* SPDX-License-Identifier: MIT */
#include "providers/tsigkey.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SECRET "c2VjcmV0c2VjcmV0c2VjcmV0"

static const struct {
	const char *text;
	const char *name, *algorithm, *secret;
} good[] = {
	/* as tsig-keygen writes it */
	{"key \"ddns-key\" {\n\talgorithm hmac-sha256;\n\tsecret \"" SECRET "\";\n};\n", "ddns-key",
	 "hmac-sha256", SECRET},
	{"key ddns.Example. { secret " SECRET "; algorithm \"HMAC-SHA512\"; } ;", "ddns.example",
	 "hmac-sha512", SECRET},
	{"// one\n# two\n/* three\n */ KEY \"k\"{algorithm hmac-sha512.;/* x */secret\"" SECRET
	 "\";};# end",
	 "k", "hmac-sha512", SECRET},
	{"key \"k\" { algorithm hmac-sha256; secret \"c2Vj cmV0 AA==\"; };", "k", "hmac-sha256",
	 "c2VjcmV0AA=="},
	{"hmac-sha256:ddns-key:" SECRET, "ddns-key", "hmac-sha256", SECRET},
	{"HMAC-SHA512:Ddns_Key.example.:" SECRET "\n", "ddns_key.example", "hmac-sha512", SECRET},
	{" \n hmac-sha512:k:AA==", "k", "hmac-sha512", "AA=="},
	/* a name that begins like the BIND word */
	{"hmac-sha256:key:AA==", "key", "hmac-sha256", "AA=="},
};

static const struct {
	const char *text;
	const char *why; /* how it begins */
} bad[] = {
	{"", "key is neither"},
	{"x", "key is neither"},
	{"hmac-sha256:k", "key is neither"},
	{SECRET, "key is neither"},
	{"# only a comment", "key is neither"},
	{"/* not closed", "key is neither"},
	{"keyx \"k\" { algorithm hmac-sha256; secret \"AA==\"; };", "key is neither"},
	{"hmac-md5:k:AA==", "the key's algorithm"},
	{"hmac-sha1:k:AA==", "the key's algorithm"},
	{"hmac-sha384:k:AA==", "the key's algorithm"},
	{"hmac-sha25:k:AA==", "the key's algorithm"},
	{"hmac-sha2567:k:AA==", "the key's algorithm"},
	{":k:AA==", "the key's algorithm"},
	{"k:AA==:", "the key's algorithm"},
	{"hmac-sha256::AA==", "the key's name"},
	{"hmac-sha256:.:AA==", "the key's name"},
	{"hmac-sha256:a..b:AA==", "the key's name"},
	{"hmac-sha256:.a:AA==", "the key's name"},
	{"hmac-sha256:a b:AA==", "the key's name"},
	{"hmac-sha256:k:", "the key's secret"},
	{"hmac-sha256:k:AA=", "the key's secret"},
	{"hmac-sha256:k:AAAAA", "the key's secret"},
	{"hmac-sha256:k:A===", "the key's secret"},
	{"hmac-sha256:k:AA=A", "the key's secret"},
	{"hmac-sha256:k:AA-_", "the key's secret"},
	{"hmac-sha256:k:AAAA:AAA", "the key's secret"},
	{"key \"k\" { algorithm hmac-sha256; secret \"\"; };", "the key's secret"},
	{"key \"k\" { algorithm hmac-sha256; };", "the key's secret"},
	{"key \"k\" { secret \"AA==\"; };", "the key's algorithm"},
	{"key \"\" { algorithm hmac-sha256; secret \"AA==\"; };", "the key's name"},
	{"key \"k\" { algorithm hmac-md5; secret \"AA==\"; };", "the key's algorithm"},
	{"key \"k\" { algorithm hmac-sha256; secret \"AA==\"; }", "the key file is not like"},
	{"key \"k\" { algorithm hmac-sha256; secret \"AA==\" };", "the key file is not like"},
	{"key \"k\" { algorithm hmac-sha256; secret \"AA==\";", "the key file is not like"},
	{"key \"k\" { algorithm hmac-sha256 secret \"AA==\"; };", "the key file is not like"},
	{"key \"k\" { algorithm hmac-sha256; secret \"AA==; };", "the key file is not like"},
	{"key \"k\" { algorithm hmac-sha256; algorithm hmac-sha256; secret \"AA==\"; };",
	 "the key file is not like"},
	{"key \"k\" { algorithm hmac-sha256; secret \"AA==\"; other x; };",
	 "the key file is not like"},
	{"key \"k\" \"{\" algorithm hmac-sha256; secret \"AA==\"; };", "the key file is not like"},
	{"key \"k\" algorithm hmac-sha256;", "the key file is not like"},
	{"key \"k\"", "the key file is not like"},
	{"key ", "the key file is not like"},
	{"key \"k\" { algorithm hmac-sha256; secret \"AA==\"; };\nkey \"l\" {};",
	 "the key file holds more"},
};

static void reads_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct tsigkey key;
		const char *why = NULL;

		assert_int_equal(tsigkey_parse(good[i].text, &key, &why), 0);
		assert_null(why);
		assert_string_equal(key.name, good[i].name);
		assert_string_equal(key.algorithm, good[i].algorithm);
		assert_string_equal(key.secret, good[i].secret);
	}
}

static void refuses_what_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct tsigkey key = {.name = "untouched"};
		const char *why = "";

		assert_int_equal(tsigkey_parse(bad[i].text, &key, &why), -EINVAL);
		if (strncmp(why, bad[i].why, strlen(bad[i].why)) != 0)
			print_message("# %s\n", bad[i].text);
		assert_memory_equal(why, bad[i].why, strlen(bad[i].why));
		assert_string_equal(key.name, "untouched");
	}
}

/* Caps, from one below to one above. */
static void lengths_are_limited(void **state)
{
	char text[4000], *to;
	struct tsigkey key;
	const char *why;

	(void)state;
	for (size_t len = 250; len < 258; len++) {
		to = stpcpy(text, "hmac-sha256:");
		for (size_t i = 0; i < len; i++)
			*to++ = i % 64 == 63 ? '.' : 'a';
		stpcpy(to, ":AA==");
		assert_int_equal(tsigkey_parse(text, &key, &why), len < DNS_NAME_MAX ? 0 : -EINVAL);
	}
	for (size_t len = 60; len < 67; len++) {
		to = stpcpy(text, "hmac-sha256:");
		memset(to, 'a', len);
		stpcpy(to + len, ":AA==");
		assert_int_equal(tsigkey_parse(text, &key, &why), len < 64 ? 0 : -EINVAL);
	}
	for (size_t len = 4; len < 3000; len += 4) {
		to = stpcpy(text, "key k { algorithm hmac-sha256; secret \"");
		memset(to, 'A', len);
		stpcpy(to + len, "\"; };");
		assert_int_equal(tsigkey_parse(text, &key, &why),
				 len < TSIGKEY_SECRET_MAX ? 0 : -EINVAL);
	}
	memset(text, 'k', 3000);
	memcpy(text, "key ", 4);
	stpcpy(text + 3000, " { algorithm hmac-sha256; secret \"AA==\"; };");
	assert_int_equal(tsigkey_parse(text, &key, &why), -EINVAL);
}

/* Whatever is cut off or changed, it ends with an answer and inside its buffers. */
static void survives_damage(void **state)
{
	unsigned n_good = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		size_t len = strlen(good[i].text);

		for (size_t at = 0; at < len; at++) {
			for (unsigned c = 0; c < 256; c += 7) {
				char *text = strdup(good[i].text);
				struct tsigkey key;
				const char *why = NULL;

				text[at] = (char)c;
				if (tsigkey_parse(text, &key, &why) == 0) {
					n_good++;
					assert_non_null(key.algorithm);
					assert_in_range(strlen(key.secret), 4,
							TSIGKEY_SECRET_MAX - 1);
				} else {
					assert_non_null(why);
				}
				free(text);
			}
		}
	}
	assert_true(n_good > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_keys),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(lengths_are_limited),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
