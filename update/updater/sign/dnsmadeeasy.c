/* SPDX-License-Identifier: MIT */
/* DNS Made Easy: HMAC-SHA1 of the date. */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

void dnsmadeeasy_sign(struct signing *signing)
{
	char time[SIGNING_TIME_MAX];
	struct buf value;
	struct mac mac;

	signing_time(signing, SIGNING_CLOCK_HTTP, time);
	mac = mac_hmac("sha1", signing_span(signing->words[1]), signing_span(time));
	buf_init(&value, 2 * MAC_MAX);
	mac_add_hex(&mac, &value);
	signing_header(signing, "x-dnsme-apiKey", signing->words[0]);
	signing_header(signing, "x-dnsme-requestDate", time);
	signing_header_done(signing, "x-dnsme-hmac", &value);
}
