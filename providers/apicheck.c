/* SPDX-License-Identifier: MIT */
#include "providers/apicheck.h"

#include <errno.h>
#include <string.h>

#include "providers/apifield.h"
#include "providers/apitext.h"
#include "providers/rule.h"
#include "providers/sign.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

static int check_request(const struct service *service, const struct apifield *field,
			 const char *text, struct service_fault *ret)
{
	const char *url;

	if (apitext_method(text, &url) == NULL)
		return service_refuse(ret, field->section, field->key,
				      "begins with GET, POST, PUT, PATCH or DELETE and a blank");
	if (!service_is_url(service, url) || strncmp(url, "http:", 5) == 0)
		return service_refuse(ret, field->section, field->key,
				      "must go to https:// and a host, and have no user name, no "
				      "blanks and no #");
	return 0;
}

static int check_pointer(const struct apifield *field, const char *text, struct service_fault *ret)
{
	if (text[0] != '\0' && text[0] != '/')
		return service_refuse(ret, field->section, field->key,
				      "is a pointer like /error/code, or `whole`");
	return 0;
}

static int check_pointers(const struct apifield *field, const char *text, struct service_fault *ret)
{
	struct span rest = {text, strlen(text)};
	int rc = 0;

	while (rest.len > 0 && rc == 0)
		rc = check_pointer(field, span_take_word(&rest, " ").text, ret);
	return rc;
}

/* A pointer, or the name of a header (RFC 9110), of which a request wants one. */
static bool is_taken(struct span pointer, unsigned *n_headers)
{
	struct span name = apitext_header(pointer);

	if (name.len == 0)
		return pointer.len > 0 && (pointer.text[0] == '/' || span_is(pointer, "whole"));
	return name.len < HTTP_TAKE_MAX && strspn(name.text, NAME_CHARS) >= name.len &&
	       (*n_headers)++ == 0;
}

static int check_take(const struct apifield *field, const char *text, struct service_fault *ret)
{
	struct span rest = {text, strlen(text)};
	unsigned n_headers = 0;

	while (rest.len > 0) {
		struct span name = span_take_word(&rest, " ");
		struct span pointer = span_take_word(&rest, " ");

		if (name.len == 0 || !is_taken(pointer, &n_headers))
			return service_refuse(ret, field->section, field->key,
					      "is a name and a pointer, such as session "
					      "/result/token, or one header, such as session "
					      "header:X-Token, and more of them");
		if (apitext_has_builtin(name))
			return service_refuse(ret, field->section, field->key,
					      "takes {%.*s}, which is known already",
					      (int)(name.len < 40 ? name.len : 40), name.text);
	}
	return 0;
}

static int check_rule(const struct service *service, const struct apifield *field, const char *text,
		      struct service_fault *ret)
{
	const struct service_rule rule = {VERDICT_RETRY, text};
	const char *why = rule_check(service, &rule);

	return why != NULL ? service_refuse(ret, field->section, field->key, "%s", why) : 0;
}

static int check_field(const struct service *service, const struct apifield *field,
		       struct service_fault *ret)
{
	const char *text = apifield_text(service->api, field);
	char why[SIGN_WHY_MAX];

	if (text == NULL)
		return 0;
	switch (field->kind) {
	case APIFIELD_REQUEST:
		return check_request(service, field, text, ret);
	case APIFIELD_POINTER:
		return check_pointer(field, text, ret);
	case APIFIELD_POINTERS:
		return check_pointers(field, text, ret);
	case APIFIELD_SIGN:
		if (text[0] != '\0' && sign_check(text, why) < 0)
			return service_refuse(ret, field->section, field->key, "%s", why);
		break;
	case APIFIELD_TAKE:
		return check_take(field, text, ret);
	case APIFIELD_RULE:
		return check_rule(service, field, text, ret);
	case APIFIELD_PLAIN:
	case APIFIELD_TEMPLATE:
		break;
	}
	return 0;
}

/* What nothing can be done without. */
static int check_needed(const struct recordapi *api, struct service_fault *ret)
{
	const struct {
		const char *section, *key, *text;
	} rows[] = {
		{"find", "request", api->find.request},
		{"find", "value", api->value},
		{"create", "request", api->create.request},
		{"remove", "request", api->remove.request},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].text == NULL)
			return service_refuse(ret, rows[i].section, NULL, "needs `%s`",
					      rows[i].key);
	return 0;
}

/* What goes with what. */
static int check_pairs(const struct recordapi *api, struct service_fault *ret)
{
	if (api->id == NULL && api->list == NULL)
		return service_refuse(ret, "find", NULL,
				      "needs `id`, for records, or `values`, for sets");
	if (api->read.request != NULL && (api->id == NULL || api->list != NULL))
		return service_refuse(ret, "read", "request",
				      "needs `id` in [find], and no `values` there");
	if (api->list != NULL && api->element == NULL)
		return service_refuse(ret, "find", "values", "needs `element`: how one is sent");
	if (api->txt != RECORDAPI_TXT_NONE &&
	    (api->comment != NULL || api->separator != NULL || api->read.request != NULL ||
	     api->find.take != NULL || api->type_is != NULL))
		return service_refuse(ret, "find", "txt",
				      "cannot be with comment, separator, type-is, take or [read]");
	if (api->separator != NULL && api->list == NULL)
		return service_refuse(ret, "find", "separator", "needs `values`: where they are");
	if (api->zone_list != NULL && api->zone_name == NULL)
		return service_refuse(ret, "zone", "list", "needs `name`: which of them is meant");
	if (api->action.request != NULL && (api->action_id == NULL || api->action_state == NULL))
		return service_refuse(ret, "action", "request", "needs `id` and `state`");
	return 0;
}

/* Texts that only services of one request have. */
static int check_foreign(const struct service *service, struct service_fault *ret)
{
	const struct {
		const char *key, *text;
	} rows[] = {
		{"method", service->method},     {"url", service->url},
		{"url-ipv4", service->url_ipv4}, {"url-ipv6", service->url_ipv6},
		{"query", service->query},       {"ipv4", service->ipv4},
		{"ipv6", service->ipv6},         {"both", service->both},
		{"body", service->body},         {"zone", service->zone},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].text != NULL)
			return service_refuse(ret, NULL, rows[i].key,
					      "has no meaning with family = records: requests are "
					      "in [zone], [find], [create], [change], [remove]");
	return 0;
}

/* A setting that is called like what the conversation knows already is never asked for. */
static int check_settings(const struct service *service, struct service_fault *ret)
{
	for (const struct setting *row = service->settings; row != NULL && row->name; row++) {
		struct span name = {row->name, strlen(row->name)};

		if (strcmp(row->name, "zone") != 0 && apitext_has_builtin(name))
			return service_refuse(ret, NULL, NULL,
					      "has a [setting %.40s], but {%.40s} is known already",
					      row->name, row->name);
	}
	return 0;
}

bool apicheck_is_xml(const struct recordapi *api, const struct apifield *field)
{
	const struct apifield *own = apifield_find(field->section, "content");
	unsigned content = own != NULL ? apifield_number(api, own) : 0;

	if (content == RECORDAPI_CONTENT_UNSET)
		content = api->content;
	return field->kind == APIFIELD_TEMPLATE && content == RECORDAPI_CONTENT_XML;
}

int apicheck(const struct service *service, struct service_fault *ret)
{
	if (check_foreign(service, ret) < 0 || check_settings(service, ret) < 0 ||
	    check_needed(service->api, ret) < 0 || check_pairs(service->api, ret) < 0)
		return -EINVAL;
	for (const struct apifield *field = apifields; field->section != NULL; field++)
		if (check_field(service, field, ret) < 0)
			return -EINVAL;
	return 0;
}
