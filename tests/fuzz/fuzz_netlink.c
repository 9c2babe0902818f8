/* SPDX-License-Identifier: MIT */
/* Messages of the kernel: events, and answers to requests. */
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "netwatch/attrs.h"
#include "netwatch/event.h"
#include "netwatch/reading.h"
#include "tests/fuzz/input.h"

static void read_message(const struct nlmsghdr *nlh, struct dirty *marks)
{
	struct link link = {0};
	struct address address;
	struct fib_entry entry;
	unsigned ifindex;
	uint32_t table;

	(void)event_parse(nlh, marks);
	(void)reading_link(nlh, &link);
	(void)reading_address(nlh, &address, &ifindex);
	if (reading_route(nlh, &entry) == 1 && reading_is_default(&entry))
		(void)reading_leaves_by(&entry, 1);
	(void)reading_rule_table(nlh, &table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dirty marks = {0};
	char *copy = malloc(size + 1); /* aligned, and without a byte behind it */
	size_t at = 0;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	while (size > at && attrs_whole((void *)(copy + at), (int)(size - at))) {
		const struct nlmsghdr *nlh = (void *)(copy + at);

		read_message(nlh, &marks);
		at += NLMSG_ALIGN(nlh->nlmsg_len);
	}
	free(copy);
	return 0;
}
