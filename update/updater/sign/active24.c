/* SPDX-License-Identifier: MIT */
/* Active24, Websupport: Basic authentication whose password is an HMAC-SHA1 of method, path and
 * time. */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

void active24_sign(struct signing *signing)
{
	struct span path = signing_path(signing);
	char time[SIGNING_TIME_MAX];
	struct buf text, value;
	struct mac mac;

	signing_time(signing, SIGNING_CLOCK_ISO, time);
	buf_init(&text, 4096);
	buf_printf(&text, "%s %.*s %lld", signing->request->http.method, (int)path.len, path.text,
		   (long long)signing_seconds(signing));
	mac = mac_hmac("sha1", signing_span(signing->words[1]), (struct span){text.text, text.len});
	buf_cut(&text, 0);
	buf_printf(&text, "%s:", signing->words[0]);
	mac_add_hex(&mac, &text);
	buf_init(&value, 4096);
	buf_text(&value, "Basic ");
	mac_add_base64((struct span){text.text, text.len}, &value);
	value.failed |= text.failed;
	buf_done(&text);
	signing_header(signing, "Date", time);
	signing_header_done(signing, "Authorization", &value);
}
