/* SPDX-License-Identifier: MIT */
/* nlddns explain [NAME]: a second opinion on what the daemon believes. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "update/ctl/client.h"
#include "update/ctl/command.h"
#include "update/ctl/finding.h"
#include "update/ctl/inventory.h"
#include "update/ctl/kernel.h"
#include "update/ctl/locate.h"
#include "update/ctl/report.h"
#include "update/ctl/request.h"
#include "update/ctl/view.h"
#include "update/rule.h"

#define SECOND_LOOK_MS 200

/* All that one explanation rests on. */
struct scene {
	const struct context *context;
	const char *name;      /* only this one; NULL: all */
	const struct cfg *cfg; /* NULL: there is none */
	struct snapshot snapshot;
	json_t *daemon;      /* its answer to `snapshot`; NULL: it gave none */
	json_t *status;      /* its answer to `status`; NULL: it gave none */
	int daemon_error;    /* why not */
	json_t *differences; /* between the two */
};

static bool is_of(const struct scene *scene, const struct cfg_record *record, size_t source,
		  enum record_type type)
{
	return record->source == source && record->type == type &&
	       (!scene->name || !strcmp(scene->name, record->name) ||
		!strcmp(scene->name, scene->cfg->sources[source].name));
}

/* The records that ask for a source in a family: "home.example.org A, www.example.org A". */
static size_t tell_records(const struct scene *scene, size_t source, enum record_type type,
			   struct buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < scene->cfg->n_records; i++) {
		const struct cfg_record *record = &scene->cfg->records[i];

		if (!is_of(scene, record, source, type))
			continue;
		buf_printf(text, "%s%s %s", n++ ? ", " : "", record->name,
			   provider_type_name(type));
	}
	return n;
}

static int find(const struct scene *scene, const struct cfg_source *source, enum record_type type,
		struct finding *ret)
{
	struct choice published;
	bool known = scene->daemon &&
		     view_published(scene->daemon, source->name, rule_family(type), &published);

	return finding_make(source, type, &scene->snapshot, known ? &published : NULL, ret);
}

/* The daemon's choice, if it tells, is put against that of the finding. */
static bool agrees(const struct scene *scene, struct finding *finding, struct choice *ret_daemon)
{
	return !view_now(scene->status, finding->source->name, finding->rule.family, ret_daemon) ||
	       finding_reconcile(finding, ret_daemon);
}

static void compare_choices(const struct scene *scene)
{
	for (size_t s = 0; scene->cfg && s < scene->cfg->n_sources; s++) {
		for (enum record_type t = RECORD_TYPE_A; t < RECORD_TYPE_COUNT; t++) {
			const struct cfg_source *source = &scene->cfg->sources[s];
			struct choice daemon;
			struct finding finding;

			if (find(scene, source, t, &finding) < 0)
				continue;
			if (!agrees(scene, &finding, &daemon))
				view_tell_choices(source->name, rule_family(t), &finding.choice,
						  &daemon, scene->differences);
			finding_done(&finding);
		}
	}
}

/* One source and family, for people or into the report. */
static void explain_one(const struct scene *scene, const struct cfg_source *source,
			enum record_type type, const char *whose, json_t *report)
{
	struct finding finding;
	struct choice daemon;
	json_t *json;

	if (find(scene, source, type, &finding) < 0)
		return;
	(void)agrees(scene, &finding, &daemon);
	if (report) {
		json = finding_json(&finding);
		(void)json_object_set_new(json, "records", json_string(whose));
		(void)json_array_append_new(report, json);
	} else {
		report_print(&finding, whose, stdout);
	}
	finding_done(&finding);
}

/* How many there were. */
static size_t explain_configured(const struct scene *scene, json_t *report)
{
	size_t n = 0;

	for (size_t s = 0; s < scene->cfg->n_sources; s++) {
		for (enum record_type t = RECORD_TYPE_A; t < RECORD_TYPE_COUNT; t++) {
			struct buf whose;

			buf_init(&whose, CFG_RECORDS_MAX * (DNS_NAME_MAX + 8));
			if (tell_records(scene, s, t, &whose)) {
				explain_one(scene, &scene->cfg->sources[s], t, whose.text, report);
				n++;
			}
			buf_done(&whose);
		}
	}
	return n;
}

static void explain_auto(const struct scene *scene, json_t *report)
{
	char name[] = "auto";
	const struct cfg_source source = {.name = name};

	explain_one(scene, &source, RECORD_TYPE_A, "interface = auto, IPv4", report);
	explain_one(scene, &source, RECORD_TYPE_AAAA, "interface = auto, IPv6", report);
}

/* Each difference must be seen twice: between the two readings the kernel may have moved on. */
static int look_at_daemon(struct scene *scene)
{
	char path[LOCATE_CONTROL_MAX];
	int error = 0;

	locate_control(scene->context, path);
	for (int i = 0; i < 2; i++) {
		json_decref(scene->daemon);
		json_decref(scene->status);
		json_decref(scene->differences);
		scene->daemon = NULL;
		scene->status = NULL;
		scene->differences = json_array();
		if (i) {
			(void)poll(NULL, 0, SECOND_LOOK_MS);
			kernel_free(&scene->snapshot);
			error = kernel_read(&scene->snapshot);
			if (error)
				return error;
		}
		scene->daemon_error =
			client_ask(path, "snapshot", CLIENT_PATIENCE_MS, &scene->daemon);
		if (!scene->daemon_error)
			scene->daemon_error =
				client_ask(path, "status", CLIENT_PATIENCE_MS, &scene->status);
		if (scene->daemon_error) {
			json_decref(scene->daemon);
			scene->daemon = NULL;
			return 0;
		}
		view_compare(&scene->snapshot, scene->daemon, scene->differences);
		compare_choices(scene);
		if (!json_array_size(scene->differences))
			return 0;
	}
	return 0;
}

static const char *daemon_absence(const struct scene *scene)
{
	if (scene->daemon_error == -ENOENT || scene->daemon_error == -ECONNREFUSED)
		return "nlddnsd is not running, so this was not compared with what it sees.";
	if (scene->daemon || scene->daemon_error == -EACCES || scene->daemon_error == -EPERM)
		return "nlddnsd may not be asked by this user (use sudo, or join the group "
		       "nlddns), so "
		       "this was not compared with what it sees.";
	return "nlddnsd did not answer as it should, so this was not compared with what it sees.";
}

static bool has_answer(const struct scene *scene)
{
	return !scene->daemon_error && !json_object_get(scene->daemon, "error");
}

static void print_daemon(const struct scene *scene)
{
	if (!has_answer(scene)) {
		printf("%s\n", daemon_absence(scene));
		return;
	}
	if (!json_array_size(scene->differences)) {
		printf("The running nlddnsd sees the same.\n");
		return;
	}
	printf("The running nlddnsd sees it differently:\n");
	for (size_t i = 0; i < json_array_size(scene->differences); i++)
		printf("  %s\n", json_string_value(json_array_get(scene->differences, i)));
	printf("It should follow within moments, or upon `nlddns reload` if the configuration was "
	       "edited; if it does not, restart it and report this.\n");
}

static void print_json(const struct scene *scene, json_t *findings)
{
	json_t *report = json_object(), *daemon = json_object();

	(void)json_object_set_new(daemon, "compared", json_boolean(has_answer(scene)));
	if (has_answer(scene))
		(void)json_object_set(daemon, "differences", scene->differences);
	else
		(void)json_object_set_new(daemon, "why", json_string(daemon_absence(scene)));
	(void)json_object_set_new(report, "links", inventory_json(&scene->snapshot));
	(void)json_object_set(report, "findings", findings);
	(void)json_object_set_new(report, "daemon", daemon);
	request_print_json(report);
	json_decref(report);
}

static int explain(struct scene *scene)
{
	json_t *findings = scene->context->json ? json_array() : NULL;
	int error = kernel_read(&scene->snapshot);
	size_t n = 2;

	if (!error)
		error = look_at_daemon(scene);
	if (error) {
		(void)fprintf(stderr,
			      "nlddns: cannot read links and addresses from the kernel: %s.\n"
			      "In a container or sandbox, allow AF_NETLINK sockets.\n",
			      strerror(-error));
		return COMMAND_EXIT_USAGE;
	}
	if (!scene->cfg && !findings)
		inventory_print(&scene->snapshot, stdout);
	if (scene->cfg)
		n = explain_configured(scene, findings);
	else
		explain_auto(scene, findings);
	if (n && findings)
		print_json(scene, findings);
	else if (n)
		print_daemon(scene);
	json_decref(findings);
	if (n)
		return COMMAND_EXIT_WELL;
	if (scene->name)
		(void)fprintf(
			stderr,
			"nlddns: no record or source is called `%s` in %s; `nlddns check` lists "
			"them.\n",
			scene->name, command_config(scene->context));
	else
		(void)fprintf(stderr, "nlddns: %s has no records; add one.\n",
			      command_config(scene->context));
	return COMMAND_EXIT_USAGE;
}

/* 0, with *ret NULL if there is no configuration and none was asked for; else the exit code. */
static int load(const struct context *context, const char *name, struct cfg **ret)
{
	struct cfg_errors errors = {0};
	int error = 0;

	if (!context->config && !name && access(command_config(context), F_OK) < 0) {
		if (!context->json)
			printf("There is no %s: this is what `interface = auto` gives.\n\n",
			       command_config(context));
		return 0;
	}
	error = cfg_load(command_config(context), ret, &errors);
	cfg_errors_print(&errors, stderr);
	cfg_errors_done(&errors);
	if (!error)
		return 0;
	(void)fprintf(stderr,
		      "nlddns: correct that first; `nlddns check` shows when it is right.\n");
	return COMMAND_EXIT_USAGE;
}

int explain_command(const struct context *context, const char *argument)
{
	struct scene scene = {.context = context, .name = argument};
	struct cfg *cfg = NULL;
	int code = load(context, argument, &cfg);

	if (code)
		return code;
	scene.cfg = cfg;
	code = explain(&scene);
	kernel_free(&scene.snapshot);
	json_decref(scene.daemon);
	json_decref(scene.status);
	json_decref(scene.differences);
	cfg_free(cfg);
	return code;
}
