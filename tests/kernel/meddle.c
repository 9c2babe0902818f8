/* SPDX-License-Identifier: MIT */
#include "tests/kernel/meddle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct number {
	const _Atomic int32_t *number;
	int32_t least;
};

static size_t gathered;

struct plan *meddle(struct scene *s)
{
	static struct plan *plan;
	char path[GROUND_PATH], fifo[GROUND_PATH];
	int fd;

	gathered = 0;
	if (plan)
		munmap(plan, sizeof(*plan));
	fd = open(ground_path(s->g, path, "plan"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(*plan)) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	plan = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	assert_ptr_not_equal(plan, MAP_FAILED);
	assert_int_equal(mkfifo(ground_path(s->g, fifo, "plan.jump"), 0600), 0);
	setenv("NLDDNS_FAULT", path, 1);
	s->d.program = "nlddnsd-fault";
	return plan;
}

static bool reached(void *arg)
{
	const struct number *n = arg;

	return *n->number >= n->least;
}

bool meddle_await(const struct scene *s, const _Atomic int32_t *number, int32_t least, int ms)
{
	struct number n = {number, least};

	return ground_await(s->g, ms, reached, &n, "a number of the plan");
}

void meddle_nudge(struct scene *s)
{
	wire_add(s->g, SIDE_INSIDE, "lo", "127.77.0.1/32");
	wire_del(s->g, SIDE_INSIDE, "lo", "127.77.0.1/32");
}

void meddle_gather(struct plan *plan, const void *datagram, size_t size)
{
	uint32_t length = (uint32_t)size;

	assert_true(gathered + sizeof(length) + size + 3 < PLAN_INJECTED_MAX);
	memcpy(plan->injected + gathered, &length, sizeof(length));
	memcpy(plan->injected + gathered + sizeof(length), datagram, size);
	gathered += sizeof(length) + ((size + 3) & ~(size_t)3);
}

bool meddle_deliver(struct scene *s, struct plan *plan)
{
	int32_t size = (int32_t)gathered;

	plan->injected_size = 0;
	plan->injected_at = 0;
	plan->injected_size = size;
	gathered = 0;
	meddle_nudge(s);
	return meddle_await(s, &plan->injected_at, size, 3000);
}

void meddle_jump(struct scene *s)
{
	char fifo[GROUND_PATH];
	int fd = open(ground_path(s->g, fifo, "plan.jump"), O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || write(fd, "!", 1) != 1)
		fail_msg("%s: %s", fifo, strerror(errno));
	close(fd);
}
