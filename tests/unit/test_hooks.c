/* SPDX-License-Identifier: MIT */
#include "update/daemon/hooks.c"

#include <linux/close_range.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "tests/unit/newsitem.h"
#include "tests/unit/tempdir.h"

/* A loop with hooks, which ends when none runs or waits. */
static struct show {
	struct ev_loop *loop;
	struct hooks *hooks;
	struct ev_signal child;
	struct ev_timer limit;
} show;

static bool is_idle(const struct hooks *hooks)
{
	for (size_t i = 0; i < HOOKS_MAX; i++)
		if (hooks->runs[i].errand)
			return false;
	return TAILQ_EMPTY(&hooks->waiting);
}

static void on_dead(struct ev_loop *loop, struct ev_signal *signal, int events)
{
	int status;
	pid_t pid;

	(void)signal;
	(void)events;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		assert_true(hooks_ended(show.hooks, pid, status));
	if (is_idle(show.hooks))
		ev_break(loop, EVBREAK_ALL);
}

static void on_limit(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	(void)loop;
	(void)timer;
	(void)events;
	fail_msg("hooks still run");
}

static int show_setup(void **state)
{
	/* What make and the like leave us is not ours to count. */
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	show.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
	show.hooks = hooks_new(show.loop);
	ev_signal_init(&show.child, on_dead, SIGCHLD);
	ev_signal_start(show.loop, &show.child);
	ev_timer_init(&show.limit, on_limit, 20., 0.);
	ev_timer_start(show.loop, &show.limit);
	return tempdir_setup(state);
}

static int show_teardown(void **state)
{
	hooks_free(show.hooks);
	ev_signal_stop(show.loop, &show.child);
	ev_timer_stop(show.loop, &show.limit);
	ev_loop_destroy(show.loop);
	return tempdir_teardown(state);
}

/* A hook of that text, in shell; the folder is its $1. */
static struct cfg_told *hook_of(const char *text, int64_t timeout_ms)
{
	static char path[256];
	static char *words[] = {path, tempdir};
	static struct cfg_told told = {.hook = words, .n_hook = 2};
	char script[1024];

	snprintf(path, sizeof(path), "%s", tempdir_path("hook"));
	snprintf(script, sizeof(script), "#!/bin/sh\n%s\n", text);
	tempdir_write("hook", script, strlen(script), 0700);
	told.hook_timeout_ms = timeout_ms;
	return &told;
}

static void tell(const struct cfg_told *told, enum news_kind kind, const char *name,
		 const char *after)
{
	struct news news = newsitem(kind, name, "none", after);

	news.told = told;
	hooks_tell(show.hooks, &news);
}

static const char *read_text(const char *name)
{
	static char text[8192];
	FILE *from = fopen(tempdir_path(name), "re");
	size_t len = from ? fread(text, 1, sizeof(text) - 1, from) : 0;

	text[len] = '\0';
	if (from)
		fclose(from);
	return text;
}

/* Runs until all is done; what is logged goes to "log" in the folder. */
static void run_all(void)
{
	int fd = open(tempdir_path("log"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

	fflush(stderr);
	dup2(fd, STDERR_FILENO);
	close(fd);
	ev_run(show.loop, 0);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
}

static void expect_log(const char *part)
{
	const char *log = read_text("log");

	if (part[0] ? !strstr(log, part) : log[0] != '\0')
		fail_msg("logged: %s", log);
}

static void runs_without_a_word(void **state)
{
	(void)state;
	tell(hook_of("echo out; echo $NLDDNS_EVENT $NLDDNS_NEW $# >$1/out", 5000), NEWS_CONFIRMED,
	     "a.b", "203.0.113.5");
	run_all();
	assert_string_equal(read_text("out"), "confirmed 203.0.113.5 1\n");
	expect_log("");
}

static void has_three_descriptors_and_a_group_of_its_own(void **state)
{
	(void)state;
	tell(hook_of("[ /proc/self/fd/0 -ef /dev/null ] && [ /proc/self/fd/1 -ef /dev/null ] &&\n"
		     "[ -p /proc/self/fd/2 ] && echo null >>$1/out\n"
		     "ls /proc/self/fd | wc -w >>$1/out\n"
		     "[ $(cut -d' ' -f5 /proc/$$/stat) = $$ ] && echo leads >>$1/out\n"
		     "grep -E '^Sig(Blk|Ign):.*[08]0000000$' -c /proc/self/status >>$1/out",
		     5000),
	     NEWS_CHANGED, "a.b", "203.0.113.5");
	run_all();
	/* 0 to 2, and the folder that ls reads; no signal up to 31 is blocked or ignored. */
	assert_string_equal(read_text("out"), "null\n4\nleads\n2\n");
}

static void a_failure_is_logged_with_its_last_words(void **state)
{
	(void)state;
	tell(hook_of("echo first >&2; printf 'the \\033[1mend\\n\\n' >&2; exit 3", 5000), NEWS_HELD,
	     "a.b", "203.0.113.5");
	run_all();
	expect_log("a.b A: hook ");
	expect_log("/hook (held) ended with status 3, its last words: the ?[1mend; run it by hand "
		   "to see why\n");
}

static void much_is_said_in_vain(void **state)
{
	(void)state;
	tell(hook_of("i=0; while [ $i -lt 3000 ]; do echo "
		     "$i-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; i=$((i+1)); done >&2\n"
		     "echo the end >&2; exit 1",
		     10000),
	     NEWS_CHANGED, "a.b", "203.0.113.5");
	run_all();
	expect_log("ended with status 1, its last words: the end; ");
	tell(hook_of("printf '%01000d' 7 >&2; exit 1", 5000), NEWS_CHANGED, "a.b", "203.0.113.5");
	run_all();
	expect_log("its last words: 0000000");
	assert_true(strlen(read_text("log")) < 500);
}

static void a_signal_is_logged(void **state)
{
	(void)state;
	tell(hook_of("kill -9 $$", 5000), NEWS_CHANGED, "a.b", "203.0.113.5");
	run_all();
	expect_log("(changed) was ended by signal 9");
}

static void what_cannot_start_is_logged_and_forgotten(void **state)
{
	static char gone[] = "/nowhere/hook", *words[] = {gone};
	static const struct cfg_told told = {.hook = words, .n_hook = 1, .hook_timeout_ms = 1000};

	(void)state;
	tell(&told, NEWS_CHANGED, "a.b", "203.0.113.5");
	tell(hook_of("exit 0", 5000), NEWS_HELD, "a.b", "203.0.113.5");
	run_all();
	expect_log("a.b A: hook /nowhere/hook (changed) cannot be started: No such file or "
		   "directory; correct `hook`, or the program\n");
}

static void one_that_hangs_is_ended_with_its_children(void **state)
{
	double began;
	pid_t child;

	(void)state;
	began = ev_time();
	tell(hook_of("(trap '' TERM; echo $(exec sh -c 'echo $PPID') >$1/child; sleep 60) &\n"
		     "trap 'echo got TERM >>$1/out' TERM\nwait; sleep 60",
		     300),
	     NEWS_FAILING, "a.b", "203.0.113.5");
	run_all();
	assert_true(ev_time() - began > 2.2);
	assert_true(ev_time() - began < 40);
	expect_log("(failing) was ended after 300 ms: make it faster, or raise hook-timeout");
	assert_string_equal(read_text("out"), "got TERM\n");
	child = (pid_t)strtol(read_text("child"), NULL, 10);
	assert_true(child > 1);
	/* Gone, or dead and not yet collected by init. */
	for (int i = 0; i < 100 && kill(child, 0) == 0; i++) {
		char path[64], line[256] = "";
		FILE *from;

		snprintf(path, sizeof(path), "/proc/%d/stat", child);
		from = fopen(path, "re");
		if (!from || !fgets(line, sizeof(line), from) || strstr(line, ") Z "))
			i = 100;
		else
			assert_true(i < 99);
		if (from)
			fclose(from);
		poll(NULL, 0, 20);
	}
}

static void one_at_a_time_a_record_and_in_order(void **state)
{
	struct cfg_told *told = hook_of("mkdir $1/$NLDDNS_NAME || echo busy >>$1/out\n"
					"echo $NLDDNS_NAME $NLDDNS_EVENT >>$1/out; sleep 0.1\n"
					"rmdir $1/$NLDDNS_NAME",
					5000);

	(void)state;
	tell(told, NEWS_CHANGED, "a", "203.0.113.5");
	tell(told, NEWS_CONFIRMED, "a", "203.0.113.5");
	tell(told, NEWS_FAILING, "a", "203.0.113.5");
	tell(told, NEWS_RECOVERED, "a", "203.0.113.5");
	run_all();
	assert_string_equal(read_text("out"), "a changed\na confirmed\na failing\na recovered\n");
	expect_log("");
}

static void newer_news_of_a_kind_take_the_place_of_older(void **state)
{
	struct cfg_told *told = hook_of("echo $NLDDNS_NAME $NLDDNS_EVENT $NLDDNS_NEW >>$1/out\n"
					"sleep 0.1",
					5000);

	(void)state;
	tell(told, NEWS_CHANGED, "a", "203.0.113.1");
	ev_run(show.loop, EVRUN_ONCE);
	for (int i = 2; i < 9; i++) {
		char after[] = "203.0.113.0";

		after[10] = (char)('0' + i);
		tell(told, NEWS_CHANGED, "a", after);
		tell(told, NEWS_CONFIRMED, "a", after);
	}
	run_all();
	assert_string_equal(read_text("out"), "a changed 203.0.113.1\na changed 203.0.113.8\n"
					      "a confirmed 203.0.113.8\n");
}

static void four_at_a_time_in_all(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
	struct cfg_told *told = hook_of("mkdir $1/r.$NLDDNS_NAME; sleep 0.2\n"
					"set -- $1/r.*; echo $# >>${1%/*}/out; sleep 0.2\n"
					"rmdir ${1%/*}/r.$NLDDNS_NAME",
					10000);
	const char *out;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 7; i++)
		tell(told, NEWS_CHANGED, names[i], "203.0.113.1");
	run_all();
	for (out = read_text("out"); *out; out += 2, n++)
		assert_true(out[0] <= '4' && out[1] == '\n');
	assert_int_equal(n, 7);
	assert_non_null(strchr(read_text("out"), '4'));
}

static void nothing_starts_at_once(void **state)
{
	(void)state;
	tell(hook_of("exit 0", 5000), NEWS_CHANGED, "a", "203.0.113.1");
	assert_null(show.hooks->runs[0].errand);
	run_all();
}

static void the_end_ends_what_runs(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	tell(hook_of("sleep 60", 90000), NEWS_CHANGED, "a", "203.0.113.1");
	tell(hook_of("sleep 60", 90000), NEWS_HELD, "a", "203.0.113.1");
	while (!show.hooks->runs[0].errand)
		ev_run(show.loop, EVRUN_ONCE);
	pid = show.hooks->runs[0].pid;
	hooks_free(show.hooks);
	show.hooks = hooks_new(show.loop);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_false(hooks_ended(show.hooks, pid, status));
}

static void records_without_a_hook_are_left_alone(void **state)
{
	static const struct cfg_told told = {.n_hook = 0};

	(void)state;
	tell(&told, NEWS_CHANGED, "a", "203.0.113.1");
	assert_true(is_idle(show.hooks));
}

static int64_t spent_ms(void)
{
	struct timespec spent;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
	return (int64_t)spent.tv_sec * 1000 + spent.tv_nsec / 1000000;
}

/* They are told before the updates leave. */
static void ten_thousand_wait_without_keeping_anyone(void **state)
{
	struct cfg_told *told = hook_of("true", 5000);
	int64_t begin = spent_ms();
	char name[32];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "h%05d.example.org", i % 10000);
		tell(told, i < 10000 ? NEWS_CHANGED : NEWS_CONFIRMED, name, "203.0.113.1");
	}
	assert_in_range(spent_ms() - begin, 0, 1000);
}

#define SHOW(test) cmocka_unit_test_setup_teardown(test, show_setup, show_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHOW(runs_without_a_word),
		SHOW(has_three_descriptors_and_a_group_of_its_own),
		SHOW(a_failure_is_logged_with_its_last_words),
		SHOW(much_is_said_in_vain),
		SHOW(a_signal_is_logged),
		SHOW(what_cannot_start_is_logged_and_forgotten),
		SHOW(one_that_hangs_is_ended_with_its_children),
		SHOW(one_at_a_time_a_record_and_in_order),
		SHOW(newer_news_of_a_kind_take_the_place_of_older),
		SHOW(four_at_a_time_in_all),
		SHOW(nothing_starts_at_once),
		SHOW(the_end_ends_what_runs),
		SHOW(records_without_a_hook_are_left_alone),
		SHOW(ten_thousand_wait_without_keeping_anyone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
