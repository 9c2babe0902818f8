/* SPDX-License-Identifier: MIT */
#include "update/daemon/local.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/file.h"

/* Every record that has no end gets this one. */
static void fail_rest(const struct job *job, struct outcome *outcomes, enum verdict verdict,
		      const char *why)
{
	for (size_t i = 0; i < job->n_wanted; i++) {
		if (outcomes[i].why[0] != '\0')
			continue;
		outcomes[i].verdict = verdict;
		outcomes[i].wait_ms = 0;
		snprintf(outcomes[i].why, sizeof(outcomes[i].why), "%s", why);
	}
}

/* The reply's body is *ret_bytes, the caller's to free. */
static void perform(const struct request *request, struct reply *reply, char **ret_bytes)
{
	const struct file_request *file = &request->file;

	memset(reply, 0, sizeof(*reply));
	reply->kind = REQUEST_FILE;
	reply->retry_after_ms = -1;
	switch (file->op) {
	case FILE_OP_READ:
		reply->error = file_read(file->path, REPLY_BODY_MAX, ret_bytes, &reply->len);
		break;
	case FILE_OP_WRITE:
		reply->error =
			file_replace(file->path, request->body.text ? request->body.text : "",
				     request->body.len, 0644);
		break;
	}
	reply->body = *ret_bytes ? *ret_bytes : "";
}

/* True: the provider wants another step, and *reply is for it. */
static bool next_step(const struct job *job, void *state, struct reply *reply, char **bytes,
		      struct outcome *outcomes)
{
	const struct reply *last = reply->kind == REQUEST_NONE ? NULL : reply;
	struct request request = {.kind = REQUEST_NONE};
	bool more = false;

	if (provider_step(job, state, last, &request, outcomes) == STEP_SEND) {
		more = request.kind == REQUEST_FILE;
		if (!more)
			fail_rest(job, outcomes, VERDICT_REFUSED_CONFIG,
				  "a local provider asked for the network: this is a bug");
	}
	free(*bytes);
	*bytes = NULL;
	if (more)
		perform(&request, reply, bytes);
	provider_request_done(&request);
	return more;
}

void local_perform(const struct job *job, struct outcome *outcomes)
{
	void *state = calloc(1, provider_state_size(job) + 1);
	struct reply reply = {.kind = REQUEST_NONE};
	char *bytes = NULL;
	int steps = 0;

	memset(outcomes, 0, job->n_wanted * sizeof(*outcomes));
	if (!state) {
		fail_rest(job, outcomes, VERDICT_RETRY, "out of memory");
		return;
	}
	while (next_step(job, state, &reply, &bytes, outcomes))
		if (++steps == LOCAL_STEPS_MAX) {
			fail_rest(job, outcomes, VERDICT_RETRY, "too many steps: this is a bug");
			break;
		}
	free(bytes);
	explicit_bzero(state, provider_state_size(job));
	free(state);
}
