/* SPDX-License-Identifier: MIT */
/* The finding in words. */
#include <fnmatch.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "update/ctl/finding.h"
#include "update/ctl/wording.h"

const char *finding_family(const struct finding *finding)
{
	return finding->rule.family == FAMILY_IPV6 ? "IPv6" : "IPv4";
}

static const struct link *link_at(const struct snapshot *snapshot, unsigned ifindex)
{
	for (size_t i = 0; i < snapshot->n_links; i++)
		if (snapshot->links[i].ifindex == ifindex)
			return &snapshot->links[i];
	return NULL;
}

static void add_interfaces(const struct rule *rule, struct buf *text)
{
	for (size_t i = 0; i < rule->n_interfaces; i++)
		buf_printf(text, "%s%s", i ? ", " : "", rule->interfaces[i]);
}

void finding_tell_source(const struct finding *finding, struct buf *text)
{
	const struct rule *rule = &finding->rule;

	if (!rule->n_interfaces) {
		buf_text(text, "Source: the link the kernel routes by (interface = auto).");
		return;
	}
	buf_text(text, "Source: interface = ");
	add_interfaces(rule, text);
	if (rule->combine == RULE_COMBINE_ALL)
		buf_text(text, ", all that are ready");
	else if (rule->n_interfaces > 1 || strpbrk(rule->interfaces[0], "*?["))
		buf_text(text, ", the first that is ready");
	buf_text(text, ".");
}

void finding_tell_choice(const struct finding *finding, struct buf *text)
{
	char addr[ADDR_TEXT_MAX];

	if (!finding->choice.n)
		buf_text(text, "none");
	for (size_t i = 0; i < finding->choice.n; i++)
		buf_printf(text, "%s%s", i ? " " : "", addr_text(&finding->choice.addrs[i], addr));
}

void finding_tell_route(const struct finding *finding, struct buf *text)
{
	const struct route *route = &finding->snapshot->routes[finding->rule.family];
	const struct link *link = link_at(finding->snapshot, route->ifindex);

	if (route->error) {
		buf_printf(text, "The kernel has no way to the %s internet: %s.",
			   finding_family(finding), strerror(-route->error));
		return;
	}
	buf_printf(text, "The kernel reaches the %s internet by %s", finding_family(finding),
		   link ? link->name : "a link that is just gone");
	if (route->table && route->table != RT_TABLE_MAIN)
		buf_printf(text, ", from routing table %u", route->table);
	if (route->metric)
		buf_printf(text, ", metric %u", route->metric);
	buf_text(text, ".");
}

/* Whether the rule looks at this link at all. */
static bool is_asked_for(const struct finding *finding, const struct link *link)
{
	for (size_t i = 0; i < finding->n_lines; i++)
		if (finding->lines[i].link == link && !finding->lines[i].address)
			return finding->lines[i].verdict >= FINDING_ELIGIBLE;
	return false;
}

/* Whether lifting a class could let such an address be published. */
static bool is_liftable(enum addr_class class)
{
	return class == ADDR_CLASS_PRIVATE || class == ADDR_CLASS_CGNAT ||
	       class == ADDR_CLASS_ULA || class == ADDR_CLASS_DOCUMENTATION ||
	       class == ADDR_CLASS_BENCHMARK;
}

/* The addresses that only their class keeps from being published. */
static bool tell_liftable(const struct finding *finding, struct buf *text)
{
	char addr[ADDR_TEXT_MAX];
	bool any = false;

	for (size_t i = 0; i < finding->n_lines; i++) {
		const struct finding_line *line = &finding->lines[i];
		enum addr_class class;

		if (!line->address || !is_asked_for(finding, line->link))
			continue;
		class = addr_classify(&line->address->addr);
		if (!is_liftable(class) || finding->rule.allow & UINT32_C(1) << class)
			continue;
		buf_printf(text, "%s`allow = %s` would let %s (%s) be published.", any ? " " : "",
			   addr_class_name(class), addr_text(&line->address->addr, addr),
			   line->link->name);
		any = true;
	}
	return any;
}

static void tell_awaited(const struct finding *finding, struct buf *text)
{
	const char *family = finding_family(finding);
	const struct rule *rule = &finding->rule;
	const struct route *route = &finding->snapshot->routes[rule->family];
	const struct link *link = link_at(finding->snapshot, route->ifindex);

	if (rule->n_interfaces) {
		buf_printf(text, "Changes when a link called ");
		add_interfaces(rule, text);
		buf_printf(text, " is up with a usable %s address.", family);
	} else if (route->error) {
		buf_printf(text,
			   "Changes when the kernel gets a route to the %s internet; to publish "
			   "without one, name the link with `interface`.",
			   family);
	} else if (link && !is_asked_for(finding, link)) {
		buf_printf(
			text,
			"Changes when another link gets the route; `interface = %s` would publish "
			"the address of this one.",
			link->name);
	} else {
		buf_printf(text,
			   "Changes when %s gets a usable %s address, or another link the route.",
			   link ? link->name : "the link", family);
	}
}

static void tell_none(const struct finding *finding, struct buf *text)
{
	tell_awaited(finding, text);
	buf_text(text, " ");
	if (!tell_liftable(finding, text) && text->len && text->text[text->len - 1] == ' ')
		text->text[--text->len] = 0;
}

static void tell_unready(const struct finding *finding, struct buf *text)
{
	const struct choice *choice = &finding->choice;
	const struct link *link = link_at(finding->snapshot, choice->ifindex);
	bool down = link && !(link->flags & IFF_UP);

	buf_text(text, "Is published as soon as ");
	if (down)
		buf_printf(text, "%s is up", choice->interface);
	if (finding->rule.ready == RULE_READY_ADDRESS) {
		buf_text(text, ".");
		return;
	}
	buf_printf(text, "%sthe kernel has a route to the %s internet by %s.", down ? " and " : "",
		   finding_family(finding), choice->interface);
	if (!down)
		buf_text(text, " `ready = address` would not wait for it.");
}

static const struct address *chosen_address(const struct finding *finding)
{
	for (size_t i = 0; i < finding->n_lines; i++)
		if (finding->lines[i].address && finding->lines[i].verdict == FINDING_CHOSEN)
			return finding->lines[i].address;
	return NULL;
}

static void tell_ready(const struct finding *finding, struct buf *text)
{
	const struct rule *rule = &finding->rule;
	const struct choice *choice = &finding->choice;
	const struct address *address = chosen_address(finding);
	char span[WORDING_SPAN_MAX];

	buf_printf(text, "Changes when %s loses this address or goes down", choice->interface);
	if (address && address->preferred_s != UINT32_MAX)
		buf_printf(text, ", when it is no longer preferred (in %s unless renewed)",
			   wording_span(address->preferred_s, span));
	if (!rule->n_interfaces)
		buf_printf(text, ", or when the kernel reaches the %s internet by another link",
			   finding_family(finding));
	else if (rule->combine == RULE_COMBINE_ALL)
		buf_text(text, ", or when another of these links gets ready");
	else if (fnmatch(rule->interfaces[0], choice->interface, 0) != 0)
		buf_printf(text, ", or when a link named before it gets ready");
	else if (rule->ready == RULE_READY_ROUTE)
		buf_printf(text, ", or when no %s route is left by it", finding_family(finding));
	buf_text(text, ".");
}

void finding_tell_outlook(const struct finding *finding, struct buf *text)
{
	if (finding->stays)
		buf_printf(
			text,
			"Changes when an earlier link has been ready for its `failback` time, or "
			"at once when %s is lost.",
			finding->choice.interface);
	else if (!finding->choice.n)
		tell_none(finding, text);
	else if (!finding->choice.ready)
		tell_unready(finding, text);
	else
		tell_ready(finding, text);
}
