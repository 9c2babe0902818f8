/* SPDX-License-Identifier: MIT */
/* Files of record APIs: what is said of wrong ones. */
#include "cfg/cfg_api.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "cfg/catalog.h"
#include "tests/unit/tempdir.h"

static const char good[] = "[service]\n"
			   "title = Api\n"
			   "web = https://a.example\n"
			   "family = records\n"
			   "bearer = {token}\n"
			   "[zone]\n"
			   "request = GET https://a.example/z/{zone}\n"
			   "[find]\n"
			   "request = GET https://a.example/z/{zone}/r?n={name}&t={type}\n"
			   "list = /r\n"
			   "id = /id\n"
			   "value = /v\n"
			   "[create]\n"
			   "request = POST https://a.example/z/{zone}/r\n"
			   "body = {\"n\":\"{name}\",\"v\":\"{ip}\"}\n"
			   "[remove]\n"
			   "request = DELETE https://a.example/r/{id}\n"
			   "[replies]\n"
			   "refused-auth = json /e = auth\n";

/* The good file with one text instead of another, and the first thing that is wrong then; NULL:
 * nothing. */
static const struct row {
	const char *from, *to, *fault;
} rows[] = {
	{"value = /v\n", "value = /v\nname = whole\nnone-is-404 = yes\n", NULL},
	{"value = /v", "valeu = /v", "12: unknown key `valeu`; did you mean `value`?"},
	{"family = records\n", "", "5: [zone] needs family = records"},
	{"[zone]", "[zones]",
	 "6: [zones]: a service has [service], [replies], [setting NAME] and, with family = "
	 "records, [zone], [find], [create], [change], [remove]"},
	{"GET https://a.example/z/{zone}\n", "GTE https://a.example/z/{zone}\n",
	 "7: `request` begins with GET, POST, PUT, PATCH or DELETE and a blank"},
	{"GET https://a.example/z/{zone}\n", "GET http://a.example/z/{zone}\n",
	 "7: `request` must go to https:// and a host, and have no user name, no blanks and no #"},
	{"GET https://a.example/z/{zone}\n", "GET https://u:p@a.example/{zone}\n",
	 "7: `request` must go to https:// and a host, and have no user name, no blanks and no #"},
	{"GET https://a.example/z/{zone}\n", "GET https://a.example/{domain}\n",
	 "7: `request` there is no {domain}; describe it in [setting domain], or see "
	 "nlddns-provider(5) for those there are"},
	{"list = /r", "list = r", "10: `list` is a pointer like /error/code, or `whole`"},
	{"id = /id\n", "", "8: [find] needs `id`, for records, or `values`, for sets"},
	{"id = /id", "values = /x", "11: `values` needs `element`: how one is sent"},
	{"value = /v\n", "", "8: [find] needs `value`"},
	{"value = /v", "value = /v\nseparator = ,",
	 "13: `separator` needs `values`: where they are"},
	{"value = /v", "value = /v\nnames = both",
	 "13: `names` cannot be `both`; choose from: whole relative either"},
	{"value = /v", "value = /v\npage-size = many", "13: `page-size` is no whole number"},
	{"value = /v", "value = /v\nnone-is-404 = maybe", "13: `none-is-404` is either yes or no"},
	{"value = /v", "value = /v\nnone = stat 404",
	 "13: `none` needs one of: status, token, line, body, empty, json, xml"},
	{"[remove]\nrequest = DELETE https://a.example/r/{id}\n", "",
	 "1: [remove] needs `request`"},
	{"{ip}", "{ipp}",
	 "15: `body` there is no {ipp}; describe it in [setting ipp], or see nlddns-provider(5) "
	 "for those there are"},
	{"{ip}", "<{ip}", "15: `body` has a < without its >"},
	{"{ip}", "{names}",
	 "15: `body` there is no {names}; describe it in [setting names], or see "
	 "nlddns-provider(5) for those there are"},
	{"[zone]\n", "[zone]\nlist = /zones\n", "7: `list` needs `name`: which of them is meant"},
	{"[zone]\n", "[zone]\ntake = account\n",
	 "7: `take` is a name and a pointer, such as session /result/token, or one header, such as "
	 "session header:X-Token, and more of them"},
	{"[zone]\n", "[zone]\ntake = a /b c header:X-Token-1\n", NULL},
	{"[zone]\n", "[zone]\ntake = a header:X c header:Y\n",
	 "7: `take` is a name and a pointer, such as session /result/token, or one header, such as "
	 "session header:X-Token, and more of them"},
	{"[zone]\n", "[zone]\ntake = a header:X:\n",
	 "7: `take` is a name and a pointer, such as session /result/token, or one header, such as "
	 "session header:X-Token, and more of them"},
	{"[zone]\n", "[zone]\ntake = id /account\n",
	 "7: `take` takes {id}, which is known already"},
	{"[zone]\n", "[zone]\nsign = scribble {token}\n",
	 "7: `sign` begins with the name of a scheme; nlddns-provider(5) lists them"},
	{"[zone]\n", "[zone]\ncontent = yaml\n",
	 "7: `content` cannot be `yaml`; choose from: unset json form xml"},
	{"bearer = {token}", "bearer = {token}\nurl = https://a.example",
	 "6: `url` has no meaning with family = records: requests are in [zone], [find], [create], "
	 "[change], [remove]"},
	{"bearer = {token}", "bearer = {token}\ncontent-type = json",
	 "6: `content-type` has no meaning with family = records: write content"},
	{"bearer = {token}", "bearer = {token}\nerror-txt = /e",
	 "6: unknown key `error-txt`; did you mean `error-text`?"},
	{"bearer = {token}", "bearer = {token}\nbasic = a:b",
	 "5: `bearer` and `basic` are sent in the same header: leave out one"},
	{"json /e", "jsn /e",
	 "19: `refused-auth` needs one of: status, token, line, body, empty, json, xml"},
	{"[replies]", "[setting id]\nhelp = Id.\n[replies]",
	 "1: the service has a [setting id], but {id} is known already"},
	{"[replies]", "[setting region]\nhelp = Region.\n[replies]",
	 "18: [setting region] is used nowhere"},
	{"id = /id\nvalue = /v",
	 "values = /x\nvalue = /v\nelement = \"{ip}\"\n[read]\nrequest = GET "
	 "https://a.example/{id}",
	 "15: `request` needs `id` in [find], and no `values` there"},
	{"[create]", "[action]\nrequest = GET https://a.example/{id}\n[create]",
	 "14: `request` needs `id` and `state`"},
};

static void write_file(const struct row *row)
{
	const char *at = strstr(good, row->from);
	char text[2048];

	assert_non_null(at);
	(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, row->to,
		       at + strlen(row->from));
	tempdir_text("svc.conf", text);
}

static struct cfg_service *read_file(char fault[static 400])
{
	struct cfg_service *service = NULL;
	struct reader reader = {0};
	struct faults faults = {0};
	struct catalog_entry entry;

	assert_int_equal(catalog_find(tempdir, "svc", &entry), 0);
	assert_int_equal(catalog_read(&reader, &entry, &faults, &service), 0);
	catalog_forget(&entry);
	fault[0] = '\0';
	if (faults.n > 0)
		(void)snprintf(fault, 400, "%d: %s", faults.list[0].at.line, faults.list[0].text);
	reader_done(&reader);
	faults_done(&faults);
	return service;
}

static void every_mistake_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cfg_service *service;
		char fault[400];

		write_file(&rows[i]);
		service = read_file(fault);
		if (strcmp(fault, rows[i].fault ? rows[i].fault : "") != 0)
			fail_msg("%s -> %s is said to be: %s", rows[i].from, rows[i].to, fault);
		assert_int_equal(!service->provider.service, rows[i].fault != NULL);
		catalog_free(service);
	}
}

static const struct setting *setting_of(const struct cfg_service *service, const char *name)
{
	const struct setting *row = service->settings;

	while (row->name && strcmp(row->name, name) != 0)
		row++;
	return row->name ? row : NULL;
}

/* zone, create and shared; owner where records have a comment. */
static void settings_come_with_the_family(void **state)
{
	static const struct row with = {"value = /v\n", "value = /v\ncomment = /c\n", NULL};
	static const struct row without = {"value = /v\n", "value = /v\n", NULL};
	static const char *const names[] = {"zone", "create", "shared", "owner"};
	struct cfg_service *service;
	char fault[400];

	(void)state;
	write_file(&with);
	service = read_file(fault);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_non_null(setting_of(service, names[i]));
		assert_false(setting_of(service, names[i])->required);
	}
	assert_true(setting_of(service, "token")->required);
	assert_int_equal(setting_of(service, "token")->type, SETTING_SECRET);
	catalog_free(service);
	write_file(&without);
	service = read_file(fault);
	assert_null(setting_of(service, "owner"));
	catalog_free(service);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_is_told_with_its_place),
		cmocka_unit_test(settings_come_with_the_family),
	};

	return cmocka_run_group_tests(tests, tempdir_setup, tempdir_teardown);
}
