/* SPDX-License-Identifier: MIT */
#include "cfg/url.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/dnsname.h"

static const char *const no_host = "needs the name or address of a host";

const char *url_check_host(const char *text)
{
	struct in6_addr addr;
	char name[DNS_NAME_MAX];
	const char *why = NULL;

	if (inet_pton(AF_INET, text, &addr) == 1 || inet_pton(AF_INET6, text, &addr) == 1)
		return NULL;
	if (text[0] == '*')
		return no_host;
	return dnsname_parse(text, name, &why) ? why : NULL;
}

static const char *check_port(const char *port, size_t len)
{
	unsigned number = 0;

	for (size_t i = 0; i < len && i < 6; i++)
		number = port[i] < '0' || port[i] > '9' ? 65536 : number * 10 + (port[i] - '0');
	return number < 1 || number > 65535 ? "needs a port from 1 to 65535" : NULL;
}

/* host[:port], an IPv6 address in brackets. */
static const char *check_authority(const char *text, size_t len)
{
	bool bracket = text[0] == '[';
	const char *end = bracket ? memchr(text, ']', len) : memchr(text, ':', len);
	size_t host_len = end ? (size_t)(end - text) : len;
	char host[DNS_NAME_MAX + 1] = "";
	struct in6_addr addr;

	if (bracket) {
		if (!end)
			return "needs a `]` behind the IPv6 address";
		text++;
		host_len--;
		end++;
		len--;
	}
	if (host_len == 0)
		return no_host;
	if (host_len > DNS_NAME_MAX)
		return "has too long a host name";
	memcpy(host, text, host_len);
	if (bracket && inet_pton(AF_INET6, host, &addr) != 1)
		return "needs an IPv6 address between `[` and `]`";
	if (!bracket && url_check_host(host))
		return url_check_host(host);
	len -= host_len + (bracket ? 1 : 0);
	if (len == 0)
		return NULL;
	return *end == ':' ? check_port(end + 1, len - 1) : no_host;
}

static const char *check_characters(const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c <= ' ' || *c == 0x7f || strchr("\"<>\\^`{|}", *c))
			return "holds a character that a URL may not: percent-encode it";
		if (*c == '#')
			return "may not have a `#` part";
	}
	return NULL;
}

const char *url_check(const char *text, bool plaintext)
{
	const char *host = NULL, *why = check_characters(text);
	size_t len;

	if (why)
		return why;
	if (strncasecmp(text, "https://", 8) == 0)
		host = text + 8;
	else if (strncasecmp(text, "http://", 7) != 0)
		return "must begin with https://";
	else if (!plaintext)
		return "sends secrets unprotected: write https://, or set allow-plaintext = yes";
	else
		host = text + 7;
	len = strcspn(host, "/?");
	if (memchr(host, '@', len))
		return "may not hold a user name or password; they have their own keys";
	return check_authority(host, len);
}
