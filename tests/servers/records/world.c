/* SPDX-License-Identifier: MIT */
#include "tests/servers/records/world.h"

#include <stdlib.h>
#include <string.h>

static const char *const hosts[] = {
	[HOST_CLOUDFLARE] = "cloudflare",
	[HOST_DESEC] = "desec",
	[HOST_ROUTE53] = "route53",
};

int world_host(const char *word)
{
	for (int i = 0; i < 3; i++)
		if (strcmp(hosts[i], word) == 0)
			return i;
	return -1;
}

bool world_seed_zone(struct world *world, const char *line)
{
	struct zone *zone = &world->zones[world->n_zones];
	char host[32];

	if (world->n_zones == ZONES_MAX || sscanf(line, "%31s %255s", host, zone->name) != 2 ||
	    world_host(host) < 0)
		return false;
	zone->host = (enum host)world_host(host);
	snprintf(zone->id, sizeof(zone->id), zone->host == HOST_ROUTE53 ? "Z%08uEXAMPLE" : "%032x",
		 ++world->next_id);
	world->n_zones++;
	return true;
}

bool world_seed(struct world *world, const char *line)
{
	char host[32], name[NAME_MAX_LEN], type[8], value[128], word[32] = "";
	const struct zone *zone;
	struct record *record;
	unsigned ttl;
	int end = 0;

	if (sscanf(line, "%31s %255s %7s %127s %u %n%31s", host, name, type, value, &ttl, &end,
		   word) < 5 ||
	    world_host(host) < 0)
		return false;
	zone = world_zone_of(world, (enum host)world_host(host), name);
	record = zone ? world_add(world, zone, name, type, value) : NULL;
	if (!record)
		return false;
	record->ttl = ttl;
	record->proxied = strcmp(word, "proxied") == 0;
	snprintf(record->comment, sizeof(record->comment), "%s",
		 line + end + (record->proxied ? strlen("proxied ") : 0));
	return true;
}

const struct zone *world_zone(const struct world *world, enum host host, const char *name)
{
	for (size_t i = 0; i < world->n_zones; i++)
		if (world->zones[i].host == host && strcmp(world->zones[i].name, name) == 0)
			return &world->zones[i];
	return NULL;
}

const struct zone *world_zone_by_id(const struct world *world, enum host host, const char *id)
{
	for (size_t i = 0; i < world->n_zones; i++)
		if (world->zones[i].host == host && strcmp(world->zones[i].id, id) == 0)
			return &world->zones[i];
	return NULL;
}

const struct zone *world_zone_of(const struct world *world, enum host host, const char *name)
{
	const struct zone *zone = NULL;

	for (; name && !zone; name = strchr(name, '.') ? strchr(name, '.') + 1 : NULL)
		zone = world_zone(world, host, name);
	return zone;
}

struct record *world_add(struct world *world, const struct zone *zone, const char *name,
			 const char *type, const char *value)
{
	struct record *record = &world->records[world->n];

	if (world->n == RECORDS_MAX)
		return NULL;
	*record = (struct record){.zone = zone};
	snprintf(record->name, sizeof(record->name), "%s", name);
	snprintf(record->type, sizeof(record->type), "%s", type);
	snprintf(record->value, sizeof(record->value), "%s", value);
	snprintf(record->id, sizeof(record->id), "%032x", ++world->next_id);
	world->n++;
	return record;
}

void world_remove(struct world *world, struct record *record)
{
	size_t i = (size_t)(record - world->records);

	memmove(record, record + 1, (--world->n - i) * sizeof(*record));
}

struct record *world_next(struct world *world, const struct record *after, const struct zone *zone,
			  const char *name, const char *type)
{
	size_t i = after ? (size_t)(after - world->records) + 1 : 0;

	for (; i < world->n; i++) {
		struct record *record = &world->records[i];

		if (record->zone == zone && (!name || strcmp(record->name, name) == 0) &&
		    (!type || strcmp(record->type, type) == 0))
			return record;
	}
	return NULL;
}

void world_clear(struct world *world, const struct zone *zone, const char *name, const char *type)
{
	struct record *record;

	while ((record = world_next(world, NULL, zone, name, type)))
		world_remove(world, record);
}

void world_show(const struct world *world)
{
	char next[512];
	FILE *file;

	if (!world->dump)
		return;
	snprintf(next, sizeof(next), "%s.new", world->dump);
	file = fopen(next, "we");
	if (!file)
		return;
	for (size_t i = 0; i < world->n; i++) {
		const struct record *record = &world->records[i];

		fprintf(file, "%s %s %s %s %u%s%s%s\n", hosts[record->zone->host], record->name,
			record->type, record->value, record->ttl, record->proxied ? " proxied" : "",
			record->comment[0] ? " " : "", record->comment);
	}
	fclose(file);
	rename(next, world->dump);
}

const char *visit_argument(const struct visit *visit, const char *name)
{
	const char *value =
		MHD_lookup_connection_value(visit->connection, MHD_GET_ARGUMENT_KIND, name);

	return value ? value : "";
}

const char *visit_header(const struct visit *visit, const char *name)
{
	const char *value = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);

	return value ? value : "";
}

bool visit_is(const struct visit *visit, const char *method)
{
	return strcmp(visit->method, method) == 0;
}
