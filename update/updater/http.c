/* SPDX-License-Identifier: MIT */
#include "update/updater/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "update/updater/failure.h"
#include "update/updater/header.h"
#include "update/updater/share.h"
#include "update/updater/sock.h"
#include "update/updater/store.h"
#include "update/updater/tell.h"
#include "update/updater/url.h"
#include "update/version.h"

enum {
	CA_CACHE_S = 3600,    /* a changed store is seen after */
	SHARED_MAX_S = 2,     /* a connection may have waited so long */
	CONNECTS_MAX = 3,     /* of one request, while nobody answers */
	CONNECTIONS_MAX = 66, /* that wait; libcurl's own is few while few requests run */
};

struct http {
	CURLM *multi;
	struct share *latest;          /* may be NULL */
	const char *ca_file, *ca_path; /* the system's; one of them may be NULL */
};

struct http_call {
	struct http *http;
	const struct request *request;
	const struct http_options *options;
	CURL *easy;
	struct url url;
	struct curl_slist *headers, *resolve;
	struct share *share; /* with others, until set_share; may be NULL */
	struct buf body;
	struct buf taken; /* the header that is wanted, with its NUL */
	size_t header_len;
	bool too_large, ended;
	bool sent; /* at least begun to be */
	unsigned n_connects;
	int socket_error;
	CURLcode result;
	char detail[CURL_ERROR_SIZE];
};

static size_t take_body(char *bytes, size_t size, size_t n, void *data)
{
	struct http_call *call = data;

	buf_add(&call->body, bytes, size * n);
	call->too_large = call->body.failed;
	return call->too_large ? 0 : size * n;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *data)
{
	struct http_call *call = data;

	(void)bytes;
	call->header_len += size * n;
	call->too_large = call->header_len > HTTP_HEADER_MAX;
	return call->too_large ? 0 : size * n;
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct http_call *call = data;
	int fd;

	(void)purpose;
	fd = sock_open(&to->addr, to->socktype, call->options->bind);
	if (fd >= 0)
		return fd;
	call->socket_error = -fd;
	return CURL_SOCKET_BAD;
}

/* Where a connection that was kept ends without a reply, libcurl sends the request again, over a
 * new one. It may have been obeyed: one that changes something each time is not sent twice
 * (RFC 9110, section 9.2.2). */
static int about_to_send(void *data, char *to, char *from, int to_port, int from_port)
{
	struct http_call *call = data;
	bool again = call->sent && tell_once(call->request);

	(void)to;
	(void)from;
	(void)to_port;
	(void)from_port;
	call->sent = true;
	return again ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* What holds for every request. */
static CURLcode set_common(struct http_call *call)
{
	const struct {
		CURLoption option;
		long value;
	} longs[] = {
		{CURLOPT_NOSIGNAL, 1},
		{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
		{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
		{CURLOPT_SSL_VERIFYPEER, 1},
		{CURLOPT_SSL_VERIFYHOST, 2},
		{CURLOPT_FOLLOWLOCATION, 0},
		{CURLOPT_FRESH_CONNECT, !call->share},
		{CURLOPT_FORBID_REUSE, !call->share},
		{CURLOPT_MAXAGE_CONN, SHARED_MAX_S},
		{CURLOPT_DNS_CACHE_TIMEOUT, 0},
		{CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
		{CURLOPT_CONNECTTIMEOUT_MS, TRANSPORT_CONNECT_MS},
		{CURLOPT_TIMEOUT_MS, TRANSPORT_REQUEST_MS},
		/* else a dead resolver holds up whoever gives up on it */
		{CURLOPT_QUICK_EXIT, 1},
	};
	CURLcode rc = CURLE_OK;

	for (size_t i = 0; i < sizeof(longs) / sizeof(longs[0]) && rc == CURLE_OK; i++)
		rc = curl_easy_setopt(call->easy, longs[i].option, longs[i].value);
	curl_easy_setopt(call->easy, CURLOPT_CA_CACHE_TIMEOUT, (long)CA_CACHE_S); /* mbedTLS: no */
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(call->easy, CURLOPT_USERAGENT,
				      "nlddns/" VERSION " (+https://nlddns.org)");
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(call->easy, CURLOPT_PROXY, "");
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->detail);
	return rc;
}

static CURLcode set_callbacks(struct http_call *call)
{
	CURL *easy = call->easy;
	CURLcode rc;

	rc = curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, about_to_send);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_PREREQDATA, call);
	return rc;
}

static CURLcode set_trust(struct http_call *call)
{
	const char *file = call->options->ca_file;
	CURLcode rc;

	rc = curl_easy_setopt(call->easy, CURLOPT_CAINFO, file ? file : call->http->ca_file);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(call->easy, CURLOPT_CAPATH,
				      file ? NULL : call->http->ca_path);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR,
				      call->options->plaintext ? "http,https" : "https");
	return rc;
}

static CURLcode set_request(struct http_call *call)
{
	return tell_request(call->easy, call->request, &call->headers);
}

/* Few calls need it. */
static const struct url *parse_url(struct http_call *call)
{
	const char *text = call->request->http.url.text;

	if (!text || url_parse(text, &call->url) < 0)
		snprintf(call->url.host, sizeof(call->url.host), "the provider");
	return &call->url;
}

/* HOST:PORT:ADDRESS,ADDRESS */
static CURLcode set_addresses(struct http_call *call)
{
	const char(*addrs)[ADDRESS_MAX] = call->options->addrs;
	const struct url *url;
	struct buf entry;

	if (!addrs)
		return CURLE_OK;
	url = parse_url(call);
	buf_init(&entry, DNS_NAME_MAX + 8 + (ADDRESS_MAX + 3) * WANTED_ADDRS_MAX);
	buf_printf(&entry, "%s:%d:", url->host, url->port);
	for (size_t i = 0; i < WANTED_ADDRS_MAX && addrs[i][0]; i++)
		buf_printf(&entry, strchr(addrs[i], ':') ? "%s[%s]" : "%s%s", i ? "," : "",
			   addrs[i]);
	if (!entry.failed)
		call->resolve = curl_slist_append(NULL, entry.text);
	buf_done(&entry);
	if (!call->resolve)
		return CURLE_OUT_OF_MEMORY;
	return curl_easy_setopt(call->easy, CURLOPT_RESOLVE, call->resolve);
}

/* Addresses that were given are for nobody else. */
static CURLcode set_share(struct http_call *call)
{
	bool alone = !call->share && call->options->addrs;

	if (alone)
		call->share = share_alone();
	if (!call->share)
		return alone ? CURLE_OUT_OF_MEMORY : CURLE_OK;
	return curl_easy_setopt(call->easy, CURLOPT_SHARE, call->share->handle);
}

static void begin(struct http_call *call)
{
	static CURLcode (*const steps[])(struct http_call *) = {
		set_common, set_callbacks, set_trust, set_request, set_share, set_addresses};
	const struct buf *url = &call->request->http.url;

	call->result = CURLE_OUT_OF_MEMORY;
	if (!url->failed && url->text && !call->request->body.failed) {
		call->result = CURLE_OK;
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !call->result; i++)
			call->result = steps[i](call);
		if (call->result == CURLE_OK &&
		    curl_multi_add_handle(call->http->multi, call->easy) != CURLM_OK)
			call->result = CURLE_OUT_OF_MEMORY;
	}
	call->ended = call->result != CURLE_OK;
}

void http_rest(struct http *http)
{
	share_drop(http->latest);
	http->latest = NULL;
}

struct http_call *http_start(struct http *http, const struct request *request,
			     const struct http_options *options)
{
	struct http_call *call = calloc(1, sizeof(*call));

	if (!call)
		return NULL;
	call->http = http;
	call->request = request;
	call->options = options;
	/* A connection does not tell which family it was meant for. */
	if (options->way != 0 && request->http.way == HTTP_WAY_ANY)
		call->share = share_take(&http->latest, options->way, options->bind);
	buf_init(&call->body, REPLY_BODY_MAX);
	call->easy = curl_easy_init();
	if (!call->easy) {
		http_call_free(call);
		return NULL;
	}
	begin(call);
	return call;
}

void http_call_free(struct http_call *call)
{
	if (!call)
		return;
	if (call->easy) {
		curl_multi_remove_handle(call->http->multi, call->easy);
		curl_easy_cleanup(call->easy);
	}
	curl_slist_free_all(call->headers);
	curl_slist_free_all(call->resolve);
	share_drop(call->share);
	buf_done(&call->body);
	buf_done(&call->taken);
	free(call);
}

void http_look(struct http_call *call)
{
	const char *from = NULL; /* "": it is not connected yet */

	curl_easy_getinfo(call->easy, CURLINFO_LOCAL_IP, &from);
	if (call->ended || !from || !from[0] || sock_is_ours(from))
		return;
	call->socket_error = EADDRNOTAVAIL;
	call->result = CURLE_RECV_ERROR;
	call->ended = true;
}

static void read_reply(struct http_call *call, int status, struct reply *ret)
{
	*ret = (struct reply){
		.kind = REQUEST_HTTP,
		.status = status,
		.retry_after_ms = header_retry_after(call->easy),
		.header = header_take(call->easy, call->request->http.take, &call->taken),
		.body = call->body.text ? call->body.text : "",
		.len = call->body.len,
	};
}

/* What the failure of the call is told from. */
static struct failure find_failure(struct http_call *call)
{
	curl_off_t resolved = 0, sent = 0;
	long os_error = 0;

	curl_easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &os_error);
	curl_easy_getinfo(call->easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
	curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
	return (struct failure){
		.result = call->result,
		.host = parse_url(call)->host,
		.bind = call->options->bind,
		.ca_file = call->options->ca_file,
		.detail = call->detail,
		.socket_error = call->socket_error,
		.os_error = (int)os_error,
		.too_large = call->too_large,
		.plaintext = call->options->plaintext,
		.resolved = resolved > 0,
		.sent = sent > 0,
		.begun = call->header_len > 0 || call->body.len > 0,
	};
}

bool http_ended(struct http_call *call, struct ending *ret_ending)
{
	struct failure failure;
	long status = 0;

	if (!call->ended)
		return false;
	*ret_ending = (struct ending){0};
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	if (call->result == CURLE_OK && status >= 100 && status <= 599) {
		read_reply(call, (int)status, &ret_ending->reply);
		return true;
	}
	failure = find_failure(call);
	ret_ending->failed = true;
	failure_explain(&failure, &ret_ending->failure);
	return true;
}

/* Nobody answered: again, from what address there is now (sock_open). */
static bool connect_again(struct http_call *call)
{
	long error = 0;

	curl_easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &error);
	if (call->result != CURLE_COULDNT_CONNECT || error != ETIMEDOUT ||
	    ++call->n_connects == CONNECTS_MAX)
		return false;
	curl_multi_remove_handle(call->http->multi, call->easy);
	return curl_multi_add_handle(call->http->multi, call->easy) == CURLM_OK;
}

/* Marks the calls that ended. */
static void collect(struct http *http)
{
	struct http_call *call;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left))) {
		call = NULL;
		if (message->msg == CURLMSG_DONE)
			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
		if (!call)
			continue;
		call->result = message->data.result;
		call->ended = !connect_again(call);
	}
}

static void work(struct http *http)
{
	int running;

	curl_multi_perform(http->multi, &running);
	collect(http);
}

_Static_assert(CURL_WAIT_POLLIN == POLLIN && CURL_WAIT_POLLOUT == POLLOUT, "same bits");

void http_wait(struct http *http, struct pollfd *fds, size_t n, int timeout_ms)
{
	struct curl_waitfd *extra = calloc(n ? n : 1, sizeof(*extra));

	for (size_t i = 0; extra && i < n; i++)
		extra[i] = (struct curl_waitfd){.fd = fds[i].fd, .events = fds[i].events};
	curl_multi_poll(http->multi, extra, extra ? (unsigned)n : 0, timeout_ms, NULL);
	free(extra);
	work(http);
}

struct http *http_new(void)
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		http->multi = curl_multi_init();
	if (!http->multi) {
		free(http);
		return NULL;
	}
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
	store_find(&http->ca_file, &http->ca_path);
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	http_rest(http);
	curl_multi_cleanup(http->multi);
	curl_global_cleanup();
	free(http);
}

static curl_socket_t open_pair(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)purpose;
	(void)to;
	return dup(*(int *)data);
}

static int is_connected(void *data, curl_socket_t fd, curlsocktype purpose)
{
	(void)data;
	(void)fd;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

void http_warm(struct http *http)
{
	static const struct http_options options = {.plaintext = false};
	struct request request = {.kind = REQUEST_HTTP, .http.method = "GET"};
	struct http_call *call;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return;
	buf_init(&request.http.url, 64);
	buf_text(&request.http.url, "https://127.0.0.1/");
	call = http_start(http, &request, &options);
	if (call && !call->ended) {
		/* A first TLS message to ourselves; nobody answers. */
		curl_easy_setopt(call->easy, CURLOPT_OPENSOCKETFUNCTION, open_pair);
		curl_easy_setopt(call->easy, CURLOPT_OPENSOCKETDATA, &pair[0]);
		curl_easy_setopt(call->easy, CURLOPT_SOCKOPTFUNCTION, is_connected);
		for (int i = 0; i < 4 && !call->ended; i++)
			work(http);
	}
	http_call_free(call);
	buf_done(&request.http.url);
	close(pair[0]);
	close(pair[1]);
}
