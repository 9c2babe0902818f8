/* SPDX-License-Identifier: MIT */
/* Bodies of replies as values: JSON, and XML in the shape of JSON (reply.json of
 * providers/provider.h). */
#ifndef UPDATE_UPDATER_DECODE_H
#define UPDATE_UPDATER_DECODE_H

#include <jansson.h>

#include "providers/provider.h"

#define DECODE_DEPTH_MAX 32   /* of elements of XML */
#define DECODE_NODES_MAX 8192 /* elements and attributes of XML */

/* For json_decref. NULL: it is not well-formed, over a cap, or HTTP_DECODE_NONE. XML is taken for
 * UTF-8 whatever it declares (some declare UTF-16 and are not), and may declare no types; the
 * attribute x of an element a is a@x beside a. Replies of XML-RPC become what they mean: xmlrpc.h.
 */
json_t *decode_body(enum http_decode decode, const char *body, size_t len);

#endif
