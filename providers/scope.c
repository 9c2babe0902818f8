/* SPDX-License-Identifier: MIT */
#include "providers/scope.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define NUMBER_MAX 16

/* The lists, and which part of a name each has. */
enum part { PART_NAME, PART_SUB, PART_LABEL };

static const struct {
	const char *name;
	enum part part;
	bool list;
} parts[] = {
	{"name", PART_NAME, false}, {"names", PART_NAME, true},   {"sub", PART_SUB, false},
	{"subs", PART_SUB, true},   {"label", PART_LABEL, false}, {"labels", PART_LABEL, true},
};
#define PART_COUNT (sizeof(parts) / sizeof(parts[0]))

static const char *const others[] = {"zone", "apex", "ip",          "ip4",      "ip6",
				     "type", "ttl",  "ttl-minutes", "addresses"};
#define OTHER_COUNT (sizeof(others) / sizeof(others[0]))

bool scope_has_builtin(struct span name)
{
	for (size_t i = 0; i < PART_COUNT; i++)
		if (span_is(name, parts[i].name))
			return true;
	for (size_t i = 0; i < OTHER_COUNT; i++)
		if (span_is(name, others[i]))
			return true;
	return false;
}

bool scope_digest(struct span name, struct span *ret_algorithm, struct span *ret_setting)
{
	static const char *const algorithms[] = {"md5", "sha1", "sha256"};
	const char *colon = memchr(name.text, ':', name.len);
	size_t len = colon != NULL ? (size_t)(colon - name.text) : 0;

	for (size_t i = 0; i < 3 && colon != NULL; i++) {
		*ret_algorithm = (struct span){name.text, len};
		*ret_setting = (struct span){colon + 1, name.len - len - 1};
		if (span_is(*ret_algorithm, algorithms[i]))
			return true;
	}
	return false;
}

static const struct setting *find_setting(const struct service *service, struct span name)
{
	for (const struct setting *row = service->settings; row != NULL && row->name; row++)
		if (span_is(name, row->name))
			return row;
	return NULL;
}

bool scope_knows(const struct service *service, struct span name)
{
	struct span algorithm, setting;

	if (scope_has_builtin(name))
		return true;
	if (scope_digest(name, &algorithm, &setting))
		return find_setting(service, setting) != NULL;
	return find_setting(service, name) != NULL;
}

/* Whether the name is the zone, or below it. */
static bool is_within(const char *name, struct span zone)
{
	size_t len = strlen(name);

	if (zone.len == 0 || len < zone.len ||
	    strncasecmp(name + len - zone.len, zone.text, zone.len) != 0)
		return false;
	return len == zone.len || name[len - zone.len - 1] == '.';
}

/* Those the name may be in. */
static const char *find_zones(const struct service *service, const struct job *job,
			      const char *name)
{
	const char *given = provider_value(job, "zone");

	if (!service_is_told_zone(service))
		return service->zone;
	return given != NULL || service->zone == NULL ? given : name;
}

bool scope_zone(const struct service *service, const struct job *job, const char *name,
		struct span *ret)
{
	const char *zones = find_zones(service, job, name);
	struct span rest = {zones, zones != NULL ? strlen(zones) : 0}, found = {NULL, 0};

	while (rest.len > 0) {
		struct span zone = span_take_word(&rest, " ,");

		if (is_within(name, zone) && zone.len > found.len)
			found = zone;
	}
	*ret = found;
	return found.len > 0;
}

/* Escaped for a string of JSON (RFC 8259, section 7); bytes over 127 stay. */
static void add_json(struct buf *to, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			buf_add(to, (char[]){'\\', (char)c}, 2);
		else if (c < ' ' || c == 0x7f)
			buf_printf(to, "\\u%04x", c);
		else
			buf_add(to, (char *)&c, 1);
	}
}

/* Escaped for text and attributes (XML 1.0, section 2.4). */
static int add_xml(struct buf *to, const char *text)
{
	static const char chars[] = "&<>\"'";
	static const char *const escapes[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};

	for (const char *c = text; *c != '\0'; c++) {
		const char *escaped = strchr(chars, *c);

		if ((*c >= 0 && *c < ' ') || *c == 0x7f)
			return -EINVAL;
		if (escaped != NULL)
			buf_text(to, escapes[escaped - chars]);
		else
			buf_add(to, c, 1);
	}
	return 0;
}

int scope_add_text(const char *text, enum scope_encoding encoding, struct buf *to)
{
	switch (encoding) {
	case SCOPE_ENCODE_URL:
		buf_urlencode(to, text);
		return 0;
	case SCOPE_ENCODE_JSON:
		add_json(to, text, strlen(text));
		return 0;
	case SCOPE_ENCODE_XML:
		return add_xml(to, text);
	case SCOPE_ENCODE_NONE:
		for (const char *c = text; *c != '\0'; c++)
			if ((*c >= 0 && *c < ' ' && *c != '\t') || *c == 0x7f)
				return -EINVAL;
		break;
	case SCOPE_ENCODE_WORD:
		break;
	}
	buf_text(to, text);
	return 0;
}

static int add_part(const struct scope *scope, const char *name, enum part part,
		    enum scope_encoding encoding, struct buf *to)
{
	char text[DNS_NAME_MAX];
	struct span zone;
	size_t len = strlen(name);
	const char *label;

	if (len >= sizeof(text))
		return -EINVAL;
	memcpy(text, name, len + 1);
	if (part == PART_NAME)
		return scope_add_text(text, encoding, to);
	if (!scope_zone(scope->service, scope->job, name, &zone))
		return -EINVAL;
	if (len == zone.len)
		return scope->service->apex != NULL
			       ? scope_add_text(scope->service->apex, encoding, to)
			       : 0;
	text[len - zone.len - 1] = '\0';
	label = strrchr(text, '.');
	return scope_add_text(part == PART_LABEL && label != NULL ? label + 1 : text, encoding, to);
}

static int add_parts(const struct scope *scope, enum part part, bool list,
		     enum scope_encoding encoding, struct buf *to)
{
	const char *separator = scope->service->separator;

	for (size_t i = 0; i < (list ? scope->n_names : 1); i++) {
		int rc;

		if (i > 0)
			buf_text(to, separator != NULL ? separator : ",");
		rc = add_part(scope, scope->names[i], part, encoding, to);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int add_zone(const struct scope *scope, enum scope_encoding encoding, struct buf *to)
{
	char text[DNS_NAME_MAX];
	struct span zone;

	if (!scope_zone(scope->service, scope->job, scope->names[0], &zone) ||
	    zone.len >= sizeof(text))
		return -EINVAL;
	memcpy(text, zone.text, zone.len);
	text[zone.len] = '\0';
	return scope_add_text(text, encoding, to);
}

/* Whether the name is the zone itself. */
static int add_apex(const struct scope *scope, struct buf *to)
{
	struct span zone;

	if (!scope_zone(scope->service, scope->job, scope->names[0], &zone))
		return -EINVAL;
	buf_text(to, strlen(scope->names[0]) == zone.len ? "true" : "false");
	return 0;
}

static int add_number(unsigned number, struct buf *to)
{
	if (number == 0)
		return -ENOENT;
	buf_printf(to, "%u", number);
	return 0;
}

/* The address that {ip} stands for: of the request's only type, else of A. */
static const char *only_address(const struct scope *scope)
{
	return scope->addrs[RECORD_TYPE_A] != NULL ? scope->addrs[RECORD_TYPE_A]
						   : scope->addrs[RECORD_TYPE_AAAA];
}

static int add_other(const struct scope *scope, struct span name, enum scope_encoding encoding,
		     struct buf *to)
{
	unsigned ttl = scope->ttl > 0 ? scope->ttl : scope->service->ttl;
	const char *text = NULL;

	if (span_is(name, "ttl"))
		return add_number(ttl, to);
	if (span_is(name, "ttl-minutes"))
		return add_number(ttl / 60 + (ttl % 60 > 0), to);
	if (span_is(name, "zone"))
		return add_zone(scope, encoding, to);
	if (span_is(name, "apex"))
		return add_apex(scope, to);
	if (span_is(name, "ip"))
		text = only_address(scope);
	if (span_is(name, "ip4"))
		text = scope->addrs[RECORD_TYPE_A];
	if (span_is(name, "ip6"))
		text = scope->addrs[RECORD_TYPE_AAAA];
	if (span_is(name, "type"))
		text = provider_type_name(scope->addrs[RECORD_TYPE_A] != NULL ? RECORD_TYPE_A
									      : RECORD_TYPE_AAAA);
	return text != NULL ? scope_add_text(text, encoding, to) : -ENOENT;
}

/* A setting, or a digest, which the transport has put among the values. */
static int add_value(const struct scope *scope, struct span name, enum scope_encoding encoding,
		     struct buf *to)
{
	const struct setting *row = find_setting(scope->service, name);
	const struct job *job = scope->job;

	for (size_t i = 0; i < job->n_values; i++) {
		if (!span_is(name, job->values[i].name))
			continue;
		/* what a request begins with is where it goes */
		if (row != NULL && row->type == SETTING_URL && encoding == SCOPE_ENCODE_URL &&
		    to->len == 0)
			encoding = SCOPE_ENCODE_NONE;
		return scope_add_text(job->values[i].text, encoding, to);
	}
	return -ENOENT;
}

int scope_add(const struct scope *scope, struct span name, enum scope_encoding encoding,
	      struct buf *to)
{
	for (size_t i = 0; i < PART_COUNT; i++)
		if (span_is(name, parts[i].name))
			return add_parts(scope, parts[i].part, parts[i].list, encoding, to);
	if (scope_has_builtin(name))
		return add_other(scope, name, encoding, to);
	return add_value(scope, name, encoding, to);
}

const char *scope_addresses(const struct scope *scope)
{
	if (scope->addrs[RECORD_TYPE_A] == NULL)
		return scope->service->ipv6;
	return scope->addrs[RECORD_TYPE_AAAA] != NULL ? scope->service->both : scope->service->ipv4;
}
