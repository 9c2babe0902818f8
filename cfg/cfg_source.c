/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_source.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/accepted.h"
#include "cfg/array.h"
#include "cfg/cfg_host.h"
#include "cfg/nearest.h"

#define INTERFACES_MAX 32
#define LINK_NAME_MAX  127 /* ALTIFNAMSIZ - 1, linux/if.h */

/* Where a key was written: in section, else in defaults, else where the section is. */
static struct place place_of(const struct build *build, const struct reader_section *section,
			     const char *key)
{
	const struct reader_pair *pair = reader_find(section, key);

	if (!pair)
		pair = reader_find(build->defaults, key);
	if (pair)
		return pair->at;
	return section ? section->at : (struct place){0};
}

static const char *check_interfaces(struct cfg_source *source)
{
	for (size_t i = 0; i < source->n_interfaces; i++) {
		const char *name = source->interfaces[i];

		if (strcmp(name, "auto") == 0 && source->n_interfaces > 1)
			return "is either auto or a list of links";
		if (strlen(name) > LINK_NAME_MAX || strchr(name, '/') || strchr(name, ':'))
			return "holds what is no name of a link";
	}
	if (source->n_interfaces > INTERFACES_MAX)
		return "lists more than 32 links";
	if (source->n_interfaces == 1 && strcmp(source->interfaces[0], "auto") == 0) {
		array_free_texts(source->interfaces, source->n_interfaces);
		source->interfaces = NULL;
		source->n_interfaces = 0;
	}
	return NULL;
}

/* Whether no bit is set behind the first len. */
static bool is_prefix(const unsigned char *bytes, size_t size, unsigned len)
{
	for (size_t bit = len; bit < size * 8; bit++)
		if (bytes[bit / 8] & 0x80 >> bit % 8)
			return false;
	return true;
}

static int read_len(const char *text, unsigned max, unsigned *ret)
{
	unsigned len = 0;

	if (!text[0] || (text[0] == '0' && text[1]) || strspn(text, "0123456789") != strlen(text) ||
	    strlen(text) > 3)
		return -EINVAL;
	for (; *text; text++)
		len = len * 10 + (unsigned)(*text - '0');
	if (len > max)
		return -EINVAL;
	*ret = len;
	return 0;
}

/* ADDRESS[/LEN], or ::SUFFIX. */
static const char *check_match(const char *match)
{
	static const char *const wrong =
		"is neither a prefix (192.0.2.0/24, 2001:db8::/48) nor a host part (::1234:5678)";
	char text[INET6_ADDRSTRLEN];
	const char *slash = strchrnul(match, '/');
	unsigned char bytes[16] = {0};
	size_t size = strchr(match, ':') ? 16 : 4;
	unsigned len = (unsigned)size * 8;

	if ((size_t)(slash - match) >= sizeof(text))
		return wrong;
	snprintf(text, sizeof(text), "%.*s", (int)(slash - match), match);
	if (inet_pton(size == 16 ? AF_INET6 : AF_INET, text, bytes) != 1)
		return wrong;
	if (*slash && read_len(slash + 1, len, &len))
		return wrong;
	if (!*slash && strncmp(match, "::", 2) == 0 && is_prefix(bytes, size, 0))
		return "needs a host part that is not all zero, such as ::1234:5678";
	return is_prefix(bytes, size, len) ? NULL : "has bits set behind its prefix length";
}

static void check(struct build *build, const struct reader_section *section,
		  struct cfg_source *source)
{
	const char *why = check_interfaces(source);
	bool given =
		reader_find(section, "settle-max") || reader_find(build->defaults, "settle-max");

	if (why)
		faults_add(build->faults, place_of(build, section, "interface"), "`interface` %s",
			   why);
	why = source->match ? check_match(source->match) : NULL;
	if (why)
		faults_add(build->faults, place_of(build, section, "match"), "`match` %s", why);
	cfg_host_settle(build, section, source);
	if (source->settle_max_ms >= source->settle_ms)
		return;
	if (given)
		faults_add(build->faults, place_of(build, section, "settle-max"),
			   "`settle-max` is less than `settle`; the longest wait cannot be the "
			   "shorter one");
	source->settle_max_ms = source->settle_ms;
}

static bool same_texts(char *const *a, size_t n_a, char *const *b, size_t n_b)
{
	for (size_t i = 0; i < n_a && i < n_b; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return n_a == n_b;
}

static bool same(const struct cfg_source *a, const struct cfg_source *b)
{
	return same_texts(a->interfaces, a->n_interfaces, b->interfaces, b->n_interfaces) &&
	       same_texts(a->allow, a->n_allow, b->allow, b->n_allow) &&
	       cfg_host_same(&a->host, &b->host) && a->select == b->select &&
	       a->ready == b->ready && a->combine == b->combine && a->settle_ms == b->settle_ms &&
	       a->settle_max_ms == b->settle_max_ms && a->failback_ms == b->failback_ms &&
	       !a->match == !b->match && (!a->match || strcmp(a->match, b->match) == 0);
}

static bool name_taken(const struct cfg *cfg, const char *name)
{
	for (size_t i = 0; i < cfg->n_sources; i++)
		if (strcmp(cfg->sources[i].name, name) == 0)
			return true;
	return false;
}

/* The list of links or "auto", and the host behind them; with a number where another source has
 * that name already. */
static char *make_name(const struct cfg *cfg, const struct cfg_source *source)
{
	const char *host = source->suffix ? source->suffix : source->mac;
	char list[512] = "", *name = NULL;
	size_t at = 0;

	for (size_t i = 0; i < source->n_interfaces && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", i ? ", " : "",
				       source->interfaces[i]);
	if (at == 0)
		at = (size_t)snprintf(list, sizeof(list), "auto");
	if (host && at < sizeof(list))
		snprintf(list + at, sizeof(list) - at, " + %s", host);
	if (asprintf(&name, "%s", list) < 0)
		return NULL;
	for (unsigned n = 2; name_taken(cfg, name); n++) {
		free(name);
		if (asprintf(&name, "%s (%u)", list, n) < 0)
			return NULL;
	}
	return name;
}

/* Moves source into cfg. BUILD_NONE: freed. */
static size_t keep(struct build *build, struct cfg_source *source, struct place at)
{
	struct cfg *cfg = build->cfg;
	struct cfg_source *kept = NULL;

	if (cfg->n_sources == CFG_SOURCES_MAX)
		faults_add(build->faults, at, "more than %d different sources", CFG_SOURCES_MAX);
	else if (source->name)
		kept = array_add(&cfg->sources, &cfg->n_sources, sizeof(*cfg->sources));
	if (cfg->n_sources < CFG_SOURCES_MAX && !kept)
		build->faults->no_memory = true;
	if (!kept) {
		cfg_source_done(source);
		return BUILD_NONE;
	}
	*kept = *source;
	return cfg->n_sources - 1;
}

void cfg_source_add_named(struct build *build, const char *name,
			  const struct reader_section *section)
{
	struct accepted accepted = {.own = {keys_source}};
	struct cfg_source source = {0};

	accepted_check(&accepted, section, build->faults);
	keys_fill(keys_source, section, build->defaults, &source, build->faults);
	check(build, section, &source);
	source.name = strdup(name);
	keep(build, &source, section->at);
}

size_t cfg_source_add(struct build *build, const struct reader_section *section)
{
	struct cfg *cfg = build->cfg;
	struct cfg_source source = {0};

	keys_fill(keys_source, section, build->defaults, &source, build->faults);
	check(build, section, &source);
	for (size_t i = build->n_named_sources; i < cfg->n_sources; i++) {
		if (same(&cfg->sources[i], &source)) {
			cfg_source_done(&source);
			return i;
		}
	}
	source.name = make_name(cfg, &source);
	return keep(build, &source, section ? section->at : (struct place){0});
}

size_t cfg_source_find(struct build *build, const char *name, struct place at)
{
	char hint[NEAREST_HINT_MAX];
	struct nearest nearest;

	nearest_init(&nearest, name);
	for (size_t i = 0; i < build->n_named_sources; i++) {
		const char *other = build->cfg->sources[i].name;

		if (strcmp(other, name) == 0) {
			build->source_used[i] = true;
			return i;
		}
		nearest_offer(&nearest, other);
	}
	faults_add(build->faults, at, "there is no [source %.60s]%s", name,
		   nearest_hint(&nearest, hint));
	return BUILD_NONE;
}

void cfg_source_done(struct cfg_source *source)
{
	keys_done(keys_source, source);
	free(source->name);
}
