/* SPDX-License-Identifier: MIT */
/* News to tell in tests. */
#ifndef TESTS_UNIT_NEWSITEM_H
#define TESTS_UNIT_NEWSITEM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "update/daemon/news.h"

/* A change of the A record of name, from "none" or addresses to others, as addrs_parse reads them;
 * valid until the next one. */
static inline struct news newsitem(enum news_kind kind, const char *name, const char *before,
				   const char *after)
{
	static struct ipaddr lists[2][WANTED_ADDRS_MAX];
	struct news news = {
		.kind = kind,
		.name = name,
		.type = RECORD_TYPE_A,
		.account = "acc",
		.provider = "dyndns2",
		.source = "wan",
		.interface = "ppp0",
		.event_at = -1,
		.settled_at = -1,
		.sent_at = -1,
		.answered_at = -1,
		.reaction_ms = -1,
		.why = "because it is so",
	};

	assert_int_equal(addrs_parse(before, lists[0], &news.before), 0);
	assert_int_equal(addrs_parse(after, lists[1], &news.after), 0);
	return news;
}

#endif
