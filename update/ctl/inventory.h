/* SPDX-License-Identifier: MIT */
/* Links and addresses as they are listed, whatever a rule thinks of them. */
#ifndef UPDATE_CTL_INVENTORY_H
#define UPDATE_CTL_INVENTORY_H

#include <jansson.h>
#include <stdio.h>

#include "netwatch/snapshot.h"

#define INVENTORY_ADDRESS_MAX 112

/* "up", "down", "up, no carrier". */
const char *inventory_state(const struct link *link);

/* "192.0.2.1/24", "192.0.2.1 peer 192.0.2.254". Returns out. */
const char *inventory_address(const struct address *address,
			      char out[static INVENTORY_ADDRESS_MAX]);

/* A table of every link and address with its class and flags. */
void inventory_print(const struct snapshot *snapshot, FILE *to);

/* The same as a JSON array; the caller owns it. */
json_t *inventory_json(const struct snapshot *snapshot);

#endif
