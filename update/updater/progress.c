/* SPDX-License-Identifier: MIT */
#include "update/updater/progress.h"

#include <stdio.h>
#include <string.h>

#define SECRET_MIN 4

static void cover(char *text, const char *secret)
{
	size_t len = secret ? strlen(secret) : 0;

	if (len < SECRET_MIN)
		return;
	while ((text = strstr(text, secret))) {
		memset(text, '*', len);
		text += len;
	}
}

static bool is_secret(const struct setting *settings, const char *name)
{
	/* the digest of one */
	if (strchr(name, ':'))
		return true;
	for (; settings && settings->name; settings++)
		if (strcmp(settings->name, name) == 0)
			return settings->type == SETTING_SECRET;
	return false;
}

void progress_hide(const struct job *job, char *text)
{
	struct buf encoded;

	for (size_t i = 0; i < job->n_values; i++) {
		if (!is_secret(job->provider->settings, job->values[i].name))
			continue;
		cover(text, job->values[i].text);
		buf_init(&encoded, 3 * strlen(job->values[i].text));
		buf_urlencode(&encoded, job->values[i].text);
		cover(text, encoded.text);
		buf_done(&encoded);
	}
}

/* Scheme and host of a URL, and its port: what is before the host or behind it may be secret. */
static void describe_http(const struct http_request *http, char *text, size_t size)
{
	const char *url = http->url.text ? http->url.text : "";
	const char *colon = strstr(url, "://"), *host = colon ? colon + 3 : url;
	const char *end = host + strcspn(host, "/?#");
	const char *at = memrchr(host, '@', (size_t)(end - host));

	snprintf(text, size, "%s %.*s%.*s", http->method, (int)(host - url), url,
		 (int)(end - (at ? at + 1 : host)), at ? at + 1 : host);
}

static void describe_dns(const struct dns_request *dns, char *text, size_t size)
{
	static const char *const ops[] = {
		[DNS_OP_SOA] = "SOA",
		[DNS_OP_SERVERS] = "NS",
		[DNS_OP_ADDRESSES] = "addresses",
		[DNS_OP_RRSET] = "records",
		[DNS_OP_UPDATE] = "UPDATE",
	};

	snprintf(text, size, "%s %s at %s", ops[dns->op], dns->name,
		 dns->server[0] ? dns->server : "the system's resolver");
}

void progress_describe(const struct job *job, const struct request *request, char *text,
		       size_t size)
{
	switch (request->kind) {
	case REQUEST_HTTP:
		describe_http(&request->http, text, size);
		break;
	case REQUEST_DNS:
		describe_dns(&request->dns, text, size);
		break;
	case REQUEST_NONE:
	case REQUEST_FILE:
		snprintf(text, size, "nothing");
		break;
	}
	progress_hide(job, text);
}
