/* SPDX-License-Identifier: MIT */
#include "update/ctl/sample.h"

#include <string.h>

#include "cfg/places.h"
#include "providers/scope.h"

#define NAME "home.example.org"

/* The name in the example, and the zone it is in. */
static const char *name_of(const struct offer *offer)
{
	const struct service *service = offer->file ? &offer->file->service : NULL;

	return service && service->example ? service->example : NAME;
}

static const char *zone_of(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot && strchr(dot + 1, '.') ? dot + 1 : name;
}

/* A value that a person would write there, or what stands for it. */
static void add_value(const struct offer *offer, const struct setting *row, struct buf *to)
{
	switch (row->type) {
	case SETTING_SECRET:
		buf_printf(to, "file:" PLACES_CONFIG "/%s.%s", offer->name, row->name);
		break;
	case SETTING_URL:
		buf_text(to, "https://dyn.example.net/nic/update");
		break;
	case SETTING_PATH:
		buf_printf(to, PLACES_STATE "/%s", row->name);
		break;
	case SETTING_HOST:
		buf_text(to, "dyn.example.net");
		break;
	case SETTING_NUMBER:
		buf_printf(to, "%lld", row->min > 0 ? (long long)row->min : 1234567LL);
		break;
	case SETTING_DURATION:
		buf_text(to, "5m");
		break;
	case SETTING_BOOL:
		buf_text(to, "yes");
		break;
	case SETTING_CHOICE:
		buf_add(to, row->choices, strcspn(row->choices, " "));
		break;
	case SETTING_LIST:
		buf_text(to, strcmp(row->name, "zone") == 0 ? zone_of(name_of(offer)) : row->name);
		break;
	case SETTING_TEXT:
		if (strcmp(row->name, "email") == 0)
			buf_text(to, "me@example.org");
		else if (strcmp(offer->name, "template") == 0)
			buf_text(to, strcmp(row->name, "url") == 0
					     ? "https://api.example.net/"
					       "update?host={name}&ip={addresses}"
					     : "token OK");
		else
			buf_printf(to, "my-%s", row->name);
		break;
	}
}

/* Whether there is no record without it, or none of one of the types. */
static bool is_needed(const struct offer *offer, const struct setting *row)
{
	const struct service *service = offer->file ? &offer->file->service : NULL;
	struct span name = {row->name, strlen(row->name)};

	if (row->required || row->preset || !service || scope_has_builtin(name))
		return row->required;
	return service_needs_for(service, RECORD_TYPE_A, row->name) ||
	       service_needs_for(service, RECORD_TYPE_AAAA, row->name);
}

/* Plain http must be allowed by the person. */
static bool is_plain(const struct offer *offer)
{
	const struct service *s = offer->file ? &offer->file->service : NULL;

	return s && ((s->url && strncmp(s->url, "http:", 5) == 0) ||
		     (s->url_ipv4 && strncmp(s->url_ipv4, "http:", 5) == 0) ||
		     (s->url_ipv6 && strncmp(s->url_ipv6, "http:", 5) == 0));
}

void sample_write(const struct offer *offer, struct buf *to)
{
	buf_printf(to, "[%s]\nprovider = %s\n", name_of(offer), offer->name);
	for (const struct setting *row = offer->provider->settings; row->name; row++) {
		if (!is_needed(offer, row))
			continue;
		buf_printf(to, "%s = ", row->name);
		add_value(offer, row, to);
		buf_text(to, "\n");
	}
	if (is_plain(offer))
		buf_text(to, "allow-plaintext = yes\n");
}
