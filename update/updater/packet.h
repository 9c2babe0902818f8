/* SPDX-License-Identifier: MIT */
/* DNS requests as wire bytes, and the answers to them. Pure, but that a signature has the time in
 * it. */
#ifndef UPDATE_UPDATER_PACKET_H
#define UPDATE_UPDATER_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "providers/provider.h"
#include "update/updater/tsig.h"

#define PACKET_MAX     65535
#define PACKET_UDP_MAX 512 /* RFC 1035, section 4.2.1; longer questions go by TCP */

struct packet {
	uint8_t *wire;
	size_t len;
	struct tsig_mac mac; /* of a signed one */
};

enum packet_finding {
	PACKET_ANSWER,    /* *ret_reply is filled */
	PACKET_FOREIGN,   /* not an answer to this question */
	PACKET_GARBAGE,   /* it is, but cannot be read */
	PACKET_TRUNCATED, /* the same by TCP will be whole */
	PACKET_UNSIGNED,  /* not signed as the question was; *ret_reply says what it claims */
};

/* type: of the addresses asked for. id: random. -EINVAL: a name, address or key that
 * is none; -EMSGSIZE, -ENOMEM. */
int packet_build(const struct dns_request *request, enum record_type type, uint16_t id,
		 struct packet *ret);
void packet_done(struct packet *packet);

/* Reads what came back for a packet made of the same request and type. time: seconds since 1970. */
enum packet_finding packet_read(const struct dns_request *request, enum record_type type,
				const struct packet *question, uint64_t time, const uint8_t *wire,
				size_t len, struct reply *ret_reply);

#endif
