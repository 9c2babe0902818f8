/* SPDX-License-Identifier: MIT */
#include "update/updater/sign/canon.h"

#include <ctype.h>
#include <string.h>

#include "update/updater/sign/params.h"

static struct span find(const struct signing *signing, const char *name)
{
	return strcmp(name, "host") == 0 ? signing_host(signing) : signing_find(signing, name);
}

void canon_names(const struct signing *signing, const struct canon *canon, struct buf *to)
{
	bool any = false;

	for (const char *const *name = canon->names; *name; name++) {
		if (!find(signing, *name).text)
			continue;
		buf_printf(to, "%s%s", any ? ";" : "", *name);
		any = true;
	}
}

static void add_headers(const struct signing *signing, const struct canon *canon, struct buf *to)
{
	for (const char *const *name = canon->names; *name; name++) {
		struct span value = find(signing, *name);

		if (!value.text)
			continue;
		buf_printf(to, "%s:", *name);
		for (size_t i = 0; i < value.len; i++)
			buf_printf(to, "%c",
				   canon->lower ? tolower((unsigned char)value.text[i])
						: value.text[i]);
		buf_text(to, "\n");
	}
}

void canon_query(const struct signing *signing, struct buf *to)
{
	struct params params;

	params_init(&params);
	params_parse(&params, signing_query(signing));
	params_join(&params, to);
	params_done(&params);
}

void canon_add_body(const struct signing *signing, struct buf *to)
{
	struct mac mac = mac_digest("sha256", signing_body(signing));

	mac_add_hex(&mac, to);
}

static void add_path(const struct signing *signing, const struct canon *canon, struct buf *to)
{
	struct span path = signing_path(signing);

	for (size_t i = 0; i < path.len; i++)
		if (canon->twice && path.text[i] == '%')
			buf_text(to, "%25");
		else
			buf_add(to, path.text + i, 1);
	if (canon->slash && path.text[path.len - 1] != '/')
		buf_text(to, "/");
}

void canon_add(const struct signing *signing, const struct canon *canon, struct buf *to)
{
	struct buf text;
	struct mac mac;

	buf_init(&text, REQUEST_BODY_MAX);
	buf_printf(&text, "%s\n", signing->request->http.method);
	add_path(signing, canon, &text);
	buf_text(&text, "\n");
	canon_query(signing, &text);
	buf_text(&text, "\n");
	add_headers(signing, canon, &text);
	buf_text(&text, "\n");
	canon_names(signing, canon, &text);
	buf_text(&text, "\n");
	canon_add_body(signing, &text);
	mac = mac_digest("sha256", (struct span){text.text, text.len});
	mac_add_hex(&mac, to);
	to->failed |= text.failed;
	buf_done(&text);
}
