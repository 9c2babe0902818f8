/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_host.c"

#include <errno.h>

#include "tests/unit/cfgtext.h"

#define NAS "[nas.lan]\n" HOSTS "family = ipv6\ninterface = br-lan\n"

static const struct bad {
	const char *text, *expected;
} bad[] = {
	{NAS "suffix = ::\n", "nlddns.conf:6: `suffix` needs a host part that is not all zero, "
			      "such as ::1234:5678\n"},
	{NAS "suffix = 2001:db8::5\n",
	 "nlddns.conf:6: `suffix` begins like a whole address; write only what follows the prefix, "
	 "such as ::1234:5678\n"},
	{NAS "suffix = ::1:0:0:0:5/64\n",
	 "nlddns.conf:6: `suffix` has bits set within the prefix it is meant for\n"},
	{NAS "suffix = nas\n",
	 "nlddns.conf:6: `suffix` is no host part; write one such as ::1234:5678\n"},
	{NAS "mac = aa:bb:cc:dd:ee\n",
	 "nlddns.conf:6: `mac` is no MAC address; write it as aa:bb:cc:dd:ee:ff\n"},
	{NAS "suffix = ::5\nmac = aa:bb:cc:dd:ee:ff\n",
	 "nlddns.conf:7: either `suffix` or `mac`, not both\n"},
	{NAS "suffix = ::5\nmatch = ::1\nipv6-select = temporary\n",
	 "nlddns.conf:7: `match` beside `suffix` is the IPv6 prefix to use, such as "
	 "2001:db8::/32\n"
	 "nlddns.conf:8: `ipv6-select` chooses among this machine's own addresses; of these, "
	 "`suffix` uses the prefix alone: leave it out\n"},
	{NAS "mac = aa:bb:cc:dd:ee:ff\nmatch = 192.0.2.0/24\n",
	 "nlddns.conf:7: `match` beside `mac` is the IPv6 prefix to use, such as 2001:db8::/32\n"},
	{"[nas.lan]\n" HOSTS "family = ipv6\nsuffix = ::5\n",
	 "nlddns.conf:5: `suffix` needs `interface`, the link of the LAN which that host is on\n"},
	{"[nas.lan]\n" HOSTS "family = ipv6\nsuffix = ::5\ninterface = auto\n",
	 "nlddns.conf:5: `suffix` needs `interface`, the link of the LAN which that host is on\n"},
	{"[nas.lan]\n" HOSTS "interface = br-lan\nsuffix = ::5\n",
	 "nlddns.conf:1: [nas.lan] needs family = ipv6, as `suffix` makes no IPv4 address\n"},
	{"[nas.lan]\n" HOSTS "family = ipv4\ninterface = br-lan\nmac = aa:bb:cc:dd:ee:ff\n",
	 "nlddns.conf:4: [nas.lan] needs family = ipv6, as `mac` makes no IPv4 address\n"},
	{"[nas.lan]\n" HOSTS "source = nas\n[source nas]\ninterface = br-lan\nsuffix = ::5\n",
	 "nlddns.conf:1: [nas.lan] needs family = ipv6, as `suffix` makes no IPv4 address\n"},
	{"[source nas]\ninterface = br-lan\nsuffix = ::/64\nmac = x\n",
	 "nlddns.conf:3: `suffix` needs a host part that is not all zero, such as ::1234:5678\n"
	 "nlddns.conf:4: either `suffix` or `mac`, not both\n"},
	{"[defaults]\nsource = wan\n[source wan]\n[nas.lan]\n" HOSTS "family = ipv6\nsuffix = "
	 "::5\n",
	 "nlddns.conf:8: `suffix` belongs to the source; write it in [source wan]\n"},
	{"[nlddns]\nsuffix = ::5\n",
	 "nlddns.conf:2: `suffix` does not belong in [nlddns]; write it in [source NAME], a record "
	 "or [defaults]\n"},
};

static void every_error_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		load_text(bad[i].text, -EINVAL);
		assert_string_equal(dump, bad[i].expected);
	}
}

static void describe(const struct cfg *cfg)
{
	for (size_t i = 0; i < cfg->n_sources; i++) {
		const struct cfg_source *source = &cfg->sources[i];

		print("%s: ", source->name);
		for (size_t j = 0; j < 16; j++)
			print("%02x", source->host.bytes[j]);
		print(" %u/%u ready=%d match=%s select=%d\n", source->host.prefix_max,
		      source->host.prefix_len, source->ready, source->match ? source->match : "-",
		      source->select);
	}
}

static const struct good {
	const char *text, *expected;
} good[] = {
	{NAS "suffix = ::1234:5678 # the NAS\n",
	 "br-lan + ::1234:5678: 00000000000000000000000012345678 99/0 ready=1 match=- select=0\n"},
	{NAS "suffix = ::1234:5678/64\nready = route\n",
	 "br-lan + ::1234:5678/64: 00000000000000000000000012345678 99/64 ready=0 match=- "
	 "select=0\n"},
	{NAS "mac = 00:00:5e:00:53:01\nmatch = 2001:db8::/32\nipv6-select = stable\n",
	 "br-lan + 00:00:5e:00:53:01: 000000000000000002005efffe005301 64/0 ready=1 "
	 "match=2001:db8::/32 select=0\n"},
	/* Equal hosts share a source, however they are written. */
	{NAS "suffix = ::5\n[b.lan]\n" HOSTS "family = ipv6\ninterface = br-lan\nsuffix = "
	     "0:0::0005\n"
	     "[c.lan]\n" HOSTS "family = ipv6\ninterface = br-lan\nsuffix = ::5/64\n"
	     "[d.lan]\n" HOSTS "family = ipv6\ninterface = br-lan\n",
	 "br-lan + ::5: 00000000000000000000000000000005 125/0 ready=1 match=- select=0\n"
	 "br-lan + ::5/64: 00000000000000000000000000000005 125/64 ready=1 match=- select=0\n"
	 "br-lan: 00000000000000000000000000000000 0/0 ready=0 match=- select=0\n"},
	{"[nas.lan]\n" HOSTS "family = ipv6\nsource = nas\n[source nas]\ninterface = br-lan\n"
	 "suffix = ::5\n",
	 "nas: 00000000000000000000000000000005 125/0 ready=1 match=- select=0\n"},
	/* What defaults say for this machine's own addresses does not concern another host. */
	{"[defaults]\nmatch = ::1\nipv6-select = temporary\ninterface = br-lan\nmac = "
	 "00:00:5e:00:53:01\nfamily = ipv6\n[nas.lan]\n" HOSTS "suffix = ::5\n",
	 "br-lan + ::5: 00000000000000000000000000000005 125/0 ready=1 match=- select=0\n"},
	{"[defaults]\nready = route\n" NAS "suffix = ::5\n",
	 "br-lan + ::5: 00000000000000000000000000000005 125/0 ready=0 match=- select=0\n"},
};

static void good_files_give_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct cfg *cfg = load_text(good[i].text, 0);

		assert_string_equal(dump, "");
		describe(cfg);
		assert_string_equal(dump, good[i].expected);
		cfg_free(cfg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_is_told_with_its_place),
		cmocka_unit_test(good_files_give_what_they_say),
	};

	return cmocka_run_group_tests_name("cfg_host", tests, tempdir_setup, tempdir_teardown);
}
