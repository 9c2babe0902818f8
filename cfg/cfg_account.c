/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_account.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/accepted.h"
#include "cfg/array.h"
#include "cfg/fingerprint.h"
#include "cfg/cfg_provider.h"
#include "cfg/nearest.h"
#include "cfg/secret.h"
#include "cfg/settings.h"
#include "providers/service.h"

/* An account while it is filled. */
struct filling {
	struct build *build;
	struct cfg_account *account;
	const struct reader_section *section, *defaults;
	bool plaintext;
};

static const struct reader_pair *find_pair(const struct filling *filling, const char *key)
{
	const struct reader_pair *pair = reader_find(filling->section, key);

	return pair ? pair : reader_find(filling->defaults, key);
}

/* The configuration itself must be as private as a secret written in it. */
static void check_literal(const struct filling *filling, const struct reader_pair *pair)
{
	const struct reader_file *file = &filling->build->reader->files[pair->at.file];
	struct place at = {.file = pair->at.file};

	if (filling->build->cfg->daemon.insecure_permissions ||
	    !secret_exposed(file->mode, file->owner))
		return;
	faults_add(filling->build->faults, at,
		   "others may read this file (mode %04o), and it holds a secret: run `chmod %s "
		   "%.80s`, or keep secrets in files of their own (file:PATH)",
		   (unsigned)file->mode, secret_mode(file->owner), file->path);
}

static int read_secret(const struct filling *filling, const struct reader_pair *pair,
		       struct settings_value *value)
{
	bool insecure = filling->build->cfg->daemon.insecure_permissions;
	char why[SECRET_WHY_MAX];
	char *secret = NULL;
	int error;

	if (secret_literal(value->text))
		check_literal(filling, pair);
	error = secret_read(value->text, insecure, &secret, why);
	if (error) {
		faults_add(filling->build->faults, pair->at, "`%s`: %s", pair->key, why);
		return error;
	}
	secret_free(value->text);
	value->text = secret;
	return 0;
}

/* Moves the text into the account. */
static int keep(struct cfg_account *account, const char *name, struct settings_value *value)
{
	struct value *kept = array_add(&account->values, &account->n_values, sizeof(*kept));

	if (!kept)
		return -ENOMEM;
	kept->name = name;
	kept->text = value->text;
	value->text = NULL;
	return 0;
}

static void fill_row(struct filling *filling, const struct setting *row)
{
	const struct reader_pair *pair = find_pair(filling, row->name);
	const char *text = pair ? pair->value : row->preset;
	struct faults *faults = filling->build->faults;
	struct settings_value value = {0};
	char why[SETTINGS_WHY_MAX];
	int error;

	if (!text) {
		if (row->required)
			faults_add(faults, filling->section->at, "[%.80s] needs `%s` (%s)",
				   filling->section->title, row->name, row->help ? row->help : "");
		return;
	}
	error = settings_parse(row, text, filling->plaintext, &value, why);
	if (error == -EINVAL && pair)
		faults_add(faults, pair->at, "%s", why);
	if (!error && pair && row->type == SETTING_SECRET)
		error = read_secret(filling, pair, &value);
	if (!error)
		error = keep(filling->account, row->name, &value);
	if (error == -ENOMEM)
		faults->no_memory = true;
	settings_done(&value);
}

static bool wants_plaintext(const struct filling *filling)
{
	const struct reader_pair *pair = find_pair(filling, "allow-plaintext");
	const struct setting *row = settings_find(provider_http_settings(), "allow-plaintext");
	struct settings_value value = {0};
	char why[SETTINGS_WHY_MAX];
	bool yes;

	if (!pair || !row || settings_parse(row, pair->value, false, &value, why))
		return false;
	yes = value.number;
	settings_done(&value);
	return yes;
}

/* What the provider itself has to say of its values; missing ones were reported before. */
static void check_together(const struct filling *filling)
{
	const struct cfg_account *account = filling->account;
	struct job job = {.provider = account->provider,
			  .values = account->values,
			  .n_values = account->n_values};
	const struct reader_pair *pair;
	char why[SERVICE_WHY_MAX];
	const char *key;

	if (!account->provider->check || filling->build->faults->fatal)
		return;
	key = account->provider->check(&job, why);
	if (!key)
		return;
	pair = find_pair(filling, key);
	faults_add(filling->build->faults, pair ? pair->at : filling->section->at, "`%s` %s", key,
		   why);
}

size_t cfg_account_add(struct build *build, const char *name, const struct provider *provider,
		       const struct reader_section *section, const struct reader_section *defaults)
{
	struct cfg *cfg = build->cfg;
	struct filling filling = {.build = build, .section = section, .defaults = defaults};
	bool http = provider->caps & PROVIDER_HTTP;
	char *own_name = strdup(name);

	if (own_name)
		filling.account =
			array_add(&cfg->accounts, &cfg->n_accounts, sizeof(*cfg->accounts));
	if (!filling.account) {
		build->faults->no_memory = true;
		free(own_name);
		return BUILD_NONE;
	}
	filling.account->provider = provider;
	filling.account->name = own_name;
	filling.plaintext = http && wants_plaintext(&filling);
	filling.account->allow_plaintext = filling.plaintext;
	for (const struct setting *row = provider->settings; row && row->name; row++)
		fill_row(&filling, row);
	for (const struct setting *row = provider_http_settings(); http && row->name; row++)
		fill_row(&filling, row);
	check_together(&filling);
	filling.account->identity = fingerprint_account(filling.account);
	return cfg->n_accounts - 1;
}

static bool same_account(const struct cfg_account *a, const struct cfg_account *b)
{
	if (a->identity != b->identity || a->n_values != b->n_values)
		return false;
	for (size_t i = 0; i < a->n_values; i++)
		if (strcmp(a->values[i].text, b->values[i].text) != 0)
			return false;
	return true;
}

size_t cfg_account_share(struct build *build, size_t last)
{
	struct cfg *cfg = build->cfg;

	for (size_t i = build->n_named_accounts; last != BUILD_NONE && i < last; i++) {
		if (!same_account(&cfg->accounts[i], &cfg->accounts[last]))
			continue;
		cfg_account_done(&cfg->accounts[last]);
		cfg->n_accounts--;
		return i;
	}
	return last;
}

static const struct key named_keys[] = {
	{.setting = {.name = "provider", .type = SETTING_LIST, .help = ""},
	 .offset = offsetof(struct keys_record, provider)},
	{.setting = {.name = NULL}},
};

void cfg_account_add_named(struct build *build, const char *name,
			   const struct reader_section *section)
{
	struct accepted accepted = {.own = {named_keys}};
	const struct reader_pair *pair = reader_find(section, "provider");
	struct keys_record keys = {0};

	keys_fill(named_keys, section, NULL, &keys, build->faults);
	if (!pair)
		faults_add(build->faults, section->at, "[%s] needs `provider`", section->title);
	if (pair && keys.provider)
		accepted.provider = cfg_provider_find(build, keys.provider, pair->at);
	accepted.any_provider = !accepted.provider;
	accepted_check(&accepted, section, build->faults);
	if (accepted.provider)
		cfg_account_add(build, name, accepted.provider, section, NULL);
	keys_done(named_keys, &keys);
}

/* Whether it is there, but wrong: that has been said. */
static bool is_written(const struct reader *reader, const char *name)
{
	static const char word[] = "account ";

	for (size_t i = 0; i < reader->n_sections; i++) {
		const char *title = reader->sections[i].title;

		if (strncmp(title, word, sizeof(word) - 1) == 0 &&
		    strcmp(title + sizeof(word) - 1, name) == 0)
			return true;
	}
	return false;
}

size_t cfg_account_find(struct build *build, const char *name, struct place at)
{
	char hint[NEAREST_HINT_MAX];
	struct nearest nearest;
	size_t i;

	if (names_find(&build->accounts, name, &i)) {
		build->account_used[i] = true;
		return i;
	}
	nearest_init(&nearest, name);
	for (i = 0; i < build->n_named_accounts; i++)
		nearest_offer(&nearest, build->cfg->accounts[i].name);
	if (!is_written(build->reader, name))
		faults_add(build->faults, at, "there is no [account %.60s]%s", name,
			   nearest_hint(&nearest, hint));
	return BUILD_NONE;
}

void cfg_account_done(struct cfg_account *account)
{
	for (size_t i = 0; i < account->n_values; i++) {
		char *text;

		/* Owned here, though const to providers. */
		memcpy(&text, &account->values[i].text, sizeof(text));
		secret_free(text);
	}
	free(account->values);
	free(account->name);
}
