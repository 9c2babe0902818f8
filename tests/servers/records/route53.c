/* SPDX-License-Identifier: MIT */
/* https://route53.amazonaws.com/2013-04-01: hosted zones, their record sets, and changes. */
#include <arpa/inet.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "tests/servers/records/sigv4.h"
#include "tests/servers/records/world.h"

#define SPACE "https://route53.amazonaws.com/doc/2013-04-01/"
#define ROOT  "/2013-04-01/"

enum { CHANGES_MAX = 64, VALUES_MAX = 16, KEY_MAX = 300 };

struct change {
	char action[16], name[NAME_MAX_LEN], type[8], ttl[16];
	char values[VALUES_MAX][128];
	size_t n_values;
};

/* A change batch while it is read. */
struct batch {
	struct change changes[CHANGES_MAX];
	size_t n;
	char path[256]; /* elements that are open, each behind a / */
	char text[256];
	bool strange; /* an element that is not expected, or too much of one */
};

static void fail(struct visit *visit, unsigned status, const char *code, const char *message)
{
	visit->status = status;
	fprintf(visit->out,
		"<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"" SPACE "\"><Error><Type>Sender"
		"</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>b25f48e8-84fd-11e6"
		"</RequestId></ErrorResponse>",
		code, message);
}

/* Labels from the last to the first, as sets are sorted. */
static void sort_key(const char *name, const char *type, char key[static KEY_MAX])
{
	size_t end = strlen(name), len = 0;

	while (end > 0) {
		size_t start = end;

		while (start > 0 && name[start - 1] != '.')
			start--;
		len += (size_t)snprintf(key + len, KEY_MAX - len, "%.*s\1", (int)(end - start),
					name + start);
		end = start > 0 ? start - 1 : 0;
	}
	snprintf(key + len, KEY_MAX - len, " %s", type);
}

static int compare(const struct record *a, const struct record *b)
{
	char one[KEY_MAX], other[KEY_MAX];

	sort_key(a->name, a->type, one);
	sort_key(b->name, b->type, other);
	return strcmp(one, other);
}

/* A name from a request: the dot behind it may be there, * may be escaped. */
static void read_name(const char *text, char name[static NAME_MAX_LEN])
{
	bool escaped = strncmp(text, "\\052", 4) == 0;

	snprintf(name, NAME_MAX_LEN, "%s%s", escaped ? "*" : "", text + (escaped ? 4 : 0));
	if (name[0] && name[strlen(name) - 1] == '.')
		name[strlen(name) - 1] = '\0';
}

static void write_name(FILE *out, const char *name)
{
	fprintf(out, "<Name>%s%s.</Name>", name[0] == '*' ? "\\052" : "", name + (name[0] == '*'));
}

static size_t most(const struct world *world, const struct visit *visit)
{
	size_t size = strtoul(visit_argument(visit, "maxitems"), NULL, 10);

	if (size == 0 || size > 100)
		size = 100;
	return world->page_size > 0 && size > world->page_size ? world->page_size : size;
}

/* From that name on, in the order of names. */
static void list_zones(const struct world *world, struct visit *visit)
{
	size_t size = most(world, visit), n = 0;
	struct record from = {0}, at = {0};
	const struct zone *next = NULL;

	read_name(visit_argument(visit, "dnsname"), from.name);
	visit->status = 200;
	fputs("<?xml version=\"1.0\"?>\n<ListHostedZonesByNameResponse xmlns=\"" SPACE
	      "\"><HostedZones>",
	      visit->out);
	for (;; from = at, n++) {
		next = NULL;
		for (size_t i = 0; i < world->n_zones; i++) {
			struct record one = {0};

			snprintf(one.name, sizeof(one.name), "%s", world->zones[i].name);
			if (world->zones[i].host != HOST_ROUTE53 ||
			    compare(&one, &from) < (n > 0 ? 1 : 0))
				continue;
			if (!next || compare(&one, &at) < 0) {
				next = &world->zones[i];
				at = one;
			}
		}
		if (!next || n == size)
			break;
		fprintf(visit->out, "<HostedZone><Id>/hostedzone/%s</Id>", next->id);
		write_name(visit->out, next->name);
		fputs("<CallerReference>x</CallerReference><Config><PrivateZone>false"
		      "</PrivateZone></Config><ResourceRecordSetCount>2</ResourceRecordSetCount>"
		      "</HostedZone>",
		      visit->out);
	}
	fprintf(visit->out, "</HostedZones><IsTruncated>%s</IsTruncated>", next ? "true" : "false");
	if (next)
		fprintf(visit->out,
			"<NextDNSName>%s.</NextDNSName><NextHostedZoneId>%s"
			"</NextHostedZoneId>",
			next->name, next->id);
	fprintf(visit->out, "<MaxItems>%zu</MaxItems></ListHostedZonesByNameResponse>", size);
}

/* The least set that is no less than `from`, or greater than that. */
static const struct record *least(struct world *world, const struct zone *zone,
				  const struct record *from, bool greater)
{
	const struct record *found = NULL;
	struct record *record = NULL;

	while ((record = world_next(world, record, zone, NULL, NULL)))
		if (compare(record, from) >= (greater ? 1 : 0) &&
		    (!found || compare(record, found) < 0))
			found = record;
	return found;
}

static void show_set(struct world *world, const struct record *set, FILE *out)
{
	struct record *record = NULL;

	fputs("<ResourceRecordSet>", out);
	write_name(out, set->name);
	fprintf(out, "<Type>%s</Type><TTL>%u</TTL><ResourceRecords>", set->type, set->ttl);
	while ((record = world_next(world, record, set->zone, set->name, set->type)))
		fprintf(out, "<ResourceRecord><Value>%s</Value></ResourceRecord>", record->value);
	fputs("</ResourceRecords></ResourceRecordSet>", out);
}

static void list_sets(struct world *world, struct visit *visit, const struct zone *zone)
{
	size_t size = most(world, visit), n = 0;
	struct record from = {0};
	const struct record *set;

	read_name(visit_argument(visit, "name"), from.name);
	snprintf(from.type, sizeof(from.type), "%s", visit_argument(visit, "type"));
	if (from.type[0] && !from.name[0]) {
		fail(visit, 400, "InvalidInput", "type without name");
		return;
	}
	visit->status = 200;
	fputs("<?xml version=\"1.0\"?>\n<ListResourceRecordSetsResponse xmlns=\"" SPACE
	      "\"><ResourceRecordSets>",
	      visit->out);
	for (set = least(world, zone, &from, false); set && n < size;
	     set = least(world, zone, &from, true), n++) {
		show_set(world, set, visit->out);
		from = *set;
	}
	fprintf(visit->out, "</ResourceRecordSets><IsTruncated>%s</IsTruncated>",
		set ? "true" : "false");
	if (set)
		fprintf(visit->out,
			"<NextRecordName>%s.</NextRecordName><NextRecordType>%s</NextRecordType>",
			set->name, set->type);
	fprintf(visit->out, "<MaxItems>%zu</MaxItems></ListResourceRecordSetsResponse>", size);
}

#define CHANGE "/ChangeResourceRecordSetsRequest/ChangeBatch/Changes/Change"
#define SET    CHANGE "/ResourceRecordSet"

static void on_start(void *of, const char *name, const char **attributes)
{
	struct batch *batch = of;
	size_t len = strlen(batch->path);

	if (len == 0)
		batch->strange |= !attributes[0] || strcmp(attributes[0], "xmlns") != 0 ||
				  strcmp(attributes[1], SPACE) != 0;
	snprintf(batch->path + len, sizeof(batch->path) - len, "/%s", name);
	batch->text[0] = '\0';
	if (strcmp(batch->path, CHANGE) == 0) {
		batch->strange |= batch->n == CHANGES_MAX;
		batch->n += batch->n < CHANGES_MAX;
	}
}

static void on_text(void *of, const char *text, int len)
{
	struct batch *batch = of;
	size_t used = strlen(batch->text);

	snprintf(batch->text + used, sizeof(batch->text) - used, "%.*s", len, text);
}

/* What is longer than it may be is none. */
static void keep(struct batch *batch, char *to, size_t size)
{
	size_t len = strlen(batch->text);

	batch->strange |= len >= size;
	if (len < size)
		memcpy(to, batch->text, len + 1);
}

static void take(struct batch *batch, struct change *change)
{
	const char *path = batch->path;

	if (strcmp(path, CHANGE "/Action") == 0)
		keep(batch, change->action, sizeof(change->action));
	else if (strcmp(path, SET "/Name") == 0)
		read_name(batch->text, change->name);
	else if (strcmp(path, SET "/Type") == 0)
		keep(batch, change->type, sizeof(change->type));
	else if (strcmp(path, SET "/TTL") == 0)
		keep(batch, change->ttl, sizeof(change->ttl));
	else if (strcmp(path, SET "/ResourceRecords/ResourceRecord/Value") == 0 &&
		 change->n_values < VALUES_MAX)
		keep(batch, change->values[change->n_values++], 128);
	else if (strncmp(CHANGE, path, strlen(path)) != 0 &&
		 strncmp(SET "/ResourceRecords/ResourceRecord", path, strlen(path)) != 0 &&
		 strcmp(path, "/ChangeResourceRecordSetsRequest/ChangeBatch/Comment") != 0)
		batch->strange = true;
}

static void on_end(void *of, const char *name)
{
	struct batch *batch = of;

	(void)name;
	if (batch->n > 0)
		take(batch, &batch->changes[batch->n - 1]);
	*strrchr(batch->path, '/') = '\0';
	batch->text[0] = '\0';
}

static bool read_batch(const struct visit *visit, struct batch *batch)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	bool fine;

	XML_SetUserData(parser, batch);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	fine = XML_Parse(parser, visit->body, (int)visit->len, 1) == XML_STATUS_OK;
	XML_ParserFree(parser);
	return fine && !batch->strange && batch->n > 0;
}

static bool is_address(const struct change *change, const char *value)
{
	unsigned char bytes[16];

	return inet_pton(strcmp(change->type, "A") == 0 ? AF_INET : AF_INET6, value, bytes) == 1;
}

/* A deletion names the set exactly as it is. */
static bool is_same(struct world *world, const struct zone *zone, const struct change *change)
{
	struct record *record = NULL;
	size_t n = 0;

	while ((record = world_next(world, record, zone, change->name, change->type))) {
		bool there = false;

		for (size_t i = 0; i < change->n_values; i++)
			there |= strcmp(change->values[i], record->value) == 0;
		if (!there || record->ttl != strtoul(change->ttl, NULL, 10))
			return false;
		n++;
	}
	return n > 0 && n == change->n_values;
}

/* NULL: done. Else what is wrong with it. */
static const char *apply(struct world *world, const struct zone *zone, const struct change *change)
{
	bool there = world_next(world, NULL, zone, change->name, change->type);

	if (world_zone_of(world, HOST_ROUTE53, change->name) != zone)
		return "RRSet with DNS name is not permitted in zone";
	if (!change->ttl[0] || change->n_values == 0 || !change->type[0])
		return "Invalid XML ; missing TTL, type or value";
	for (size_t i = 0; i < change->n_values; i++)
		if (!is_address(change, change->values[i]))
			return "Invalid Resource Record: value is not valid for the type";
	if (strcmp(change->action, "DELETE") == 0) {
		if (!is_same(world, zone, change))
			return "Tried to delete resource record set but the values provided do "
			       "not match the current values";
		world_clear(world, zone, change->name, change->type);
		return NULL;
	}
	if (strcmp(change->action, "CREATE") == 0 && there)
		return "Tried to create resource record set but it already exists";
	if (strcmp(change->action, "CREATE") != 0 && strcmp(change->action, "UPSERT") != 0)
		return "Unknown action";
	world_clear(world, zone, change->name, change->type);
	for (size_t i = 0; i < change->n_values; i++) {
		struct record *record =
			world_add(world, zone, change->name, change->type, change->values[i]);

		if (record)
			record->ttl = (unsigned)strtoul(change->ttl, NULL, 10);
	}
	return NULL;
}

/* All or nothing. */
static void change_sets(struct world *world, struct visit *visit, const struct zone *zone)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	struct world *before = malloc(sizeof(*before));
	const char *why = NULL;

	if (!batch || !before)
		abort();
	*before = *world;
	visit->wrote = true;
	if (!read_batch(visit, batch)) {
		fail(visit, 400, "MalformedInput", "The XML is not well-formed or not valid");
	} else {
		for (size_t i = 0; i < batch->n && !why; i++)
			why = apply(world, zone, &batch->changes[i]);
		if (why)
			*world = *before;
		if (why)
			fail(visit, 400, "InvalidChangeBatch", why);
		else
			fprintf(visit->out,
				"<?xml version=\"1.0\"?>\n<ChangeResourceRecordSetsResponse "
				"xmlns=\"" SPACE "\"><ChangeInfo><Id>/change/C%08u</Id><Status>"
				"PENDING</Status><SubmittedAt>2026-01-02T03:04:05.678Z"
				"</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>",
				++world->next_id);
	}
	free(before);
	free(batch);
}

void route53_serve(struct world *world, struct visit *visit)
{
	const struct zone *zone = NULL;
	const char *code, *text;
	char id[40] = "";
	int end = 0;

	visit->content = "text/xml";
	visit->status = 200;
	code = sigv4_check(world, visit, &text);
	if (code) {
		fail(visit, 403, code, text);
		return;
	}
	if (strcmp(visit->path, ROOT "hostedzonesbyname") == 0 && visit_is(visit, "GET")) {
		list_zones(world, visit);
		return;
	}
	if (sscanf(visit->path, ROOT "hostedzone/%39[0-9A-Z]/rrset%n", id, &end) == 1 && end > 0)
		zone = world_zone_by_id(world, HOST_ROUTE53, id);
	if (!zone)
		fail(visit, 404, "NoSuchHostedZone", "No hosted zone found with ID");
	else if (visit_is(visit, "GET"))
		list_sets(world, visit, zone);
	else if (visit_is(visit, "POST"))
		change_sets(world, visit, zone);
	else
		fail(visit, 405, "MethodNotAllowed", "method");
}
