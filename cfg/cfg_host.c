/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_host.h"

#include <stdlib.h>
#include <string.h>

#include "cfg/lanhost.h"

/* Which of `suffix` and `mac` counts; a section's own one outranks both of defaults. NULL: neither.
 */
static const struct reader_pair *choose_host_key(struct build *build,
						 const struct reader_section *section)
{
	const struct reader_section *sections[] = {section, build->defaults};

	for (size_t i = 0; i < 2; i++) {
		const struct reader_pair *suffix = reader_find(sections[i], "suffix");
		const struct reader_pair *mac = reader_find(sections[i], "mac");

		if (suffix && mac)
			faults_add(build->faults, mac->at, "either `suffix` or `mac`, not both");
		if (suffix || mac)
			return suffix ? suffix : mac;
	}
	return NULL;
}

/* Whether a match says anything of the prefix that another host gets. */
static bool is_of_prefix(const char *match)
{
	return strchr(match, ':') && (strncmp(match, "::", 2) != 0 || strchr(match, '/'));
}

/* What chooses among a link's addresses by more than their prefix is refused where the section
 * itself says it, and left out where [defaults] say it of all. */
static void check_choice(struct build *build, const struct reader_section *section,
			 struct cfg_source *source, const char *key)
{
	const struct reader_pair *match = reader_find(section, "match");
	const struct reader_pair *select = reader_find(section, "ipv6-select");

	if (source->match && !is_of_prefix(source->match)) {
		if (match)
			faults_add(build->faults, match->at,
				   "`match` beside `%s` is the IPv6 prefix to use, such as "
				   "2001:db8::/32",
				   key);
		free(source->match);
		source->match = NULL;
	}
	if (source->select != CFG_SELECT_STABLE && select)
		faults_add(build->faults, select->at,
			   "`ipv6-select` chooses among this machine's own addresses; of these, "
			   "`%s` uses the prefix alone: leave it out",
			   key);
	source->select = CFG_SELECT_STABLE;
}

void cfg_host_settle(struct build *build, const struct reader_section *section,
		     struct cfg_source *source)
{
	const struct reader_pair *pair = choose_host_key(build, section);
	bool by_mac = pair && strcmp(pair->key, "mac") == 0;
	char **other = by_mac ? &source->suffix : &source->mac;
	const char *text = by_mac ? source->mac : source->suffix, *why;

	free(*other);
	*other = NULL;
	if (!text)
		return;
	why = by_mac ? lanhost_parse_mac(text, &source->host)
		     : lanhost_parse_suffix(text, &source->host);
	if (why)
		faults_add(build->faults, pair->at, "`%s` %s", pair->key, why);
	if (source->n_interfaces == 0)
		faults_add(build->faults, pair->at,
			   "`%s` needs `interface`, the link of the LAN which that host is on",
			   pair->key);
	check_choice(build, section, source, pair->key);
	if (!reader_find(section, "ready") && !reader_find(build->defaults, "ready"))
		source->ready = CFG_READY_ADDRESS;
}

bool cfg_host_same(const struct cfg_host *a, const struct cfg_host *b)
{
	return a->prefix_max == b->prefix_max && a->prefix_len == b->prefix_len &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}
