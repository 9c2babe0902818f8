/* SPDX-License-Identifier: MIT */
/* What one source gives in one family, with a verdict on every link and address. */
#ifndef UPDATE_CTL_FINDING_H
#define UPDATE_CTL_FINDING_H

#include <jansson.h>

#include "cfg/cfg.h"
#include "netwatch/choose.h"
#include "providers/buf.h"

#define FINDING_TEXT_MAX 2048

enum finding_verdict {
	FINDING_UNJUDGED, /* the verdict is on its link */
	FINDING_REJECTED,
	FINDING_ELIGIBLE,
	FINDING_CHOSEN,
};

/* A link (address NULL), or one of its addresses. */
struct finding_line {
	const struct link *link;
	const struct address *address;
	enum finding_verdict verdict;
	char why[CHOICE_WHY_MAX];
};

/* Borrows from the source and the snapshot. */
struct finding {
	const struct cfg_source *source;
	const struct snapshot *snapshot;
	enum record_type type;
	struct rule rule;
	struct choice choice;
	bool stays;                 /* choice is the daemon's, which waits before it fails back */
	struct finding_line *lines; /* links in the snapshot's order, each before its addresses */
	size_t n_lines;
};

/* published: what is published now, or NULL. -EINVAL: a source cfg should have refused. */
int finding_make(const struct cfg_source *source, enum record_type type,
		 const struct snapshot *snapshot, const struct choice *published,
		 struct finding *ret);
void finding_done(struct finding *finding);

/* daemon: what the daemon would publish now. True: the choice is the same (of the daemon's
 * addresses the first counts). So it is if the daemon but stays with a later link until an earlier
 * one has been ready long enough; then its choice becomes that of the finding, in place of where
 * that would lead. False: the two differ. */
bool finding_reconcile(struct finding *finding, const struct choice *daemon);

/* "IPv4", "IPv6". */
const char *finding_family(const struct finding *finding);

/* What the source looks at: "Source: interface = ppp*, wwan0, the first that is ready." */
void finding_tell_source(const struct finding *finding, struct buf *text);

/* The chosen addresses, separated by blanks; "none". */
void finding_tell_choice(const struct finding *finding, struct buf *text);

/* The kernel's answer about the way out. */
void finding_tell_route(const struct finding *finding, struct buf *text);

/* What would change the outcome: one sentence or more, for people. */
void finding_tell_outlook(const struct finding *finding, struct buf *text);

/* All of it but whose it is; the caller owns it. */
json_t *finding_json(const struct finding *finding);

#endif
