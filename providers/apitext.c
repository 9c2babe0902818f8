/* SPDX-License-Identifier: MIT */
#include "providers/apitext.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "providers/compose.h"
#include "providers/sign.h"

#define URL_MAX     2048
#define HEADERS_MAX 4096

int apitext_sub_len(const struct wanted *wanted, const char *zone)
{
	size_t name = strlen(wanted->name), of_zone = strlen(zone);

	return name > of_zone ? (int)(name - of_zone - 1) : 0;
}

bool apitext_has_builtin(struct span name)
{
	static const char *const names[] = {"name", "zone", "zone-id", "type", "ip",  "id",
					    "sub",  "at",   "values",  "ttl",  "page"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_is(name, names[i]))
			return true;
	return false;
}

static int add_setting(const struct apitext *text, struct span name, enum scope_encoding encoding,
		       struct buf *to)
{
	const struct setting *row = text->job->provider->settings;
	const char *value;

	while (row->name != NULL && !span_is(name, row->name))
		row++;
	value = row->name != NULL ? provider_value(text->job, row->name) : NULL;
	if (value == NULL && row->name != NULL)
		value = row->preset;
	if (value == NULL)
		return -ENOENT;
	if (row->type == SETTING_BOOL)
		value = strcmp(value, "yes") == 0 ? "true" : "false";
	/* it is the beginning of one */
	if (row->type == SETTING_URL) {
		buf_add(to, value, strlen(value) - (value[strlen(value) - 1] == '/'));
		return 0;
	}
	return scope_add_text(value, encoding, to);
}

static void add_sub(const struct apitext *text, const char *apex, struct buf *to)
{
	int len = apitext_sub_len(text->wanted, text->zone);

	if (len > 0)
		buf_add(to, text->wanted->name, (size_t)len);
	else
		buf_text(to, apex != NULL ? apex : "");
}

static int add_number(unsigned number, struct buf *to)
{
	if (number == 0)
		return -ENOENT;
	buf_printf(to, "%u", number);
	return 0;
}

static int add_plain(const char *value, struct buf *to)
{
	if (value == NULL)
		return -ENOENT;
	buf_text(to, value);
	return 0;
}

static int add_value(const void *of, struct span name, enum scope_encoding encoding, struct buf *to)
{
	const struct apitext *text = of;

	if (span_is(name, "name"))
		return add_plain(text->wanted->name, to);
	if (span_is(name, "zone"))
		return add_plain(text->zone, to);
	if (span_is(name, "zone-id"))
		return text->zone_id != NULL ? scope_add_text(text->zone_id, encoding, to)
					     : -ENOENT;
	if (span_is(name, "type"))
		return add_plain(provider_type_name(text->wanted->type), to);
	if (span_is(name, "ip"))
		return add_plain(text->ip, to);
	if (span_is(name, "id"))
		return text->id != NULL ? scope_add_text(text->id, encoding, to) : -ENOENT;
	if (span_is(name, "values"))
		return add_plain(text->values, to);
	if (span_is(name, "ttl"))
		return add_number(text->ttl, to);
	if (span_is(name, "page"))
		return add_number(text->page, to);
	if (!span_is(name, "sub") && !span_is(name, "at"))
		return add_setting(text, name, encoding, to);
	add_sub(text, span_is(name, "at") ? "@" : text->apex, to);
	return 0;
}

static int expand(const char *template, const struct apitext *text, enum scope_encoding encoding,
		  struct buf *to)
{
	const struct template_source source = {add_value, text};
	struct span span = {template, strlen(template)};

	return template_fill(span, &source, encoding, to) < 0 ? -EINVAL : 0;
}

int apitext_body(const char *template, const struct apitext *text, struct buf *to)
{
	return expand(template, text, SCOPE_ENCODE_JSON, to);
}

static int make_sign(const char *row, const struct template_source *source, struct http_sign *ret)
{
	struct span rest, word;
	int rc;

	if (row == NULL || row[0] == '\0')
		return 0;
	buf_init(&ret->words, SIGN_TEXT_MAX);
	rc = sign_scheme(row, &ret->scheme, &rest);
	while (rc == 0 && (word = sign_take_word(&rest)).len > 0) {
		rc = template_fill(word, source, SCOPE_ENCODE_WORD, &ret->words);
		buf_add(&ret->words, "", 1);
	}
	return rc == 0 && ret->words.failed ? -EMSGSIZE : rc;
}

/* Those of the row and of the call. */
static int make_headers(const struct recordapi *api, const struct recordapi_call *call,
			const struct apitext *text, struct buf *to)
{
	int rc = 0;

	if (call->body != NULL)
		buf_text(to, "Content-Type: application/json\n");
	if (api->headers != NULL)
		rc = expand(api->headers, text, SCOPE_ENCODE_NONE, to);
	if (rc == 0 && call->header != NULL) {
		rc = expand(call->header, text, SCOPE_ENCODE_NONE, to);
		buf_text(to, "\n");
	}
	return rc;
}

const char *apitext_method(const char *request, const char **ret_url)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		size_t len = strlen(methods[i]);

		*ret_url = request + len + 1;
		if (strncmp(request, methods[i], len) == 0 && request[len] == ' ')
			return methods[i];
	}
	return NULL;
}

int apitext_request(const struct recordapi *api, const struct recordapi_call *call,
		    const struct apitext *text, struct request *ret)
{
	const struct service *service = text->job->provider->service;
	const struct template_source source = {add_value, text};
	struct http_request *http = &ret->http;
	const char *url;
	int rc;

	http->method = apitext_method(call->request, &url);
	if (http->method == NULL)
		return -EINVAL;
	ret->kind = REQUEST_HTTP;
	http->decode = HTTP_DECODE_JSON;
	buf_init(&http->url, URL_MAX);
	buf_init(&http->headers, HEADERS_MAX);
	buf_init(&ret->body, REQUEST_BODY_MAX);
	rc = expand(url, text, SCOPE_ENCODE_URL, &http->url);
	if (rc == 0)
		rc = make_headers(api, call, text, &http->headers);
	if (rc == 0 && service != NULL)
		rc = compose_auth(service, &source, http);
	if (rc == 0 && call->body != NULL)
		rc = expand(call->body, text, SCOPE_ENCODE_JSON, &ret->body);
	if (rc == 0)
		rc = make_sign(call->sign != NULL ? call->sign : api->sign, &source, &http->sign);
	if (rc == 0 && (http->url.failed || http->headers.failed || ret->body.failed))
		rc = -EMSGSIZE;
	if (rc < 0)
		provider_request_done(ret);
	return rc == -EMSGSIZE || rc == 0 ? rc : -EINVAL;
}
