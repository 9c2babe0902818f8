/* SPDX-License-Identifier: MIT */
/* Alibaba Cloud, RPC style, version 1.0; now.cn, eranet and tnet.hk took it over: HMAC-SHA1 of the
 * sorted query, as which the signature is sent. The path is signed as / whatever it is. */
#include "update/updater/sign/mac.h"
#include "update/updater/sign/params.h"
#include "update/updater/sign/schemes.h"

static void add_signature(const struct signing *signing, const char *secret, struct buf *query)
{
	struct buf text, key, signature;
	struct mac mac;

	buf_init(&text, REQUEST_BODY_MAX);
	buf_init(&key, SIGN_TEXT_MAX);
	buf_init(&signature, 2 * MAC_MAX);
	buf_printf(&text, "%s&%%2F&", signing->request->http.method);
	buf_urlencode(&text, query->text ? query->text : "");
	buf_printf(&key, "%s&", secret);
	mac = mac_hmac("sha1", (struct span){key.text, key.len},
		       (struct span){text.text, text.len});
	mac_add_base64(mac_span(&mac), &signature);
	query->failed |= text.failed || signature.failed;
	buf_text(query, "&Signature=");
	buf_urlencode(query, signature.text ? signature.text : "");
	buf_done(&text);
	buf_done(&key);
	buf_done(&signature);
}

static void sign(struct signing *signing, const char *id_name)
{
	char time[SIGNING_TIME_MAX];
	struct params params;
	struct buf query;

	signing_time(signing, SIGNING_CLOCK_ISO, time);
	params_init(&params);
	params_parse(&params, signing_query(signing));
	params_add(&params, id_name, signing->words[0]);
	params_add(&params, "SignatureMethod", "HMAC-SHA1");
	params_add(&params, "SignatureNonce", signing->nonce);
	params_add(&params, "SignatureVersion", "1.0");
	params_add(&params, "Timestamp", time);
	buf_init(&query, REQUEST_BODY_MAX);
	params_join(&params, &query);
	params_done(&params);
	add_signature(signing, signing->words[1], &query);
	signing_set_query(signing, &query);
}

void aliyun_sign(struct signing *signing)
{
	sign(signing, "AccessKeyId");
}

void aliyun_sign_nowcn(struct signing *signing)
{
	sign(signing, "AccessInstanceID");
}
