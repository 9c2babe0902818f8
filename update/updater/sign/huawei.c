/* SPDX-License-Identifier: MIT */
/* Huawei Cloud, SDK-HMAC-SHA256: the path is signed with a slash behind, and sent as it is. */
#include "update/updater/sign/canon.h"
#include "update/updater/sign/schemes.h"

void huawei_sign(struct signing *signing)
{
	static const char *const names[] = {"content-type", "host", "x-sdk-date", NULL};
	static const struct canon canon = {.names = names, .slash = true};
	char time[SIGNING_TIME_MAX];
	struct buf text, value;
	struct mac mac;

	signing_time(signing, SIGNING_CLOCK_BASIC, time);
	signing_content_type(signing, "application/json");
	signing_header(signing, "X-Sdk-Date", time);
	buf_init(&text, 1024);
	buf_printf(&text, "SDK-HMAC-SHA256\n%s\n", time);
	canon_add(signing, &canon, &text);
	mac = mac_hmac("sha256", signing_span(signing->words[1]),
		       (struct span){text.text, text.len});
	buf_init(&value, 2048);
	buf_printf(&value, "SDK-HMAC-SHA256 Access=%s, SignedHeaders=", signing->words[0]);
	canon_names(signing, &canon, &value);
	buf_text(&value, ", Signature=");
	mac_add_hex(&mac, &value);
	value.failed |= text.failed;
	buf_done(&text);
	signing_header_done(signing, "Authorization", &value);
}
