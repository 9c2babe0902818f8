/* SPDX-License-Identifier: MIT */
#include "update/updater/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/updater/url.h"

struct web_call {
	struct http *http;
	const struct request *request;
	struct http_options options;
	struct dns_request lookup;
	char addrs[WANTED_ADDRS_MAX][ADDRESS_MAX];
	struct dns_call *dns_call;   /* while the host has no addresses */
	struct http_call *http_call; /* then */
};

__attribute__((format(printf, 3, 4))) static void fail(struct ending *ret, enum verdict verdict,
						       const char *format, ...)
{
	va_list args;

	*ret = (struct ending){.failed = true, .failure.verdict = verdict};
	va_start(args, format);
	vsnprintf(ret->failure.why, sizeof(ret->failure.why), format, args);
	va_end(args);
}

/* Those that the request may use. */
static bool keep_addresses(struct web_call *call, const char (*addrs)[ADDRESS_MAX])
{
	enum http_way way = call->request->http.way;
	size_t n = 0;

	for (size_t i = 0; i < WANTED_ADDRS_MAX && addrs[i][0]; i++) {
		bool ipv6 = strchr(addrs[i], ':');

		if (way == HTTP_WAY_ANY || ipv6 == (way == HTTP_WAY_IPV6))
			memcpy(call->addrs[n++], addrs[i], ADDRESS_MAX);
	}
	return n > 0;
}

/* False: there are no addresses, and *ret says why. */
static bool take_addresses(struct web_call *call, const struct ending *lookup, struct ending *ret)
{
	const char *host = call->lookup.name, *bind = call->options.bind;

	if (lookup->failed && lookup->failure.verdict == VERDICT_REFUSED_CONFIG)
		fail(ret, VERDICT_REFUSED_CONFIG, "the URL's host %.60s is no name: correct it",
		     host);
	else if (lookup->failed)
		fail(ret, VERDICT_NO_NETWORK, "cannot resolve %.40s: %.100s", host,
		     lookup->failure.why);
	else if (lookup->reply.addrs[0][0] == '\0')
		fail(ret, VERDICT_NO_NETWORK,
		     "cannot resolve %.60s by link %.16s: is the name right, and is it known "
		     "there?",
		     host, bind);
	else if (!keep_addresses(call, lookup->reply.addrs))
		fail(ret, VERDICT_NO_NETWORK, "%.60s has no %s address, and takes ours from it",
		     host, call->request->http.way == HTTP_WAY_IPV4 ? "IPv4" : "IPv6");
	return call->addrs[0][0] != '\0';
}

/* True: the request is under way; else *ret says how it ended. */
static bool send_request(struct web_call *call, const struct ending *lookup, struct ending *ret)
{
	if (!take_addresses(call, lookup, ret))
		return false;
	call->options.addrs = call->addrs;
	call->http_call = http_start(call->http, call->request, &call->options);
	if (!call->http_call)
		fail(ret, VERDICT_RETRY, "out of memory for a request");
	return call->http_call;
}

bool web_work(struct web_call *call, int64_t now, struct ending *ret_ending)
{
	struct ending lookup;

	if (!call->http_call) {
		if (!dns_work(call->dns_call, now, &lookup))
			return false;
		if (!send_request(call, &lookup, ret_ending))
			return true;
		dns_free(call->dns_call);
		call->dns_call = NULL;
	}
	return http_ended(call->http_call, ret_ending);
}

struct web_call *web_start(struct http *http, const struct request *request,
			   const struct http_options *options, int64_t now)
{
	struct web_call *call = calloc(1, sizeof(*call));
	const char *text = request->http.url.text;
	struct url url;

	if (!call)
		return NULL;
	call->http = http;
	call->request = request;
	call->options = *options;
	call->options.addrs = NULL;
	if (options->bind && text && url_parse(text, &url) == 0 && !url.is_address) {
		call->lookup.op = DNS_OP_ADDRESSES;
		memcpy(call->lookup.name, url.host, sizeof(call->lookup.name));
		call->dns_call = dns_start(&call->lookup, options->bind, now);
	} else {
		call->http_call = http_start(http, request, &call->options);
	}
	if (!call->dns_call && !call->http_call) {
		free(call);
		return NULL;
	}
	return call;
}

size_t web_pollfds(const struct web_call *call, struct pollfd ret[static DNS_FDS_MAX])
{
	return call->dns_call ? dns_pollfds(call->dns_call, ret) : 0;
}

int64_t web_due(const struct web_call *call)
{
	return call->dns_call ? dns_due(call->dns_call) : INT64_MAX;
}

void web_look(struct web_call *call)
{
	if (call->http_call)
		http_look(call->http_call);
}

void web_free(struct web_call *call)
{
	if (!call)
		return;
	dns_free(call->dns_call);
	http_call_free(call->http_call);
	free(call);
}
