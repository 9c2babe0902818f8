/* SPDX-License-Identifier: MIT */
#include "update/daemon/errand.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cfg/array.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static int add_pair(struct errand *errand, const char *name, const char *value)
{
	char *pair;
	int err;

	if (asprintf(&pair, "%s=%s", name, value) < 0)
		return -ENOMEM;
	err = array_add_text(&errand->env, &errand->n_env, pair);
	free(pair);
	return err;
}

static int add_inherited(struct errand *errand)
{
	static const struct {
		const char *name, *preset;
	} kept[] = {{"PATH", DEFAULT_PATH}, {"LANG", NULL}, {"TZ", NULL}};
	int err = 0;

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]) && !err; i++) {
		const char *value = getenv(kept[i].name);

		if (!value)
			value = kept[i].preset;
		if (value)
			err = add_pair(errand, kept[i].name, value);
	}
	return err;
}

/* None is the empty text. */
static const char *write_addresses(const struct addrs *addrs, char out[static ADDRS_TEXT_MAX])
{
	return addrs->n > 0 ? addrs_text(addrs, ' ', out) : "";
}

static int add_news(struct errand *errand, const struct news *news)
{
	char before[ADDRS_TEXT_MAX], after[ADDRS_TEXT_MAX], latency[24] = "";
	const struct {
		const char *name, *value;
	} pairs[] = {
		{"NLDDNS_EVENT", news_name(news->kind)},
		{"NLDDNS_NAME", news->name},
		{"NLDDNS_TYPE", provider_type_name(news->type)},
		{"NLDDNS_PROVIDER", news->provider},
		{"NLDDNS_INTERFACE", news->interface},
		{"NLDDNS_OLD", write_addresses(&news->before, before)},
		{"NLDDNS_NEW", write_addresses(&news->after, after)},
		{"NLDDNS_LATENCY_MS", latency},
		{"NLDDNS_VERDICT", news->verdict ? news->verdict : ""},
		{"NLDDNS_WHY", news->why},
	};
	int err = 0;

	if (news->reaction_ms >= 0)
		snprintf(latency, sizeof(latency), "%" PRId64, news->reaction_ms);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && !err; i++)
		err = add_pair(errand, pairs[i].name, pairs[i].value);
	return err;
}

static int add_arguments(struct errand *errand, const struct cfg_told *told)
{
	int err = 0;

	for (size_t i = 0; i < told->n_hook && !err; i++)
		err = array_add_text(&errand->argv, &errand->n_argv, told->hook[i]);
	return err;
}

static int end_list(char ***list, size_t *n)
{
	return array_add(list, n, sizeof(**list)) ? 0 : -ENOMEM;
}

struct errand *errand_new(const struct news *news)
{
	struct errand *errand = calloc(1, sizeof(*errand));

	if (!errand)
		return NULL;
	snprintf(errand->label, sizeof(errand->label), "%s %s", news->name,
		 provider_type_name(news->type));
	errand->kind = news->kind;
	errand->timeout_ms = news->told->hook_timeout_ms;
	if (add_arguments(errand, news->told) || end_list(&errand->argv, &errand->n_argv) ||
	    add_inherited(errand) || add_news(errand, news) ||
	    end_list(&errand->env, &errand->n_env)) {
		errand_free(errand);
		return NULL;
	}
	return errand;
}

void errand_free(struct errand *errand)
{
	if (!errand)
		return;
	array_free_texts(errand->argv, errand->n_argv);
	array_free_texts(errand->env, errand->n_env);
	free(errand);
}
