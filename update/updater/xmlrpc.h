/* SPDX-License-Identifier: MIT */
/* Replies of XML-RPC as plain values: structs by the names of their members. */
#ifndef UPDATE_UPDATER_XMLRPC_H
#define UPDATE_UPDATER_XMLRPC_H

#include <jansson.h>

/* Of a document in the shape of JSON (decode.h) whose root is a methodResponse: what it holds
 * stands right below that, a fault below /methodResponse/fault. Scalars of all types are texts.
 * Other documents stay as they are. Takes over document, may be NULL; NULL: out of memory. */
json_t *xmlrpc_plain(json_t *document);

#endif
