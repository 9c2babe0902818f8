/* SPDX-License-Identifier: MIT */
#include "providers/batch.h"

#include <string.h>

#include "providers/outcome.h"
#include "providers/rcode.h"

/* Nobody knows whose fault it is. */
static const struct rcode unknown = {
	"unknown code", VERDICT_RETRY, "the answer is not understood", "see the server's log", true,
};

void batch_add(struct batch *batch, const struct job *job, size_t i)
{
	batch->places[batch->n] = (uint8_t)i;
	batch->list[batch->n++] = job->wanted[i];
}

static bool has_several_names(const struct batch *batch)
{
	for (size_t k = 1; k < batch->n; k++)
		if (strcmp(batch->list[k].name, batch->list[0].name) != 0)
			return true;
	return false;
}

static void say_code(const struct wanted *wanted, const struct rcode *code, const char *server,
		     struct outcome *ret)
{
	if (code->verdict == VERDICT_DONE)
		outcome_say(ret, wanted, VERDICT_DONE, "%s at %s",
			    wanted->n_addrs > 0 ? "updated" : "deleted", server);
	else
		outcome_say(ret, wanted, code->verdict, "%s (%s): %s", code->what, code->name,
			    code->todo);
}

/* With a key, only what is signed by it counts; errors about the key itself cannot be (RFC 8945
 * section 5.3.2). */
enum batch_end batch_take(const struct batch *batch, const struct job *job,
			  const struct reply *reply, const char *server, struct outcome *outcomes)
{
	const struct rcode *code;

	if (reply->tsig_error < 0)
		return BATCH_DISTRUSTED;
	code = reply->tsig_error > 0 ? rcode_find_tsig(reply->tsig_error)
				     : rcode_find(reply->rcode);
	if (code == NULL)
		code = &unknown;
	if (code->of_a_name && has_several_names(batch))
		return BATCH_PART;
	for (size_t k = 0; k < batch->n; k++)
		say_code(&job->wanted[batch->places[k]], code, server, &outcomes[batch->places[k]]);
	return BATCH_ENDED;
}
