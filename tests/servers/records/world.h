/* SPDX-License-Identifier: MIT */
/* The records that three DNS hosts hold, and requests to them. */
#ifndef TESTS_SERVERS_RECORDS_WORLD_H
#define TESTS_SERVERS_RECORDS_WORLD_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { ZONES_MAX = 8, RECORDS_MAX = 512, NAME_MAX_LEN = 256, BODY_MAX = 65536 };

enum host { HOST_CLOUDFLARE, HOST_DESEC, HOST_ROUTE53 };

struct zone {
	enum host host;
	char name[NAME_MAX_LEN];
	char id[40];
};

/* Of hosts with sets, each value is one of these. */
struct record {
	const struct zone *zone;
	char name[NAME_MAX_LEN], type[8], value[128];
	unsigned ttl;
	char id[40];
	bool proxied;
	char comment[128];
};

struct world {
	struct zone zones[ZONES_MAX];
	size_t n_zones;
	struct record records[RECORDS_MAX];
	size_t n;
	unsigned next_id;
	const char *dump; /* file that holds all records, a line each; or NULL */
	const char *token, *secret;
	unsigned page_size; /* the most of a page; 0: what is asked for */
};

/* A request, and the reply as it is made. */
struct visit {
	struct MHD_Connection *connection;
	const char *method;
	const char *uri; /* path and query as sent */
	const char *path;
	const char *body;
	size_t len;
	unsigned status;
	const char *content; /* Content-Type of the reply */
	FILE *out;           /* its body */
	bool wrote;
};

/* "cloudflare", ...; -1: none such. */
int world_host(const char *word);

/* Adds a zone, "HOST NAME", or a record, "HOST NAME TYPE VALUE TTL [proxied] [COMMENT]". */
bool world_seed_zone(struct world *world, const char *line);
bool world_seed(struct world *world, const char *line);

const struct zone *world_zone(const struct world *world, enum host host, const char *name);
const struct zone *world_zone_by_id(const struct world *world, enum host host, const char *id);
const struct zone *world_zone_of(const struct world *world, enum host host, const char *name);

/* NULL: there is no room. */
struct record *world_add(struct world *world, const struct zone *zone, const char *name,
			 const char *type, const char *value);
void world_remove(struct world *world, struct record *record);

/* Removes all of a name and type. */
void world_clear(struct world *world, const struct zone *zone, const char *name, const char *type);

/* The next record behind `after` (NULL: the first) of the zone, name and type (NULL: any). */
struct record *world_next(struct world *world, const struct record *after, const struct zone *zone,
			  const char *name, const char *type);

/* Writes the dump anew. */
void world_show(const struct world *world);

/* An argument of the query, or a header; "": there is none. */
const char *visit_argument(const struct visit *visit, const char *name);
const char *visit_header(const struct visit *visit, const char *name);
bool visit_is(const struct visit *visit, const char *method);

void cloudflare_serve(struct world *world, struct visit *visit);
void desec_serve(struct world *world, struct visit *visit);
void route53_serve(struct world *world, struct visit *visit);

#endif
