/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "providers/all.h"
#include "providers/block.h"
#include "providers/outcome.h"

#define NAMES_MAX (JOB_WANTED_MAX / RECORD_TYPE_COUNT)

enum stage { STAGE_START, STAGE_READ, STAGE_WRITE };

struct state {
	enum stage stage;
	bool changed[JOB_WANTED_MAX];
};
_Static_assert(sizeof(struct state) <= PROVIDER_STATE_MAX, "state_size has a cap");

/* hosts(5) has no wildcards. */
static bool is_fit(const struct wanted *wanted)
{
	return wanted->name[0] != '*';
}

/* Every record's end once the file is as it shall be. */
static enum step end_well(const struct job *job, const struct state *state,
			  struct outcome *outcomes)
{
	for (size_t i = 0; i < job->n_wanted; i++) {
		const struct wanted *wanted = &job->wanted[i];

		if (!is_fit(wanted))
			outcome_say(&outcomes[i], wanted, VERDICT_REFUSED_CONFIG,
				    "a hosts file has no wildcards: name each host");
		else if (!state->changed[i])
			outcome_say(&outcomes[i], wanted, VERDICT_UNCHANGED, "already so");
		else
			outcome_say(&outcomes[i], wanted, VERDICT_DONE,
				    wanted->n_addrs > 0 ? "written" : "removed");
	}
	return STEP_END;
}

static enum step end_badly(const struct job *job, const char *verb, int error,
			   struct outcome *outcomes)
{
	const char *todo = "check file";

	if (error == -EACCES || error == -EPERM)
		todo = "let the user nlddnsd runs as write there";
	else if (error == -EROFS)
		todo = "its file system is read-only";
	for (size_t i = 0; i < job->n_wanted; i++)
		outcome_say(&outcomes[i], &job->wanted[i], VERDICT_RETRY, "cannot %s %.60s: %s: %s",
			    verb, provider_value(job, "file"), strerror(-error), todo);
	return STEP_END;
}

static enum step end_too_large(const struct job *job, struct outcome *outcomes)
{
	outcome_all(outcomes, job, VERDICT_REFUSED_CONFIG, block_too_large);
	return STEP_END;
}

static void ask(const struct job *job, struct request *request, enum file_op op)
{
	request->kind = REQUEST_FILE;
	request->file.op = op;
	request->file.path = provider_value(job, "file");
}

/* What the block holds, for PURPOSE_VERIFY. */
static enum step end_read(const struct job *job, const struct block *block,
			  struct outcome *outcomes)
{
	for (size_t i = 0; i < job->n_wanted; i++) {
		bool same = block_has(block, &job->wanted[i]);

		outcome_say(&outcomes[i], &job->wanted[i], VERDICT_DONE,
			    same ? "the file holds the same" : "the file holds something else");
		outcomes[i].truth = same ? TRUTH_SAME : TRUTH_OTHER;
	}
	return STEP_END;
}

/* Puts every record that is not current into the block. True: there is something to write. */
static bool update(const struct job *job, struct state *state, struct block *block)
{
	bool any = false;

	for (size_t i = 0; i < job->n_wanted; i++) {
		const struct wanted *wanted = &job->wanted[i];

		if (!is_fit(wanted) || block_has(block, wanted))
			continue;
		block_replace(block, wanted);
		state->changed[i] = true;
		any = true;
	}
	return any;
}

static enum step take_file(const struct job *job, struct state *state, const struct reply *reply,
			   struct request *request, struct outcome *outcomes)
{
	struct block block;
	const char *why;
	enum step ret = STEP_SEND;
	int r = block_read(reply->body, reply->error == 0 ? reply->len : 0,
			   job->n_wanted * WANTED_ADDRS_MAX, &block, &why);

	if (r < 0) {
		outcome_all(outcomes, job, r == -EINVAL ? VERDICT_REFUSED_CONFIG : VERDICT_RETRY,
			    why);
		return STEP_END;
	}
	if (job->purpose == PURPOSE_VERIFY) {
		ret = end_read(job, &block, outcomes);
		goto out;
	}
	if (!update(job, state, &block)) {
		ret = end_well(job, state, outcomes);
		goto out;
	}
	buf_init(&request->body, BLOCK_FILE_MAX);
	block_write(&block, &request->body);
	if (request->body.failed) {
		buf_done(&request->body);
		outcome_all(outcomes, job, VERDICT_RETRY,
			    "the file would grow over 256 KiB, or memory is out: shorten it");
		ret = STEP_END;
		goto out;
	}
	ask(job, request, FILE_OP_WRITE);
	state->stage = STAGE_WRITE;
out:
	block_done(&block);
	return ret;
}

static enum step step(const struct job *job, void *memory, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	struct state *state = memory;

	switch (state->stage) {
	case STAGE_START:
		ask(job, request, FILE_OP_READ);
		state->stage = STAGE_READ;
		return STEP_SEND;
	case STAGE_READ:
		if (reply->error == -EFBIG)
			return end_too_large(job, outcomes);
		if (reply->error != 0 && reply->error != -ENOENT)
			return end_badly(job, "read", reply->error, outcomes);
		return take_file(job, state, reply, request, outcomes);
	case STAGE_WRITE:
		break;
	}
	if (reply->error != 0)
		return end_badly(job, "write", reply->error, outcomes);
	return end_well(job, state, outcomes);
}

static const struct setting settings[] = {
	{
		.name = "file",
		.type = SETTING_PATH,
		.required = true,
		.help = "File in the format of hosts(5); only a marked block of it is changed.",
	},
	{0},
};

const struct provider hosts_provider = {
	.name = "hosts",
	.title = "A hosts file of this machine; no account needed",
	.settings = settings,
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES | PROVIDER_MANY_ADDRS |
		PROVIDER_CAN_DELETE | PROVIDER_LOCAL | PROVIDER_CAN_READ,
	.limits = {.names_per_request = NAMES_MAX, .parallel = 1},
	.state_size = sizeof(struct state),
	.step = step,
};
