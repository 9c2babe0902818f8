/* SPDX-License-Identifier: MIT */
#include "update/ctl/live.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* Without "at" and "ms"; what is shown behind the kind. */
static const struct {
	const char *line, *shown;
} rows[] = {
	{"{'kind':'start','version':'1.2','records':3}",
	 "start     nlddnsd 1.2, 3 records; Ctrl-C ends this"},
	{"{'kind':'event','all':false,'links':['wan0','#7'],'routes':[],'changed':true}",
	 "event     wan0, #7"},
	{"{'kind':'event','links':['wan0'],'routes':['ipv4','ipv6'],'changed':true}",
	 "event     wan0, IPv4 routes, IPv6 routes"},
	{"{'kind':'event','links':[],'routes':['ipv6'],'changed':false}",
	 "event     IPv6 routes (nothing new in it)"},
	{"{'kind':'event','all':true,'links':['wan0'],'changed':true}",
	 "event     all is read anew"},
	{"{'kind':'choice','source':'wan','family':'ipv6','why':'no link matches ppp*'}",
	 "choice    wan IPv6: no link matches ppp*"},
	{"{'kind':'settle','source':'wan','family':'ipv4','addresses':['192.0.2.1','192.0.2.2'],"
	 "'ready':true}",
	 "settle    wan IPv4: 192.0.2.1 192.0.2.2, ready"},
	{"{'kind':'settle','source':'wan','family':'ipv4','addresses':[],'ready':false}",
	 "settle    wan IPv4: none, not ready"},
	{"{'kind':'decision','record':'a.b A','from':'confirmed','to':'pending',"
	 "'wanted':['192.0.2.1'],'wait_ms':940,'why':'changes too often: waits 1 s'}",
	 "decision  a.b A: confirmed -> pending 192.0.2.1 (changes too often: waits 1 s), next "
	 "look in 940 ms"},
	{"{'kind':'decision','record':'a.b A','from':'held','to':'held','wanted':[],"
	 "'wait_ms':null,'why':'badauth'}",
	 "decision  a.b A: held none (badauth)"},
	{"{'kind':'decision','record':'a.b A','from':'pending','to':'pending','wanted':[],"
	 "'wait_ms':90000,'why':'x'}",
	 "decision  a.b A: pending none (x), next look in 1 min"},
	{"{'kind':'request','job':7,'records':['a.b A','a.b AAAA'],'provider':'dyndns2',"
	 "'bind':'wan0','progress':'GET x/y'}",
	 "request   job 7, dyndns2 by wan0: GET x/y (a.b A, a.b AAAA)"},
	{"{'kind':'request','job':7,'records':['a.b A'],'provider':'hosts','bind':null,"
	 "'progress':'begun'}",
	 "request   job 7, hosts: begun (a.b A)"},
	{"{'kind':'verdict','job':7,'record':'a.b A','verdict':'done','why':'good'}",
	 "verdict   a.b A: done (good)"},
	{"{'kind':'dropped','why':'read too slowly'}", "dropped   read too slowly"},
	/* Of another version, or broken. */
	{"{'kind':'later'}", "later     "},
	{"{}", "?         "},
	{"{'kind':'decision'}", "decision  ?: ? none (?)"},
	{"{'kind':'event','links':[7],'routes':[7],'changed':1}",
	 "event     ?, IPv4 routes (nothing new in it)"},
	{"{'kind':'request','records':7}", "request   job 0, ?: ? ()"},
};

/* text, freed by the next call. */
static const char *shown(const char *quoted)
{
	static struct buf text;
	char line[512];
	json_t *json;

	(void)snprintf(line, sizeof(line), "%s", quoted);
	for (char *c = line; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json = json_loads(line, 0, NULL);
	if (!json)
		fail_msg("not JSON: %s", line);
	buf_done(&text);
	buf_init(&text, LIVE_LINE_MAX);
	live_tell(json, &text);
	json_decref(json);
	return text.text;
}

static void each_kind_in_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = shown(rows[i].line);

		assert_true(strlen(text) > 24);
		assert_string_equal(text + 24, rows[i].shown);
	}
}

static void columns_are_aligned(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	assert_string_equal(shown("{'at':'2026-11-22T08:09:11.042Z','ms':51,'kind':'later'}"),
			    "08:09:11.042    +51 ms  later     ");
	assert_string_equal(shown("{'at':'2026-11-22T08:09:11.042Z','ms':null,'kind':'later'}"),
			    "08:09:11.042            later     ");
	assert_string_equal(shown("{'at':'2026-11-22T08:09:11Z','ms':12345,'kind':'later'}"),
			    "08:09:11     +12345 ms  later     ");
	assert_string_equal(shown("{'at':'noon','ms':'x','kind':'later'}"),
			    "                        later     ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_in_words),
		cmocka_unit_test(columns_are_aligned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
