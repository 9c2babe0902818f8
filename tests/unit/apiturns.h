/* SPDX-License-Identifier: MIT */
/* A conversation of a record API's row, turn by turn: what must be asked, and the reply to it. */
#ifndef TESTS_UNIT_APITURNS_H
#define TESTS_UNIT_APITURNS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "providers/recordapi.h"

/* Where requests go. */
#define APITURNS_HOST "https://a.example/"

struct apiturns_turn {
	const char *request; /* METHOD, the URL behind the host, BODY */
	int status;
	const char *body;
};

/* The job's state is fresh. n: turns there must be. */
static inline void apiturns_play(const struct recordapi *api, const struct job *job,
				 const struct apiturns_turn *turns, size_t n,
				 struct outcome *outcomes)
{
	void *state = calloc(1, RECORDAPI_STATE_SIZE);
	struct reply reply = {.kind = REQUEST_HTTP, .retry_after_ms = -1};
	json_t *json = NULL;
	size_t i = 0;

	assert_non_null(state);
	for (;; i++) {
		struct request request = {0};
		char text[300];

		if (recordapi_step(api, job, state, i > 0 ? &reply : NULL, &request, outcomes) ==
		    STEP_END)
			break;
		(void)snprintf(text, sizeof(text), "%s %s %s", request.http.method,
			       request.http.url.text + strlen(APITURNS_HOST),
			       request.body.text ? request.body.text : "");
		if (i == n)
			fail_msg("one turn too many: %s", text);
		assert_string_equal(text, turns[i].request);
		provider_request_done(&request);
		json_decref(json);
		json = json_loads(turns[i].body, JSON_DECODE_ANY, NULL);
		reply.status = turns[i].status;
		reply.json = json;
		reply.body = turns[i].body;
		reply.len = strlen(reply.body);
	}
	assert_int_equal(i, n);
	json_decref(json);
	free(state);
}

#endif
