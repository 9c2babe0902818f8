/* SPDX-License-Identifier: MIT */
/*
 * From kernel event to the request's arrival: a hundred changes of the WAN address per row, settle
 * = 0. The clock starts right before the RTM_NEWADDR request and stops when the provider's side
 * has the request (web server: header read; DNS: packet on the wire). Cold means that no updater
 * runs when the address comes.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/scene.h"
#include "tests/kernel/sniff.h"

enum { CHANGES = 100, LOST_MS = 2000, CALM_MS = 25 };

#define DNS_RECORD "[" SCENE_NAME "]\nprovider = rfc2136\nserver = %s\nkey = file:%s/update.key\n"
#define TLS_RECORD                                                                       \
	"[" SCENE_NAME "]\nprovider = dyndns2\nusername = user\npassword = opensesame\n" \
	"url = https://%s:8443/nic/update\nca-file = %s/ca.pem\n"

enum service { SERVICE_HTTP, SERVICE_TLS, SERVICE_DNS };

struct row {
	const char *name;
	enum service service;
	bool cold;
	double target; /* ms, of the median; 0: none */
};

struct bench {
	struct scene *s;
	struct server server;
	int sniffer; /* -1: none */
	bool cold;
	double ms[CHANGES];
	size_t count;
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void configure(struct bench *bench, enum service service)
{
	struct scene *s = bench->s;
	const char *global = bench->cold ? "" : "keep-updater = yes\n";

	bench->sniffer = -1;
	switch (service) {
	case SERVICE_HTTP:
		bench->server = s->web;
		daemon_configure(s->g, &s->d, global, DAEMON_RECORD, SCENE_NAME, 8080,
				 "/nic/update");
		break;
	case SERVICE_TLS:
		serve_web_tls(s->g, &bench->server, 8443);
		daemon_configure(s->g, &s->d, global, TLS_RECORD "family = ipv4\n", SERVE_WEB,
				 s->g->dir);
		break;
	case SERVICE_DNS:
		if (!serve_bind(s->g, &bench->server))
			fail_msg("the Debian package bind9 is not installed");
		bench->sniffer = sniff_open(s->g);
		daemon_configure(s->g, &s->d, global, DNS_RECORD "family = ipv4\n", SERVE_BIND,
				 s->g->dir);
		break;
	}
}

static int64_t arrival(struct bench *bench, const char *ip)
{
	char text[64];

	if (bench->sniffer >= 0)
		return sniff_update(bench->sniffer, LOST_MS);
	snprintf(text, sizeof(text), "myip=%s", ip);
	if (!serve_await(&bench->server, 1, text, NULL, LOST_MS))
		return 0;
	return serve_arrival(&bench->server, text);
}

/* Idle, it may be ended at any time; the daemon is given a moment to see it. */
static void end_updater(const struct daemon *d)
{
	pid_t updater = daemon_updater(d);

	if (updater)
		kill(updater, SIGKILL);
	if (!daemon_await_updater(d, false, 1000))
		fail_msg("the updater does not end");
	ground_nap(CALM_MS);
}

/* The WAN keeps a private address and its default route: only the public address changes. */
static void change(struct bench *bench, int i)
{
	struct scene *s = bench->s;
	char ip[24], local[32];
	int64_t from, at;

	snprintf(ip, sizeof(ip), "%s%d", i % 2 ? "192.0.2.1" : "203.0.113.1", 10 + i / 2);
	snprintf(local, sizeof(local), "%s/32", ip);
	if (bench->cold)
		end_updater(&s->d);
	from = ground_now();
	wire_add(s->g, SIDE_INSIDE, "wan0", local);
	at = arrival(bench, ip);
	if (at)
		bench->ms[bench->count++] = (double)(at - from) / 1e6;
	ground_nap(CALM_MS);
	wire_del(s->g, SIDE_INSIDE, "wan0", local);
	ground_nap(CALM_MS);
}

static bool print_row(const struct row *row, struct bench *bench)
{
	double median;
	char target[16] = "";

	if (!bench->count) {
		printf("%-28s no request arrived\n", row->name);
		return false;
	}
	qsort(bench->ms, bench->count, sizeof(bench->ms[0]), compare);
	median = bench->ms[bench->count / 2];
	if (row->target > 0)
		snprintf(target, sizeof(target), "< %.0f", row->target);
	printf("%-28s %8.2f %8.2f %8.2f %8.2f %8s %5zu\n", row->name, bench->ms[0], median,
	       bench->ms[(bench->count * 99 - 1) / 100], bench->ms[bench->count - 1], target,
	       CHANGES - bench->count);
	fflush(stdout);
	return bench->count == CHANGES && (row->target <= 0 || median < row->target);
}

static bool run_row(const struct row *row)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	void *state = NULL;
	bool good;

	assert_non_null(bench);
	scene_setup(&state);
	bench->s = state;
	bench->cold = row->cold;
	configure(bench, row->service);
	wire_dial(bench->s->g, "10.0.0.2/24");
	daemon_start(&bench->s->d);
	for (int i = 0; i < CHANGES; i++)
		change(bench, i);
	good = print_row(row, bench);
	if (bench->sniffer >= 0)
		close(bench->sniffer);
	scene_teardown(&state);
	free(bench);
	return good;
}

int main(void)
{
	static const struct row rows[] = {
		{"web, updater warm", SERVICE_HTTP, false, 3},
		{"web, updater cold", SERVICE_HTTP, true, 25},
		{"DNS UPDATE, updater warm", SERVICE_DNS, false, 3},
		{"DNS UPDATE, updater cold", SERVICE_DNS, true, 25},
		{"web with TLS, updater warm", SERVICE_TLS, false, 0},
		{"web with TLS, updater cold", SERVICE_TLS, true, 0},
	};
	bool good = true;

	if (!ground_enter())
		return 1;
	printf("From kernel event to the request's arrival, %d changes a row, milliseconds\n",
	       CHANGES);
	printf("%-28s %8s %8s %8s %8s %8s %5s\n", "", "min", "median", "p99", "max", "target",
	       "lost");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		good = run_row(&rows[i]) && good;
	return good ? 0 : 1;
}
