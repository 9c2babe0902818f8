/* SPDX-License-Identifier: MIT */
#include "update/wipe.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static void free_wiped(void *memory)
{
	if (memory)
		explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

void wipe_json(void)
{
	json_set_alloc_funcs(malloc, free_wiped);
}
