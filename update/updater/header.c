/* SPDX-License-Identifier: MIT */
#include "update/updater/header.h"

#include <string.h>

#include "providers/span.h"

int64_t header_retry_after(CURL *easy)
{
	struct curl_header *header;
	curl_off_t seconds = 0;

	if (curl_easy_header(easy, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return -1;
	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds > HEADER_RETRY_AFTER_MAX_S)
		seconds = HEADER_RETRY_AFTER_MAX_S;
	return (int64_t)seconds * 1000;
}

const char *header_take(CURL *easy, const char *name, struct buf *to)
{
	struct curl_header *header;
	struct span value;

	if (!name[0] || curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
	    header->amount != 1)
		return NULL;
	buf_done(to);
	buf_init(to, HTTP_TAKEN_MAX);
	/* libcurl 7.88 leaves the end of the line to an empty value */
	value = span_trim((struct span){header->value, strlen(header->value)});
	buf_add(to, value.text, value.len);
	return to->failed ? NULL : to->text;
}
