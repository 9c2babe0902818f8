/* SPDX-License-Identifier: MIT */
#include "update/ctl/preview.c"

#include "tests/unit/example.h"

static const struct {
	const char *config, *shown;
} rows[] = {
	{"[home.duckdns.org]\nprovider = duckdns\ntoken = sesame\n",
	 "GET https://www.duckdns.org/update?domains=home&token=HIDDEN&ip=192.0.2.1&"
	 "ipv6=2001%3Adb8%3A%3A1\n"},
	{"[home.example.org]\nprovider = no-ip\nusername = me\npassword = sesame\nfamily = ipv6\n",
	 "GET https://dynupdate.no-ip.com/nic/update?hostname=home.example.org&"
	 "myip=2001%3Adb8%3A%3A1\n"
	 "Authorization: Basic (me:HIDDEN)\n"},
	{"[home.example.org]\nprovider = west.cn\nusername = me\npassword = sesame\n"
	 "zone = example.org\n",
	 "POST https://api.west.cn/API/v2/domain/dns/\n"
	 "Content-Type: application/x-www-form-urlencoded\n"
	 "\n"
	 "act=dnsrec.update&domain=example.org&hostname=home&record_value=192.0.2.1&"
	 "username=me&apikey=HIDDEN\n"},
	{"[home.example.org]\nprovider = gigahost\nkey = sesame\nfamily = ipv4\n",
	 "GET https://api.gigahost.no/api/v0/dns/dyndns?hostname=home.example.org&"
	 "myip=192.0.2.1\n"
	 "Authorization: Bearer HIDDEN\n"},
	{"[home.example.org]\nprovider = mythic-beasts\nusername = me\npassword = sesame\n",
	 "POST https://ipv4.api.mythic-beasts.com/dns/v2/dynamic/home.example.org\n"
	 "Authorization: Basic (me:HIDDEN)\n"
	 "(over IPv4, as the address is taken from the connection)\n"},
	{"[home.example.org]\nprovider = dyndns2\nurl = https://a.example/u?key=sesame\n"
	 "username = me\npassword = sesame\nfamily = ipv4\n",
	 "GET https://a.example/u?HIDDEN&hostname=home.example.org&myip=192.0.2.1\n"
	 "Authorization: Basic (me:HIDDEN)\n"},
	{"[home.example.org]\nprovider = template\nurl = https://a.example/{name}/{md5:token}\n"
	 "body = {\"ip\":\"{ip}\"}\ncontent-type = json\nheader = X-Key: {key}\n"
	 "token = sesame\nkey = sesame\ndone = empty\nfamily = ipv4\n",
	 "POST https://a.example/home.example.org/HIDDEN\n"
	 "Content-Type: application/json\n"
	 "X-Key: HIDDEN\n"
	 "\n"
	 "{\"ip\":\"192.0.2.1\"}\n"},
	/* written where they are used */
	{"[home.example.org]\nprovider = template\nurl = https://a.example/{name}\n"
	 "basic = me:sesame\ndone = empty\nfamily = ipv4\n",
	 "GET https://a.example/home.example.org\n"
	 "Authorization: Basic (me:HIDDEN)\n"
	 "(over IPv4, as the address is taken from the connection)\n"},
	{"[home.example.org]\nprovider = template\nurl = https://a.example/{ip}\n"
	 "bearer = sesame\ndone = empty\nfamily = ipv4\n",
	 "GET https://a.example/192.0.2.1\n"
	 "Authorization: Bearer HIDDEN\n"},
	{"[home.example.org]\nprovider = rfc2136\nserver = 192.0.2.53\n"
	 "key = hmac-sha256:k:c2VzYW1lc2VzYW1lc2VzYW1l\n",
	 "DNS server that takes updates (BIND, Knot, PowerDNS, ...): home.example.org A "
	 "192.0.2.1\n"},
};

static void play(size_t i)
{
	struct snapshot snapshot = {0};
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	bool invented = false;
	struct buf text;

	tempdir_text("nlddns.conf", rows[i].config);
	(void)cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors);
	cfg_errors_print(&errors, stderr);
	assert_non_null(cfg);
	buf_init(&text, PREVIEW_TEXT_MAX);
	assert_true(preview_write(cfg, &cfg->records[0], &snapshot, &invented, &text));
	assert_true(invented);
	assert_string_equal(text.text, rows[i].shown);
	assert_null(strstr(text.text, "sesame"));
	buf_done(&text);
	cfg_errors_done(&errors);
	cfg_free(cfg);
}

static void requests_are_shown_without_secrets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		play(i);
}

static void names_that_share_a_request_are_shown_once(void **state)
{
	struct cfg_errors errors = {0};
	struct snapshot snapshot = {0};
	struct cfg *cfg = NULL;

	(void)state;
	tempdir_text("nlddns.conf",
		     "[a.duckdns.org]\nprovider = duckdns\ntoken = x\n[b.example.org]\n"
		     "provider = nsupdate.info\npassword = x\n[c.example.org]\n"
		     "provider = template\nurl = https://c.example/{ip}\ndone = empty\n");
	(void)cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors);
	assert_int_equal(cfg->n_records, 6);
	assert_false(preview_is_repeated(cfg, &cfg->records[0], &snapshot));
	assert_true(preview_is_repeated(cfg, &cfg->records[1], &snapshot));
	assert_false(preview_is_repeated(cfg, &cfg->records[2], &snapshot));
	assert_false(preview_is_repeated(cfg, &cfg->records[3], &snapshot));
	assert_false(preview_is_repeated(cfg, &cfg->records[5], &snapshot));
	cfg_errors_done(&errors);
	cfg_free(cfg);
}

/* Whatever the provider, what its example would send is shown, with no secret in it. */
static void no_example_shows_its_secrets(void **state)
{
	struct offer_list list;

	(void)state;
	assert_int_equal(setenv("TEST_SECRET", "hmac-sha256:k:c2VzYW1lc2VzYW1lc2VzYW1l", 1), 0);
	assert_int_equal(offer_read("/nonexistent/nlddns.conf", &list), 0);
	for (size_t i = 0; i < list.n; i++) {
		struct snapshot snapshot = {0};
		struct cfg_errors errors = {0};
		struct cfg *cfg = NULL;
		bool invented;

		if (!list.offers[i].provider || strcmp(list.offers[i].name, "none") == 0)
			continue;
		example_write(&list.offers[i]);
		(void)cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors);
		cfg_errors_print(&errors, stderr);
		assert_non_null(cfg);
		for (size_t k = 0; k < cfg->n_records; k++) {
			struct buf text;

			buf_init(&text, PREVIEW_TEXT_MAX);
			if (!preview_write(cfg, &cfg->records[k], &snapshot, &invented, &text))
				fail_msg("%s: %s", list.offers[i].name, text.text);
			if (strstr(text.text, "c2VzYW1l"))
				fail_msg("%s shows a secret: %s", list.offers[i].name, text.text);
			buf_done(&text);
		}
		cfg_errors_done(&errors);
		cfg_free(cfg);
	}
	offer_done(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(requests_are_shown_without_secrets, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(no_example_shows_its_secrets, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(names_that_share_a_request_are_shown_once,
						tempdir_setup, tempdir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
