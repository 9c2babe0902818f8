/* SPDX-License-Identifier: MIT */
#include "providers/compose.h"

#include <errno.h>
#include <string.h>

#include "providers/template.h"

static int expand(const char *text, const struct scope *scope, enum scope_encoding encoding,
		  struct buf *to)
{
	return template_expand((struct span){text, strlen(text)}, scope, encoding, to);
}

/* A ? or & between a URL and what follows its query, where there is none. */
static void add_joint(struct buf *url)
{
	const char *query = url->text != NULL ? strchr(url->text, '?') : NULL;

	if (query == NULL)
		buf_text(url, "?");
	else if (query[1] != '\0' && url->text[url->len - 1] != '&')
		buf_text(url, "&");
}

static int make_url(const struct scope *scope, struct buf *url)
{
	const struct service *service = scope->service;
	const char *text = service_url(service, scope->addrs[RECORD_TYPE_A] != NULL);
	int rc;

	buf_init(url, COMPOSE_URL_MAX);
	rc = text != NULL ? expand(text, scope, SCOPE_ENCODE_URL, url) : -EINVAL;
	if (url->text != NULL)
		buf_cut(url, strcspn(url->text, "#"));
	if (rc < 0 || service->query == NULL)
		return rc;
	add_joint(url);
	return expand(service->query, scope, SCOPE_ENCODE_URL, url);
}

static int add_header(const char *name, const char *text, const struct template_source *source,
		      struct buf *to)
{
	size_t before = to->len;
	int rc;

	if (text == NULL)
		return 0;
	buf_text(to, name);
	rc = template_fill((struct span){text, strlen(text)}, source, SCOPE_ENCODE_NONE, to);
	buf_text(to, "\n");
	if (rc == -ENODATA)
		buf_cut(to, before);
	return rc == -ENODATA ? 0 : rc;
}

/* user:password, each with what may be in it. */
static int make_credentials(const char *basic, const struct template_source *source,
			    struct http_request *http)
{
	struct span rest = {basic, 0}, user = {basic, 0};
	struct buf *to = &http->credentials;
	int rc;

	if (basic == NULL)
		return 0;
	buf_init(to, COMPOSE_HEADER_MAX);
	rest.len = strlen(basic);
	while (rest.len > 0 && rest.text[0] != ':') {
		struct span before = rest;

		/* a digest has a colon of its own */
		if (template_take(&rest).kind == TEMPLATE_TEXT)
			rest = (struct span){before.text + 1, before.len - 1};
	}
	user.len = (size_t)(rest.text - basic);
	rc = template_fill(user, source, SCOPE_ENCODE_NONE, to);
	buf_add(to, "", 1);
	user.len = to->len;
	if (rc == 0 && rest.len > 0)
		rc = template_fill((struct span){rest.text + 1, rest.len - 1}, source,
				   SCOPE_ENCODE_NONE, to);
	if (rc < 0 || to->failed)
		return rc < 0 ? rc : -EMSGSIZE;
	http->user = to->text;
	http->password = to->text + user.len;
	return 0;
}

int compose_auth(const struct service *service, const struct template_source *source,
		 struct http_request *http)
{
	int rc = add_header("Authorization: Bearer ", service->bearer, source, &http->headers);

	if (rc == 0)
		rc = add_header("", service->header, source, &http->headers);
	if (rc == 0)
		rc = add_header("", service->header_2, source, &http->headers);
	return rc == 0 ? make_credentials(service->basic, source, http) : rc;
}

static void make_headers(const struct scope *scope, struct buf *to)
{
	static const char *const types[] = {
		[SERVICE_CONTENT_FORM] = "Content-Type: application/x-www-form-urlencoded\n",
		[SERVICE_CONTENT_JSON] = "Content-Type: application/json\n",
		[SERVICE_CONTENT_XML] = "Content-Type: text/xml\n",
	};
	const struct service *service = scope->service;

	buf_init(to, COMPOSE_HEADER_MAX);
	if (service->body != NULL)
		buf_text(to, types[service->content]);
}

static int make_body(const struct scope *scope, struct buf *to)
{
	static const enum scope_encoding encodings[] = {
		[SERVICE_CONTENT_FORM] = SCOPE_ENCODE_URL,
		[SERVICE_CONTENT_JSON] = SCOPE_ENCODE_JSON,
		[SERVICE_CONTENT_XML] = SCOPE_ENCODE_XML,
	};
	const struct service *service = scope->service;

	buf_init(to, REQUEST_BODY_MAX);
	return service->body != NULL ? expand(service->body, scope, encodings[service->content], to)
				     : 0;
}

/* part: what {addresses} stands for. */
static bool holds_address(const char *text, const char *part)
{
	if (text != NULL && part != NULL && strstr(text, "{addresses}") != NULL)
		return holds_address(part, NULL);
	return text != NULL && (strstr(text, "{ip}") != NULL || strstr(text, "{ip4}") != NULL ||
				strstr(text, "{ip6}") != NULL);
}

/* An address that is not sent is taken from the connection: it must be of that kind. */
static enum http_way choose_way(const struct scope *scope)
{
	const struct service *service = scope->service;
	bool ipv4 = scope->addrs[RECORD_TYPE_A] != NULL;
	const char *part = scope_addresses(scope);

	if (ipv4 == (scope->addrs[RECORD_TYPE_AAAA] != NULL) ||
	    holds_address(service->body, part) || holds_address(service->query, part) ||
	    holds_address(service->header, part) || holds_address(service->header_2, part) ||
	    holds_address(service_url(service, ipv4), part))
		return HTTP_WAY_ANY;
	return ipv4 ? HTTP_WAY_IPV4 : HTTP_WAY_IPV6;
}

int compose_request(const struct scope *scope, struct request *ret)
{
	static const enum http_decode decodes[] = {
		[SERVICE_REPLY_TEXT] = HTTP_DECODE_NONE,
		[SERVICE_REPLY_HTML] = HTTP_DECODE_NONE,
		[SERVICE_REPLY_JSON] = HTTP_DECODE_JSON,
		[SERVICE_REPLY_XML] = HTTP_DECODE_XML,
	};
	const struct service *service = scope->service;
	const struct template_source source = template_of(scope);
	struct http_request *http = &ret->http;
	int rc;

	ret->kind = REQUEST_HTTP;
	http->method = service->method != NULL ? service->method
		       : service->body != NULL ? "POST"
					       : "GET";
	http->way = choose_way(scope);
	http->decode = decodes[service->reply];
	rc = make_url(scope, &http->url);
	make_headers(scope, &http->headers);
	if (rc == 0)
		rc = make_body(scope, &ret->body);
	if (rc == 0)
		rc = compose_auth(service, &source, http);
	if (rc == 0 && (http->url.failed || http->headers.failed || ret->body.failed))
		rc = -EMSGSIZE;
	if (rc < 0)
		provider_request_done(ret);
	return rc == -ENOENT ? -EINVAL : rc;
}
