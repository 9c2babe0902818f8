/* SPDX-License-Identifier: MIT */
#include "tests/sim/courier.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/life.h"
#include "tests/sim/oracle.h"
#include "tests/sim/report.h"
#include "tests/sim/rng.h"
#include "tests/sim/vtime.h"
#include "update/daemon/updater.h"

struct updater {
	char nothing;
};

static struct updater the_updater;
static struct {
	struct courier_job jobs[COURIER_JOBS];
	bool running, ended; /* ended: and the daemon has not heard of it */
	bool hangs;
	int64_t asked_at; /* it hangs and was sent a job; -1; the daemon's time, like the next */
	unsigned crashes;
	int64_t not_before;   /* the daemon's time */
	int64_t full_until;   /* its socket takes no more */
	int64_t broken_until; /* it cannot be started */
	int64_t doomed_at;    /* it will crash; -1 */
	int64_t idle_at;      /* it ends by itself */
} c;

void courier_reset(void)
{
	memset(&c, 0, sizeof(c));
	c.not_before = c.full_until = c.broken_until = NEVER;
	c.doomed_at = c.asked_at = -1;
}

void courier_step(void)
{
	switch (rng_below(5)) {
	case 0:
		c.doomed_at = vtime_now() + rng_below(500);
		break;
	case 1:
		c.hangs = c.running;
		break;
	case 2:
		c.full_until = vtime_now() + rng_below(2000);
		break;
	case 3:
		c.broken_until = vtime_now() + rng_below(120000);
		break;
	case 4:
		c.doomed_at = vtime_now() + rng_below(60000);
		break;
	}
	report_say("updater: dies %lld, hangs %d, full %lld, broken %lld", (long long)c.doomed_at,
		   c.hangs, (long long)c.full_until, (long long)c.broken_until);
}

void courier_calm(void)
{
	c.full_until = c.broken_until = NEVER;
	c.doomed_at = -1;
}

/* What had been sent may have arrived, or not. */
static void drop(struct courier_job *job)
{
	bool arrives = vtime_now() > job->sent_at && rng_one_in(2);

	for (size_t i = 0; i < job->request.n && job->apply_at >= 0 && arrives; i++) {
		if (!job->reply.applies[i])
			continue;
		server_apply(&job->request, i);
		report_add(REPORT_LOST_REPLY);
	}
	job->used = false;
}

static void end(void)
{
	c.running = false;
	c.hangs = false;
	c.doomed_at = c.asked_at = -1;
	for (size_t i = 0; i < COURIER_JOBS; i++)
		if (c.jobs[i].used && c.jobs[i].given_up)
			c.jobs[i].used = false;
}

void courier_orphan(void)
{
	end();
	c.ended = false;
	c.crashes = 0;
	c.not_before = NEVER;
	for (size_t i = 0; i < COURIER_JOBS; i++)
		if (c.jobs[i].used)
			drop(&c.jobs[i]);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static bool is_idle(void)
{
	for (size_t i = 0; i < COURIER_JOBS; i++)
		if (c.jobs[i].used)
			return false;
	return true;
}

int64_t courier_due(void)
{
	int64_t due = c.doomed_at;

	if (!c.running)
		return -1;
	if (is_idle())
		due = sooner(due, c.idle_at);
	for (size_t i = 0; i < COURIER_JOBS && !c.hangs; i++) {
		const struct courier_job *job = &c.jobs[i];

		if (!job->used)
			continue;
		due = sooner(due, job->apply_at);
		due = sooner(due, job->reply_at);
	}
	return due;
}

static void apply_due(struct courier_job *job)
{
	if (job->apply_at < 0 || vtime_now() < job->apply_at)
		return;
	job->apply_at = -1;
	for (size_t i = 0; i < job->request.n && !job->given_up; i++)
		if (job->reply.applies[i])
			server_apply(&job->request, i);
}

void courier_tick(void)
{
	int64_t now = vtime_now();

	for (size_t i = 0; i < COURIER_JOBS && !c.hangs; i++)
		if (c.jobs[i].used)
			apply_due(&c.jobs[i]);
	if (!c.running)
		return;
	if ((c.doomed_at >= 0 && now >= c.doomed_at) || (is_idle() && now >= c.idle_at)) {
		end();
		c.ended = true;
		report_say("updater: ends");
	}
}

static struct courier_job *find_answer(void)
{
	for (size_t i = 0; i < COURIER_JOBS; i++) {
		struct courier_job *job = &c.jobs[i];

		if (job->used && job->reply_at >= 0 && vtime_now() >= job->reply_at)
			return job;
	}
	return NULL;
}

bool courier_readable(void)
{
	return c.ended || (c.running && !c.hangs && find_answer());
}

int updater_new(const char *program, int64_t idle_ms, bool verbose, struct updater **ret)
{
	(void)program;
	(void)idle_ms;
	(void)verbose;
	*ret = &the_updater;
	return 0;
}

void updater_set_verbose(struct updater *updater, bool verbose)
{
	(void)updater;
	(void)verbose;
}

void updater_forget(struct updater *updater)
{
	(void)updater;
}

void updater_free(struct updater *updater)
{
	(void)updater;
	if (!life_over())
		courier_orphan();
}

int updater_ensure(struct updater *updater, int64_t now)
{
	(void)updater;
	if (c.running || life_over())
		return 0;
	if (c.ended || now < c.not_before)
		return -EAGAIN;
	if (vtime_now() < c.broken_until) {
		c.not_before = now + 1 * MINUTE;
		return -ENOENT;
	}
	c.running = true;
	c.idle_at = vtime_now() + 30 * SECOND;
	return 0;
}

int64_t updater_due(const struct updater *updater, int64_t now)
{
	(void)updater;
	return !c.running && c.not_before > now ? c.not_before : -1;
}

static struct courier_job *free_job(void)
{
	for (size_t i = 0; i < COURIER_JOBS; i++)
		if (!c.jobs[i].used)
			return &c.jobs[i];
	report_broken("more than %d jobs are under way", COURIER_JOBS);
	return NULL;
}

/* What the job says, in our terms; false: it should not say that. */
static bool understand(const struct job *job, struct server_request *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->purpose = job->purpose;
	for (size_t i = 0; i < job->n_wanted; i++) {
		const struct wanted *wanted = &job->wanted[i];
		size_t record = scene_find(wanted->name, wanted->type);

		if (record == SCENE_RECORDS || ret->n == SCENE_RECORDS ||
		    !scene_has(life_scene(), record)) {
			report_broken("%s is sent, and not configured", wanted->name);
			return false;
		}
		ret->account = scene_name(life_scene(), record)->account;
		ret->records[ret->n] = record;
		content_of(wanted, &ret->contents[ret->n]);
		if (ret->contents[ret->n].n != wanted->n_addrs) {
			report_broken("%s: an address that is none", wanted->name);
			return false;
		}
		ret->n++;
	}
	return true;
}

int updater_send(struct updater *updater, const struct wire_job *wire, int64_t now)
{
	struct courier_job *job;

	if (life_effect("a job is handed over"))
		return 0;
	if (updater_ensure(updater, now) < 0 || vtime_now() < c.full_until)
		return -EAGAIN;
	job = free_job();
	if (!job || !understand(&wire->job, &job->request))
		return -EINVAL;
	if (c.hangs && c.asked_at < 0)
		c.asked_at = now;
	job->used = true;
	job->given_up = false;
	job->id = wire->id;
	snprintf(job->bind, sizeof(job->bind), "%s", wire->bind ? wire->bind : "");
	job->sent_at = vtime_now();
	oracle_send(job, &wire->job);
	server_ask(&job->request, &job->reply);
	job->apply_at = job->sent_at + job->reply.apply_ms;
	job->reply_at = job->reply.reply_ms < 0 ? -1 : job->sent_at + job->reply.reply_ms;
	return 0;
}

/* Connections are not made up here. */
void updater_look(struct updater *updater)
{
	(void)updater;
}

void updater_cancel(struct updater *updater, uint32_t id)
{
	(void)updater;
	if (life_effect("a job is given up"))
		return;
	for (size_t i = 0; i < COURIER_JOBS; i++) {
		struct courier_job *job = &c.jobs[i];

		if (!job->used || job->given_up || job->id != id)
			continue;
		oracle_abort(job);
		/* The answer may be on its way already. */
		if (job->apply_at < 0 && rng_one_in(2))
			job->given_up = true;
		else
			drop(job);
		return;
	}
}

int updater_fd(const struct updater *updater)
{
	(void)updater;
	return c.running ? 6 : -1;
}

static int read_end(void)
{
	c.ended = false;
	for (size_t i = 0; i < COURIER_JOBS; i++) {
		if (!c.jobs[i].used)
			continue;
		oracle_lose(&c.jobs[i]);
		drop(&c.jobs[i]);
		report_add(REPORT_UPDATER_LOST);
	}
	return -EPIPE;
}

int updater_read(struct updater *updater, struct wire_message *ret)
{
	struct courier_job *job;

	(void)updater;
	if (life_effect("an answer is read"))
		return 0;
	job = c.running && !c.hangs ? find_answer() : NULL;
	if (!job)
		return c.ended ? read_end() : 0;
	memset(ret, 0, offsetof(struct wire_message, outcomes));
	ret->kind = WIRE_RESULT;
	ret->id = job->id;
	ret->n_outcomes = job->request.n;
	memcpy(ret->outcomes, job->reply.outcomes, job->request.n * sizeof(ret->outcomes[0]));
	job->used = false;
	c.idle_at = vtime_now() + 30 * SECOND;
	c.crashes = 0;
	if (!job->given_up)
		oracle_answer(job);
	return 1;
}

void updater_blame(struct updater *updater, int64_t now)
{
	int64_t wait = 1 * SECOND;

	(void)updater;
	if (++c.crashes == 1)
		return;
	for (unsigned i = 2; i < c.crashes && wait < 1 * MINUTE; i++)
		wait *= 2;
	c.not_before = now + (wait < 1 * MINUTE ? wait : 1 * MINUTE);
}

void updater_kill(struct updater *updater)
{
	(void)updater;
	if (life_effect("the updater is killed") || !c.running)
		return;
	end();
	c.ended = true;
}

int64_t updater_silent(const struct updater *updater)
{
	(void)updater;
	return c.asked_at < 0 ? -1 : c.asked_at + 10 * SECOND;
}

void updater_stats(const struct updater *updater, struct updater_stats *ret)
{
	(void)updater;
	memset(ret, 0, sizeof(*ret));
}

void updater_ended(struct updater *updater, pid_t pid, int status)
{
	(void)updater;
	(void)pid;
	(void)status;
}

void courier_local(const struct job *job, struct outcome *outcomes)
{
	struct courier_job here = {.used = true, .sent_at = vtime_now()};

	if (!life_effect("a local job is performed") && understand(job, &here.request)) {
		oracle_send(&here, job);
		server_ask(&here.request, &here.reply);
	}
	for (size_t i = 0; i < job->n_wanted; i++) {
		if (i < here.request.n)
			outcomes[i] = here.reply.outcomes[i];
		else
			outcomes[i] = (struct outcome){.verdict = VERDICT_RETRY, .why = "dead"};
		if (here.reply.applies[i])
			server_apply(&here.request, i);
	}
	if (here.request.n > 0)
		oracle_answer(&here);
}

const struct courier_job *courier_with(size_t record)
{
	for (size_t i = 0; i < COURIER_JOBS; i++) {
		const struct courier_job *job = &c.jobs[i];

		for (size_t j = 0; job->used && !job->given_up && j < job->request.n; j++)
			if (job->request.records[j] == record)
				return job;
	}
	return NULL;
}

size_t courier_count(size_t account)
{
	size_t n = 0;

	for (size_t i = 0; i < COURIER_JOBS; i++)
		n += c.jobs[i].used && !c.jobs[i].given_up &&
		     (account == COURIER_JOBS || c.jobs[i].request.account == account);
	return n;
}
