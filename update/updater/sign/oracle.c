/* SPDX-License-Identifier: MIT */
/* Oracle Cloud (draft-cavage-http-signatures-08): RSA-SHA256 of date, request line and host, and of
 * the body where there is one. */
#include <errno.h>

#include "update/updater/sign/canon.h"
#include "update/updater/sign/schemes.h"

#define NAMES "date (request-target) host"

static void add_request(const struct signing *signing, const char *time, struct buf *to)
{
	struct span path = signing_path(signing), query = signing_query(signing);
	struct span host = signing_host(signing);

	buf_printf(to, "date: %s\n(request-target): ", time);
	for (const char *c = signing->request->http.method; *c; c++)
		buf_printf(to, "%c", *c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	buf_printf(to, " %.*s%s%.*s\nhost: %.*s", (int)path.len, path.text,
		   query.len > 0 ? "?" : "", (int)query.len, query.text, (int)host.len, host.text);
}

/* The digest is base64, and sent along. */
static void add_body(struct signing *signing, struct buf *to)
{
	struct span body = signing_body(signing), type;
	struct mac mac = mac_digest("sha256", body);
	struct buf value;

	signing_content_type(signing, "application/json");
	type = signing_find(signing, "Content-Type");
	buf_init(&value, 2 * MAC_MAX);
	mac_add_base64(mac_span(&mac), &value);
	buf_printf(to, "\nx-content-sha256: %s\ncontent-type: %.*s\ncontent-length: %zu",
		   value.text ? value.text : "", (int)type.len, type.text, body.len);
	signing_header_done(signing, "x-content-sha256", &value);
}

void oracle_sign(struct signing *signing)
{
	bool body = signing_body(signing).len > 0;
	struct buf text, signature, value;
	char time[SIGNING_TIME_MAX];

	signing_time(signing, SIGNING_CLOCK_HTTP, time);
	signing_header(signing, "Date", time);
	buf_init(&text, 8192);
	buf_init(&signature, 4096);
	add_request(signing, time, &text);
	if (body)
		add_body(signing, &text);
	if (mac_rsa("sha256", signing_span(signing->words[1]), (struct span){text.text, text.len},
		    &signature) == -EINVAL)
		signing->why = "the private key is none: it is to be RSA, in PEM, without a "
			       "password";
	buf_init(&value, 8192);
	buf_printf(&value,
		   "Signature version=\"1\",keyId=\"%s\",algorithm=\"rsa-sha256\",headers=\"" NAMES
		   "%s\",signature=\"",
		   signing->words[0], body ? " x-content-sha256 content-type content-length" : "");
	mac_add_base64((struct span){signature.text, signature.len}, &value);
	buf_text(&value, "\"");
	value.failed |= text.failed;
	buf_done(&text);
	buf_done(&signature);
	signing_header_done(signing, "Authorization", &value);
}
