/* SPDX-License-Identifier: MIT */
#include "cfg/fingerprint.c"

#include "tests/unit/cfgtext.h"

static uint64_t fingerprint_of(const char *text)
{
	struct cfg *cfg = load_text(text, 0);
	uint64_t fingerprint = cfg->records[0].fingerprint;

	cfg_free(cfg);
	return fingerprint;
}

static uint64_t account_of(const char *text)
{
	struct cfg *cfg = load_text(text, 0);
	uint64_t fingerprint = fingerprint_account(&cfg->accounts[0]);

	cfg_free(cfg);
	return fingerprint;
}

static void an_account_is_its_provider_and_values(void **state)
{
	uint64_t first = account_of("[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\n");

	(void)state;
	assert_int_equal(first, account_of("[x]\nfamily = ipv6\naccount = y\n"
					   "[account y]\n" DYNDNS2));
	assert_int_not_equal(first, account_of("[a.b]\n" HOSTS));
	assert_int_not_equal(first, account_of("[a.b]\nprovider = dyndns2\nusername = me\n"
					       "url = https://example.com/u\n"
					       "password = S3CREU\n"));
}

static void fingerprints(void **state)
{
	static const char base[] = "[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\n";
	static const char *const same[] = {
		"# c\n[A.B.] # c\n" DYNDNS2 "\ninterface = eth0 # c\nfamily = ipv4\n",
		"[x]\nfamily = ipv4\naccount = y\nsource = z\n[account y]\n" DYNDNS2
		"[source z]\ninterface = eth0\n",
		"[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\nsettle = 1s\nrefresh = 1d\n",
		"[nlddns]\nlog-level = debug\n[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\n",
	};
	static const char *const other[] = {
		"[a.c]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\n",
		"[a.b]\nfamily = ipv6\n" DYNDNS2 "interface = eth0\n",
		"[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth1\n",
		"[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0, eth1\n",
		"[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\nallow = cgnat\n",
		"[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\nmatch = 192.0.2.0/24\n",
		"[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\nbind = none\n",
		"[a.b]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\nmyipv6 = separate\n",
		"[a.b]\nfamily = ipv4\ninterface = eth0\nprovider = dyndns2\n"
		"url = https://example.com/u\nusername = me\npassword = S3CREU\n",
		"[a.b]\nfamily = ipv4\ninterface = eth0\n" HOSTS,
		"[a.b]\nfamily = ipv6\n" DYNDNS2 "interface = eth0\nready = address\n",
		"[a.b]\nfamily = ipv6\n" DYNDNS2 "interface = eth0\nsuffix = ::5\n",
		"[a.b]\nfamily = ipv6\n" DYNDNS2 "interface = eth0\nsuffix = ::6\n",
		"[a.b]\nfamily = ipv6\n" DYNDNS2 "interface = eth0\nsuffix = ::5/64\n",
		"[a.b]\nfamily = ipv6\n" DYNDNS2 "interface = eth0\nmac = 00:00:5e:00:53:01\n",
		"[a.b]\nfamily = ipv6\n" DYNDNS2
		"interface = eth0\nsuffix = ::200:5eff:fe00:5301\n",
	};
	uint64_t seen[1 + sizeof(other) / sizeof(other[0])];

	(void)state;
	seen[0] = fingerprint_of(base);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		/* The second one has another name. */
		assert_int_equal(fingerprint_of(same[i]) == seen[0], i != 1);
	assert_int_equal(fingerprint_of(same[1]),
			 fingerprint_of("[x]\nfamily = ipv4\n" DYNDNS2 "interface = eth0\n"));
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		seen[i + 1] = fingerprint_of(other[i]);
		for (size_t j = 0; j <= i; j++)
			assert_int_not_equal(seen[j], seen[i + 1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fingerprints),
		cmocka_unit_test(an_account_is_its_provider_and_values),
	};

	return cmocka_run_group_tests_name("fingerprint", tests, tempdir_setup, tempdir_teardown);
}
