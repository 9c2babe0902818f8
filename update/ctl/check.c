/* SPDX-License-Identifier: MIT */
/* nlddns check: every error of the configuration, or what would be published now. */
#include <stdio.h>
#include <string.h>

#include "update/ctl/command.h"
#include "update/ctl/finding.h"
#include "update/ctl/kernel.h"
#include "update/ctl/preview.h"
#include "update/ctl/request.h"
#include "update/ctl/table.h"

#define REQUESTS_SHOWN 8

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static size_t count(const struct cfg_errors *errors, bool warning)
{
	size_t n = 0;

	for (size_t i = 0; i < errors->n; i++)
		n += errors->list[i].warning == warning;
	return n;
}

static json_t *errors_json(const struct cfg_errors *errors)
{
	json_t *list = json_array();

	for (size_t i = 0; i < errors->n; i++) {
		const struct cfg_error *error = &errors->list[i];

		(void)json_array_append_new(list,
					    json_pack("{s:s?,s:i,s:b,s:s}", "file", error->file,
						      "line", error->line, "warning",
						      error->warning, "text", error->text));
	}
	return list;
}

/* With HIDDEN in the place of each secret. */
static json_t *request_json(const struct cfg *cfg, const struct cfg_record *record,
			    const struct snapshot *snapshot)
{
	struct buf text;
	bool invented;
	json_t *json;

	buf_init(&text, PREVIEW_TEXT_MAX);
	(void)preview_write(cfg, record, snapshot, &invented, &text);
	json = json_string(text.text ? text.text : "");
	buf_done(&text);
	return json;
}

/* What one record would be; the caller owns it. */
static json_t *record_json(const struct cfg *cfg, const struct cfg_record *record,
			   const struct snapshot *snapshot)
{
	const struct cfg_source *source = &cfg->sources[record->source];
	json_t *json = json_object();
	struct finding finding;
	struct buf chosen;

	(void)json_object_set_new(json, "name", json_string(record->name));
	(void)json_object_set_new(json, "type", json_string(provider_type_name(record->type)));
	(void)json_object_set_new(json, "provider",
				  json_string(cfg->accounts[record->account].provider->name));
	(void)json_object_set_new(json, "source", json_string(source->name));
	(void)json_object_set_new(json, "request", request_json(cfg, record, snapshot));
	if (finding_make(source, record->type, snapshot, NULL, &finding) < 0)
		return json;
	buf_init(&chosen, FINDING_TEXT_MAX);
	finding_tell_choice(&finding, &chosen);
	(void)json_object_set_new(json, "address",
				  finding.choice.n ? json_string(chosen.text ? chosen.text : "")
						   : json_null());
	(void)json_object_set_new(json, "ready", json_boolean(finding.choice.ready));
	(void)json_object_set_new(json, "why", json_string(finding.choice.why));
	buf_done(&chosen);
	finding_done(&finding);
	return json;
}

static json_t *records_json(const struct cfg *cfg, const struct snapshot *snapshot)
{
	json_t *list = json_array();

	for (size_t i = 0; i < cfg->n_records; i++)
		(void)json_array_append_new(list, record_json(cfg, &cfg->records[i], snapshot));
	return list;
}

static const char *cell(const json_t *record, const char *key)
{
	return json_string_value(json_object_get(record, key));
}

static void print_records(const json_t *records)
{
	static const char *const heads[] = {"NAME", "TYPE", "PROVIDER", "ADDRESS", "SOURCE", "WHY"};
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);
		bool ready = json_is_true(json_object_get(record, "ready"));

		table_add(table,
			  (const char *const[]){cell(record, "name"), cell(record, "type"),
						cell(record, "provider"), cell(record, "address"),
						cell(record, "source"), cell(record, "why")},
			  ready ? TABLE_TONE_GOOD : TABLE_TONE_WAITING, 3);
	}
	table_print(table, stdout, table_screen_width(stdout), 0, table_screen_colours(stdout));
	table_free(table);
}

/* What would be sent for the first names. */
static void print_requests(const struct cfg *cfg, const struct snapshot *snapshot)
{
	size_t n = 0, left = 0;

	printf("\nWhat would be sent (secrets are HIDDEN):\n");
	for (size_t i = 0; i < cfg->n_records && left == 0; i++) {
		if (preview_is_repeated(cfg, &cfg->records[i], snapshot))
			continue;
		if (n++ < REQUESTS_SHOWN)
			(void)preview_print(cfg, &cfg->records[i], snapshot);
		else
			left = cfg->n_records - i;
	}
	if (left)
		printf("%zu more records: `nlddns once --dry-run NAME` shows theirs\n", left);
}

static int refuse(const struct context *context, const struct cfg_errors *errors)
{
	size_t n = count(errors, false);
	json_t *json;

	if (context->json) {
		json = json_pack("{s:b,s:o}", "ok", 0, "errors", errors_json(errors));
		request_print_json(json);
		json_decref(json);
		return COMMAND_EXIT_USAGE;
	}
	cfg_errors_print(errors, stderr);
	(void)fprintf(stderr, "nlddns: %zu error%s in %s; nothing runs until %s corrected.\n", n,
		      plural(n), command_config(context), n == 1 ? "it is" : "they are");
	return COMMAND_EXIT_USAGE;
}

static void approve(const struct context *context, const struct cfg *cfg,
		    const struct cfg_errors *errors)
{
	struct snapshot snapshot = {0};
	int error = kernel_read(&snapshot);
	json_t *records = error ? json_array() : records_json(cfg, &snapshot), *json;

	if (context->json) {
		json = json_pack("{s:b,s:o,s:O}", "ok", 1, "errors", errors_json(errors), "records",
				 records);
		request_print_json(json);
		json_decref(json);
		goto out;
	}
	cfg_errors_print(errors, stderr);
	printf("%s: %zu record%s, all fine\n", command_config(context), cfg->n_records,
	       plural(cfg->n_records));
	if (error) {
		(void)fprintf(stderr,
			      "nlddns: cannot read links and addresses from the kernel (%s), so "
			      "what would be "
			      "published now is not shown.\n",
			      strerror(-error));
	} else if (cfg->n_records) {
		printf("\nWhat would be published now (`nlddns explain NAME` shows why):\n");
		print_records(records);
		print_requests(cfg, &snapshot);
	}
out:
	json_decref(records);
	kernel_free(&snapshot);
}

int check_command(const struct context *context, const char *argument)
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	int code = COMMAND_EXIT_WELL;

	(void)argument;
	if (cfg_load(command_config(context), &cfg, &errors) < 0)
		code = refuse(context, &errors);
	else
		approve(context, cfg, &errors);
	cfg_errors_done(&errors);
	cfg_free(cfg);
	return code;
}
