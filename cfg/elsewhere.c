/* SPDX-License-Identifier: MIT */
#include "cfg/elsewhere.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* words: each stands for itself and for what begins with it and a dot. */
static const struct {
	const char *words;
	struct elsewhere means;
} known[] = {
	{"nsupdate bind-nsupdate", {"rfc2136", "DNS servers that take updates"}},
	{"custom callback generic", {"template", "Services of one's own"}},
	{"dyndns1 dslreports dslreports1", {"dyndns1", "the dyndns1 protocol"}},
	{"alidns aliyun", {"alidns", "Alibaba Cloud DNS"}},
	{"azure", {"azure", "Azure DNS"}},
	{"baiducloud", {"baiducloud", "Baidu AI Cloud DNS"}},
	{"beget", {"beget", "Beget"}},
	{"blazingfast", {"blazingfast", "BlazingFast"}},
	{"bunny", {"bunny", "bunny.net DNS"}},
	{"cloudflare", {"cloudflare", "Cloudflare"}},
	{"constellix", {"constellix", "Constellix"}},
	{"digitalocean", {"digitalocean", "DigitalOcean"}},
	{"dnsdynamic", {"dnsdynamic", "DNSdynamic"}},
	{"dnsimple", {"dnsimple", "DNSimple"}},
	{"dnsla dns.la", {"dnsla", "DNS.LA"}},
	{"dnsmax thatip", {"dnsmax", "dnsMAX"}},
	{"dnspod", {"dnspod", "DNSPod"}},
	{"domopoli", {"domopoli", "domopoli"}},
	{"dreamhost", {"dreamhost", "DreamHost"}},
	{"gandi", {"gandi", "Gandi LiveDNS"}},
	{"gcore", {"gcore", "Gcore DNS"}},
	{"gcp cloud.google", {"gcp", "Google Cloud DNS"}},
	{"godaddy", {"godaddy", "GoDaddy"}},
	{"hetzner hetznercloud", {"hetzner", "Hetzner Cloud DNS"}},
	{"hostinger", {"hostinger", "Hostinger"}},
	{"huaweicloud", {"huaweicloud", "Huawei Cloud DNS"}},
	{"ionos", {"ionos", "IONOS"}},
	{"linode", {"linode", "Linode (Akamai)"}},
	{"luadns", {"luadns", "the API of LuaDNS (but its dynamic DNS: luadns-dyndns)"}},
	{"name.com namecom", {"name.com", "Name.com"}},
	{"namesilo", {"namesilo", "NameSilo"}},
	{"netcup", {"netcup", "netcup"}},
	{"netlify", {"netlify", "Netlify DNS"}},
	{"nfsn", {"nfsn", "NearlyFreeSpeech.NET"}},
	{"ns1", {"ns1", "NS1 (IBM)"}},
	{"one.com", {"one.com", "one.com"}},
	{"pdns", {"powerdns", "the HTTP API of PowerDNS"}},
	{"porkbun", {"porkbun", "Porkbun"}},
	{"route53 aws", {"route53", "Amazon Route 53"}},
	{"scaleway", {"scaleway", "Scaleway"}},
	{"servercow", {"servercow", "Servercow"}},
	{"spaceship", {"spaceship", "Spaceship"}},
	{"technitium", {"technitium", "Technitium DNS Server"}},
	{"tencentcloud", {"tencentcloud", "Tencent Cloud DNSPod"}},
	{"transip", {"transip", "TransIP"}},
	{"vercel", {"vercel", "Vercel DNS"}},
	{"volcengine", {"volcengine", "Volcengine"}},
	{"vultr", {"vultr", "Vultr"}},
	{"xlhost", {"xlhost", "xlhost"}},
};

/* inadyn writes "ipv4@HOST". */
static const char *skip_prefix(const char *word)
{
	static const char *const prefixes[] = {"default@", "ipv4@", "ipv6@"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncasecmp(word, prefixes[i], strlen(prefixes[i])) == 0)
			return word + strlen(prefixes[i]);
	return word;
}

/* OpenWrt writes "HOST-v4": without the version. */
static size_t stem_len(const char *word)
{
	size_t len = strlen(word);

	if (len > 3 && isdigit((unsigned char)word[len - 1]) && word[len - 2] == 'v' &&
	    word[len - 3] == '-')
		len -= 3;
	return len;
}

static bool stands_for(const char *words, const char *word, size_t len)
{
	while (*words) {
		size_t n = strcspn(words, " ");

		if (n <= len && strncasecmp(words, word, n) == 0 && (n == len || word[n] == '.'))
			return true;
		words += n + strspn(words + n, " ");
	}
	return false;
}

const struct elsewhere *elsewhere_find(const char *word)
{
	const char *stem = skip_prefix(word);
	size_t len = stem_len(stem);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (stands_for(known[i].words, stem, len))
			return &known[i].means;
	return NULL;
}
