/* SPDX-License-Identifier: MIT */
/* Plays a conversation with a provider, as the transports do. */
#ifndef TESTS_TALK_H
#define TESTS_TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "providers/provider.h"

#define TALK_STEPS_MAX 32

struct talk {
	struct job job;
	void *state;
	struct request request; /* the last one */
	struct outcome outcomes[JOB_WANTED_MAX];
	unsigned n_requests;
	bool ended;
};

static inline size_t talk_count_values(const struct value *values)
{
	size_t n = 0;

	while (values[n].name != NULL)
		n++;
	return n;
}

static inline size_t talk_count_wanted(const struct wanted *wanted, size_t max)
{
	size_t n = 0;

	while (n < max && wanted[n].name != NULL)
		n++;
	return n;
}

static inline void talk_step(struct talk *talk, const struct reply *reply)
{
	assert_false(talk->ended);
	assert_true(talk->n_requests < TALK_STEPS_MAX);
	provider_request_done(&talk->request);
	if (provider_step(&talk->job, talk->state, reply, &talk->request, talk->outcomes) ==
	    STEP_SEND) {
		assert_int_not_equal(talk->request.kind, REQUEST_NONE);
		talk->n_requests++;
		return;
	}
	talk->ended = true;
	for (size_t i = 0; i < talk->job.n_wanted; i++) {
		const struct outcome *outcome = &talk->outcomes[i];

		assert_true((unsigned)outcome->verdict < VERDICT_COUNT);
		assert_in_range(outcome->wait_ms, 0, INT64_C(7) * 24 * 3600 * 1000);
		assert_non_null(memchr(outcome->why, '\0', sizeof(outcome->why)));
		assert_int_not_equal(outcome->why[0], '\0');
	}
}

/* values end with one without a name. Takes the first step. */
static inline void talk_begin_for(struct talk *talk, const struct provider *provider,
				  const struct value *values, const struct wanted *wanted,
				  size_t n_wanted, enum purpose purpose)
{
	memset(talk, 0, sizeof(*talk));
	talk->job = (struct job){.provider = provider,
				 .values = values,
				 .n_values = talk_count_values(values),
				 .wanted = wanted,
				 .n_wanted = n_wanted,
				 .purpose = purpose};
	talk->state = calloc(1, provider_state_size(&talk->job));
	assert_non_null(talk->state);
	talk_step(talk, NULL);
}

static inline void talk_begin(struct talk *talk, const struct provider *provider,
			      const struct value *values, const struct wanted *wanted,
			      size_t n_wanted)
{
	talk_begin_for(talk, provider, values, wanted, n_wanted, PURPOSE_UPDATE);
}

static inline void talk_end(struct talk *talk)
{
	provider_request_done(&talk->request);
	free(talk->state);
	talk->state = NULL;
}

#endif
