/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"
#include "cfg/cfg_api.h"
#include "cfg/nearest.h"
#include "cfg/settings.h"
#include "providers/apifield.h"
#include "providers/conversation.h"
#include "providers/apimark.h"
#include "providers/plaintext.h"
#include "providers/scope.h"

#define UNSET "none" /* takes a preset away */

static const char setting_word[] = "setting ";
#define SETTING_WORD_LEN (sizeof(setting_word) - 1)

/* A file on its way. */
struct draft {
	const struct reader *reader;
	struct faults *faults;
	struct cfg_service *to;
	const struct reader_section *service, *replies;
	struct place at; /* the file as a whole */
};

static void free_text(const char **text)
{
	char *owned;

	memcpy(&owned, text, sizeof(owned));
	free(owned);
	*text = NULL;
}

static bool is_setting(const struct reader_section *section)
{
	return strncmp(section->title, setting_word, SETTING_WORD_LEN) == 0;
}

static bool is_of_api(const struct draft *draft, const struct reader_section *section,
		      const char *key)
{
	return draft->to->service.family == SERVICE_RECORDS && apifield_find(section->title, key);
}

static void offer_of_api(const struct draft *draft, const struct reader_section *section,
			 struct nearest *nearest)
{
	for (const struct apifield *field = apifields; field->section; field++)
		if (is_of_api(draft, section, field->key))
			nearest_offer(nearest, field->key);
}

static void check_known(struct draft *draft, const struct reader_section *section,
			const struct key *keys)
{
	for (size_t i = 0; i < section->n_pairs; i++) {
		const struct reader_pair *pair = &section->pairs[i];
		char hint[NEAREST_HINT_MAX];
		struct nearest nearest;

		if (keys_find(keys, pair->key) || is_of_api(draft, section, pair->key))
			continue;
		nearest_init(&nearest, pair->key);
		for (const struct key *key = keys; key->setting.name; key++)
			nearest_offer(&nearest, key->setting.name);
		offer_of_api(draft, section, &nearest);
		faults_add(draft->faults, pair->at, "unknown key `%s`%s", pair->key,
			   nearest_hint(&nearest, hint));
	}
}

/* What all records or all services have already. */
static bool is_taken(const char *name)
{
	return scope_has_builtin((struct span){name, strlen(name)}) ||
	       keys_find(keys_record, name) || keys_find(keys_source, name) ||
	       settings_find(provider_http_settings(), name);
}

static void read_setting(struct draft *draft, const struct reader_section *section)
{
	struct cfg_service *to = draft->to;
	const char *name = section->title + SETTING_WORD_LEN;
	const struct setting *known = settings_find(cfg_service_known, name);
	struct cfg_service_setting *described;

	if (to->n_described == SERVICE_SETTINGS_MAX || strlen(name) > READER_KEY_MAX ||
	    is_taken(name)) {
		faults_add(draft->faults, section->at,
			   "[%.60s]: at most %d settings, and none that is called like a key of "
			   "records or a placeholder all services have",
			   section->title, SERVICE_SETTINGS_MAX);
		return;
	}
	described = &to->described[to->n_described++];
	described->name = strdup(name);
	draft->faults->no_memory |= !described->name;
	check_known(draft, section, cfg_service_setting_keys);
	keys_fill(cfg_service_setting_keys, section, NULL, described, draft->faults);
	if (known && !reader_find(section, "type"))
		described->type = known->type;
	if (!described->help)
		faults_add(draft->faults, section->at, "[%.60s] needs `help`", section->title);
	if (described->type == SETTING_CHOICE && !described->choices)
		faults_add(draft->faults, section->at, "[%.60s] needs `choices`", section->title);
}

static void read_sections(struct draft *draft)
{
	for (size_t i = 0; i < draft->reader->n_sections; i++) {
		const struct reader_section *section = &draft->reader->sections[i];

		if (strcmp(section->title, "service") == 0)
			draft->service = section;
		else if (strcmp(section->title, "replies") == 0)
			draft->replies = section;
		else if (is_setting(section))
			read_setting(draft, section);
		else if (!apifield_has_section(section->title))
			faults_add(draft->faults, section->at,
				   "[%.60s]: a service has [service], [replies], [setting NAME] "
				   "and, with family = records, [zone], [find], [create], "
				   "[change], [remove]",
				   section->title);
	}
}

/* What record APIs have in common, unless the file says otherwise; and the sections only they
 * have. */
static void make_api(struct draft *draft)
{
	struct service *service = &draft->to->service;
	struct recordapi *api = &draft->to->api;

	service->api = api;
	api->service = service;
	if (reader_find(draft->service, "content-type"))
		faults_add(draft->faults, reader_find(draft->service, "content-type")->at,
			   "`content-type` has no meaning with family = records: write content");
	if (!reader_find(draft->service, "reply"))
		service->reply = SERVICE_REPLY_JSON;
	if (!reader_find(draft->service, "min-interval"))
		service->min_interval_ms = 0;
	if (!reader_find(draft->service, "refresh"))
		service->refresh_ms = 0;
	cfg_api_fill(draft->reader, draft->faults, api);
	if (!api->who && service->title) {
		api->who = strdup(service->title);
		draft->faults->no_memory |= !api->who;
	}
}

/* Sections that only record APIs have. */
static void refuse_api(struct draft *draft)
{
	for (size_t i = 0; i < draft->reader->n_sections; i++) {
		const struct reader_section *section = &draft->reader->sections[i];

		if (section != draft->service && apifield_has_section(section->title))
			faults_add(draft->faults, section->at, "[%.60s] needs family = records",
				   section->title);
	}
}

/* What dyndns2 servers have in common, unless the file says otherwise. */
static void add_presets(struct draft *draft)
{
	static const struct {
		size_t offset;
		const char *preset;
	} rows[] = {
		{offsetof(struct service, query), "hostname={names}&{addresses}"},
		{offsetof(struct service, ipv4), "myip={ip4}"},
		{offsetof(struct service, basic), "{username}:{password}"},
	};
	struct service *service = &draft->to->service;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text;

		memcpy(&text, (char *)service + rows[i].offset, sizeof(text));
		if (!text && service->family == SERVICE_DYNDNS2) {
			text = strdup(rows[i].preset);
			draft->faults->no_memory |= !text;
		} else if (text && strcmp(text, UNSET) == 0) {
			free_text(&text);
		}
		memcpy((char *)service + rows[i].offset, &text, sizeof(text));
	}
}

/* A verdict; "-2" to "-9" behind it: another rule of the same. */
static int read_verdict(const char *key, enum verdict *ret)
{
	char name[READER_KEY_MAX + 1];
	size_t len = strlen(key);

	memcpy(name, key, len + 1);
	if (len > 2 && name[len - 2] == '-' && name[len - 1] >= '2' && name[len - 1] <= '9')
		name[len - 2] = '\0';
	if (strcmp(name, provider_verdict_name(VERDICT_NO_NETWORK)) == 0)
		return -EINVAL;
	return provider_verdict_parse(name, ret);
}

static void read_rules(struct draft *draft)
{
	struct service *service = &draft->to->service;

	service->rules = draft->to->rules;
	for (size_t i = 0; draft->replies && i < draft->replies->n_pairs; i++) {
		const struct reader_pair *pair = &draft->replies->pairs[i];
		struct service_rule *rule = &draft->to->rules[service->n_rules];

		if (service->n_rules == SERVICE_RULES_MAX ||
		    read_verdict(pair->key, &rule->verdict)) {
			faults_add(draft->faults, pair->at,
				   "`%s`: replies are done, unchanged, retry, throttled, "
				   "refused-auth, refused-name, refused-abuse, refused-config, and "
				   "these with -2 to -9 behind; at most %d",
				   pair->key, SERVICE_RULES_MAX);
			continue;
		}
		rule->text = strdup(pair->value);
		draft->faults->no_memory |= !rule->text;
		service->n_rules += rule->text ? 1 : 0;
	}
}

static void put_row(struct draft *draft, const struct setting *row)
{
	struct cfg_service *to = draft->to;
	struct setting *end = to->settings;

	while (end->name && strcmp(end->name, row->name) != 0)
		end++;
	if (end->name)
		return;
	if (end == to->settings + SERVICE_SETTINGS_MAX) {
		faults_add(draft->faults, draft->at, "more than %d settings", SERVICE_SETTINGS_MAX);
		return;
	}
	*end = *row;
	end->required = !row->preset && service_needs(&to->service, row->name);
}

static void put_optional(struct draft *draft, const struct setting *row)
{
	put_row(draft, row);
	for (struct setting *put = draft->to->settings; put->name; put++)
		if (strcmp(put->name, row->name) == 0)
			put->required = false;
}

static void put_described(struct draft *draft, struct span name)
{
	for (size_t i = 0; i < draft->to->n_described; i++) {
		const struct cfg_service_setting *from = &draft->to->described[i];
		struct setting row = {.name = from->name,
				      .type = from->type,
				      .choices = from->choices,
				      .preset = from->preset,
				      .help = from->help};

		if (from->name && span_is(name, from->name))
			put_row(draft, &row);
	}
}

/* Rows for the placeholders in the order they are used; those that are not known stay without. */
static void make_settings(struct draft *draft)
{
	struct cfg_service *to = draft->to;
	struct service_cursor at = {0};
	struct span name, algorithm;

	while (service_next(&to->service, &at, &name)) {
		(void)scope_digest(name, &algorithm, &name);
		put_described(draft, name);
		for (const struct setting *row = cfg_service_known; row->name; row++)
			if (span_is(name, row->name) && strcmp(row->name, "zone") != 0)
				put_row(draft, row);
	}
	for (const struct setting *row = apifield_settings; to->service.api && row->name; row++)
		if (to->api.comment || strcmp(row->name, "owner") != 0)
			put_optional(draft, row);
	if (to->service.api && to->api.txt)
		put_optional(draft, &apifield_mark);
	if (!to->service.api && service_is_zoned(&to->service) &&
	    service_is_told_zone(&to->service)) {
		struct setting zone = *settings_find(cfg_service_known, "zone");

		put_row(draft, &zone);
		for (struct setting *row = to->settings; row->name; row++)
			if (strcmp(row->name, "zone") == 0)
				row->required = !to->service.zone;
	}
	to->service.settings = to->settings;
}

static struct place setting_at(const struct draft *draft, const char *name)
{
	for (size_t i = 0; i < draft->reader->n_sections; i++) {
		const struct reader_section *section = &draft->reader->sections[i];

		if (is_setting(section) && strcmp(section->title + SETTING_WORD_LEN, name) == 0)
			return section->at;
	}
	return draft->at;
}

static void check_settings_used(struct draft *draft)
{
	for (size_t i = 0; i < draft->to->n_described; i++) {
		const char *name = draft->to->described[i].name;

		if (name && !settings_find(draft->to->settings, name))
			faults_add(draft->faults, setting_at(draft, name),
				   "[setting %s] is used nowhere", name);
	}
}

static const struct reader_section *find_section(const struct draft *draft, const char *title)
{
	for (size_t i = 0; i < draft->reader->n_sections; i++)
		if (strcmp(draft->reader->sections[i].title, title) == 0)
			return &draft->reader->sections[i];
	return draft->service;
}

/* Where a fault of the service as such is written. */
static struct place place_of(const struct draft *draft, const struct service_fault *fault)
{
	const struct reader_section *section =
		fault->section ? find_section(draft, fault->section) : draft->service;
	const struct reader_pair *pair = NULL;

	if (fault->rule < SERVICE_RULES_MAX && draft->replies)
		pair = &draft->replies->pairs[fault->rule];
	else if (fault->key)
		pair = reader_find(section, fault->key);
	return pair ? pair->at : section->at;
}

static void check(struct draft *draft)
{
	const struct service *service = &draft->to->service;
	struct service_fault fault;
	struct place at;

	if (!service->title || !service->web)
		faults_add(draft->faults, draft->service->at, "[service] needs `title` and `web`");
	if (service_check(service, &fault) == 0) {
		check_settings_used(draft);
		return;
	}
	at = place_of(draft, &fault);
	if (fault.rule < SERVICE_RULES_MAX && draft->replies)
		faults_add(draft->faults, at, "`%s` %s", draft->replies->pairs[fault.rule].key,
			   fault.why);
	else if (fault.key)
		faults_add(draft->faults, at, "`%s` %s", fault.key, fault.why);
	else if (fault.section)
		faults_add(draft->faults, at, "[%s] %s", fault.section, fault.why);
	else
		faults_add(draft->faults, at, "the service %s", fault.why);
}

static void make_provider(struct cfg_service *to)
{
	const struct service *service = &to->service;

	to->provider = (struct provider){
		.name = to->name,
		.title = service->title,
		.settings = to->settings,
		.caps = service_caps(service),
		.limits = {.min_interval_ms = service->min_interval_ms,
			   .refresh_ms = service->refresh_ms,
			   .names_per_request = service->names,
			   .parallel = service->parallel},
		.state_size = service_state_size(service),
		.step = service->api ? recordapi_step_file : conversation_step_file,
		.service = service,
		.check = service->api ? apimark_check : plaintext_check_file,
	};
}

void cfg_service_make(const struct reader *reader, const char *name, const char *path,
		      struct faults *faults, struct cfg_service *ret)
{
	bool fatal = faults->fatal;
	struct draft draft = {.reader = reader, .faults = faults, .to = ret};

	draft.at.file = reader->n_files - 1;
	ret->name = strdup(name);
	ret->path = strdup(path);
	if (!ret->name || !ret->path) {
		faults->no_memory = true;
		return;
	}
	faults->fatal = false;
	read_sections(&draft);
	keys_fill(cfg_service_keys, draft.service, NULL, &ret->service, faults);
	if (!draft.service) {
		faults_add(faults, draft.at, "there is no [service]");
	} else {
		draft.at = draft.service->at;
		check_known(&draft, draft.service, cfg_service_keys);
	}
	if (draft.service && ret->service.family == SERVICE_RECORDS)
		make_api(&draft);
	else
		refuse_api(&draft);
	if (draft.service && !ret->service.ended) {
		add_presets(&draft);
		read_rules(&draft);
		make_settings(&draft);
		if (!faults->fatal)
			check(&draft);
	}
	ret->provider.name = ret->name;
	if (!faults->fatal && !faults->no_memory && !ret->service.ended)
		make_provider(ret);
	faults->fatal |= fatal;
}

void cfg_service_done(struct cfg_service *service)
{
	for (size_t i = 0; i < service->service.n_rules; i++)
		free_text(&service->rules[i].text);
	keys_done(cfg_service_keys, &service->service);
	cfg_api_done(&service->api);
	for (size_t i = 0; i < service->n_described; i++) {
		keys_done(cfg_service_setting_keys, &service->described[i]);
		free(service->described[i].name);
	}
	free(service->name);
	free(service->path);
	*service = (struct cfg_service){0};
}
