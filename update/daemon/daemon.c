/* SPDX-License-Identifier: MIT */
#include "update/daemon/daemon.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "cfg/places.h"
#include "update/daemon/answer.h"
#include "update/daemon/arena.h"
#include "update/daemon/clock.h"
#include "update/daemon/ending.h"
#include "update/daemon/notify.h"
#include "update/daemon/privilege.h"
#include "update/daemon/spawn.h"
#include "update/log.h"
#include "update/version.h"

#define MESSAGES_PER_TURN 64

/* What is to be deleted before the end gets so long. */
#define END_MS 5000

/* By less the wall clock is slewed, not set. */
#define CLOCK_SET_MS 1000

static bool is_verbose(const struct daemon *daemon)
{
	return daemon->verbose || daemon->cfg->daemon.log_level == CFG_LOG_DEBUG;
}

void daemon_set_log_level(const struct daemon *daemon)
{
	static const enum log_level levels[] = {
		[CFG_LOG_ERROR] = LOG_LEVEL_ERROR,
		[CFG_LOG_WARN] = LOG_LEVEL_WARN,
		[CFG_LOG_INFO] = LOG_LEVEL_INFO,
		[CFG_LOG_DEBUG] = LOG_LEVEL_DEBUG,
	};

	if (daemon->updater)
		updater_set_verbose(daemon->updater, is_verbose(daemon));
	log_set_level(daemon->verbose ? LOG_LEVEL_DEBUG : levels[daemon->cfg->daemon.log_level]);
}

static int make_dirs(const struct cfg_daemon *cfg, const struct identity *owner)
{
	char copy[PATH_MAX];
	int err;

	snprintf(copy, sizeof(copy), "%s", cfg->control);
	err = privilege_make_dir(dirname(copy), 0755, owner);
	if (err < 0)
		log_error("%s: its directory cannot be made: %s; make it, or set `control`",
			  cfg->control, strerror(-err));
	/* Without a state directory we go on; it is said when the state is saved. */
	(void)privilege_make_dir(cfg->state_dir, 0700, owner);
	return err;
}

static int drop_privileges(const struct cfg_daemon *cfg)
{
	struct identity identity;
	int err = privilege_find(cfg->user, &identity);

	if (err < 0) {
		log_error("user %s: %s; create it, or correct `user`", cfg->user,
			  err == -ENOENT ? "not in /etc/passwd" : strerror(-err));
		return err;
	}
	err = make_dirs(cfg, &identity);
	if (err < 0)
		return err;
	err = privilege_drop(&identity);
	if (err < 0)
		log_error("privileges cannot be dropped: %s", strerror(-err));
	return err;
}

static int open_belief(struct daemon *daemon)
{
	int err = belief_open(daemon->cfg->daemon.recheck_ms, &daemon->belief);

	if (err < 0)
		log_error("the kernel's events cannot be listened to: %s", strerror(-err));
	return err;
}

bool daemon_needs_updater(const struct cfg *cfg)
{
	for (size_t i = 0; i < cfg->n_records; i++)
		if (!(cfg->accounts[cfg->records[i].account].provider->caps & PROVIDER_LOCAL) ||
		    cfg->records[i].told.n_notify > 0)
			return true;
	return false;
}

/* Found before privileges are dropped, since /proc/self/exe is not ours to read afterwards. Local
 * providers do without. */
static int find_updater(struct daemon *daemon)
{
	const struct cfg_daemon *cfg = &daemon->cfg->daemon;
	char *program = NULL;
	int err = spawn_find("nlddns-updater", &program);

	if (err == 0)
		err = updater_new(program, cfg->keep_updater ? 0 : cfg->updater_idle_ms,
				  is_verbose(daemon), &daemon->updater);
	free(program);
	if (err == -ENOENT && !daemon_needs_updater(daemon->cfg))
		return 0;
	if (err < 0)
		log_error("nlddns-updater: %s; install it beside nlddnsd or in " PLACES_LIBEXEC,
			  strerror(-err));
	return err;
}

static const char *who(const struct daemon *daemon)
{
	return daemon->cfg->daemon.user ? daemon->cfg->daemon.user : "this user";
}

static int open_control(struct daemon *daemon, struct ev_loop *loop)
{
	struct control_handler handler = {
		.answer = answer_verb, .part = answer_part, .watch = answer_watch, .arg = daemon};
	const char *path = daemon->cfg->daemon.control;
	int err = -ENOMEM;

	daemon->trace.watchers = watchers_new(loop);
	if (daemon->trace.watchers)
		err = control_open(loop, path, handler, &daemon->control);
	if (err == -EADDRINUSE)
		log_error("%s: another nlddnsd is running there; stop it, or give this one its "
			  "own `control`",
			  path);
	else if (err == -EACCES || err == -EPERM || err == -EROFS)
		log_error("%s: %s; let %s write there, or set `control`", path, strerror(-err),
			  who(daemon));
	else if (err < 0)
		log_error("%s: %s", path, strerror(-err));
	return err;
}

/* Without it we go on: what the network fails is tried again on its timer. */
static void open_resolver(struct daemon *daemon)
{
	int err = resolver_open(RESOLVER_PATH, &daemon->resolver);

	if (err < 0)
		log_warn(RESOLVER_PATH ": a change will not be noticed: %s%s", strerror(-err),
			 err == -EMFILE ? "; raise fs.inotify.max_user_instances" : "");
}

static void open_logbook(struct daemon *daemon)
{
	daemon->logbook = logbook_new(daemon->cfg->daemon.state_dir);
	if (daemon->logbook)
		news_listen(&daemon->news, (struct news_listener){logbook_tell, daemon->logbook});
}

static int open_hooks(struct daemon *daemon, struct ev_loop *loop)
{
	daemon->hooks = hooks_new(loop);
	daemon->posts = posts_new();
	if (!daemon->hooks || !daemon->posts)
		return -ENOMEM;
	news_listen(&daemon->news, (struct news_listener){hooks_tell, daemon->hooks});
	news_listen(&daemon->news, (struct news_listener){posts_tell, daemon->posts});
	return 0;
}

static void introduce(const struct daemon *daemon)
{
	struct watch_stats stats;

	belief_stats(daemon->belief, &stats);
	log_info("nlddnsd " VERSION ": %zu records, %zu sources; event buffer %zu kB, filter %s",
		 daemon->cfg->n_records, daemon->cfg->n_sources, stats.rcvbuf / 1024,
		 stats.filter_error ? strerror(stats.filter_error) : "in place");
	if (stats.groups_missing)
		log_warn(
			"event groups the kernel lacks: %u (nexthop objects or policy rules); what "
			"changes by them alone is seen at the next recheck",
			stats.groups_missing);
}

static void keep_state(void *arg)
{
	struct daemon *daemon = arg;

	keeper_place(&daemon->keeper, daemon->cfg->daemon.state_dir, daemon->engine);
}

int daemon_start(struct daemon *daemon, struct ev_loop *loop, struct cfg *cfg)
{
	int err;

	daemon->cfg = cfg;
	daemon->started_at = clock_now();
	watchdog_init(&daemon->watchdog, daemon->started_at);
	daemon->wall_offset = clock_wall() - daemon->started_at;
	daemon_set_log_level(daemon);
	err = open_belief(daemon);
	if (!err)
		err = find_updater(daemon);
	if (!err)
		err = drop_privileges(&cfg->daemon);
	if (!err)
		err = open_control(daemon, loop);
	if (!err)
		err = open_hooks(daemon, loop);
	if (!err)
		err = engine_new(cfg, daemon_needs_updater(cfg) ? daemon->updater : NULL,
				 &daemon->engine);
	if (err < 0)
		return err;
	daemon->engine->trace = &daemon->trace;
	daemon->engine->keep = (struct engine_keep){.save = keep_state, .arg = daemon};
	daemon->engine->news = &daemon->news;
	daemon->engine->tally = &daemon->tally;
	news_listen(&daemon->news, (struct news_listener){tally_tell, &daemon->tally});
	open_logbook(daemon);
	open_resolver(daemon);
	keeper_load(cfg->daemon.state_dir, daemon->engine);
	introduce(daemon);
	if (cfg->daemon.keep_updater)
		engine_warm(daemon->engine, daemon->started_at);
	return 0;
}

struct metrics daemon_metrics(const struct daemon *daemon, int64_t now)
{
	struct metrics metrics = {
		.engine = daemon->engine,
		.tally = &daemon->tally,
		.clock = {now, clock_wall(), daemon->started_at},
	};

	belief_stats(daemon->belief, &metrics.events);
	if (daemon->updater)
		updater_stats(daemon->updater, &metrics.updater);
	return metrics;
}

/* Updates are under way, or to be, which go before all else. */
static bool is_busy(const struct daemon *daemon)
{
	return queue_any(daemon->engine->queue) || queue_waits(daemon->engine->queue);
}

/* To disk, what has changed. */
static void save(struct daemon *daemon, bool last, int64_t now)
{
	const struct cfg_daemon *cfg = &daemon->cfg->daemon;
	struct metrics metrics;

	log_flush(); /* a disk may take its time */
	if (last)
		keeper_flush(&daemon->keeper, cfg->state_dir, daemon->engine);
	else
		keeper_save(&daemon->keeper, cfg->state_dir, daemon->engine, now);
	if (daemon->logbook)
		logbook_turn(daemon->logbook, !last && is_busy(daemon), now);
	if (!cfg->metrics_file)
		return;
	metrics = daemon_metrics(daemon, now);
	exporter_write(&daemon->exporter, cfg->metrics_file, &metrics, last);
}

bool daemon_end(struct daemon *daemon, int64_t now)
{
	if (daemon->end_at > 0 || !ending_begin(daemon->engine, now))
		return true;
	notify_send("STOPPING=1");
	daemon->end_at = now + END_MS;
	return false;
}

bool daemon_ended(const struct daemon *daemon, int64_t now)
{
	if (daemon->end_at == 0)
		return false;
	if (now >= daemon->end_at)
		log_warn("not everything could be deleted in time (on-stop)");
	return now >= daemon->end_at || !ending_busy(daemon->engine, daemon->end_at);
}

void daemon_stop(struct daemon *daemon)
{
	notify_send("STOPPING=1");
	if (daemon->engine) {
		engine_rest(daemon->engine);
		save(daemon, true, clock_now());
	}
	engine_free(daemon->engine);
	logbook_free(daemon->logbook);
	control_close(daemon->control);
	watchers_free(daemon->trace.watchers);
	posts_free(daemon->posts);
	hooks_free(daemon->hooks);
	updater_free(daemon->updater);
	resolver_close(daemon->resolver);
	belief_close(daemon->belief);
	cfg_free(daemon->cfg);
}

static void read_marked(struct daemon *daemon, int64_t now)
{
	struct trace_event event = {.snapshot = belief_snapshot(daemon->belief)};
	struct dirty marks = *belief_marks(daemon->belief, &event.marked_at);
	int changed = belief_read(daemon->belief, &daemon->engine->sources->interest, now);
	int64_t at;

	marks.all |= changed > 0 && !dirty_any(&marks); /* its time had come */
	event.marks = &marks;
	event.changed = changed > 0;
	/* Even if the addresses are as they were: they may have been others in between. */
	if (dirty_any(&marks) && daemon->updater && queue_any(daemon->engine->queue))
		updater_look(daemon->updater);
	/* What could not be read is still marked. */
	if (changed >= 0 && dirty_any(&marks) && !dirty_any(belief_marks(daemon->belief, &at)))
		trace_event(&daemon->trace, &event, now);
}

/* True: sources may say something else than before. */
static bool read_kernel(struct daemon *daemon, int64_t now)
{
	struct sources *sources = daemon->engine->sources;
	bool any = false;

	read_marked(daemon, now);
	if (belief_fresh(daemon->belief) || (!daemon->fed && belief_ready(daemon->belief))) {
		any = sources_feed(sources, belief_snapshot(daemon->belief), now);
		any |= !daemon->fed;
		daemon->fed = true;
	}
	any |= sources_tick(sources, now);
	trace_sources(&daemon->trace, sources, now);
	return any;
}

static void look_at_resolver(struct daemon *daemon, int64_t now)
{
	size_t n;

	if (!daemon->resolver || !resolver_tick(daemon->resolver, now))
		return;
	n = engine_new_way(daemon->engine, RESOLVER_PATH " has changed");
	if (n > 0)
		log_info(RESOLVER_PATH " has changed: trying %zu records again at once", n);
	daemon->look |= n > 0;
}

/* One that hangs in the middle of its work is ended at the deadline of a job; one that takes up
 * none, much earlier. */
static void end_silent_updater(struct daemon *daemon, int64_t now)
{
	int64_t due = daemon->updater ? updater_silent(daemon->updater) : -1;

	if (due < 0 || now < due)
		return;
	log_error("nlddns-updater takes up no work; ending it");
	updater_kill(daemon->updater);
}

void daemon_turn(struct daemon *daemon, int64_t now)
{
	bool changed = read_kernel(daemon, now);
	int64_t due = engine_due(daemon->engine, now);

	end_silent_updater(daemon, now);
	look_at_resolver(daemon, now);
	if (changed || daemon->look || (due >= 0 && due <= now))
		engine_review(daemon->engine, now);
	daemon->look = false;
	posts_work(daemon->posts, daemon->updater, is_busy(daemon), now);
	if (belief_omen(daemon->belief) || sources_settling(daemon->engine->sources))
		engine_warm(daemon->engine, now);
	if (!daemon->ready && belief_ready(daemon->belief)) {
		daemon->ready = true;
		notify_send("READY=1");
	}
	save(daemon, false, now);
	watchdog_tick(&daemon->watchdog, belief_well(daemon->belief), now);
}

void daemon_wake(struct daemon *daemon, int64_t now)
{
	int64_t wall = clock_wall(), set_by = wall - now - daemon->wall_offset;

	belief_doubt(daemon->belief);
	daemon->look = true;
	if (set_by > -CLOCK_SET_MS && set_by < CLOCK_SET_MS)
		return;
	daemon->wall_offset += set_by;
	tally_move(&daemon->tally); /* moments are others now */
	engine_set_clock(daemon->engine, now, wall);
}

static int64_t metrics_due(const struct daemon *daemon, int64_t now)
{
	struct metrics metrics;

	if (!daemon->cfg->daemon.metrics_file)
		return -1;
	metrics = daemon_metrics(daemon, now);
	return exporter_due(&daemon->exporter, &metrics);
}

int64_t daemon_due(const struct daemon *daemon, int64_t now)
{
	int64_t due = engine_due(daemon->engine, now);

	if (daemon->end_at > 0)
		due = clock_sooner(due, daemon->end_at);
	if (daemon->look)
		return now;
	if (daemon->resolver)
		due = clock_sooner(due, resolver_due(daemon->resolver));
	if (daemon->logbook)
		due = clock_sooner(due, logbook_due(daemon->logbook));
	due = clock_sooner(due, keeper_due(&daemon->keeper, daemon->engine));
	if (daemon->updater)
		due = clock_sooner(due, updater_silent(daemon->updater));
	due = clock_sooner(due, posts_due(daemon->posts, is_busy(daemon), now));
	due = clock_sooner(due, watchdog_due(&daemon->watchdog));
	due = clock_sooner(due, metrics_due(daemon, now));
	return clock_sooner(due, belief_due(daemon->belief));
}

static void tell_progress(const struct daemon *daemon, const struct wire_message *message,
			  int64_t now)
{
	const struct queue_job *job = queue_find(daemon->engine->queue, message->id);

	log_debug("job %u: %s", message->id, message->progress);
	if (job)
		trace_request(&daemon->trace, job, message->progress, now);
}

static void tell_result(struct daemon *daemon, const struct wire_message *message, int64_t now)
{
	if (!posts_result(daemon->posts, message->id, &message->outcomes[0], now))
		engine_result(daemon->engine, message->id, message->outcomes, message->n_outcomes,
			      now);
}

void daemon_read_updater(struct daemon *daemon, int64_t now)
{
	struct wire_message *message = calloc(1, sizeof(*message));
	int more = message ? 1 : 0;

	for (int i = 0; i < MESSAGES_PER_TURN && more > 0; i++) {
		more = updater_read(daemon->updater, message);
		if (more <= 0)
			break;
		if (message->kind == WIRE_RESULT)
			tell_result(daemon, message, now);
		else
			tell_progress(daemon, message, now);
		wire_done(message);
	}
	free(message);
	if (more < 0) {
		engine_lost(daemon->engine, now);
		posts_lost(daemon->posts, now);
		arena_trim(); /* quiet follows, for days perhaps */
	}
	daemon->look = true;
}

void daemon_reap(struct daemon *daemon)
{
	int status;
	pid_t pid;

	/* As the first process of a container it has children that it never had. */
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (!hooks_ended(daemon->hooks, pid, status) && daemon->updater)
			updater_ended(daemon->updater, pid, status);
}
