/* SPDX-License-Identifier: MIT */
/*
 * Where the numbered cases play: a WAN whose default routes stay while addresses come and go, and
 * a provider reached by a link of its own, so that no request is lost and none goes unnoticed.
 */
#ifndef TESTS_KERNEL_STAGE_H
#define TESTS_KERNEL_STAGE_H

#include "tests/kernel/daemon.h"
#include "tests/kernel/ground.h"
#include "tests/kernel/serve.h"
#include "tests/kernel/wire.h"

#define STAGE_NAME       "home.example.org"
#define STAGE_CASE(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)
#define STAGE_BARE(test) cmocka_unit_test_setup_teardown(test, stage_setup_bare, stage_teardown)

enum {
	STAGE_D = 50,      /* settle and settle-max of the cases, ms */
	STAGE_DMAX = 1000, /* the numbers of the cases are made for seconds: they are scaled */
	STAGE_WHY = 400,
};

struct stage {
	struct ground *g;
	struct server web;
	struct daemon d;
	int settle; /* ms, of the configuration */
	int sent;   /* requests that were expected so far */
};

/*
 * cmocka setup and teardown with a struct stage in *state. Bare: neither link nor route. Else:
 * wan0 at 10.0.0.2/24, which is not to be published, with a default route; no duplicate address
 * detection, no router solicitation.
 */
int stage_setup_bare(void **state);
int stage_setup(void **state);
int stage_teardown(void **state);

/* The parts of stage_setup. */
void stage_desk(struct stage *s);
void stage_wan(struct stage *s);

/* An IPv6 default route that needs no router advertisement. */
void stage_way_out6(struct stage *s);

/* One record of a family ("ipv4", "ipv6", "both"), settle in ms, and more keys. */
void stage_configure(struct stage *s, const char *family, int settle, const char *keys);

/* stage_configure with settle = STAGE_D and start. */
void stage_start(struct stage *s, const char *family, const char *keys);

/* One more request came, with this address, and the record says it is confirmed. */
void stage_expect(struct stage *s, const char *ip);

/* stage_expect for another record of the configuration. */
void stage_expect_for(struct stage *s, const char *name, const char *ip);

/* The address (with prefix length) is added to wan0; stage_expect. */
void stage_publish(struct stage *s, const char *local);

/* The daemon has seen what the kernel says now (asked of both), and for longer than it takes to
 * settle sends nothing. */
void stage_quiet(struct stage *s);

/* Waits until what the daemon sees is what the kernel says (`nlddns explain`). */
void stage_seen(struct stage *s);

/* Requests that came with this text. */
int stage_asked(const struct stage *s, const char *text);

/* What `nlddns explain` says of an address in the record's family: "VERDICT: WHY", "" if nothing.
 */
void stage_opinion(struct stage *s, const char *ip, char text[static STAGE_WHY]);

/* That opinion holds both texts. */
void stage_expect_opinion(struct stage *s, const char *ip, const char *verdict, const char *why);

/* The record is confirmed at this address, whatever has happened. */
void stage_expect_confirmed(struct stage *s, const char *ip);

/* Why the (only) source of the daemon has chosen what it has, or has not. */
void stage_expect_why(struct stage *s, const char *why);

/* Flags of an address as the daemon has read them (its control socket); -1: it knows none such. */
int64_t stage_flags(struct stage *s, const char *ip);

/* A "Key: number" of a file of /proc/PID of the daemon; -1 when it is not there. */
int64_t stage_number(const struct stage *s, const char *file, const char *key);

/* Sets what is in /proc/sys: "net/ipv6/conf/wan0/accept_dad". Fails the case if that cannot be. */
void stage_sysctl(struct stage *s, enum side side, const char *name, int value);

/* On wan0: duplicate address detection of 100 ms, begun at once. */
void stage_detect_duplicates(struct stage *s);

#endif
