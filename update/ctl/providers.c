/* SPDX-License-Identifier: MIT */
/* nlddns providers: what there is to choose from, and how one is used. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/duration.h"
#include "cfg/elsewhere.h"
#include "cfg/slurp.h"
#include "update/ctl/command.h"
#include "update/ctl/offer.h"
#include "update/ctl/request.h"
#include "update/ctl/sample.h"
#include "update/ctl/table.h"

static void add_row(struct table *table, const struct offer *offer)
{
	const struct limits *limits = &offer->provider->limits;
	char names[16], interval[DURATION_TEXT_MAX] = "";

	(void)snprintf(names, sizeof(names), "%u", limits->names_per_request);
	if (limits->min_interval_ms > 0)
		(void)duration_text(limits->min_interval_ms, interval);
	table_add(table,
		  (const char *const[]){offer->name, offer_families(offer), offer_wildcard(offer),
					names, interval, offer->title},
		  TABLE_TONE_PLAIN, 0);
}

static void print_list(const struct offer_list *list)
{
	static const char *const heads[] = {"NAME",  "ADDRESSES", "WILDCARD",
					    "NAMES", "EVERY",     "SERVICE"};
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));
	size_t n = 0, ended = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct offer *offer = &list->offers[i];

		if (offer->provider)
			add_row(table, offer);
		n += offer->provider ? 1 : 0;
		ended += offer->file && offer->file->service.ended;
	}
	table_print(table, stdout, table_screen_width(stdout), 0, table_screen_colours(stdout));
	table_free(table);
	printf("\n%zu providers. IPv4 + IPv6: both in one request; NAMES: in one request, at most; "
	       "EVERY: the\nshortest time between two; ?: not known. `nlddns providers NAME` shows "
	       "settings and an example.\nBeside these, %zu that were shut down are known, and "
	       "what to use instead.\n",
	       n, ended);
}

static void print_list_json(const struct offer_list *list)
{
	json_t *all = json_array(), *json;

	for (size_t i = 0; i < list->n; i++)
		(void)json_array_append_new(all, offer_json(&list->offers[i]));
	json = json_pack("{s:o}", "providers", all);
	request_print_json(json);
	json_decref(json);
}

static void print_settings(const struct provider *provider)
{
	for (const struct setting *row = provider->settings; row->name; row++) {
		printf("  %s%s%s%s%s: %s\n", row->name,
		       row->required                 ? " (required"
		       : row->type == SETTING_SECRET ? " ("
						     : "",
		       row->type == SETTING_SECRET ? row->required ? ", secret)" : "secret)"
		       : row->required             ? ")"
						   : "",
		       row->choices ? " = " : "", row->choices ? row->choices : "",
		       row->help ? row->help : "");
		if (row->preset)
			printf("    preset: %s\n", row->preset);
	}
}

static void print_limits(const struct offer *offer)
{
	const struct limits *limits = &offer->provider->limits;
	char text[DURATION_TEXT_MAX];

	printf("Addresses:  %s%s\n", offer_families(offer),
	       offer->provider->caps & PROVIDER_BOTH_FAMILIES ? " in one request" : "");
	printf("Names:      %u in a request%s\n", limits->names_per_request,
	       strcmp(offer_wildcard(offer), "no") == 0 ? ", none with *" : "");
	if (limits->min_interval_ms > 0)
		printf("At most:    every %s\n", duration_text(limits->min_interval_ms, text));
	if (limits->refresh_ms > 0)
		printf("Refreshed:  after %s without a change\n",
		       duration_text(limits->refresh_ms, text));
}

static void print_service(const struct cfg_service *file)
{
	const struct service *service = &file->service;

	if (service->web)
		printf("Web:        %s\n", service->web);
	if (service->aliases)
		printf("Elsewhere:  %s\n", service->aliases);
	if (file->line)
		printf("File:       %s:%d\n", file->path, file->line);
	else
		printf("File:       %s\n", file->path);
}

static void print_one(const struct offer *offer)
{
	struct buf sample;

	printf("%s: %s\n\n", offer->name, offer->title ? offer->title : "");
	if (offer->file && offer->file->service.ended) {
		printf("Shut down: %s.\nAlternatives: %s\n", offer->file->service.ended,
		       offer->file->service.instead ? offer->file->service.instead : "dyndns2");
		return;
	}
	if (offer->provider)
		print_limits(offer);
	if (offer->file)
		print_service(offer->file);
	if (!offer->provider)
		return;
	if (offer->file && offer->file->service.notes)
		printf("\n%s\n", offer->file->service.notes);
	if (offer->provider->settings->name)
		printf("\nSettings:\n");
	print_settings(offer->provider);
	buf_init(&sample, SAMPLE_MAX);
	sample_write(offer, &sample);
	printf("\nExample:\n\n%s", sample.text ? sample.text : "");
	buf_done(&sample);
}

/* There is no such provider. */
static void report_missing(const struct offer_list *list, const char *name)
{
	const struct elsewhere *known = elsewhere_find(name);
	const char *nearest = offer_nearest(list, name);

	if (known)
		(void)fprintf(stderr,
			      "nlddns: it cannot update %s yet. Keep the name at one of `nlddns "
			      "providers`,\nand make the one there a CNAME of it.\n",
			      known->title);
	else if (nearest)
		(void)fprintf(stderr, "nlddns: there is no provider `%s`; did you mean `%s`?\n",
			      name, nearest);
	else
		(void)fprintf(stderr,
			      "nlddns: there is no provider `%s`; `nlddns providers` lists them.\n",
			      name);
}

static int print_text(const struct catalog_entry *entry)
{
	int error = catalog_print(entry, stdout);

	if (!error)
		return COMMAND_EXIT_WELL;
	(void)fprintf(stderr, "nlddns: %s: %s.\n", entry->path, slurp_why(error));
	return COMMAND_EXIT_USAGE;
}

/* The file of a service, as one's own would be. */
static int show_file(const struct context *context, const struct offer *offer)
{
	struct catalog_entry entry = {0};
	char *folder = NULL;
	int error = catalog_own_folder(command_config(context), &folder);
	int code = COMMAND_EXIT_USAGE;

	if (!error && offer->file)
		error = catalog_find(folder, offer->name, &entry);
	if (error)
		(void)fprintf(stderr, "nlddns: %s: %s.\n", offer->name, slurp_why(error));
	else if (!offer->file)
		(void)fprintf(stderr,
			      "nlddns: %s is a part of nlddns itself: there is no file of it.\n",
			      offer->name);
	else
		code = print_text(&entry);
	catalog_forget(&entry);
	free(folder);
	return code;
}

static int show_one(const struct context *context, const struct offer_list *list, const char *name)
{
	const struct offer *offer = offer_find(list, name);
	json_t *json;

	if (!offer) {
		report_missing(list, name);
		return COMMAND_EXIT_USAGE;
	}
	if (context->file)
		return show_file(context, offer);
	if (!context->json) {
		print_one(offer);
		return COMMAND_EXIT_WELL;
	}
	json = offer_json(offer);
	request_print_json(json);
	json_decref(json);
	return COMMAND_EXIT_WELL;
}

static void report_unread(int error)
{
	char *path = NULL;

	if (catalog_shipped(&path) == 0)
		(void)fprintf(stderr, "nlddns: %s: %s. Its services are missing here.\n", path,
			      slurp_why(error));
	free(path);
}

int providers_command(const struct context *context, const char *argument)
{
	struct offer_list list;
	int code = COMMAND_EXIT_WELL;

	if (context->file && (!argument || context->json)) {
		(void)fprintf(stderr, "nlddns: --file needs the NAME of a service%s.\n",
			      argument ? ", and no --json" : "");
		return COMMAND_EXIT_USAGE;
	}
	if (offer_read(command_config(context), &list) < 0) {
		(void)fprintf(stderr, "nlddns: out of memory.\n");
		return COMMAND_EXIT_USAGE;
	}
	cfg_errors_print(&list.errors, stderr);
	if (list.unread)
		report_unread(list.unread);
	if (argument)
		code = show_one(context, &list, argument);
	else if (context->json)
		print_list_json(&list);
	else
		print_list(&list);
	offer_done(&list);
	return code;
}
