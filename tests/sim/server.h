/* SPDX-License-Identifier: MIT */
/* The providers: what they are like, what they hold, and the moods they are in. */
#ifndef TESTS_SIM_SERVER_H
#define TESTS_SIM_SERVER_H

#include "tests/sim/content.h"
#include "tests/sim/scene.h"

enum server_mood {
	SERVER_FINE,
	SERVER_OFFLINE,    /* cannot be reached */
	SERVER_SILENT,     /* takes the request and never answers */
	SERVER_FORGETFUL,  /* does as asked, and the answer is lost */
	SERVER_BROKEN,     /* 5xx; may ask to wait */
	SERVER_THROTTLING, /* may say for how long */
	SERVER_STRICT,     /* refuses the account */
	SERVER_FLAKY,      /* any of the above, or none */
};
#define SERVER_MOODS (SERVER_FLAKY + 1)

/* Records of one job, and what it asks for. */
struct server_request {
	size_t account;
	enum purpose purpose;
	size_t n;
	size_t records[SCENE_RECORDS];
	struct content contents[SCENE_RECORDS];
};

/* What comes of it. */
struct server_reply {
	int64_t apply_ms, reply_ms; /* after the request; reply_ms -1: never */
	bool applies[SCENE_RECORDS];
	struct outcome outcomes[SCENE_RECORDS];
};

void server_reset(void);

/* The kinds of providers there are. */
uint32_t server_kinds(void);
const struct provider *server_kind(uint32_t i);

void server_step(size_t account);
void server_refuse(size_t record, bool refuse);

/* From now on all answer, and refuse nothing. */
void server_calm(void);

void server_ask(const struct server_request *request, struct server_reply *ret);
/* Somebody else changes what is there. */
void server_meddle(size_t account, size_t record);
bool server_meddled(size_t account, size_t record);
void server_apply(const struct server_request *request, size_t i);
const struct content *server_holds(size_t account, size_t record);

#endif
