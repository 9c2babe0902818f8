/* SPDX-License-Identifier: MIT */
#include "update/updater/serve.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "update/log.h"
#include "update/updater/http.h"
#include "update/updater/job.h"
#include "update/wire.h"
#include "update/wire_service.h"

/* Without a job. Longer than nlddnsd takes to send the next of many; and yet soon, since what is
 * closed after its link or address has gone says goodbye by another's. */
#define REST_MS 20

/* nlddnsd takes one that says nothing of a job for one that hangs; a result says enough. */
#define WORD_MS 1000

struct server {
	int fd;
	int64_t idle_ms, idle_since;
	struct http *http;
	struct job_run *jobs[WIRE_JOBS_MAX];
	size_t n_jobs;
	int64_t owed_since; /* we took a job and have not said a word since; -1: we have */
	uint32_t owed_id;   /* that job */
	struct wire_services services;
	struct wire_message message; /* that is being read */
	bool rested;                 /* no connection waits for the next request */
	bool blocked;                /* the other side does not read: results wait */
	bool closing;                /* we take no more jobs */
	bool closed;                 /* there are no more messages */
	char bytes[WIRE_MAX];
};

static int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Sends what was packed; len may be an error of packing. False: it must be sent again later. */
static bool send_packed(struct server *server, int len)
{
	if (len < 0) {
		log_error("cannot pack a message: %s", strerror(-len));
		return true;
	}
	if (send(server->fd, server->bytes, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
		server->owed_since = -1;
		return true;
	}
	if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) {
		server->blocked = true;
		return false;
	}
	server->closed = true;
	server->closing = false;
	return true;
}

static ssize_t find_job(const struct server *server, uint32_t id)
{
	for (size_t i = 0; i < server->n_jobs; i++)
		if (job_id(server->jobs[i]) == id)
			return (ssize_t)i;
	return -1;
}

static void remove_job(struct server *server, size_t i)
{
	job_free(server->jobs[i]);
	server->jobs[i] = server->jobs[--server->n_jobs];
}

static void refuse_job(struct server *server, struct wire_job *job, const char *why)
{
	struct outcome outcomes[JOB_WANTED_MAX] = {0};
	size_t n = job->job.n_wanted;

	for (size_t i = 0; i < n; i++) {
		outcomes[i].verdict = VERDICT_RETRY;
		snprintf(outcomes[i].why, OUTCOME_WHY_MAX, "%s", why);
	}
	send_packed(server, wire_pack_result(job->id, outcomes, n, server->bytes, WIRE_MAX));
	wire_job_free(job);
}

/* One that cannot be sent is missed by nobody. */
static void tell(struct server *server, uint32_t id, const char *text)
{
	if (!server->blocked)
		send_packed(server, wire_pack_progress(id, text, server->bytes, WIRE_MAX));
}

static void tell_progress(struct server *server, struct job_run *job)
{
	const char *text = job_progress(job);

	if (!text)
		return;
	log_debug("job %u: %s", job_id(job), text);
	tell(server, job_id(job), text);
}

static void owe_word(struct server *server, uint32_t id, int64_t now)
{
	if (server->owed_since >= 0)
		return;
	server->owed_since = now;
	server->owed_id = id;
}

static int64_t word_due(const struct server *server)
{
	return server->owed_since < 0 || server->blocked ? INT64_MAX : server->owed_since + WORD_MS;
}

static void say_word(struct server *server, int64_t now)
{
	if (now >= word_due(server))
		tell(server, server->owed_id, "taken");
}

static void take_job(struct server *server, struct wire_job *job, int64_t now)
{
	if (find_job(server, job->id) >= 0) {
		log_error("job %u came twice", job->id);
		wire_job_free(job);
		return;
	}
	if (server->n_jobs == WIRE_JOBS_MAX) {
		refuse_job(server, job, "too many conversations at a time");
		return;
	}
	log_debug("job %u: %s, %zu records", job->id, job->job.provider->name, job->job.n_wanted);
	owe_word(server, job->id, now);
	server->jobs[server->n_jobs] = job_start(job, server->http, now);
	if (server->jobs[server->n_jobs])
		tell_progress(server, server->jobs[server->n_jobs++]);
	else
		log_error("out of memory for a job");
}

static void cancel_job(struct server *server, uint32_t id)
{
	ssize_t i = find_job(server, id);

	log_debug("job %u: cancelled", id);
	if (i >= 0)
		remove_job(server, (size_t)i);
}

static void look(const struct server *server)
{
	for (size_t i = 0; i < server->n_jobs; i++)
		job_look(server->jobs[i]);
}

static void take_message(struct server *server, size_t len, int64_t now)
{
	struct wire_message *message = &server->message;
	int rc = -EMSGSIZE;

	if (len <= WIRE_MAX)
		rc = wire_unpack(server->bytes, len, &server->services, message);
	explicit_bzero(server->bytes, len > WIRE_MAX ? WIRE_MAX : len);
	if (rc < 0)
		log_error("a message from nlddnsd is not understood: %s", strerror(-rc));
	else if (message->kind == WIRE_JOB)
		take_job(server, message->job, now);
	else if (message->kind == WIRE_CANCEL)
		cancel_job(server, message->id);
	else if (message->kind == WIRE_LOOK)
		look(server);
}

static void read_messages(struct server *server, int64_t now)
{
	while (!server->closed) {
		ssize_t len = recv(server->fd, server->bytes, WIRE_MAX, MSG_DONTWAIT | MSG_TRUNC);

		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (len <= 0)
			server->closed = true;
		else
			take_message(server, (size_t)len, now);
	}
}

/* True once it is sent. */
static bool send_result(struct server *server, const struct job_run *job)
{
	const struct outcome *outcomes;
	size_t n;

	outcomes = job_outcomes(job, &n);
	if (!send_packed(server,
			 wire_pack_result(job_id(job), outcomes, n, server->bytes, WIRE_MAX)))
		return false;
	log_debug("job %u: %s (%s)", job_id(job), provider_verdict_name(outcomes[0].verdict),
		  outcomes[0].why);
	return true;
}

static void work_jobs(struct server *server, int64_t now)
{
	server->blocked = false;
	for (size_t i = 0; i < server->n_jobs;) {
		struct job_run *job = server->jobs[i];
		bool ended = job_work(job, now);

		tell_progress(server, job);
		if (ended && send_result(server, job))
			remove_job(server, i);
		else
			i++;
	}
	if (server->n_jobs == 0)
		return;
	server->idle_since = now;
	server->rested = false;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t find_due(const struct server *server, int64_t now)
{
	int64_t due = smaller(now + INT_MAX, word_due(server));

	if (server->n_jobs == 0 && !server->rested)
		due = server->idle_since + REST_MS;
	if (server->n_jobs == 0 && server->idle_ms > 0 && !server->closing)
		due = smaller(due, server->idle_since + server->idle_ms);
	for (size_t i = 0; i < server->n_jobs; i++) {
		/* One that has ended waits to be sent. */
		if (server->blocked && job_due(server->jobs[i]) == 0)
			continue;
		if (job_due(server->jobs[i]) < due)
			due = job_due(server->jobs[i]);
	}
	return due;
}

static void wait(struct server *server, int64_t now)
{
	struct pollfd fds[1 + WIRE_JOBS_MAX * DNS_FDS_MAX];
	int64_t due = find_due(server, now);
	size_t n = 1;

	fds[0] = (struct pollfd){.fd = server->closed ? -1 : server->fd, .events = POLLIN};
	if (server->blocked)
		fds[0] = (struct pollfd){.fd = server->fd, .events = POLLIN | POLLOUT};
	for (size_t i = 0; i < server->n_jobs; i++)
		n += job_pollfds(server->jobs[i], fds + n);
	http_wait(server->http, fds, n, due > now ? (int)(due - now) : 0);
}

/* Connections do not wait for requests that do not come. */
static void rest_if_idle(struct server *server, int64_t now)
{
	if (server->n_jobs > 0 || server->rested || now < server->idle_since + REST_MS)
		return;
	http_rest(server->http);
	server->rested = true;
}

/* Nothing to do for long enough: whoever wants more starts another. */
static void close_if_idle(struct server *server, int64_t now)
{
	if (server->n_jobs > 0 || server->idle_ms == 0 || server->closing ||
	    now < server->idle_since + server->idle_ms)
		return;
	log_debug("idle: ending");
	shutdown(server->fd, SHUT_RD);
	server->closing = true;
}

/* Nobody waits for what is still to be done, or nothing is. */
static bool is_over(const struct server *server)
{
	return server->closed && (!server->closing || server->n_jobs == 0);
}

static void serve(struct server *server)
{
	int64_t now = clock_ms();

	server->idle_since = now;
	read_messages(server, now);
	if (server->n_jobs == 0 && !server->closed)
		http_warm(server->http);
	log_debug("ready");
	for (;;) {
		now = clock_ms();
		read_messages(server, now);
		/* Another nlddnsd may be at work by now, and know better. */
		if (is_over(server))
			return;
		work_jobs(server, now);
		say_word(server, now);
		rest_if_idle(server, now);
		close_if_idle(server, now);
		if (is_over(server))
			return;
		wait(server, now);
	}
}

int serve_run(int fd, int64_t idle_ms)
{
	struct server *server = calloc(1, sizeof(*server));
	int rc = -ENOMEM;

	if (!server)
		return -ENOMEM;
	server->fd = fd;
	server->owed_since = -1;
	server->idle_ms = idle_ms;
	server->http = http_new();
	if (!server->http)
		goto out;
	serve(server);
	while (server->n_jobs > 0)
		remove_job(server, server->n_jobs - 1);
	rc = 0;
out:
	wire_services_free(&server->services);
	http_free(server->http);
	explicit_bzero(server, sizeof(*server));
	free(server);
	return rc;
}
