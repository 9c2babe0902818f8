/* SPDX-License-Identifier: MIT */
/* The schemes, each in a file of its name. Each adds to the request what its API wants; what was
 * wrong is in why, or kept by a buffer that failed. */
#ifndef UPDATE_UPDATER_SIGN_SCHEMES_H
#define UPDATE_UPDATER_SIGN_SCHEMES_H

#include "update/updater/sign/signing.h"

/* APPLICATION-KEY APPLICATION-SECRET CONSUMER-KEY [TIME]: TIME is the server's, in seconds. */
void ovh_sign(struct signing *signing);

#endif
