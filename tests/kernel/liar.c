/* SPDX-License-Identifier: MIT */
#include "tests/kernel/liar.h"

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/serve.h"
#include "tests/kernel/wire.h"

#define ZONE "example.org."

/* Shared with the process. */
static struct {
	_Atomic int asked, believed;
} * counts;

static const struct {
	ldns_rr_type type;
	const char *name, *text;
} truths[] = {
	{LDNS_RR_TYPE_NS, ZONE, ZONE " 60 IN NS ns." ZONE},
	{LDNS_RR_TYPE_NS, ZONE, ZONE " 60 IN NS ns2." ZONE},
	{LDNS_RR_TYPE_A, "ns." ZONE, "ns." ZONE " 60 IN A " SERVE_BIND},
	{LDNS_RR_TYPE_A, "ns2." ZONE, "ns2." ZONE " 60 IN A " SERVE_KNOT},
	{LDNS_RR_TYPE_AAAA, "ns." ZONE, NULL},
	{LDNS_RR_TYPE_AAAA, "ns2." ZONE, NULL},
};

static void add(ldns_pkt *reply, ldns_pkt_section section, const char *text)
{
	ldns_rr *rr = NULL;

	if (text && ldns_rr_new_frm_str(&rr, text, 60, NULL, NULL) == LDNS_STATUS_OK)
		ldns_pkt_push_rr(reply, section, rr);
}

static void lie(ldns_pkt *reply, const char *name, const char *address)
{
	char text[512];

	counts->believed++;
	snprintf(text, sizeof(text), "%s 60 IN A %s", name, address);
	ldns_pkt_set_aa(reply, true);
	add(reply, LDNS_SECTION_ANSWER, text);
}

static void answer(ldns_pkt *reply, const ldns_rr *question, const char *address)
{
	char *name = ldns_rdf2str(ldns_rr_owner(question));
	bool known = false;

	counts->asked++;
	if (ldns_rr_get_type(question) == LDNS_RR_TYPE_SOA) {
		add(reply, LDNS_SECTION_AUTHORITY,
		    ZONE " 60 IN SOA ns." ZONE " x." ZONE " 1 2 3 4 5");
		known = true;
	}
	for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
		if (ldns_rr_get_type(question) != truths[i].type ||
		    strcmp(name, truths[i].name) != 0)
			continue;
		add(reply, LDNS_SECTION_ANSWER, truths[i].text);
		known = true;
	}
	if (!known)
		lie(reply, name, address);
	free(name);
}

static void serve_one(int fd, const char *address)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint8_t wire[512], *bytes = NULL;
	ssize_t len = recvfrom(fd, wire, sizeof(wire), 0, (struct sockaddr *)&from, &size);
	ldns_pkt *question = NULL, *reply = ldns_pkt_new();
	size_t n = 0;

	if (len < 12 || ldns_wire2pkt(&question, wire, (size_t)len) != LDNS_STATUS_OK)
		_exit(1);
	ldns_pkt_set_id(reply, ldns_pkt_id(question));
	ldns_pkt_set_qr(reply, true);
	ldns_pkt_push_rr(reply, LDNS_SECTION_QUESTION,
			 ldns_rr_clone(ldns_rr_list_rr(ldns_pkt_question(question), 0)));
	answer(reply, ldns_rr_list_rr(ldns_pkt_question(question), 0), address);
	ldns_pkt2wire(&bytes, reply, &n);
	sendto(fd, bytes, n, 0, (struct sockaddr *)&from, size);
	free(bytes);
	ldns_pkt_free(question);
	ldns_pkt_free(reply);
}

static int listen_there(const struct ground *g)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(53)};
	int fd;

	ground_go(g, SIDE_OUTSIDE);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ground_go(g, SIDE_INSIDE);
	inet_pton(AF_INET, LIAR, &addr.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		fail_msg("the resolver cannot listen at " LIAR);
	return fd;
}

void liar_start(struct ground *g, const char *lie)
{
	pid_t pid;
	int fd;

	wire_add(g, SIDE_OUTSIDE, "lo", LIAR "/32");
	fd = listen_there(g);
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	assert_ptr_not_equal(counts, MAP_FAILED);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			serve_one(fd, lie);
	}
	close(fd);
	assert_true(pid > 0);
	ground_keep(g, pid);
}

int liar_asked(void)
{
	return counts->asked;
}

int liar_believed(void)
{
	return counts->believed;
}
