/* SPDX-License-Identifier: MIT */
/* The sections of a catalogue file that describe a record API, by the table of apifield.h. */
#ifndef CFG_CFG_API_H
#define CFG_CFG_API_H

#include "cfg/cfg_service.h"

/* Fills the zeroed *ret. Of [service], the keys of the table are read. What is wrong goes to
 * faults. */
void cfg_api_fill(const struct reader *reader, struct faults *faults, struct recordapi *ret);

/* Frees what the fields own. */
void cfg_api_done(struct recordapi *api);

#endif
