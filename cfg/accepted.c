/* SPDX-License-Identifier: MIT */
#include "cfg/accepted.h"

#include <stdio.h>
#include <string.h>

#include "cfg/nearest.h"
#include "cfg/settings.h"
#include "providers/apifield.h"

static const struct {
	const struct key *keys;
	const char *where;
} homes[] = {
	{keys_daemon, "[nlddns]"},
	{keys_source, "[source NAME], a record or [defaults]"},
	{keys_record, "a record or [defaults]"},
};
#define HOME_COUNT (sizeof(homes) / sizeof(homes[0]))

/* The row of a setting of a provider, its common ones included; NULL: it has none such. */
static const struct setting *find_setting(const struct provider *provider, const char *name)
{
	const struct setting *row = settings_find(provider->settings, name);

	if (!row && provider->caps & PROVIDER_HTTP)
		row = settings_find(provider_http_settings(), name);
	return row;
}

/* A provider that has such a setting. */
static const struct provider *find_owner(const char *name)
{
	const struct provider *const *at = provider_all();

	while (*at && !find_setting(*at, name))
		at++;
	return *at;
}

/* Whether some provider has such a setting. */
static bool is_owned(const char *name)
{
	return find_owner(name) || settings_find(apifield_settings, name);
}

static bool is_accepted(const struct accepted *accepted, const char *name)
{
	for (size_t i = 0; i < 2; i++)
		if (accepted->own[i] && keys_find(accepted->own[i], name))
			return true;
	if (accepted->any_provider && is_owned(name))
		return true;
	return accepted->provider && find_setting(accepted->provider, name);
}

static void offer_settings(struct nearest *nearest, const struct setting *rows)
{
	for (; rows && rows->name; rows++)
		nearest_offer(nearest, rows->name);
}

static void report_unknown(const struct accepted *accepted, const struct reader_pair *pair,
			   struct faults *faults)
{
	char hint[NEAREST_HINT_MAX];
	struct nearest nearest;

	nearest_init(&nearest, pair->key);
	for (size_t i = 0; i < 2; i++)
		for (const struct key *key = accepted->own[i]; key && key->setting.name; key++)
			nearest_offer(&nearest, key->setting.name);
	if (accepted->provider) {
		offer_settings(&nearest, accepted->provider->settings);
		if (accepted->provider->caps & PROVIDER_HTTP)
			offer_settings(&nearest, provider_http_settings());
	}
	faults_add(faults, pair->at, "unknown key `%s`%s", pair->key, nearest_hint(&nearest, hint));
}

/* A key of ours, in the wrong kind of section. */
static bool report_home(const struct reader_section *section, const struct reader_pair *pair,
			struct faults *faults)
{
	for (size_t i = 0; i < HOME_COUNT; i++) {
		if (!keys_find(homes[i].keys, pair->key))
			continue;
		faults_add(faults, pair->at, "`%s` does not belong in [%.80s]; write it in %s",
			   pair->key, section->title, homes[i].where);
		return true;
	}
	return false;
}

/* What another provider has, with those of this one, as far as they fit. */
static void report_other(const struct provider *provider, const struct reader_pair *pair,
			 struct faults *faults)
{
	char list[120];
	size_t len = 0;

	list[0] = '\0';
	for (const struct setting *row = provider->settings; row->name; row++)
		if (len + strlen(row->name) + 10 < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
						len ? ", " : "; it has ", row->name);
	faults_add(faults, pair->at, "provider %s has no `%s`%s", provider->name, pair->key, list);
}

/* A provider's setting where that provider is not. */
static bool report_owner(const struct accepted *accepted, const struct reader_pair *pair,
			 struct faults *faults)
{
	if (!is_owned(pair->key))
		return false;
	if (accepted->account)
		faults_add(faults, pair->at,
			   "`%s` belongs to the account; write it in [account %s]", pair->key,
			   accepted->account);
	else if (accepted->provider)
		report_other(accepted->provider, pair, faults);
	else
		faults_add(faults, pair->at,
			   "`%s` is a provider's setting; write it in the section that names the "
			   "provider",
			   pair->key);
	return true;
}

void accepted_check(const struct accepted *accepted, const struct reader_section *section,
		    struct faults *faults)
{
	for (size_t i = 0; i < section->n_pairs; i++) {
		const struct reader_pair *pair = &section->pairs[i];

		if (!is_accepted(accepted, pair->key) && !report_home(section, pair, faults) &&
		    !report_owner(accepted, pair, faults))
			report_unknown(accepted, pair, faults);
	}
}
