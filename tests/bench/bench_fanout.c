/* SPDX-License-Identifier: MIT */
/*
 * 10,000 records and one address change: from the kernel event to the last confirmation, next to
 * `curl --parallel` for the same requests at the same concurrency, in turns; and next to the eager
 * `curl --parallel-immediate`, which does not wait to learn whether a connection can be shared.
 * Two shapes: a provider that takes one name a request, and dyndns2 with its lists.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Milliseconds from its start to its end. `how` is one more option, or the same again. */
static double run_curl(const struct fanout *fanout, const char *urls, const char *how)
{
	char most[16], text[64];
	const char *const argv[] = {
		"/usr/bin/curl", "--parallel",   how,      "--parallel-max", most,
		"--silent",      "--show-error", "--fail", "--user",         "user:opensesame",
		"--config",      urls,           NULL};
	int64_t from = ground_now();

	snprintf(most, sizeof(most), "%zu", fanout->accounts);
	if (ground_run(fanout->s->g, argv, text, sizeof(text)) != 0)
		fail_msg("curl fails");
	return (double)(ground_now() - from) / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *ms)
{
	qsort(ms, ROUNDS, sizeof(ms[0]), compare);
	return ms[ROUNDS / 2];
}

static double run_change(struct fanout *fanout, const char *ip)
{
	int64_t reaction_ms = 0;

	if (fanout_change(fanout, ip, PATIENCE_MS) == 0)
		fail_msg("not all requests came");
	if (fanout_confirmed(fanout, ip, &reaction_ms) != fanout->n)
		fail_msg("not all are confirmed");
	return (double)reaction_ms;
}

static bool run_row(const char *name, enum fanout_shape shape)
{
	double ours[ROUNDS], curl[ROUNDS], eager[ROUNDS], ratio;
	void *state = NULL;
	struct fanout *fanout;
	char ip[24], urls[GROUND_PATH];
	size_t requests = 0, writes;
	int64_t kb;

	scene_setup(&state);
	fanout = fanout_new(state, shape, RECORDS, ACCOUNTS);
	fanout_start(fanout);
	ground_path(fanout->s->g, urls, "urls");
	run_change(fanout, "203.0.113.9");
	for (int i = 0; i < ROUNDS; i++) {
		snprintf(ip, sizeof(ip), "203.0.113.%d", 10 + i);
		ours[i] = run_change(fanout, ip);
		requests = write_urls(fanout, ip, urls);
		curl[i] = run_curl(fanout, urls, "--parallel");
		eager[i] = run_curl(fanout, urls, "--parallel-immediate");
	}
	ratio = median(ours) / median(curl);
	kb = inside_memory(fanout->s->d.pid, "status", "\nVmHWM:");
	writes = fanout_writes_a_second(fanout);
	printf("%-20s %8zu %8.0f %8.0f %7.2f %8.0f %7.2f %6.1f %7zu\n", name, requests,
	       median(ours), median(curl), ratio, median(eager), median(ours) / median(eager),
	       (double)kb / 1024, writes);
	fflush(stdout);
	fanout_free(fanout);
	scene_teardown(&state);
	return ratio <= RATIO_MOST && kb < MEMORY_KB;
}

int main(void)
{
	bool good = true;

	if (!ground_enter())
		return 1;
	printf("%d records, %d requests at a time, medians of %d; milliseconds\n"
	       "(ratio at most %.2f; nlddnsd at most %d MB; state writes in the busiest second)\n",
	       RECORDS, ACCOUNTS, ROUNDS, RATIO_MOST, MEMORY_KB / 1024);
	printf("%-20s %8s %8s %8s %7s %8s %7s %6s %7s\n", "", "requests", "nlddnsd", "curl",
	       "ratio", "eager", "ratio", "MB", "writes");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		good = run_row(rows[i].name, rows[i].shape) && good;
	return good ? 0 : 1;
}
