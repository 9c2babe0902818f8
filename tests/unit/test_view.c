/* SPDX-License-Identifier: MIT */
#include "update/ctl/view.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <errno.h>
#include <cmocka.h>

#define SAME                                                                             \
	"{'links':[{'ifindex':3,'name':'ppp0','flags':1,'addresses':["                   \
	"{'address':'192.0.2.1','flags':128,'preferred_s':4294967295},"                  \
	"{'address':'2001:db8::1','flags':0,'preferred_s':10}],"                         \
	"'routes':{'ipv4':{'error':0,'ifindex':3},'ipv6':{'error':-101,'ifindex':0}}}]," \
	"'routes':{'ipv4':{'error':0,'ifindex':3},'ipv6':{'error':-101}},"               \
	"'choices':[{'source':'wan','family':'ipv4','addresses':['192.0.2.1'],"          \
	"'interface':'ppp0','ifindex':3}]}"

/* What the kernel says in all tests: SAME. */
static struct address addresses[2];
static struct link links[2];

static struct snapshot kernel(void)
{
	struct snapshot snapshot = {.links = links, .n_links = 2};

	addresses[0] = (struct address){.flags = IFA_F_PERMANENT, .preferred_s = UINT32_MAX};
	addresses[1] = (struct address){.preferred_s = 3600};
	(void)addr_parse("192.0.2.1", &addresses[0].addr);
	(void)addr_parse("2001:db8::1", &addresses[1].addr);
	links[0] = (struct link){.ifindex = 1, .name = "lo"}; /* which the daemon does not keep */
	links[1] = (struct link){.ifindex = 3,
				 .name = "ppp0",
				 .flags = IFF_UP,
				 .addresses = addresses,
				 .n_addresses = 2};
	links[1].routes[FAMILY_IPV4].ifindex = 3;
	links[1].routes[FAMILY_IPV6].error = -ENETUNREACH;
	snapshot.routes[FAMILY_IPV4].ifindex = 3;
	snapshot.routes[FAMILY_IPV6].error = -ENETUNREACH;
	return snapshot;
}

static json_t *parse(const char *text)
{
	char json[2048];
	json_t *value;

	(void)snprintf(json, sizeof(json), "%s", text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(json, 0, NULL);
	assert_non_null(value);
	return value;
}

/* SAME with the first occurrence of one text replaced by another. */
static json_t *changed(const char *from, const char *to)
{
	static const char same[] = SAME;
	const char *at = strstr(same, from);
	char text[2048];

	assert_non_null(at);
	(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - same), same, to,
		       at + strlen(from));
	return parse(text);
}

static void each_difference_is_told_once(void **state)
{
	static const struct {
		const char *from, *to, *told;
	} rows[] = {
		{"'ppp0','flags':1", "'ppp0','flags':0", "ppp0 is up, nlddnsd thinks otherwise"},
		{"'name':'ppp0'", "'name':'ppp7'", "link 3 is called ppp0, nlddnsd calls it ppp7"},
		{",{'address':'2001:db8::1','flags':0,'preferred_s':10}", "",
		 "nlddnsd does not know 2001:db8::1 on ppp0"},
		{"'flags':128", "'flags':32",
		 "192.0.2.1 on ppp0 has flags 0x80, nlddnsd has it with 0x20"},
		{"'ipv4':{'error':0,'ifindex':3},'ipv6':{'error':-101,'ifindex':0}",
		 "'ipv4':{'error':-101},'ipv6':{'error':-101}",
		 "there is a way to the IPv4 internet by ppp0, nlddnsd thinks otherwise"},
		{"'routes':{'ipv4':{'error':0,'ifindex':3},'ipv6':{'error':-101}}",
		 "'routes':{'ipv4':{'error':0,'ifindex':9},'ipv6':{'error':-101}}",
		 "the kernel reaches the IPv4 internet by link 3, nlddnsd thinks by 9"},
		{"'ipv6':{'error':-101}}", "'ipv6':{'error':0,'ifindex':3}}",
		 "the kernel has no way to the IPv6 internet, nlddnsd thinks otherwise"},
	};
	struct snapshot ours = kernel();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *daemon = changed(rows[i].from, rows[i].to), *list = json_array();

		view_compare(&ours, daemon, list);
		assert_int_equal(json_array_size(list), 1);
		assert_string_equal(json_string_value(json_array_get(list, 0)), rows[i].told);
		json_decref(daemon);
		json_decref(list);
	}
}

static void the_same_is_no_difference(void **state)
{
	struct snapshot ours = kernel();
	json_t *daemon = parse(SAME), *list = json_array();

	(void)state;
	view_compare(&ours, daemon, list);
	assert_int_equal(json_array_size(list), 0);
	json_decref(daemon);
	json_decref(list);
}

static void addresses_are_missed_on_both_sides(void **state)
{
	struct snapshot ours = kernel();
	json_t *daemon = changed("192.0.2.1", "192.0.2.2"), *list = json_array();

	(void)state;
	view_compare(&ours, daemon, list);
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(list, 0)),
			    "nlddnsd still has 192.0.2.2 on ppp0, the kernel does not");
	assert_string_equal(json_string_value(json_array_get(list, 1)),
			    "nlddnsd does not know 192.0.2.1 on ppp0");
	json_decref(daemon);
	json_decref(list);
}

static void links_that_are_gone(void **state)
{
	struct snapshot ours = kernel();
	json_t *daemon = changed("'ifindex':3,'name'", "'ifindex':4,'name'"), *list = json_array();

	(void)state;
	view_compare(&ours, daemon, list);
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(json_string_value(json_array_get(list, 0)),
			    "nlddnsd still has link ppp0, the kernel does not");
	json_decref(daemon);
	json_decref(list);
}

static void what_is_published(void **state)
{
	json_t *daemon = parse(SAME);
	struct choice choice;

	(void)state;
	assert_true(view_published(daemon, "wan", FAMILY_IPV4, &choice));
	assert_int_equal(choice.n, 1);
	assert_int_equal(choice.ifindex, 3);
	assert_string_equal(choice.interface, "ppp0");
	assert_true(addr_equal(&choice.addrs[0], &addresses[0].addr));
	assert_false(view_published(daemon, "wan", FAMILY_IPV6, &choice));
	assert_false(view_published(daemon, "auto", FAMILY_IPV4, &choice));
	json_decref(daemon);
}

static void what_is_chosen_now(void **state)
{
	json_t *status = parse("{'sources':[{'name':'wan','family':'ipv4','address':'192.0.2.1',"
			       "'interface':'ppp0','ready':true,'why':'192.0.2.1 on\\u001bppp0'},"
			       "{'name':'wan','family':'ipv6','address':null,'interface':'',"
			       "'ready':false,'why':'no link'},7,{'name':'wan'}]}");
	json_t *list = json_array();
	struct choice four, six;

	(void)state;
	assert_true(view_now(status, "wan", FAMILY_IPV4, &four));
	assert_int_equal(four.n, 1);
	assert_true(addr_equal(&four.addrs[0], &addresses[0].addr));
	assert_string_equal(four.interface, "ppp0");
	assert_true(four.ready);
	assert_string_equal(four.why, "192.0.2.1 on?ppp0");
	assert_true(view_now(status, "wan", FAMILY_IPV6, &six));
	assert_int_equal(six.n, 0);
	assert_false(six.ready);
	assert_false(view_now(status, "auto", FAMILY_IPV4, &six));
	assert_false(view_now(NULL, "wan", FAMILY_IPV4, &six));
	view_tell_choices("wan", FAMILY_IPV4, &six, &four, list);
	four.ready = false;
	view_tell_choices("wan", FAMILY_IPV4, &four, &six, list);
	assert_string_equal(json_string_value(json_array_get(list, 0)),
			    "the IPv4 address of wan is none, nlddnsd chooses 192.0.2.1 on ppp0");
	assert_string_equal(
		json_string_value(json_array_get(list, 1)),
		"the IPv4 address of wan is 192.0.2.1 on ppp0, not ready, nlddnsd chooses none");
	json_decref(status);
	json_decref(list);
}

/* Whatever answers, nothing breaks. */
static void nonsense_is_survived(void **state)
{
	static const char *const texts[] = {
		"{}",
		"{'links':3,'routes':[],'choices':'x'}",
		"{'links':[1,null,{'ifindex':3,'name':7,'addresses':{'a':1},'routes':0}]}",
		"{'links':[{'ifindex':3,'addresses':[{},{'address':'x'},[]]}]}",
		"{'choices':[{'source':'wan','family':'ipv4','addresses':[1,'x','::1','::1','::1',"
		"'::1','::1','::1','::1','::1','::1','::1'],'interface':'a-name-far-too-long-for-"
		"it'}]}",
	};
	struct snapshot ours = kernel();
	struct choice choice;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *daemon = parse(texts[i]), *list = json_array();

		view_compare(&ours, daemon, list);
		assert_true(json_array_size(list) > 0);
		if (view_published(daemon, "wan", FAMILY_IPV4, &choice))
			assert_int_equal(choice.n, CHOICE_MAX);
		json_decref(daemon);
		json_decref(list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_is_no_difference),
		cmocka_unit_test(each_difference_is_told_once),
		cmocka_unit_test(addresses_are_missed_on_both_sides),
		cmocka_unit_test(links_that_are_gone),
		cmocka_unit_test(what_is_published),
		cmocka_unit_test(what_is_chosen_now),
		cmocka_unit_test(nonsense_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
