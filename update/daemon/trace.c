/* SPDX-License-Identifier: MIT */
#include "update/daemon/trace.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"
#include "update/daemon/describe.h"
#include "update/utf8.h"
#include "update/version.h"

/* A greeting of all records and sources that a configuration may have. */
#define GREETING_MAX ((size_t)4 << 20)

bool trace_is_on(const struct trace *trace)
{
	return trace && watchers_any(trace->watchers);
}

/* event_at: ms, or -1: no event. */
static json_t *begin(const char *kind, int64_t event_at, int64_t now)
{
	char at[CLOCK_TEXT_MAX];

	return json_pack("{s:s, s:o, s:s}", "at", clock_stamp(clock_wall(), at), "ms",
			 event_at < 0 ? json_null() : json_integer(now - event_at), "kind", kind);
}

/* Takes over json. */
static void tell(const struct trace *trace, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	size_t len = text ? strlen(text) : 0;

	json_decref(json);
	if (!text)
		return;
	/* The newline takes the place of the NUL. */
	text[len] = '\n';
	watchers_send(trace->watchers, text, len + 1);
	free(text);
}

/* Links by name; those that are not ours have but a number. */
static json_t *links_json(const struct trace_event *event)
{
	json_t *links = json_array();
	char number[16];

	for (size_t i = 0; i < event->marks->n_links; i++) {
		const struct link *link = snapshot_link(event->snapshot, event->marks->links[i]);

		snprintf(number, sizeof(number), "#%u", event->marks->links[i]);
		json_array_append_new(links, utf8_json(link ? link->name : number));
	}
	return links;
}

void trace_event(const struct trace *trace, const struct trace_event *event, int64_t now)
{
	json_t *json, *routes;

	if (!trace_is_on(trace))
		return;
	json = begin("event", event->marked_at < 0 ? now : event->marked_at, now);
	routes = json_array();
	if (event->marks->routes4)
		json_array_append_new(routes, utf8_json("ipv4"));
	if (event->marks->routes6)
		json_array_append_new(routes, utf8_json("ipv6"));
	json_object_set_new(json, "all", json_boolean(event->marks->all));
	json_object_set_new(json, "links", links_json(event));
	json_object_set_new(json, "routes", routes);
	json_object_set_new(json, "omen", json_boolean(event->marks->omen));
	json_object_set_new(json, "changed", json_boolean(event->changed));
	tell(trace, json);
}

static json_t *source_json(const char *kind, const struct source *source,
			   const struct choice *choice, int64_t event_at, int64_t now)
{
	json_t *json = begin(kind, event_at, now);

	json_object_set_new(json, "source", utf8_json(source->cfg->name));
	json_object_set_new(json, "family", utf8_json(describe_family(source->type)));
	json_object_set_new(json, "addresses", describe_addresses(choice->addrs, choice->n));
	json_object_set_new(json, "interface", utf8_json(choice->interface));
	json_object_set_new(json, "ready", json_boolean(choice->ready));
	json_object_set_new(json, "why", utf8_json(choice->why));
	return json;
}

void trace_sources(const struct trace *trace, struct sources *sources, int64_t now)
{
	bool on = trace_is_on(trace);

	for (size_t i = 0; i < sources->n; i++) {
		struct source *source = &sources->list[i];

		if (on && source->moved)
			tell(trace,
			     source_json("choice", source, &source->now, source->event_at, now));
		if (on && source->changed)
			tell(trace, source_json("settle", source, &source->settle.settled,
						source->event_at, now));
		source->moved = false;
	}
}

/* Since the event that wanted came from; once that is confirmed, what it took. */
static int64_t event_of(const struct record *record, enum plan_state from, int64_t now)
{
	bool done = record->state == PLAN_STATE_CONFIRMED && from == PLAN_STATE_SENDING &&
		    !record->attempt.refresh && record->reaction_ms >= 0;

	return record->event_at < 0 && done ? now - record->reaction_ms : record->event_at;
}

static json_t *decision_json(const struct record *record, enum plan_state from, int64_t now)
{
	json_t *json = begin("decision", event_of(record, from, now), now);
	char label[RECORD_LABEL_MAX];

	json_object_set_new(json, "record", utf8_json(record_label(record, label)));
	json_object_set_new(json, "from", utf8_json(plan_state_name(from)));
	json_object_set_new(json, "to", utf8_json(plan_state_name(record->state)));
	json_object_set_new(json, "wanted",
			    describe_addresses(record->wanted.list, record->wanted.n));
	json_object_set_new(json, "wait_ms",
			    record->next < 0 ? json_null() : json_integer(record->next - now));
	json_object_set_new(json, "why", utf8_json(record->why));
	return json;
}

void trace_decision(const struct trace *trace, const struct record *record, enum plan_state from,
		    int64_t now)
{
	if (trace_is_on(trace))
		tell(trace, decision_json(record, from, now));
}

void trace_request(const struct trace *trace, const struct queue_job *job, const char *progress,
		   int64_t now)
{
	json_t *json, *records;
	char label[RECORD_LABEL_MAX];

	if (!trace_is_on(trace))
		return;
	json = begin("request", job->records[0]->event_at, now);
	records = json_array();
	for (size_t i = 0; i < job->n; i++)
		json_array_append_new(records, utf8_json(record_label(job->records[i], label)));
	json_object_set_new(json, "job", json_integer(job->id));
	json_object_set_new(json, "records", records);
	json_object_set_new(json, "provider", utf8_json(job->records[0]->account->provider->name));
	json_object_set_new(json, "bind", job->bind ? utf8_json(job->bind) : json_null());
	json_object_set_new(json, "progress", utf8_json(progress));
	tell(trace, json);
}

void trace_verdict(const struct trace *trace, const struct record *record,
		   const struct outcome *outcome, int64_t now)
{
	json_t *json;
	char label[RECORD_LABEL_MAX];

	if (!trace_is_on(trace))
		return;
	json = begin("verdict", record->event_at, now);
	json_object_set_new(json, "job", json_integer(record->job));
	json_object_set_new(json, "record", utf8_json(record_label(record, label)));
	json_object_set_new(json, "verdict", utf8_json(provider_verdict_name(outcome->verdict)));
	json_object_set_new(json, "why", utf8_json(outcome->why));
	tell(trace, json);
}

/* Takes over json. */
static void add(struct buf *text, json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (line)
		buf_printf(text, "%s\n", line);
	free(line);
}

char *trace_greeting(const struct sources *sources, const struct records *records, int64_t now,
		     size_t *ret_len)
{
	json_t *start = begin("start", -1, now);
	struct buf text;

	buf_init(&text, GREETING_MAX);
	json_object_set_new(start, "version", utf8_json(VERSION));
	json_object_set_new(start, "records", json_integer((json_int_t)records->n));
	add(&text, start);
	for (size_t i = 0; i < sources->n; i++) {
		struct source *source = &sources->list[i];

		if (source->used && source->read)
			add(&text, source_json("choice", source, &source->now, -1, now));
	}
	for (size_t i = 0; i < records->n; i++)
		add(&text, decision_json(&records->list[i], records->list[i].state, now));
	if (text.failed) {
		buf_done(&text);
		return NULL;
	}
	*ret_len = text.len;
	return text.text;
}
