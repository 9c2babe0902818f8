/* SPDX-License-Identifier: MIT */
/* An engine to play with: two names of one account and source, and a kernel that is a value. */
#ifndef TESTS_UNIT_STAGE_H
#define TESTS_UNIT_STAGE_H

#include <linux/if.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "update/daemon/bar.h"
#include "update/daemon/engine.h"

/* A kernel of one link, wan0, with one IPv4 address and a way out; beside it, for those who count
 * it in, lte0 behind a NAT; two names of one account; and this program as an updater that never
 * answers. */
#define SETTLE_MS 50

/* This program run again is the updater: there until the other end closes. Before main, lest a test
 * that forgets it start itself for ever. */
static __attribute__((constructor)) void be_the_updater(int argc, char **argv)
{
	struct pollfd closed = {.fd = WIRE_FD};

	if (argc >= 2 && strcmp(argv[1], "--idle") == 0)
		_exit(poll(&closed, 1, 20000) == 1 ? 0 : 1);
}

static enum verdict local_verdict;

static inline enum step perform_local(const struct job *job, void *state, const struct reply *reply,
				      struct request *request, struct outcome *outcomes)
{
	(void)state;
	(void)reply;
	(void)request;
	for (size_t i = 0; i < job->n_wanted; i++)
		outcomes[i] = (struct outcome){.verdict = local_verdict, .why = "local"};
	return STEP_END;
}

static const struct provider local = {
	.name = "local", .caps = PROVIDER_LOCAL | PROVIDER_MANY_NAMES, .step = perform_local};

struct stage {
	struct cfg cfg;
	struct cfg_source source;
	struct cfg_account account;
	struct cfg_record records[2];
	struct engine *engine;
	struct updater *updater;
	struct snapshot snapshot;
	struct link links[2]; /* wan0, lte0 */
	struct link *link;    /* wan0 */
	struct address address, other;
};

static char wan0[] = "wan0", *interfaces[] = {wan0}, word[] = "documentation", *allow[] = {word};
static char names[2][16] = {"a.example.org", "b.example.org"}, account_name[] = "acc";

static inline void describe(struct stage *stage, const struct provider *provider)
{
	stage->source = (struct cfg_source){.name = wan0,
					    .interfaces = interfaces,
					    .n_interfaces = 1,
					    .allow = allow,
					    .n_allow = 1,
					    .settle_ms = SETTLE_MS,
					    .settle_max_ms = 1000};
	stage->account.name = account_name;
	stage->account.provider = provider;
	for (size_t i = 0; i < 2; i++)
		stage->records[i] = (struct cfg_record){.name = names[i],
							.type = RECORD_TYPE_A,
							.on_loss_ms = -1,
							.fingerprint = 7 + i};
	stage->cfg = (struct cfg){.sources = &stage->source,
				  .n_sources = 1,
				  .accounts = &stage->account,
				  .n_accounts = 1,
				  .records = stage->records,
				  .n_records = 2};
	stage->link = &stage->links[0];
	stage->links[0] = (struct link){.ifindex = 3,
					.name = "wan0",
					.flags = IFF_UP | IFF_RUNNING,
					.operstate = 6,
					.addresses = &stage->address};
	stage->link->routes[FAMILY_IPV4].ifindex = 3;
	stage->address = (struct address){.addr = {AF_INET, {203, 0, 113, 0}},
					  .prefix_len = 24,
					  .preferred_s = UINT32_MAX,
					  .valid_s = UINT32_MAX};
	stage->other = (struct address){.addr = {AF_INET, {10, 0, 0, 2}},
					.prefix_len = 24,
					.preferred_s = UINT32_MAX,
					.valid_s = UINT32_MAX};
	stage->links[1] = stage->links[0];
	stage->links[1].ifindex = 4;
	stage->links[1].addresses = &stage->other;
	stage->links[1].n_addresses = 1;
	stage->links[1].routes[FAMILY_IPV4].ifindex = 4;
	snprintf(stage->links[1].name, sizeof(stage->links[1].name), "lte0");
	/* Without lte0, until somebody counts it in. */
	stage->snapshot = (struct snapshot){.links = stage->links, .n_links = 1};
}

static inline struct stage *stage_new(const struct provider *provider)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	assert_non_null(stage);
	describe(stage, provider);
	assert_int_equal(updater_new("/proc/self/exe", 1234, false, &stage->updater), 0);
	assert_int_equal(engine_new(&stage->cfg, stage->updater, &stage->engine), 0);
	return stage;
}

/* The record is deleted ms after a loss, and lte0 proves it. */
static inline void delete_on_loss(struct stage *stage, size_t i, int64_t ms)
{
	stage->records[i].on_loss_ms = ms;
	stage->engine->sources->list[0].proves = true;
	stage->snapshot.n_links = 2;
}

static inline void stage_free(struct stage *stage)
{
	engine_free(stage->engine);
	updater_free(stage->updater);
	free(stage);
}

/* The address becomes 203.0.113.LAST (0: none), and is looked at. */
static inline void dial(struct stage *stage, uint8_t last, int64_t now)
{
	stage->address.addr.bytes[3] = last;
	stage->link->n_addresses = last > 0;
	sources_feed(stage->engine->sources, &stage->snapshot, now);
	engine_review(stage->engine, now);
}

static inline void settle(struct stage *stage, int64_t now)
{
	sources_tick(stage->engine->sources, now);
	engine_review(stage->engine, now);
}

/* What a restart finds on the disk. */
static inline void restart(const struct stage *old, struct stage *new)
{
	for (size_t i = 0; i < old->engine->records->n; i++) {
		struct state_entry entry = records_entry(&old->engine->records->list[i]);

		engine_restore(new->engine, &entry);
	}
	bar_restored(new->engine);
}

static inline struct record *record_of(const struct stage *stage, size_t i)
{
	return &stage->engine->records->list[i];
}

/* Answers the job the record is in, all its records alike, and looks again. */
static inline void answer(struct stage *stage, size_t record, enum verdict verdict, int64_t now)
{
	struct queue_job *job = queue_find(stage->engine->queue, record_of(stage, record)->job);
	struct outcome outcomes[2];

	assert_non_null(job);
	for (size_t i = 0; i < 2; i++)
		outcomes[i] = (struct outcome){.verdict = verdict, .why = "said"};
	engine_result(stage->engine, job->id, outcomes, job->n, now);
	engine_review(stage->engine, now);
}

static inline void expect(const struct stage *stage, enum plan_state first, enum plan_state second)
{
	assert_string_equal(plan_state_name(record_of(stage, 0)->state), plan_state_name(first));
	assert_string_equal(plan_state_name(record_of(stage, 1)->state), plan_state_name(second));
}

static inline uint8_t confirmed_byte(const struct stage *stage, size_t record)
{
	const struct history *history = &record_of(stage, record)->history;

	return history->known && history->confirmed.n ? history->confirmed.list[0].bytes[3] : 0;
}

static inline const struct provider *remote(void)
{
	return provider_find("dyndns2");
}

#endif
