/* SPDX-License-Identifier: MIT */
#include "tests/sim/rules.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/facts.h"
#include "tests/sim/life.h"
#include "tests/sim/report.h"
#include "tests/sim/sight.h"
#include "tests/sim/vtime.h"

/* Changes in a minute that the hold-down lets through: three, then after 1, 5 and 15 s. */
#define CHANGES_MOST 7

static int64_t begun_at;

void rules_begin(void)
{
	begun_at = vtime_now();
}

int64_t rules_begun_at(void)
{
	return begun_at;
}

struct expect_question rules_question(size_t record, bool truth)
{
	return (struct expect_question){
		.kernel = truth ? kernel_truth() : kernel_seen(),
		.at = truth ? vtime_now() : kernel_read_at(),
		.source = scene_source(life_scene(), record),
		.family = scene_type(record) == RECORD_TYPE_AAAA ? FAMILY_IPV6 : FAMILY_IPV4,
	};
}

bool rules_allow(size_t record, const struct content *content)
{
	struct expect_question q = rules_question(record, false);
	struct expect_set allowed;

	if (content->n == 0)
		return expect_absent(&q);
	expect_allowed(&q, &allowed);
	for (size_t i = 0; i < content->n; i++)
		if (!expect_has(&allowed, &content->list[i]))
			return false;
	return content->n == 1 || q.source->all;
}

/* Going back to a better link is a change that the kernel does not tell of; others may follow. */
static bool has_come_back(size_t record, enum family family)
{
	const struct scene_source *source = scene_source(life_scene(), record);
	int64_t most = source->settle_max_ms;
	int64_t from = vtime_now() - source->failback_ms - 2 * most;

	return source->failback_ms > 0 &&
	       sight_came(scene_name(life_scene(), record)->source, family, from, from + most);
}

static bool is_settled(size_t record, const struct ipaddr *addr)
{
	struct expect_question q = rules_question(record, false);
	size_t source = scene_name(life_scene(), record)->source;
	int64_t since = sight_since(source, q.family, addr);
	int64_t storm = sight_storm_since(source, q.family);
	const struct fact *fact = facts_of(record);

	return vtime_now() >= since + q.source->settle_ms ||
	       vtime_now() >= storm + q.source->settle_max_ms || content_has(&fact->sent, addr) ||
	       content_has(&fact->confirmed, addr) || has_come_back(record, q.family);
}

static void check_addresses(const struct courier_job *job, size_t i)
{
	size_t record = job->request.records[i];
	const struct content *content = &job->request.contents[i];

	if (life_ending()) {
		if (content->n > 0)
			report_broken("%s: published at the end", scene_label(record));
		return;
	}
	if (!rules_allow(record, content))
		report_broken("%s: %s is sent, which is not to be chosen", scene_label(record),
			      content_text(content));
	for (size_t j = 0; j < content->n; j++) {
		if (!is_settled(record, &content->list[j]))
			report_broken("%s: %s is sent before it has settled", scene_label(record),
				      content_text(content));
		if (!sight_was_fresh(&content->list[j]))
			report_broken("%s: %s is sent, and was never but deprecated",
				      scene_label(record), content_text(content));
	}
}

/* Requests leave by the link whose address they publish, where a source names links. */
static void check_bind(const struct courier_job *job, size_t i)
{
	const struct content *content = &job->request.contents[i];
	struct expect_question q = rules_question(job->request.records[i], false);
	const char *name = "";
	size_t link;

	if (content->n == 0 || !rules_allow(job->request.records[i], content))
		return;
	link = expect_link(&q, &content->list[0]);
	if (link < KERNEL_LINKS && q.source->n_patterns > 0 && !q.source->by_address)
		name = q.kernel->links[link].name;
	if (strcmp(job->bind, name) != 0)
		report_broken("%s: leaves by \"%s\", and not by \"%s\"",
			      scene_label(job->request.records[i]), job->bind, name);
}

static void check_deletion(const struct courier_job *job, size_t i)
{
	size_t record = job->request.records[i];
	const struct scene_name *name = scene_name(life_scene(), record);
	struct expect_question q = rules_question(record, false);
	int64_t since = sight_absent_since(name->source, q.family);
	int64_t online = sight_online_since();

	if (job->request.contents[i].n > 0)
		return;
	report_add(REPORT_DELETED);
	if (life_ending()) {
		report_add(REPORT_DELETED_LAST);
		if (!name->on_stop)
			report_broken("%s: deleted at the end, and nobody asked for it",
				      scene_label(record));
		return;
	}
	if (name->on_loss_ms < 0 ||
	    !(scene_provider(life_scene(), record)->caps & PROVIDER_CAN_DELETE))
		report_broken("%s: deleted, and nobody asked for it", scene_label(record));
	else if (since == NEVER || vtime_now() < since + name->on_loss_ms)
		report_broken("%s: deleted too early", scene_label(record));
	else if (online == NEVER || vtime_now() < online + name->on_loss_ms)
		report_broken("%s: deleted, and nothing shows that the machine is online",
			      scene_label(record));
}

static void check_waits(size_t record)
{
	const struct fact *fact = facts_of(record);
	const struct scene_name *name = scene_name(life_scene(), record);
	int64_t now = vtime_now();

	if (fact->held || facts_barred(record))
		report_broken("%s: sent while it is held", scene_label(record));
	if (now < fact->floor_from + name->min_interval_ms)
		report_broken("%s: sent %lld ms before its minimum interval is over",
			      scene_label(record),
			      (long long)(fact->floor_from + name->min_interval_ms - now));
	if (now < facts_throttled(name->account))
		report_broken("%s: sent %lld ms before its provider allows that account to",
			      scene_label(record),
			      (long long)(facts_throttled(name->account) - now));
	if (!fact->failed)
		return;
	if (now < fact->ended_at + fact->asked_ms)
		report_broken("%s: sent before the provider asked for it", scene_label(record));
	if ((fact->verdict == VERDICT_RETRY ||
	     (fact->verdict == VERDICT_NO_NETWORK && !facts_new_way(record, fact->begun_at))) &&
	    now < fact->ended_at + facts_backoff(fact) * 3 / 4)
		report_broken("%s: sent again %lld ms after failure %u in a row",
			      scene_label(record), (long long)(now - fact->ended_at), fact->in_row);
}

static void check_need(const struct courier_job *job, size_t i)
{
	size_t record = job->request.records[i];
	const struct fact *fact = facts_of(record);
	int64_t refresh = scene_name(life_scene(), record)->refresh_ms;

	if (fact->forced)
		report_add(REPORT_FORCED);
	if (!fact->known || fact->forced || fact->doubtful ||
	    !content_equal(&fact->confirmed, &job->request.contents[i]))
		return;
	/* Spread over the last sixteenth. */
	if (refresh > 0 && vtime_now() >= fact->confirmed_at + refresh - refresh / 16)
		report_add(REPORT_REFRESHED);
	else
		report_broken("%s: %s is sent, and confirmed already", scene_label(record),
			      content_text(&fact->confirmed));
}

static void check_changes(size_t record)
{
	const struct fact *fact = facts_of(record);

	if (life_ending() || scene_name(life_scene(), record)->hold_down_ms < 1 * MINUTE ||
	    scene_provider(life_scene(), record)->caps & PROVIDER_LOCAL)
		return;
	if (vtime_now() < fact->changes[CHANGES_MOST] + 1 * MINUTE)
		report_broken("%s: %d changes within a minute", scene_label(record), CHANGES_MOST);
}

static void check_account(const struct courier_job *job, const struct job *wire)
{
	const struct scene_account *account = &life_scene()->accounts[job->request.account];
	char secret[SCENE_SECRET_MAX];

	if (wire->provider != account->provider || wire->n_values != 1 ||
	    strcmp(wire->values[0].text,
		   scene_secret(life_scene(), job->request.account, secret)) != 0)
		report_broken("%s: sent to another account", scene_label(job->request.records[0]));
	if (courier_count(job->request.account) > account->provider->limits.parallel &&
	    !(account->provider->caps & PROVIDER_LOCAL))
		report_broken("more jobs of account a%zu are under way than it allows",
			      job->request.account);
	if (courier_count(job->request.account) > facts_most_jobs(job->request.account))
		report_broken("more jobs of account a%zu are under way than may be refused",
			      job->request.account);
}

/* Whether the i-th record of a job may ride with those before it. */
static void check_group(const struct courier_job *job, size_t i)
{
	const struct server_request *request = &job->request;
	const struct provider *provider = life_scene()->accounts[request->account].provider;
	unsigned names =
		provider->caps & PROVIDER_MANY_NAMES ? provider->limits.names_per_request : 1;
	unsigned seen = 0;

	for (size_t j = 0; j < SCENE_NAMES; j++) {
		bool has = false;

		for (size_t k = 0; k <= i; k++)
			has |= request->records[k] / RECORD_TYPE_COUNT == j;
		seen += has;
	}
	if (names > 0 && seen > names)
		report_broken("%u names in a job, %u are allowed", seen, names);
	for (size_t j = 0; j < i; j++) {
		if (request->records[j] == request->records[i])
			report_broken("%s: twice in a job", scene_label(request->records[i]));
		if (scene_name(life_scene(), request->records[j])->account != request->account)
			report_broken("a job of two accounts");
		if (scene_type(request->records[j]) != scene_type(request->records[i]) &&
		    !(provider->caps & PROVIDER_BOTH_FAMILIES))
			report_broken("A and AAAA in one job");
	}
}

/* Another job has it, too. */
static bool is_elsewhere(const struct courier_job *job, size_t record)
{
	const struct courier_job *other = courier_with(record);

	return other && other != job;
}

/* A look is at what is confirmed, and not before others may have forgotten what was. */
static void check_look(const struct courier_job *job, size_t i)
{
	size_t record = job->request.records[i];
	const struct fact *fact = facts_of(record);

	report_add(REPORT_LOOKED);
	if (!scene_name(life_scene(), record)->verify)
		report_broken("%s: looked at, and nobody asked for it", scene_label(record));
	if (!fact->known || !content_equal(&fact->confirmed, &job->request.contents[i]))
		report_broken("%s: looked for %s, which is not confirmed", scene_label(record),
			      content_text(&job->request.contents[i]));
	if (fact->held || vtime_now() < fact->confirmed_at + 1 * MINUTE ||
	    vtime_now() < facts_throttled(job->request.account))
		report_broken("%s: looked at too early", scene_label(record));
}

static void check_update(const struct courier_job *job, size_t i, bool local)
{
	size_t record = job->request.records[i];

	report_add(REPORT_SENT);
	check_waits(record);
	check_need(job, i);
	check_changes(record);
	check_deletion(job, i);
	check_addresses(job, i);
	if (!local)
		check_bind(job, i);
}

void rules_send(const struct courier_job *job, const struct job *wire)
{
	check_account(job, wire);
	if (job->request.n > 1)
		report_add(REPORT_GROUPED);
	for (size_t i = 0; i < job->request.n; i++) {
		check_group(job, i);
		if (is_elsewhere(job, job->request.records[i]))
			report_broken("%s: in two jobs at once",
				      scene_label(job->request.records[i]));
		if (job->request.purpose == PURPOSE_VERIFY)
			check_look(job, i);
		else
			check_update(job, i, wire->provider->caps & PROVIDER_LOCAL);
	}
}
