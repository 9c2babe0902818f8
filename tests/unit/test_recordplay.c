/* SPDX-License-Identifier: MIT */
/* Short transcripts of record APIs (tests/records/README): what no regular API has. */
#include "providers/recordapi.h"

#include "tests/unit/recordfault.h"

static const struct setting settings[] = {
	{.name = "key", .type = SETTING_SECRET, .required = true},
	RECORDAPI_SETTINGS,
	{.name = "owner", .type = SETTING_TEXT},
	{0},
};

static const struct service form_service = {.settings = settings};

/* Forms to one address, replies in XML, a session told by a header, zones and records by cursors,
 * no change, a commit. */
static const struct recordapi form_api = {
	.service = &form_service,
	.who = "Form",
	.headers = "",
	.rights = "all rights",
	.content = RECORDAPI_CONTENT_FORM,
	.login = {{.request = "POST https://form.example/",
		   .body = "do=login&key={key}",
		   .take = "session header:X-Session"}},
	.zone = {.request = "POST https://form.example/",
		 .body = "do=zones&s={session}<&from={cursor}>"},
	.zone_list = "/r/zone",
	.zone_name = "/name",
	.zone_id = "/id",
	.zone_pages = {.cursor = "/r/next"},
	.find = {.request = "POST https://form.example/",
		 .body = "do=list&s={session}&zone={zone-id}<&from={cursor}>"},
	.find_list = "/r/rr",
	.name = "/name",
	.type = "/type",
	.id = "/id",
	.value = "/data",
	.comment = "/note",
	.find_pages = {.cursor = "/r/next"},
	.create = {.request = "POST https://form.example/",
		   .body = "do=add&s={session}&zone={zone-id}&name={name}&type={type}&data={ip}<&"
			   "note={owner}>"},
	.remove = {.request = "POST https://form.example/", .body = "do=del&s={session}&id={id}"},
	.commit = {.request = "POST https://form.example/",
		   .body = "do=commit&s={session}&zone={zone-id}"},
	.error_text = "/r/words",
};

static const char form_text[] =
	"set key = sesame\n"
	"content application/x-www-form-urlencoded\n"
	"login POST https://form.example/\n"
	"  body do=login&key=sesame\n"
	"  gives x-session: s1\n"
	"zone POST https://form.example/\n"
	"  body do=zones&s=s1<&from={cursor}>\n"
	"  item {\"name\":\"{zone}\",\"id\":{zone-id}}\n"
	"  list {\"r\":{\"zone\":[{items}]}}\n"
	"  more {\"r\":{\"zone\":[{items}],\"next\":\"{next-cursor}\"}}\n"
	"find POST https://form.example/\n"
	"  body do=list&s=s1&zone={zone-id}<&from={cursor}>\n"
	"  item "
	"{\"id\":{id},\"name\":\"{name}\",\"type\":\"{type}\",\"data\":\"{ip}\",\"note\":\"{owner}"
	"\"}\n"
	"  list {\"r\":{\"rr\":[{items}]}}\n"
	"  more {\"r\":{\"rr\":[{items}],\"next\":\"{next-cursor}\"}}\n"
	"create POST https://form.example/\n"
	"  body do=add&s=s1&zone={zone-id}&name={name}&type={type}&data={ip}<&note={owner}>\n"
	"remove POST https://form.example/\n"
	"  body do=del&s=s1&id={id}\n"
	"commit POST https://form.example/\n"
	"  body do=commit&s=s1&zone={zone-id}\n"
	"auth 401 {\"r\":{\"words\":\"go away\"}} ? Form: go away (HTTP 401): correct the key\n"
	"error login 403 {} = refused-auth\n"
	"error commit 500 {} = retry\n"
	"error create 400 {\"r\":{\"words\":\"bad\"}} = refused-config ? Form: bad\n";

static enum step form_step(const struct job *job, void *state, const struct reply *reply,
			   struct request *request, struct outcome *outcomes)
{
	return recordapi_step(&form_api, job, state, reply, request, outcomes);
}

static const struct provider form_provider = {
	.name = "form",
	.settings = settings,
	.caps = RECORDAPI_CAPS,
	.limits = {.names_per_request = 4},
	.state_size = RECORDAPI_STATE_SIZE,
	.step = form_step,
};

static void play(const struct provider *provider, const char *text)
{
	static struct transcript t;
	static struct recordplay p;
	char *copy = strdup(text);
	FILE *file;

	assert_non_null(copy);
	file = fmemopen(copy, strlen(copy), "r");
	assert_non_null(file);
	memset(&t, 0, sizeof(t));
	memset(&p, 0, sizeof(p));
	t.path = provider->name;
	t.provider = provider;
	p.t = p.text.t = &t;
	assert_false(recordtext_read(&p.text, file));
	recordfault_run(&p);
	assert_true(p.n_played > 100);
	transcript_done(&t);
	(void)fclose(file);
	free(copy);
}

static void forms_with_a_session(void **state)
{
	(void)state;
	play(&form_provider, form_text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_with_a_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
