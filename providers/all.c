/* SPDX-License-Identifier: MIT */
#include "providers/all.h"

static const struct provider *const all[] = {
	NULL,
};

const struct provider *const *provider_all(void)
{
	return all;
}
