/* SPDX-License-Identifier: MIT */
#include "update/updater/dns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "update/updater/exchange.h"
#include "update/updater/odd.h"
#include "update/updater/resolv.h"
#include "update/updater/sock.h"

#define DNS_PORT 53

/* Where the system keeps what it knows of names. */
struct files {
	const char *resolv_conf, *hosts;
};

struct dns_call {
	const struct dns_request *request;
	const char *bind;
	union resolv_server servers[RESOLV_SERVERS_MAX];
	size_t n_servers;
	size_t n; /* exchanges; 0: ended when it began */
	struct exchange *exchanges[DNS_FDS_MAX];
	bool ended[DNS_FDS_MAX];
	struct ending endings[DNS_FDS_MAX];
};

/* Whether a packet to the address would find a route. Sends none. */
static bool is_reachable(const char *addr, const char *bind)
{
	union resolv_server to;
	bool reachable;
	int fd;

	if (resolv_parse(addr, DNS_PORT, &to) < 0)
		return false;
	fd = sock_open(&to.any, SOCK_DGRAM, bind);
	if (fd < 0)
		return false;
	reachable = connect(fd, &to.any, resolv_server_len(&to)) == 0;
	close(fd);
	return reachable;
}

/* Providers use the first: those with a route come first. */
static void sort_reachable(struct reply *reply, const char *bind)
{
	char sorted[WANTED_ADDRS_MAX][ADDRESS_MAX] = {0};
	size_t n = 0;

	for (int wanted = 1; wanted >= 0; wanted--)
		for (size_t i = 0; i < WANTED_ADDRS_MAX && reply->addrs[i][0]; i++)
			if (is_reachable(reply->addrs[i], bind) == wanted)
				memcpy(sorted[n++], reply->addrs[i], ADDRESS_MAX);
	memcpy(reply->addrs, sorted, sizeof(sorted));
}

static bool has_odd(const struct wanted *wanted, const struct reply *reply)
{
	for (size_t i = 0; i < WANTED_ADDRS_MAX && reply->addrs[i][0]; i++)
		if (odd_address(wanted, reply->addrs[i]))
			return true;
	return false;
}

static size_t count(const struct reply *reply)
{
	size_t n = 0;

	while (n < WANTED_ADDRS_MAX && reply->addrs[n][0])
		n++;
	return n;
}

/* Adds what was found of the other family; the first leaves it up to half the room. */
static void add_addresses(struct reply *reply, const struct reply *other)
{
	size_t n = count(reply), m = count(other), half = WANTED_ADDRS_MAX / 2;

	if (m > 0)
		reply->rcode = 0;
	if (n > half && n + m > WANTED_ADDRS_MAX)
		n = m > half ? half : WANTED_ADDRS_MAX - m;
	if (n + m > WANTED_ADDRS_MAX)
		m = WANTED_ADDRS_MAX - n;
	/* those left out must not be read as what follows */
	memset(reply->addrs[n], 0, (WANTED_ADDRS_MAX - n) * ADDRESS_MAX);
	memcpy(reply->addrs[n], other->addrs, m * ADDRESS_MAX);
}

/* Makes one of the answers for A and AAAA; what is known of one family will do. */
static void merge(struct ending *ret, const struct ending *other)
{
	if (!ret->failed && !other->failed)
		add_addresses(&ret->reply, &other->reply);
	else if (ret->failed ? !other->failed && count(&other->reply) : !count(&ret->reply))
		*ret = *other;
}

static void fail(struct dns_call *call, enum verdict verdict, const char *why)
{
	struct ending *ending = &call->endings[0];

	*ending = (struct ending){.failed = true, .failure = {.verdict = verdict}};
	snprintf(ending->failure.why, sizeof(ending->failure.why), "%s", why);
}

static void begin(struct dns_call *call, int64_t now)
{
	const struct dns_request *request = call->request;
	size_t n = request->op == DNS_OP_ADDRESSES ? 2 : 1;
	bool v6 = request->op == DNS_OP_RRSET && request->wanted->type == RECORD_TYPE_AAAA;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct exchange_question question = {
			.request = request,
			.type = i > 0 || v6 ? RECORD_TYPE_AAAA : RECORD_TYPE_A,
			.bind = call->bind,
			.servers = call->servers,
			.n_servers = call->n_servers,
		};

		rc = exchange_start(&question, now, &call->exchanges[i]);
	}
	if (rc == 0)
		call->n = n;
	else if (rc == -EINVAL)
		fail(call, VERDICT_REFUSED_CONFIG,
		     "this cannot be written as a DNS message: check the key (hmac-sha256 "
		     "or hmac-sha512; base64 secret), zone and name");
	else if (rc == -EMSGSIZE)
		fail(call, VERDICT_REFUSED_CONFIG, "too many records for one DNS message");
	else
		fail(call, VERDICT_RETRY, "out of memory for a DNS message");
}

/* The files may know the answer; otherwise they know whom to ask. */
static bool find_servers(struct dns_call *call, const struct files *files)
{
	const struct dns_request *request = call->request;
	uint16_t port = request->port ? request->port : DNS_PORT;
	struct reply *reply = &call->endings[0].reply;

	if (request->server[0]) {
		call->n_servers = 1;
		if (resolv_parse(request->server, port, &call->servers[0]) == 0)
			return true;
		fail(call, VERDICT_REFUSED_CONFIG, "the DNS server is not an address");
		return false;
	}
	reply->kind = REQUEST_DNS;
	if (request->op == DNS_OP_ADDRESSES &&
	    resolv_hosts(files->hosts, request->name, reply->addrs) > 0)
		return false;
	call->n_servers = resolv_servers(files->resolv_conf, port, call->servers);
	return true;
}

static struct dns_call *start(const struct dns_request *request, const char *bind,
			      const struct files *files, int64_t now)
{
	struct dns_call *call = calloc(1, sizeof(*call));

	if (!call)
		return NULL;
	call->request = request;
	call->bind = bind;
	if (find_servers(call, files))
		begin(call, now);
	return call;
}

struct dns_call *dns_start(const struct dns_request *request, const char *bind, int64_t now)
{
	static const struct files system = {"/etc/resolv.conf", "/etc/hosts"};

	return start(request, bind, &system, now);
}

bool dns_work(struct dns_call *call, int64_t now, struct ending *ret_ending)
{
	bool ended = true;

	for (size_t i = 0; i < call->n; i++) {
		if (!call->ended[i])
			call->ended[i] = exchange_work(call->exchanges[i], now, &call->endings[i]);
		ended = ended && call->ended[i];
	}
	if (!ended)
		return false;
	if (call->n == 2)
		merge(&call->endings[0], &call->endings[1]);
	*ret_ending = call->endings[0];
	if (!ret_ending->failed && call->request->op == DNS_OP_ADDRESSES)
		sort_reachable(&ret_ending->reply, call->bind);
	if (!ret_ending->failed && call->request->op == DNS_OP_RRSET)
		ret_ending->reply.odd = has_odd(call->request->wanted, &ret_ending->reply);
	return true;
}

size_t dns_pollfds(const struct dns_call *call, struct pollfd ret[static DNS_FDS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < call->n; i++)
		if (!call->ended[i])
			ret[n++] = exchange_pollfd(call->exchanges[i]);
	return n;
}

int64_t dns_due(const struct dns_call *call)
{
	int64_t due = call->n ? INT64_MAX : 0;

	for (size_t i = 0; i < call->n; i++)
		if (!call->ended[i] && exchange_due(call->exchanges[i]) < due)
			due = exchange_due(call->exchanges[i]);
	return due;
}

void dns_free(struct dns_call *call)
{
	if (!call)
		return;
	for (size_t i = 0; i < DNS_FDS_MAX; i++)
		exchange_free(call->exchanges[i]);
	free(call);
}
