/* SPDX-License-Identifier: MIT */
/* What libcurl is told of a request that a provider asks for. */
#ifndef UPDATE_UPDATER_TELL_H
#define UPDATE_UPDATER_TELL_H

#include <curl/curl.h>

#include "providers/request.h"

/* The request is borrowed while the handle works. *headers: to be freed by the caller, whatever is
 * returned. */
CURLcode tell_request(CURL *easy, const struct request *request, struct curl_slist **headers);

/* Whether it does something each time it is sent (RFC 9110, section 9.2.2). */
bool tell_once(const struct request *request);

#endif
