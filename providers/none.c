/* SPDX-License-Identifier: MIT */
#include "providers/all.h"
#include "providers/outcome.h"

static enum step step(const struct job *job, void *state, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	(void)state;
	(void)reply;
	(void)request;
	outcome_all(outcomes, job, VERDICT_DONE, "told to nobody but hook and notify");
	return STEP_END;
}

static const struct setting settings[] = {{0}};

const struct provider none_provider = {
	.name = "none",
	.title = "No provider at all: for hooks and notifications alone",
	.settings = settings,
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES | PROVIDER_MANY_ADDRS |
		PROVIDER_CAN_DELETE | PROVIDER_LOCAL,
	.limits = {.names_per_request = JOB_WANTED_MAX / RECORD_TYPE_COUNT, .parallel = 1},
	.step = step,
};
