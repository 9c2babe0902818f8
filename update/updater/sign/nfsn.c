/* SPDX-License-Identifier: MIT */
/* NearlyFreeSpeech.NET: SHA-1 of login, time, salt, key, path and the body's own SHA-1. */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

#define SALT_LEN 16

void nfsn_sign(struct signing *signing)
{
	const char *login = signing->words[0], *key = signing->words[1];
	struct span path = signing_path(signing);
	struct mac mac = mac_digest("sha1", signing_body(signing));
	struct buf text, value;

	buf_init(&value, 1024);
	buf_printf(&value, "%s;%lld;%.*s;", login, (long long)signing_seconds(signing), SALT_LEN,
		   signing->nonce);
	buf_init(&text, SIGN_TEXT_MAX);
	buf_printf(&text, "%s%s;%.*s;", value.text, key, (int)path.len, path.text);
	mac_add_hex(&mac, &text);
	mac = mac_digest("sha1", (struct span){text.text, text.len});
	mac_add_hex(&mac, &value);
	value.failed |= text.failed;
	buf_done(&text);
	signing_header_done(signing, "X-NFSN-Authentication", &value);
}
