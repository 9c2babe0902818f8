/* SPDX-License-Identifier: MIT */
#include "providers/plaintext.h"

#include <stdio.h>
#include <string.h>

const char *plaintext_check(const struct service *service, const struct job *job,
			    char why[static SERVICE_WHY_MAX])
{
	const char *plaintext = provider_value(job, "allow-plaintext");
	const char *const urls[] = {service->url, service->url_ipv4, service->url_ipv6};

	if (plaintext != NULL && strcmp(plaintext, "yes") == 0)
		return NULL;
	for (size_t i = 0; i < 3; i++) {
		if (urls[i] == NULL || strncasecmp(urls[i], "http:", 5) != 0)
			continue;
		(void)snprintf(
			why, SERVICE_WHY_MAX,
			"must be yes: this service has no https, so that everyone on the way "
			"can read what is sent");
		return "allow-plaintext";
	}
	return NULL;
}

const char *plaintext_check_file(const struct job *job, char *why)
{
	return plaintext_check(job->provider->service, job, why);
}
