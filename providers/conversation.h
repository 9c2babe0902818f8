/* SPDX-License-Identifier: MIT */
/* The step of every service that differs from others in data only: groups the wanted names into
 * requests, and reads the replies by the service's rules. */
#ifndef PROVIDERS_CONVERSATION_H
#define PROVIDERS_CONVERSATION_H

#include "providers/service.h"

#define CONVERSATION_STATE_SIZE 4096

enum step conversation_step(const struct service *service, const struct job *job, void *state,
			    const struct reply *reply, struct request *request,
			    struct outcome *outcomes);

/* The same, of the service that the job's provider has: a provider's step. */
enum step conversation_step_file(const struct job *job, void *state, const struct reply *reply,
				 struct request *request, struct outcome *outcomes);

#endif
