/* SPDX-License-Identifier: MIT */
/* NIFCLOUD: HMAC-SHA1 of the date. */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

void nifcloud_sign(struct signing *signing)
{
	char time[SIGNING_TIME_MAX];
	struct buf value;
	struct mac mac;

	signing_time(signing, SIGNING_CLOCK_HTTP, time);
	mac = mac_hmac("sha1", signing_span(signing->words[1]), signing_span(time));
	buf_init(&value, 1024);
	buf_printf(&value, "NIFTY3-HTTPS NiftyAccessKeyId=%s,Algorithm=HmacSHA1,Signature=",
		   signing->words[0]);
	mac_add_base64(mac_span(&mac), &value);
	signing_header(signing, "Date", time);
	signing_header_done(signing, "X-Nifty-Authorization", &value);
}
