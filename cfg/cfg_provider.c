/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"
#include "cfg/catalog.h"
#include "cfg/cfg_provider.h"
#include "cfg/elsewhere.h"
#include "cfg/nearest.h"
#include "cfg/slurp.h"

/* Of the files read so far; NULL: not read yet. */
static struct cfg_service *find_read(const struct cfg *cfg, const char *name)
{
	for (size_t i = 0; i < cfg->n_services; i++)
		if (strcmp(cfg->services[i]->name, name) == 0)
			return cfg->services[i];
	return NULL;
}

/* Takes over service. */
static int keep(struct cfg *cfg, struct cfg_service *service)
{
	struct cfg_service **kept =
		array_add(&cfg->services, &cfg->n_services, sizeof(*cfg->services));

	if (!kept) {
		catalog_free(service);
		return -ENOMEM;
	}
	*kept = service;
	return 0;
}

/* A service once it is read. NULL: it cannot be used. */
static const struct provider *use(struct build *build, const struct cfg_service *service,
				  struct place at)
{
	const struct service *s = &service->service;

	if (service->provider.service)
		return &service->provider;
	if (s->ended)
		faults_add(build->faults, at,
			   "%.60s (%s) was shut down: %.40s; alternatives: %.80s", service->name,
			   s->title ? s->title : service->name, s->ended,
			   s->instead ? s->instead : "see `nlddns providers`");
	else
		faults_add(build->faults, at, "%.200s is wrong: see there", service->path);
	return NULL;
}

static const struct provider *read_entry(struct build *build, const struct catalog_entry *entry,
					 struct place at)
{
	struct cfg_service *service = NULL;
	int error = catalog_read(build->reader, entry, build->faults, &service);

	if (!error)
		error = keep(build->cfg, service);
	if (error == -ENOMEM)
		build->faults->no_memory = true;
	return error ? NULL : use(build, service, at);
}

static void report_unknown(struct build *build, const char *name, struct place at)
{
	char hint[NEAREST_HINT_MAX];
	struct nearest nearest;
	struct catalog_list list = {0};

	if (catalog_list(build->providers, &list) < 0)
		build->faults->no_memory = true;
	nearest_init(&nearest, name);
	for (const struct provider *const *p = provider_all(); *p; p++)
		nearest_offer(&nearest, (*p)->name);
	for (size_t i = 0; i < list.n; i++)
		nearest_offer(&nearest, list.entries[i].name);
	faults_add(build->faults, at, "unknown provider `%.60s`%s", name,
		   nearest.best ? nearest_hint(&nearest, hint)
				: "; `nlddns providers` lists them, and dyndns2 fits many more");
	catalog_list_done(&list);
}

/* Whether it is one of ours, or of the catalogue. */
static bool is_here(struct build *build, const char *name)
{
	struct catalog_entry entry = {0};
	bool here = provider_find(name) || catalog_find(build->providers, name, &entry) == 0;

	catalog_forget(&entry);
	return here;
}

/* NULL: faults say that there is none, and what to do instead. */
static const char *name_here(struct build *build, const char *word, struct place at)
{
	const struct elsewhere *known = elsewhere_find(word);

	if (!known)
		report_unknown(build, word, at);
	else if (is_here(build, known->name))
		return known->name;
	else
		faults_add(build->faults, at,
			   "`%.60s`: nlddns cannot update %s yet; keep the name at one of `nlddns "
			   "providers`, and make the one there a CNAME of it",
			   word, known->title);
	return NULL;
}

/* What another program calls it. */
static const struct provider *use_alias(struct build *build, const char *alias, struct place at)
{
	const struct provider *provider = NULL;
	const char *name;
	char *found = NULL;
	int error = catalog_resolve(build->providers, alias, &found);

	if (error == -ENOMEM) {
		build->faults->no_memory = true;
		return NULL;
	}
	name = found ? found : name_here(build, alias, at);
	if (name)
		provider = cfg_provider_find(build, name, at);
	if (provider)
		faults_warn(build->faults, at, "`%.60s` is called %s here: write provider = %s",
			    alias, name, name);
	free(found);
	return provider;
}

static void report_unreadable(struct build *build, int error, struct place at)
{
	char *path = NULL;

	if (error == -ENOMEM || catalog_shipped(&path) < 0)
		build->faults->no_memory = true;
	else
		faults_add(build->faults, at, "%s: %s", path, slurp_why(error));
	free(path);
}

const struct provider *cfg_provider_find(struct build *build, const char *name, struct place at)
{
	const struct provider *provider = provider_find(name);
	const struct cfg_service *service = find_read(build->cfg, name);
	struct catalog_entry entry;
	int error;

	if (provider || service)
		return provider ? provider : use(build, service, at);
	error = catalog_find(build->providers, name, &entry);
	if (error == -ENOENT || error == -EINVAL)
		return use_alias(build, name, at);
	if (error) {
		report_unreadable(build, error, at);
		return NULL;
	}
	provider = read_entry(build, &entry, at);
	catalog_forget(&entry);
	return provider;
}
