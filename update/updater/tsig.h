/* SPDX-License-Identifier: MIT */
/* Signs a DNS message and believes only an answer signed with the same key, for the same question,
 * about now (TSIG, RFC 8945). The signature is ldns's work; what its check leaves out is done here.
 */
#ifndef UPDATE_UPDATER_TSIG_H
#define UPDATE_UPDATER_TSIG_H

#include <ldns/ldns.h>
#include <stddef.h>
#include <stdint.h>

#define TSIG_MAC_MAX 64 /* hmac-sha512 */

/* Bytes of a message to sign or verify. ldns aborts where what it hashes is larger than any
 * message; the rest is more room than a signature takes. */
#define TSIG_MESSAGE_MAX (65535 - 768)

/* RFC 8945, section 3 */
#define TSIG_BADSIG  16
#define TSIG_BADKEY  17
#define TSIG_BADTIME 18

/* Borrowed texts. */
struct tsig_key {
	const char *name;
	const char *algorithm; /* "hmac-sha256", "hmac-sha512" */
	const char *secret;    /* base64 */
};

/* The signature of a question: its answer's depends on it. */
struct tsig_mac {
	uint8_t bytes[TSIG_MAC_MAX];
	size_t len;
};

/* An answer, parsed and as it came. Borrowed. */
struct tsig_answer {
	ldns_pkt *pkt;
	const uint8_t *wire;
	size_t len;
};

/* Adds a signature, of the current time, to a message of at most TSIG_MESSAGE_MAX bytes.
 * -EINVAL: the key's algorithm, name or secret is not one; -ENOMEM. */
int tsig_sign(const struct tsig_key *key, ldns_pkt *pkt, struct tsig_mac *ret);

/* Whether the answer is signed with the key, for the question that had that mac, about time
 * (seconds since 1970).
 * 0: it is; *ret_error is its TSIG error (0, or TSIG_BADTIME), which can be believed.
 * -EBADMSG: it is not; *ret_error is what an unsigned answer claims (TSIG_BADSIG, TSIG_BADKEY), or
 * -1. */
int tsig_verify(const struct tsig_key *key, const struct tsig_mac *mac, uint64_t time,
		const struct tsig_answer *answer, int *ret_error);

#endif
