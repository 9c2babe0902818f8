/* SPDX-License-Identifier: MIT */
/* https://desec.io/api/v1: domains, and their RRsets. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/servers/records/world.h"

#define DOMAINS "/api/v1/domains/"

enum { TTL_MIN = 3600 };

static void say(struct visit *visit, unsigned status, json_t *json)
{
	visit->status = status;
	if (json)
		json_dumpf(json, visit->out, JSON_COMPACT);
	json_decref(json);
}

static void fail(struct visit *visit, unsigned status, const char *detail)
{
	say(visit, status, json_pack("{s:s}", "detail", detail));
}

static json_t *show_zone(const struct zone *zone)
{
	return json_pack("{s:s, s:i, s:s, s:s}", "name", zone->name, "minimum_ttl", TTL_MIN,
			 "created", "2026-01-01T00:00:00Z", "published", "2026-01-01T00:00:00Z");
}

/* subname is "" at the apex, where the path has @. */
static void name_of(const struct zone *zone, const char *subname, char name[static NAME_MAX_LEN])
{
	if (!subname[0] || strcmp(subname, "@") == 0)
		snprintf(name, NAME_MAX_LEN, "%s", zone->name);
	else
		snprintf(name, NAME_MAX_LEN, "%.120s.%.120s", subname, zone->name);
}

static json_t *show_set(struct world *world, const struct record *record)
{
	size_t sub = strlen(record->name) - strlen(record->zone->name);
	json_t *values = json_array();
	struct record *next = NULL;

	while ((next = world_next(world, next, record->zone, record->name, record->type)))
		json_array_append_new(values, json_string(next->value));
	return json_pack("{s:s, s:s, s:s%, s:s+, s:s, s:i, s:o, s:s}", "created",
			 "2026-01-01T00:00:00Z", "domain", record->zone->name, "subname",
			 record->name, sub ? sub - 1 : 0, "name", record->name, ".", "type",
			 record->type, "ttl", (int)record->ttl, "records", values, "touched",
			 "2026-01-01T00:00:00Z");
}

/* Of each set, the first record stands for all. */
static void list_sets(struct world *world, struct visit *visit, const struct zone *zone)
{
	const char *type = visit_argument(visit, "type");
	const char *sub =
		MHD_lookup_connection_value(visit->connection, MHD_GET_ARGUMENT_KIND, "subname");
	struct record *record = NULL;
	char name[NAME_MAX_LEN];
	json_t *list = json_array();

	name_of(zone, sub ? sub : "", name);
	while ((record = world_next(world, record, zone, sub ? name : NULL, type[0] ? type : NULL)))
		if (world_next(world, NULL, zone, record->name, record->type) == record)
			json_array_append_new(list, show_set(world, record));
	say(visit, 200, list);
}

/* Puts what is given in the place of the set; a set without records goes. False: refused. */
static bool put_set(struct world *world, struct visit *visit, const struct zone *zone,
		    const char *name, const char *type, const json_t *json)
{
	struct record *old = world_next(world, NULL, zone, name, type);
	const json_t *values = json_object_get(json, "records");
	const json_t *ttl = json_object_get(json, "ttl");
	unsigned seconds = old ? old->ttl : 0;

	if (json_is_integer(ttl))
		seconds = (unsigned)json_integer_value(ttl);
	if (seconds < TTL_MIN) {
		say(visit, 400,
		    json_pack("{s:[s]}", "ttl",
			      "Ensure this value is greater than or equal to 3600."));
		return false;
	}
	if (!values) {
		for (; old; old = world_next(world, old, zone, name, type))
			old->ttl = seconds;
		return true;
	}
	world_clear(world, zone, name, type);
	for (size_t i = 0; i < json_array_size(values); i++) {
		const char *value = json_string_value(json_array_get(values, i));
		struct record *record = world_add(world, zone, name, type, value ? value : "?");

		if (record)
			record->ttl = seconds;
	}
	return true;
}

/* One of a list, or the only one, which names itself. create: it must not be there. */
static bool put_named(struct world *world, struct visit *visit, const struct zone *zone,
		      const json_t *json, bool create)
{
	const char *sub = json_string_value(json_object_get(json, "subname"));
	const char *type = json_string_value(json_object_get(json, "type"));
	char name[NAME_MAX_LEN];

	if (!sub || !type) {
		fail(visit, 400, "subname and type are required");
		return false;
	}
	name_of(zone, sub, name);
	if (create && world_next(world, NULL, zone, name, type)) {
		say(visit, 400,
		    json_pack("{s:[s]}", "non_field_errors",
			      "Another RRset with the same subdomain and type exists for this "
			      "domain."));
		return false;
	}
	return put_set(world, visit, zone, name, type, json);
}

/* A list is all or nothing. */
static void put_all(struct world *world, struct visit *visit, const struct zone *zone,
		    const json_t *json, bool create)
{
	struct world *before = malloc(sizeof(*before));
	bool fine = true;
	json_t *copy;

	if (!before)
		abort();
	*before = *world;
	visit->wrote = true;
	if (json_is_array(json))
		for (size_t i = 0; i < json_array_size(json) && fine; i++)
			fine = put_named(world, visit, zone, json_array_get(json, i), create);
	else
		fine = put_named(world, visit, zone, json, create);
	if (!fine)
		*world = *before;
	free(before);
	memcpy(&copy, &json, sizeof(copy));
	if (fine)
		say(visit, create ? 201 : 200, json_incref(copy));
}

static void serve_set(struct world *world, struct visit *visit, const struct zone *zone,
		      const char *rest, const json_t *json)
{
	char sub[NAME_MAX_LEN], type[8], name[NAME_MAX_LEN];
	struct record *record;
	int end = 0;

	if (sscanf(rest, "%255[^/]/%7[A-Z]/%n", sub, type, &end) != 2 || rest[end] || !end) {
		fail(visit, 404, "Not found.");
		return;
	}
	name_of(zone, sub, name);
	record = world_next(world, NULL, zone, name, type);
	if (visit_is(visit, "DELETE")) {
		visit->wrote = true;
		world_clear(world, zone, name, type);
		visit->status = 204;
	} else if (!record && !visit_is(visit, "PUT")) {
		fail(visit, 404, "Not found.");
	} else if (visit_is(visit, "GET")) {
		say(visit, 200, show_set(world, record));
	} else {
		visit->wrote = true;
		if (!put_set(world, visit, zone, name, type, json))
			return;
		record = world_next(world, NULL, zone, name, type);
		say(visit, record ? 200 : 204, record ? show_set(world, record) : NULL);
	}
}

static void serve_sets(struct world *world, struct visit *visit, const struct zone *zone,
		       const char *rest)
{
	json_t *json = visit->len ? json_loadb(visit->body, visit->len, 0, NULL) : NULL;

	if (visit->len &&
	    (!json || strncmp(visit_header(visit, "Content-Type"), "application/json", 16) != 0))
		fail(visit, 400, "JSON parse error");
	else if (rest[0])
		serve_set(world, visit, zone, rest, json);
	else if (visit_is(visit, "GET"))
		list_sets(world, visit, zone);
	else
		put_all(world, visit, zone, json, visit_is(visit, "POST"));
	json_decref(json);
}

static void list_zones(const struct world *world, struct visit *visit)
{
	const char *name = visit_argument(visit, "owns_qname");
	const struct zone *zone = world_zone_of(world, HOST_DESEC, name);
	json_t *list = json_array();

	if (zone)
		json_array_append_new(list, show_zone(zone));
	say(visit, 200, list);
}

void desec_serve(struct world *world, struct visit *visit)
{
	char expected[256], name[NAME_MAX_LEN] = "";
	const struct zone *zone = NULL;
	const char *rest;
	int end = 0;

	visit->content = "application/json";
	snprintf(expected, sizeof(expected), "Token %s", world->token);
	if (strcmp(visit_header(visit, "Authorization"), expected) != 0) {
		fail(visit, 401, "Invalid token.");
		return;
	}
	if (strcmp(visit->path, DOMAINS) == 0) {
		list_zones(world, visit);
		return;
	}
	if (sscanf(visit->path, DOMAINS "%255[^/]/%n", name, &end) == 1 && end > 0)
		zone = world_zone(world, HOST_DESEC, name);
	rest = visit->path + end;
	if (zone && !rest[0])
		say(visit, 200, show_zone(zone));
	else if (zone && strncmp(rest, "rrsets/", 7) == 0)
		serve_sets(world, visit, zone, rest + 7);
	else
		fail(visit, 404, "Not found.");
}
