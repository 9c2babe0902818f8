/* SPDX-License-Identifier: MIT */
#include "update/updater/tsig.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum {
	FUDGE_S = 300,  /* RFC 8945, section 10 */
	LENGTH_LEN = 2, /* before the bytes of a field of any length */
};

/* The data of a TSIG record (RFC 8945, section 4.2), in ldns's count. */
enum field {
	FIELD_ALGORITHM,
	FIELD_TIME,
	FIELD_FUDGE,
	FIELD_MAC,
	FIELD_ID,
	FIELD_ERROR,
	FIELD_OTHER,
};
#define FIELD_COUNT (FIELD_OTHER + 1)

static uint16_t get_number(const ldns_rr *tsig, enum field field)
{
	return ldns_rdf2native_int16(ldns_rr_rdf(tsig, field));
}

static uint64_t get_time(const ldns_rr *tsig)
{
	const uint8_t *bytes = ldns_rdf_data(ldns_rr_rdf(tsig, FIELD_TIME));

	return (uint64_t)ldns_read_uint16(bytes) << 32 | ldns_read_uint32(bytes + 2);
}

static size_t mac_len(const ldns_rr *tsig)
{
	return ldns_rdf_size(ldns_rr_rdf(tsig, FIELD_MAC)) - LENGTH_LEN;
}

static bool is_algorithm(const char *name)
{
	return strcmp(name, "hmac-sha256") == 0 || strcmp(name, "hmac-sha512") == 0;
}

/* ldns itself signs with an empty secret too, and leaks where it refuses. */
static bool is_usable(const struct tsig_key *key)
{
	ldns_rdf *name = ldns_dname_new_frm_str(key->name);
	ldns_rdf *secret = ldns_rdf_new_frm_str(LDNS_RDF_TYPE_B64, key->secret);
	bool usable = name && ldns_dname_label_count(name) > 0 && is_algorithm(key->algorithm) &&
		      secret && ldns_rdf_size(secret) > 0;

	if (secret)
		explicit_bzero(ldns_rdf_data(secret), ldns_rdf_size(secret));
	ldns_rdf_deep_free(secret);
	ldns_rdf_deep_free(name);
	return usable;
}

int tsig_sign(const struct tsig_key *key, ldns_pkt *pkt, struct tsig_mac *ret)
{
	const ldns_rdf *mac;

	if (!is_usable(key))
		return -EINVAL;
	if (ldns_pkt_tsig_sign(pkt, key->name, key->secret, FUDGE_S, key->algorithm, NULL) !=
	    LDNS_STATUS_OK)
		return -ENOMEM;
	mac = ldns_rr_rdf(ldns_pkt_tsig(pkt), FIELD_MAC);
	ret->len = mac_len(ldns_pkt_tsig(pkt));
	memcpy(ret->bytes, ldns_rdf_data(mac) + LENGTH_LEN, ret->len);
	return 0;
}

static bool same_name(const ldns_rdf *name, const char *text)
{
	ldns_rdf *other = ldns_dname_new_frm_str(text);
	bool same = other && ldns_dname_compare(name, other) == 0;

	ldns_rdf_deep_free(other);
	return same;
}

/* What the signature does not cover, or ldns takes from elsewhere: the record says it as we do. */
static bool is_ours(const ldns_rr *tsig, const struct tsig_key *key, uint16_t id)
{
	return ldns_rr_get_class(tsig) == LDNS_RR_CLASS_ANY && ldns_rr_ttl(tsig) == 0 &&
	       same_name(ldns_rr_owner(tsig), key->name) &&
	       same_name(ldns_rr_rdf(tsig, FIELD_ALGORITHM), key->algorithm) &&
	       get_number(tsig, FIELD_ID) == id;
}

static bool is_about_now(const ldns_rr *tsig, uint64_t time)
{
	uint64_t at = get_time(tsig), gap = at > time ? at - time : time - at;

	/* The other side's clock is what BADTIME is about; it repeats our time. */
	return get_number(tsig, FIELD_ERROR) == TSIG_BADTIME ||
	       gap <= get_number(tsig, FIELD_FUDGE);
}

static bool is_signed(const struct tsig_key *key, const struct tsig_mac *mac,
		      const struct tsig_answer *answer)
{
	ldns_rr *tsig = ldns_pkt_tsig(answer->pkt);
	struct tsig_mac copy = *mac;
	ldns_rdf *asked = ldns_native2rdf_int16_data(copy.len, copy.bytes);
	bool right;

	right = asked && ldns_pkt_tsig_verify(answer->pkt, answer->wire, answer->len, key->name,
					      key->secret, asked);
	/* ldns takes it out, and puts it back unless it runs out of memory. */
	ldns_pkt_set_tsig(answer->pkt, tsig);
	ldns_rdf_deep_free(asked);
	return right;
}

int tsig_verify(const struct tsig_key *key, const struct tsig_mac *mac, uint64_t time,
		const struct tsig_answer *answer, int *ret_error)
{
	const ldns_rr *tsig = ldns_pkt_tsig(answer->pkt);
	int error;

	*ret_error = -1;
	if (!tsig || ldns_rr_rd_count(tsig) != FIELD_COUNT)
		return -EBADMSG;
	error = get_number(tsig, FIELD_ERROR);
	if (mac_len(tsig) == 0 && (error == TSIG_BADSIG || error == TSIG_BADKEY))
		*ret_error = error;
	if (answer->len > TSIG_MESSAGE_MAX || !is_ours(tsig, key, ldns_pkt_id(answer->pkt)) ||
	    !is_about_now(tsig, time) || !is_signed(key, mac, answer))
		return -EBADMSG;
	*ret_error = error;
	return 0;
}
