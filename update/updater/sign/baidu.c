/* SPDX-License-Identifier: MIT */
/* Baidu Cloud, bce-auth-v1: the key is the hex text of a first HMAC-SHA256. */
#include "update/updater/sign/canon.h"
#include "update/updater/sign/schemes.h"

/* What is signed: of the headers, the host. */
static void add_request(const struct signing *signing, struct buf *to)
{
	struct span path = signing_path(signing), host = signing_host(signing);

	buf_printf(to, "%s\n%.*s\n", signing->request->http.method, (int)path.len, path.text);
	canon_query(signing, to);
	buf_printf(to, "\nhost:%.*s", (int)host.len, host.text);
}

void baidu_sign(struct signing *signing)
{
	char time[SIGNING_TIME_MAX];
	struct buf value, key, text;
	struct mac mac;

	signing_time(signing, SIGNING_CLOCK_ISO, time);
	buf_init(&value, 1024);
	buf_init(&key, 2 * MAC_MAX);
	buf_init(&text, 4096);
	buf_printf(&value, "bce-auth-v1/%s/%s/1800", signing->words[0], time);
	mac = mac_hmac("sha256", signing_span(signing->words[1]),
		       (struct span){value.text, value.len});
	mac_add_hex(&mac, &key);
	add_request(signing, &text);
	mac = mac_hmac("sha256", (struct span){key.text, key.len},
		       (struct span){text.text, text.len});
	buf_text(&value, "/host/");
	mac_add_hex(&mac, &value);
	value.failed |= key.failed || text.failed;
	buf_done(&key);
	buf_done(&text);
	signing_header_done(signing, "Authorization", &value);
}
