/* SPDX-License-Identifier: MIT */
/* TransIP: the login call, whose body is written here, since it is signed with RSA-SHA512. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

#define LIFE "30 minutes"

/* What is only signed once has a label of its own: they are compared. */
static char *write_body(const struct signing *signing)
{
	const char *anywhere = signing->words[2];
	json_t *json =
		json_pack("{s:s, s:s, s:b, s:s, s:s+, s:b}", "login", signing->words[0], "nonce",
			  signing->nonce, "read_only", 0, "expiration_time", LIFE, "label",
			  "nlddns ", signing->nonce, "global_key", strcmp(anywhere, "false") != 0);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	return text;
}

void transip_sign(struct signing *signing)
{
	char *text = write_body(signing);
	struct buf body, signature, value;

	buf_init(&body, 4096);
	buf_init(&signature, 4096);
	buf_init(&value, 8192);
	buf_text(&body, text ? text : "");
	free(text);
	if (mac_rsa("sha512", signing_span(signing->words[1]), (struct span){body.text, body.len},
		    &signature) == -EINVAL)
		signing->why = "the private key is none: it is to be RSA, in PEM, without a "
			       "password";
	mac_add_base64((struct span){signature.text, signature.len}, &value);
	buf_done(&signature);
	signing_content_type(signing, "application/json");
	signing_set_body(signing, &body);
	signing_header_done(signing, "Signature", &value);
}
