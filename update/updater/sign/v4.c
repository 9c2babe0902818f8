/* SPDX-License-Identifier: MIT */
/* AWS Signature Version 4, and Volcengine's, which is the same with other words. Not libcurl's
 * (7.88): it signs the query as it stands, unsorted, and a header Expect that is not sent; and it
 * may be built without. */
#include <string.h>

#include "update/updater/sign/canon.h"
#include "update/updater/sign/schemes.h"

struct dialect {
	const char *algorithm, *prefix, *end; /* prefix: of the secret */
	const char *region, *service;         /* where the row gives none */
	const char *date, *digest;            /* headers; digest NULL: none */
	struct canon canon;
};

struct scope {
	char day[SIGNING_TIME_MAX];
	const char *parts[3]; /* region, service, end */
};

static void find_scope(const struct signing *signing, const struct dialect *dialect,
		       struct scope *ret)
{
	const char *region = signing->words[3], *service = signing->words[4];

	signing_time(signing, SIGNING_CLOCK_DAY, ret->day);
	ret->parts[0] = region[0] ? region : dialect->region;
	ret->parts[1] = service[0] ? service : dialect->service;
	ret->parts[2] = dialect->end;
}

static void add_scope(const struct scope *scope, struct buf *to)
{
	buf_printf(to, "%s/%s/%s/%s", scope->day, scope->parts[0], scope->parts[1],
		   scope->parts[2]);
}

/* The key of a day, region and service. */
static struct mac make_key(const char *prefix, const char *secret, const struct scope *scope)
{
	struct buf first;
	struct mac mac;

	buf_init(&first, SIGN_TEXT_MAX);
	buf_printf(&first, "%s%s", prefix, secret);
	mac = mac_hmac("sha256", (struct span){first.text, first.len}, signing_span(scope->day));
	for (size_t i = 0; i < 3; i++)
		mac = mac_hmac("sha256", mac_span(&mac), signing_span(scope->parts[i]));
	buf_done(&first);
	return mac;
}

static struct mac make_signature(const struct signing *signing, const struct dialect *dialect,
				 const struct scope *scope, const char *time)
{
	struct mac key = make_key(dialect->prefix, signing->words[1], scope), mac;
	struct buf text;

	buf_init(&text, 1024);
	buf_printf(&text, "%s\n%s\n", dialect->algorithm, time);
	add_scope(scope, &text);
	buf_text(&text, "\n");
	canon_add(signing, &dialect->canon, &text);
	if (text.failed)
		key.len = 0;
	mac = mac_hmac("sha256", mac_span(&key), (struct span){text.text, text.len});
	explicit_bzero(&key, sizeof(key));
	buf_done(&text);
	return mac;
}

static void sign(struct signing *signing, const struct dialect *dialect)
{
	char time[SIGNING_TIME_MAX];
	struct scope scope;
	struct buf value;
	struct mac mac;

	find_scope(signing, dialect, &scope);
	signing_time(signing, SIGNING_CLOCK_BASIC, time);
	signing_header(signing, dialect->date, time);
	if (dialect->digest) {
		buf_init(&value, 2 * MAC_MAX);
		canon_add_body(signing, &value);
		signing_header_done(signing, dialect->digest, &value);
	}
	mac = make_signature(signing, dialect, &scope, time);
	buf_init(&value, 2048);
	buf_printf(&value, "%s Credential=%s/", dialect->algorithm, signing->words[0]);
	add_scope(&scope, &value);
	buf_text(&value, ", SignedHeaders=");
	canon_names(signing, &dialect->canon, &value);
	buf_text(&value, ", Signature=");
	mac_add_hex(&mac, &value);
	signing_header_done(signing, "Authorization", &value);
}

void v4_sign_aws(struct signing *signing)
{
	static const char *const names[] = {"content-type", "host", "x-amz-date",
					    "x-amz-security-token", NULL};
	static const struct dialect dialect = {
		.algorithm = "AWS4-HMAC-SHA256",
		.prefix = "AWS4",
		.end = "aws4_request",
		.region = "us-east-1",
		.service = "route53",
		.date = "X-Amz-Date",
		.canon = {.names = names, .twice = true},
	};

	if (signing->words[2][0])
		signing_header(signing, "X-Amz-Security-Token", signing->words[2]);
	sign(signing, &dialect);
}

void v4_sign_volcengine(struct signing *signing)
{
	static const char *const names[] = {"content-type", "host", "x-content-sha256", "x-date",
					    NULL};
	static const struct dialect dialect = {
		.algorithm = "HMAC-SHA256",
		.prefix = "",
		.end = "request",
		.region = "cn-north-1",
		.service = "DNS",
		.date = "X-Date",
		.digest = "X-Content-Sha256",
		.canon = {.names = names},
	};

	signing_content_type(signing, "application/json");
	sign(signing, &dialect);
}
