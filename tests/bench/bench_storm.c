/* SPDX-License-Identifier: MIT */
/*
 * nlddnsd in a storm, next to `ip monitor` and a naive listener in the same run: what each spends
 * and loses while a full table of routes comes and goes and the WAN address changes twice. Then
 * what very many refreshes and foreign addresses cost nlddnsd.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/kernel/batch.h"
#include "tests/kernel/inside.h"
#include "tests/kernel/links.h"
#include "tests/kernel/storm.h"

enum {
	ROUTES = 200000,
	REACT_MS = 100,
	CPU_US = 50000,
	REFRESHES = 2000,
	LINKS = 500,
	ADDRESSES = 20,
	REVIEWS = 500,
	REVIEW_US = 1000,
	GROWTH_KB = 64,
	CALM_MS = 300,
};

/* One listener; what it had spent before, or spent in the storm. */
struct listener {
	const char *name;
	pid_t pid;
	int64_t cpu_us, wakeups, lost;
};

static bool good = true;

static const char *judge(bool holds)
{
	good = good && holds;
	return holds ? "" : "  MISSED";
}

static void configure(struct scene *s, const char *settle)
{
	daemon_configure(s->g, &s->d, "keep-updater = yes\n", DAEMON_RECORD "settle = %s\n",
			 SCENE_NAME, 8080, "/nic/update", settle);
}

static void measure(struct ground *g, struct listener *l, int sign)
{
	struct inside_socket socket = {0};

	if (!inside_socket(g, (unsigned)l->pid, &socket))
		fail_msg("%s does not listen", l->name);
	l->cpu_us = inside_cpu_us(l->pid) + sign * l->cpu_us;
	l->wakeups =
		inside_memory(l->pid, "status", "\nvoluntary_ctxt_switches:") + sign * l->wakeups;
	l->lost = socket.drops + sign * l->lost;
}

/* So many times what nlddnsd has; more than nothing is infinite. */
static void print_ratio(int64_t value, int64_t base)
{
	if (base > 0)
		printf(" %8.1fx", (double)value / (double)base);
	else
		printf(" %9s", value > 0 ? "inf" : "1.0x");
}

static void print_listener(const struct listener *l, const struct listener *base)
{
	printf("%-26s %10.1f", l->name, (double)l->cpu_us / 1000);
	print_ratio(l->cpu_us, base->cpu_us);
	printf(" %10" PRId64, l->wakeups);
	print_ratio(l->wakeups, base->wakeups);
	printf(" %10" PRId64, l->lost);
	print_ratio(l->lost, base->lost);
	printf("\n");
}

static pid_t start(struct scene *s, const char *const argv[])
{
	struct inside_socket socket;
	pid_t pid = ground_spawn(s->g, SIDE_INSIDE, "/dev/null", argv);

	for (int i = 0; i < 200 && !inside_socket(s->g, (unsigned)pid, &socket); i++)
		ground_nap(10);
	return pid;
}

static void print_outcome(struct scene *s, const struct listener *nlddnsd, const int ms[2])
{
	for (int i = 0; i < 2; i++)
		printf("%s change acted on within %d ms, settle = 50 ms included (at most %d)%s\n",
		       i ? "second" : "first", ms[i], REACT_MS,
		       judge(ms[i] >= 0 && ms[i] <= REACT_MS));
	printf("CPU of nlddnsd %.1f ms (less than %d)%s\n", (double)nlddnsd->cpu_us / 1000,
	       CPU_US / 1000, judge(nlddnsd->cpu_us < CPU_US));
	printf("overruns of nlddnsd %" PRId64 " (none)%s\n", inside_events(&s->d, "overruns"),
	       judge(inside_events(&s->d, "overruns") == 0 && nlddnsd->lost == 0));
}

static void run_storm(struct scene *s)
{
	char naive[GROUND_PATH];
	const char *const naive_argv[] = {ground_built(naive, "tests/bench/naive"), NULL};
	const char *const monitor_argv[] = {"/usr/sbin/ip", "monitor", NULL};
	struct listener all[3] = {{.name = "nlddnsd"}, {.name = "ip monitor"}, {.name = "naive"}};
	int ms[2];
	pid_t storm;

	configure(s, "50ms");
	links_bridge(s->g, "core0", 0);
	wire_up(s->g, SIDE_INSIDE, "core0");
	storm_begin(s, "192.0.2.10");
	all[0].pid = s->d.pid;
	all[1].pid = start(s, monitor_argv);
	all[2].pid = start(s, naive_argv);
	ground_nap(CALM_MS);
	for (size_t i = 0; i < 3; i++)
		measure(s->g, &all[i], 0);
	storm = batch_storm(s->g, "core0", ROUTES);
	ground_nap(CALM_MS);
	ms[0] = storm_react(s, "192.0.2.10", "192.0.2.20");
	ground_nap(CALM_MS);
	ms[1] = storm_react(s, "192.0.2.20", "192.0.2.30");
	if (waitpid(storm, NULL, WNOHANG) != 0)
		printf("the storm ended before the second change%s\n", judge(false));
	else if (ground_end(s->g, storm, 0, 120000) != 0)
		printf("the storm failed%s\n", judge(false));
	ground_nap(CALM_MS);
	for (size_t i = 0; i < 3; i++)
		measure(s->g, &all[i], -1);
	printf("%d routes added and removed, the WAN address changed twice:\n", ROUTES);
	printf("%-26s %10s %9s %10s %9s %10s %9s\n", "", "CPU, ms", "", "wake-ups", "",
	       "events lost", "");
	for (size_t i = 0; i < 3; i++)
		print_listener(&all[i], &all[0]);
	print_outcome(s, &all[0], ms);
}

/* With seconds to settle, a timer that was armed is still running at the end. */
static void run_refreshes(struct scene *s)
{
	struct listener l = {.name = "nlddnsd"};
	char settled[256];
	int before;

	configure(s, "5s\nsettle-max = 60s");
	wire_dial(s->g, "10.0.0.2/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/32");
	daemon_start(&s->d);
	if (!serve_await(&s->web, 1, SCENE_NAME, "192.0.2.10", 7000))
		fail_msg("nothing is published");
	scene_expect(s, "192.0.2.10", 1);
	before = serve_count(&s->web, NULL, NULL);
	l.pid = s->d.pid;
	measure(s->g, &l, 0);
	storm_refresh(s, "192.0.2.10", REFRESHES);
	inside_source(&s->d, "ipv4", "settled", settled);
	ground_nap(CALM_MS);
	measure(s->g, &l, -1);
	printf("\n%d address refreshes: %.1f ms of CPU, %" PRId64 " wake-ups\n", REFRESHES,
	       (double)l.cpu_us / 1000, l.wakeups);
	printf("requests %d (none)%s\n", serve_count(&s->web, NULL, NULL) - before,
	       judge(serve_count(&s->web, NULL, NULL) == before));
	printf("settle timer armed: %s (no)%s\n", strcmp(settled, "true") ? "yes" : "no",
	       judge(!strcmp(settled, "true")));
}

static int64_t review(struct scene *s)
{
	int64_t cpu = inside_cpu_us(s->d.pid);

	for (int i = 0; i < REVIEWS; i++) {
		storm_refresh(s, "192.0.2.10", 1);
		ground_nap(1);
	}
	ground_nap(CALM_MS);
	return (inside_cpu_us(s->d.pid) - cpu) / REVIEWS;
}

static void run_crowd(struct scene *s)
{
	int64_t before, after, alone, crowded;

	configure(s, "50ms");
	storm_begin(s, "192.0.2.10");
	alone = review(s);
	before = inside_memory(s->d.pid, "status", "VmRSS:");
	links_crowd(s->g, LINKS, ADDRESSES);
	ground_nap(CALM_MS);
	crowded = review(s);
	after = inside_memory(s->d.pid, "status", "VmRSS:");
	printf("\n%d addresses on %d foreign links:\n", LINKS * ADDRESSES, LINKS);
	printf("review %" PRId64 " us, without them %" PRId64 " us (less than %d)%s\n", crowded,
	       alone, REVIEW_US, judge(crowded < REVIEW_US));
	printf("VmRSS %" PRId64 " kB, without them %" PRId64 " kB (no more than %d kB apart)%s\n",
	       after, before, GROWTH_KB, judge(after <= before + GROWTH_KB));
}

int main(void)
{
	static void (*const parts[])(struct scene *) = {run_storm, run_refreshes, run_crowd};

	if (!ground_enter())
		return 1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		void *state = NULL;

		scene_setup(&state);
		parts[i](state);
		fflush(stdout);
		scene_teardown(&state);
	}
	return good ? 0 : 1;
}
