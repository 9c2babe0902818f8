/* SPDX-License-Identifier: MIT */
/* https://api.cloudflare.com/client/v4: zones, and their DNS records. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/servers/records/world.h"

#define ZONES "/client/v4/zones"

static void say(struct visit *visit, unsigned status, json_t *result, json_t *info)
{
	json_t *reply = json_pack("{s:o, s:b, s:[], s:[]}", "result", result ? result : json_null(),
				  "success", 1, "errors", "messages");

	if (info)
		json_object_set_new(reply, "result_info", info);
	visit->status = status;
	json_dumpf(reply, visit->out, JSON_COMPACT);
	json_decref(reply);
}

static void fail(struct visit *visit, unsigned status, int code, const char *message)
{
	json_t *reply = json_pack("{s:n, s:b, s:[{s:i, s:s}], s:[]}", "result", "success", 0,
				  "errors", "code", code, "message", message, "messages");

	visit->status = status;
	json_dumpf(reply, visit->out, JSON_COMPACT);
	json_decref(reply);
}

static json_t *show(const struct record *record)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:s?, s:[], s:{}}", "id", record->id,
			 "name", record->name, "type", record->type, "content", record->value,
			 "proxiable", 1, "proxied", record->proxied, "ttl", (int)record->ttl,
			 "comment", record->comment[0] ? record->comment : NULL, "tags", "meta");
}

static json_t *show_pages(size_t page, size_t size, size_t count, size_t total)
{
	size_t pages = total ? (total + size - 1) / size : 1;

	return json_pack("{s:i, s:i, s:i, s:i, s:i}", "page", (int)page, "per_page", (int)size,
			 "count", (int)count, "total_count", (int)total, "total_pages", (int)pages);
}

static size_t number(const struct visit *visit, const char *name, size_t preset)
{
	const char *text = visit_argument(visit, name);

	return text[0] ? strtoul(text, NULL, 10) : preset;
}

static void list_zones(const struct world *world, struct visit *visit)
{
	const char *name = visit_argument(visit, "name");
	json_t *list = json_array();

	for (size_t i = 0; i < world->n_zones; i++) {
		const struct zone *zone = &world->zones[i];

		if (zone->host == HOST_CLOUDFLARE && (!name[0] || strcmp(name, zone->name) == 0))
			json_array_append_new(list,
					      json_pack("{s:s, s:s, s:s}", "id", zone->id, "name",
							zone->name, "status", "active"));
	}
	say(visit, 200, list, show_pages(1, 50, json_array_size(list), json_array_size(list)));
}

/* The least that per_page may be is 5; ours may be less, to have pages at all. */
static void list_records(struct world *world, struct visit *visit, const struct zone *zone)
{
	const char *name = visit_argument(visit, "name"), *type = visit_argument(visit, "type");
	size_t size = number(visit, "per_page", 100), page = number(visit, "page", 1), i = 0;
	struct record *record = NULL;
	json_t *list = json_array();

	if (world->page_size > 0 && size > world->page_size)
		size = world->page_size;
	while ((record = world_next(world, record, zone, name[0] ? name : NULL,
				    type[0] ? type : NULL))) {
		if (i / size + 1 == page)
			json_array_append_new(list, show(record));
		i++;
	}
	say(visit, 200, list, show_pages(page, size, json_array_size(list), i));
}

/* What a record would be once these fields are in it. */
static bool read_fields(const json_t *json, struct record *record)
{
	const char *name = record->name, *type = record->type, *value = record->value,
		   *comment = record->comment;
	int ttl = (int)record->ttl, proxied = record->proxied;
	struct record next = *record;
	json_t *root;

	memcpy(&root, &json, sizeof(root));
	if (json_unpack(root, "{s?s, s?s, s?s, s?s, s?i, s?b}", "name", &name, "type", &type,
			"content", &value, "comment", &comment, "ttl", &ttl, "proxied",
			&proxied) < 0)
		return false;
	snprintf(next.name, sizeof(next.name), "%s", name);
	snprintf(next.type, sizeof(next.type), "%s", type);
	snprintf(next.value, sizeof(next.value), "%s", value);
	snprintf(next.comment, sizeof(next.comment), "%s", comment);
	next.ttl = (unsigned)ttl;
	next.proxied = proxied;
	*record = next;
	return name[0] && type[0] && value[0] && (ttl == 1 || (ttl >= 60 && ttl <= 86400));
}

static bool is_twin(struct world *world, const struct record *record)
{
	struct record *other = NULL;

	while ((other = world_next(world, other, record->zone, record->name, record->type)))
		if (strcmp(other->id, record->id) != 0 && strcmp(other->value, record->value) == 0)
			return true;
	return false;
}

/* NULL: it was refused, and the visit says why. */
static const struct record *create(struct world *world, struct visit *visit,
				   const struct zone *zone, const json_t *json)
{
	struct record fresh = {.zone = zone, .ttl = 1}, *record;

	if (!read_fields(json, &fresh)) {
		fail(visit, 400, 9005, "DNS Validation Error");
		return NULL;
	}
	if (is_twin(world, &fresh)) {
		fail(visit, 400, 81058, "An identical record already exists.");
		return NULL;
	}
	record = world_add(world, zone, fresh.name, fresh.type, fresh.value);
	memcpy(fresh.id, record->id, sizeof(fresh.id));
	*record = fresh;
	return record;
}

static struct record *find(struct world *world, struct visit *visit, const struct zone *zone,
			   const char *id)
{
	struct record *record = NULL;

	while ((record = world_next(world, record, zone, NULL, NULL)))
		if (strcmp(record->id, id) == 0)
			return record;
	fail(visit, 404, 81044, "Record does not exist.");
	return NULL;
}

/* whole: what is not given is as in a new record. */
static const struct record *change(struct world *world, struct visit *visit, struct record *record,
				   const json_t *json, bool whole)
{
	struct record next = *record;

	if (whole) {
		next = (struct record){.zone = record->zone, .ttl = 1};
		memcpy(next.id, record->id, sizeof(next.id));
	}
	if (!read_fields(json, &next)) {
		fail(visit, 400, 9005, "DNS Validation Error");
		return NULL;
	}
	if (is_twin(world, &next)) {
		fail(visit, 400, 81058, "An identical record already exists.");
		return NULL;
	}
	*record = next;
	return record;
}

static void serve_record(struct world *world, struct visit *visit, const struct zone *zone,
			 const char *id, const json_t *json)
{
	struct record *record = find(world, visit, zone, id);
	const struct record *after;

	if (!record)
		return;
	if (visit_is(visit, "GET")) {
		say(visit, 200, show(record), NULL);
		return;
	}
	visit->wrote = true;
	if (visit_is(visit, "DELETE")) {
		world_remove(world, record);
		say(visit, 200, json_pack("{s:s}", "id", id), NULL);
		return;
	}
	after = change(world, visit, record, json, visit_is(visit, "PUT"));
	if (after)
		say(visit, 200, show(after), NULL);
}

/* One kind of a batch. False: one was refused. */
static bool do_each(struct world *world, struct visit *visit, const struct zone *zone,
		    const json_t *json, const char *kind)
{
	const json_t *list = json_object_get(json, kind);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *id = json_string_value(json_object_get(item, "id"));
		struct record *record = NULL;

		if (strcmp(kind, "posts") == 0) {
			if (!create(world, visit, zone, item))
				return false;
			continue;
		}
		record = find(world, visit, zone, id ? id : "");
		if (!record)
			return false;
		if (strcmp(kind, "deletes") == 0)
			world_remove(world, record);
		else if (!change(world, visit, record, item, strcmp(kind, "puts") == 0))
			return false;
	}
	return true;
}

/* All or nothing, in this order. */
static void serve_batch(struct world *world, struct visit *visit, const struct zone *zone,
			const json_t *json)
{
	static const char *const kinds[] = {"deletes", "patches", "puts", "posts"};
	struct world *before = malloc(sizeof(*before));

	if (!before)
		abort();
	*before = *world;
	visit->wrote = true;
	for (size_t i = 0; i < 4; i++)
		if (!do_each(world, visit, zone, json, kinds[i])) {
			*world = *before;
			free(before);
			return;
		}
	free(before);
	say(visit, 200, json_object(), NULL);
}

static void serve_records(struct world *world, struct visit *visit, const struct zone *zone,
			  const char *rest)
{
	json_t *json = visit->len ? json_loadb(visit->body, visit->len, 0, NULL) : NULL;
	const struct record *record;

	if (visit->len &&
	    (!json || strncmp(visit_header(visit, "Content-Type"), "application/json", 16) != 0)) {
		fail(visit, 400, 9207, "Request body is invalid.");
	} else if (rest[0] == '/' && strcmp(rest, "/batch") == 0 && visit_is(visit, "POST")) {
		serve_batch(world, visit, zone, json);
	} else if (rest[0] == '/') {
		serve_record(world, visit, zone, rest + 1, json);
	} else if (visit_is(visit, "GET")) {
		list_records(world, visit, zone);
	} else if (visit_is(visit, "POST")) {
		visit->wrote = true;
		record = create(world, visit, zone, json);
		if (record)
			say(visit, 200, show(record), NULL);
	} else {
		fail(visit, 405, 7001, "Method not available for that URI.");
	}
	json_decref(json);
}

void cloudflare_serve(struct world *world, struct visit *visit)
{
	const struct zone *zone = NULL;
	char expected[256], id[40] = "";
	int end = 0;

	visit->content = "application/json";
	snprintf(expected, sizeof(expected), "Bearer %s", world->token);
	if (strcmp(visit_header(visit, "Authorization"), expected) != 0) {
		fail(visit, 403, 9109, "Invalid access token");
		return;
	}
	if (strcmp(visit->path, ZONES) == 0 && visit_is(visit, "GET")) {
		list_zones(world, visit);
		return;
	}
	if (sscanf(visit->path, ZONES "/%39[0-9a-f]/dns_records%n", id, &end) == 1 && end > 0)
		zone = world_zone_by_id(world, HOST_CLOUDFLARE, id);
	if (zone)
		serve_records(world, visit, zone, visit->path + end);
	else
		fail(visit, 404, 7003,
		     "Could not route to the resource, perhaps your object "
		     "identifier is invalid?");
}
