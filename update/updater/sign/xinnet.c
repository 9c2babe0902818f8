/* SPDX-License-Identifier: MIT */
/* Xinnet: HMAC-SHA256 of time, method, path with a slash behind, and body ({} where there is
 * none). */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

void xinnet_sign(struct signing *signing)
{
	struct span path = signing_path(signing), body = signing_body(signing);
	char time[SIGNING_TIME_MAX];
	struct buf text, value;
	struct mac mac;

	if (body.len == 0)
		body = signing_span("{}");
	signing_time(signing, SIGNING_CLOCK_BASIC, time);
	buf_init(&text, 2 * REQUEST_BODY_MAX);
	buf_printf(&text, "HMAC-SHA256\n%s\n%s\n%.*s%s\n", time, signing->request->http.method,
		   (int)path.len, path.text, path.text[path.len - 1] == '/' ? "" : "/");
	buf_add(&text, body.text, body.len);
	mac = mac_hmac("sha256", signing_span(signing->words[1]),
		       (struct span){text.text, text.len});
	buf_init(&value, 1024);
	buf_printf(&value, "HMAC-SHA256 Access=%s, Signature=", signing->words[0]);
	mac_add_hex(&mac, &value);
	value.failed |= text.failed;
	buf_done(&text);
	signing_header(signing, "Timestamp", time);
	signing_header_done(signing, "Authorization", &value);
}
