/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "providers/apicheck.h"
#include "providers/apifield.h"
#include "providers/apitext.h"
#include "providers/conversation.h"
#include "providers/rule.h"
#include "providers/template.h"

#define FIELD(member) offsetof(struct service, member)

const struct service_field service_fields[] = {
	{"method", FIELD(method), true},
	{"url", FIELD(url), false},
	{"url-ipv4", FIELD(url_ipv4), false},
	{"url-ipv6", FIELD(url_ipv6), false},
	{"query", FIELD(query), false},
	{"ipv4", FIELD(ipv4), false},
	{"ipv6", FIELD(ipv6), false},
	{"both", FIELD(both), false},
	{"body", FIELD(body), false},
	{"basic", FIELD(basic), false},
	{"bearer", FIELD(bearer), false},
	{"header", FIELD(header), false},
	{"header-2", FIELD(header_2), false},
	{"zone", FIELD(zone), true},
	{"apex", FIELD(apex), true},
	{"separator", FIELD(separator), true},
	{0},
};
#define FIELD_COUNT (sizeof(service_fields) / sizeof(service_fields[0]) - 1)

const char *service_text(const struct service *service, const struct service_field *field)
{
	const char *text;

	memcpy(&text, (const char *)service + field->offset, sizeof(text));
	return text;
}

/* How many texts there are besides the rules. */
static size_t count_texts(const struct service *service)
{
	return FIELD_COUNT + (service->api != NULL ? apifield_count() : 0);
}

/* The i-th text that may hold placeholders: of the fields, those of its record API, the rules.
 * NULL: none there. */
static const char *template_at(const struct service *service, size_t i)
{
	if (i >= count_texts(service))
		return service->rules[i - count_texts(service)].text;
	if (i >= FIELD_COUNT) {
		const struct apifield *field = &apifields[i - FIELD_COUNT];

		return field->kind == APIFIELD_PLAIN ? NULL : apifield_text(service->api, field);
	}
	return service_fields[i].plain ? NULL : service_text(service, &service_fields[i]);
}

bool service_next(const struct service *service, struct service_cursor *at, struct span *ret)
{
	for (; at->text < count_texts(service) + service->n_rules; at->text++) {
		const char *text = template_at(service, at->text);

		if (!at->begun && text != NULL)
			at->rest = (struct span){text, strlen(text)};
		at->begun = true;
		while (text != NULL && at->rest.len > 0) {
			struct template_piece piece = template_take(&at->rest);

			if (piece.kind == TEMPLATE_PLACEHOLDER) {
				*ret = piece.span;
				return true;
			}
			if (piece.kind != TEMPLATE_TEXT)
				at->optional = piece.kind == TEMPLATE_OPEN;
		}
		at->begun = at->optional = false;
	}
	return false;
}

static bool is_of(struct span placeholder, const char *name)
{
	struct span algorithm, setting;

	return span_is(placeholder, name) ||
	       (scope_digest(placeholder, &algorithm, &setting) && span_is(setting, name));
}

bool service_uses(const struct service *service, const char *name)
{
	struct service_cursor at = {0};
	struct span found;

	while (service_next(service, &at, &found))
		if (is_of(found, name))
			return true;
	return false;
}

/* Whether the text may be in a request for an address of that type. */
static bool is_sent(size_t field, enum record_type type)
{
	size_t offset = field < FIELD_COUNT ? service_fields[field].offset : 0;

	if (field >= FIELD_COUNT)
		return true;
	if (type == RECORD_TYPE_A)
		return offset != FIELD(url_ipv6) && offset != FIELD(ipv6);
	return offset != FIELD(url_ipv4) && offset != FIELD(ipv4);
}

bool service_needs_for(const struct service *service, enum record_type type, const char *name)
{
	struct service_cursor at = {0};
	struct span found;

	while (service_next(service, &at, &found))
		if (!at.optional && at.text < count_texts(service) && is_sent(at.text, type) &&
		    is_of(found, name))
			return true;
	return false;
}

bool service_needs(const struct service *service, const char *name)
{
	bool any = false;

	for (unsigned i = 0; i < RECORD_TYPE_COUNT; i++) {
		enum record_type type = (enum record_type)i;

		if (service_sets(service, type) && !service_needs_for(service, type, name))
			return false;
		any |= service_sets(service, type);
	}
	return any;
}

const char *service_lacks(const struct service *service, enum record_type type,
			  const struct job *job)
{
	for (const struct setting *row = service->settings; row != NULL && row->name; row++) {
		struct span name = {row->name, strlen(row->name)};

		if (!row->required && !scope_has_builtin(name) &&
		    service_needs_for(service, type, row->name) &&
		    provider_value(job, row->name) == NULL)
			return row->name;
	}
	return NULL;
}

bool service_is_zoned(const struct service *service)
{
	static const char *const names[] = {"zone", "apex", "sub", "subs", "label", "labels"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (service_uses(service, names[i]))
			return true;
	return false;
}

bool service_is_told_zone(const struct service *service)
{
	return service->zone == NULL || strcmp(service->zone, SERVICE_ZONE_NAME) == 0;
}

bool service_sets(const struct service *service, enum record_type type)
{
	return service->api != NULL || service->both != NULL ||
	       (type == RECORD_TYPE_A ? service->ipv4 != NULL : service->ipv6 != NULL);
}

const char *service_url(const struct service *service, bool ipv4)
{
	const char *url = ipv4 ? service->url_ipv4 : service->url_ipv6;

	return url != NULL ? url : service->url;
}

size_t service_state_size(const struct service *service)
{
	return service->api != NULL ? RECORDAPI_STATE_SIZE : CONVERSATION_STATE_SIZE;
}

unsigned service_caps(const struct service *service)
{
	unsigned caps = service->api != NULL ? RECORDAPI_CAPS : PROVIDER_HTTP;

	if (service->both != NULL)
		caps |= PROVIDER_BOTH_FAMILIES;
	if (service->names > 1)
		caps |= PROVIDER_MANY_NAMES;
	if (service_uses(service, "ttl") || service_uses(service, "ttl-minutes"))
		caps |= PROVIDER_SETS_TTL;
	if (!service_sets(service, RECORD_TYPE_A))
		caps |= PROVIDER_NO_IPV4;
	if (!service_sets(service, RECORD_TYPE_AAAA))
		caps |= PROVIDER_NO_IPV6;
	if (service->wildcard == SERVICE_SUPPORT_NO)
		caps |= PROVIDER_NO_WILDCARD;
	return caps;
}

__attribute__((format(printf, 4, 0))) static void vrefuse(struct service_fault *ret,
							  const char *section, const char *key,
							  const char *format, va_list args)
{
	ret->section = section;
	ret->key = key;
	ret->rule = SERVICE_RULES_MAX;
	vsnprintf(ret->why, sizeof(ret->why), format, args);
}

int service_refuse(struct service_fault *ret, const char *section, const char *key,
		   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vrefuse(ret, section, key, format, args);
	va_end(args);
	return -EINVAL;
}

__attribute__((format(printf, 3, 4))) static int refuse(struct service_fault *ret, const char *key,
							const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vrefuse(ret, NULL, key, format, args);
	va_end(args);
	return -EINVAL;
}

/* Something is wrong with the i-th text. */
static int refuse_text(const struct service *service, size_t i, struct service_fault *ret,
		       const char *why)
{
	size_t n = count_texts(service);

	if (i >= n) {
		refuse(ret, NULL, "%s", why);
		ret->rule = i - n;
		return -EINVAL;
	}
	if (i < FIELD_COUNT)
		return refuse(ret, service_fields[i].key, "%s", why);
	return service_refuse(ret, apifields[i - FIELD_COUNT].section,
			      apifields[i - FIELD_COUNT].key, "%s", why);
}

/* Whether a placeholder may stand in the i-th text. */
static bool knows(const struct service *service, size_t i, struct span name)
{
	if (service->api == NULL || i >= count_texts(service))
		return scope_knows(service, name);
	return apitext_knows(service->api, name) ||
	       (!scope_has_builtin(name) && scope_knows(service, name));
}

static int check_placeholders(const struct service *service, struct service_fault *ret)
{
	struct service_cursor at = {0};
	struct span name;

	while (service_next(service, &at, &name)) {
		int len = (int)(name.len < 40 ? name.len : 40);
		char why[SERVICE_WHY_MAX];

		if (knows(service, at.text, name))
			continue;
		(void)snprintf(why, sizeof(why),
			       "there is no {%.*s}; describe it in [setting %.*s], or see "
			       "nlddns-provider(5) for those there are",
			       len, name.text, len, name.text);
		return refuse_text(service, at.text, ret, why);
	}
	return 0;
}

/* In XML they stand for themselves. */
static bool has_brackets(const struct service *service, size_t i)
{
	return i < FIELD_COUNT || !apicheck_is_xml(service->api, &apifields[i - FIELD_COUNT]);
}

static int check_brackets(const struct service *service, struct service_fault *ret)
{
	for (size_t i = 0; i < count_texts(service); i++) {
		const char *text = template_at(service, i);
		const char *why = NULL;

		if (text != NULL && has_brackets(service, i))
			why = template_check(text);
		if (why != NULL)
			return refuse_text(service, i, ret, why);
	}
	return 0;
}

/* A part that may hold anything is a URL the person gives: it comes first, and whole. */
bool service_is_url(const struct service *service, const char *text)
{
	struct span rest = {text, strlen(text)};
	struct template_piece first = template_take(&rest);

	if (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0) {
		const char *host = strchr(text, ':') + 3;
		size_t len = strcspn(host, "/?");

		return len > 0 && memchr(host, '@', len) == NULL && strpbrk(text, " \t#") == NULL;
	}
	for (const struct setting *row = service->settings; row != NULL && row->name; row++)
		if (first.kind == TEMPLATE_PLACEHOLDER && row->type == SETTING_URL &&
		    span_is(first.span, row->name))
			return true;
	return false;
}

static int check_urls(const struct service *service, struct service_fault *ret)
{
	const struct {
		const char *key, *url;
	} urls[] = {{"url", service->url},
		    {"url-ipv4", service->url_ipv4},
		    {"url-ipv6", service->url_ipv6}};

	for (size_t i = 0; i < 3; i++)
		if (urls[i].url != NULL && !service_is_url(service, urls[i].url))
			return refuse(
				ret, urls[i].key,
				"must begin with https:// and a host, and have no user name, no "
				"blanks and no #");
	for (unsigned type = 0; type < RECORD_TYPE_COUNT; type++)
		if (service->url == NULL && urls[type + 1].url == NULL &&
		    service_sets(service, (enum record_type)type))
			return refuse(ret, NULL, "needs `url`, or `url-ipv4` and `url-ipv6`");
	if (service->both != NULL && (service->url_ipv4 != NULL || service->url_ipv6 != NULL))
		return refuse(ret, "both",
			      "has no meaning beside a url of each type: leave it out");
	return 0;
}

/* {addresses} stands for these, and not for itself. */
static int check_parts(const struct service *service, struct service_fault *ret)
{
	const char *const parts[] = {service->ipv4, service->ipv6, service->both};

	if (service->ipv4 == NULL && service->ipv6 == NULL && service->both == NULL)
		return refuse(ret, NULL, "needs `ipv4` or `ipv6`: how an address is sent");
	for (size_t i = 0; i < 3; i++)
		if (parts[i] != NULL && strstr(parts[i], "{addresses}") != NULL)
			return refuse(ret, "ipv4",
				      "and `ipv6` and `both` are what {addresses} "
				      "stands for: they cannot hold it");
	if (service->together && service->both == NULL)
		return refuse(ret, "together", "needs `both`");
	if (service->both != NULL && !service->together &&
	    (service->ipv4 == NULL || service->ipv6 == NULL))
		return refuse(ret, "both", "needs `ipv4` and `ipv6` beside it, for one alone");
	if ((service_needs_for(service, RECORD_TYPE_A, "ttl") ||
	     service_needs_for(service, RECORD_TYPE_AAAA, "ttl")) &&
	    service->ttl == 0)
		return refuse(ret, "ttl",
			      "has no value for records without one: put {ttl} between < and >, or "
			      "set `ttl` in a service file");
	return 0;
}

/* What is told apart by name cannot be sent for many at once. */
static int check_names(const struct service *service, struct service_fault *ret)
{
	bool list = service_uses(service, "names") || service_uses(service, "subs") ||
		    service_uses(service, "labels");

	if (service->names < 1 || service->names > SERVICE_NAMES_MAX)
		return refuse(ret, "names", "is 1 to %d", SERVICE_NAMES_MAX);
	if (service->names == 1)
		return 0;
	if (!list)
		return refuse(ret, "names", "needs {names}, {subs} or {labels} in the request");
	if (service_is_told_zone(service) && service_uses(service, "zone"))
		return refuse(ret, "names", "is 1 where {zone} is sent");
	return 0;
}

static int check_rules(const struct service *service, struct service_fault *ret)
{
	bool confirms = service->family != SERVICE_TEMPLATE;

	for (size_t i = 0; i < service->n_rules; i++) {
		const struct service_rule *rule = &service->rules[i];
		const char *why = rule_check(service, rule);

		if (why != NULL) {
			refuse(ret, NULL, "%s", why);
			ret->rule = i;
			return -EINVAL;
		}
		confirms |= rule->verdict == VERDICT_DONE;
	}
	if (!confirms)
		return refuse(ret, NULL, "needs a reply that is `done`");
	return 0;
}

static bool is_method(const char *text)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH"};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(text, methods[i]) == 0)
			return true;
	return false;
}

static int check_texts(const struct service *service, struct service_fault *ret)
{
	const char *header[] = {service->header, service->header_2};

	if (service->method != NULL && !is_method(service->method))
		return refuse(ret, "method", "is one of GET POST PUT PATCH");
	if (service->basic != NULL && strchr(service->basic, ':') == NULL)
		return refuse(ret, "basic", "is written user:password");
	if (service->basic != NULL && service->bearer != NULL)
		return refuse(ret, "bearer",
			      "and `basic` are sent in the same header: leave out one");
	for (size_t i = 0; i < 2; i++)
		if (header[i] != NULL && header[i][strcspn(header[i], ": \t{<")] != ':')
			return refuse(ret, i ? "header-2" : "header", "is written Name: value");
	return 0;
}

void service_credentials(const struct service *service, char ret[static SERVICE_CREDENTIALS_MAX])
{
	size_t len = 0;

	(void)snprintf(ret, SERVICE_CREDENTIALS_MAX, "the settings");
	for (const struct setting *row = service->settings; row != NULL && row->name; row++)
		if ((row->type == SETTING_SECRET || row->type == SETTING_TEXT) && row->required &&
		    len < SERVICE_CREDENTIALS_MAX - 8)
			len += (size_t)snprintf(ret + len, SERVICE_CREDENTIALS_MAX - len, "%s%s",
						len > 0 ? " and " : "", row->name);
}

int service_check(const struct service *service, struct service_fault *ret)
{
	static int (*const of_one[])(const struct service *, struct service_fault *) = {
		check_texts, check_brackets, check_parts,        check_urls,
		check_names, check_rules,    check_placeholders, NULL,
	};
	static int (*const of_records[])(const struct service *, struct service_fault *) = {
		check_texts, check_brackets, apicheck, check_rules, check_placeholders, NULL,
	};

	for (int (*const *check)(const struct service *, struct service_fault *) =
		     service->api != NULL ? of_records : of_one;
	     *check != NULL; check++)
		if ((*check)(service, ret) < 0)
			return -EINVAL;
	return 0;
}
