/* SPDX-License-Identifier: MIT */
#include "update/daemon/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "update/daemon/clock.h"
#include "update/daemon/errand.h"
#include "update/daemon/spawn.h"
#include "update/log.h"

#define TAIL_MAX   200   /* of its standard error, the last bytes */
#define READS_MAX  16    /* at a time */
#define CHUNK_SIZE 16384 /* each */

struct run {
	struct hooks *hooks;
	struct errand *errand; /* NULL: free */
	pid_t pid;
	bool late; /* it was told to end */
	struct ev_timer timer;
	struct ev_io err;
	char tail[TAIL_MAX];
	size_t len;
};

TAILQ_HEAD(errands, errand);

struct hooks {
	struct ev_loop *loop;
	struct ev_timer kick;   /* starts what waits, a turn later */
	struct errands waiting; /* oldest first; no two of a record and kind */
	void *known;            /* the same, by record and kind (tsearch) */
	struct run runs[HOOKS_MAX];
};

/* The end of a text that comes in pieces. */
static void keep_tail(struct run *run, const char *bytes, size_t n)
{
	size_t keep;

	if (n > sizeof(run->tail)) {
		bytes += n - sizeof(run->tail);
		n = sizeof(run->tail);
	}
	keep = sizeof(run->tail) - n;
	if (run->len > keep) {
		memmove(run->tail, run->tail + run->len - keep, keep);
		run->len = keep;
	}
	memcpy(run->tail + run->len, bytes, n);
	run->len += n;
}

static void read_errors(struct run *run)
{
	char *bytes = malloc(CHUNK_SIZE);
	ssize_t n = 1;

	for (int i = 0; i < READS_MAX && bytes && n > 0; i++) {
		n = read(run->err.fd, bytes, CHUNK_SIZE);
		if (n > 0)
			keep_tail(run, bytes, (size_t)n);
	}
	free(bytes);
	/* Closed, though it still runs. */
	if (n == 0)
		ev_io_stop(run->hooks->loop, &run->err);
}

static void on_errors(struct ev_loop *loop, struct ev_io *io, int events)
{
	(void)loop;
	(void)events;
	read_errors(io->data);
}

/* The last line that says something, as a text to be shown. */
static const char *last_line(struct run *run, char out[static TAIL_MAX + 1])
{
	size_t end = run->len, start;

	while (end > 0 && strchr("\r\n\t ", run->tail[end - 1]))
		end--;
	start = end;
	while (start > 0 && run->tail[start - 1] != '\n')
		start--;
	for (size_t i = start; i < end; i++) {
		unsigned char c = (unsigned char)run->tail[i];

		out[i - start] = c < ' ' || c == 0x7f ? '?' : (char)c;
	}
	out[end - start] = '\0';
	return out;
}

/* How it ended, if not well: one line, with what to do. */
static void say_end(struct run *run, int status)
{
	const struct errand *errand = run->errand;
	char line[TAIL_MAX + 1], span[CLOCK_TEXT_MAX];
	const char *said = last_line(run, line), *kind = news_name(errand->kind);

	if (run->late)
		log_warn("%s: hook %s (%s) was ended after %s: make it faster, or raise "
			 "hook-timeout",
			 errand->label, errand->argv[0], kind,
			 clock_span(errand->timeout_ms, span));
	else if (WIFSIGNALED(status))
		log_warn("%s: hook %s (%s) was ended by signal %d; see what did that",
			 errand->label, errand->argv[0], kind, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		log_warn("%s: hook %s (%s) ended with status %d, %s%s; run it by hand to see why",
			 errand->label, errand->argv[0], kind, WEXITSTATUS(status),
			 said[0] ? "its last words: " : "without a word", said);
	else
		log_debug("%s: hook %s (%s) is done", errand->label, errand->argv[0], kind);
}

static void on_late(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct run *run = timer->data;

	(void)events;
	kill(-run->pid, run->late ? SIGKILL : SIGTERM);
	if (run->late)
		return;
	run->late = true;
	ev_timer_set(timer, HOOKS_GRACE_MS / 1e3, 0.);
	ev_timer_start(loop, timer);
}

static void release(struct run *run)
{
	ev_timer_stop(run->hooks->loop, &run->timer);
	ev_io_stop(run->hooks->loop, &run->err);
	close(run->err.fd);
	errand_free(run->errand);
	run->errand = NULL;
}

/* True: it runs. */
static bool start(struct run *run, struct errand *errand)
{
	struct hooks *hooks = run->hooks;
	int pair[2], err = pipe2(pair, O_CLOEXEC);

	if (!err) {
		err = spawn_hook(errand->argv, errand->env, pair[1], &run->pid);
		close(pair[1]);
		if (err < 0)
			close(pair[0]);
	} else {
		err = -errno;
	}
	if (err < 0) {
		log_warn("%s: hook %s (%s) cannot be started: %s; correct `hook`, or the program",
			 errand->label, errand->argv[0], news_name(errand->kind), strerror(-err));
		errand_free(errand);
		return false;
	}
	(void)fcntl(pair[0], F_SETFL, O_NONBLOCK);
	run->errand = errand;
	run->late = false;
	run->len = 0;
	ev_timer_init(&run->timer, on_late, (double)errand->timeout_ms / 1e3, 0.);
	ev_io_init(&run->err, on_errors, pair[0], EV_READ);
	run->timer.data = run->err.data = run;
	ev_now_update(hooks->loop);
	ev_timer_start(hooks->loop, &run->timer);
	ev_io_start(hooks->loop, &run->err);
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct errand *x = a, *y = b;

	return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->label, y->label);
}

static bool add_waiting(struct hooks *hooks, struct errand *errand)
{
	if (!tsearch(errand, &hooks->known, compare))
		return false;
	TAILQ_INSERT_TAIL(&hooks->waiting, errand, link);
	return true;
}

static void remove_waiting(struct hooks *hooks, struct errand *errand)
{
	tdelete(errand, &hooks->known, compare);
	TAILQ_REMOVE(&hooks->waiting, errand, link);
}

static struct run *find_free(struct hooks *hooks)
{
	for (size_t i = 0; i < HOOKS_MAX; i++)
		if (!hooks->runs[i].errand)
			return &hooks->runs[i];
	return NULL;
}

static bool is_running(const struct hooks *hooks, const char *label)
{
	for (size_t i = 0; i < HOOKS_MAX; i++)
		if (hooks->runs[i].errand && strcmp(hooks->runs[i].errand->label, label) == 0)
			return true;
	return false;
}

/* The oldest that may run now, taken out; NULL: none. */
static struct errand *take_next(struct hooks *hooks)
{
	struct errand *errand;

	for (errand = TAILQ_FIRST(&hooks->waiting); errand; errand = TAILQ_NEXT(errand, link)) {
		if (is_running(hooks, errand->label))
			continue;
		remove_waiting(hooks, errand);
		return errand;
	}
	return NULL;
}

static void on_kick(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct hooks *hooks = timer->data;
	struct errand *errand;
	struct run *run;

	(void)loop;
	(void)events;
	while ((run = find_free(hooks)) != NULL && (errand = take_next(hooks)) != NULL)
		start(run, errand);
}

static void kick(struct hooks *hooks)
{
	ev_timer_stop(hooks->loop, &hooks->kick);
	ev_timer_set(&hooks->kick, 0., 0.);
	ev_timer_start(hooks->loop, &hooks->kick);
}

struct hooks *hooks_new(struct ev_loop *loop)
{
	struct hooks *hooks = calloc(1, sizeof(*hooks));

	if (!hooks)
		return NULL;
	hooks->loop = loop;
	TAILQ_INIT(&hooks->waiting);
	ev_timer_init(&hooks->kick, on_kick, 0., 0.);
	hooks->kick.data = hooks;
	for (size_t i = 0; i < HOOKS_MAX; i++)
		hooks->runs[i].hooks = hooks;
	return hooks;
}

void hooks_free(struct hooks *hooks)
{
	struct errand *errand;

	if (!hooks)
		return;
	ev_timer_stop(hooks->loop, &hooks->kick);
	for (size_t i = 0; i < HOOKS_MAX; i++) {
		if (!hooks->runs[i].errand)
			continue;
		kill(-hooks->runs[i].pid, SIGTERM);
		release(&hooks->runs[i]);
	}
	while ((errand = TAILQ_FIRST(&hooks->waiting)) != NULL) {
		remove_waiting(hooks, errand);
		errand_free(errand);
	}
	free(hooks);
}

/* What newer news make pointless. */
static void drop_older(struct hooks *hooks, const struct errand *newer)
{
	struct errand *const *found = tfind(newer, &hooks->known, compare);
	struct errand *older = found ? *found : NULL;

	if (!older)
		return;
	remove_waiting(hooks, older);
	errand_free(older);
}

void hooks_tell(void *arg, const struct news *news)
{
	struct hooks *hooks = arg;
	struct errand *errand;

	if (news->told->n_hook == 0)
		return;
	errand = errand_new(news);
	if (errand)
		drop_older(hooks, errand);
	if (!errand || !add_waiting(hooks, errand)) {
		log_error("%s: out of memory for its hook", news->name);
		errand_free(errand);
		return;
	}
	kick(hooks);
}

bool hooks_ended(struct hooks *hooks, pid_t pid, int status)
{
	for (size_t i = 0; i < HOOKS_MAX; i++) {
		struct run *run = &hooks->runs[i];

		if (!run->errand || run->pid != pid)
			continue;
		/* What it had begun ends with it, had it been ended. */
		if (run->late)
			kill(-pid, SIGKILL);
		read_errors(run);
		say_end(run, status);
		release(run);
		kick(hooks);
		return true;
	}
	return false;
}
