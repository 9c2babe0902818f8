/* SPDX-License-Identifier: MIT */
#include "update/updater/job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/updater/decode.h"
#include "update/updater/digest.h"
#include "update/updater/odd.h"
#include "update/updater/progress.h"
#include "update/updater/signature.h"
#include "update/updater/web.h"

struct job_run {
	struct wire_job *wire;
	struct digest_values digests; /* the values of the job, too */
	struct http *http;
	struct http_options options;
	void *state;
	int64_t due;
	unsigned steps;
	struct request request;
	struct web_call *web_call; /* one of these, or none, is under way */
	struct dns_call *dns_call;
	int64_t send_at; /* of a request that is to wait; 0: it is sent */
	bool ended;
	struct outcome outcomes[JOB_WANTED_MAX];
	bool progressed;
	char progress[256];
};

/* The same end for every record that has none. */
static void end_rest(struct job_run *run, enum verdict verdict, const char *why)
{
	struct outcome outcome = {.verdict = verdict};

	snprintf(outcome.why, sizeof(outcome.why), "%s", why);
	for (size_t i = 0; i < run->wire->job.n_wanted; i++)
		if (run->outcomes[i].why[0] == '\0')
			run->outcomes[i] = outcome;
	run->ended = true;
}

static void drop_call(struct job_run *run)
{
	web_free(run->web_call);
	run->web_call = NULL;
	dns_free(run->dns_call);
	run->dns_call = NULL;
}

/* False: it cannot be, and the job has ended. */
static bool sign_request(struct job_run *run)
{
	struct signature_moment moment;
	const char *what;
	char why[OUTCOME_WHY_MAX];
	int rc;

	if (run->request.http.sign.scheme == HTTP_SCHEME_NONE)
		return true;
	signature_now(&moment);
	rc = signature_make(&run->request, &moment, &what);
	if (rc == 0)
		return true;
	if (rc == -EINVAL)
		snprintf(why, sizeof(why), "the request cannot be signed: %s", what);
	else
		snprintf(why, sizeof(why), "out of memory for a signature");
	end_rest(run, rc == -EINVAL ? VERDICT_REFUSED_AUTH : VERDICT_RETRY, why);
	return false;
}

/* Hands the provider's request to its transport. */
static void send_request(struct job_run *run, int64_t now)
{
	switch (run->request.kind) {
	case REQUEST_HTTP:
		if (!sign_request(run))
			return;
		run->web_call = web_start(run->http, &run->request, &run->options, now);
		break;
	case REQUEST_DNS:
		run->dns_call = dns_start(&run->request.dns, run->wire->bind, now);
		break;
	case REQUEST_NONE:
	case REQUEST_FILE:
		end_rest(run, VERDICT_RETRY, "the provider asked for what no transport does");
		return;
	}
	if (!run->web_call && !run->dns_call) {
		end_rest(run, VERDICT_RETRY, "out of memory for a request");
		return;
	}
	run->progressed = run->wire->watched;
	if (run->progressed)
		progress_describe(&run->wire->job, &run->request, run->progress,
				  sizeof(run->progress));
}

/* The provider's next step; reply borrows from the call it ends. */
static void step(struct job_run *run, const struct reply *reply, int64_t now)
{
	const struct job *job = &run->wire->job;
	struct request request = {0};
	enum step next;

	next = provider_step(job, run->state, reply, &request, run->outcomes);
	drop_call(run);
	provider_request_done(&run->request);
	run->request = request;
	run->ended = next == STEP_END;
	if (run->ended)
		return;
	if (run->steps++ < JOB_STEPS_MAX && run->request.delay_ms > 0)
		run->send_at = now + run->request.delay_ms;
	else if (run->steps <= JOB_STEPS_MAX)
		send_request(run, now);
	else
		end_rest(run, VERDICT_RETRY, "the conversation with the provider does not end");
}

/* The reply of a request, decoded as it asked for. */
static void take_reply(struct job_run *run, struct reply *reply, int64_t now)
{
	json_t *json = NULL;

	if (reply->kind == REQUEST_HTTP)
		json = decode_body(run->request.http.decode, reply->body, reply->len);
	reply->json = json;
	step(run, reply, now);
	json_decref(json);
}

/* What came from outside goes no further as it is. */
static void clean(struct job_run *run)
{
	for (size_t i = 0; i < run->wire->job.n_wanted; i++) {
		char *why = run->outcomes[i].why;

		why[OUTCOME_WHY_MAX - 1] = '\0';
		if (why[0] == '\0')
			snprintf(why, OUTCOME_WHY_MAX, "the provider gave no reason");
		progress_hide(&run->wire->job, why);
		if (run->outcomes[i].wait_ms < 0)
			run->outcomes[i].wait_ms = 0;
	}
}

static bool call_ended(struct job_run *run, int64_t now, struct ending *ret)
{
	if (run->send_at > 0)
		return false;
	if (run->web_call)
		return web_work(run->web_call, now, ret);
	return run->dns_call && dns_work(run->dns_call, now, ret);
}

bool job_work(struct job_run *run, int64_t now)
{
	static const struct reply no_answer = {.kind = REQUEST_DNS, .error = -ETIMEDOUT};
	struct ending ending;

	if (run->ended)
		return true;
	if (run->send_at > 0 && now >= run->send_at) {
		run->send_at = 0;
		send_request(run, now);
	}
	while (!run->ended && call_ended(run, now, &ending)) {
		if (ending.failed && run->dns_call && run->request.dns.optional)
			step(run, &no_answer, now);
		else if (ending.failed)
			end_rest(run, ending.failure.verdict, ending.failure.why);
		else
			take_reply(run, &ending.reply, now);
	}
	if (!run->ended && now >= run->due)
		end_rest(run, VERDICT_NO_NETWORK, "no end of the conversation in time");
	if (run->ended) {
		drop_call(run);
		clean(run);
	}
	return run->ended;
}

/* Digests of settings stand beside them. */
static bool add_digests(struct job_run *run)
{
	struct job *job = &run->wire->job;

	if (digest_make(job, &run->digests) < 0)
		return false;
	job->values = run->digests.values;
	job->n_values = run->digests.n;
	return true;
}

struct job_run *job_start(struct wire_job *wire, struct http *http, int64_t now)
{
	struct job_run *run = calloc(1, sizeof(*run));
	const char *plaintext;

	if (run)
		run->state = calloc(1, provider_state_size(&wire->job) + 1);
	if (!run || !run->state) {
		free(run);
		wire_job_free(wire);
		return NULL;
	}
	run->wire = wire;
	wire->job.odd = odd_address;
	run->http = http;
	run->due = now + wire->deadline_ms;
	plaintext = provider_value(&wire->job, "allow-plaintext");
	run->options = (struct http_options){
		.bind = wire->bind,
		.way = wire->way,
		.ca_file = provider_value(&wire->job, "ca-file"),
		.plaintext = plaintext && strcmp(plaintext, "yes") == 0,
	};
	if (add_digests(run))
		step(run, NULL, now);
	else
		end_rest(run, VERDICT_RETRY, "a digest of a setting cannot be made");
	if (run->ended)
		clean(run);
	return run;
}

void job_look(struct job_run *run)
{
	if (run->web_call)
		web_look(run->web_call);
}

uint32_t job_id(const struct job_run *run)
{
	return run->wire->id;
}

const struct outcome *job_outcomes(const struct job_run *run, size_t *ret_n)
{
	*ret_n = run->wire->job.n_wanted;
	return run->outcomes;
}

const char *job_progress(struct job_run *run)
{
	bool progressed = run->progressed;

	run->progressed = false;
	return progressed ? run->progress : NULL;
}

size_t job_pollfds(const struct job_run *run, struct pollfd ret[static DNS_FDS_MAX])
{
	if (run->web_call)
		return web_pollfds(run->web_call, ret);
	return run->dns_call ? dns_pollfds(run->dns_call, ret) : 0;
}

int64_t job_due(const struct job_run *run)
{
	int64_t due = run->due;

	if (run->ended)
		return 0;
	if (run->send_at > 0)
		due = run->send_at;
	else if (run->web_call)
		due = web_due(run->web_call);
	else if (run->dns_call)
		due = dns_due(run->dns_call);
	return due < run->due ? due : run->due;
}

void job_free(struct job_run *run)
{
	size_t state_size;

	if (!run)
		return;
	drop_call(run);
	provider_request_done(&run->request);
	state_size = provider_state_size(&run->wire->job);
	explicit_bzero(run->state, state_size);
	free(run->state);
	digest_done(&run->digests);
	wire_job_free(run->wire);
	free(run);
}
