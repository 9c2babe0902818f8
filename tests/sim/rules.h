/* SPDX-License-Identifier: MIT */
/* When a request may leave, and what it may say. */
#ifndef TESTS_SIM_RULES_H
#define TESTS_SIM_RULES_H

#include "tests/sim/courier.h"
#include "tests/sim/expect.h"

/* The daemon started, took over a configuration, or the way to the internet is another. */
void rules_begin(void);
int64_t rules_begun_at(void);

/* A job leaves: before facts_send. */
void rules_send(const struct courier_job *job, const struct job *wire);

/* What the source of a record is asked, of what the daemon has seen, or of the truth. */
struct expect_question rules_question(size_t record, bool truth);

/* Whether content is what the source could publish. */
bool rules_allow(size_t record, const struct content *content);

#endif
