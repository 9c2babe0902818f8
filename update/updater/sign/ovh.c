/* SPDX-License-Identifier: MIT */
/* OVHcloud: SHA-1 of the secret and all that is sent. */
#include <stdio.h>

#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

void ovh_sign(struct signing *signing)
{
	const char *key = signing->words[0], *secret = signing->words[1];
	const char *consumer = signing->words[2], *time = signing->words[3];
	const struct span body = signing_body(signing);
	struct buf text, value;
	char seconds[24];
	struct mac mac;

	(void)snprintf(seconds, sizeof(seconds), "%lld", (long long)signing_seconds(signing));
	if (time[0] == '\0')
		time = seconds;
	buf_init(&text, SIGN_TEXT_MAX + REQUEST_BODY_MAX);
	buf_init(&value, 2 * MAC_MAX + 4);
	buf_printf(&text, "%s+%s+%s+%s+", secret, consumer, signing->request->http.method,
		   signing->request->http.url.text);
	buf_add(&text, body.text, body.len);
	buf_printf(&text, "+%s", time);
	mac = mac_digest("sha1", (struct span){text.text, text.len});
	buf_text(&value, "$1$");
	mac_add_hex(&mac, &value);
	signing_header(signing, "X-Ovh-Application", key);
	signing_header(signing, "X-Ovh-Consumer", consumer);
	signing_header(signing, "X-Ovh-Timestamp", time);
	signing_header_done(signing, "X-Ovh-Signature", &value);
	buf_done(&text);
}
