/* SPDX-License-Identifier: MIT */
/* A DNS server for tests: answers on 127.0.0.1, UDP and TCP, as it is told to. */
#ifndef TESTS_UNIT_RESPONDER_H
#define TESTS_UNIT_RESPONDER_H

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEY_NAME     "test.key"
#define KEY_SECRET   "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define WRONG_SECRET "d3JvbmchISEhIWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

enum sign { SIGN_NO, SIGN_RIGHT, SIGN_WRONG };

struct behaviour {
	bool udp_silent, tcp_silent;
	bool udp_truncated, udp_garbage, udp_unsigned;
	bool udp_stranger; /* first a datagram with another id, then another question's answer */
	bool tcp_closes;   /* after the question */
	bool tcp_cut;      /* within the answer */
	bool tcp_garbage;
	enum sign sign;
	int rcode;
	bool authoritative;
	int unsigned_error; /* TSIG error, with an empty signature */
	const char *answer[10], *authority[4];
};

struct responder {
	const struct behaviour *how;
	int udp, tcp, stop[2];
	uint16_t port;
	pthread_t thread;
	_Atomic unsigned n_udp, n_tcp; /* questions seen */
	_Atomic bool busy;             /* since before a question left its socket */
	uint8_t last[65535];           /* the last one */
	size_t last_len;
};

static inline void responder_add(ldns_pkt *pkt, ldns_pkt_section section, const char *const *texts)
{
	for (; *texts; texts++) {
		ldns_rr *rr = NULL;

		if (ldns_rr_new_frm_str(&rr, *texts, 60, NULL, NULL) == LDNS_STATUS_OK)
			ldns_pkt_push_rr(pkt, section, rr);
	}
}

static inline void responder_sign(const struct behaviour *how, ldns_pkt *reply, ldns_rr *asked)
{
	const char *secret = how->sign == SIGN_WRONG ? WRONG_SECRET : KEY_SECRET;
	char *algorithm = asked ? ldns_rdf2str(ldns_rr_rdf(asked, 0)) : NULL;

	if (asked && how->sign != SIGN_NO)
		ldns_pkt_tsig_sign(reply, KEY_NAME, secret, 300, algorithm, ldns_rr_rdf(asked, 3));
	if (asked && how->unsigned_error) {
		ldns_rr *tsig = ldns_rr_clone(asked);

		ldns_rdf_deep_free(ldns_rr_set_rdf(tsig, ldns_native2rdf_int16_data(0, NULL), 3));
		ldns_rdf_deep_free(ldns_rr_set_rdf(
			tsig,
			ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, (uint16_t)how->unsigned_error),
			5));
		ldns_pkt_set_tsig(reply, tsig);
	}
	free(algorithm);
}

/* Bytes to be freed, or NULL. */
static inline uint8_t *responder_answer(const struct behaviour *how, bool udp, const uint8_t *wire,
					size_t len, size_t *ret_len)
{
	ldns_pkt *question = NULL, *reply = ldns_pkt_new();
	uint8_t *bytes = NULL;
	ldns_rr *asked;

	if (ldns_wire2pkt(&question, wire, len) != LDNS_STATUS_OK)
		abort();
	ldns_pkt_set_id(reply, ldns_pkt_id(question));
	ldns_pkt_set_qr(reply, true);
	ldns_pkt_set_opcode(reply, ldns_pkt_get_opcode(question));
	ldns_pkt_set_rcode(reply, (uint8_t)how->rcode);
	ldns_pkt_set_tc(reply, udp && how->udp_truncated);
	ldns_pkt_set_aa(reply, how->authoritative);
	ldns_pkt_push_rr(reply, LDNS_SECTION_QUESTION,
			 ldns_rr_clone(ldns_rr_list_rr(ldns_pkt_question(question), 0)));
	responder_add(reply, LDNS_SECTION_ANSWER, how->answer);
	responder_add(reply, LDNS_SECTION_AUTHORITY, how->authority);
	asked = ldns_pkt_tsig(question);
	if (!udp || !how->udp_unsigned)
		responder_sign(how, reply, asked);
	ldns_pkt2wire(&bytes, reply, ret_len);
	ldns_pkt_free(question);
	ldns_pkt_free(reply);
	return bytes;
}

static inline void responder_keep(struct responder *r, const uint8_t *wire, size_t len)
{
	memcpy(r->last, wire, len);
	r->last_len = len;
}

static inline void responder_udp(struct responder *r)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint8_t wire[4096], *answer;
	ssize_t len = recvfrom(r->udp, wire, sizeof(wire), 0, (struct sockaddr *)&from, &size);
	size_t n;

	if (len < 12)
		return;
	responder_keep(r, wire, (size_t)len);
	r->n_udp++;
	if (r->how->udp_silent)
		return;
	answer = responder_answer(r->how, true, wire, (size_t)len, &n);
	if (r->how->udp_garbage)
		memset(answer + 12, 0xff, n - 12);
	if (r->how->udp_stranger) {
		answer[0] ^= 0xff;
		sendto(r->udp, answer, n, 0, (struct sockaddr *)&from, size);
		answer[0] ^= 0xff;
		answer[13] ^= 1; /* a letter of the name asked for */
		sendto(r->udp, answer, n, 0, (struct sockaddr *)&from, size);
		answer[13] ^= 1;
	}
	sendto(r->udp, answer, n, 0, (struct sockaddr *)&from, size);
	free(answer);
}

static inline void responder_serve_tcp(struct responder *r, int fd)
{
	static uint8_t wire[2 + 65535];
	uint8_t *answer, length[2];
	size_t n;

	if (recv(fd, wire, 2, MSG_WAITALL) != 2)
		return;
	n = (size_t)(wire[0] << 8 | wire[1]);
	if (recv(fd, wire, n, MSG_WAITALL) != (ssize_t)n)
		return;
	responder_keep(r, wire, n);
	r->n_tcp++;
	if (r->how->tcp_closes)
		return;
	answer = responder_answer(r->how, false, wire, n, &n);
	if (r->how->tcp_garbage)
		memset(answer, 0xff, n);
	length[0] = (uint8_t)(n >> 8);
	length[1] = (uint8_t)n;
	send(fd, length, 2, MSG_NOSIGNAL);
	send(fd, answer, r->how->tcp_cut ? n / 2 : n, MSG_NOSIGNAL);
	free(answer);
}

static inline void *responder_run(void *data)
{
	struct responder *r = data;
	struct pollfd fds[3] = {{r->stop[0], POLLIN, 0}, {r->udp, POLLIN, 0}, {r->tcp, POLLIN, 0}};

	for (;;) {
		poll(fds, 3, -1);
		if (fds[0].revents)
			return NULL;
		r->busy = true;
		if (fds[1].revents)
			responder_udp(r);
		if (fds[2].revents && !r->how->tcp_silent) {
			int fd = accept(r->tcp, NULL, NULL);

			responder_serve_tcp(r, fd);
			close(fd);
		}
		if (fds[2].revents && r->how->tcp_silent)
			fds[2].fd = -1;
		r->busy = false;
	}
}

/* Those that run. */
static struct responder *responders[4];
#define RESPONDERS (sizeof(responders) / sizeof(responders[0]))

static inline bool responder_idle(const struct responder *r)
{
	struct pollfd fds[2] = {{r->udp, POLLIN, 0}, {r->tcp, POLLIN, 0}};

	/* In this order: what is in neither socket any more has made it busy. */
	return poll(fds, r->how->tcp_silent ? 1 : 2, 0) == 0 && !r->busy;
}

/* Nothing has been asked of any that is not answered, if it ever will be: time may pass. */
static inline bool responders_idle(void)
{
	for (size_t i = 0; i < RESPONDERS; i++)
		if (responders[i] && !responder_idle(responders[i]))
			return false;
	return true;
}

static inline void responders_replace(const struct responder *old, struct responder *new)
{
	for (size_t i = 0; i < RESPONDERS; i++)
		if (responders[i] == old) {
			responders[i] = new;
			return;
		}
	abort();
}

static inline struct responder *responder_start(const struct behaviour *how)
{
	struct responder *r = calloc(1, sizeof(*r));
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(addr);

	r->how = how;
	r->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	r->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(r->tcp, (struct sockaddr *)&addr, size) < 0 || listen(r->tcp, 4) < 0 ||
	    getsockname(r->tcp, (struct sockaddr *)&addr, &size) < 0 ||
	    bind(r->udp, (struct sockaddr *)&addr, size) < 0 || pipe(r->stop) < 0)
		abort();
	r->port = ntohs(addr.sin_port);
	pthread_create(&r->thread, NULL, responder_run, r);
	responders_replace(NULL, r);
	return r;
}

static inline void responder_stop(struct responder *r)
{
	close(r->stop[1]);
	pthread_join(r->thread, NULL);
	responders_replace(r, NULL);
	close(r->stop[0]);
	close(r->udp);
	close(r->tcp);
	free(r);
}

#endif
