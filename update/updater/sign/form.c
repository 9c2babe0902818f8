/* SPDX-License-Identifier: MIT */
/* 51dns and GNAME: a form, sorted, with the MD5 of it and the secret. */
#include <stdio.h>
#include <string.h>

#include "update/updater/sign/mac.h"
#include "update/updater/sign/params.h"
#include "update/updater/sign/schemes.h"

struct names {
	const char *id, *time, *signature;
	bool upper;
};

static void add_signature(const struct signing *signing, const struct names *names,
			  struct buf *form)
{
	struct buf text;
	struct mac mac;
	size_t from;

	buf_init(&text, REQUEST_BODY_MAX + SIGN_TEXT_MAX);
	buf_add(&text, form->text, form->len);
	buf_text(&text, signing->words[1]);
	mac = mac_digest("md5", (struct span){text.text, text.len});
	form->failed |= text.failed;
	buf_done(&text);
	buf_printf(form, "&%s=", names->signature);
	from = form->len;
	mac_add_hex(&mac, form);
	for (size_t i = from; names->upper && i < form->len; i++)
		if (form->text[i] >= 'a' && form->text[i] <= 'f')
			form->text[i] = (char)(form->text[i] - 'a' + 'A');
}

static void sign(struct signing *signing, const struct names *names)
{
	struct params params;
	struct buf form;
	char time[24];

	(void)snprintf(time, sizeof(time), "%lld", (long long)signing_seconds(signing));
	params_init(&params);
	params_parse(&params, signing_body(signing));
	params_add(&params, names->id, signing->words[0]);
	params_add(&params, names->time, time);
	buf_init(&form, REQUEST_BODY_MAX);
	params_join(&params, &form);
	params_done(&params);
	add_signature(signing, names, &form);
	signing_content_type(signing, "application/x-www-form-urlencoded");
	signing_set_body(signing, &form);
}

void form_sign_51dns(struct signing *signing)
{
	static const struct names names = {"apiKey", "timestamp", "hash", false};

	sign(signing, &names);
}

void form_sign_gname(struct signing *signing)
{
	static const struct names names = {"appid", "gntime", "gntoken", true};

	sign(signing, &names);
}
