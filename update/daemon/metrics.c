/* SPDX-License-Identifier: MIT */
#include "update/daemon/metrics.h"

#include <inttypes.h>
#include <string.h>

#include "update/daemon/clock.h"
#include "update/utf8.h"
#include "update/version.h"

static void begin(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

/* The same for what is counted in seconds: its name ends so. */
static void begin_seconds(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# TYPE %s %s\n# UNIT %s seconds\n# HELP %s %s\n", name, type, name, name,
		help);
}

/* A label's value: UTF-8, with what would end it escaped. */
static void put_value(FILE *to, const char *text)
{
	json_t *clean = utf8_json(text);
	const char *at = clean ? json_string_value(clean) : "";

	for (; *at; at++) {
		if (*at == '\n')
			fputs("\\n", to);
		else if (*at == '"' || *at == '\\')
			fprintf(to, "\\%c", *at);
		else
			fputc(*at, to);
	}
	json_decref(clean);
}

static void put_label(FILE *to, const char *before, const char *name, const char *value)
{
	fprintf(to, "%s%s=\"", before, name);
	put_value(to, value);
	fputc('"', to);
}

/* A sample's start: its name, and whose it is. */
static void put_record(FILE *to, const char *name, const struct record *record)
{
	fputs(name, to);
	put_label(to, "{", "name", record->cfg->name);
	put_label(to, ",", "type", provider_type_name(record->cfg->type));
}

static void put_ms(FILE *to, int64_t ms)
{
	fprintf(to, " %" PRId64 ".%03d\n", ms / 1000, (int)(ms % 1000));
}

/* A moment of the monotonic clock as one of the wall's. */
static void put_moment(FILE *to, int64_t moment, struct describe_clock clock)
{
	int64_t wall = clock.wall + (moment - clock.now);

	put_ms(to, wall > 0 ? wall : 0);
}

static void put_info(FILE *to, const struct engine *engine, const struct record *record)
{
	char addrs[ADDRS_TEXT_MAX];
	const struct history *history = &record->history;

	put_record(to, "nlddns_record_info", record);
	put_label(to, ",", "provider", record->account->provider->name);
	put_label(to, ",", "account", record->account->name);
	put_label(to, ",", "source", engine->cfg->sources[record->cfg->source].name);
	put_label(to, ",", "address",
		  history->known ? addrs_text(&history->confirmed, ',', addrs) : "unknown");
	fputs("} 1\n", to);
}

static void put_bool(FILE *to, const char *name, const struct record *record, bool yes)
{
	put_record(to, name, record);
	fprintf(to, "} %d\n", yes);
}

static void put_moments(const struct metrics *metrics, FILE *to)
{
	const struct records *records = metrics->engine->records;

	begin_seconds(to, "nlddns_record_confirmed_timestamp_seconds", "gauge",
		      "When the provider confirmed the record last.");
	for (size_t i = 0; i < records->n; i++) {
		const struct record *record = &records->list[i];

		if (record->history.confirmed_at == CLOCK_NEVER)
			continue;
		put_record(to, "nlddns_record_confirmed_timestamp_seconds", record);
		fputc('}', to);
		put_moment(to, record->history.confirmed_at, metrics->clock);
	}
	begin_seconds(to, "nlddns_record_pending_timestamp_seconds", "gauge",
		      "Since when the record has an address that is not confirmed; absent while it "
		      "has none.");
	for (size_t i = 0; i < records->n; i++) {
		const struct record *record = &records->list[i];

		if (record->news.pending_since < 0)
			continue;
		put_record(to, "nlddns_record_pending_timestamp_seconds", record);
		fputc('}', to);
		put_moment(to, record->news.pending_since, metrics->clock);
	}
}

static void put_records(const struct metrics *metrics, FILE *to)
{
	const struct records *records = metrics->engine->records;

	begin(to, "nlddns_record_info", "gauge",
	      "1 for each record, with the address that is confirmed.");
	for (size_t i = 0; i < records->n; i++)
		put_info(to, metrics->engine, &records->list[i]);
	begin(to, "nlddns_record_held", "gauge",
	      "1: the provider refused the record, and it waits for the user.");
	for (size_t i = 0; i < records->n; i++)
		put_bool(to, "nlddns_record_held", &records->list[i],
			 records->list[i].state == PLAN_STATE_HELD);
	begin(to, "nlddns_record_failing", "gauge",
	      "1: the record has been pending for longer than failing-after.");
	for (size_t i = 0; i < records->n; i++)
		put_bool(to, "nlddns_record_failing", &records->list[i],
			 records->list[i].news.failing);
	put_moments(metrics, to);
}

static void put_attempts(const struct tally *tally, FILE *to)
{
	begin(to, "nlddns_attempts", "counter",
	      "Attempts to update a record, by the verdict they ended with.");
	for (size_t i = 0; i < tally->n_providers; i++)
		for (enum verdict v = VERDICT_DONE; v < VERDICT_COUNT; v++) {
			fputs("nlddns_attempts_total", to);
			put_label(to, "{", "provider", tally->providers[i].name);
			put_label(to, ",", "verdict", provider_verdict_name(v));
			fprintf(to, "} %" PRIu64 "\n", tally->providers[i].attempts[v]);
		}
}

/* "0.05", "1.0": no more digits than there are. */
static void put_bound(FILE *to, int64_t ms)
{
	int digits = ms % 100 == 0 ? 1 : ms % 10 == 0 ? 2 : 3;

	fprintf(to, "nlddns_reaction_seconds_bucket{le=\"%.*f\"}", digits, (double)ms / 1e3);
}

static void put_reactions(const struct tally *tally, FILE *to)
{
	uint64_t n = 0;

	begin_seconds(to, "nlddns_reaction_seconds", "histogram",
		      "From the kernel's event to the provider's confirmation.");
	for (size_t i = 0; i < TALLY_BUCKETS; i++) {
		n += tally->reactions[i];
		put_bound(to, tally_bounds[i]);
		fprintf(to, " %" PRIu64 "\n", n);
	}
	fprintf(to,
		"nlddns_reaction_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
		"nlddns_reaction_seconds_count %" PRIu64 "\nnlddns_reaction_seconds_sum",
		tally->n_reactions, tally->n_reactions);
	put_ms(to, tally->reactions_ms);
}

static void put_counter(FILE *to, const char *name, uint64_t value, const char *help)
{
	begin(to, name, "counter", help);
	fprintf(to, "%s_total %" PRIu64 "\n", name, value);
}

void metrics_write(const struct metrics *metrics, FILE *to)
{
	const struct describe_clock clock = metrics->clock;

	begin(to, "nlddns_build_info", "gauge", "1, with the version of nlddnsd.");
	fputs("nlddns_build_info{version=\"" VERSION "\"} 1\n", to);
	begin_seconds(to, "nlddns_start_time_seconds", "gauge", "When nlddnsd was started.");
	fputs("nlddns_start_time_seconds", to);
	put_moment(to, clock.started_at, clock);
	put_records(metrics, to);
	put_attempts(metrics->tally, to);
	put_reactions(metrics->tally, to);
	put_counter(to, "nlddns_netlink_messages", metrics->events.messages,
		    "Events that the kernel has told of.");
	put_counter(to, "nlddns_netlink_overruns", metrics->events.overruns,
		    "Times that the kernel's events were lost, and all was read anew.");
	put_counter(to, "nlddns_updater_starts", metrics->updater.starts,
		    "Starts of nlddns-updater.");
	put_counter(to, "nlddns_updater_crashes", metrics->updater.crashes,
		    "Times that nlddns-updater ended and owed answers.");
	fputs("# EOF\n", to);
}
