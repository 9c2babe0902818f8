/* SPDX-License-Identifier: MIT */
/* Wedos WAPI: the row's JSON request gets user and password, the latter as SHA-1 with the hour in
 * Prague, and goes out as a form. */
#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include "update/updater/sign/mac.h"
#include "update/updater/sign/schemes.h"

enum { MARCH = 2, OCTOBER = 9, CHANGE_HOUR = 1 }; /* Directive 2000/84/EC, in UTC */

/* A month of 31 days, before the hour of its last Sunday at which the clocks change. */
static bool is_before_change(const struct tm *tm)
{
	int last = 31 - (tm->tm_wday + 31 - tm->tm_mday) % 7;

	return tm->tm_mday < last || (tm->tm_mday == last && tm->tm_hour < CHANGE_HOUR);
}

static int hour_in_prague(int64_t seconds)
{
	time_t at = (time_t)seconds;
	struct tm tm = {0};
	bool summer;

	gmtime_r(&at, &tm);
	summer = tm.tm_mon > MARCH && tm.tm_mon < OCTOBER;
	if (tm.tm_mon == MARCH)
		summer = !is_before_change(&tm);
	else if (tm.tm_mon == OCTOBER)
		summer = is_before_change(&tm);
	return (tm.tm_hour + (summer ? 2 : 1)) % 24;
}

static void add_auth(const struct signing *signing, struct buf *to)
{
	struct mac mac = mac_digest("sha1", signing_span(signing->words[1]));
	struct buf text;

	buf_init(&text, 1024);
	buf_text(&text, signing->words[0]);
	mac_add_hex(&mac, &text);
	buf_printf(&text, "%02d", hour_in_prague(signing_seconds(signing)));
	mac = mac_digest("sha1", (struct span){text.text, text.len});
	mac_add_hex(&mac, to);
	to->failed |= text.failed;
	buf_done(&text);
}

static void write_form(const struct signing *signing, json_t *json, struct buf *to)
{
	json_t *request = json_object_get(json, "request");
	struct buf auth;
	char *text = NULL;

	buf_init(&auth, 2 * MAC_MAX);
	add_auth(signing, &auth);
	if (!auth.failed &&
	    json_object_set_new(request, "user", json_string(signing->words[0])) == 0 &&
	    json_object_set_new(request, "auth", json_string(auth.text)) == 0)
		text = json_dumps(json, JSON_COMPACT);
	buf_done(&auth);
	to->failed |= !text;
	buf_text(to, "request=");
	buf_urlencode(to, text ? text : "");
	free(text);
}

void wedos_sign(struct signing *signing)
{
	struct span body = signing_body(signing);
	json_t *json = json_loadb(body.text, body.len, 0, NULL);
	struct buf form;

	if (!json_is_object(json_object_get(json, "request"))) {
		signing->why = "its body is no JSON object with a request in it";
	} else {
		buf_init(&form, REQUEST_BODY_MAX);
		write_form(signing, json, &form);
		signing_set_body(signing, &form);
	}
	json_decref(json);
}
