/* SPDX-License-Identifier: MIT */
/* How one request ended, whichever way it travelled. */
#ifndef UPDATE_UPDATER_TRANSPORT_H
#define UPDATE_UPDATER_TRANSPORT_H

#include <stdbool.h>

#include "providers/provider.h"

/* Of one request; a job has its own deadline beside these. */
#define TRANSPORT_CONNECT_MS 10000
#define TRANSPORT_REQUEST_MS 30000

struct ending {
	bool failed;
	struct outcome failure; /* failed: what every record of the job gets */
	struct reply reply;     /* otherwise; its body is borrowed from the call */
};

#endif
