/* SPDX-License-Identifier: MIT */
#include "update/ctl/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/rtnl.h>

#include "update/ctl/routes.h"

#define DUMP_TRIES 5

/* What a dump's handlers fill. */
struct reading {
	struct snapshot *snapshot;
	size_t links_room, n_addresses;
	struct nlmsghdr *message; /* whose object is being taken */
	int error;
};

static int fail(struct reading *reading, int error)
{
	reading->error = error;
	return NL_STOP;
}

static void take_altnames(struct nlmsghdr *message, struct link *link)
{
	struct nlattr *list = nlmsg_find_attr(message, sizeof(struct ifinfomsg), IFLA_PROP_LIST);
	struct nlattr *name;
	size_t n = 0;
	int left;

	if (!list)
		return;
	nla_for_each_nested(name, list,
			    left) if (nla_type(name) == IFLA_ALT_IFNAME && n < LINK_ALTNAMES_MAX)
		nla_strlcpy(link->altnames[n++], name, ALTNAME_MAX);
}

static void copy_name(char *to, size_t size, const char *from)
{
	size_t len = from ? strnlen(from, size - 1) : 0;

	if (len)
		memcpy(to, from, len);
	to[len] = 0;
}

static void take_link_object(struct nl_object *object, void *arg)
{
	struct reading *reading = arg;
	struct snapshot *snapshot = reading->snapshot;
	struct rtnl_link *from = (struct rtnl_link *)object;
	struct link *link;

	if (snapshot->n_links == reading->links_room) {
		size_t room = reading->links_room ? 2 * reading->links_room : 16;
		struct link *links;

		if (room > KERNEL_LINKS_MAX) {
			reading->error = -E2BIG;
			return;
		}
		links = reallocarray(snapshot->links, room, sizeof(*links));
		if (!links) {
			reading->error = -ENOMEM;
			return;
		}
		snapshot->links = links;
		reading->links_room = room;
	}
	link = &snapshot->links[snapshot->n_links++];
	*link = (struct link){
		.ifindex = rtnl_link_get_ifindex(from),
		.flags = rtnl_link_get_flags(from),
		.operstate = rtnl_link_get_operstate(from),
	};
	copy_name(link->name, sizeof(link->name), rtnl_link_get_name(from));
	copy_name(link->kind, sizeof(link->kind), rtnl_link_get_type(from));
	take_altnames(reading->message, link);
}

static struct link *find_link(struct snapshot *snapshot, unsigned ifindex)
{
	for (size_t i = 0; i < snapshot->n_links; i++)
		if (snapshot->links[i].ifindex == ifindex)
			return &snapshot->links[i];
	return NULL;
}

static struct ipaddr ip_of(const struct nl_addr *from)
{
	struct ipaddr addr = {.family = AF_UNSPEC};

	if (!from)
		return addr;
	addr.family = (sa_family_t)nl_addr_get_family(from);
	if (nl_addr_get_len(from) <= sizeof(addr.bytes))
		memcpy(addr.bytes, nl_addr_get_binary_addr(from), nl_addr_get_len(from));
	return addr;
}

static void take_address_object(struct nl_object *object, void *arg)
{
	struct reading *reading = arg;
	struct rtnl_addr *from = (struct rtnl_addr *)object;
	struct link *link = find_link(reading->snapshot, rtnl_addr_get_ifindex(from));
	struct address *addresses;

	/* A link that came after the links were read: it is as if the addresses had not. */
	if (!link)
		return;
	if (++reading->n_addresses > KERNEL_ADDRESSES_MAX) {
		reading->error = -E2BIG;
		return;
	}
	addresses = reallocarray(link->addresses, link->n_addresses + 1, sizeof(*addresses));
	if (!addresses) {
		reading->error = -ENOMEM;
		return;
	}
	link->addresses = addresses;
	addresses[link->n_addresses++] = (struct address){
		.addr = ip_of(rtnl_addr_get_local(from)),
		.peer = ip_of(rtnl_addr_get_peer(from)),
		.prefix_len = (uint8_t)rtnl_addr_get_prefixlen(from),
		.scope = (uint8_t)rtnl_addr_get_scope(from),
		.flags = rtnl_addr_get_flags(from),
		.preferred_s = rtnl_addr_get_preferred_lifetime(from),
		.valid_s = rtnl_addr_get_valid_lifetime(from),
		.created = rtnl_addr_get_create_time(from),
	};
}

static int take(struct nl_msg *message, struct reading *reading, int type,
		void (*object)(struct nl_object *, void *))
{
	int error;

	reading->message = nlmsg_hdr(message);
	if (reading->message->nlmsg_type != type)
		return NL_SKIP;
	error = nl_msg_parse(message, object, reading);
	if (error < 0)
		return fail(reading, error == -NLE_NOMEM ? -ENOMEM : -EBADMSG);
	return reading->error ? NL_STOP : NL_OK;
}

static int take_link(struct nl_msg *message, void *arg)
{
	const struct ifinfomsg *info = nlmsg_data(nlmsg_hdr(message));

	/* Bridge ports answer once more as AF_BRIDGE. */
	if (nlmsg_datalen(nlmsg_hdr(message)) >= (int)sizeof(*info) &&
	    info->ifi_family != AF_UNSPEC)
		return NL_SKIP;
	return take(message, arg, RTM_NEWLINK, take_link_object);
}

static int take_address(struct nl_msg *message, void *arg)
{
	return take(message, arg, RTM_NEWADDR, take_address_object);
}

static int take_refusal(struct sockaddr_nl *from, struct nlmsgerr *refusal, void *arg)
{
	struct reading *reading = arg;

	(void)from;
	return fail(reading, refusal->error);
}

/* One dump. -EAGAIN: interrupted, what was taken may be torn. */
static int dump(struct nl_sock *sock, int type, nl_recvmsg_msg_cb_t each, struct reading *reading)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int error;

	if (!cb)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, each, reading);
	nl_cb_err(cb, NL_CB_CUSTOM, take_refusal, reading);
	reading->error = 0;
	error = nl_rtgen_request(sock, type, AF_UNSPEC, NLM_F_DUMP);
	if (error >= 0)
		error = nl_recvmsgs(sock, cb);
	nl_cb_put(cb);
	if (reading->error)
		return reading->error;
	if (error == -NLE_DUMP_INTR)
		return -EAGAIN;
	return error < 0 ? -EIO : 0;
}

static int by_ifindex(const void *a, const void *b)
{
	const struct link *left = a, *right = b;

	return (left->ifindex > right->ifindex) - (left->ifindex < right->ifindex);
}

static int by_addr(const void *a, const void *b)
{
	const struct address *left = a, *right = b;

	return addr_compare(&left->addr, &right->addr);
}

static int read_routes(struct nl_sock *sock, struct snapshot *snapshot)
{
	int error = 0;

	for (enum family f = FAMILY_IPV4; f < FAMILY_COUNT && !error; f++) {
		error = routes_ask(sock, f, &snapshot->routes[f]);
		for (size_t i = 0; i < snapshot->n_links && !error; i++) {
			struct link *link = &snapshot->links[i];

			link->routes[f] = (struct route){.error = -ENETUNREACH};
			if (link->flags & IFF_UP && !(link->flags & IFF_LOOPBACK))
				error = routes_ask_by(sock, f, link->ifindex, &link->routes[f]);
		}
	}
	return error;
}

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int read_once(struct nl_sock *sock, struct snapshot *snapshot)
{
	struct reading reading = {.snapshot = snapshot};
	int error = dump(sock, RTM_GETLINK, take_link, &reading);

	if (!error && snapshot->n_links)
		qsort(snapshot->links, snapshot->n_links, sizeof(*snapshot->links), by_ifindex);
	if (!error)
		error = dump(sock, RTM_GETADDR, take_address, &reading);
	for (size_t i = 0; i < snapshot->n_links && !error; i++) {
		struct link *link = &snapshot->links[i];

		if (link->n_addresses)
			qsort(link->addresses, link->n_addresses, sizeof(*link->addresses),
			      by_addr);
	}
	if (!error)
		error = read_routes(sock, snapshot);
	snapshot->read_at = monotonic_ms();
	return error;
}

static int open_socket(struct nl_sock **ret)
{
	struct timeval patience = {.tv_sec = 2};
	struct nl_sock *sock = nl_socket_alloc();

	if (!sock)
		return -ENOMEM;
	if (nl_connect(sock, NETLINK_ROUTE) < 0) {
		nl_socket_free(sock);
		return -EIO;
	}
	nl_socket_disable_auto_ack(sock);
	(void)setsockopt(nl_socket_get_fd(sock), SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience));
	*ret = sock;
	return 0;
}

int kernel_read(struct snapshot *ret)
{
	int error = -EAGAIN;

	for (int i = 0; i < DUMP_TRIES && error == -EAGAIN; i++) {
		struct snapshot snapshot = {0};
		struct nl_sock *sock;

		/* A new socket each time: nothing of a torn answer is left in it. */
		error = open_socket(&sock);
		if (error)
			return error;
		error = read_once(sock, &snapshot);
		nl_socket_free(sock);
		if (error)
			kernel_free(&snapshot);
		else
			*ret = snapshot;
	}
	return error;
}

void kernel_free(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n_links; i++)
		free(snapshot->links[i].addresses);
	free(snapshot->links);
	*snapshot = (struct snapshot){0};
}
