/* SPDX-License-Identifier: MIT */
#include "netwatch/hostpart.h"

enum hostpart_fit hostpart_check(const struct hostpart *host, const struct address *address)
{
	unsigned len = address->prefix_len;

	if (host->prefix_max == 0)
		return HOSTPART_FIT;
	if (len == 0)
		return HOSTPART_NO_PREFIX;
	if (host->prefix_len != 0 && len != host->prefix_len)
		return HOSTPART_OTHER_LENGTH;
	return len > host->prefix_max ? HOSTPART_OVERLAP : HOSTPART_FIT;
}

/* The part of byte i that belongs to a prefix of len bits. */
static uint8_t prefix_mask(unsigned i, unsigned len)
{
	if (len <= 8 * i)
		return 0;
	if (len >= 8 * (i + 1))
		return 0xff;
	return (uint8_t)(0xff00 >> len % 8);
}

void hostpart_join(const struct hostpart *host, const struct address *address, struct ipaddr *ret)
{
	struct ipaddr joined = address->addr;

	for (unsigned i = 0; i < sizeof(joined.bytes) && host->prefix_max != 0; i++) {
		uint8_t mask = prefix_mask(i, address->prefix_len);

		joined.bytes[i] =
			(uint8_t)((joined.bytes[i] & mask) | (host->bits.bytes[i] & ~mask));
	}
	*ret = joined;
}
