/* SPDX-License-Identifier: MIT */
#include "providers/apizone.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "providers/apierror.h"
#include "providers/apifield.h"
#include "providers/apilist.h"
#include "providers/apipages.h"
#include "providers/outcome.h"
#include "providers/zone.h"

#define PLACEHOLDER_MAX 64

static enum apizone asked(bool under_way)
{
	return under_way ? APIZONE_ASKED : APIZONE_ENDED;
}

static enum apizone use(const struct apitalk *t, const struct apitalk_zone *zone)
{
	t->state->zone = *zone;
	t->state->zone_at = zone->zone_at;
	return APIZONE_FOUND;
}

static const struct apitalk_zone *find_known(const struct apitalk *t)
{
	for (unsigned i = 0; i < t->state->n_zones; i++) {
		const struct apitalk_zone *known = &t->state->zones[i];

		if (strcmp(t->job->wanted[known->of].name + known->zone_at, apitalk_zone(t)) == 0)
			return known;
	}
	return NULL;
}

static enum apizone ask_page(const struct apitalk *t)
{
	const struct apitext text = apitalk_text(t);

	return asked(apitalk_ask(t, APITALK_ZONE, &t->api->zone, &text));
}

static enum apizone ask(const struct apitalk *t)
{
	const struct apitalk_zone *known = find_known(t);
	struct apitalk_zone zone;

	if (known != NULL) {
		zone = *known;
		zone.zone_at = t->state->zone_at;
		return use(t, &zone);
	}
	t->state->zone_found = false;
	apipages_begin(t);
	return ask_page(t);
}

/* Whether the reply is the same whatever zone is asked for. */
static bool lists_all(const struct recordapi *api)
{
	const char *const parts[] = {api->zone.request, api->zone.body, api->zone.header};
	bool all = api->zone_list != NULL;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		all &= parts[i] == NULL || strstr(parts[i], "{zone}") == NULL;
	return all;
}

/* reply: the last one. What a rule says of it is more than what its status does. */
static enum apizone end_none(const struct apitalk *t, const struct reply *reply)
{
	if (reply->status == 403 && apierror_known(t, reply))
		return asked(apierror_end(t, reply));
	outcome_say(apitalk_outcome(t), apitalk_wanted(t),
		    t->state->denied ? VERDICT_REFUSED_AUTH : VERDICT_REFUSED_NAME,
		    t->state->denied ? "%s does not let the token see the zone: give it %s"
				     : "%s shows no zone of the name to this token: correct the "
				       "name, or give it %s",
		    t->api->who, t->api->rights);
	return APIZONE_ENDED;
}

/* Zones of one label are a person's own: they are not looked for, but may be told. */
static enum apizone ask_parent(const struct apitalk *t, const struct reply *reply)
{
	const char *name = apitalk_wanted(t)->name, *dot = strchr(apitalk_zone(t), '.');

	if (provider_value(t->job, "zone") != NULL || lists_all(t->api) || dot == NULL ||
	    strchr(dot + 1, '.') == NULL)
		return end_none(t, reply);
	t->state->zone_at = (uint8_t)(dot + 1 - name);
	return ask(t);
}

static enum apizone take_found(const struct apitalk *t)
{
	struct apitalk_state *state = t->state;

	if (state->n_zones < APITALK_ZONES_MAX)
		state->zones[state->n_zones++] = state->zone;
	return use(t, &state->zone);
}

/* Notes the zone of the reply, if it is nearer to the name than one before. */
static int read_page(const struct apitalk *t, const struct json_t *json)
{
	struct apitalk_state *state = t->state;
	struct apilist_zone found = {.name = apitalk_zone(t),
				     .parents = lists_all(t->api) &&
						provider_value(t->job, "zone") == NULL};
	const struct apitext text = apitalk_text(t);
	struct apitalk_zone zone = {.of = state->at, .number = state->n_zones};
	int rc = apilist_zone(&text, json, &found);

	if (rc == -ENOENT)
		return 0;
	zone.zone_at = (uint8_t)(state->zone_at + found.at);
	if (rc < 0 || (state->zone_found && state->zone.zone_at <= zone.zone_at))
		return rc;
	rc = apilist_zone_id(&text, &found, zone.id, &zone.ttl_min);
	if (rc == 0)
		rc = apitalk_take(t, &t->api->zone, found.json, APIKEEP_ZONE, zone.number);
	if (rc < 0)
		return rc;
	state->zone_found = true;
	state->zone = zone;
	return 0;
}

static bool is_none(const struct apitalk *t, const struct reply *reply)
{
	if (apierror_holds(t, t->api->zone.none, reply))
		return true;
	if (apierror_is_auth(t, reply) || apierror_ends_all(t, reply))
		return false;
	if (reply->status == 403)
		t->state->denied = true;
	return reply->status == 403 || reply->status == 404 || reply->status == 422;
}

enum apizone apizone_take(const struct apitalk *t, const struct reply *reply)
{
	int rc;

	if (is_none(t, reply))
		return ask_parent(t, reply);
	if (!apierror_none(t, reply, true))
		return asked(apierror_end(t, reply));
	rc = read_page(t, reply->json);
	if (rc == 0)
		rc = apipages_go_on(t, &t->api->zone_pages, t->api->zone_list, reply->json);
	if (rc == -ENOSPC)
		return asked(apitalk_end(t, VERDICT_REFUSED_CONFIG, "too many zones: set zone"));
	if (rc < 0)
		return asked(apitalk_end_strange(t));
	if (rc > 0 && (!t->state->zone_found || lists_all(t->api)))
		return ask_page(t);
	return t->state->zone_found ? take_found(t) : ask_parent(t, reply);
}

/* Whether a call, or what goes with each, has {name} in it. */
static bool is_sent(const struct recordapi *api, struct span name)
{
	char placeholder[PLACEHOLDER_MAX];
	bool sent;

	(void)snprintf(placeholder, sizeof(placeholder), "{%.*s}", (int)name.len, name.text);
	sent = api->headers != NULL && strstr(api->headers, placeholder) != NULL;
	for (const struct apifield *field = apifields; field->section != NULL && !sent; field++) {
		const char *text = apifield_text(api, field);

		sent = text != NULL && strcmp(field->section, "zone") != 0 &&
		       strstr(text, placeholder) != NULL;
	}
	return sent;
}

/* Whether the zone's reply says more than that it is there. */
static bool is_needed(const struct recordapi *api)
{
	const char *take = api->zone.take;
	struct span rest = {take, take != NULL ? strlen(take) : 0};
	bool needed = api->zone_ttl != NULL || is_sent(api, (struct span){"zone-id", 7});

	while (rest.len > 0 && !needed) {
		needed = is_sent(api, span_take_word(&rest, " "));
		(void)span_take_word(&rest, " ");
	}
	return needed && api->zone.request != NULL;
}

static enum apizone begin_told(const struct apitalk *t, const char *told)
{
	const char *name = apitalk_wanted(t)->name;
	char zone[DNS_NAME_MAX];

	zone_copy_name(zone, told);
	if (!zone_holds(zone, name))
		return asked(apitalk_end(t, VERDICT_REFUSED_CONFIG,
					 "the name is not in the configured zone: correct zone"));
	t->state->zone_at = (uint8_t)(strlen(name) - strlen(zone));
	return is_needed(t->api) ? ask(t)
				 : use(t, &(struct apitalk_zone){.zone_at = t->state->zone_at});
}

/* Where the search begins: with the name itself, or where it ended for the record of the other
 * type. */
static uint8_t first_at(const struct apitalk *t)
{
	const char *name = apitalk_wanted(t)->name;

	for (unsigned i = 0; i < t->state->n_zones; i++)
		if (strcmp(t->job->wanted[t->state->zones[i].of].name, name) == 0)
			return t->state->zones[i].zone_at;
	return strncmp(name, "*.", 2) == 0 ? 2 : 0;
}

enum apizone apizone_begin(const struct apitalk *t)
{
	const char *told = provider_value(t->job, "zone");

	t->state->zone_at = first_at(t);
	t->state->denied = false;
	if (told != NULL)
		return begin_told(t, told);
	if (t->api->zone.request == NULL)
		return use(t, &(struct apitalk_zone){.zone_at = t->state->zone_at});
	return ask(t);
}
