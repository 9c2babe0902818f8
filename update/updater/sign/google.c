/* SPDX-License-Identifier: MIT */
/* Google's service accounts (RFC 7523): the call that gives a token, whose body is written here: a
 * JWT that says who we are, signed with RS256. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

#define SCOPE  "https://www.googleapis.com/auth/ndev.clouddns.readwrite"
#define LIFE_S 600
#define GRANT  "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="

/* Without padding, and with letters that a URL takes (RFC 4648, section 5). */
static void add_base64url(struct span bytes, struct buf *to)
{
	size_t from = to->len;

	mac_add_base64(bytes, to);
	while (to->len > from && to->text[to->len - 1] == '=')
		buf_cut(to, to->len - 1);
	for (size_t i = from; i < to->len; i++)
		if (to->text[i] == '+')
			to->text[i] = '-';
		else if (to->text[i] == '/')
			to->text[i] = '_';
}

static void add_claims(const struct signing *signing, const char *email, struct buf *to)
{
	json_int_t now = signing_seconds(signing);
	json_t *json = json_pack("{s:s, s:s, s:s, s:I, s:I}", "iss", email, "scope", SCOPE, "aud",
				 signing->request->http.url.text, "iat", now, "exp", now + LIFE_S);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	if (text)
		add_base64url(signing_span(text), to);
	else
		to->failed = true;
	json_decref(json);
	free(text);
}

static void write_body(struct signing *signing, const char *email, const char *pem)
{
	static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
	struct buf body, signature;
	struct span text;

	buf_init(&body, 16384);
	buf_init(&signature, 4096);
	buf_text(&body, GRANT);
	add_base64url(signing_span(header), &body);
	buf_text(&body, ".");
	add_claims(signing, email, &body);
	text = (struct span){body.text + strlen(GRANT), body.len - strlen(GRANT)};
	if (body.failed)
		signing->request->http.headers.failed = true;
	else if (mac_rsa("sha256", signing_span(pem), text, &signature) == -EINVAL)
		signing->why = "the private key is none: give the JSON file of the service "
			       "account's key, or the PEM text in it";
	buf_text(&body, ".");
	add_base64url((struct span){signature.text, signature.len}, &body);
	buf_done(&signature);
	signing_set_body(signing, &body);
}

void google_sign(struct signing *signing)
{
	const char *key = signing->words[0], *email = signing->words[1];
	json_t *json = key[0] == '{' ? json_loads(key, 0, NULL) : NULL;

	if (json && json_unpack(json, "{s:s}", "private_key", &key) < 0)
		signing->why = "the JSON text of the key has no private_key";
	if (json && email[0] == '\0')
		(void)json_unpack(json, "{s:s}", "client_email", &email);
	if (email[0] == '\0' && !signing->why)
		signing->why = "the e-mail address of the service account is not known: give its "
			       "key as the JSON file it came in";
	if (!signing->why)
		write_body(signing, email, key);
	signing_content_type(signing, "application/x-www-form-urlencoded");
	json_decref(json);
}
