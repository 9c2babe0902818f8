/* SPDX-License-Identifier: MIT */
#include "tests/kernel/wans.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/table.h"

static const struct {
	const char *link, *provider, *local, *gateway;
} wans[WAN_COUNT] = {
	{"wan0", "isp0", "192.0.2.10", "192.0.2.1"},
	{"wan1", "isp1", "203.0.113.10", "203.0.113.1"},
};

/* Sees all that comes and goes by a link, from now on. */
static int tap(struct ground *g, const char *link)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	to.sll_ifindex = (int)wire_index(g, SIDE_INSIDE, link);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		fail_msg("packet socket: %s", strerror(errno));
	return fd;
}

static void quiet_kernel(struct ground *g, enum side side)
{
	table_sysctl(g, side, "net/ipv6/conf/all/disable_ipv6", "1");
	table_sysctl(g, side, "net/ipv6/conf/default/disable_ipv6", "1");
	table_sysctl(g, side, "net/ipv4/conf/all/rp_filter", "0");
	table_sysctl(g, side, "net/ipv4/conf/default/rp_filter", "0");
}

static void dial(struct wans *w, enum wan wan)
{
	char prefix[32];

	wire_veth(w->g, wans[wan].link, wans[wan].provider);
	wire_up(w->g, SIDE_OUTSIDE, wans[wan].provider);
	wire_up(w->g, SIDE_INSIDE, wans[wan].link);
	snprintf(prefix, sizeof(prefix), "%s/24", wans[wan].gateway);
	wire_add(w->g, SIDE_OUTSIDE, wans[wan].provider, prefix);
	snprintf(prefix, sizeof(prefix), "%s/24", wans[wan].local);
	wire_add(w->g, SIDE_INSIDE, wans[wan].link, prefix);
	w->fd[wan] = tap(w->g, wans[wan].link);
	w->sent[wan] = calloc(WANS_PORTS, sizeof(*w->sent[wan]));
	assert_non_null(w->sent[wan]);
}

int wans_setup(void **state)
{
	struct wans *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->g = ground_new();
	quiet_kernel(w->g, SIDE_INSIDE);
	quiet_kernel(w->g, SIDE_OUTSIDE);
	wire_add(w->g, SIDE_OUTSIDE, "lo", SERVE_WEB "/32");
	dial(w, WAN_0);
	dial(w, WAN_1);
	wire_await_carrier(w->g);
	serve_web(w->g, &w->web[WAN_0], 8080);
	serve_web(w->g, &w->web[WAN_1], 8081);
	*state = w;
	return 0;
}

int wans_teardown(void **state)
{
	struct wans *w = *state;

	for (int wan = 0; wan < WAN_COUNT; wan++) {
		close(w->fd[wan]);
		free(w->sent[wan]);
	}
	ground_free(w->g);
	free(w);
	return 0;
}

static struct table_route way_out(enum wan wan)
{
	return (struct table_route){
		.to = "default",
		.leg = {wans[wan].link, wans[wan].gateway},
		.metric = wan == WAN_0 ? 0 : WANS_METRIC,
	};
}

void wans_route(struct wans *w, enum wan wan)
{
	struct table_route route = way_out(wan);

	table_add(w->g, &route);
}

void wans_unroute(struct wans *w, enum wan wan)
{
	struct table_route route = way_out(wan);

	table_del(w->g, &route);
}

void wans_route_table(struct wans *w)
{
	struct table_route route = way_out(WAN_1);
	struct fib_rule_hdr rule = {
		.family = AF_INET, .src_len = 32, .action = FR_ACT_TO_TBL, .table = WANS_TABLE};
	struct nl_msg *msg = nlmsg_alloc();
	struct in_addr from;
	int r;

	route.metric = 0;
	route.table = WANS_TABLE;
	table_add(w->g, &route);
	inet_pton(AF_INET, wans[WAN_1].local, &from);
	nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, RTM_NEWRULE, 0,
		  NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	nlmsg_append(msg, &rule, sizeof(rule), NLMSG_ALIGNTO);
	nla_put(msg, FRA_SRC, sizeof(from), &from);
	r = nl_send_sync(w->g->nl[SIDE_INSIDE], msg);
	if (r < 0)
		fail_msg("policy rule: %s", nl_geterror(r));
}

/* To which port; 0: of a protocol without any. */
static unsigned port_of(const uint8_t *packet, size_t size)
{
	size_t head = (packet[0] & 15u) * 4;

	if (size < head + 4 || (packet[9] != IPPROTO_TCP && packet[9] != IPPROTO_UDP))
		return 0;
	return (unsigned)packet[head + 2] << 8 | packet[head + 3];
}

unsigned wans_sent(struct wans *w, enum wan wan, unsigned port)
{
	uint8_t packet[2048];
	unsigned all = 0;
	ssize_t n;

	for (;;) {
		struct sockaddr_ll from;
		socklen_t size = sizeof(from);

		n = recvfrom(w->fd[wan], packet, sizeof(packet), 0, (struct sockaddr *)&from,
			     &size);
		if (n < 0)
			break;
		if (n >= 20 && from.sll_pkttype == PACKET_OUTGOING &&
		    from.sll_protocol == htons(ETH_P_IP))
			w->sent[wan][port_of(packet, (size_t)n)]++;
	}
	for (unsigned i = 0; i < WANS_PORTS; i++)
		all += w->sent[wan][i];
	return port ? w->sent[wan][port] : all;
}

uint64_t wans_frames(struct wans *w, enum wan wan)
{
	struct rtnl_link *link = NULL;
	uint64_t frames;

	if (rtnl_link_get_kernel(w->g->nl[SIDE_INSIDE], 0, wans[wan].link, &link) < 0)
		fail_msg("no %s", wans[wan].link);
	frames = rtnl_link_get_stat(link, RTNL_LINK_TX_PACKETS);
	rtnl_link_put(link);
	return frames;
}

void wans_expect(struct wans *w, const char *record, const char *ip, int ms)
{
	char name[64];

	snprintf(name, sizeof(name), "%s A", record);
	assert_true(daemon_await(&w->d, name, "confirmed", ip, ms));
}
