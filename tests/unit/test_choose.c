/* SPDX-License-Identifier: MIT */
#include "netwatch/choose.c"

#include <errno.h>
#include <linux/if_addr.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/choose_rows.h"

#define LINKS_MAX     8
#define ADDRESSES_MAX 16

/* A snapshot written as text: links divided by "|"; of each its name, then words: up, r4 r6 (a
 * route by it), out4 out6 (the way out), kind=, alt=, and addresses with their flags behind commas.
 */
struct scene {
	struct snapshot snapshot;
	struct link links[LINKS_MAX];
	struct address addresses[LINKS_MAX][ADDRESSES_MAX];
	char text[1024];
	struct rule rule;
	const char *interfaces[8];
	char rule_text[256];
	struct choice published;
};

static void read_flag(const char *word, struct address *address)
{
	static const struct {
		const char *word;
		uint32_t flag;
	} flags[] = {
		{"tent", IFA_F_TENTATIVE},  {"fail", IFA_F_DADFAILED | IFA_F_TENTATIVE},
		{"dep", IFA_F_DEPRECATED},  {"temp", IFA_F_TEMPORARY},
		{"opti", IFA_F_OPTIMISTIC}, {"sec", IFA_F_SECONDARY},
	};
	unsigned value;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (strcmp(flags[i].word, word) == 0) {
			address->flags |= flags[i].flag;
			return;
		}
	}
	if (sscanf(word, "pref=%u", &value) == 1)
		address->preferred_s = value;
	else if (sscanf(word, "made=%u", &value) == 1)
		address->created = value;
	else if (sscanf(word, "scope=%u", &value) == 1)
		address->scope = (uint8_t)value;
	else
		fail_msg("flag '%s'?", word);
}

static void read_address(char *words, struct link *link)
{
	struct address *address = &link->addresses[link->n_addresses++];
	const char *word = strsep(&words, ",");
	unsigned len;

	*address = (struct address){.preferred_s = UINT32_MAX, .valid_s = UINT32_MAX};
	if (addr_parse_prefix(word, &address->addr, &len) < 0)
		fail_msg("'%s'?", word);
	address->prefix_len = (uint8_t)(strchr(word, '/') ? len : 64);
	while ((word = strsep(&words, ",")))
		read_flag(word, address);
}

static void read_link(struct scene *scene, char *words)
{
	size_t n = scene->snapshot.n_links++;
	struct link *link = &scene->links[n];
	char *word;

	*link = (struct link){.ifindex = 2 + (unsigned)n, .addresses = scene->addresses[n]};
	link->routes[0].error = link->routes[1].error = -ENETUNREACH;
	while ((word = strsep(&words, " "))) {
		if (*word == '\0')
			continue;
		else if (!link->name[0])
			snprintf(link->name, sizeof(link->name), "%s", word);
		else if (strcmp(word, "up") == 0)
			link->flags |= IFF_UP;
		else if (word[0] == 'r' && (word[1] == '4' || word[1] == '6'))
			link->routes[word[1] == '6'] = (struct route){.ifindex = link->ifindex};
		else if (strncmp(word, "out", 3) == 0)
			scene->snapshot.routes[word[3] == '6'] = link->routes[word[3] == '6'] =
				(struct route){.ifindex = link->ifindex};
		else if (strncmp(word, "kind=", 5) == 0)
			snprintf(link->kind, sizeof(link->kind), "%s", word + 5);
		else if (strncmp(word, "alt=", 4) == 0)
			snprintf(link->altnames[0], sizeof(link->altnames[0]), "%s", word + 4);
		else
			read_address(word, link);
	}
}

static void read_match(struct rule *rule, const char *word)
{
	rule->match = strncmp(word, "in=", 3) == 0 ? RULE_MATCH_PREFIX : RULE_MATCH_SUFFIX;
	if (addr_parse_prefix(strchr(word, '=') + 1, &rule->match_addr, &rule->match_len) < 0)
		fail_msg("'%s'?", word);
}

/* "::5" or, for one length, "::5/64"; a host part takes the bits from its first on. */
static void read_host(struct rule *rule, const char *word)
{
	struct hostpart *host = &rule->host;
	unsigned len, bit = 0;

	if (addr_parse_prefix(word, &host->bits, &len) < 0)
		fail_msg("'%s'?", word);
	host->prefix_len = strchr(word, '/') ? len : 0;
	while (!(host->bits.bytes[bit / 8] & 0x80 >> bit % 8))
		bit++;
	host->prefix_max = bit;
}

/* "4" or "6", then interfaces and words. */
static void read_rule(struct scene *scene, const char *text)
{
	struct rule *rule = &scene->rule;
	char *rest = scene->rule_text, *word;
	enum addr_class class;

	snprintf(scene->rule_text, sizeof(scene->rule_text), "%s", text);
	*rule = (struct rule){.interfaces = scene->interfaces};
	rule->family = *strsep(&rest, " ") == '6' ? FAMILY_IPV6 : FAMILY_IPV4;
	while ((word = strsep(&rest, " "))) {
		if (strcmp(word, "+all") == 0)
			rule->combine = RULE_COMBINE_ALL;
		else if (strcmp(word, "+address") == 0)
			rule->ready = RULE_READY_ADDRESS;
		else if (strcmp(word, "+temporary") == 0)
			rule->select = RULE_SELECT_TEMPORARY;
		else if (strcmp(word, "+dhcp") == 0)
			rule->select = RULE_SELECT_DHCP;
		else if (strcmp(word, "+eui64") == 0)
			rule->select = RULE_SELECT_EUI64;
		else if (strncmp(word, "host=", 5) == 0)
			read_host(rule, word + 5);
		else if (strchr(word, '='))
			read_match(rule, word);
		else if (*word == '+' && addr_class_parse(word + 1, &class) == 0)
			rule->allow |= 1u << class;
		else
			scene->interfaces[rule->n_interfaces++] = word;
	}
}

static void set_scene(struct scene *scene, const char *links, const char *rule)
{
	char *rest = scene->text, *words;

	memset(scene, 0, sizeof(*scene));
	snprintf(scene->text, sizeof(scene->text), "%s", links);
	scene->snapshot.links = scene->links;
	scene->snapshot.routes[0].error = scene->snapshot.routes[1].error = -ENETUNREACH;
	while (links[0] && (words = strsep(&rest, "|")))
		read_link(scene, words);
	read_rule(scene, rule);
}

/* "ppp0 192.0.2.1 192.0.2.2", or NULL: nothing is published. */
static const struct choice *set_published(struct scene *scene, const char *text)
{
	char copy[256], *rest = copy;
	const char *word;

	if (!text)
		return NULL;
	snprintf(copy, sizeof(copy), "%s", text);
	snprintf(scene->published.interface, IF_NAMESIZE, "%s", strsep(&rest, " "));
	while ((word = strsep(&rest, " ")))
		assert_int_equal(addr_parse(word, &scene->published.addrs[scene->published.n++]),
				 0);
	return &scene->published;
}

static void describe(const struct choice *choice, char *out, size_t size)
{
	char text[ADDR_TEXT_MAX];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < choice->n; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "",
					 addr_text(&choice->addrs[i], text));
	if (choice->n > 0 && !choice->ready)
		snprintf(out + used, size - used, " waits");
}

static void chooses(void **state)
{
	static struct scene scene;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &rows[i];
		struct choice choice;
		char text[512];

		set_scene(&scene, row->links, row->rule);
		choose(&scene.snapshot, &scene.rule, set_published(&scene, row->published),
		       &choice);
		describe(&choice, text, sizeof(text));
		if (strcmp(text, row->want) != 0 || strcmp(choice.why, row->why) != 0)
			fail_msg("%s: '%s' because '%s'", row->name, text, choice.why);
		assert_int_equal(choice.n == 0, choice.ifindex == 0);
		assert_int_equal(choice.n == 0, choice.interface[0] == '\0');
	}
}

/* Published, a choice is stable: the same scene gives the same choice again. And it does not depend
 * on the order of addresses. */
static void is_stable_and_independent_of_order(void **state)
{
	static struct scene scene;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct choice first, again, turned;

		set_scene(&scene, rows[i].links, rows[i].rule);
		choose(&scene.snapshot, &scene.rule, set_published(&scene, rows[i].published),
		       &first);
		choose(&scene.snapshot, &scene.rule, &first, &again);
		for (size_t l = 0; l < scene.snapshot.n_links; l++) {
			struct link *link = &scene.links[l];

			for (size_t a = 0; a < link->n_addresses / 2; a++) {
				struct address swap = link->addresses[a];
				size_t other = link->n_addresses - 1 - a;

				link->addresses[a] = link->addresses[other];
				link->addresses[other] = swap;
			}
		}
		choose(&scene.snapshot, &scene.rule, rows[i].published ? &scene.published : NULL,
		       &turned);
		if (!choice_equal(&first, &again) || !choice_equal(&first, &turned))
			fail_msg("%s: not stable", rows[i].name);
	}
}

struct told {
	char text[2048];
	size_t used;
};

static void tell(void *arg, const struct candidate *candidate)
{
	struct told *told = arg;
	char text[ADDR_TEXT_MAX] = "";

	if (candidate->address)
		addr_text(&candidate->address->addr, text);
	told->used += (size_t)snprintf(told->text + told->used, sizeof(told->text) - told->used,
				       "%s %s%s%s: %s\n", candidate->link->name, text,
				       candidate->eligible ? " eligible" : "",
				       candidate->chosen ? " chosen" : "", candidate->why);
}

static void explain(const char *links, const char *rule, const char *published, const char *want)
{
	static struct scene scene;
	struct told told = {.used = 0};

	set_scene(&scene, links, rule);
	choose_explain(&scene.snapshot, &scene.rule, set_published(&scene, published), tell, &told);
	assert_string_equal(told.text, want);
}

/* Only by name: what leaves by one is not the address the provider of the link knows. */
static void tunnels_are_not_the_routed_link(void **state)
{
	static const struct {
		const char *kind;
		bool tunnel;
	} kinds[] = {
		{"wireguard", true}, {"ovpn", true},      {"tun", true},      {"ipip", true},
		{"sit", true},       {"ip6tnl", true},    {"gre", true},      {"ip6gre", true},
		{"gretap", true},    {"ip6gretap", true}, {"erspan", true},   {"ip6erspan", true},
		{"vti", true},       {"vti6", true},      {"xfrm", true},     {"vxlan", true},
		{"geneve", true},    {"ppp", false},      {"vlan", false},    {"bridge", false},
		{"bond", false},     {"veth", false},     {"macvlan", false}, {"", false},
	};
	struct scene scene;
	struct choice choice;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		set_scene(&scene, "w up out4 9.0.0.1", "4");
		snprintf(scene.links[0].kind, LINK_KIND_MAX, "%s", kinds[i].kind);
		choose(&scene.snapshot, &scene.rule, NULL, &choice);
		if (choice.n != !kinds[i].tunnel)
			fail_msg("kind '%s': %s", kinds[i].kind, choice.why);
	}
}

static void explains_every_candidate(void **state)
{
	(void)state;
	explain("lo up 127.0.0.1|ppp0 up out4 9.0.0.1 9.0.0.2,made=5 10.0.0.5 2600::1|eth0 up "
		"9.0.0.3",
		"4 ppp*", NULL,
		"lo : lo is not asked for\n"
		"lo 127.0.0.1: 127.0.0.1 is loopback; allow = loopback lifts it\n"
		"ppp0  eligible chosen: ppp0 is ready\n"
		"ppp0 9.0.0.1 eligible: usable, but 9.0.0.2 on ppp0 comes first\n"
		"ppp0 9.0.0.2 eligible chosen: chosen\n"
		"ppp0 10.0.0.5: 10.0.0.5 is private, RFC 1918; allow = private lifts it\n"
		"eth0 : eth0 is not asked for\n"
		"eth0 9.0.0.3: usable, but eth0 is not asked for\n");
	explain("wg0 up out6 kind=wireguard 2600::7|eth0 up r6 2600::1 2600::2,temp 2600::3,tent",
		"6", NULL,
		"wg0 : wg0 is a tunnel (wireguard), used only by name\n"
		"wg0 2600::7: usable, but wg0 is not asked for\n"
		"eth0 : the IPv6 default route does not leave by eth0\n"
		"eth0 2600::1: usable, but eth0 is not asked for\n"
		"eth0 2600::2: 2600::2 is temporary (privacy), and stable is asked for\n"
		"eth0 2600::3: 2600::3 is tentative, its check for duplicates runs\n");
	explain("a 9.0.0.1|b up 9.0.0.2|c up r4 9.0.0.3", "4 a b c", "c 9.0.0.3",
		"a  eligible: a is down\n"
		"a 9.0.0.1 eligible: usable, but 9.0.0.3 on c comes first\n"
		"b  eligible: no IPv4 route by b\n"
		"b 9.0.0.2 eligible: usable, but 9.0.0.3 on c comes first\n"
		"c  eligible chosen: c is ready\n"
		"c 9.0.0.3 eligible chosen: chosen, as it is published\n");
	explain("a up r4 9.0.0.1|b 9.0.0.1|c up r4 9.0.0.3", "4 * +all", NULL,
		"a  eligible chosen: a is ready\n"
		"a 9.0.0.1 eligible chosen: chosen\n"
		"b  eligible: b is down\n"
		"b 9.0.0.1 eligible: usable, but 9.0.0.1 on a comes first\n"
		"c  eligible: c is ready\n"
		"c 9.0.0.3 eligible chosen: chosen\n");
	explain("br0 up 2600:a::1,made=5 2600:a::2,dep,pref=0 2600:b::1/60 2600:c::7/128 "
		"fd00::1|eth0 up 2600:d::1",
		"6 br0 +address host=::5", NULL,
		"br0  eligible chosen: br0 is ready\n"
		"br0 2600:a::1 eligible chosen: chosen; gives 2600:a::5\n"
		"br0 2600:a::2: 2600:a::2 is deprecated\n"
		"br0 2600:b::1 eligible: usable, but 2600:a::5 on br0 comes first\n"
		"br0 2600:c::7: 2600:c::7/128 reaches into the host part ::5\n"
		"br0 fd00::1: fd00::1 is unique local, RFC 4193; allow = ula lifts it\n"
		"eth0 : eth0 is not asked for\n"
		"eth0 2600:d::1: usable, but eth0 is not asked for\n");
	explain("br0 up 2600:a::1", "6 br0 +address host=::5", "br0 2600:a::5",
		"br0  eligible chosen: br0 is ready\n"
		"br0 2600:a::1 eligible chosen: chosen, as it is published; gives 2600:a::5\n");
}

static void equality_is_of_addresses_link_and_readiness(void **state)
{
	struct choice a = {.n = 1, .ifindex = 2, .interface = "ppp0", .ready = true, .why = "x"};
	struct choice b = a;

	(void)state;
	assert_int_equal(addr_parse("9.0.0.1", &a.addrs[0]), 0);
	b.addrs[0] = a.addrs[0];
	b.why[0] = 'y';
	assert_true(choice_equal(&a, &b));
	b.ready = false;
	assert_false(choice_equal(&a, &b));
	b = a;
	b.ifindex = 3;
	assert_false(choice_equal(&a, &b));
	b = a;
	b.interface[0] = 'q';
	assert_false(choice_equal(&a, &b));
	b = a;
	b.addrs[0].bytes[3] = 9;
	assert_false(choice_equal(&a, &b));
	b = a;
	b.n = 0;
	assert_false(choice_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chooses),
		cmocka_unit_test(is_stable_and_independent_of_order),
		cmocka_unit_test(tunnels_are_not_the_routed_link),
		cmocka_unit_test(explains_every_candidate),
		cmocka_unit_test(equality_is_of_addresses_link_and_readiness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
