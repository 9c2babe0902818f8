/* SPDX-License-Identifier: MIT */
#include "providers/apilist.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "providers/pointer.h"

/* Some send back in Unicode what was asked for in ASCII (RFC 5890); what they send back then is
 * taken for it. */
static bool same_name(struct span found, const char *name)
{
	size_t len = strlen(name);

	if (found.len == len + 1 && found.text[len] == '.')
		found.len--;
	if (found.len == len && strncasecmp(found.text, name, len) == 0)
		return true;
	if (strstr(name, "xn--") == NULL)
		return false;
	for (size_t i = 0; i < found.len; i++)
		if ((unsigned char)found.text[i] >= 0x80)
			return true;
	return false;
}

/* Whether the text at the pointer is that name. */
static bool is_named(const json_t *json, const char *pointer, const char *name)
{
	const json_t *member = pointer_at(json, pointer);

	return json_is_string(member) &&
	       same_name((struct span){json_string_value(member), json_string_length(member)},
			 name);
}

/* An id is a text or a number. */
static int read_id(const json_t *json, const char *pointer, char ret[static APISET_ID_MAX])
{
	const json_t *member = pointer_at(json, pointer);
	char number[POINTER_TEXT_MAX];
	struct span id;

	if ((!json_is_string(member) && !json_is_integer(member)) ||
	    !pointer_text(member, number, &id) || id.len == 0 || id.len >= APISET_ID_MAX)
		return -EBADMSG;
	memcpy(ret, id.text, id.len);
	ret[id.len] = '\0';
	return 0;
}

static unsigned read_number(const json_t *json, const char *pointer)
{
	const json_t *member = pointer != NULL ? pointer_at(json, pointer) : NULL;
	json_int_t number = json_integer_value(member);

	return number > 0 && number <= INT32_MAX ? (unsigned)number : 0;
}

static int read_zone(const struct recordapi *api, const json_t *zone,
		     char ret_id[static APISET_ID_MAX], unsigned *ret_ttl_min)
{
	*ret_ttl_min = read_number(zone, api->zone_ttl);
	return api->zone_id != NULL ? read_id(zone, api->zone_id, ret_id) : 0;
}

int apilist_zone(const struct recordapi *api, const struct json_t *json, const char *name,
		 char ret_id[static APISET_ID_MAX], unsigned *ret_ttl_min)
{
	const json_t *list = api->zone_list != NULL ? pointer_at(json, api->zone_list) : NULL;

	if (api->zone_list == NULL && api->zone_name != NULL &&
	    !is_named(json, api->zone_name, name))
		return -EBADMSG;
	if (api->zone_list == NULL)
		return read_zone(api, json, ret_id, ret_ttl_min);
	if (!json_is_array(list))
		return -EBADMSG;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *zone = json_array_get(list, i);

		if (is_named(zone, api->zone_name, name))
			return read_zone(api, zone, ret_id, ret_ttl_min);
	}
	return -ENOENT;
}

/* Whether a record or set is of that name and type. */
static bool is_meant(const struct recordapi *api, const json_t *item, const struct apitext *text)
{
	const char *name = text->wanted->name;
	char sub[DNS_NAME_MAX];
	int len = apitext_sub_len(text->wanted, text->zone);

	if (api->type != NULL && !is_named(item, api->type, provider_type_name(text->wanted->type)))
		return false;
	if (api->name == NULL || api->naming == RECORDAPI_WHOLE)
		return api->name == NULL || is_named(item, api->name, name);
	memcpy(sub, name, (size_t)len);
	sub[len] = '\0';
	return is_named(item, api->name, len > 0 ? sub : api->apex);
}

static bool is_off(const struct recordapi *api, const json_t *element)
{
	return api->off != NULL && json_is_true(pointer_at(element, api->off));
}

/* Empty: there is none. */
static struct span read_value(const struct recordapi *api, const json_t *element)
{
	const json_t *value = pointer_at(element, api->value);

	return (struct span){json_string_value(value), json_string_length(value)};
}

static int add_value(const struct recordapi *api, const json_t *element, const char *id,
		     enum record_type type, struct apiset *set)
{
	struct span value = read_value(api, element);
	int rc;

	if (value.len == 0)
		return -EBADMSG;
	if (is_off(api, element))
		return 0;
	rc = apiset_add(set, (struct span){id, strlen(id)}, value, type);
	return rc == 0 || rc == -ENOSPC ? rc : -EBADMSG;
}

static int add_item(const struct recordapi *api, const json_t *item, enum record_type type,
		    struct apiset *set)
{
	const json_t *list = api->id == NULL ? pointer_at(item, api->list) : NULL;
	char id[APISET_ID_MAX];
	int rc = 0;

	if (api->id != NULL)
		return read_id(item, api->id, id) == 0 ? add_value(api, item, id, type, set)
						       : -EBADMSG;
	if (!json_is_array(list))
		return -EBADMSG;
	for (size_t i = 0; i < json_array_size(list) && rc == 0; i++)
		rc = add_value(api, json_array_get(list, i), "", type, set);
	return rc;
}

int apilist_addresses(const struct recordapi *api, const struct json_t *json,
		      const struct apitext *text, struct apiset *set)
{
	const json_t *list = api->find_list != NULL ? pointer_at(json, api->find_list) : NULL;
	int rc = 0;

	if (api->find_list == NULL)
		return add_item(api, json, text->wanted->type, set);
	if (!json_is_array(list))
		return -EBADMSG;
	for (size_t i = 0; i < json_array_size(list) && rc == 0; i++)
		if (is_meant(api, json_array_get(list, i), text))
			rc = add_item(api, json_array_get(list, i), text->wanted->type, set);
	return rc;
}

bool apilist_goes_on(const struct recordapi *api, const struct json_t *json, unsigned page)
{
	const json_t *more = api->more != NULL ? pointer_at(json, api->more) : NULL;

	return json_is_string(more) || read_number(more, "") > page;
}

/* As it came. */
static void add_as_is(const json_t *element, struct buf *to)
{
	char *text = json_dumps(element, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text != NULL)
		buf_text(to, text);
	else
		to->failed = true;
	free(text);
}

static const json_t *find_set(const struct recordapi *api, const json_t *json,
			      const struct apitext *text)
{
	const json_t *list = api->find_list != NULL ? pointer_at(json, api->find_list) : NULL;

	if (api->find_list == NULL)
		return json;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (is_meant(api, json_array_get(list, i), text))
			return json_array_get(list, i);
	return NULL;
}

/* One that is not in use gives way to the same one in use. */
static bool stays(const struct recordapi *api, const json_t *element, const struct apiset *set,
		  const struct wanted *wanted)
{
	struct span value = read_value(api, element);

	if (!is_off(api, element))
		return apiset_stays(set, wanted, value);
	for (size_t i = 0; i < wanted->n_addrs; i++)
		if (span_is(value, wanted->addrs[i]))
			return false;
	return true;
}

static void add_missing(const struct recordapi *api, const struct apiset *set,
			const struct apitext *text, struct buf *to)
{
	struct apitext element = *text;

	for (size_t i = 0; i < text->wanted->n_addrs; i++) {
		element.ip = text->wanted->addrs[i];
		if (apiset_has(set, element.ip))
			continue;
		buf_text(to, to->len > 0 ? "," : "");
		if (apitext_body(api->element, &element, to) < 0)
			to->failed = true;
	}
}

size_t apilist_values(const struct recordapi *api, const struct json_t *json,
		      const struct apiset *set, const struct apitext *text, struct buf *to,
		      unsigned *ret_ttl)
{
	const json_t *found = json != NULL ? find_set(api, json, text) : NULL;
	const json_t *list = found != NULL ? pointer_at(found, api->list) : NULL;
	size_t n = 0;

	*ret_ttl = found != NULL ? read_number(found, api->set_ttl) : 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *element = json_array_get(list, i);

		if (!stays(api, element, set, text->wanted))
			continue;
		buf_text(to, n++ > 0 ? "," : "");
		add_as_is(element, to);
	}
	add_missing(api, set, text, to);
	return n;
}

enum apilist_action apilist_action(const struct recordapi *api, const struct json_t *json,
				   char ret_id[static APISET_ID_MAX])
{
	const json_t *state = pointer_at(json, api->action_state);
	const char *text = json_string_value(state);

	if (text != NULL && strcmp(text, "success") == 0)
		return APILIST_ACTION_NONE;
	if (text == NULL || strcmp(text, "running") != 0 ||
	    read_id(json, api->action_id, ret_id) < 0)
		return APILIST_ACTION_FAILED;
	return APILIST_ACTION_RUNS;
}
