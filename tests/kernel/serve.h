/* SPDX-License-Identifier: MIT */
/* The provider's side: the dyndns2 web server (plain or TLS), a real BIND, a real Knot. */
#ifndef TESTS_KERNEL_SERVE_H
#define TESTS_KERNEL_SERVE_H

#include "tests/kernel/ground.h"

#define SERVE_WEB  "198.51.100.53"
#define SERVE_BIND "198.51.100.53"
#define SERVE_KNOT "198.51.100.54"

/* A TSIG secret for tests only; it guards nothing. */
#define SERVE_SECRET "bmxkZG5zIGtlcm5lbCB0ZXN0cywgbm90IGEgc2VjcmV0ISE="

/* A server and the log of what reached it. */
struct server {
	struct ground *g;
	pid_t pid;
	char log[GROUND_PATH];
	char mode[GROUND_PATH]; /* webd's mode file */
};

/* Lines of a file that hold both texts (NULL: any). */
int serve_lines(const char *path, const char *one, const char *other);

/* webd on a port of the provider's side, user "user", password "opensesame", answering at once. */
void serve_web(struct ground *g, struct server *web, unsigned port);

/* DIR/ca.pem of a fresh CA; DIR/web.pem and web.key for both addresses of SERVE_WEB's host, and for
 * more (",DNS:a.example"). */
void serve_certificates(struct ground *g, const char *more);

/* Hosts, with a blank between, are at SERVE_WEB's host in this mount namespace, until serve_unname.
 * names: they as serve_certificates takes them. */
void serve_names(struct ground *g, const char *hosts, char names[static 512]);
void serve_unname(void);

/* The same with TLS and a certificate for 198.51.100.53 signed by a fresh CA in DIR/ca.pem. */
void serve_web_tls(struct ground *g, struct server *web, unsigned port);

/* Makes /nic/update behave like another path ("/slow/500"); NULL: normal again. */
void serve_web_as(const struct server *web, const char *path);

/* Requests logged so far that hold both texts (NULL: any). */
int serve_count(const struct server *server, const char *one, const char *other);

/* Waits for at least `count` of them. */
bool serve_await(const struct server *server, int count, const char *one, const char *other,
		 int ms);

/* CLOCK_MONOTONIC nanoseconds of the last request that holds the text, 0 when there is none. */
int64_t serve_arrival(const struct server *web, const char *text);

/*
 * BIND on SERVE_BIND, Knot on SERVE_KNOT: primary for example.org, updates by the TSIG key in
 * DIR/update.key, at BIND of all names but denied.example.org. To both the zone has two servers, an
 * alias (alias) and a private address (private). The log holds the updates. False when the program
 * is not installed.
 */
bool serve_bind(struct ground *g, struct server *bind);
bool serve_knot(struct ground *g, struct server *knot);

/*
 * The answers to a question ("NAME TYPE"; A, AAAA, or SOA as its serial) in text, as sent, comma
 * between. False when there is no answer at all, or an error.
 */
bool serve_ask(struct ground *g, const char *server, const char *question, char text[static 256]);

/* Waits until the server answers exactly this text. */
bool serve_await_answer(struct ground *g, const char *server, const char *question,
			const char *text, int ms);

#endif
