/* SPDX-License-Identifier: MIT */
/* The conversations with providers are nlddns-updater's. The table of providers names them, and so
 * they would be linked into nlddnsd too; these take their place in it, which keeps it small, and
 * free of what reads the internet's bytes. */
#include "providers/authority.h"
#include "providers/conversation.h"
#include "providers/dnsupdate.h"
#include "providers/outcome.h"
#include "providers/recordapi.h"

static enum step end(const struct job *job, void *state, const struct reply *reply,
		     struct request *request, struct outcome *outcomes)
{
	(void)state;
	(void)reply;
	(void)request;
	outcome_all(outcomes, job, VERDICT_RETRY, "nlddnsd talks to no provider: this is a bug");
	return STEP_END;
}

enum step recordapi_step(const struct recordapi *api, const struct job *job, void *state,
			 const struct reply *reply, struct request *request,
			 struct outcome *outcomes)
{
	(void)api;
	return end(job, state, reply, request, outcomes);
}

enum step recordapi_step_file(const struct job *job, void *state, const struct reply *reply,
			      struct request *request, struct outcome *outcomes)
{
	return end(job, state, reply, request, outcomes);
}

enum step conversation_step(const struct service *service, const struct job *job, void *state,
			    const struct reply *reply, struct request *request,
			    struct outcome *outcomes)
{
	(void)service;
	return end(job, state, reply, request, outcomes);
}

enum step conversation_step_file(const struct job *job, void *state, const struct reply *reply,
				 struct request *request, struct outcome *outcomes)
{
	return end(job, state, reply, request, outcomes);
}

enum step dnsupdate_step(const struct job *job, void *state, const struct reply *reply,
			 struct request *request, struct outcome *outcomes)
{
	return end(job, state, reply, request, outcomes);
}

enum step authority_step(const struct job *job, void *state, const struct reply *reply,
			 struct request *request, struct outcome *outcomes)
{
	return end(job, state, reply, request, outcomes);
}
