/* SPDX-License-Identifier: MIT */
#include "update/daemon/updater.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "update/daemon/clock.h"
#include "update/daemon/spawn.h"
#include "update/log.h"
#include "update/wire_service.h"

#define RESPAWN_FIRST_MS 1000
#define RESPAWN_MOST_MS  60000

/* It acknowledges a job at once: this is for its start on a slow and busy machine. */
#define SILENCE_MS 10000

struct updater {
	char *program;
	int64_t idle_ms;
	bool verbose;
	int fd;                                         /* -1: it does not run */
	const struct provider *told[WIRE_SERVICES_MAX]; /* whose services it keeps as 1, 2, ... */
	int last_told;
	char *bytes;        /* of one message, while it runs */
	pid_t pid;          /* 0: none */
	pid_t shut;         /* the one before, which we have ended */
	unsigned crashes;   /* in a row: ended with jobs unanswered */
	int64_t not_before; /* ms; the next start */
	struct updater_stats stats;
	int64_t started_at; /* ms; until it has said a word; -1: it has, or was never started */
	int64_t asked_at;   /* ms; the first job since its last word; -1: none */
};

int updater_new(const char *program, int64_t idle_ms, bool verbose, struct updater **ret)
{
	struct updater *updater = calloc(1, sizeof(*updater));

	if (!updater)
		return -ENOMEM;
	updater->program = strdup(program);
	if (!updater->program) {
		free(updater);
		return -ENOMEM;
	}
	updater->idle_ms = idle_ms;
	updater->verbose = verbose;
	updater->fd = -1;
	updater->not_before = -1;
	updater->started_at = -1;
	updater->asked_at = -1;
	*ret = updater;
	return 0;
}

void updater_forget(struct updater *updater)
{
	memset(updater->told, 0, sizeof(updater->told));
}

static void shut(struct updater *updater)
{
	if (updater->fd < 0)
		return;
	updater_forget(updater);
	close(updater->fd);
	updater->fd = -1;
	free(updater->bytes);
	updater->bytes = NULL;
	updater->asked_at = -1;
	/* It ends by itself, but nothing must depend on that. */
	kill(updater->pid, SIGKILL);
	updater->shut = updater->pid;
	updater->pid = 0;
}

void updater_free(struct updater *updater)
{
	if (!updater)
		return;
	shut(updater);
	free(updater->program);
	free(updater);
}

void updater_set_verbose(struct updater *updater, bool verbose)
{
	updater->verbose = verbose;
}

/* When the next may be started, or earlier. One that died before it had said a word might do so a
 * thousand times a second. */
static int64_t earliest(const struct updater *updater)
{
	int64_t again = updater->started_at + RESPAWN_FIRST_MS;

	return updater->started_at >= 0 && again > updater->not_before ? again
								       : updater->not_before;
}

int updater_ensure(struct updater *updater, int64_t now)
{
	int err;

	if (updater->fd >= 0)
		return 0;
	if (now < earliest(updater))
		return -EAGAIN;
	updater->bytes = malloc(WIRE_MAX);
	if (!updater->bytes)
		return -ENOMEM;
	updater->started_at = now;
	err = spawn_updater(updater->program, updater->idle_ms, updater->verbose, &updater->fd,
			    &updater->pid);
	if (err < 0) {
		free(updater->bytes);
		updater->bytes = NULL;
		updater->not_before = now + RESPAWN_MOST_MS;
		log_error("%s: cannot be started: %s; install it there, retrying in %d s",
			  updater->program, strerror(-err), RESPAWN_MOST_MS / 1000);
	} else {
		updater->stats.starts++;
	}
	return err;
}

int64_t updater_due(const struct updater *updater, int64_t now)
{
	return updater->fd < 0 && earliest(updater) > now ? earliest(updater) : -1;
}

/* Packs, sends, wipes: jobs hold secrets. */
static int send_whole(const struct updater *updater, const char *bytes, size_t len)
{
	ssize_t n;

	do
		n = send(updater->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static int find_told(const struct updater *updater, const struct provider *provider)
{
	for (int i = 0; i < WIRE_SERVICES_MAX; i++)
		if (updater->told[i] == provider)
			return i + 1;
	return 0;
}

/* Before the first job that needs it; when there is no more room, instead of the oldest. */
static int tell_service(struct updater *updater, const struct provider *provider, int *ret_number)
{
	int number = find_told(updater, provider), len, err;

	if (number == 0) {
		number = updater->last_told % WIRE_SERVICES_MAX + 1;
		len = wire_pack_service(number, provider, updater->bytes, WIRE_MAX);
		err = len < 0 ? len : send_whole(updater, updater->bytes, (size_t)len);
		if (err < 0)
			return err;
		updater->told[number - 1] = provider;
		updater->last_told = number;
	}
	*ret_number = number;
	return 0;
}

static int send_packed(struct updater *updater, const struct wire_job *job)
{
	int len = wire_pack_job(job, updater->bytes, WIRE_MAX);
	int err = len < 0 ? len : send_whole(updater, updater->bytes, (size_t)len);

	/* What was too long is there in part. */
	explicit_bzero(updater->bytes, len < 0 ? WIRE_MAX : (size_t)len);
	return err;
}

int updater_send(struct updater *updater, const struct wire_job *job, int64_t now)
{
	struct wire_job numbered = *job;
	int err = updater_ensure(updater, now);

	if (err < 0)
		return -EAGAIN;
	numbered.service = 0;
	numbered.watched |= updater->verbose;
	if (job->job.provider->service)
		err = tell_service(updater, job->job.provider, &numbered.service);
	if (err == 0)
		err = send_packed(updater, &numbered);
	if (err == 0 && updater->asked_at < 0)
		updater->asked_at = now;
	return err == -EPIPE || err == -ECONNRESET || err == -ENOBUFS ? -EAGAIN : err;
}

void updater_cancel(struct updater *updater, uint32_t id)
{
	char bytes[128];
	int len;

	if (updater->fd < 0)
		return;
	len = wire_pack_cancel(id, bytes, sizeof(bytes));
	if (len > 0)
		(void)send_whole(updater, bytes, (size_t)len);
}

void updater_look(struct updater *updater)
{
	char bytes[128];
	int len = wire_pack_look(bytes, sizeof(bytes));

	if (updater->fd >= 0 && len > 0)
		(void)send_whole(updater, bytes, (size_t)len);
}

int updater_fd(const struct updater *updater)
{
	return updater->fd;
}

/* 1: *ret is filled. 0: nothing there. -EPIPE: closed, broken, or not our updater's language. */
static int receive(struct updater *updater, struct wire_message *ret)
{
	ssize_t len;
	int err;

	do
		len = recv(updater->fd, updater->bytes, WIRE_MAX, MSG_DONTWAIT | MSG_TRUNC);
	while (len < 0 && errno == EINTR);
	if (len < 0 && errno == EAGAIN)
		err = 0;
	else if (len <= 0)
		err = -EPIPE;
	else if (len > WIRE_MAX)
		err = -EBADMSG;
	else
		err = wire_unpack(updater->bytes, (size_t)len, NULL, ret);
	if (len > 0 && err == 0) {
		err = 1;
		if (ret->kind != WIRE_RESULT && ret->kind != WIRE_PROGRESS) {
			wire_done(ret);
			err = -EBADMSG;
		}
	}
	return err;
}

int updater_read(struct updater *updater, struct wire_message *ret)
{
	int err;

	if (updater->fd < 0)
		return 0;
	err = receive(updater, ret);
	if (err == -EBADMSG)
		log_error("nlddns-updater speaks gibberish; ending it. Are both of one version?");
	if (err < 0) {
		shut(updater);
		return -EPIPE;
	}
	if (err == 1)
		updater->started_at = updater->asked_at = -1;
	if (err == 1 && ret->kind == WIRE_RESULT)
		updater->crashes = 0;
	return err;
}

void updater_blame(struct updater *updater, int64_t now)
{
	int64_t wait = RESPAWN_FIRST_MS;

	updater->stats.crashes++;
	if (++updater->crashes == 1)
		return;
	for (unsigned i = 2; i < updater->crashes && wait < RESPAWN_MOST_MS; i++)
		wait *= 2;
	if (wait > RESPAWN_MOST_MS)
		wait = RESPAWN_MOST_MS;
	updater->not_before = now + wait;
	log_warn("nlddns-updater ended %u times in a row without an answer, next start in %d s",
		 updater->crashes, (int)(wait / 1000));
}

int64_t updater_silent(const struct updater *updater)
{
	return updater->asked_at < 0 ? -1 : updater->asked_at + SILENCE_MS;
}

void updater_kill(struct updater *updater)
{
	updater->asked_at = -1;
	if (updater->fd >= 0)
		kill(updater->pid, SIGKILL);
}

void updater_stats(const struct updater *updater, struct updater_stats *ret)
{
	*ret = updater->stats;
}

void updater_ended(struct updater *updater, pid_t pid, int status)
{
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && pid == updater->shut;

	if (pid != updater->pid && pid != updater->shut)
		return;
	if (WIFSIGNALED(status) && !killed)
		log_warn("nlddns-updater (process %d) was ended by signal %d", pid,
			 WTERMSIG(status));
	else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		log_warn("nlddns-updater (process %d) ended with status %d", pid,
			 WEXITSTATUS(status));
}
