/* SPDX-License-Identifier: MIT */
/* Bodies of replies: JSON, XML, XML-RPC. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/input.h"
#include "update/updater/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum http_decode decode;
	char *body;

	if (size > REPLY_BODY_MAX)
		return 0;
	decode = size > 0 && data[0] == '<' ? HTTP_DECODE_XML : HTTP_DECODE_JSON;
	body = malloc(size + 1);
	if (!body)
		return 0;
	memcpy(body, data, size);
	body[size] = '\0';
	json_decref(decode_body(decode, body, size));
	free(body);
	return 0;
}
