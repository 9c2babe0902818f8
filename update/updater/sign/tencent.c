/* SPDX-License-Identifier: MIT */
/* Tencent Cloud, TC3-HMAC-SHA256. The service is the first part of the host; the row gives the
 * action and its version in headers. */
#include <stdio.h>
#include <string.h>

#include "update/updater/sign/canon.h"
#include "update/updater/sign/schemes.h"

/* The key of a day and a service. */
static struct mac make_key(const char *secret, const char *day, struct span service)
{
	struct buf first;
	struct mac mac;

	buf_init(&first, SIGN_TEXT_MAX);
	buf_printf(&first, "TC3%s", secret);
	mac = mac_hmac("sha256", (struct span){first.text, first.len}, signing_span(day));
	mac = mac_hmac("sha256", mac_span(&mac), service);
	mac = mac_hmac("sha256", mac_span(&mac), signing_span("tc3_request"));
	buf_done(&first);
	return mac;
}

void tencent_sign(struct signing *signing)
{
	static const char *const names[] = {"content-type", "host", "x-tc-action", NULL};
	static const struct canon canon = {.names = names, .lower = true};
	struct span service = signing_host(signing);
	long long seconds = (long long)signing_seconds(signing);
	char day[SIGNING_TIME_MAX], number[24];
	struct buf text, value;
	struct mac key, mac;

	service.len = strcspn(service.text, ".");
	signing_time(signing, SIGNING_CLOCK_DATE, day);
	(void)snprintf(number, sizeof(number), "%lld", seconds);
	signing_content_type(signing, "application/json");
	signing_header(signing, "X-TC-Timestamp", number);
	buf_init(&text, 1024);
	buf_printf(&text, "TC3-HMAC-SHA256\n%lld\n%s/%.*s/tc3_request\n", seconds, day,
		   (int)service.len, service.text);
	canon_add(signing, &canon, &text);
	key = make_key(signing->words[1], day, service);
	mac = mac_hmac("sha256", mac_span(&key), (struct span){text.text, text.len});
	explicit_bzero(&key, sizeof(key));
	buf_init(&value, 2048);
	buf_printf(&value, "TC3-HMAC-SHA256 Credential=%s/%s/%.*s/tc3_request, SignedHeaders=",
		   signing->words[0], day, (int)service.len, service.text);
	canon_names(signing, &canon, &value);
	buf_text(&value, ", Signature=");
	mac_add_hex(&mac, &value);
	value.failed |= text.failed;
	buf_done(&text);
	signing_header_done(signing, "Authorization", &value);
}
