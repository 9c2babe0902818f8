/* SPDX-License-Identifier: MIT */
#include "tests/sim/scene.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/rng.h"
#include "tests/sim/server.h"
#include "tests/sim/vtime.h"

static const char *const lists[][SCENE_PATTERNS] = {
	{NULL}, {"wan0"}, {"wan0", "wan1"}, {"wan*"}, {"ppp*", "wan0", "wan1"}, {"wan1", "lan0"},
};
#define LISTS (sizeof(lists) / sizeof(lists[0]))

static const int64_t settles[] = {0, 50, 50, 50, 300, 2000};
static const int64_t failbacks[] = {0, 30 * SECOND, 30 * SECOND, 5 * MINUTE};
static const int64_t refreshes[] = {0, 1 * HOUR, 12 * HOUR, 24 * HOUR};
static const int64_t intervals[] = {0, 10 * SECOND, 1 * MINUTE, 10 * MINUTE};
static const int64_t losses[] = {-1, -1, 0, 1 * MINUTE, 1 * HOUR};

#define PICK(list) (list)[rng_below(sizeof(list) / sizeof((list)[0]))]

static void choose_links(struct scene_source *source)
{
	uint32_t which = rng_below(LISTS);

	source->n_patterns = 0;
	while (source->n_patterns < SCENE_PATTERNS && lists[which][source->n_patterns]) {
		source->patterns[source->n_patterns] = lists[which][source->n_patterns];
		source->n_patterns++;
	}
}

/* The first one can feed any record. */
static void make_source(struct scene_source *source, bool first)
{
	memset(source, 0, sizeof(*source));
	choose_links(source);
	source->all = !first && rng_one_in(3);
	source->by_address = rng_one_in(8);
	source->private = rng_one_in(6);
	source->temporary = rng_one_in(10);
	source->settle_ms = PICK(settles);
	source->settle_max_ms = source->settle_ms > 1000 ? source->settle_ms : 1000;
	source->failback_ms = PICK(failbacks);
}

static void settle_limits(const struct scene *scene, struct scene_name *name)
{
	const struct provider *provider = scene->accounts[name->account].provider;

	if (scene->sources[name->source].all && !(provider->caps & PROVIDER_MANY_ADDRS))
		name->source = 0;
	if (!(provider->caps & PROVIDER_CAN_DELETE))
		name->on_loss_ms = -1;
	if (!(provider->caps & PROVIDER_CAN_DELETE))
		name->on_stop = false;
	if (!(provider->caps & PROVIDER_CAN_READ))
		name->verify = false;
}

static void make_name(const struct scene *scene, struct scene_name *name)
{
	const struct provider *provider;

	name->account = rng_below((uint32_t)scene->n_accounts);
	name->source = rng_below((uint32_t)scene->n_sources);
	provider = scene->accounts[name->account].provider;
	name->types[RECORD_TYPE_A] = !rng_one_in(4);
	name->types[RECORD_TYPE_AAAA] = !name->types[RECORD_TYPE_A] || rng_one_in(2);
	name->refresh_ms = rng_one_in(2) ? provider->limits.refresh_ms : PICK(refreshes);
	name->min_interval_ms = rng_one_in(2) ? provider->limits.min_interval_ms : PICK(intervals);
	name->hold_down_ms = rng_one_in(4) ? 0 : 1 * MINUTE;
	name->on_loss_ms = PICK(losses);
	name->verify = rng_one_in(2);
	name->on_stop = rng_one_in(6);
	settle_limits(scene, name);
}

void scene_make(struct scene *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->n_sources = 1 + rng_below(SCENE_SOURCES);
	ret->n_accounts = 1 + rng_below(SCENE_ACCOUNTS);
	ret->n_names = 1 + rng_below(SCENE_NAMES);
	ret->recheck_ms = rng_one_in(2) ? 1 * HOUR : 24 * HOUR;
	for (size_t i = 0; i < ret->n_sources; i++)
		make_source(&ret->sources[i], i == 0);
	for (size_t i = 0; i < ret->n_accounts; i++)
		ret->accounts[i].provider = server_kind(rng_below(server_kinds()));
	for (size_t i = 0; i < ret->n_names; i++)
		make_name(ret, &ret->names[i]);
}

void scene_edit(struct scene *scene)
{
	struct scene_name *name = &scene->names[rng_below((uint32_t)scene->n_names)];
	struct scene_source *source = &scene->sources[rng_below((uint32_t)scene->n_sources)];

	switch (rng_below(8)) {
	case 0: /* as it was */
		break;
	case 1:
		scene->accounts[rng_below((uint32_t)scene->n_accounts)].secret++;
		break;
	case 2:
		name->types[0] = !name->types[0];
		break;
	case 3:
		name->types[1] = !name->types[1];
		break;
	case 4:
		make_name(scene, name);
		break;
	case 5:
		name->refresh_ms = PICK(refreshes);
		name->min_interval_ms = PICK(intervals);
		break;
	case 6:
		choose_links(source);
		break;
	case 7:
		source->failback_ms = PICK(failbacks);
		source->settle_ms = rng_one_in(2) ? 50 : 300;
		source->settle_max_ms = 1 * SECOND;
		break;
	}
}

struct text {
	char bytes[8192];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->len += (size_t)vsnprintf(text->bytes + text->len, sizeof(text->bytes) - text->len,
				       format, args);
	va_end(args);
}

static void write_source(struct text *text, size_t i, const struct scene_source *source)
{
	add(text, "[source s%zu]\n", i);
	for (size_t j = 0; j < source->n_patterns; j++)
		add(text, "%s%s%s", j ? ", " : "interface = ", source->patterns[j],
		    j + 1 == source->n_patterns ? "\n" : "");
	if (source->all)
		add(text, "combine = all\n");
	if (source->by_address)
		add(text, "ready = address\n");
	if (source->private)
		add(text, "allow = private\n");
	if (source->temporary)
		add(text, "ipv6-select = temporary\n");
	add(text, "settle = %" PRId64 "ms\nsettle-max = %" PRId64 "ms\nfailback = %" PRId64 "ms\n",
	    source->settle_ms, source->settle_max_ms, source->failback_ms);
}

static void write_name(struct text *text, size_t i, const struct scene_name *name)
{
	if (!name->types[0] && !name->types[1])
		return;
	add(text, "[r%zu.example.org]\naccount = a%zu\nsource = s%zu\n", i, name->account,
	    name->source);
	if (!name->types[0] || !name->types[1])
		add(text, "family = %s\n", name->types[0] ? "ipv4" : "ipv6");
	add(text,
	    "refresh = %" PRId64 "ms\nmin-interval = %" PRId64 "ms\nhold-down = %" PRId64 "ms\n",
	    name->refresh_ms, name->min_interval_ms, name->hold_down_ms);
	if (name->verify)
		add(text, "verify = slow\n");
	if (name->on_stop)
		add(text, "on-stop = delete\n");
	if (name->on_loss_ms >= 0)
		add(text, "on-loss = delete after %" PRId64 "ms\n", name->on_loss_ms);
}

const char *scene_secret(const struct scene *scene, size_t account,
			 char out[static SCENE_SECRET_MAX])
{
	snprintf(out, SCENE_SECRET_MAX, "secret%u-of-a%zu", scene->accounts[account].secret,
		 account);
	return out;
}

const char *scene_write(const struct scene *scene)
{
	static struct text text;
	char secret[SCENE_SECRET_MAX];

	text.len = 0;
	add(&text, "[nlddns]\nstate-dir = /state\ncontrol = /control\nrecheck = %" PRId64 "ms\n",
	    scene->recheck_ms);
	for (size_t i = 0; i < scene->n_accounts; i++)
		add(&text, "[account a%zu]\nprovider = %s\ntoken = %s\n", i,
		    scene->accounts[i].provider->name, scene_secret(scene, i, secret));
	for (size_t i = 0; i < scene->n_sources; i++)
		write_source(&text, i, &scene->sources[i]);
	for (size_t i = 0; i < scene->n_names; i++)
		write_name(&text, i, &scene->names[i]);
	return text.bytes;
}

const struct scene_name *scene_name(const struct scene *scene, size_t record)
{
	return &scene->names[record / RECORD_TYPE_COUNT];
}

enum record_type scene_type(size_t record)
{
	return (enum record_type)(record % RECORD_TYPE_COUNT);
}

bool scene_has(const struct scene *scene, size_t record)
{
	return record / RECORD_TYPE_COUNT < scene->n_names &&
	       scene_name(scene, record)->types[scene_type(record)];
}

const struct scene_source *scene_source(const struct scene *scene, size_t record)
{
	return &scene->sources[scene_name(scene, record)->source];
}

const struct provider *scene_provider(const struct scene *scene, size_t record)
{
	return scene->accounts[scene_name(scene, record)->account].provider;
}

const char *scene_label(size_t record)
{
	static const char *const labels[SCENE_RECORDS] = {
		"r0.example.org A",    "r0.example.org AAAA", "r1.example.org A",
		"r1.example.org AAAA", "r2.example.org A",    "r2.example.org AAAA",
		"r3.example.org A",    "r3.example.org AAAA",
	};

	return labels[record];
}

size_t scene_find(const char *name, enum record_type type)
{
	size_t index = (size_t)(name[0] == 'r' ? name[1] - '0' : SCENE_NAMES);

	if (index >= SCENE_NAMES || strcmp(name + 2, ".example.org") != 0)
		return SCENE_RECORDS;
	return index * RECORD_TYPE_COUNT + type;
}

uint64_t scene_identity(const struct scene *scene, size_t record)
{
	const struct scene_name *name = scene_name(scene, record);
	const struct scene_source *source = scene_source(scene, record);
	uint64_t identity = name->account * 1000 + scene->accounts[name->account].secret;

	for (size_t i = 0; i < source->n_patterns; i++)
		for (const char *c = source->patterns[i]; *c; c++)
			identity = identity * 31 + (unsigned char)*c;
	return identity * 16 + source->all + source->by_address * 2u + source->private * 4u +
	       source->temporary * 8u;
}
