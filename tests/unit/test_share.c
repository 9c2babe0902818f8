/* SPDX-License-Identifier: MIT */
/* Which requests may share a connection. */
#include "update/updater/http.c"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define PEERS_MAX 16

/* Answers each request on each connection, and counts the connections. */
struct counter {
	int fd, stop[2];
	uint16_t port;
	pthread_t thread;
	_Atomic unsigned n_connections, n_open;
};

static void answer(struct counter *counter, struct pollfd *peer)
{
	static const char good[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
	char request[4096];
	ssize_t n = recv(peer->fd, request, sizeof(request), 0);

	if (n > 0) {
		send(peer->fd, good, sizeof(good) - 1, MSG_NOSIGNAL);
		return;
	}
	close(peer->fd);
	peer->fd = -1;
	counter->n_open--;
}

static void *run(void *data)
{
	struct counter *counter = data;
	struct pollfd fds[2 + PEERS_MAX] = {{counter->stop[0], POLLIN, 0},
					    {counter->fd, POLLIN, 0}};

	for (size_t i = 2; i < 2 + PEERS_MAX; i++)
		fds[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	while (poll(fds, 2 + PEERS_MAX, -1) > 0 && !fds[0].revents) {
		for (size_t i = 2; i < 2 + PEERS_MAX; i++) {
			if (fds[i].fd >= 0 && fds[i].revents)
				answer(counter, &fds[i]);
			if (fds[i].fd >= 0 || !fds[1].revents)
				continue;
			fds[i].fd = accept(counter->fd, NULL, NULL);
			fds[i].revents = fds[1].revents = 0;
			counter->n_connections++;
			counter->n_open++;
		}
	}
	for (size_t i = 2; i < 2 + PEERS_MAX; i++)
		if (fds[i].fd >= 0)
			close(fds[i].fd);
	return NULL;
}

static struct counter *counter_start(void)
{
	struct counter *counter = calloc(1, sizeof(*counter));
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(addr);

	assert_non_null(counter);
	counter->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(counter->fd, (struct sockaddr *)&addr, size), 0);
	assert_int_equal(listen(counter->fd, 128), 0);
	assert_int_equal(getsockname(counter->fd, (struct sockaddr *)&addr, &size), 0);
	assert_int_equal(pipe(counter->stop), 0);
	counter->port = ntohs(addr.sin_port);
	pthread_create(&counter->thread, NULL, run, counter);
	return counter;
}

static void counter_stop(struct counter *counter)
{
	close(counter->stop[1]);
	pthread_join(counter->thread, NULL);
	close(counter->stop[0]);
	close(counter->fd);
	free(counter);
}

static void make_request(const struct counter *counter, enum http_way from, struct request *ret)
{
	*ret = (struct request){.kind = REQUEST_HTTP, .http.method = "GET", .http.way = from};
	buf_init(&ret->http.url, 128);
	buf_printf(&ret->http.url, "http://127.0.0.1:%u/", counter->port);
}

static void finish(struct http *http, struct http_call *call)
{
	struct ending ending;

	assert_non_null(call);
	for (int i = 0; i < 500 && !http_ended(call, &ending); i++)
		http_wait(http, NULL, 0, 10);
	assert_true(http_ended(call, &ending));
	assert_false(ending.failed);
	http_call_free(call);
}

/* One request after the other. */
static void only_one_way_shares(void **state)
{
	static const struct step {
		uint32_t way;
		const char *bind;
		enum http_way from;
		bool rest;
		unsigned connections;
	} steps[] = {
		{0, NULL, HTTP_WAY_ANY, false, 1},    {0, NULL, HTTP_WAY_ANY, false, 2},
		{5, NULL, HTTP_WAY_ANY, false, 3},    {5, NULL, HTTP_WAY_ANY, false, 3},
		{0, NULL, HTTP_WAY_ANY, false, 4},    {5, NULL, HTTP_WAY_ANY, false, 4},
		{5, "wan0", HTTP_WAY_ANY, false, 5},  {5, "wan0", HTTP_WAY_ANY, false, 5},
		{5, "wan1", HTTP_WAY_ANY, false, 6},  {6, "wan1", HTTP_WAY_ANY, false, 7},
		{6, "wan1", HTTP_WAY_IPV4, false, 8}, {6, "wan1", HTTP_WAY_ANY, false, 8},
		{6, "wan1", HTTP_WAY_ANY, true, 9},   {5, NULL, HTTP_WAY_ANY, false, 10},
	};
	struct counter *counter = counter_start();
	struct http *http = http_new();

	(void)state;
	assert_non_null(http);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct step *step = &steps[i];
		struct http_options options = {
			.plaintext = true, .way = step->way, .bind = step->bind};
		struct request request;

		if (step->rest)
			http_rest(http);
		make_request(counter, step->from, &request);
		finish(http, http_start(http, &request, &options));
		assert_int_equal(counter->n_connections, step->connections);
		provider_request_done(&request);
	}
	http_free(http);
	counter_stop(counter);
}

/* However few requests are under way in between. */
static void as_many_stay_as_are_needed(void **state)
{
	enum { CALLS = 12 };
	static const struct http_options options = {.plaintext = true, .way = 1};
	static const size_t rounds[] = {CALLS, 1, CALLS};
	struct counter *counter = counter_start();
	struct http *http = http_new();
	struct http_call *calls[CALLS];
	struct request request;

	(void)state;
	make_request(counter, HTTP_WAY_ANY, &request);
	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
		for (size_t j = 0; j < rounds[i]; j++)
			calls[j] = http_start(http, &request, &options);
		for (size_t j = 0; j < rounds[i]; j++)
			finish(http, calls[j]);
	}
	assert_int_equal(counter->n_connections, CALLS);
	buf_done(&request.http.url);
	http_free(http);
	counter_stop(counter);
}

/* Those of the old way may still be under way. */
static void ways_do_not_mix(void **state)
{
	static const struct http_options old = {.plaintext = true, .way = 1},
					 new = {.plaintext = true, .way = 2};
	struct counter *counter = counter_start();
	struct http *http = http_new();
	struct http_call *first, *second;
	struct request request;

	(void)state;
	make_request(counter, HTTP_WAY_ANY, &request);
	finish(http, http_start(http, &request, &old));
	first = http_start(http, &request, &old);
	second = http_start(http, &request, &new);
	finish(http, second);
	finish(http, first);
	assert_int_equal(counter->n_connections, 2);
	finish(http, http_start(http, &request, &new));
	assert_int_equal(counter->n_connections, 2);
	finish(http, http_start(http, &request, &old));
	assert_int_equal(counter->n_connections, 3);
	provider_request_done(&request);
	http_free(http);
	counter_stop(counter);
}

static void nothing_stays_open_at_rest(void **state)
{
	static const struct http_options options = {.plaintext = true, .way = 1};
	struct counter *counter = counter_start();
	struct http *http = http_new();
	struct request request;

	(void)state;
	make_request(counter, HTTP_WAY_ANY, &request);
	finish(http, http_start(http, &request, &options));
	assert_int_equal(counter->n_open, 1);
	http_rest(http);
	for (int i = 0; i < 500 && counter->n_open > 0; i++)
		poll(NULL, 0, 10);
	assert_int_equal(counter->n_open, 0);
	provider_request_done(&request);
	http_free(http);
	counter_stop(counter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_one_way_shares),
		cmocka_unit_test(as_many_stay_as_are_needed),
		cmocka_unit_test(ways_do_not_mix),
		cmocka_unit_test(nothing_stays_open_at_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
