/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_api.h"

#include <stdlib.h>
#include <string.h>

#include "cfg/nearest.h"
#include "providers/apifield.h"

static void check_known(const struct reader_section *section, struct faults *faults)
{
	for (size_t i = 0; i < section->n_pairs; i++) {
		const struct reader_pair *pair = &section->pairs[i];
		char hint[NEAREST_HINT_MAX];
		struct nearest nearest;

		if (apifield_find(section->title, pair->key))
			continue;
		nearest_init(&nearest, pair->key);
		for (const struct apifield *field = apifields; field->section; field++)
			if (strcmp(field->section, section->title) == 0)
				nearest_offer(&nearest, field->key);
		faults_add(faults, pair->at, "unknown key `%s`%s", pair->key,
			   nearest_hint(&nearest, hint));
	}
}

static const struct reader_section *find_section(const struct reader *reader, const char *title)
{
	for (size_t i = 0; i < reader->n_sections; i++)
		if (strcmp(reader->sections[i].title, title) == 0)
			return &reader->sections[i];
	return NULL;
}

/* Owned by the row. */
static void free_text(struct recordapi *api, const struct apifield *field)
{
	const char *text = apifield_text(api, field);
	char *owned;

	memcpy(&owned, &text, sizeof(owned));
	free(owned);
	apifield_set_text(api, field, NULL);
}

/* The word for an empty text becomes one. */
static void fill_empty(struct recordapi *api, const struct apifield *field, struct faults *faults)
{
	const char *text = apifield_text(api, field);
	char *empty;

	if (!text || !field->empty || strcmp(text, field->empty) != 0)
		return;
	empty = strdup("");
	faults->no_memory |= !empty;
	free_text(api, field);
	apifield_set_text(api, field, empty);
}

void cfg_api_fill(const struct reader *reader, struct faults *faults, struct recordapi *ret)
{
	for (size_t i = 0; i < reader->n_sections; i++) {
		const struct reader_section *section = &reader->sections[i];

		if (strcmp(section->title, "service") != 0 && apifield_has_section(section->title))
			check_known(section, faults);
	}
	for (const struct apifield *field = apifields; field->section; field++) {
		const struct key keys[] = {{.setting = {.name = field->key,
							.type = field->type,
							.max = field->max,
							.choices = field->choices,
							.preset = field->preset},
					    .offset = field->offset},
					   {.setting = {.name = NULL}}};

		keys_fill(keys, find_section(reader, field->section), NULL, ret, faults);
		fill_empty(ret, field, faults);
	}
}

void cfg_api_done(struct recordapi *api)
{
	for (const struct apifield *field = apifields; field->section; field++)
		if (field->type == SETTING_TEXT)
			free_text(api, field);
}
