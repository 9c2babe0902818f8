/* SPDX-License-Identifier: MIT */
#include "tests/kernel/address.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

enum { LISTED = 64, PATIENCE = 7000, CROWD_BATCH = 64 };

struct wait {
	struct ground *g;
	const char *link, *ip;
	uint32_t mask, flags;
	char *found;
};

size_t address_list(struct ground *g, const char *link, struct address_seen *list, size_t max)
{
	int ifindex = (int)wire_index(g, SIDE_INSIDE, link);
	struct nl_cache *cache = NULL;
	struct nl_object *object;
	size_t n = 0;

	if (ifindex == 0 || rtnl_addr_alloc_cache(g->nl[SIDE_INSIDE], &cache) < 0)
		return 0;
	for (object = nl_cache_get_first(cache); object && n < max;
	     object = nl_cache_get_next(object)) {
		struct rtnl_addr *addr = (struct rtnl_addr *)object;
		struct nl_addr *local = rtnl_addr_get_local(addr);

		if (rtnl_addr_get_ifindex(addr) != ifindex || !local)
			continue;
		list[n].flags = rtnl_addr_get_flags(addr);
		list[n].preferred = rtnl_addr_get_preferred_lifetime(addr);
		inet_ntop(nl_addr_get_family(local), nl_addr_get_binary_addr(local), list[n].ip,
			  ADDRESS_TEXT);
		n++;
	}
	nl_cache_free(cache);
	return n;
}

int64_t address_flags(struct ground *g, const char *link, const char *ip)
{
	struct address_seen list[LISTED];
	size_t n = address_list(g, link, list, LISTED);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].ip, ip))
			return list[i].flags;
	return -1;
}

static bool has_flags(void *arg)
{
	const struct wait *wait = arg;
	int64_t flags = address_flags(wait->g, wait->link, wait->ip);

	return flags >= 0 && ((uint32_t)flags & wait->mask) == wait->flags;
}

static bool is_gone(void *arg)
{
	const struct wait *wait = arg;

	return address_flags(wait->g, wait->link, wait->ip) < 0;
}

void address_await(struct ground *g, const char *link, const char *ip, uint32_t mask,
		   uint32_t flags)
{
	struct wait wait = {g, link, ip, mask, flags, NULL};

	if (!ground_await(g, PATIENCE, has_flags, &wait, ip))
		fail_msg("%s on %s does not get flags 0x%x of 0x%x", ip, link, flags, mask);
}

void address_await_gone(struct ground *g, const char *link, const char *ip)
{
	struct wait wait = {.g = g, .link = link, .ip = ip};

	if (!ground_await(g, PATIENCE, is_gone, &wait, ip))
		fail_msg("%s stays on %s", ip, link);
}

static bool finds(void *arg)
{
	const struct wait *wait = arg;
	struct address_seen list[LISTED];
	size_t n = address_list(wait->g, wait->link, list, LISTED);

	for (size_t i = 0; i < n; i++) {
		if (strncmp(list[i].ip, wait->ip, strlen(wait->ip)) != 0 ||
		    (list[i].flags & wait->mask) != wait->flags)
			continue;
		memcpy(wait->found, list[i].ip, ADDRESS_TEXT);
		return true;
	}
	return false;
}

void address_find(struct ground *g, const char *link, const char *prefix, uint32_t mask,
		  uint32_t flags, char ip[static ADDRESS_TEXT])
{
	struct wait wait = {g, link, prefix, mask, flags, ip};

	if (!ground_await(g, PATIENCE, finds, &wait, prefix))
		fail_msg("no address %s... comes to %s", prefix, link);
}

static struct nl_addr *parse(const char *text)
{
	struct nl_addr *addr = NULL;

	assert_int_equal(nl_addr_parse(text, AF_UNSPEC, &addr), 0);
	return addr;
}

static struct nl_msg *message(int type, unsigned ifindex, const struct address_special *wish)
{
	int create = type == RTM_NEWADDR ? NLM_F_CREATE | NLM_F_EXCL : 0;
	struct nl_msg *msg = nlmsg_alloc_simple(type, create);
	struct nl_addr *local = parse(wish->local);
	struct nl_addr *far = parse(wish->peer ? wish->peer : wish->local);
	struct ifaddrmsg header = {.ifa_family = (unsigned char)nl_addr_get_family(local),
				   .ifa_prefixlen = (unsigned char)nl_addr_get_prefixlen(far),
				   .ifa_scope = wish->scope,
				   .ifa_index = ifindex};

	assert_non_null(msg);
	nlmsg_append(msg, &header, sizeof(header), NLMSG_ALIGNTO);
	nla_put_addr(msg, IFA_LOCAL, local);
	nla_put_addr(msg, IFA_ADDRESS, far);
	if (wish->label)
		nla_put_string(msg, IFA_LABEL, wish->label);
	if (wish->metric)
		nla_put_u32(msg, IFA_RT_PRIORITY, wish->metric);
	if (wish->flags)
		nla_put_u32(msg, IFA_FLAGS, wish->flags);
	nl_addr_put(local);
	nl_addr_put(far);
	return msg;
}

static void send_wish(struct ground *g, int type, const char *link,
		      const struct address_special *wish)
{
	struct nl_msg *msg = message(type, wire_index(g, SIDE_INSIDE, link), wish);
	int r = nl_send_sync(g->nl[SIDE_INSIDE], msg);

	if (r < 0)
		fail_msg("%s on %s: %s", wish->local, link, nl_geterror(r));
}

void address_add(struct ground *g, const char *link, const struct address_special *wish)
{
	send_wish(g, RTM_NEWADDR, link, wish);
}

void address_del(struct ground *g, const char *link, const struct address_special *wish)
{
	send_wish(g, RTM_DELADDR, link, wish);
}

/* In a new process; a socket of its own, and no failing of test cases there. */
static struct nl_sock *fork_child(struct ground *g, pid_t *ret_pid)
{
	struct nl_sock *nl;

	fflush(NULL);
	*ret_pid = fork();
	if (*ret_pid != 0) {
		ground_keep(g, *ret_pid);
		return NULL;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	nl = nl_socket_alloc();
	if (!nl || nl_connect(nl, NETLINK_ROUTE) < 0)
		_exit(1);
	return nl;
}

static struct rtnl_addr *object(unsigned ifindex, const char *local)
{
	struct rtnl_addr *addr = rtnl_addr_alloc();
	struct nl_addr *ip = parse(local);

	assert_non_null(addr);
	rtnl_addr_set_ifindex(addr, (int)ifindex);
	assert_int_equal(rtnl_addr_set_local(addr, ip), 0);
	nl_addr_put(ip);
	return addr;
}

pid_t address_flap(struct ground *g, const char *link, const char *local)
{
	struct rtnl_addr *addr = object(wire_index(g, SIDE_INSIDE, link), local);
	pid_t pid;
	struct nl_sock *nl = fork_child(g, &pid);

	while (nl) {
		rtnl_addr_add(nl, addr, 0);
		rtnl_addr_delete(nl, addr, 0);
	}
	rtnl_addr_put(addr);
	return pid;
}

pid_t address_refresh(struct ground *g, const char *link, const char *local, int count, int ms)
{
	struct rtnl_addr *addr = object(wire_index(g, SIDE_INSIDE, link), local);
	pid_t pid;
	struct nl_sock *nl = fork_child(g, &pid);

	for (int i = 0; nl && i < count; i++) {
		rtnl_addr_set_valid_lifetime(addr, ADDRESS_LIFETIME + (uint32_t)i);
		rtnl_addr_set_preferred_lifetime(addr, ADDRESS_LIFETIME + (uint32_t)i);
		if (rtnl_addr_add(nl, addr, NLM_F_REPLACE) < 0)
			_exit(1);
		ground_nap(ms);
	}
	if (nl)
		_exit(0);
	rtnl_addr_put(addr);
	return pid;
}

void address_crowd(struct ground *g, const char *link, unsigned count)
{
	unsigned ifindex = wire_index(g, SIDE_INSIDE, link), owed = 0;
	struct nl_sock *nl = g->nl[SIDE_INSIDE];

	for (unsigned i = 1; i <= count; i++) {
		char local[32];
		struct nl_msg *msg;

		snprintf(local, sizeof(local), "10.%u.%u.%u/32", 128 + (i >> 16), i >> 8 & 255,
			 i & 255);
		msg = message(RTM_NEWADDR, ifindex, &(struct address_special){.local = local});
		assert_true(nl_send_auto(nl, msg) >= 0);
		nlmsg_free(msg);
		if (++owed < CROWD_BATCH && i < count)
			continue;
		while (owed > 0 && nl_wait_for_ack(nl) == 0)
			owed--;
		assert_int_equal(owed, 0);
	}
}
