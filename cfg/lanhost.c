/* SPDX-License-Identifier: MIT */
#include "cfg/lanhost.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_BITS    128
#define WHOLE_ADDRESS   16 /* no LAN has a prefix this short: bits set before are a prefix's own */
#define INTERFACE_START 64 /* of an interface identifier, RFC 4291 section 2.5.1 */
#define MAC_SIZE        6
#define GROUP_BIT       0x01 /* of the first byte of a MAC */
#define UNIVERSAL_BIT   0x02

/* The bits before the first that is set. */
static unsigned count_zeros(const unsigned char bytes[static 16])
{
	unsigned bit = 0;

	while (bit < ADDRESS_BITS && !(bytes[bit / 8] & 0x80 >> bit % 8))
		bit++;
	return bit;
}

static int read_len(const char *text, unsigned *ret)
{
	size_t n = strspn(text, "0123456789");
	unsigned len = 0;

	if (n == 0 || n > 3 || text[n] || text[0] == '0')
		return -EINVAL;
	for (; *text; text++)
		len = len * 10 + (unsigned)(*text - '0');
	if (len >= ADDRESS_BITS)
		return -EINVAL;
	*ret = len;
	return 0;
}

const char *lanhost_parse_suffix(const char *text, struct cfg_host *ret)
{
	const char *slash = strchrnul(text, '/');
	char address[INET6_ADDRSTRLEN];
	struct cfg_host host = {0};

	if ((size_t)(slash - text) >= sizeof(address))
		return "is no host part; write one such as ::1234:5678";
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text), text);
	if (inet_pton(AF_INET6, address, host.bytes) != 1)
		return "is no host part; write one such as ::1234:5678";
	if (*slash && read_len(slash + 1, &host.prefix_len))
		return "is meant for a prefix of 1 to 127 bits, such as ::1234:5678/64";
	host.prefix_max = count_zeros(host.bytes);
	if (host.prefix_max == ADDRESS_BITS)
		return "needs a host part that is not all zero, such as ::1234:5678";
	if (host.prefix_max < WHOLE_ADDRESS)
		return "begins like a whole address; write only what follows the prefix, such as "
		       "::1234:5678";
	if (host.prefix_len > host.prefix_max)
		return "has bits set within the prefix it is meant for";
	*ret = host;
	return NULL;
}

static int read_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static int read_mac(const char *text, unsigned char ret[static MAC_SIZE])
{
	char separator = ':';

	if (strlen(text) != 3 * MAC_SIZE - 1)
		return -EINVAL;
	if (text[2] == '-')
		separator = '-';
	for (unsigned i = 0; i < MAC_SIZE; i++, text += 3) {
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
		    (i < MAC_SIZE - 1 && text[2] != separator))
			return -EINVAL;
		ret[i] = (unsigned char)(read_digit(text[0]) << 4 | read_digit(text[1]));
	}
	return 0;
}

const char *lanhost_parse_mac(const char *text, struct cfg_host *ret)
{
	static const unsigned char none[MAC_SIZE], middle[] = {0xff, 0xfe};
	struct cfg_host host = {.prefix_max = INTERFACE_START};
	unsigned char mac[MAC_SIZE], *id = host.bytes + INTERFACE_START / 8;

	if (read_mac(text, mac))
		return "is no MAC address; write it as aa:bb:cc:dd:ee:ff";
	if (mac[0] & GROUP_BIT)
		return "is the address of a group (multicast), not of a host";
	if (memcmp(mac, none, MAC_SIZE) == 0)
		return "is all zero; write the one of the host";
	mac[0] ^= UNIVERSAL_BIT;
	memcpy(id, mac, 3);
	memcpy(id + 3, middle, 2);
	memcpy(id + 5, mac + 3, 3);
	*ret = host;
	return NULL;
}
