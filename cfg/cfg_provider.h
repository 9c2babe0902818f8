/* SPDX-License-Identifier: MIT */
/* What the word behind `provider =` means: one of ours, or a service of the catalogue. */
#ifndef CFG_CFG_PROVIDER_H
#define CFG_CFG_PROVIDER_H

#include "cfg/build.h"

/* NULL: none such, shut down, or its file is wrong, and faults say so. Owned by the cfg. */
const struct provider *cfg_provider_find(struct build *build, const char *name, struct place at);

#endif
