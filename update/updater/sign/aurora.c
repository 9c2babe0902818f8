/* SPDX-License-Identifier: MIT */
/* AuroraDNS: HMAC-SHA256 of method, path and time, wrapped twice. */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

void aurora_sign(struct signing *signing)
{
	struct span path = signing_path(signing);
	char time[SIGNING_TIME_MAX];
	struct buf text, value;
	struct mac mac;

	signing_time(signing, SIGNING_CLOCK_BASIC, time);
	buf_init(&text, 4096);
	buf_printf(&text, "%s%.*s%s", signing->request->http.method, (int)path.len, path.text,
		   time);
	mac = mac_hmac("sha256", signing_span(signing->words[1]),
		       (struct span){text.text, text.len});
	buf_cut(&text, 0);
	buf_printf(&text, "%s:", signing->words[0]);
	mac_add_base64(mac_span(&mac), &text);
	buf_init(&value, 4096);
	buf_text(&value, "AuroraDNSv1 ");
	mac_add_base64((struct span){text.text, text.len}, &value);
	value.failed |= text.failed;
	buf_done(&text);
	signing_header(signing, "X-AuroraDNS-Date", time);
	signing_header_done(signing, "Authorization", &value);
}
