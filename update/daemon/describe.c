/* SPDX-License-Identifier: MIT */
#include "update/daemon/describe.h"

#include <stdlib.h>

#include "update/daemon/clock.h"
#include "update/utf8.h"
#include "update/version.h"

#define RECORDS_PER_PART 50

static json_t *moment_json(int64_t moment, struct describe_clock clock)
{
	char text[CLOCK_TEXT_MAX];

	if (moment == CLOCK_NEVER)
		return json_null();
	return json_string(clock_text(clock.wall + (moment - clock.now), text));
}

static json_t *due_json(int64_t due, struct describe_clock clock)
{
	return moment_json(due < 0 ? CLOCK_NEVER : due, clock);
}

static json_t *ipaddr_json(const struct ipaddr *addr)
{
	char text[ADDR_TEXT_MAX];

	return json_string(addr_text(addr, text));
}

json_t *describe_addresses(const struct ipaddr *list, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, ipaddr_json(&list[i]));
	return array;
}

const char *describe_family(enum record_type type)
{
	return type == RECORD_TYPE_A ? "ipv4" : "ipv6";
}

static json_t *source_json(const struct source *source)
{
	const struct choice *choice = &source->now;
	json_t *address = choice->n > 0 ? ipaddr_json(&choice->addrs[0]) : json_null();

	return json_pack(
		"{s:o, s:s, s:o, s:o, s:b, s:b, s:o}", "name", utf8_json(source->cfg->name),
		"family", describe_family(source->type), "address", address, "interface",
		utf8_json(choice->interface), "ready", choice->ready, "settled",
		source->read && !source_settling(source), "why",
		utf8_json(source->read ? choice->why : "the kernel has not been read yet"));
}

static json_t *record_json(const struct engine *engine, const struct record *record,
			   struct describe_clock clock)
{
	const struct history *history = &record->history;
	bool same = history_holds(history, &record->wanted);
	json_t *json = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "name", record->cfg->name,
				 "type", provider_type_name(record->cfg->type), "provider",
				 record->account->provider->name, "account",
				 utf8_json(record->account->name), "source",
				 utf8_json(engine->cfg->sources[record->cfg->source].name), "state",
				 plan_state_name(record->state));

	json_object_set_new(json, "wanted",
			    describe_addresses(record->wanted.list, record->wanted.n));
	json_object_set_new(json, "confirmed",
			    describe_addresses(history->confirmed.list, history->confirmed.n));
	json_object_set_new(json, "changed",
			    moment_json(same ? history->changed_at : record->wanted_at, clock));
	json_object_set_new(json, "pending_since", due_json(record->news.pending_since, clock));
	json_object_set_new(json, "failing", json_boolean(record->news.failing));
	json_object_set_new(json, "confirmed_at", moment_json(history->confirmed_at, clock));
	json_object_set_new(json, "next", due_json(record->next, clock));
	json_object_set_new(json, "failures", json_integer(history->failures));
	json_object_set_new(json, "verdict",
			    history->answered ? json_string(provider_verdict_name(history->verdict))
					      : json_null());
	json_object_set_new(json, "why", utf8_json(record->why));
	json_object_set_new(json, "reaction_ms",
			    record->reaction_ms < 0 ? json_null()
						    : json_integer(record->reaction_ms));
	return json;
}

/* Takes over json. */
static void add_json(struct buf *out, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (text)
		buf_text(out, text);
	else
		out->failed = true;
	free(text);
}

/* All but the records. */
static void add_head(struct buf *out, const struct engine *engine, bool ready,
		     struct describe_clock clock)
{
	json_t *sources = json_array();

	for (size_t i = 0; i < engine->sources->n; i++)
		if (engine->sources->list[i].used)
			json_array_append_new(sources, source_json(&engine->sources->list[i]));
	add_json(out, json_pack("{s:s, s:I, s:b, s:o}", "version", VERSION, "uptime",
				(json_int_t)((clock.now - clock.started_at) / 1000), "ready", ready,
				"sources", sources));
	if (out->failed)
		return;
	/* Its end is to come. */
	out->len--;
	buf_text(out, ",\"records\":[");
}

void describe_status(const struct engine *engine, bool ready, struct describe_clock clock,
		     size_t *cursor, struct buf *out)
{
	const struct records *records = engine->records;
	size_t i = *cursor, end;

	if (i == 0)
		add_head(out, engine, ready, clock);
	end = i + RECORDS_PER_PART < records->n ? i + RECORDS_PER_PART : records->n;
	for (; i < end; i++) {
		if (i > 0)
			buf_text(out, ",");
		add_json(out, record_json(engine, &records->list[i], clock));
	}
	if (end == records->n)
		buf_text(out, "]}");
	*cursor = end < records->n ? end : 0;
}

static json_t *route_json(const struct route *route)
{
	return json_pack("{s:i, s:I, s:I, s:I, s:I}", "error", route->error, "ifindex",
			 (json_int_t)route->ifindex, "metric", (json_int_t)route->metric, "table",
			 (json_int_t)route->table, "expires_s", (json_int_t)route->expires_s);
}

static json_t *routes_json(const struct route routes[static FAMILY_COUNT])
{
	return json_pack("{s:o, s:o}", "ipv4", route_json(&routes[FAMILY_IPV4]), "ipv6",
			 route_json(&routes[FAMILY_IPV6]));
}

static json_t *address_json(const struct address *address)
{
	json_t *peer =
		address->peer.family == AF_UNSPEC ? json_null() : ipaddr_json(&address->peer);

	return json_pack("{s:o, s:i, s:o, s:I, s:I, s:I}", "address", ipaddr_json(&address->addr),
			 "prefix_len", address->prefix_len, "peer", peer, "flags",
			 (json_int_t)address->flags, "preferred_s",
			 (json_int_t)address->preferred_s, "valid_s", (json_int_t)address->valid_s);
}

static json_t *link_json(const struct link *link)
{
	json_t *addresses = json_array();

	for (size_t i = 0; i < link->n_addresses; i++)
		json_array_append_new(addresses, address_json(&link->addresses[i]));
	return json_pack("{s:I, s:o, s:o, s:I, s:i, s:o, s:o}", "ifindex",
			 (json_int_t)link->ifindex, "name", utf8_json(link->name), "kind",
			 utf8_json(link->kind), "flags", (json_int_t)link->flags, "operstate",
			 link->operstate, "addresses", addresses, "routes",
			 routes_json(link->routes));
}

/* What was last published, which an equal choice prefers. */
static json_t *choice_json(const struct source *source)
{
	const struct choice *choice = &source->published;

	return json_pack("{s:o, s:s, s:o, s:o, s:I, s:b, s:o}", "source",
			 utf8_json(source->cfg->name), "family", describe_family(source->type),
			 "addresses", describe_addresses(choice->addrs, choice->n), "interface",
			 utf8_json(choice->interface), "ifindex", (json_int_t)choice->ifindex,
			 "ready", source->now.ready, "why", utf8_json(source->now.why));
}

static json_t *events_json(const struct belief *belief)
{
	struct watch_stats stats;

	belief_stats(belief, &stats);
	return json_pack("{s:I, s:i, s:I, s:I, s:I, s:I, s:I}", "rcvbuf", (json_int_t)stats.rcvbuf,
			 "filter_error", stats.filter_error, "messages", (json_int_t)stats.messages,
			 "foreign", (json_int_t)stats.foreign, "malformed",
			 (json_int_t)stats.malformed, "overruns", (json_int_t)stats.overruns,
			 "drops", (json_int_t)stats.drops);
}

json_t *describe_snapshot(const struct engine *engine, const struct belief *belief)
{
	const struct snapshot *snapshot = belief_snapshot(belief);
	json_t *links = json_array(), *choices = json_array();

	for (size_t i = 0; i < snapshot->n_links; i++)
		json_array_append_new(links, link_json(&snapshot->links[i]));
	for (size_t i = 0; i < engine->sources->n; i++)
		if (engine->sources->list[i].used)
			json_array_append_new(choices, choice_json(&engine->sources->list[i]));
	return json_pack("{s:o, s:o, s:o, s:o}", "links", links, "routes",
			 routes_json(snapshot->routes), "choices", choices, "events",
			 events_json(belief));
}
