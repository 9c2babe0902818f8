/* SPDX-License-Identifier: MIT */
/* Constellix: HMAC-SHA1 of the time in milliseconds. */
#include <stdio.h>

#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

void constellix_sign(struct signing *signing)
{
	char time[24];
	struct buf value;
	struct mac mac;

	(void)snprintf(time, sizeof(time), "%lld", (long long)signing->now_ms);
	mac = mac_hmac("sha1", signing_span(signing->words[1]), signing_span(time));
	buf_init(&value, 1024);
	buf_printf(&value, "%s:", signing->words[0]);
	mac_add_base64(mac_span(&mac), &value);
	buf_printf(&value, ":%s", time);
	signing_header_done(signing, "x-cns-security-token", &value);
}
