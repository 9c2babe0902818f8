/* SPDX-License-Identifier: MIT */
/* What is read of the header of a reply. */
#ifndef UPDATE_UPDATER_HEADER_H
#define UPDATE_UPDATER_HEADER_H

#include <curl/curl.h>
#include <stdint.h>

#include "providers/buf.h"

#define HEADER_RETRY_AFTER_MAX_S (30 * 86400)

/* Milliseconds; -1: it does not say (RFC 9110, section 10.2.3). */
int64_t header_retry_after(CURL *easy);

/* The value of the field of that name, not empty, kept in *to, which is zeroed to begin with and
 * wiped by its owner. NULL: name is "", there is none or more than one, or it is larger than
 * HTTP_TAKEN_MAX. */
const char *header_take(CURL *easy, const char *name, struct buf *to);

#endif
