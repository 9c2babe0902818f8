/* SPDX-License-Identifier: MIT */
/* Many rtnetlink requests in few datagrams, as routing daemons send them; all of the inside. */
#ifndef TESTS_KERNEL_BATCH_H
#define TESTS_KERNEL_BATCH_H

#include "tests/kernel/ground.h"

struct batch;
struct nlmsghdr;

struct batch *batch_new(struct ground *g);

/* Adds a request (no NLM_F_ACK; its sequence number stays); sends when many have come together. */
void batch_put(struct batch *batch, const struct nlmsghdr *request);

/* Sends the rest, waits for the kernel to have done it all; fails the test case on an error. */
void batch_flush(struct batch *batch);
void batch_free(struct batch *batch);

/*
 * So many foreign routes added and then removed by a process of its own, which ends with status 0:
 * ground_end(g, pid, 0, ms).
 */
pid_t batch_storm(struct ground *g, const char *link, unsigned routes);

#endif
