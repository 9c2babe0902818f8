/* SPDX-License-Identifier: MIT */
#include "update/updater/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "update/updater/packet.h"
#include "update/updater/sock.h"

enum {
	UDP_ROUNDS = 3,
	UDP_ROUND_MS = 1000, /* the first; each next one waits that much longer */
	DATAGRAMS_MAX = 64,  /* read in one go */
	LENGTH_LEN = 2,      /* before a message over TCP */
};

enum progress { PROGRESS_WAIT, PROGRESS_ANSWER, PROGRESS_NEXT };

struct exchange {
	struct exchange_question question;
	struct packet packet;
	/* Counts servers of the UDP rounds, then of the TCP one. */
	size_t attempt;
	bool begun;
	int64_t attempt_due, due;
	int fd;
	bool connecting;
	size_t sent, received; /* over TCP, lengths included */
	uint8_t *answer;       /* LENGTH_LEN + PACKET_MAX */
	bool doubtful;         /* reply came over UDP without the signature */
	struct reply reply;
	struct outcome failure; /* of the last attempt */
};

static size_t first_tcp(const struct exchange *x)
{
	return UDP_ROUNDS * x->question.n_servers;
}

static bool is_tcp(const struct exchange *x)
{
	return x->attempt >= first_tcp(x);
}

static const union resolv_server *server(const struct exchange *x)
{
	return &x->question.servers[x->attempt % x->question.n_servers];
}

/* Keeps why the attempt failed. */
__attribute__((format(printf, 3, 4))) static void note(struct exchange *x, enum verdict verdict,
						       const char *format, ...)
{
	const union resolv_server *to = server(x);
	bool v4 = to->any.sa_family == AF_INET;
	char addr[ADDRESS_MAX], reason[80];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	inet_ntop(to->any.sa_family,
		  v4 ? (const void *)&to->v4.sin_addr : (const void *)&to->v6.sin6_addr, addr,
		  sizeof(addr));
	x->failure = (struct outcome){.verdict = verdict};
	snprintf(x->failure.why, sizeof(x->failure.why), "DNS server %s port %d%s%.16s: %s", addr,
		 ntohs(v4 ? to->v4.sin_port : to->v6.sin6_port),
		 x->question.bind ? " by link " : "", x->question.bind ? x->question.bind : "",
		 reason);
}

static enum progress note_errno(struct exchange *x)
{
	if (errno == EAGAIN || errno == EINPROGRESS || errno == EINTR)
		return PROGRESS_WAIT;
	note(x, VERDICT_NO_NETWORK, "%s", strerror(errno));
	return PROGRESS_NEXT;
}

static void close_socket(struct exchange *x)
{
	if (x->fd >= 0)
		close(x->fd);
	x->fd = -1;
	x->sent = x->received = 0;
}

static enum progress open_socket(struct exchange *x)
{
	const union resolv_server *to = server(x);
	int fd = sock_open(&to->any, is_tcp(x) ? SOCK_STREAM : SOCK_DGRAM, x->question.bind);

	if (fd < 0) {
		errno = -fd;
		return note_errno(x);
	}
	x->fd = fd;
	x->connecting = is_tcp(x);
	return connect(fd, &to->any, resolv_server_len(to)) < 0 ? note_errno(x) : PROGRESS_WAIT;
}

/* Sends the question once more, or begins to over TCP. */
static enum progress begin(struct exchange *x, int64_t now)
{
	int64_t round = (int64_t)(x->attempt / x->question.n_servers);

	/* The only server's late answer to an earlier copy is as good. */
	if (is_tcp(x) || x->question.n_servers > 1)
		close_socket(x);
	if (x->fd < 0 && open_socket(x) == PROGRESS_NEXT)
		return PROGRESS_NEXT;
	x->attempt_due = now + (is_tcp(x) ? TRANSPORT_CONNECT_MS : (round + 1) * UDP_ROUND_MS);
	if (!is_tcp(x) && send(x->fd, x->packet.wire, x->packet.len, MSG_NOSIGNAL) < 0)
		return note_errno(x);
	return PROGRESS_WAIT;
}

static enum packet_finding read_answer(struct exchange *x, const uint8_t *wire, size_t len,
				       struct reply *ret)
{
	return packet_read(x->question.request, x->question.type, &x->packet, (uint64_t)time(NULL),
			   wire, len, ret);
}

/* The next attempt is TCP with this server. */
static enum progress distrust(struct exchange *x)
{
	x->attempt = first_tcp(x) + x->attempt % x->question.n_servers - 1;
	return PROGRESS_NEXT;
}

static enum progress take_datagram(struct exchange *x, size_t len)
{
	struct reply reply;

	switch (read_answer(x, x->answer, len, &reply)) {
	case PACKET_ANSWER:
		x->reply = reply;
		return PROGRESS_ANSWER;
	case PACKET_FOREIGN:
		return PROGRESS_WAIT;
	case PACKET_UNSIGNED:
		x->reply = reply;
		x->doubtful = true;
		return distrust(x);
	case PACKET_GARBAGE:
	case PACKET_TRUNCATED:
		return distrust(x);
	}
	return PROGRESS_WAIT;
}

static enum progress work_udp(struct exchange *x)
{
	enum progress progress = PROGRESS_WAIT;

	for (int i = 0; i < DATAGRAMS_MAX && progress == PROGRESS_WAIT; i++) {
		ssize_t len = recv(x->fd, x->answer, PACKET_MAX, MSG_DONTWAIT);

		if (len < 0)
			return note_errno(x);
		progress = take_datagram(x, (size_t)len);
	}
	return progress;
}

/* The connection's outcome, then the length and the question. */
static enum progress send_tcp(struct exchange *x)
{
	uint8_t length[LENGTH_LEN] = {(uint8_t)(x->packet.len >> 8), (uint8_t)x->packet.len};
	struct iovec parts[2] = {{length, LENGTH_LEN}, {x->packet.wire, x->packet.len}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	struct pollfd pollfd = {.fd = x->fd, .events = POLLOUT};
	int error = 0;
	socklen_t size = sizeof(error);
	ssize_t n;

	if (poll(&pollfd, 1, 0) == 0)
		return PROGRESS_WAIT;
	if (getsockopt(x->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error) {
		errno = error;
		return note_errno(x);
	}
	/* A fresh connection's send buffer holds any question whole. */
	n = sendmsg(x->fd, &message, MSG_NOSIGNAL);
	if (n < 0)
		return note_errno(x);
	x->sent = (size_t)n;
	x->connecting = false;
	if (x->sent == LENGTH_LEN + x->packet.len)
		return PROGRESS_WAIT;
	note(x, VERDICT_NO_NETWORK, "the connection takes no data");
	return PROGRESS_NEXT;
}

static size_t expected(const struct exchange *x)
{
	if (x->received < LENGTH_LEN)
		return LENGTH_LEN;
	return LENGTH_LEN + ((size_t)x->answer[0] << 8 | x->answer[1]);
}

static enum progress take_message(struct exchange *x)
{
	struct reply reply;

	switch (read_answer(x, x->answer + LENGTH_LEN, x->received - LENGTH_LEN, &reply)) {
	case PACKET_ANSWER:
	case PACKET_UNSIGNED:
		x->reply = reply;
		return PROGRESS_ANSWER;
	case PACKET_FOREIGN:
	case PACKET_GARBAGE:
	case PACKET_TRUNCATED:
		note(x, VERDICT_RETRY, "its answer cannot be understood");
		return PROGRESS_NEXT;
	}
	return PROGRESS_NEXT;
}

static enum progress work_tcp(struct exchange *x)
{
	enum progress progress;
	ssize_t n;

	if (x->connecting) {
		progress = send_tcp(x);
		if (progress != PROGRESS_WAIT || x->connecting)
			return progress;
	}
	while (x->received < expected(x)) {
		n = recv(x->fd, x->answer + x->received, expected(x) - x->received, MSG_DONTWAIT);
		if (n < 0)
			return note_errno(x);
		if (n == 0) {
			note(x, x->received ? VERDICT_RETRY : VERDICT_NO_NETWORK,
			     "it closed the connection %s",
			     x->received ? "within its answer" : "without an answer");
			return PROGRESS_NEXT;
		}
		x->received += (size_t)n;
	}
	return take_message(x);
}

static void note_silence(struct exchange *x)
{
	note(x, VERDICT_NO_NETWORK, "no answer: is it up, and is the port let through?");
}

static enum progress work_attempt(struct exchange *x, int64_t now)
{
	enum progress progress = is_tcp(x) ? work_tcp(x) : work_udp(x);

	if (progress != PROGRESS_WAIT || now < x->attempt_due)
		return progress;
	note_silence(x);
	return PROGRESS_NEXT;
}

/* A failed attempt is followed by the next, until one waits. */
static enum progress go_on(struct exchange *x, int64_t now)
{
	size_t last = first_tcp(x) + x->question.n_servers - 1;
	enum progress progress = x->begun ? work_attempt(x, now) : begin(x, now);

	x->begun = true;
	while (progress == PROGRESS_NEXT && x->attempt < last) {
		x->attempt++;
		progress = begin(x, now);
	}
	return progress;
}

bool exchange_work(struct exchange *x, int64_t now, struct ending *ret_ending)
{
	enum progress progress = go_on(x, now);

	if (progress == PROGRESS_WAIT && now < x->due)
		return false;
	if (progress == PROGRESS_WAIT)
		note_silence(x);
	*ret_ending = (struct ending){0};
	if (progress == PROGRESS_ANSWER || x->doubtful) {
		ret_ending->reply = x->reply;
		/* Whatever it claims: TCP did not confirm it. */
		if (progress != PROGRESS_ANSWER)
			ret_ending->reply.tsig_error = -1;
	} else {
		ret_ending->failed = true;
		ret_ending->failure = x->failure;
	}
	return true;
}

struct pollfd exchange_pollfd(const struct exchange *x)
{
	return (struct pollfd){.fd = x->fd, .events = x->connecting ? POLLOUT : POLLIN};
}

int64_t exchange_due(const struct exchange *x)
{
	if (!x->begun)
		return 0;
	return x->attempt_due < x->due ? x->attempt_due : x->due;
}

void exchange_free(struct exchange *x)
{
	if (!x)
		return;
	close_socket(x);
	packet_done(&x->packet);
	free(x->answer);
	free(x);
}

int exchange_start(const struct exchange_question *question, int64_t now, struct exchange **ret)
{
	struct exchange *x = calloc(1, sizeof(*x));
	uint16_t id;
	int rc = -ENOMEM;

	if (!x)
		return -ENOMEM;
	x->fd = -1;
	x->question = *question;
	x->due = now + TRANSPORT_REQUEST_MS;
	x->answer = malloc(LENGTH_LEN + PACKET_MAX);
	if (!x->answer)
		goto out;
	rc = -EIO;
	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) != sizeof(id))
		goto out;
	rc = packet_build(question->request, question->type, id, &x->packet);
	if (rc < 0)
		goto out;
	if (x->packet.len > PACKET_UDP_MAX)
		x->attempt = first_tcp(x);
	*ret = x;
	x = NULL;
out:
	exchange_free(x);
	return rc;
}
