/* SPDX-License-Identifier: MIT */
#include "update/ctl/finding.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/rule.h"

static sa_family_t family_af(const struct finding *finding)
{
	return finding->rule.family == FAMILY_IPV6 ? AF_INET6 : AF_INET;
}

static void add_line(struct finding *finding, const struct link *link,
		     const struct address *address)
{
	struct finding_line *lines =
		reallocarray(finding->lines, finding->n_lines + 1, sizeof(*lines));

	if (!lines)
		errx(1, "out of memory");
	finding->lines = lines;
	lines[finding->n_lines++] = (struct finding_line){.link = link, .address = address};
}

/* Every link, and every address of the family, whether or not choose has an opinion on it. */
static void add_lines(struct finding *finding)
{
	for (size_t i = 0; i < finding->snapshot->n_links; i++) {
		const struct link *link = &finding->snapshot->links[i];

		add_line(finding, link, NULL);
		for (size_t j = 0; j < link->n_addresses; j++)
			if (link->addresses[j].addr.family == family_af(finding))
				add_line(finding, link, &link->addresses[j]);
	}
}

static void judge(void *arg, const struct candidate *candidate)
{
	struct finding *finding = arg;

	for (size_t i = 0; i < finding->n_lines; i++) {
		struct finding_line *line = &finding->lines[i];

		if (line->link != candidate->link || line->address != candidate->address)
			continue;
		line->verdict = candidate->chosen     ? FINDING_CHOSEN
				: candidate->eligible ? FINDING_ELIGIBLE
						      : FINDING_REJECTED;
		(void)snprintf(line->why, sizeof(line->why), "%s",
			       candidate->why ? candidate->why : "");
		return;
	}
}

int finding_make(const struct cfg_source *source, enum record_type type,
		 const struct snapshot *snapshot, const struct choice *published,
		 struct finding *ret)
{
	struct finding finding = {.source = source, .snapshot = snapshot, .type = type};

	if (rule_make(source, type, &finding.rule) < 0)
		return -EINVAL;
	add_lines(&finding);
	choose_explain(snapshot, &finding.rule, published, judge, &finding);
	choose(snapshot, &finding.rule, published, &finding.choice);
	*ret = finding;
	return 0;
}

static bool is_same(const struct choice *ours, const struct choice *daemon)
{
	if (!ours->n || !daemon->n)
		return ours->n == daemon->n;
	return ours->ready == daemon->ready && !strcmp(ours->interface, daemon->interface) &&
	       addr_equal(&ours->addrs[0], &daemon->addrs[0]);
}

/* Whether the daemon's link comes later, and alone would give what the daemon has. */
static bool is_failing_back(const struct finding *finding, const struct choice *daemon)
{
	const char *only[] = {daemon->interface};
	struct rule rule = finding->rule;
	struct choice alone;

	if (finding->source->failback_ms <= 0 || rule.combine != RULE_COMBINE_FIRST ||
	    rule.n_interfaces < 1 || !finding->choice.ready || !daemon->ready ||
	    !strcmp(finding->choice.interface, daemon->interface))
		return false;
	rule.interfaces = only;
	rule.n_interfaces = 1;
	choose(finding->snapshot, &rule, daemon, &alone);
	return is_same(&alone, daemon);
}

static void judge_staying(struct finding *finding, struct finding_line *line)
{
	const struct choice *choice = &finding->choice;
	char text[ADDR_TEXT_MAX];
	struct ipaddr addr;

	if (line->verdict == FINDING_CHOSEN) {
		line->verdict = FINDING_ELIGIBLE;
		if (line->address)
			(void)snprintf(line->why, sizeof(line->why),
				       "usable, but not for long enough; %s on %s stays until then",
				       addr_text(&choice->addrs[0], text), choice->interface);
		return;
	}
	if (strcmp(line->link->name, choice->interface) != 0)
		return;
	if (!line->address) {
		line->verdict = FINDING_CHOSEN;
		return;
	}
	hostpart_join(&finding->rule.host, line->address, &addr);
	if (line->verdict != FINDING_ELIGIBLE || !addr_equal(&addr, &choice->addrs[0]))
		return;
	line->verdict = FINDING_CHOSEN;
	(void)snprintf(line->why, sizeof(line->why), "chosen, as it is published");
}

bool finding_reconcile(struct finding *finding, const struct choice *daemon)
{
	if (is_same(&finding->choice, daemon))
		return true;
	if (!is_failing_back(finding, daemon))
		return false;
	finding->choice = *daemon;
	finding->stays = true;
	for (size_t i = 0; i < finding->n_lines; i++)
		judge_staying(finding, &finding->lines[i]);
	return true;
}

void finding_done(struct finding *finding)
{
	free(finding->lines);
	*finding = (struct finding){0};
}

static const char *verdict_name(enum finding_verdict verdict)
{
	switch (verdict) {
	case FINDING_UNJUDGED:
		return "unjudged";
	case FINDING_REJECTED:
		return "rejected";
	case FINDING_ELIGIBLE:
		return "eligible";
	case FINDING_CHOSEN:
		return "chosen";
	}
	return "";
}

static json_t *route_json(const struct route *route, const struct snapshot *snapshot)
{
	json_t *json = json_object();

	if (route->error) {
		(void)json_object_set_new(json, "error", json_string(strerror(-route->error)));
		return json;
	}
	(void)json_object_set_new(json, "ifindex", json_integer(route->ifindex));
	for (size_t i = 0; i < snapshot->n_links; i++)
		if (snapshot->links[i].ifindex == route->ifindex)
			(void)json_object_set_new(json, "interface",
						  json_string(snapshot->links[i].name));
	(void)json_object_set_new(json, "metric", json_integer(route->metric));
	(void)json_object_set_new(json, "table", json_integer(route->table));
	return json;
}

static json_t *line_json(const struct finding_line *line)
{
	char text[ADDR_TEXT_MAX];
	json_t *json = json_object();

	(void)json_object_set_new(json, "link", json_string(line->link->name));
	if (line->address) {
		(void)json_object_set_new(json, "address",
					  json_string(addr_text(&line->address->addr, text)));
		(void)json_object_set_new(
			json, "class",
			json_string(addr_class_name(addr_classify(&line->address->addr))));
	}
	(void)json_object_set_new(json, "verdict", json_string(verdict_name(line->verdict)));
	if (*line->why)
		(void)json_object_set_new(json, "why", json_string(line->why));
	return json;
}

static json_t *choice_json(const struct choice *choice)
{
	char text[ADDR_TEXT_MAX];
	json_t *json = json_object(), *addrs = json_array();

	for (size_t i = 0; i < choice->n; i++)
		(void)json_array_append_new(addrs, json_string(addr_text(&choice->addrs[i], text)));
	(void)json_object_set_new(json, "addresses", addrs);
	(void)json_object_set_new(json, "interface", json_string(choice->interface));
	(void)json_object_set_new(json, "ready", json_boolean(choice->ready));
	(void)json_object_set_new(json, "why", json_string(choice->why));
	return json;
}

json_t *finding_json(const struct finding *finding)
{
	json_t *json = json_object(), *lines = json_array();
	struct buf outlook;

	(void)json_object_set_new(json, "source", json_string(finding->source->name));
	(void)json_object_set_new(
		json, "family", json_string(finding->rule.family == FAMILY_IPV6 ? "ipv6" : "ipv4"));
	(void)json_object_set_new(
		json, "route",
		route_json(&finding->snapshot->routes[finding->rule.family], finding->snapshot));
	for (size_t i = 0; i < finding->n_lines; i++)
		(void)json_array_append_new(lines, line_json(&finding->lines[i]));
	(void)json_object_set_new(json, "candidates", lines);
	(void)json_object_set_new(json, "choice", choice_json(&finding->choice));
	buf_init(&outlook, FINDING_TEXT_MAX);
	finding_tell_outlook(finding, &outlook);
	(void)json_object_set_new(json, "outlook", json_string(outlook.text ? outlook.text : ""));
	buf_done(&outlook);
	return json;
}
