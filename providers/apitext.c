/* SPDX-License-Identifier: MIT */
#include "providers/apitext.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "providers/apikeep.h"
#include "providers/apiwas.h"
#include "providers/compose.h"
#include "providers/sign.h"

#define URL_MAX     2048
#define HEADERS_MAX (HTTP_TAKEN_MAX + 4096)
#define HEADER      "header:"

int apitext_sub_len(const struct wanted *wanted, const char *zone)
{
	size_t name = strlen(wanted->name), of_zone = strlen(zone);

	return name > of_zone ? (int)(name - of_zone - 1) : 0;
}

static bool begins(struct span name, const char *with)
{
	return name.len >= strlen(with) && memcmp(name.text, with, strlen(with)) == 0;
}

bool apitext_has_builtin(struct span name)
{
	static const char *const names[] = {"name",    "zone",    "zone-id", "type",       "ip",
					    "id",      "sub",     "at",      "values",     "ttl",
					    "page",    "offset",  "cursor",  "record",     "items",
					    "creates", "changes", "removes", "one-or-list"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_is(name, names[i]))
			return true;
	return begins(name, "was:") || begins(name, "ipv4:") || begins(name, "ipv6:");
}

static bool takes(const struct recordapi_call *call, struct span name)
{
	struct span rest = {call->take, call->take != NULL ? strlen(call->take) : 0};

	while (rest.len > 0) {
		struct span taken = span_take_word(&rest, " ");

		(void)span_take_word(&rest, " ");
		if (taken.len == name.len && memcmp(taken.text, name.text, name.len) == 0)
			return true;
	}
	return false;
}

static bool is_of_login(const struct recordapi *api, struct span name)
{
	for (size_t i = 0; i < RECORDAPI_LOGINS_MAX; i++)
		if (takes(&api->login[i], name))
			return true;
	return false;
}

bool apitext_knows(const struct recordapi *api, struct span name)
{
	return is_of_login(api, name) || apitext_has_builtin(name) || takes(&api->zone, name) ||
	       takes(&api->find, name);
}

/* Of a setting, or a digest of one, which the transport has put among them. */
static const char *find_value(const struct job *job, struct span name)
{
	for (size_t i = 0; i < job->n_values; i++)
		if (span_is(name, job->values[i].name))
			return job->values[i].text;
	return NULL;
}

static int add_setting(const struct apitext *text, struct span name, enum scope_encoding encoding,
		       struct buf *to)
{
	const struct setting *row = text->job->provider->settings;
	const char *value = find_value(text->job, name);

	while (row->name != NULL && !span_is(name, row->name))
		row++;
	if (value == NULL && row->name != NULL)
		value = row->preset;
	if (value == NULL)
		return -ENOENT;
	if (row->name == NULL)
		return scope_add_text(value, encoding, to);
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

static int add_foreign(const char *value, enum scope_encoding encoding, struct buf *to)
{
	return value != NULL ? scope_add_text(value, encoding, to) : -ENOENT;
}

/* What was kept of replies, or is a setting. */
static int add_named(const struct apitext *text, struct span name, enum scope_encoding encoding,
		     struct buf *to)
{
	const char *kept = apikeep_get(text->keep, APIKEEP_SESSION, 0, name);
	int rc;

	if (kept == NULL)
		kept = apikeep_get(text->keep, APIKEEP_ZONE, text->zone_number, name);
	if (kept == NULL)
		kept = apikeep_get(text->keep, APIKEEP_RECORD, 0, name);
	if (kept == NULL)
		kept = apikeep_get(text->keep, APIKEEP_PAGE, 0, name);
	if (kept != NULL)
		return scope_add_text(kept, encoding, to);
	rc = add_setting(text, name, encoding, to);
	return rc == -ENOENT && text->login && is_of_login(text->api, name) ? -ENODATA : rc;
}

/* "ipv4:TEXT" is TEXT for A and nothing for AAAA. */
static void add_by_type(const struct apitext *text, struct span name, struct buf *to)
{
	size_t len = strlen("ipv4:");
	enum record_type type = begins(name, "ipv4:") ? RECORD_TYPE_A : RECORD_TYPE_AAAA;

	if (text->wanted->type == type)
		buf_add(to, name.text + len, name.len - len);
}

/* "was:POINTER" and "record". */
static int add_was(const struct apitext *text, struct span name, enum scope_encoding encoding,
		   struct buf *to)
{
	size_t len = strlen("was:");

	if (text->was == NULL)
		return -ENOENT;
	if (span_is(name, "record"))
		return apiwas_add_record(text, to);
	name.text += len;
	name.len -= len;
	return apiwas_add(text, name, encoding, to);
}

static int add_batch(const struct apitext *text, struct span name, struct buf *to)
{
	static const char *const parts[] = {"items", "creates", "changes", "removes"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (span_is(name, parts[i]))
			return add_plain(text->batch[i], to);
	return -EINVAL;
}

/* Of the addresses of a set: as it is, or a list of several. */
static int add_one_or_list(const struct apitext *text, struct buf *to)
{
	json_t *list;
	struct buf json;

	buf_init(&json, REQUEST_BODY_MAX);
	buf_printf(&json, "[%s]", text->values != NULL ? text->values : "");
	list = json.failed ? NULL : json_loads(json.text, 0, NULL);
	if (list == NULL)
		to->failed = true;
	else
		buf_text(to, json_array_size(list) == 1 ? text->values : json.text);
	json_decref(list);
	buf_done(&json);
	return 0;
}

static const char *type_of(const struct apitext *text)
{
	return text->type != NULL ? text->type : provider_type_name(text->wanted->type);
}

static int add_value(const void *of, struct span name, enum scope_encoding encoding, struct buf *to)
{
	const struct apitext *text = of;

	if (span_is(name, "name"))
		return add_plain(text->wanted->name, to);
	if (span_is(name, "zone"))
		return add_plain(text->zone, to);
	if (span_is(name, "zone-id"))
		return add_foreign(text->zone_id, encoding, to);
	if (span_is(name, "type"))
		return add_plain(type_of(text), to);
	if (span_is(name, "ip"))
		return text->type == NULL ? add_plain(text->ip, to)
					  : add_foreign(text->ip, encoding, to);
	if (span_is(name, "id"))
		return add_foreign(text->id, encoding, to);
	if (span_is(name, "values"))
		return add_plain(text->values, to);
	if (span_is(name, "one-or-list"))
		return add_one_or_list(text, to);
	if (span_is(name, "ttl"))
		return add_number(text->ttl, to);
	if (span_is(name, "page"))
		return add_number(text->page, to);
	if (span_is(name, "offset"))
		buf_printf(to, "%u", text->offset);
	else if (span_is(name, "sub") || span_is(name, "at"))
		add_sub(text, span_is(name, "at") ? "@" : text->api->apex, to);
	else if (begins(name, "ipv4:") || begins(name, "ipv6:"))
		add_by_type(text, name, to);
	else if (begins(name, "was:") || span_is(name, "record"))
		return add_was(text, name, encoding, to);
	else if (span_is(name, "items") || span_is(name, "creates") || span_is(name, "changes") ||
		 span_is(name, "removes"))
		return add_batch(text, name, to);
	else
		return add_named(text, name, encoding, to);
	return 0;
}

int apitext_fill(const char *template, const struct apitext *text, enum scope_encoding encoding,
		 struct buf *to)
{
	const struct template_source source = {add_value, text};
	struct span span = {template, strlen(template)};
	int rc = template_fill(span, &source, encoding, to);

	return rc < 0 && rc != -ENODATA ? -EINVAL : rc;
}

static enum recordapi_content content_of(const struct recordapi *api,
					 const struct recordapi_call *call)
{
	if (call != NULL && call->content != RECORDAPI_CONTENT_UNSET)
		return call->content;
	return api->content != RECORDAPI_CONTENT_UNSET ? api->content : RECORDAPI_CONTENT_JSON;
}

enum scope_encoding apitext_encoding(const struct recordapi *api, const struct recordapi_call *call)
{
	static const enum scope_encoding encodings[] = {
		[RECORDAPI_CONTENT_JSON] = SCOPE_ENCODE_JSON,
		[RECORDAPI_CONTENT_FORM] = SCOPE_ENCODE_URL,
		[RECORDAPI_CONTENT_XML] = SCOPE_ENCODE_XML,
	};

	return encodings[content_of(api, call)];
}

bool apitext_is_xml(const struct recordapi *api)
{
	return api->service != NULL && api->service->reply == SERVICE_REPLY_XML;
}

static bool has_record(const char *template)
{
	return template != NULL &&
	       (strstr(template, "{was:") != NULL || strstr(template, "{record}") != NULL);
}

bool apitext_wants_record(const struct recordapi *api)
{
	return has_record(api->create.request) || has_record(api->create.body) ||
	       has_record(api->change.request) || has_record(api->change.body) ||
	       has_record(api->remove.body) || has_record(api->remove.request) ||
	       has_record(api->batch_change) || has_record(api->batch_remove);
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

static int add_header(const char *header, const struct apitext *text, struct buf *to)
{
	size_t before = to->len;
	int rc = apitext_fill(header, text, SCOPE_ENCODE_NONE, to);

	if (rc == -ENODATA)
		buf_cut(to, before);
	return rc == -ENODATA ? 0 : rc;
}

/* Those of the row and of the call. */
static int make_headers(const struct apitext *text, const struct recordapi_call *call,
			struct buf *to)
{
	static const char *const types[] = {
		[RECORDAPI_CONTENT_JSON] = "Content-Type: application/json\n",
		[RECORDAPI_CONTENT_FORM] = "Content-Type: application/x-www-form-urlencoded\n",
		[RECORDAPI_CONTENT_XML] = "Content-Type: text/xml\n",
	};
	int rc = 0;

	if (call->body != NULL)
		buf_text(to, types[content_of(text->api, call)]);
	if (text->api->headers != NULL)
		rc = add_header(text->api->headers, text, to);
	if (rc == 0 && call->header != NULL) {
		rc = add_header(call->header, text, to);
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

struct span apitext_header(struct span pointer)
{
	size_t len = begins(pointer, HEADER) ? strlen(HEADER) : pointer.len;

	return (struct span){pointer.text + len, pointer.len - len};
}

/* The header of the reply that is to be kept. */
static void want_header(const struct recordapi_call *call, char ret[static HTTP_TAKE_MAX])
{
	struct span rest = {call->take, call->take != NULL ? strlen(call->take) : 0};

	while (rest.len > 0) {
		struct span name;

		(void)span_take_word(&rest, " ");
		name = apitext_header(span_take_word(&rest, " "));
		if (name.len > 0)
			(void)snprintf(ret, HTTP_TAKE_MAX, "%.*s", (int)name.len, name.text);
	}
}

int apitext_request(const struct apitext *text, const struct recordapi_call *call,
		    struct request *ret)
{
	const struct recordapi *api = text->api;
	const struct service *service = text->job->provider->service;
	const struct template_source source = {add_value, text};
	struct http_request *http = &ret->http;
	const char *url;
	int rc;

	http->method = apitext_method(call->request, &url);
	if (http->method == NULL)
		return -EINVAL;
	ret->kind = REQUEST_HTTP;
	http->decode = apitext_is_xml(api) ? HTTP_DECODE_XML : HTTP_DECODE_JSON;
	want_header(call, http->take);
	buf_init(&http->url, URL_MAX);
	buf_init(&http->headers, HEADERS_MAX);
	buf_init(&ret->body, REQUEST_BODY_MAX);
	rc = apitext_fill(url, text, SCOPE_ENCODE_URL, &http->url);
	if (rc == 0)
		rc = make_headers(text, call, &http->headers);
	if (rc == 0 && service != NULL)
		rc = compose_auth(service, &source, http);
	if (rc == 0 && call->body != NULL)
		rc = apitext_fill(call->body, text, apitext_encoding(api, call), &ret->body);
	if (rc == 0)
		rc = make_sign(call->sign != NULL ? call->sign : api->sign, &source, &http->sign);
	if (rc == 0 && (http->url.failed || http->headers.failed || ret->body.failed))
		rc = -EMSGSIZE;
	if (rc < 0)
		provider_request_done(ret);
	return rc == -EMSGSIZE || rc == 0 ? rc : -EINVAL;
}
