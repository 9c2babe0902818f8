/* SPDX-License-Identifier: MIT */
#include "cfg/keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"
#include "cfg/places.h"
#include "cfg/settings.h"

#define SECOND_MS 1000
#define HOUR_MS   (3600 * SECOND_MS)
#define DAY_MS    (INT64_C(24) * HOUR_MS)
#define YEAR_MS   (366 * DAY_MS)

const struct key keys_daemon[] = {
	/* Where the state is kept over restarts. */
	{.setting = {.name = "state-dir", .type = SETTING_PATH, .preset = PLACES_STATE},
	 .offset = offsetof(struct cfg_daemon, state_dir)},
	/* The socket that the command nlddns talks to. */
	{.setting = {.name = "control", .type = SETTING_PATH, .preset = PLACES_RUN "/control"},
	 .offset = offsetof(struct cfg_daemon, control)},
	/* The user to become when started as root; unset: none other. */
	{.setting = {.name = "user", .type = SETTING_LIST},
	 .offset = offsetof(struct cfg_daemon, user)},
	/* Keep nlddns-updater running while there is nothing to do. */
	{.setting = {.name = "keep-updater", .type = SETTING_BOOL, .preset = "no"},
	 .offset = offsetof(struct cfg_daemon, keep_updater)},
	/* How long nlddns-updater waits for more work before it ends. */
	{.setting = {.name = "updater-idle",
		     .type = SETTING_DURATION,
		     .min = SECOND_MS,
		     .max = DAY_MS,
		     .preset = "30s"},
	 .offset = offsetof(struct cfg_daemon, updater_idle_ms)},
	/* How often the kernel is asked without its having told of a change. */
	{.setting = {.name = "recheck",
		     .type = SETTING_DURATION,
		     .min = 10 * SECOND_MS,
		     .max = 7 * DAY_MS,
		     .preset = "1h"},
	 .offset = offsetof(struct cfg_daemon, recheck_ms)},
	/* The least important messages to log. */
	{.setting = {.name = "log-level",
		     .type = SETTING_CHOICE,
		     .choices = "error warn info debug",
		     .preset = "info"},
	 .offset = offsetof(struct cfg_daemon, log_level)},
	/* Where metrics are kept for a monitoring system to read; unset: nowhere. */
	{.setting = {.name = "metrics-file", .type = SETTING_PATH},
	 .offset = offsetof(struct cfg_daemon, metrics_file)},
	/* Accept files with secrets, whoever may read them. */
	{.setting = {.name = "insecure-permissions", .type = SETTING_BOOL, .preset = "no"},
	 .offset = offsetof(struct cfg_daemon, insecure_permissions)},
	{.setting = {.name = NULL}},
};

const struct key keys_source[] = {
	/* Links by name or glob, best first; unset or auto: the one that the default route leaves
	   by. */
	{.setting = {.name = "interface", .type = SETTING_LIST},
	 .offset = offsetof(struct cfg_source, interfaces),
	 .n_offset = offsetof(struct cfg_source, n_interfaces)},
	/* Which kind of IPv6 address to prefer. */
	{.setting = {.name = "ipv6-select",
		     .type = SETTING_CHOICE,
		     .choices = "stable temporary dhcp eui64",
		     .preset = "stable"},
	 .offset = offsetof(struct cfg_source, select)},
	/* Only addresses of this prefix (192.0.2.0/24), or with this IPv6 host part (::1234:5678).
	 */
	{.setting = {.name = "match", .type = SETTING_LIST},
	 .offset = offsetof(struct cfg_source, match)},
	/* Publish another host of the LAN: this host part (::1234:5678) behind the prefix that the
	   interface has. */
	{.setting = {.name = "suffix", .type = SETTING_LIST},
	 .offset = offsetof(struct cfg_source, suffix)},
	/* The same, with the host part that a host makes of its MAC address. */
	{.setting = {.name = "mac", .type = SETTING_LIST},
	 .offset = offsetof(struct cfg_source, mac)},
	/* Kinds of addresses to publish although they are not global. */
	{.setting = {.name = "allow",
		     .type = SETTING_LIST,
		     .choices = "private cgnat ula documentation loopback link-local benchmark "
				"6to4 teredo mapped reserved multicast unspecified"},
	 .offset = offsetof(struct cfg_source, allow),
	 .n_offset = offsetof(struct cfg_source, n_allow)},
	/* Publish when the default route leaves by that link, or as soon as there is an address
	   (preset with suffix and mac). */
	{.setting = {.name = "ready",
		     .type = SETTING_CHOICE,
		     .choices = "route address",
		     .preset = "route"},
	 .offset = offsetof(struct cfg_source, ready)},
	/* Publish the address of the first link that is ready, or those of all. */
	{.setting = {.name = "combine",
		     .type = SETTING_CHOICE,
		     .choices = "first all",
		     .preset = "first"},
	 .offset = offsetof(struct cfg_source, combine)},
	/* How long an address must have been quiet before it is published. */
	{.setting = {.name = "settle", .type = SETTING_DURATION, .max = HOUR_MS, .preset = "50ms"},
	 .offset = offsetof(struct cfg_source, settle_ms)},
	/* How long a link listed earlier must be ready again before its address replaces that of a
	   later one. */
	{.setting = {.name = "failback", .type = SETTING_DURATION, .max = DAY_MS, .preset = "30s"},
	 .offset = offsetof(struct cfg_source, failback_ms)},
	/* The longest to wait for quiet; never less than settle. */
	{.setting =
		 {.name = "settle-max", .type = SETTING_DURATION, .max = HOUR_MS, .preset = "1s"},
	 .offset = offsetof(struct cfg_source, settle_max_ms)},
	{.setting = {.name = NULL}},
};

const struct key keys_record[] = {
	/* The provider that serves the name. */
	{.setting = {.name = "provider", .type = SETTING_LIST},
	 .offset = offsetof(struct keys_record, provider)},
	/* The [account NAME] that holds provider and credentials. */
	{.setting = {.name = "account", .type = SETTING_LIST},
	 .offset = offsetof(struct keys_record, account)},
	/* The [source NAME] that the addresses come from. */
	{.setting = {.name = "source", .type = SETTING_LIST},
	 .offset = offsetof(struct keys_record, source)},
	/* More names to keep in the same way. */
	{.setting = {.name = "names", .type = SETTING_LIST},
	 .offset = offsetof(struct keys_record, names),
	 .n_offset = offsetof(struct keys_record, n_names)},
	/* Which addresses to publish: A, AAAA, or both. */
	{.setting = {.name = "family",
		     .type = SETTING_CHOICE,
		     .choices = "both ipv4 ipv6",
		     .preset = "both"},
	 .offset = offsetof(struct keys_record, family)},
	/* Seconds that others may cache the record; unset: the provider's own. */
	{.setting = {.name = "ttl", .type = SETTING_NUMBER, .min = 1, .max = 604800},
	 .offset = offsetof(struct keys_record, ttl)},
	/* Send a confirmed address again after this time; 0: never; unset: as the provider needs.
	 */
	{.setting = {.name = "refresh", .type = SETTING_DURATION, .max = YEAR_MS},
	 .offset = offsetof(struct keys_record, refresh_ms)},
	/* The least time between two requests; unset: as the provider asks. */
	{.setting = {.name = "min-interval", .type = SETTING_DURATION, .max = 30 * DAY_MS},
	 .offset = offsetof(struct keys_record, min_interval_ms)},
	/* The longest that the next change waits while changes come too often; 0: none waits. */
	{.setting =
		 {.name = "hold-down", .type = SETTING_DURATION, .max = HOUR_MS, .preset = "60s"},
	 .offset = offsetof(struct keys_record, hold_down_ms)},
	/* When the address is gone: keep the record, or delete after DURATION. */
	{.setting = {.name = "on-loss", .type = SETTING_LIST, .preset = "keep"},
	 .offset = offsetof(struct keys_record, on_loss)},
	/* How long an address may be unconfirmed before that is told as failing; 0: it is never
	   told. */
	{.setting = {.name = "failing-after",
		     .type = SETTING_DURATION,
		     .max = 30 * DAY_MS,
		     .preset = "5m"},
	 .offset = offsetof(struct keys_record, failing_after_ms)},
	/* When nlddnsd is stopped: keep the record, or delete it first. */
	{.setting = {.name = "on-stop",
		     .type = SETTING_CHOICE,
		     .choices = "keep delete",
		     .preset = "keep"},
	 .offset = offsetof(struct keys_record, on_stop)},
	/* Look now and then whether the name still has the address: never, or slow: every six
	   hours. */
	{.setting = {.name = "verify",
		     .type = SETTING_CHOICE,
		     .choices = "never slow",
		     .preset = "never"},
	 .offset = offsetof(struct keys_record, verify)},
	/* The link that requests leave by: a name, none, or source: that of the address, where
	   interface names it. */
	{.setting = {.name = "bind", .type = SETTING_LIST, .preset = "source"},
	 .offset = offsetof(struct keys_record, bind)},
	/* A program to run when something happens to the record, and its arguments. */
	{.setting = {.name = "hook", .type = SETTING_LIST},
	 .offset = offsetof(struct keys_record, hook),
	 .n_offset = offsetof(struct keys_record, n_hook)},
	/* How long it may take before it is ended. */
	{.setting = {.name = "hook-timeout",
		     .type = SETTING_DURATION,
		     .min = SECOND_MS,
		     .max = HOUR_MS,
		     .preset = "30s"},
	 .offset = offsetof(struct keys_record, hook_timeout_ms)},
	/* Up to 4 URLs to send the same to, as JSON; each written out, or as file:PATH, env:NAME or
	   cred:NAME. */
	{.setting = {.name = "notify", .type = SETTING_LIST},
	 .offset = offsetof(struct keys_record, notify),
	 .n_offset = offsetof(struct keys_record, n_notify)},
	/* Allow http:// in notify, which shows it to everyone on the way. */
	{.setting = {.name = "allow-plaintext", .type = SETTING_BOOL, .preset = "no"},
	 .offset = offsetof(struct keys_record, allow_plaintext)},
	{.setting = {.name = NULL}},
};

/* The enums are stored through unsigned. */
_Static_assert(sizeof(enum cfg_log_level) == sizeof(unsigned) &&
		       sizeof(enum keys_family) == sizeof(unsigned),
	       "an enum is as large as unsigned");

static void put_text(char *field, struct settings_value *value)
{
	memcpy(field, &value->text, sizeof(value->text));
	value->text = NULL;
}

static void put_list(const struct key *key, char *target, struct settings_value *value)
{
	if (key->n_offset == 0) {
		put_text(target + key->offset, value);
		return;
	}
	memcpy(target + key->offset, &value->list, sizeof(value->list));
	memcpy(target + key->n_offset, &value->n, sizeof(value->n));
	value->list = NULL;
	value->n = 0;
}

/* Moves the value into its field. */
static void put(const struct key *key, char *target, struct settings_value *value)
{
	char *field = target + key->offset;
	unsigned number = (unsigned)value->number;
	bool yes = value->number;

	switch (key->setting.type) {
	case SETTING_TEXT:
	case SETTING_SECRET:
	case SETTING_URL:
	case SETTING_PATH:
	case SETTING_HOST:
		put_text(field, value);
		break;
	case SETTING_NUMBER:
	case SETTING_CHOICE:
		memcpy(field, &number, sizeof(number));
		break;
	case SETTING_DURATION:
		memcpy(field, &value->number, sizeof(value->number));
		break;
	case SETTING_BOOL:
		memcpy(field, &yes, sizeof(yes));
		break;
	case SETTING_LIST:
		put_list(key, target, value);
		break;
	}
}

static int fill(const struct key *key, const char *text, void *target, char *why)
{
	struct settings_value value = {0};
	int error = settings_parse(&key->setting, text, false, &value, why);

	if (error)
		return error;
	put(key, target, &value);
	settings_done(&value);
	return 0;
}

static bool owns(const struct key *key)
{
	switch (key->setting.type) {
	case SETTING_TEXT:
	case SETTING_SECRET:
	case SETTING_URL:
	case SETTING_PATH:
	case SETTING_HOST:
	case SETTING_LIST:
		return true;
	case SETTING_NUMBER:
	case SETTING_CHOICE:
	case SETTING_DURATION:
	case SETTING_BOOL:
		return false;
	}
	return false;
}

const struct key *keys_find(const struct key *keys, const char *name)
{
	for (; keys->setting.name; keys++)
		if (strcmp(keys->setting.name, name) == 0)
			return keys;
	return NULL;
}

void keys_fill(const struct key *keys, const struct reader_section *section,
	       const struct reader_section *defaults, void *target, struct faults *faults)
{
	char why[SETTINGS_WHY_MAX];

	for (const struct key *key = keys; key->setting.name; key++) {
		const struct reader_pair *pair = reader_find(section, key->setting.name);
		int error = -EINVAL;

		if (!pair)
			pair = reader_find(defaults, key->setting.name);
		if (pair)
			error = fill(key, pair->value, target, why);
		if (pair && error == -EINVAL)
			faults_add(faults, pair->at, "%s", why);
		if (error == -EINVAL && key->setting.preset)
			error = fill(key, key->setting.preset, target, why);
		if (error == -ENOMEM)
			faults->no_memory = true;
	}
}

void keys_done(const struct key *keys, void *target)
{
	for (; keys->setting.name; keys++) {
		void *owned;
		size_t n;

		if (!owns(keys))
			continue;
		memcpy(&owned, (char *)target + keys->offset, sizeof(owned));
		if (keys->n_offset == 0) {
			free(owned);
			continue;
		}
		memcpy(&n, (char *)target + keys->n_offset, sizeof(n));
		array_free_texts(owned, n);
	}
}
