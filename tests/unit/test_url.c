/* SPDX-License-Identifier: MIT */
#include "update/updater/url.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void host_and_port_are_found(void **unused)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
		bool is_address;
	} rows[] = {
		{"https://www.example.org/nic/update?host=a.b", "www.example.org", 443, false},
		{"http://www.example.org", "www.example.org", 80, false},
		{"https://WWW.example.org:8443/", "WWW.example.org", 8443, false},
		{"https://me:pw@host:1/", "host", 1, false},
		{"https://192.0.2.1/", "192.0.2.1", 443, true},
		{"https://192.0.2.1.example/", "192.0.2.1.example", 443, false},
		{"https://[2001:db8::1]:8443/", "[2001:db8::1]", 8443, true},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct url url;

		assert_int_equal(url_parse(rows[i].text, &url), 0);
		assert_string_equal(url.host, rows[i].host);
		assert_int_equal(url.port, rows[i].port);
		assert_int_equal(url.is_address, rows[i].is_address);
	}
}

static void what_leads_nowhere_is_refused(void **unused)
{
	static const char *const rows[] = {
		"",
		"www.example.org",
		"http://",
		"file:///etc/passwd",
		"https://host:99999/",
		"https://a"
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789/",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct url url = {.host = "untouched"};

		assert_int_equal(url_parse(rows[i], &url), -EINVAL);
		assert_string_equal(url.host, "untouched");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_and_port_are_found),
		cmocka_unit_test(what_leads_nowhere_is_refused),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
