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

/* The part of a URL from the host to the query. */
static const char *host_and_path(const char *url, int *ret_len)
{
	const char *start = strstr(url, "://"), *path, *at;

	start = start ? start + 3 : url;
	path = start + strcspn(start, "/?#");
	at = memrchr(start, '@', (size_t)(path - start));
	if (at)
		start = at + 1;
	*ret_len = (int)strcspn(start, "?#");
	return start;
}

static void describe_http(const struct http_request *http, char *text, size_t size)
{
	const char *start;
	int len;

	start = host_and_path(http->url.text ? http->url.text : "", &len);
	snprintf(text, size, "%s %.*s", http->method, len, start);
}

static void describe_dns(const struct dns_request *dns, char *text, size_t size)
{
	static const char *const ops[] = {
		[DNS_OP_SOA] = "SOA",
		[DNS_OP_ADDRESSES] = "addresses",
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
