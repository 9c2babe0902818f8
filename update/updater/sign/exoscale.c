/* SPDX-License-Identifier: MIT */
/* Exoscale, version 2: HMAC-SHA256 of method, path, body and the time it expires. Parameters in the
 * query would have to be told and signed, too; no call has them. */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

#define EXPIRES_S 600

void exoscale_sign(struct signing *signing)
{
	struct span path = signing_path(signing), body = signing_body(signing);
	long long expires = signing_seconds(signing) + EXPIRES_S;
	struct buf text, value;
	struct mac mac;

	if (signing_query(signing).len > 0)
		signing->why = "this scheme knows no query";
	buf_init(&text, 65536);
	buf_printf(&text, "%s %.*s\n%.*s\n\n\n%lld", signing->request->http.method, (int)path.len,
		   path.text, (int)body.len, body.len > 0 ? body.text : "", expires);
	mac = mac_hmac("sha256", signing_span(signing->words[1]),
		       (struct span){text.text, text.len});
	buf_init(&value, 4096);
	buf_printf(&value,
		   "EXO2-HMAC-SHA256 credential=%s,expires=%lld,signature=", signing->words[0],
		   expires);
	mac_add_base64(mac_span(&mac), &value);
	value.failed |= text.failed;
	buf_done(&text);
	signing_header_done(signing, "Authorization", &value);
}
