/* SPDX-License-Identifier: MIT */
/* What today's clients call a service leads to ours, or to a kind word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cfg/elsewhere.c"

#include "tests/unit/shipped.h"

/* A sample of the names that configurations have. */
static const struct {
	const char *word, *name;
} rows[] = {
	/* inadyn */
	{"default@dyndns.org", "dyn"},
	{"default@freedns.afraid.org", "freedns"},
	{"default@no-ip.com", "no-ip"},
	{"default@noip.com", "no-ip"},
	{"default@duckdns.org", "duckdns"},
	{"default@easydns.com", "easydns"},
	{"default@strato.com", "strato"},
	{"default@spdyn.de", "spdyn"},
	{"dyndns@he.net", "he.net"},
	{"ipv6tb@he.net", "tunnelbroker"},
	{"ipv4@nsupdate.info", "nsupdate.info"},
	{"ipv6@dynv6.com", "dynv6"},
	{"ipv6@inwx.com", "inwx"},
	{"default@ovh.com", "ovh-dynhost"},
	{"default@domains.google.com", "google-domains"},
	{"default@pdd.yandex.ru", "yandex-pdd"},
	{"default@cloudflare.com", "cloudflare"},
	{"default@porkbun.com", "porkbun"},
	{"ipv6@dnspod.cn", "dnspod"},
	{"custom", "template"},
	/* ddclient */
	{"dyndns2", "dyndns2"},
	{"noip", "no-ip"},
	{"freedns", "freedns"},
	{"keysystems", "keysystems"},
	{"mythicdyn", "mythic-beasts"},
	{"regfishde", "regfish"},
	{"zoneedit1", "zoneedit"},
	{"dnsexit2", "dnsexit"},
	{"googledomains", "google-domains"},
	{"cloudns", "cloudns"},
	{"nsupdate", "rfc2136"},
	{"nfsn", "nfsn"},
	{"digitalocean", "digitalocean"},
	/* ddns-updater */
	{"allinkl", "all-inkl"},
	{"dyn", "dyn"},
	{"he", "he.net"},
	{"nowdns", "now-dns"},
	{"selfhost.de", "selfhost"},
	{"noip", "no-ip"},
	{"strato", "strato"},
	{"aliyun", "alidns"},
	{"gcp", "gcp"},
	{"hetznercloud", "hetzner"},
	{"route53", "route53"},
	{"pdns", "powerdns"},
	/* OpenWrt */
	{"dyn.com", "dyn"},
	{"afraid.org-v2-token", "freedns"},
	{"all-inkl.com", "all-inkl"},
	{"mydns.jp", "mydns.jp"},
	{"njal.la", "njalla"},
	{"moniker.com", "keysystems"},
	{"mythic-beasts.com-v2", "mythic-beasts"},
	{"google.com", "google-domains"},
	{"dtdns.com", "dtdns"},
	{"bind-nsupdate", "rfc2136"},
	{"cloudflare.com-v4", "cloudflare"},
	{"godaddy.com-v1", "godaddy"},
	{"gandi.net-v2", "gandi"},
	{"cloud.google.com-v1", "gcp"},
	{"hetzner.cloud", "hetzner"},
	{"dns.la", "dnsla"},
	/* nobody */
	{"cloudflared", NULL},
	{"x@cloudflare.com", NULL},
	{"bar.foo", NULL},
	{"-v4", NULL},
	{"", NULL},
};

static void every_name_has_its_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct elsewhere *row = elsewhere_find(rows[i].word);
		const char *found = row ? row->name : NULL;
		char *name = NULL;

		if (catalog_resolve(SHIPPED_OWN, rows[i].word, &name) == 0)
			found = name;
		if (provider_find(rows[i].word))
			found = rows[i].word;
		if (!found != !rows[i].name || (found && strcmp(found, rows[i].name) != 0))
			fail_msg("%s is %s, not %s", rows[i].word, found ? found : "nothing",
				 rows[i].name ? rows[i].name : "nothing");
		free(name);
	}
}

/* What has a file of the catalogue has its aliases there; but for record APIs, which others call
 * by many names. */
static void no_name_is_of_the_catalogue(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct cfg_service *service;
		struct catalog_entry entry;

		if (catalog_find(SHIPPED_OWN, known[i].means.name, &entry) < 0)
			continue;
		service = shipped_read_entry(&entry);
		if (!service->service.api)
			fail_msg("%s: write the aliases in its file", entry.name);
		catalog_free(service);
		catalog_forget(&entry);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_has_its_answer),
		cmocka_unit_test(no_name_is_of_the_catalogue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
