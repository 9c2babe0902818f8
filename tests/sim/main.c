/* SPDX-License-Identifier: MIT */
/* Runs schedules: sim [--seeds N] [--from SEED] [--jobs N] [--first], or sim --seed SEED [-v].
 * $SEEDS and $FROM are what is meant without the first two. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/report.h"
#include "tests/sim/schedule.h"

#define JOBS_MAX     64
#define FAILURES_MAX 5 /* of one worker that are told */

struct options {
	uint64_t seeds, from, seed;
	unsigned jobs;
	bool one, verbose, first;
};

/* What a worker tells the parent. */
struct worker {
	_Atomic uint64_t done, seed;
	uint64_t counts[REPORT_COUNT];
	unsigned n_failures;
	uint64_t failures[FAILURES_MAX];
	char why[FAILURES_MAX][400];
};

struct shared {
	_Atomic bool stop;
	struct worker workers[JOBS_MAX];
};

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = text ? strtoull(text, &end, 10) : 0;

	if (!text || *end || end == text) {
		fprintf(stderr, "sim: a number is missing\n");
		exit(2);
	}
	return value;
}

static uint64_t preset(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? number(text) : otherwise;
}

static void read_options(int argc, char **argv, struct options *ret)
{
	*ret = (struct options){.seeds = preset("SEEDS", 1000),
				.from = preset("FROM", 0),
				.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN)};
	for (int i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		bool takes = strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i], "--first") != 0;

		if (strcmp(argv[i], "-v") == 0)
			ret->verbose = true;
		else if (strcmp(argv[i], "--first") == 0)
			ret->first = true;
		else if (strcmp(argv[i], "--seeds") == 0)
			ret->seeds = number(next);
		else if (strcmp(argv[i], "--from") == 0)
			ret->from = number(next);
		else if (strcmp(argv[i], "--jobs") == 0)
			ret->jobs = (unsigned)number(next);
		else if (strcmp(argv[i], "--seed") == 0) {
			ret->one = true;
			ret->seed = number(next);
		} else if (takes) {
			fprintf(stderr, "sim: %s: unknown\n", argv[i]);
			exit(2);
		}
		i += takes;
	}
	if (ret->jobs < 1 || ret->jobs > JOBS_MAX)
		ret->jobs = JOBS_MAX;
}

static void fail(struct shared *shared, struct worker *worker, const struct options *options,
		 const char *why)
{
	if (options->first)
		shared->stop = true;
	if (worker->n_failures < FAILURES_MAX) {
		worker->failures[worker->n_failures] = worker->seed;
		snprintf(worker->why[worker->n_failures], sizeof(worker->why[0]), "%s", why);
	}
	worker->n_failures++;
}

static void work(struct shared *shared, unsigned me, const struct options *options)
{
	struct worker *worker = &shared->workers[me];

	for (uint64_t i = me; i < options->seeds && !shared->stop; i += options->jobs) {
		const char *why;

		worker->seed = options->from + i;
		why = schedule_run(worker->seed, false);
		worker->done++;
		if (why)
			fail(shared, worker, options, why);
	}
	for (unsigned i = 0; i < REPORT_COUNT; i++)
		worker->counts[i] = report_counted((enum report_count)i);
}

static bool tell_failures(const struct worker *worker, int status)
{
	unsigned told = worker->n_failures < FAILURES_MAX ? worker->n_failures : FAILURES_MAX;

	for (unsigned i = 0; i < told; i++)
		printf("# seed %" PRIu64 ": %s\n", worker->failures[i], worker->why[i]);
	if (WIFSIGNALED(status))
		printf("# seed %" PRIu64 ": ended by signal %d\n", (uint64_t)worker->seed,
		       WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		printf("# seed %" PRIu64 ": ended with status %d\n", (uint64_t)worker->seed,
		       WEXITSTATUS(status));
	return worker->n_failures > 0 || status != 0;
}

/* In TAP: the rules were kept, and every kind of thing has happened. */
static bool tell(const struct shared *shared, const struct options *options, const int *statuses,
		 const char *program)
{
	uint64_t done = 0;
	bool bad = false;

	for (unsigned i = 0; i < options->jobs; i++) {
		done += shared->workers[i].done;
		bad |= tell_failures(&shared->workers[i], statuses[i]);
	}
	printf("%sok 1 - %" PRIu64 " schedules from seed %" PRIu64 "\n", bad ? "not " : "", done,
	       options->from);
	if (bad)
		printf("# replay: %s --seed N -v\n", program);
	for (unsigned i = 0; i < REPORT_COUNT; i++) {
		uint64_t count = 0;

		for (unsigned j = 0; j < options->jobs; j++)
			count += shared->workers[j].counts[i];
		printf("%sok %u - %s: %" PRIu64 "\n", count == 0 ? "not " : "", i + 2,
		       report_count_name((enum report_count)i), count);
		bad |= count == 0;
	}
	printf("1..%d\n", REPORT_COUNT + 1);
	return bad;
}

static int run_all(const struct options *options, const char *program)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[JOBS_MAX];
	int statuses[JOBS_MAX];

	if (shared == MAP_FAILED)
		return 2;
	for (unsigned i = 0; i < options->jobs; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			return 2;
		if (pids[i] == 0) {
			work(shared, i, options);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < options->jobs; i++)
		waitpid(pids[i], &statuses[i], 0);
	return tell(shared, options, statuses, program);
}

int main(int argc, char **argv)
{
	struct options options;
	const char *why;

	read_options(argc, argv, &options);
	if (!options.one)
		return run_all(&options, argv[0]);
	why = schedule_run(options.seed, options.verbose);
	printf("seed %" PRIu64 ": %s\n", options.seed, why ? why : "all rules were kept");
	return why != NULL;
}
