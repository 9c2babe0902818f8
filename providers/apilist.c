/* SPDX-License-Identifier: MIT */
#include "providers/apilist.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "providers/apiitems.h"
#include "providers/idn.h"
#include "providers/pointer.h"

#define STAR "\\052" /* RFC 4343 */

static bool same_name(struct span found, const char *name)
{
	size_t len = strlen(name), star = strlen(STAR);

	if (name[0] == '*' && found.len > star && memcmp(found.text, STAR, star) == 0) {
		found = (struct span){found.text + star, found.len - star};
		name++;
		len--;
	}
	if (found.len == len + 1 && found.text[len] == '.')
		found.len--;
	return idn_is_same(found, name);
}

/* Whether the text at the pointer is that name. */
static bool is_named(const struct apitext *text, const json_t *json, const char *pointer,
		     const char *name)
{
	char number[POINTER_TEXT_MAX];
	struct span found;

	return apiitems_text(text, json, pointer, number, &found) && same_name(found, name);
}

/* In a URL these lead to another place (RFC 3986, section 5.2.4). */
static bool is_dots(struct span id)
{
	return span_is(id, ".") || span_is(id, "..");
}

/* An id is a text or a number. */
static int read_id(const struct apitext *text, const json_t *json, const char *pointer,
		   char ret[static APISET_ID_MAX])
{
	char number[POINTER_TEXT_MAX];
	struct span id;

	if (!apiitems_text(text, json, pointer, number, &id) || id.len == 0 ||
	    id.len >= APISET_ID_MAX || is_dots(id))
		return -EBADMSG;
	memcpy(ret, id.text, id.len);
	ret[id.len] = '\0';
	return 0;
}

static const char *parent(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL ? dot + 1 : NULL;
}

/* Where the zone begins in the name that is searched for; NULL: it does not hold it. */
static const char *meet(const struct apitext *text, const json_t *zone,
			const struct apilist_zone *search)
{
	const char *name = search->name;

	while (name != NULL && !is_named(text, zone, text->api->zone_name, name))
		name = search->parents ? parent(name) : NULL;
	return name;
}

static bool is_no_zone(const struct apitext *text, const json_t *item)
{
	const struct recordapi *api = text->api;

	return apiitems_is_true(text, item, api->zone_off) ||
	       (api->zone_type != NULL && api->zone_type_is != NULL &&
		!is_named(text, item, api->zone_type, api->zone_type_is));
}

int apilist_zone(const struct apitext *text, const struct json_t *json, struct apilist_zone *search)
{
	const struct recordapi *api = text->api;
	struct apiitems zones;
	bool strange = api->zone_list == NULL; /* one that is not the one asked for */

	if (apiitems_look(text, json, api->zone_list, &zones) < 0)
		return -EBADMSG;
	for (size_t i = 0; i < zones.n; i++) {
		const json_t *zone = apiitems_at(&zones, i);
		const char *at = search->name;

		if (is_no_zone(text, zone)) {
			strange = false;
			continue;
		}
		if (api->zone_name != NULL)
			at = meet(text, zone, search);
		if (at == NULL ||
		    (search->json != NULL && search->at <= (size_t)(at - search->name)))
			continue;
		search->json = zone;
		search->at = (size_t)(at - search->name);
	}
	if (search->json == NULL)
		return strange ? -EBADMSG : -ENOENT;
	return 0;
}

int apilist_zone_id(const struct apitext *text, const struct apilist_zone *found,
		    char ret_id[static APISET_ID_MAX], unsigned *ret_ttl_min)
{
	const struct recordapi *api = text->api;
	int rc;

	*ret_ttl_min = apiitems_number(text, found->json, api->zone_ttl);
	rc = api->zone_id != NULL ? read_id(text, found->json, api->zone_id, ret_id) : 0;
	/* of a path (/hostedzone/Z1) what is behind it */
	if (rc == 0 && api->zone_id != NULL && ret_id[0] == '/')
		memmove(ret_id, strrchr(ret_id, '/') + 1, strlen(strrchr(ret_id, '/')));
	return rc == 0 && api->zone_id != NULL && ret_id[0] == '\0' ? -EBADMSG : rc;
}

/* At the apex any of what it is called will do. */
static bool is_meant_in_zone(const struct apitext *text, const json_t *item)
{
	const struct recordapi *api = text->api;
	char sub[DNS_NAME_MAX];
	int len = apitext_sub_len(text->wanted, text->zone);

	memcpy(sub, text->wanted->name, (size_t)len);
	sub[len] = '\0';
	if (len > 0)
		return is_named(text, item, api->name, sub);
	return json_is_null(apiitems_member(text, item, api->name)) ||
	       is_named(text, item, api->name, "") || is_named(text, item, api->name, "@") ||
	       (api->apex != NULL && is_named(text, item, api->name, api->apex));
}

static bool is_of_type(const struct apitext *text, const json_t *item)
{
	const char *template = text->api->type_is != NULL ? text->api->type_is : "{type}";
	struct buf type;
	bool is;

	buf_init(&type, POINTER_TEXT_MAX);
	is = apitext_fill(template, text, SCOPE_ENCODE_NONE, &type) == 0 && type.len > 0 &&
	     is_named(text, item, text->api->type, type.text);
	buf_done(&type);
	return is;
}

/* Whether a record or set is of that name. */
static bool is_of_name(const struct apitext *text, const json_t *item)
{
	const struct recordapi *api = text->api;

	if (api->name == NULL)
		return true;
	if (api->naming != RECORDAPI_IN_ZONE && is_named(text, item, api->name, text->wanted->name))
		return true;
	return api->naming != RECORDAPI_WHOLE && is_meant_in_zone(text, item);
}

static bool is_meant(const struct apitext *text, const json_t *item)
{
	return (text->api->type == NULL || is_of_type(text, item)) && is_of_name(text, item);
}

/* Where the list has records of all types, and says which. */
static bool is_alias(const struct apitext *text, const json_t *item)
{
	return text->api->type != NULL && is_named(text, item, text->api->type, "CNAME") &&
	       is_of_name(text, item);
}

static bool is_marked(const struct apitext *text, const json_t *element)
{
	const char *owner = provider_value(text->job, "owner");
	const char *comment = text->api->comment;

	return owner != NULL && comment != NULL && is_named(text, element, comment, owner);
}

/* Whether both types are in one set, and it is of the other one. */
static bool is_of_other(const struct apitext *text, struct span value)
{
	unsigned char bytes[16];
	int type = text->api->separator != NULL ? span_address(value, bytes) : -EINVAL;

	return type >= 0 && type != (int)text->wanted->type;
}

static int add_value(const struct apitext *text, const json_t *element, const char *id,
		     struct apiset *set)
{
	struct span value = apiitems_value(text, element);
	int rc;

	if (value.len == 0)
		return -EBADMSG;
	if (apiitems_is_off(text, element) || is_of_other(text, value))
		return 0;
	if (set->n == APISET_MAX)
		return -ENOSPC;
	rc = apiset_add(set, (struct span){id, strlen(id)}, value, text->wanted->type);
	if (rc == -EEXIST) /* it moved to another page while they were read */
		return 0;
	if (rc < 0)
		return rc == -EINVAL ? rc : -EBADMSG;
	set->found[set->n - 1].marked = is_marked(text, element);
	return 0;
}

static int add_values(const struct apitext *text, const json_t *item, const char *id,
		      struct apiset *set)
{
	struct apiitems elements;
	int rc = apiitems_look(text, item, text->api->list, &elements);

	for (size_t i = 0; i < elements.n && rc == 0; i++)
		rc = add_value(text, apiitems_at(&elements, i), id, set);
	return rc;
}

static int keep_item(const json_t *item, unsigned number, struct apikeep *keep)
{
	char *text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
	int rc = -EBADMSG;

	if (text != NULL)
		rc = apikeep_put(keep, APIKEEP_RECORD, number, (struct span){"", 0},
				 (struct span){text, strlen(text)});
	free(text);
	return rc;
}

/* Of several sets (one for each view, region, ...) it cannot be told which is meant. */
static int keep_set(const json_t *item, struct apikeep *keep)
{
	const char *kept = apikeep_get(keep, APIKEEP_RECORD, 0, (struct span){"", 0});
	json_t *other;
	int rc;

	if (kept == NULL)
		return keep_item(item, 0, keep);
	other = json_loads(kept, JSON_DECODE_ANY, NULL);
	rc = json_equal(other, item) ? 0 : -EEXIST;
	json_decref(other);
	return rc;
}

/* A record that does not fit is left to those who want it. */
static int add_item(const struct apitext *text, const json_t *item, struct apiset *set,
		    struct apikeep *keep)
{
	const struct recordapi *api = text->api;
	size_t before = set->n;
	char id[APISET_ID_MAX] = "";
	int rc = 0;

	if (api->id != NULL)
		rc = read_id(text, item, api->id, id);
	if (rc == 0)
		rc = api->list != NULL ? add_values(text, item, id, set)
				       : add_value(text, item, id, set);
	for (size_t i = before; i < set->n; i++)
		set->found[i].ttl = apiitems_number(text, item, api->set_ttl);
	if (rc == 0 && api->list != NULL)
		rc = keep_set(item, keep);
	/* that of a set is needed also where all of its addresses are others' */
	if (rc == 0 && api->list != NULL && api->id != NULL)
		rc = apikeep_put(keep, APIKEEP_ID, 0, (struct span){"", 0},
				 (struct span){id, strlen(id)});
	if (rc < 0 || api->list != NULL)
		return rc;
	if (set->n > before && apitext_wants_record(api))
		(void)keep_item(item, (unsigned)before, keep);
	return rc;
}

/* Takes over the copy of an item, whose addresses are one text: they become a list. */
static int add_split(const struct apitext *text, json_t *copy, struct apiset *set,
		     struct apikeep *keep)
{
	const json_t *whole = pointer_at(copy, text->api->list);
	struct span rest = {json_string_value(whole), json_string_length(whole)};
	json_t *list = json_array();
	bool all = true; /* what is left out would be lost */
	int rc = -EBADMSG;

	while (rest.len > 0) {
		struct span part = span_trim(span_take_word(&rest, text->api->separator));

		if (part.len > 0)
			all &= json_array_append_new(list, json_stringn(part.text, part.len)) == 0;
	}
	if (all && json_array_size(list) > 0 &&
	    pointer_set(copy, text->api->list, json_incref(list)) == 0)
		rc = add_item(text, copy, set, keep);
	json_decref(list);
	json_decref(copy);
	return rc;
}

static int add_found(const struct apitext *text, const json_t *item, struct apiset *set,
		     struct apikeep *keep)
{
	if (text->api->separator == NULL)
		return add_item(text, item, set, keep);
	return add_split(text, json_deep_copy(item), set, keep);
}

int apilist_addresses(const struct apitext *text, const struct json_t *json, struct apiset *set,
		      struct apikeep *keep)
{
	struct apiitems items;
	int rc = apiitems_look(text, json, text->api->find_list, &items);

	for (size_t i = 0; i < items.n && rc == 0; i++) {
		const json_t *item = apiitems_at(&items, i);

		if (text->api->find_list == NULL || is_meant(text, item))
			rc = add_found(text, item, set, keep);
		else if (is_alias(text, item))
			set->alias = true;
	}
	return rc;
}

/* Of a record or set, each value. */
static int hand_out(const struct apitext *text, const json_t *item,
		    void (*each)(void *of, const struct apilist_value *), void *of)
{
	const struct recordapi *api = text->api;
	struct apiitems elements = {APIITEMS_ONE, item, 1};
	struct apilist_value value = {{"", 0}, "", 0};
	char id[APISET_ID_MAX] = "";
	int rc = api->id != NULL ? read_id(text, item, api->id, id) : 0;

	if (rc == 0 && api->list != NULL)
		rc = apiitems_look(text, item, api->list, &elements);
	/* such as an alias: it is there, with nothing of its own */
	if (rc < 0 && api->list != NULL && api->find_list != NULL) {
		each(of, &value);
		return 0;
	}
	for (size_t i = 0; i < elements.n && rc == 0; i++) {
		value = (struct apilist_value){apiitems_value(text, apiitems_at(&elements, i)), id,
					       apiitems_number(text, item, api->set_ttl)};
		if (value.value.len == 0)
			rc = -EBADMSG;
		else
			each(of, &value);
	}
	return rc;
}

int apilist_values(const struct apitext *text, const struct json_t *json,
		   void (*each)(void *of, const struct apilist_value *), void *of)
{
	struct apiitems items;
	int rc = apiitems_look(text, json, text->api->find_list, &items);

	for (size_t i = 0; i < items.n && rc == 0; i++) {
		const json_t *item = apiitems_at(&items, i);

		if (text->api->find_list == NULL || is_meant(text, item))
			rc = hand_out(text, item, each, of);
	}
	return rc;
}

int apilist_ids(const struct apitext *text, const struct json_t *json, struct apikeep *keep,
		unsigned *n)
{
	struct apiitems items;
	int rc = apiitems_look(text, json, text->api->find_list, &items);

	for (size_t i = 0; i < items.n && rc == 0; i++) {
		char id[APISET_ID_MAX];

		rc = read_id(text, apiitems_at(&items, i), "", id);
		if (rc == 0 && *n == APITALK_READS_MAX)
			rc = -ENOSPC;
		if (rc == 0)
			rc = apikeep_put(keep, APIKEEP_ID, (*n)++, (struct span){"", 0},
					 (struct span){id, strlen(id)});
	}
	return rc;
}

int apilist_record(const struct apitext *text, const struct json_t *json, struct apiset *set,
		   struct apikeep *keep)
{
	char id[APISET_ID_MAX];

	if (read_id(text, json, text->api->id, id) < 0 || strcmp(id, text->id) != 0)
		return -EBADMSG;
	return is_meant(text, json) ? add_item(text, json, set, keep) : 0;
}

static bool is_word(const char *words, const char *word)
{
	struct span rest = {words, strlen(words)};

	while (rest.len > 0)
		if (span_is_nocase(span_take_word(&rest, " "), word))
			return true;
	return false;
}

enum apilist_action apilist_action(const struct apitext *text, const struct json_t *json,
				   char ret_id[static APISET_ID_MAX])
{
	const struct recordapi *api = text->api;
	const char *good = api->action_good != NULL ? api->action_good : "success";
	const char *runs = api->action_runs != NULL ? api->action_runs : "running";
	const char *state = json_string_value(apiitems_member(text, json, api->action_state));

	if (state != NULL && is_word(good, state))
		return APILIST_ACTION_NONE;
	if (state == NULL || !is_word(runs, state))
		return APILIST_ACTION_FAILED;
	/* later replies need not repeat it */
	if (read_id(text, json, api->action_id, ret_id) < 0 && ret_id[0] == '\0')
		return APILIST_ACTION_FAILED;
	return APILIST_ACTION_RUNS;
}
