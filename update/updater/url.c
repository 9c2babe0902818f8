/* SPDX-License-Identifier: MIT */
#include "update/updater/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int fill(const char *host, const char *port, struct url *ret)
{
	struct in_addr v4;

	if (host[0] == '\0' || strlen(host) >= sizeof(ret->host))
		return -EINVAL;
	memcpy(ret->host, host, strlen(host) + 1);
	ret->port = (uint16_t)strtoul(port, NULL, 10);
	ret->is_address = host[0] == '[' || inet_pton(AF_INET, host, &v4) == 1;
	return 0;
}

int url_parse(const char *text, struct url *ret)
{
	CURLU *parsed = curl_url();
	char *host = NULL, *port = NULL;
	int rc = -EINVAL;

	if (!parsed)
		return -ENOMEM;
	if (curl_url_set(parsed, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
		rc = fill(host, port, ret);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parsed);
	return rc;
}
