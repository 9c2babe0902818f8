/* SPDX-License-Identifier: MIT */
#include "update/ctl/view.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linux/if.h>
#include <linux/if_addr.h>

/* Flags that decide whether an address may be published. */
#define FLAGS_THAT_COUNT \
	(IFA_F_TENTATIVE | IFA_F_DADFAILED | IFA_F_DEPRECATED | IFA_F_TEMPORARY | IFA_F_OPTIMISTIC)

static const char *const family_keys[] = {[FAMILY_IPV4] = "ipv4", [FAMILY_IPV6] = "ipv6"};
static const char *const family_names[] = {[FAMILY_IPV4] = "IPv4", [FAMILY_IPV6] = "IPv6"};

static void clean(char *text)
{
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

static void __attribute__((format(printf, 2, 3))) add(json_t *list, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	clean(text);
	(void)json_array_append_new(list, json_string(text));
}

static int64_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static const struct link *our_link(const struct snapshot *ours, const json_t *theirs)
{
	for (size_t i = 0; i < ours->n_links; i++)
		if (ours->links[i].ifindex == number(theirs, "ifindex"))
			return &ours->links[i];
	return NULL;
}

static const struct address *our_address(const struct link *link, const json_t *theirs)
{
	struct ipaddr addr;

	if (addr_parse(text(theirs, "address"), &addr) < 0)
		return NULL;
	for (size_t i = 0; i < link->n_addresses; i++)
		if (addr_equal(&link->addresses[i].addr, &addr))
			return &link->addresses[i];
	return NULL;
}

static bool they_have(const json_t *addresses, const struct ipaddr *addr)
{
	struct ipaddr other;

	for (size_t i = 0; i < json_array_size(addresses); i++)
		if (addr_parse(text(json_array_get(addresses, i), "address"), &other) == 0 &&
		    addr_equal(&other, addr))
			return true;
	return false;
}

static void compare_addresses(const struct link *link, const json_t *addresses, json_t *list)
{
	char addr[ADDR_TEXT_MAX];

	for (size_t i = 0; i < json_array_size(addresses); i++) {
		const json_t *theirs = json_array_get(addresses, i);
		const struct address *address = our_address(link, theirs);

		if (!address)
			add(list, "nlddnsd still has %s on %s, the kernel does not",
			    text(theirs, "address"), link->name);
		else if ((address->flags ^ (uint32_t)number(theirs, "flags")) & FLAGS_THAT_COUNT)
			add(list, "%s on %s has flags 0x%x, nlddnsd has it with 0x%x",
			    text(theirs, "address"), link->name, address->flags,
			    (unsigned)number(theirs, "flags"));
	}
	for (size_t i = 0; i < link->n_addresses; i++)
		if (!they_have(addresses, &link->addresses[i].addr))
			add(list, "nlddnsd does not know %s on %s",
			    addr_text(&link->addresses[i].addr, addr), link->name);
}

static bool has_way(const json_t *routes, enum family family)
{
	const json_t *route = json_object_get(routes, family_keys[family]);

	return json_is_object(route) && !number(route, "error") && !*text(route, "error");
}

static void compare_link(const struct link *link, const json_t *theirs, json_t *list)
{
	const json_t *routes = json_object_get(theirs, "routes");

	if (strcmp(link->name, text(theirs, "name")) != 0)
		add(list, "link %u is called %s, nlddnsd calls it %s", link->ifindex, link->name,
		    text(theirs, "name"));
	if ((link->flags ^ (unsigned)number(theirs, "flags")) & IFF_UP)
		add(list, "%s is %s, nlddnsd thinks otherwise", link->name,
		    link->flags & IFF_UP ? "up" : "down");
	compare_addresses(link, json_object_get(theirs, "addresses"), list);
	for (enum family f = FAMILY_IPV4; f < FAMILY_COUNT; f++)
		if (has_way(routes, f) != !link->routes[f].error)
			add(list,
			    "there is %s way to the %s internet by %s, nlddnsd thinks otherwise",
			    link->routes[f].error ? "no" : "a", family_names[f], link->name);
}

static void compare_ways(const struct snapshot *ours, const json_t *routes, json_t *list)
{
	for (enum family f = FAMILY_IPV4; f < FAMILY_COUNT; f++) {
		const json_t *theirs = json_object_get(routes, family_keys[f]);
		const struct route *route = &ours->routes[f];

		if (has_way(routes, f) != !route->error)
			add(list,
			    "the kernel has %s way to the %s internet, nlddnsd thinks otherwise",
			    route->error ? "no" : "a", family_names[f]);
		else if (!route->error && number(theirs, "ifindex") != route->ifindex)
			add(list,
			    "the kernel reaches the %s internet by link %u, nlddnsd thinks by %lld",
			    family_names[f], route->ifindex, (long long)number(theirs, "ifindex"));
	}
}

void view_compare(const struct snapshot *ours, const json_t *daemon, json_t *list)
{
	const json_t *links = json_object_get(daemon, "links");

	for (size_t i = 0; i < json_array_size(links); i++) {
		const json_t *theirs = json_array_get(links, i);
		const struct link *link = our_link(ours, theirs);

		if (link)
			compare_link(link, theirs, list);
		else
			add(list, "nlddnsd still has link %s, the kernel does not",
			    text(theirs, "name"));
	}
	compare_ways(ours, json_object_get(daemon, "routes"), list);
}

static struct choice read_choice(const json_t *theirs)
{
	const json_t *addrs = json_object_get(theirs, "addresses");
	struct choice choice = {.ifindex = (unsigned)number(theirs, "ifindex")};

	for (size_t i = 0; i < json_array_size(addrs) && choice.n < CHOICE_MAX; i++) {
		const char *addr = json_string_value(json_array_get(addrs, i));

		if (addr && addr_parse(addr, &choice.addrs[choice.n]) == 0)
			choice.n++;
	}
	(void)snprintf(choice.interface, sizeof(choice.interface), "%s", text(theirs, "interface"));
	return choice;
}

bool view_published(const json_t *daemon, const char *source, enum family family,
		    struct choice *ret)
{
	const json_t *choices = json_object_get(daemon, "choices");

	for (size_t i = 0; i < json_array_size(choices); i++) {
		const json_t *theirs = json_array_get(choices, i);

		if (!strcmp(text(theirs, "source"), source) &&
		    !strcmp(text(theirs, "family"), family_keys[family])) {
			*ret = read_choice(theirs);
			return true;
		}
	}
	return false;
}

bool view_now(const json_t *status, const char *source, enum family family, struct choice *ret)
{
	const json_t *sources = json_object_get(status, "sources");

	for (size_t i = 0; i < json_array_size(sources); i++) {
		const json_t *theirs = json_array_get(sources, i);
		struct choice now = {.ready = json_is_true(json_object_get(theirs, "ready"))};

		if (strcmp(text(theirs, "name"), source) != 0 ||
		    strcmp(text(theirs, "family"), family_keys[family]) != 0)
			continue;
		if (addr_parse(text(theirs, "address"), &now.addrs[0]) == 0)
			now.n = 1;
		(void)snprintf(now.interface, sizeof(now.interface), "%s",
			       text(theirs, "interface"));
		(void)snprintf(now.why, sizeof(now.why), "%s", text(theirs, "why"));
		clean(now.interface);
		clean(now.why);
		*ret = now;
		return true;
	}
	return false;
}

#define CHOICE_TEXT_MAX (ADDR_TEXT_MAX + IF_NAMESIZE + 24)

static const char *choice_text(const struct choice *choice, char out[static CHOICE_TEXT_MAX])
{
	char addr[ADDR_TEXT_MAX];

	if (!choice->n)
		(void)snprintf(out, CHOICE_TEXT_MAX, "none");
	else
		(void)snprintf(out, CHOICE_TEXT_MAX, "%s on %s%s",
			       addr_text(&choice->addrs[0], addr), choice->interface,
			       choice->ready ? "" : ", not ready");
	return out;
}

void view_tell_choices(const char *source, enum family family, const struct choice *ours,
		       const struct choice *daemon, json_t *list)
{
	char here[CHOICE_TEXT_MAX], there[CHOICE_TEXT_MAX];

	add(list, "the %s address of %s is %s, nlddnsd chooses %s", family_names[family], source,
	    choice_text(ours, here), choice_text(daemon, there));
}
