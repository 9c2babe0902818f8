/* SPDX-License-Identifier: MIT */
#include "update/updater/tell.h"

#include <string.h>

static CURLcode set_body(CURL *easy, const struct buf *body)
{
	CURLcode rc;

	rc = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body->len);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body->text ? body->text : "");
	return rc;
}

static bool add_header(struct curl_slist **headers, const char *line)
{
	struct curl_slist *list = curl_slist_append(*headers, line);

	if (list)
		*headers = list;
	return list;
}

static CURLcode set_headers(CURL *easy, const struct buf *lines, struct curl_slist **headers)
{
	struct buf copy;
	char *rest, *line;
	/* A server that does not know "Expect: 100-continue" would cost a second. */
	bool fine = add_header(headers, "Expect:");

	buf_init(&copy, lines->len);
	buf_add(&copy, lines->text, lines->len);
	rest = copy.text;
	while (fine && (line = strsep(&rest, "\n")))
		fine = !line[0] || add_header(headers, line);
	buf_done(&copy);
	return fine && !lines->failed ? curl_easy_setopt(easy, CURLOPT_HTTPHEADER, *headers)
				      : CURLE_OUT_OF_MEMORY;
}

static CURLcode set_way(CURL *easy, enum http_way way)
{
	static const long ways[] = {
		[HTTP_WAY_ANY] = CURL_IPRESOLVE_WHATEVER,
		[HTTP_WAY_IPV4] = CURL_IPRESOLVE_V4,
		[HTTP_WAY_IPV6] = CURL_IPRESOLVE_V6,
	};

	return curl_easy_setopt(easy, CURLOPT_IPRESOLVE, ways[way]);
}

static CURLcode set_user(CURL *easy, const struct http_request *http)
{
	CURLcode rc;

	if (!http->user)
		return CURLE_OK;
	rc = curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_USERNAME, http->user);
	if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_PASSWORD, http->password ? http->password : "");
	return rc;
}

CURLcode tell_request(CURL *easy, const struct request *request, struct curl_slist **headers)
{
	const struct http_request *http = &request->http;
	CURLcode rc;

	rc = curl_easy_setopt(easy, CURLOPT_URL, http->url.text);
	if (rc == CURLE_OK && (request->body.len > 0 || strcmp(http->method, "POST") == 0))
		rc = set_body(easy, &request->body);
	if (rc == CURLE_OK && strcmp(http->method, "HEAD") == 0)
		rc = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	else if (rc == CURLE_OK)
		rc = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, http->method);
	if (rc == CURLE_OK)
		rc = set_way(easy, http->way);
	if (rc == CURLE_OK)
		rc = set_headers(easy, &http->headers, headers);
	if (rc == CURLE_OK)
		rc = set_user(easy, http);
	return rc;
}

bool tell_once(const struct request *request)
{
	const char *method = request->http.method;

	return strcmp(method, "POST") == 0 || strcmp(method, "PATCH") == 0;
}
