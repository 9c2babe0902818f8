/* SPDX-License-Identifier: MIT */
/*
 * 10,000 records and one address change: from the kernel event to the last confirmation, next to
 * curl with the same requests at the same concurrency, in turns. What each side spends of the
 * processors' time is beside it: that is the same on a machine that is busy with something else.
 * Two shapes: a provider that takes one name a request, and dyndns2 with its lists. The requests of
 * the latter are so few that it measures the paperwork of 10,000 records (what is written down,
 * logged and told of each), which curl does not have to do: no ratio is asked of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/kernel/fanout.h"
#include "tests/kernel/inside.h"

enum {
	RECORDS = 10000,
	ACCOUNTS = 16,
	ROUNDS = 5,
	MEMORY_KB = 12 * 1024,
	PATIENCE_MS = 120000,
};

#define RATIO_MOST 1.25

static const struct {
	const char *name;
	enum fanout_shape shape;
} rows[] = {
	{"one name a request", FANOUT_SINGLE},
	{"lists of 20 names", FANOUT_LISTS},
};

/* Of one change, ms. */
struct cost {
	double ms;     /* from the event to the last answer */
	double cpu;    /* all that was spent */
	double daemon; /* what nlddnsd spent of that */
};

/* The requests of the last change, as a configuration of curl. */
static size_t write_urls(const struct fanout *fanout, const char *ip, const char *path)
{
	FILE *log = fopen(fanout->s->web.log, "re"), *to = fopen(path, "we");
	char *line = NULL, needle[48];
	size_t size = 0, n = 0;

	if (!log || !to)
		fail_msg("%s: %s", path, strerror(errno));
	snprintf(needle, sizeof(needle), "myip=%s ", ip);
	while (getline(&line, &size, log) > 0) {
		const char *from = strstr(line, "/nic/update"), *end = strstr(line, " auth=");

		if (!from || !end || !strstr(line, needle))
			continue;
		fprintf(to, "url = \"http://198.51.100.53:8080%.*s\"\noutput = \"/dev/null\"\n",
			(int)(end - from), from);
		n++;
	}
	free(line);
	fclose(log);
	fclose(to);
	return n;
}

static double child_ms(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void run_curl(const struct fanout *fanout, const char *urls, struct cost *ret)
{
	char most[16], text[64];
	const char *const argv[] = {"/usr/bin/curl",
				    "--parallel",
				    "--parallel-immediate",
				    "--parallel-max",
				    most,
				    "--silent",
				    "--show-error",
				    "--fail",
				    "--user",
				    "user:opensesame",
				    "--config",
				    urls,
				    NULL};
	int64_t from = ground_now();
	double cpu = child_ms();

	snprintf(most, sizeof(most), "%zu", fanout->accounts);
	if (ground_run(fanout->s->g, argv, text, sizeof(text)) != 0)
		fail_msg("curl fails");
	ret->ms = (double)(ground_now() - from) / 1e6;
	ret->cpu = child_ms() - cpu;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const struct cost *costs, size_t field)
{
	double list[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++)
		memcpy(&list[i], (const char *)&costs[i] + field, sizeof(list[i]));
	qsort(list, ROUNDS, sizeof(list[0]), compare);
	return list[ROUNDS / 2];
}

/* keep-updater is set: it is there. */
static pid_t find_updater(pid_t daemon)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", daemon, daemon);
	ground_read(path, text, sizeof(text));
	return (pid_t)strtol(text, NULL, 10);
}

static void used_ms(const struct fanout *fanout, struct cost *ret)
{
	pid_t pid = fanout->s->d.pid;
	double daemon = (double)inside_cpu_us(pid) / 1e3;
	double updater = (double)inside_cpu_us(find_updater(pid)) / 1e3;

	ret->daemon = daemon - ret->daemon;
	ret->cpu = daemon + updater - ret->cpu;
}

/* Until the state of the last change is written, which is noted as it happens. */
static void rest(struct fanout *fanout)
{
	for (int i = 0; i < 120; i++) {
		ground_nap(10);
		(void)fanout_writes_a_second(fanout);
	}
}

static void run_change(struct fanout *fanout, const char *ip, struct cost *ret)
{
	int64_t reaction_ms = 0;

	*ret = (struct cost){0};
	rest(fanout);
	used_ms(fanout, ret);
	if (fanout_change(fanout, ip, PATIENCE_MS) == 0)
		fail_msg("not all requests came");
	/* The last answer, and before anybody asks. */
	ground_nap(50);
	used_ms(fanout, ret);
	if (fanout_confirmed(fanout, ip, &reaction_ms) != fanout->n)
		fail_msg("not all are confirmed");
	ret->ms = (double)reaction_ms;
}

static bool run_row(const char *name, enum fanout_shape shape)
{
	struct cost ours[ROUNDS], curl[ROUNDS];
	double ratio;
	void *state = NULL;
	struct fanout *fanout;
	char ip[24], urls[GROUND_PATH];
	size_t requests = 0, writes;
	int64_t kb;

	scene_setup(&state);
	fanout = fanout_new(state, shape, RECORDS, ACCOUNTS);
	fanout_start(fanout);
	ground_path(fanout->s->g, urls, "urls");
	run_change(fanout, "203.0.113.9", &ours[0]);
	for (int i = 0; i < ROUNDS; i++) {
		snprintf(ip, sizeof(ip), "203.0.113.%d", 10 + i);
		run_change(fanout, ip, &ours[i]);
		requests = write_urls(fanout, ip, urls);
		run_curl(fanout, urls, &curl[i]);
	}
	ratio = median(ours, offsetof(struct cost, ms)) / median(curl, offsetof(struct cost, ms));
	kb = inside_memory(fanout->s->d.pid, "status", "\nVmHWM:");
	writes = fanout_writes_a_second(fanout);
	printf("%-20s %8zu %8.0f %6.0f %6.2f | %8.0f %8.0f %6.0f | %5.1f %6zu\n", name, requests,
	       median(ours, offsetof(struct cost, ms)), median(curl, offsetof(struct cost, ms)),
	       ratio, median(ours, offsetof(struct cost, daemon)),
	       median(ours, offsetof(struct cost, cpu)) -
		       median(ours, offsetof(struct cost, daemon)),
	       median(curl, offsetof(struct cost, cpu)), (double)kb / 1024, writes);
	fflush(stdout);
	fanout_free(fanout);
	scene_teardown(&state);
	/* One more: a write may be noticed late. */
	return (ratio <= RATIO_MOST || shape == FANOUT_LISTS) && kb < MEMORY_KB && writes <= 2;
}

int main(void)
{
	bool good = true;

	if (!ground_enter())
		return 1;
	printf("%d records, %d requests at a time, medians of %d runs in turns; milliseconds.\n"
	       "The reference is curl --parallel --parallel-immediate --parallel-max %d.\n"
	       "At most: ratio %.2f for one name a request, nlddnsd %d MB, one state write a second"
	       ".\nLists make so few requests that they measure the paperwork of the records: no "
	       "ratio "
	       "is asked of them.\n",
	       RECORDS, ACCOUNTS, ROUNDS, ACCOUNTS, RATIO_MOST, MEMORY_KB / 1024);
	printf("%-20s %8s %8s %6s %6s | %8s %8s %6s | %5s %6s\n", "", "", "elapsed", "", "",
	       "CPU time", "", "", "", "writes");
	printf("%-20s %8s %8s %6s %6s | %8s %8s %6s | %5s %6s\n", "", "requests", "nlddns", "curl",
	       "ratio", "nlddnsd", "-updater", "curl", "MB", "/ s");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		good = run_row(rows[i].name, rows[i].shape) && good;
	return good ? 0 : 1;
}
