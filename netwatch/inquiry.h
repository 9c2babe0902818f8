/* SPDX-License-Identifier: MIT */
/* One request to the kernel and its whole answer, on a socket of its own: strict checking, extended
 * errors, stale and foreign answers passed over, interrupted dumps repeated. */
#ifndef NETWATCH_INQUIRY_H
#define NETWATCH_INQUIRY_H

#include <stdbool.h>

struct inquiry;
struct nlmsghdr;

/* Takes one message of the answer. NULL: forget what you have seen, the dump starts again. 0: go
 * on. Anything else ends the inquiry and is its result. */
typedef int inquiry_each(void *arg, const struct nlmsghdr *nlh);

int inquiry_open(struct inquiry **ret);
void inquiry_close(struct inquiry *inquiry);

/* The kernel's own words for the last failure, or "". Borrowed until the next request. */
const char *inquiry_error(const struct inquiry *inquiry);

/* Whether the last failure is the kernel's answer; false: it could not be asked, or was too short
 * of memory to tell. */
bool inquiry_refused(const struct inquiry *inquiry);

/* Sends request (its flags and sequence number are set here) and hands the answer to each. The
 * result is that of the last call of each, or -errno: the kernel's, -ETIMEDOUT after half a second.
 * A dump interrupted by changes is repeated; -EAGAIN: still interrupted after several tries. */
int inquiry_one(struct inquiry *inquiry, struct nlmsghdr *request, inquiry_each *each, void *arg);
int inquiry_dump(struct inquiry *inquiry, struct nlmsghdr *request, inquiry_each *each, void *arg);

#endif
