/* SPDX-License-Identifier: MIT */
/* What a hook is to be told, ready to run: its program, arguments and whole environment, in which
 * nothing is secret. A copy, since it may wait. */
#ifndef UPDATE_DAEMON_ERRAND_H
#define UPDATE_DAEMON_ERRAND_H

#include "update/daemon/news.h"
#include "update/daemon/tailq.h"

/* "home.example.org A" */
#define ERRAND_LABEL_MAX (DNS_NAME_MAX + 8)

struct errand {
	TAILQ_ENTRY(errand) link;
	char label[ERRAND_LABEL_MAX]; /* of the record */
	enum news_kind kind;
	int64_t timeout_ms;
	char **argv, **env; /* end with NULL, which counts */
	size_t n_argv, n_env;
};

/* news->told must name a hook. NULL: no memory. */
struct errand *errand_new(const struct news *news);
void errand_free(struct errand *errand);

#endif
