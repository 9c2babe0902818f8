/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_record.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/accepted.h"
#include "cfg/array.h"
#include "cfg/cfg_account.h"
#include "cfg/cfg_provider.h"
#include "cfg/cfg_source.h"
#include "cfg/cfg_told.h"
#include "cfg/dnsname.h"
#include "cfg/duration.h"
#include "cfg/fingerprint.h"
#include "providers/scope.h"

#define DELETE_AFTER "delete after "

/* One section on its way. */
struct draft {
	struct build *build;
	const struct reader_section *section;
	struct keys_record keys;
	const struct provider *provider; /* NULL: not known */
	struct cfg_record record;        /* what all its records have in common */
};

/* The pair that counts: of section, else of defaults. */
static const struct reader_pair *find_pair(const struct draft *draft, const char *key)
{
	const struct reader_pair *pair = reader_find(draft->section, key);

	return pair ? pair : reader_find(draft->build->defaults, key);
}

/* For what is wrong with a key that may also be unset. */
static struct place place_of(const struct draft *draft, const char *key)
{
	const struct reader_pair *pair = find_pair(draft, key);

	return pair ? pair->at : draft->section->at;
}

/* Which of `account` and `provider` counts; a section's own one outranks both of defaults. NULL:
 * neither. */
static const struct reader_pair *choose_account_key(const struct draft *draft)
{
	const struct reader_section *sections[] = {draft->section, draft->build->defaults};

	for (size_t i = 0; i < 2; i++) {
		const struct reader_pair *account = reader_find(sections[i], "account");
		const struct reader_pair *provider = reader_find(sections[i], "provider");

		if (account && provider)
			faults_add(draft->build->faults, account->at,
				   "either `account` or `provider`, not both");
		if (account || provider)
			return account ? account : provider;
	}
	return NULL;
}

/* Settings of [defaults] count for records of the same provider only. */
static const struct reader_section *provider_defaults(const struct draft *draft)
{
	const struct reader_section *defaults = draft->build->defaults;
	const struct reader_pair *pair = reader_find(defaults, "provider");
	size_t len = strlen(draft->provider->name);

	if (!pair || strncmp(pair->value, draft->provider->name, len) != 0)
		return NULL;
	return strcspn(pair->value, " \t,") == len ? defaults : NULL;
}

static size_t find_account(struct draft *draft, const struct reader_pair *pair)
{
	struct build *build = draft->build;
	size_t index = cfg_account_find(build, draft->keys.account, pair->at);

	if (index != BUILD_NONE)
		draft->provider = build->cfg->accounts[index].provider;
	return index;
}

static size_t make_account(struct draft *draft, const struct reader_pair *pair, const char *name)
{
	struct build *build = draft->build;

	draft->provider = cfg_provider_find(build, draft->keys.provider, pair->at);
	if (!draft->provider)
		return BUILD_NONE;
	return cfg_account_share(build, cfg_account_add(build, name, draft->provider,
							draft->section, provider_defaults(draft)));
}

static void settle_account(struct draft *draft, const char *name)
{
	const struct reader_pair *pair = choose_account_key(draft);
	bool named = pair && strcmp(pair->key, "account") == 0;
	struct accepted accepted = {.own = {keys_record, keys_source}};
	size_t index = BUILD_NONE;

	if (!pair)
		faults_add(draft->build->faults, draft->section->at,
			   "[%.80s] needs `provider` (or `account`)", draft->section->title);
	else if (named && draft->keys.account)
		index = find_account(draft, pair);
	else if (!named && draft->keys.provider)
		index = make_account(draft, pair, name);
	draft->record.account = index;
	accepted.provider = named ? NULL : draft->provider;
	accepted.any_provider = !named && !draft->provider;
	accepted.account = named ? draft->keys.account : NULL;
	accepted_check(&accepted, draft->section, draft->build->faults);
}

/* Keys of the source in a record that uses a named one. */
static void refuse_source_keys(struct draft *draft)
{
	for (size_t i = 0; i < draft->section->n_pairs; i++) {
		const struct reader_pair *pair = &draft->section->pairs[i];

		if (keys_find(keys_source, pair->key))
			faults_add(draft->build->faults, pair->at,
				   "`%s` belongs to the source; write it in [source %.60s]",
				   pair->key, draft->keys.source);
	}
}

/* A section's own `source`, else its own `interface`, else the `source` of [defaults]. */
static void settle_source(struct draft *draft)
{
	const struct reader_pair *own = reader_find(draft->section, "source");
	const struct reader_pair *pair = find_pair(draft, "source");

	if (!draft->keys.source || (!own && reader_find(draft->section, "interface"))) {
		draft->record.source = cfg_source_add(draft->build, draft->section);
		return;
	}
	refuse_source_keys(draft);
	draft->record.source = cfg_source_find(draft->build, draft->keys.source, pair->at);
}

static void settle_bind(struct draft *draft)
{
	const char *bind = draft->keys.bind;
	struct place at = place_of(draft, "bind");

	draft->record.bind = CFG_BIND_SOURCE;
	if (!bind || strcmp(bind, "source") == 0)
		return;
	if (strcmp(bind, "none") == 0) {
		draft->record.bind = CFG_BIND_NONE;
	} else if (strlen(bind) >= IF_NAMESIZE || strpbrk(bind, " /:*?[")) {
		faults_add(draft->build->faults, at,
			   "`bind` is source, none, or the name of one link");
	} else {
		draft->record.bind = CFG_BIND_LINK;
		draft->record.bind_link = draft->keys.bind;
	}
}

static void settle_loss(struct draft *draft)
{
	const char *text = draft->keys.on_loss;
	size_t len = strlen(DELETE_AFTER);
	struct place at = place_of(draft, "on-loss");

	draft->record.on_loss_ms = -1;
	if (!text || strcmp(text, "keep") == 0)
		return;
	if (strncmp(text, DELETE_AFTER, len) != 0 ||
	    duration_parse(text + len, &draft->record.on_loss_ms))
		faults_add(draft->build->faults, at,
			   "`on-loss` is keep, or delete after DURATION, such as delete after 10m");
	else if (draft->provider && !(draft->provider->caps & PROVIDER_CAN_DELETE))
		faults_add(draft->build->faults, at,
			   "provider %s cannot delete records; write on-loss = keep",
			   draft->provider->name);
}

static void settle_stop(struct draft *draft)
{
	draft->record.on_stop = draft->keys.on_stop;
	if (draft->record.on_stop == CFG_STOP_DELETE && draft->provider &&
	    !(draft->provider->caps & PROVIDER_CAN_DELETE))
		faults_add(draft->build->faults, place_of(draft, "on-stop"),
			   "provider %s cannot delete records; write on-stop = keep",
			   draft->provider->name);
}

/* What its provider cannot do is refused where the section itself asks for it, and left out where
 * [defaults] ask for it of all. */
static void settle_ttl(struct draft *draft)
{
	const struct reader_pair *own = reader_find(draft->section, "ttl");

	draft->record.ttl = draft->keys.ttl;
	if (!draft->provider || draft->provider->caps & PROVIDER_SETS_TTL)
		return;
	draft->record.ttl = 0;
	if (own)
		faults_add(draft->build->faults, own->at,
			   "provider %s cannot set a ttl; leave it out", draft->provider->name);
}

/* Another host of the LAN has an IPv6 address by its prefix, and nothing of the kind for IPv4. */
static void check_family(struct draft *draft)
{
	const struct build *build = draft->build;
	const struct cfg_source *source;

	if (draft->record.source == BUILD_NONE || draft->keys.family == KEYS_FAMILY_IPV6)
		return;
	source = &build->cfg->sources[draft->record.source];
	if (source->host.prefix_max == 0)
		return;
	faults_add(build->faults, place_of(draft, "family"),
		   "[%.80s] needs family = ipv6, as `%s` makes no IPv4 address",
		   draft->section->title, source->suffix ? "suffix" : "mac");
}

static void check_combine(struct draft *draft)
{
	const struct build *build = draft->build;
	size_t source = draft->record.source;

	if (source == BUILD_NONE || !draft->provider ||
	    draft->provider->caps & PROVIDER_MANY_ADDRS ||
	    build->cfg->sources[source].combine == CFG_COMBINE_FIRST)
		return;
	faults_add(build->faults, draft->section->at,
		   "combine = all: provider %s keeps one address a name; use a source with "
		   "combine = first",
		   draft->provider->name);
}

static void settle_told(struct draft *draft)
{
	struct cfg_told_places places = {place_of(draft, "hook"), place_of(draft, "notify")};

	cfg_told_read(draft->build, &draft->keys, &places, &draft->record.told);
}

/* Of provider none nothing comes but what is told. */
static void check_purpose(struct draft *draft)
{
	if (draft->provider && strcmp(draft->provider->name, "none") == 0 &&
	    draft->record.told.n_hook == 0 && draft->keys.n_notify == 0)
		faults_warn(draft->build->faults, draft->section->at,
			    "[%.80s] does nothing: provider none is for records with `hook` or "
			    "`notify`",
			    draft->section->title);
}

static void settle_times(struct draft *draft)
{
	const struct limits *limits = draft->provider ? &draft->provider->limits : NULL;

	draft->record.refresh_ms = draft->keys.refresh_ms;
	if (draft->record.refresh_ms < 0 && limits)
		draft->record.refresh_ms = limits->refresh_ms;
	draft->record.hold_down_ms = draft->keys.hold_down_ms;
	draft->record.failing_after_ms = draft->keys.failing_after_ms;
	draft->record.verify = draft->keys.verify;
	draft->record.min_interval_ms = draft->keys.min_interval_ms;
	if (draft->record.min_interval_ms < 0 && limits)
		draft->record.min_interval_ms = limits->min_interval_ms;
}

static int copy_record(struct cfg *cfg, const struct cfg_record *from, const char *name)
{
	struct cfg_record copy = *from, *record = NULL;

	copy.name = strdup(name);
	copy.bind_link = from->bind_link ? strdup(from->bind_link) : NULL;
	copy.told = (struct cfg_told){0};
	if (copy.name && !copy.bind_link == !from->bind_link &&
	    !cfg_told_copy(&from->told, &copy.told))
		record = array_add(&cfg->records, &cfg->n_records, sizeof(*cfg->records));
	if (!record) {
		cfg_record_done(&copy);
		return -ENOMEM;
	}
	*record = copy;
	if (record->account == BUILD_NONE || record->source == BUILD_NONE)
		return 0;
	record->fingerprint = fingerprint_record(cfg, record);
	if (cfg->accounts[record->account].fingerprint == 0)
		cfg->accounts[record->account].fingerprint = record->fingerprint;
	return 0;
}

static void add_type(struct draft *draft, const char *name, enum record_type type, struct place at)
{
	struct build *build = draft->build;
	struct cfg *cfg = build->cfg;
	size_t i;

	if (names_find(&build->records[type], name, &i)) {
		const struct cfg_record *other = &cfg->records[i];

		faults_add(build->faults, at, "%s %s is already kept by %s:%d", name,
			   type == RECORD_TYPE_A ? "A" : "AAAA", other->file, other->line);
		return;
	}
	if (cfg->n_records == CFG_RECORDS_MAX) {
		faults_add(build->faults, at, "more than %d records", CFG_RECORDS_MAX);
		return;
	}
	draft->record.type = type;
	i = cfg->n_records;
	if (copy_record(cfg, &draft->record, name) ||
	    names_add(&build->records[type], cfg->records[i].name, i))
		build->faults->no_memory = true;
}

/* The provider and its values. */
static struct job job_of(const struct draft *draft)
{
	struct job job = {.provider = draft->provider};

	if (draft->record.account != BUILD_NONE) {
		const struct cfg_account *account =
			&draft->build->cfg->accounts[draft->record.account];

		job.values = account->values;
		job.n_values = account->n_values;
	}
	return job;
}

/* A setting that records of this type need and that is not there; NULL: none. */
static const char *find_lacking(const struct draft *draft, enum record_type type)
{
	const struct service *service = draft->provider ? draft->provider->service : NULL;
	struct job job = job_of(draft);

	if (!service || draft->record.account == BUILD_NONE || !service_sets(service, type))
		return NULL;
	return service_lacks(service, type, &job);
}

/* That a setting which records of this type need is not there is a fault if the person asked for
 * them, or if there would be no record at all. */
static void check_lacking(const struct draft *draft, const char *setting, enum record_type type,
			  struct place at)
{
	bool ipv4 = type == RECORD_TYPE_A;
	enum record_type other = ipv4 ? RECORD_TYPE_AAAA : RECORD_TYPE_A;

	if (find_pair(draft, "family") || find_lacking(draft, other) ||
	    !service_sets(draft->provider->service, other))
		faults_add(draft->build->faults, at, "needs `%s` for %s addresses", setting,
			   ipv4 ? "IPv4" : "IPv6");
}

/* Whether there is to be a record of this type: not where the provider has none such, which is a
 * fault only if the person asked for it. */
static bool wants_type(const struct draft *draft, enum record_type type, struct place at)
{
	bool ipv4 = type == RECORD_TYPE_A;
	unsigned missing = ipv4 ? PROVIDER_NO_IPV4 : PROVIDER_NO_IPV6;
	const char *lacking = find_lacking(draft, type);

	if (draft->keys.family == (ipv4 ? KEYS_FAMILY_IPV6 : KEYS_FAMILY_IPV4))
		return false;
	if (lacking)
		check_lacking(draft, lacking, type, at);
	if (!draft->provider || !(draft->provider->caps & missing))
		return !lacking;
	if (find_pair(draft, "family"))
		faults_add(draft->build->faults, at,
			   "provider %s has no %s addresses; write family = %s",
			   draft->provider->name, ipv4 ? "IPv4" : "IPv6", ipv4 ? "ipv6" : "ipv4");
	return false;
}

/* What its provider cannot do for a name. */
static void check_name(const struct draft *draft, const char *name, struct place at)
{
	const struct provider *provider = draft->provider;
	struct job job = job_of(draft);
	struct span zone;

	if (!provider || draft->record.account == BUILD_NONE)
		return;
	if (name[0] == '*' && provider->caps & PROVIDER_NO_WILDCARD)
		faults_add(draft->build->faults, at, "provider %s takes no names with *",
			   provider->name);
	if (provider->service && service_is_zoned(provider->service) &&
	    (provider->service->zone || provider_value(&job, "zone")) &&
	    !scope_zone(provider->service, &job, name, &zone))
		faults_add(draft->build->faults, at, "%s is not in `zone` (%.80s)", name,
			   service_is_told_zone(provider->service) ? provider_value(&job, "zone")
								   : provider->service->zone);
}

static void add_name(struct draft *draft, const char *name, struct place at)
{
	check_name(draft, name, at);
	for (unsigned type = 0; type < RECORD_TYPE_COUNT; type++)
		if (wants_type(draft, (enum record_type)type, at))
			add_type(draft, name, (enum record_type)type, at);
}

static void add_names(struct draft *draft)
{
	for (size_t i = 0; i < draft->keys.n_names; i++) {
		struct place at = place_of(draft, "names");
		char name[DNS_NAME_MAX];
		const char *why = NULL;

		if (dnsname_parse(draft->keys.names[i], name, &why))
			faults_add(draft->build->faults, at, "`names`: `%.80s` %s",
				   draft->keys.names[i], why);
		else
			add_name(draft, name, at);
	}
}

void cfg_record_add(struct build *build, const char *name, const struct reader_section *section)
{
	struct draft draft = {.build = build, .section = section};

	draft.keys.refresh_ms = draft.keys.min_interval_ms = -1;
	draft.record.file = build->cfg->files[section->at.file];
	draft.record.line = section->at.line;
	keys_fill(keys_record, section, build->defaults, &draft.keys, build->faults);
	settle_account(&draft, name);
	settle_source(&draft);
	settle_bind(&draft);
	settle_loss(&draft);
	settle_stop(&draft);
	settle_ttl(&draft);
	settle_times(&draft);
	settle_told(&draft);
	check_purpose(&draft);
	check_combine(&draft);
	check_family(&draft);
	add_name(&draft, name, section->at);
	add_names(&draft);
	cfg_told_done(&draft.record.told);
	keys_done(keys_record, &draft.keys);
}

void cfg_record_check_defaults(struct build *build)
{
	const struct reader_section *defaults = build->defaults;
	const struct reader_pair *names = reader_find(defaults, "names");
	struct draft draft = {.build = build, .section = defaults};
	struct accepted accepted = {.own = {keys_record, keys_source}};
	struct cfg_source source = {0};

	if (!defaults)
		return;
	if (names)
		faults_add(build->faults, names->at,
			   "`names` does not belong in [defaults]; write it in a record");
	keys_fill(keys_record, defaults, NULL, &draft.keys, build->faults);
	keys_fill(keys_source, defaults, NULL, &source, build->faults);
	choose_account_key(&draft);
	if (draft.keys.provider)
		accepted.provider = cfg_provider_find(build, draft.keys.provider,
						      reader_find(defaults, "provider")->at);
	accepted.any_provider = draft.keys.provider && !accepted.provider;
	accepted_check(&accepted, defaults, build->faults);
	settle_bind(&draft);
	settle_loss(&draft);
	settle_told(&draft);
	cfg_told_done(&draft.record.told);
	keys_done(keys_source, &source);
	keys_done(keys_record, &draft.keys);
}

void cfg_record_done(struct cfg_record *record)
{
	free(record->name);
	free(record->bind_link);
	cfg_told_done(&record->told);
}
