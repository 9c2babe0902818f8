/* SPDX-License-Identifier: MIT */
#include "update/updater/serve.c"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/webserver.h"

/* The loop in a thread, and the daemon's end of its socket. */
struct peer {
	int ours, theirs;
	int64_t idle_ms;
	int rc;
	pthread_t thread;
};

static void *run(void *data)
{
	struct peer *peer = data;

	peer->rc = serve_run(peer->theirs, peer->idle_ms);
	close(peer->theirs);
	return NULL;
}

static struct peer *start(int64_t idle_ms)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	peer->ours = pair[0];
	peer->theirs = pair[1];
	peer->idle_ms = idle_ms;
	return peer;
}

static void begin(struct peer *peer)
{
	assert_int_equal(pthread_create(&peer->thread, NULL, run, peer), 0);
}

/* Ends when the loop has. */
static void stop(struct peer *peer)
{
	if (peer->ours >= 0)
		close(peer->ours);
	pthread_join(peer->thread, NULL);
	assert_int_equal(peer->rc, 0);
	free(peer);
}

static char bytes[WIRE_MAX];

enum { WATCHED = 5 };

static int send_job(struct peer *peer, uint32_t id, int port, int64_t deadline_ms)
{
	char url[64];
	const struct value values[] = {
		{"url", url}, {"username", "me"}, {"password", "pw"}, {"allow-plaintext", "yes"}};
	const struct wanted wanted = {"a.example.org", RECORD_TYPE_A, {"192.0.2.1"}, 1, 0,
				      false,           NULL,          NULL,          0};
	const struct wire_job job = {
		.id = id,
		.job = {.provider = provider_find("dyndns2"),
			.values = values,
			.n_values = 4,
			.wanted = &wanted,
			.n_wanted = 1,
			.purpose = PURPOSE_UPDATE},
		.deadline_ms = deadline_ms,
		.watched = id == WATCHED,
	};
	int len;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/nic/update", port);
	len = wire_pack_job(&job, bytes, sizeof(bytes));
	assert_true(len > 0);
	return send(peer->ours, bytes, (size_t)len, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* The next message; false at the end of file. Waits at most 5 s. */
static bool receive(struct peer *peer, struct wire_message *ret)
{
	struct pollfd fd = {peer->ours, POLLIN, 0};
	ssize_t len;

	assert_int_equal(poll(&fd, 1, 5000), 1);
	len = recv(peer->ours, bytes, sizeof(bytes), 0);
	if (len <= 0)
		return false;
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, ret), 0);
	return true;
}

static struct wire_message next_result(struct peer *peer)
{
	struct wire_message message;

	do
		assert_true(receive(peer, &message));
	while (message.kind == WIRE_PROGRESS);
	assert_int_equal(message.kind, WIRE_RESULT);
	return message;
}

static void a_job_is_answered_after_its_progress(void **unused)
{
	struct webserver *w =
		webserver_start(MANNER_ANSWER, "HTTP/1.1 200 OK\r\n\r\ngood 192.0.2.1");
	struct peer *peer = start(0);
	struct wire_message message;
	char text[64];

	(void)unused;
	begin(peer);
	send_job(peer, WATCHED, w->port, 5000);
	assert_true(receive(peer, &message));
	assert_int_equal(message.kind, WIRE_PROGRESS);
	assert_int_equal(message.id, 5);
	snprintf(text, sizeof(text), "GET http://127.0.0.1:%d", w->port);
	assert_string_equal(message.progress, text);
	message = next_result(peer);
	assert_int_equal(message.id, 5);
	assert_int_equal(message.n_outcomes, 1);
	assert_int_equal(message.outcomes[0].verdict, VERDICT_DONE);
	stop(peer);
	webserver_stop(w);
}

static void a_hanging_job_delays_no_other(void **unused)
{
	struct webserver *hang = webserver_start(MANNER_HANG, ""),
			 *good = webserver_start(MANNER_ANSWER, "HTTP/1.1 200 OK\r\n\r\ngood");
	struct peer *peer = start(0);
	struct wire_message message;

	(void)unused;
	begin(peer);
	send_job(peer, 1, hang->port, 2000);
	for (uint32_t id = 2; id < 12; id++)
		send_job(peer, id, good->port, 5000);
	for (int i = 0; i < 10; i++) {
		message = next_result(peer);
		assert_int_not_equal(message.id, 1);
		assert_int_equal(message.outcomes[0].verdict, VERDICT_DONE);
	}
	message = next_result(peer);
	assert_int_equal(message.id, 1);
	assert_int_equal(message.outcomes[0].verdict, VERDICT_NO_NETWORK);
	stop(peer);
	webserver_stop(hang);
	webserver_stop(good);
}

/* But acknowledged, even if it was cancelled before it was read. */
static void a_cancelled_job_is_not_answered(void **unused)
{
	struct webserver *hang = webserver_start(MANNER_HANG, ""),
			 *good = webserver_start(MANNER_ANSWER, "HTTP/1.1 200 OK\r\n\r\ngood");
	struct peer *peer = start(0);
	struct wire_message message;
	int len;

	(void)unused;
	send_job(peer, 1, hang->port, 300);
	len = wire_pack_cancel(1, bytes, sizeof(bytes));
	send(peer->ours, bytes, (size_t)len, 0);
	begin(peer);
	assert_true(receive(peer, &message));
	assert_int_equal(message.kind, WIRE_PROGRESS);
	assert_int_equal(message.id, 1);
	poll(NULL, 0, 400);
	send_job(peer, 2, good->port, 5000);
	assert_int_equal(next_result(peer).id, 2);
	stop(peer);
	webserver_stop(hang);
	webserver_stop(good);
}

static void nonsense_is_survived(void **unused)
{
	struct webserver *good = webserver_start(MANNER_ANSWER, "HTTP/1.1 200 OK\r\n\r\ngood");
	struct peer *peer = start(0);
	static char huge[WIRE_MAX + 1];

	(void)unused;
	begin(peer);
	send(peer->ours, "{", 1, 0);
	send(peer->ours, "cancel\00077", 10, 0);
	send(peer->ours, "progress\0001\0x", 13, 0);
	send(peer->ours, huge, sizeof(huge), 0);
	send_job(peer, 2, good->port, 5000);
	assert_int_equal(next_result(peer).id, 2);
	stop(peer);
	webserver_stop(good);
}

static void too_many_jobs_are_refused_not_lost(void **unused)
{
	struct webserver *hang = webserver_start(MANNER_HANG, "");
	struct peer *peer = start(0);
	struct wire_message message;

	(void)unused;
	begin(peer);
	for (uint32_t id = 0; id <= WIRE_JOBS_MAX; id++)
		assert_int_equal(send_job(peer, id, hang->port, 60000), 0);
	message = next_result(peer);
	assert_int_equal(message.id, WIRE_JOBS_MAX);
	assert_int_equal(message.outcomes[0].verdict, VERDICT_RETRY);
	stop(peer);
	webserver_stop(hang);
}

static void it_ends_when_idle_and_not_before(void **unused)
{
	struct webserver *good = webserver_start(MANNER_ANSWER, "HTTP/1.1 200 OK\r\n\r\ngood");
	struct peer *peer = start(1000);
	struct wire_message message;
	int64_t start_ms = clock_ms();

	(void)unused;
	begin(peer);
	poll(NULL, 0, 200);
	assert_int_equal(send_job(peer, 1, good->port, 5000), 0);
	assert_int_equal(next_result(peer).id, 1);
	assert_false(receive(peer, &message));
	assert_in_range(clock_ms() - start_ms, 1180, 30000);
	assert_int_equal(send_job(peer, 2, good->port, 5000), -EPIPE);
	stop(peer);
	webserver_stop(good);
}

/* The loop's own view, at the very moment a job crosses the exit. */
static void a_job_sent_before_the_close_is_taken_after_it(void **unused)
{
	struct server *server = calloc(1, sizeof(*server));
	struct peer *peer = start(0);
	int64_t now = clock_ms();

	(void)unused;
	server->fd = peer->theirs;
	server->idle_ms = 10;
	server->idle_since = now;
	server->http = http_new();
	read_messages(server, now + 10);
	assert_int_equal(send_job(peer, 1, 1, 5000), 0);
	close_if_idle(server, now + 10);
	assert_true(server->closing);
	assert_int_equal(send_job(peer, 2, 1, 5000), -EPIPE);
	read_messages(server, now + 10);
	assert_true(server->closed);
	assert_int_equal(server->n_jobs, 1);
	assert_int_equal(job_id(server->jobs[0]), 1);
	remove_job(server, 0);
	http_free(server->http);
	free(server);
	close(peer->ours);
	close(peer->theirs);
	free(peer);
}

static void a_full_socket_is_waited_for(void **unused)
{
	struct server *server = calloc(1, sizeof(*server));
	struct peer *peer = start(0);
	int small = 1, sent = 0;

	(void)unused;
	server->fd = peer->theirs;
	setsockopt(server->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	while (sent < 10000 && send_packed(server, wire_pack_cancel(1, server->bytes, WIRE_MAX)))
		sent++;
	assert_in_range(sent, 1, 9999);
	assert_true(server->blocked);
	assert_false(server->closed);
	free(server);
	close(peer->ours);
	close(peer->theirs);
	free(peer);
}

/* The same from outside, at any moment. */
static void an_idle_exit_loses_no_job(void **unused)
{
	struct webserver *good = webserver_start(MANNER_ANSWER, "HTTP/1.1 200 OK\r\n\r\ngood");
	struct wire_message message;
	unsigned answered = 0, refused = 0;

	(void)unused;
	for (int i = 0; i < 60; i++) {
		struct peer *peer = start(10);
		int rc;

		begin(peer);
		poll(NULL, 0, 5 + i % 12);
		rc = send_job(peer, 1, good->port, 5000);
		if (rc == 0) {
			message = next_result(peer);
			assert_int_equal(message.outcomes[0].verdict, VERDICT_DONE);
			answered++;
		} else {
			assert_int_equal(rc, -EPIPE);
			refused++;
		}
		stop(peer);
	}
	assert_true(answered > 0);
	assert_int_equal(answered + refused, 60);
	webserver_stop(good);
}

static void the_end_of_the_daemon_ends_it_at_once(void **unused)
{
	struct webserver *hang = webserver_start(MANNER_HANG, "");
	struct peer *peer = start(0);
	int64_t start_ms = clock_ms();

	(void)unused;
	begin(peer);
	send_job(peer, 1, hang->port, 60000);
	poll(NULL, 0, 50);
	stop(peer);
	assert_true(clock_ms() - start_ms < 20000);
	webserver_stop(hang);
}

static void send_dns_job(struct peer *peer, int port)
{
	char number[8];
	const struct value values[] = {
		{"server", "127.0.0.1"}, {"port", number}, {"zone", "example.org"}};
	const struct wanted wanted = {"a.example.org", RECORD_TYPE_A, {"192.0.2.1"}, 1, 0,
				      false,           NULL,          NULL,          0};
	const struct wire_job job = {
		.id = 1,
		.job = {.provider = provider_find("rfc2136"),
			.values = values,
			.n_values = 3,
			.wanted = &wanted,
			.n_wanted = 1,
			.purpose = PURPOSE_UPDATE},
		.deadline_ms = 5000,
	};
	int len;

	snprintf(number, sizeof(number), "%d", port);
	len = wire_pack_job(&job, bytes, sizeof(bytes));
	assert_true(len > 0);
	assert_int_equal(send(peer->ours, bytes, (size_t)len, MSG_NOSIGNAL), len);
}

/* The next daemon may be at work by now: an old address must not come after its new one. */
static void what_a_dead_daemon_asked_for_is_not_begun(void **unused)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct pollfd question = {fd, POLLIN, 0};
	socklen_t len = sizeof(at);

	(void)unused;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	for (int alive = 1; alive >= 0; alive--) {
		struct peer *peer = start(0);

		send_dns_job(peer, ntohs(at.sin_port));
		if (!alive)
			close(peer->ours);
		begin(peer);
		assert_int_equal(poll(&question, 1, alive ? 3000 : 200), alive);
		while (recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0)
			;
		peer->ours = alive ? peer->ours : -1;
		stop(peer);
	}
	close(fd);
}

/* A daemon that does not read for a while gets every result all the same. */
static void results_wait_for_a_slow_reader(void **unused)
{
	enum { JOBS = 300 };
	struct webserver *good = webserver_start(MANNER_ANSWER, "HTTP/1.1 200 OK\r\n\r\ngood");
	struct peer *peer = start(0);
	bool seen[JOBS] = {false};
	int small = 1;
	unsigned sent = 0, answered = 0;

	(void)unused;
	setsockopt(peer->theirs, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	begin(peer);
	while (answered < JOBS) {
		for (; sent < JOBS && sent < answered + 40; sent++)
			assert_int_equal(send_job(peer, sent, good->port, 20000), 0);
		poll(NULL, 0, 30);
		for (; answered < sent; answered++)
			seen[next_result(peer).id] = true;
	}
	for (int i = 0; i < JOBS; i++)
		assert_true(seen[i]);
	stop(peer);
	webserver_stop(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_is_answered_after_its_progress),
		cmocka_unit_test(a_hanging_job_delays_no_other),
		cmocka_unit_test(a_cancelled_job_is_not_answered),
		cmocka_unit_test(nonsense_is_survived),
		cmocka_unit_test(too_many_jobs_are_refused_not_lost),
		cmocka_unit_test(it_ends_when_idle_and_not_before),
		cmocka_unit_test(a_job_sent_before_the_close_is_taken_after_it),
		cmocka_unit_test(a_full_socket_is_waited_for),
		cmocka_unit_test(an_idle_exit_loses_no_job),
		cmocka_unit_test(the_end_of_the_daemon_ends_it_at_once),
		cmocka_unit_test(what_a_dead_daemon_asked_for_is_not_begun),
		cmocka_unit_test(results_wait_for_a_slow_reader),
	};

	log_init("test_serve", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
