/* SPDX-License-Identifier: MIT */
#include "update/ctl/offer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"
#include "cfg/elsewhere.h"
#include "cfg/nearest.h"

static int by_name(const void *a, const void *b)
{
	const struct offer *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int add(struct offer_list *list, const struct offer *offer)
{
	struct offer *added = array_add(&list->offers, &list->n, sizeof(*added));

	if (!added)
		return -ENOMEM;
	*added = *offer;
	return 0;
}

static int add_ours(struct offer_list *list)
{
	int error = 0;

	for (const struct provider *const *p = provider_all(); *p && !error; p++) {
		struct offer offer = {(*p)->name, (*p)->title, *p, NULL};

		error = add(list, &offer);
	}
	return error;
}

static int add_file(struct offer_list *list, struct cfg_service *file)
{
	struct cfg_service **kept = array_add(&list->files, &list->n_files, sizeof(*kept));
	struct offer offer = {.name = file->name, .title = file->service.title, .file = file};

	if (!kept) {
		catalog_free(file);
		return -ENOMEM;
	}
	*kept = file;
	if (file->provider.service)
		offer.provider = &file->provider;
	return add(list, &offer);
}

/* A file that cannot be read is told of among the errors. */
static int read_one(struct offer_list *list, const struct catalog_entry *entry,
		    struct reader *reader, struct faults *faults)
{
	struct cfg_service *file = NULL;
	int error = catalog_read(reader, entry, faults, &file);

	if (error)
		return error == -ENOMEM ? error : 0;
	return add_file(list, file);
}

static int list_faults(const struct reader *reader, const struct faults *faults,
		       struct cfg_errors *ret)
{
	char **paths = NULL;
	size_t n = 0;
	int error = 0;

	for (size_t i = 0; i < reader->n_files && !error; i++)
		error = array_add_text(&paths, &n, reader->files[i].path);
	if (!error)
		error = faults_list(faults, paths, ret);
	array_free_texts(paths, n);
	return error;
}

static int read_files(struct offer_list *list, const char *config)
{
	struct reader reader = {0};
	struct faults faults = {0};
	struct catalog_list all = {0};
	char *folder = NULL;
	int error = catalog_own_folder(config, &folder);

	if (!error)
		error = catalog_list(folder, &all);
	list->unread = all.unread;
	for (size_t i = 0; i < all.n && !error; i++)
		error = read_one(list, &all.entries[i], &reader, &faults);
	if (!error)
		error = list_faults(&reader, &faults, &list->errors);
	catalog_list_done(&all);
	free(folder);
	reader_done(&reader);
	faults_done(&faults);
	return error;
}

int offer_read(const char *config, struct offer_list *ret)
{
	struct offer_list list = {0};
	int error = add_ours(&list);

	if (!error)
		error = read_files(&list, config);
	if (error) {
		offer_done(&list);
		return error;
	}
	qsort(list.offers, list.n, sizeof(*list.offers), by_name);
	*ret = list;
	return 0;
}

void offer_done(struct offer_list *list)
{
	for (size_t i = 0; i < list->n_files; i++)
		catalog_free(list->files[i]);
	free(list->files);
	free(list->offers);
	cfg_errors_done(&list->errors);
	*list = (struct offer_list){0};
}

static const struct offer *find_name(const struct offer_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcasecmp(list->offers[i].name, name) == 0)
			return &list->offers[i];
	return NULL;
}

const struct offer *offer_find(const struct offer_list *list, const char *name)
{
	const struct offer *found = find_name(list, name);
	const struct elsewhere *known = elsewhere_find(name);

	for (size_t i = 0; i < list->n && !found; i++)
		if (list->offers[i].file && catalog_has_alias(list->offers[i].file, name))
			found = &list->offers[i];
	return found || !known ? found : find_name(list, known->name);
}

const char *offer_nearest(const struct offer_list *list, const char *name)
{
	struct nearest nearest;

	nearest_init(&nearest, name);
	for (size_t i = 0; i < list->n; i++)
		nearest_offer(&nearest, list->offers[i].name);
	return nearest.best;
}

const char *offer_families(const struct offer *offer)
{
	unsigned caps = offer->provider->caps;

	if (caps & PROVIDER_NO_IPV6)
		return "IPv4";
	if (caps & PROVIDER_NO_IPV4)
		return "IPv6";
	return caps & PROVIDER_BOTH_FAMILIES ? "IPv4 + IPv6" : "IPv4, IPv6";
}

const char *offer_wildcard(const struct offer *offer)
{
	if (!offer->file)
		return "yes";
	switch (offer->file->service.wildcard) {
	case SERVICE_SUPPORT_UNKNOWN:
		return "?";
	case SERVICE_SUPPORT_YES:
		return "yes";
	case SERVICE_SUPPORT_NO:
		return "no";
	}
	return "?";
}

static const char *type_name(enum setting_type type)
{
	static const char *const names[] = {
		[SETTING_TEXT] = "text",         [SETTING_SECRET] = "secret",
		[SETTING_URL] = "url",           [SETTING_PATH] = "path",
		[SETTING_HOST] = "host",         [SETTING_NUMBER] = "number",
		[SETTING_DURATION] = "duration", [SETTING_BOOL] = "bool",
		[SETTING_CHOICE] = "choice",     [SETTING_LIST] = "list",
	};

	return names[type];
}

static json_t *settings_json(const struct provider *provider)
{
	json_t *list = json_array();

	for (const struct setting *row = provider->settings; row->name; row++)
		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:b, s:s?, s:s?, s:s?}", "name", row->name, "type",
				  type_name(row->type), "required", (int)row->required, "preset",
				  row->preset, "choices", row->choices, "help", row->help));
	return list;
}

static void add_provider(json_t *json, const struct offer *offer)
{
	const struct provider *p = offer->provider;

	(void)json_object_set_new(json, "ipv4", json_boolean(!(p->caps & PROVIDER_NO_IPV4)));
	(void)json_object_set_new(json, "ipv6", json_boolean(!(p->caps & PROVIDER_NO_IPV6)));
	(void)json_object_set_new(json, "both_in_one",
				  json_boolean(p->caps & PROVIDER_BOTH_FAMILIES));
	(void)json_object_set_new(json, "ttl", json_boolean(p->caps & PROVIDER_SETS_TTL));
	(void)json_object_set_new(json, "delete", json_boolean(p->caps & PROVIDER_CAN_DELETE));
	(void)json_object_set_new(json, "wildcard", json_string(offer_wildcard(offer)));
	(void)json_object_set_new(json, "names_per_request",
				  json_integer(p->limits.names_per_request));
	(void)json_object_set_new(json, "min_interval_s",
				  json_integer(p->limits.min_interval_ms / 1000));
	(void)json_object_set_new(json, "refresh_s", json_integer(p->limits.refresh_ms / 1000));
	(void)json_object_set_new(json, "settings", settings_json(p));
}

/* A list with single spaces as an array. */
static json_t *words_json(const char *words)
{
	json_t *list = json_array();

	while (words && *words) {
		size_t n = strcspn(words, " ");

		(void)json_array_append_new(list, json_stringn(words, n));
		words += n + strspn(words + n, " ");
	}
	return list;
}

json_t *offer_json(const struct offer *offer)
{
	const struct service *s = offer->file ? &offer->file->service : NULL;
	json_t *json = json_pack("{s:s, s:s?, s:s, s:o}", "name", offer->name, "title",
				 offer->title, "status",
				 offer->provider ? "alive"
				 : s && s->ended ? "shut down"
						 : "wrong",
				 "aliases", words_json(s ? s->aliases : NULL));

	if (offer->provider)
		add_provider(json, offer);
	if (!s)
		return json;
	(void)json_object_set_new(json, "file", json_string(offer->file->path));
	if (offer->file->line)
		(void)json_object_set_new(json, "line", json_integer(offer->file->line));
	if (s->web)
		(void)json_object_set_new(json, "web", json_string(s->web));
	if (s->notes)
		(void)json_object_set_new(json, "notes", json_string(s->notes));
	if (s->ended) {
		(void)json_object_set_new(json, "ended", json_string(s->ended));
		(void)json_object_set_new(json, "instead", words_json(s->instead));
	}
	return json;
}
