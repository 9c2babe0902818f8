/* SPDX-License-Identifier: MIT */
#include "update/daemon/loop.h"

#include <signal.h>

#include "update/daemon/clock.h"
#include "update/daemon/daemon.h"
#include "update/daemon/reload.h"
#include "update/log.h"
#include "update/signals.h"

/* As far as libev can see. */
#define FAR_FUTURE_S 1e9

struct loop {
	struct daemon *daemon;
	struct ev_io belief, updater, resolver;
	struct ev_timer timer;
	struct ev_periodic jump;
	struct ev_prepare turn;
	struct ev_signal term, interrupt, hangup, child;
};

/* Sockets come and go: the watch after an overrun, the updater whenever it likes. */
static void follow(struct ev_loop *ev, struct ev_io *io, int fd)
{
	if (ev_is_active(io) && io->fd == fd)
		return;
	ev_io_stop(ev, io);
	if (fd < 0)
		return;
	ev_io_set(io, fd, EV_READ);
	ev_io_start(ev, io);
}

/* Local providers do without one. */
static int updater_of(const struct daemon *daemon)
{
	return daemon->updater ? updater_fd(daemon->updater) : -1;
}

static void on_event(struct ev_loop *ev, struct ev_io *io, int events)
{
	struct loop *loop = io->data;

	(void)ev;
	(void)events;
	belief_drain(loop->daemon->belief, clock_now());
}

static void on_updater(struct ev_loop *ev, struct ev_io *io, int events)
{
	struct loop *loop = io->data;

	(void)events;
	daemon_read_updater(loop->daemon, clock_now());
	/* At once: the next updater may get the descriptor of this one. */
	follow(ev, io, updater_of(loop->daemon));
}

static void on_resolver(struct ev_loop *ev, struct ev_io *io, int events)
{
	struct loop *loop = io->data;

	(void)ev;
	(void)events;
	resolver_drain(loop->daemon->resolver, clock_now());
}

/* A turn follows any event; this one only makes that there is one. */
static void on_timer(struct ev_loop *ev, struct ev_timer *timer, int events)
{
	(void)ev;
	(void)timer;
	(void)events;
}

static void on_far_future(struct ev_loop *ev, struct ev_periodic *periodic, int events)
{
	(void)ev;
	(void)periodic;
	(void)events;
}

/* Called at the start, and when the wall clock jumps or the machine wakes: what was read is old
 * news. Besides, with a periodic watcher libev has a timerfd, and without a timerfd it would wake
 * every minute to look for jumps itself. */
static ev_tstamp on_jump(struct ev_periodic *periodic, ev_tstamp now)
{
	struct loop *loop = periodic->data;

	daemon_wake(loop->daemon, clock_now());
	return now + FAR_FUTURE_S;
}

static void on_stop(struct ev_loop *ev, struct ev_signal *signal, int events)
{
	struct loop *loop = signal->data;

	(void)events;
	if (daemon_end(loop->daemon, clock_now()))
		ev_break(ev, EVBREAK_ALL);
}

static void on_hangup(struct ev_loop *ev, struct ev_signal *signal, int events)
{
	struct loop *loop = signal->data;
	struct cfg_errors errors = {.n = 0};

	(void)ev;
	(void)events;
	reload_daemon(loop->daemon, &errors);
	cfg_errors_done(&errors);
}

static void on_child(struct ev_loop *ev, struct ev_signal *signal, int events)
{
	struct loop *loop = signal->data;

	(void)ev;
	(void)events;
	daemon_reap(loop->daemon);
}

static void arm(struct ev_loop *ev, struct ev_timer *timer, int64_t due, int64_t now)
{
	ev_timer_stop(ev, timer);
	if (due < 0)
		return;
	ev_now_update(ev);
	ev_timer_set(timer, due > now ? (double)(due - now) / 1e3 : 0., 0.);
	ev_timer_start(ev, timer);
}

/* Runs before each wait: whatever the events of this turn were, they are now all in. */
static void on_turn(struct ev_loop *ev, struct ev_prepare *prepare, int events)
{
	struct loop *loop = prepare->data;
	int64_t now = clock_now();

	(void)events;
	daemon_turn(loop->daemon, now);
	if (daemon_ended(loop->daemon, now))
		ev_break(ev, EVBREAK_ALL);
	follow(ev, &loop->belief, belief_fd(loop->daemon->belief));
	follow(ev, &loop->updater, updater_of(loop->daemon));
	arm(ev, &loop->timer, daemon_due(loop->daemon, now), now);
	log_flush();
}

static void start_signals(struct ev_loop *ev, struct loop *loop)
{
	ev_signal_init(&loop->term, on_stop, SIGTERM);
	ev_signal_init(&loop->interrupt, on_stop, SIGINT);
	ev_signal_init(&loop->hangup, on_hangup, SIGHUP);
	ev_signal_init(&loop->child, on_child, SIGCHLD);
	loop->term.data = loop;
	loop->interrupt.data = loop;
	loop->hangup.data = loop;
	loop->child.data = loop;
	ev_signal_start(ev, &loop->term);
	ev_signal_start(ev, &loop->interrupt);
	ev_signal_start(ev, &loop->hangup);
	ev_signal_start(ev, &loop->child);
	signals_release();
}

static void stop_all(struct ev_loop *ev, struct loop *loop)
{
	ev_signal_stop(ev, &loop->term);
	ev_signal_stop(ev, &loop->interrupt);
	ev_signal_stop(ev, &loop->hangup);
	ev_signal_stop(ev, &loop->child);
	ev_prepare_stop(ev, &loop->turn);
	ev_periodic_stop(ev, &loop->jump);
	ev_timer_stop(ev, &loop->timer);
	ev_io_stop(ev, &loop->resolver);
	ev_io_stop(ev, &loop->updater);
	ev_io_stop(ev, &loop->belief);
}

void loop_run(struct ev_loop *ev, struct daemon *daemon)
{
	struct loop loop = {.daemon = daemon};

	ev_io_init(&loop.belief, on_event, -1, EV_READ);
	ev_io_init(&loop.updater, on_updater, -1, EV_READ);
	ev_io_init(&loop.resolver, on_resolver, -1, EV_READ);
	ev_timer_init(&loop.timer, on_timer, 0., 0.);
	ev_periodic_init(&loop.jump, on_far_future, 0., 0., on_jump);
	ev_prepare_init(&loop.turn, on_turn);
	loop.belief.data = &loop;
	loop.updater.data = &loop;
	loop.resolver.data = &loop;
	loop.jump.data = &loop;
	loop.turn.data = &loop;
	if (daemon->resolver)
		follow(ev, &loop.resolver, resolver_fd(daemon->resolver));
	start_signals(ev, &loop);
	ev_periodic_start(ev, &loop.jump);
	ev_prepare_start(ev, &loop.turn);
	log_hold(true);
	ev_run(ev, 0);
	log_hold(false);
	stop_all(ev, &loop);
}
