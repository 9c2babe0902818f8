/* SPDX-License-Identifier: MIT */
/* A finding as people read it. */
#ifndef UPDATE_CTL_REPORT_H
#define UPDATE_CTL_REPORT_H

#include <stdio.h>

#include "update/ctl/finding.h"

/* whose: what stands above it, the records it is for. */
void report_print(const struct finding *finding, const char *whose, FILE *to);

#endif
