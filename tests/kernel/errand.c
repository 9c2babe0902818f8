/* SPDX-License-Identifier: MIT */
#include "tests/kernel/errand.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WIRE_FD = 3, PATIENCE = 30000 };

static pid_t start(struct ground *g, int fd)
{
	char program[GROUND_PATH], log[GROUND_PATH];
	pid_t pid;

	ground_built(program, "nlddns-updater");
	ground_path(g, log, "updater.log");
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		ground_go(g, SIDE_INSIDE);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
		dup2(fd, WIRE_FD);
		execl(program, program, "-v", NULL);
		_exit(127);
	}
	assert_true(pid > 0);
	ground_keep(g, pid);
	return pid;
}

/* The result, past what it tells on the way. */
static json_t *await(int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	static char text[65536];
	json_t *json;
	ssize_t len;

	while (poll(&pollfd, 1, ground_patience(PATIENCE)) == 1) {
		len = recv(fd, text, sizeof(text), 0);
		if (len <= 0)
			break;
		json = json_loadb(text, (size_t)len, 0, NULL);
		if (json_object_get(json, "result"))
			return json;
		json_decref(json);
	}
	fail_msg("nlddns-updater gives no result");
	return NULL;
}

static void copy(char *to, size_t size, const json_t *from, const char *key)
{
	const char *text = json_string_value(json_object_get(from, key));

	snprintf(to, size, "%s", text ? text : "");
}

/* As update/wire.h has it. */
static int write_job(const struct errand *errand, char *text, size_t size)
{
	return snprintf(text, size,
			"{\"job\":1,\"provider\":\"%s\",\"service\":0,\"verify\":%s,"
			"\"values\":{%s},\"wanted\":[{\"name\":\"%s\",\"type\":\"A\","
			"\"addrs\":[\"%s\"],\"ttl\":120,\"unsure\":false}],"
			"\"bind\":\"wan0\",\"deadline\":30000}",
			errand->provider, errand->verify ? "true" : "false", errand->values,
			errand->name, errand->addr);
}

struct errand_end errand_run(struct ground *g, const struct errand *errand)
{
	struct errand_end end = {.ttl = -1};
	const json_t *outcome;
	json_t *result;
	char text[4096];
	int pair[2], len = write_job(errand, text, sizeof(text));
	pid_t pid;

	assert_in_range(len, 1, sizeof(text) - 1);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	pid = start(g, pair[1]);
	close(pair[1]);
	assert_int_equal(send(pair[0], text, (size_t)len, MSG_NOSIGNAL), len);
	result = await(pair[0]);
	close(pair[0]);
	outcome = json_array_get(json_object_get(result, "outcomes"), 0);
	copy(end.verdict, sizeof(end.verdict), outcome, "verdict");
	copy(end.truth, sizeof(end.truth), outcome, "truth");
	copy(end.why, sizeof(end.why), outcome, "why");
	end.ttl = (int)json_integer_value(json_object_get(outcome, "ttl"));
	json_decref(result);
	ground_end(g, pid, SIGTERM, 3000);
	return end;
}
