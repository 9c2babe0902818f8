/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_record.c"

#include "tests/unit/cfgtext.h"

static const struct bad {
	const char *text, *expected;
} bad[] = {
	/* Sections. */
	{"[default]\nttl = 1\n",
	 "nlddns.conf:1: unknown section [default]; did you mean [defaults]? (a host of that name "
	 "is written [default.])\n"},
	{"[NLDDNS]\n", "nlddns.conf:1: unknown section [NLDDNS]; did you mean [nlddns]? (a host of "
		       "that name is written [NLDDNS.])\n"},
	{"[acount x]\n", "nlddns.conf:1: unknown section [acount x]; did you mean `account`?\n"},
	{"[record a.b]\n",
	 "nlddns.conf:1: unknown section [record a.b]; there are [a DNS name], [account NAME], "
	 "[source NAME], [defaults] and [nlddns]\n"},
	{"[account]\n[source a b]\n[nlddns x]\n",
	 "nlddns.conf:1: [account] needs a name: [account NAME]\n"
	 "nlddns.conf:2: the name of [source NAME] is one word of at most 64 bytes\n"
	 "nlddns.conf:3: [nlddns] takes no name\n"},
	{"[b\xc3\xbc"
	 "cher.example]\n",
	 "nlddns.conf:1: `b\xc3\xbc"
	 "cher.example` is not ASCII: write its xn-- form\n"},
	{"[192.0.2.1]\n", "nlddns.conf:1: `192.0.2.1` ends in a number: that is no name\n"},
	/* Provider and account. */
	{"[a.b]\n", "nlddns.conf:1: [a.b] needs `provider` (or `account`)\n"},
	{"[account x]\n", "nlddns.conf:1: [account x] needs `provider`\n"},
	{"[a.b]\nprovider = dyndn2\nurl = x\ntokn = y\n",
	 "nlddns.conf:2: unknown provider `dyndn2`; did you mean `dyndns2`?\n"
	 "nlddns.conf:4: unknown key `tokn`\n"},
	{"[a.b]\nprovider = x\n", "nlddns.conf:2: unknown provider `x`; `nlddns providers` lists "
				  "them, and dyndns2 fits many more\n"},
	{"[a.b]\n" HOSTS "account = main\n[account main]\n" HOSTS,
	 "nlddns.conf:3: `file` belongs to the account; write it in [account main]\n"
	 "nlddns.conf:4: either `account` or `provider`, not both\n"},
	{"[a.b]\naccount = man\n[account main]\n" HOSTS,
	 "nlddns.conf:2: there is no [account man]; did you mean `main`?\n"},
	{"[a.b]\naccount = x\n[account x]\nprovider = hostz\n",
	 "nlddns.conf:4: unknown provider `hostz`; did you mean `hosts`?\n"},
	{"[a.b]\nprovider = dyndns2\n",
	 "nlddns.conf:1: [a.b] needs `url` (Where updates are sent, path included; may have "
	 "parameters already.)\n"
	 "nlddns.conf:1: [a.b] needs `username` (User name, or whatever the provider wants in its "
	 "place.)\n"
	 "nlddns.conf:1: [a.b] needs `password` (Password or update key.)\n"},
	/* Keys. */
	{"[a.b]\n" DYNDNS2 "usernam = x\n",
	 "nlddns.conf:6: unknown key `usernam`; did you mean `username`?\n"},
	{"[a.b]\n" HOSTS "lookup = auto\ncreate = no\n[nlddns]\nfrobnicate = /x\n",
	 "nlddns.conf:4: unknown key `lookup`\n"
	 "nlddns.conf:5: provider hosts has no `create`; it has file\n"
	 "nlddns.conf:7: unknown key `frobnicate`\n"},
	{"[a.b]\n" HOSTS "zone = x\nstate-dir = /x\n",
	 "nlddns.conf:4: provider hosts has no `zone`; it has file\n"
	 "nlddns.conf:5: `state-dir` does not belong in [a.b]; write it in [nlddns]\n"},
	{"[nlddns]\nttl = 5\nsettle = 1s\nurl = x\n[source x]\nttl = 5\n",
	 "nlddns.conf:2: `ttl` does not belong in [nlddns]; write it in a record or [defaults]\n"
	 "nlddns.conf:3: `settle` does not belong in [nlddns]; write it in [source NAME], a record "
	 "or [defaults]\n"
	 "nlddns.conf:4: `url` is a provider's setting; write it in the section that names the "
	 "provider\n"
	 "nlddns.conf:6: `ttl` does not belong in [source x]; write it in a record or "
	 "[defaults]\n"},
	{"[a.b]\n" HOSTS "family = ipv5\nbind = a b\nsettle = 2h\n",
	 "nlddns.conf:4: `family` cannot be `ipv5`; did you mean `ipv4`?\n"
	 "nlddns.conf:5: `bind` is source, none, or the name of one link\n"
	 "nlddns.conf:6: `settle` = 2h is out of range: 0 to 1h\n"},
	/* What the provider cannot do. */
	{"[a.b]\n" DYNDNS2 "ttl = 60\non-loss = delete after 5m\ncombine = all\n",
	 "nlddns.conf:1: combine = all: provider dyndns2 keeps one address a name; use a source "
	 "with combine = first\n"
	 "nlddns.conf:6: provider dyndns2 cannot set a ttl; leave it out\n"
	 "nlddns.conf:7: provider dyndns2 cannot delete records; write on-loss = keep\n"},
	{"[a.b]\n" DYNDNS2 "on-stop = delete\n",
	 "nlddns.conf:6: provider dyndns2 cannot delete records; write on-stop = keep\n"},
	{"[a.b]\n" HOSTS "on-loss = delete\n",
	 "nlddns.conf:4: `on-loss` is keep, or delete after DURATION, such as delete after 10m\n"},
	/* Sources. */
	{"[a.b]\n" HOSTS "source = wan\nsettle = 1s\nallow = cgnat\n[source wan]\n",
	 "nlddns.conf:5: `settle` belongs to the source; write it in [source wan]\n"
	 "nlddns.conf:6: `allow` belongs to the source; write it in [source wan]\n"},
	{"[defaults]\nsource = wan\n[a.b]\n" HOSTS "settle = 1s\n[source wan]\n",
	 "nlddns.conf:6: `settle` belongs to the source; write it in [source wan]\n"},
	{"[a.b]\n" HOSTS "source = wam\n[source wan]\n",
	 "nlddns.conf:4: there is no [source wam]; did you mean `wan`?\n"},
	{"[a.b]\n" HOSTS "interface = auto, eth0\nmatch = 192.0.2.1/24\nallow = privat\n"
	 "settle-max = 1ms\n",
	 "nlddns.conf:4: `interface` is either auto or a list of links\n"
	 "nlddns.conf:5: `match` has bits set behind its prefix length\n"
	 "nlddns.conf:6: `allow` cannot be `privat`; did you mean `private`?\n"
	 "nlddns.conf:7: `settle-max` is less than `settle`; the longest wait cannot be the "
	 "shorter one\n"},
	/* Names. */
	{"[a.b]\n" HOSTS "names = b.c, A.B., -x\n[b.c]\nfamily = ipv6\n" HOSTS,
	 "nlddns.conf:4: a.b A is already kept by nlddns.conf:1\n"
	 "nlddns.conf:4: a.b AAAA is already kept by nlddns.conf:1\n"
	 "nlddns.conf:4: `names`: `-x` has a label that begins or ends with `-`\n"
	 "nlddns.conf:5: b.c AAAA is already kept by nlddns.conf:1\n"},
	{"[a.b]\n" HOSTS "[A.b.]\n" HOSTS "family = ipv4\n",
	 "nlddns.conf:4: a.b A is already kept by nlddns.conf:1\n"},
	/* Defaults. */
	{"[defaults]\nnames = x.y\nprovider = hosts\naccount = x\nttl = 0\nsettle = x\ntokn = 1\n",
	 "nlddns.conf:2: `names` does not belong in [defaults]; write it in a record\n"
	 "nlddns.conf:4: either `account` or `provider`, not both\n"
	 "nlddns.conf:5: `ttl` = 0 is out of range: 1 to 604800\n"
	 "nlddns.conf:6: `settle` is no duration; write 50ms, 10s, 5m, 1h 30m or 7d\n"
	 "nlddns.conf:7: unknown key `tokn`\n"},
	{"[defaults]\nsettle = x\nfile = /x\n[a.b]\n" HOSTS "[c.d]\n" HOSTS,
	 "nlddns.conf:2: `settle` is no duration; write 50ms, 10s, 5m, 1h 30m or 7d\n"
	 "nlddns.conf:3: `file` is a provider's setting; write it in the section that names the "
	 "provider\n"},
	/* Values of providers; URLs and secrets are not shown. */
	{"[a.b]\nprovider = dyndns2\nurl = http://S3CRET@example.com\nusername = a # b\n"
	 "password = S3CRET ;x\nmyipv6 = S\nca-file = x\n",
	 "nlddns.conf:3: `url` sends secrets unprotected: write https://, or set allow-plaintext = "
	 "yes\n"
	 "nlddns.conf:4: `username` cannot be followed by a comment; put it on a line of its own\n"
	 "nlddns.conf:5: `password` holds white space and # or ;, which could begin a comment; put "
	 "comments on lines of their own, and such a secret into a file named by file:PATH\n"
	 "nlddns.conf:6: `myipv6` cannot be `S`; choose from: myip myipv6 separate\n"
	 "nlddns.conf:7: `ca-file` must be an absolute file name, beginning with /\n"},
	{"[a.b]\nprovider = rfc2136\nport = 65536\nzone = a..b\nkey = file:/nonexistent/key\n",
	 "nlddns.conf:3: `port` = 65536 is out of range: 1 to 65535\n"
	 "nlddns.conf:4: `zone` has an empty label\n"
	 "nlddns.conf:5: `key`: /nonexistent/key: No such file or directory\n"},
	/* The daemon. */
	{"[a.b]\n" HOSTS "[nlddns]\nstate-dir = x\nrecheck = 1s\nuser = a/b\nlog-level = inof\n"
	 "keep-updater = on\n",
	 "nlddns.conf:5: `state-dir` must be an absolute file name, beginning with /\n"
	 "nlddns.conf:6: `recheck` = 1s is out of range: 10s to 1w\n"
	 "nlddns.conf:7: `user` is the name of one user\n"
	 "nlddns.conf:8: `log-level` cannot be `inof`; did you mean `info`?\n"
	 "nlddns.conf:9: `keep-updater` is either yes or no\n"},
	{"[a.b]\n" HOSTS "[nlddns]\ncontrol = /run/"
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "89012345678901234567890\n",
	 "nlddns.conf:5: `control` is longer than a socket's name may be (107 bytes)\n"},
};

static void every_error_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		load_text(bad[i].text, -EINVAL);
		assert_string_equal(dump, bad[i].expected);
		assert_null(strstr(dump, "S3CRET"));
	}
}

static void describe_source(const struct cfg_source *source)
{
	print("source %s:", source->name);
	for (size_t i = 0; i < source->n_interfaces; i++)
		print(" %s", source->interfaces[i]);
	for (size_t i = 0; i < source->n_allow; i++)
		print(" +%s", source->allow[i]);
	print(" match=%s select=%d ready=%d combine=%d settle=%d/%d\n",
	      source->match ? source->match : "-", source->select, source->ready, source->combine,
	      (int)source->settle_ms, (int)source->settle_max_ms);
}

static void describe_record(const struct cfg *cfg, const struct cfg_record *record)
{
	print("%d %s %s by %s from %s ttl=%u refresh=%jd min=%jd loss=%jd stop=%d verify=%d "
	      "bind=%d:%s\n",
	      record->line, record->name, provider_type_name(record->type),
	      cfg->accounts[record->account].name, cfg->sources[record->source].name, record->ttl,
	      (intmax_t)record->refresh_ms, (intmax_t)record->min_interval_ms,
	      (intmax_t)record->on_loss_ms, record->on_stop, record->verify, record->bind,
	      record->bind_link ? record->bind_link : "-");
}

static void describe(const struct cfg *cfg)
{
	for (size_t i = 0; i < cfg->n_accounts; i++) {
		const struct cfg_account *account = &cfg->accounts[i];

		print("account %s: %s%s", account->name, account->provider->name,
		      account->allow_plaintext ? " plaintext" : "");
		for (size_t j = 0; j < account->n_values; j++)
			print(" %s=%s", account->values[j].name, account->values[j].text);
		print("\n");
	}
	for (size_t i = 0; i < cfg->n_sources; i++)
		describe_source(&cfg->sources[i]);
	for (size_t i = 0; i < cfg->n_records; i++)
		describe_record(cfg, &cfg->records[i]);
}

static const struct good {
	const char *text, *expected;
} good[] = {
	{"[home.Example.org.] # mine\n" DYNDNS2,
	 "account home.example.org: dyndns2 url=https://example.com/u username=me password=S3CRET "
	 "myipv6=myip allow-plaintext=no\n"
	 "source auto: match=- select=0 ready=0 combine=0 settle=50/1000\n"
	 "1 home.example.org A by home.example.org from auto ttl=0 refresh=2160000000 min=30000 "
	 "loss=-1 stop=0 verify=0 bind=0:-\n"
	 "1 home.example.org AAAA by home.example.org from auto ttl=0 refresh=2160000000 min=30000 "
	 "loss=-1 stop=0 verify=0 bind=0:-\n"},
	{"[nas]\naccount = dns # shared\nsource = wan\nfamily = ipv6 ; only\nnames = *.nas, NAS2\n"
	 "ttl = 300\nrefresh = 0\nmin-interval = 1m\non-loss = delete  after 1h 30m # slow\n"
	 "bind = eth9\nverify = slow\non-stop = delete\n"
	 "[source wan]\ninterface = ppp*,wwan0 # best first\nallow = cgnat private, cgnat\n"
	 "match = ::1234\nipv6-select = eui64\nready = address\ncombine = all\nsettle = 5s\n"
	 "[account dns]\nprovider = rfc2136\nzone = Example.org.\nkey = hmac-sha256:k:c2VjcmV0\n",
	 "account dns: rfc2136 port=53 zone=example.org key=hmac-sha256:k:c2VjcmV0\n"
	 "source wan: ppp* wwan0 +private +cgnat match=::1234 select=3 ready=1 combine=1 "
	 "settle=5000/5000\n"
	 "1 nas AAAA by dns from wan ttl=300 refresh=0 min=60000 loss=5400000 stop=1 verify=1 "
	 "bind=2:eth9\n"
	 "1 *.nas AAAA by dns from wan ttl=300 refresh=0 min=60000 loss=5400000 stop=1 verify=1 "
	 "bind=2:eth9\n"
	 "1 nas2 AAAA by dns from wan ttl=300 refresh=0 min=60000 loss=5400000 stop=1 verify=1 "
	 "bind=2:eth9\n"},
	/* Equal inline accounts are one, and so are sources; others with the same links get a
	 * number. */
	{"[a.b]\nfamily = ipv4\n" HOSTS "interface = eth0 eth1\n[c.d]\nfamily = ipv4\n" HOSTS
	 "interface = eth0, eth1\nsettle = 50ms\n[e.f]\nfamily = ipv4\n" HOSTS
	 "interface = eth0, eth1\nmatch = 192.0.2.0/24\nbind = none\n[g.h]\nfamily = ipv4\n" HOSTS
	 "interface = auto\n",
	 "account a.b: hosts file=/tmp/hosts\n"
	 "source eth0, eth1: eth0 eth1 match=- select=0 ready=0 combine=0 settle=50/1000\n"
	 "source eth0, eth1 (2): eth0 eth1 match=192.0.2.0/24 select=0 ready=0 combine=0 "
	 "settle=50/1000\n"
	 "source auto: match=- select=0 ready=0 combine=0 settle=50/1000\n"
	 "1 a.b A by a.b from eth0, eth1 ttl=0 refresh=0 min=0 loss=-1 stop=0 verify=0 bind=0:-\n"
	 "6 c.d A by a.b from eth0, eth1 ttl=0 refresh=0 min=0 loss=-1 stop=0 verify=0 bind=0:-\n"
	 "12 e.f A by a.b from eth0, eth1 (2) ttl=0 refresh=0 min=0 loss=-1 stop=0 verify=0 "
	 "bind=1:-\n"
	 "19 g.h A by a.b from auto ttl=0 refresh=0 min=0 loss=-1 stop=0 verify=0 bind=0:-\n"},
	/* Defaults fill what is not written, sources included; ttl where the provider sets one. */
	{"[defaults]\nprovider = hosts\nfile = /tmp/hosts\nfamily = ipv4\nttl = 60\nsource = wan\n"
	 "settle = 0\n[a.b]\n[c.d]\nprovider = rfc2136\ninterface = lan\nttl = 5\n"
	 "[e.f]\nprovider = hosts\nfile = /tmp/other\n[source wan]\ninterface = wan\n",
	 "account a.b: hosts file=/tmp/hosts\naccount c.d: rfc2136 port=53\n"
	 "account e.f: hosts file=/tmp/other\n"
	 "source wan: wan match=- select=0 ready=0 combine=0 settle=0/1000\n"
	 "source lan: lan match=- select=0 ready=0 combine=0 settle=0/1000\n"
	 "8 a.b A by a.b from wan ttl=0 refresh=0 min=0 loss=-1 stop=0 verify=0 bind=0:-\n"
	 "9 c.d A by c.d from lan ttl=5 refresh=86400000 min=0 loss=-1 stop=0 verify=0 bind=0:-\n"
	 "13 e.f A by e.f from wan ttl=0 refresh=0 min=0 loss=-1 stop=0 verify=0 bind=0:-\n"},
	{"[a.b]\nfamily = ipv4\nprovider = dyndns2\nurl = http://127.0.0.1:8080/nic\nusername = a;b"
	 "\npassword = #;\nallow-plaintext = yes # test\nca-file = /ca.pem\nmyipv6 = separate\n",
	 "account a.b: dyndns2 plaintext url=http://127.0.0.1:8080/nic username=a;b password=#; "
	 "myipv6=separate ca-file=/ca.pem allow-plaintext=yes\n"
	 "source auto: match=- select=0 ready=0 combine=0 settle=50/1000\n"
	 "1 a.b A by a.b from auto ttl=0 refresh=2160000000 min=30000 loss=-1 stop=0 verify=0 "
	 "bind=0:-\n"},
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

	return cmocka_run_group_tests_name("cfg_record", tests, tempdir_setup, tempdir_teardown);
}
