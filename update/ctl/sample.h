/* SPDX-License-Identifier: MIT */
/* The few lines that use a provider, to be copied. */
#ifndef UPDATE_CTL_SAMPLE_H
#define UPDATE_CTL_SAMPLE_H

#include "update/ctl/offer.h"

#define SAMPLE_MAX 4096

/* Of an offer with a provider. */
void sample_write(const struct offer *offer, struct buf *to);

#endif
