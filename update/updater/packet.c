/* SPDX-License-Identifier: MIT */
#include "update/updater/packet.h"

#include <errno.h>
#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEADER_LEN = 12,
	CNAMES_MAX = 8,       /* followed in one answer */
	TTL_MAX = 0x7fffffff, /* what is over it is 0: RFC 2181, section 8 */
};

static ldns_rr_type rr_type(enum record_type type)
{
	return type == RECORD_TYPE_A ? LDNS_RR_TYPE_A : LDNS_RR_TYPE_AAAA;
}

static ldns_rr_type question_type(const struct dns_request *request, enum record_type type)
{
	switch (request->op) {
	case DNS_OP_SERVERS:
		return LDNS_RR_TYPE_NS;
	case DNS_OP_ADDRESSES:
	case DNS_OP_RRSET:
		return rr_type(type);
	case DNS_OP_SOA:
	case DNS_OP_UPDATE:
		break;
	}
	return LDNS_RR_TYPE_SOA;
}

/* A record without data, of a name; NULL: no such name, or no memory. */
static ldns_rr *new_rr(const char *name, ldns_rr_type type, ldns_rr_class class, uint32_t ttl)
{
	ldns_rdf *owner = ldns_dname_new_frm_str(name);
	ldns_rr *rr = owner ? ldns_rr_new() : NULL;

	if (!rr) {
		ldns_rdf_deep_free(owner);
		return NULL;
	}
	ldns_rr_set_owner(rr, owner);
	ldns_rr_set_type(rr, type);
	ldns_rr_set_class(rr, class);
	ldns_rr_set_ttl(rr, ttl);
	return rr;
}

static bool add_rr(ldns_pkt *pkt, ldns_pkt_section section, ldns_rr *rr)
{
	if (rr && ldns_pkt_push_rr(pkt, section, rr))
		return true;
	ldns_rr_free(rr);
	return false;
}

static bool add_address(ldns_pkt *pkt, const struct wanted *wanted, size_t i, unsigned ttl)
{
	bool v4 = wanted->type == RECORD_TYPE_A;
	ldns_rr *rr = new_rr(wanted->name, rr_type(wanted->type), LDNS_RR_CLASS_IN, ttl);
	ldns_rdf *data =
		ldns_rdf_new_frm_str(v4 ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA, wanted->addrs[i]);

	if (!rr || !data || !ldns_rr_push_rdf(rr, data)) {
		ldns_rdf_deep_free(data);
		ldns_rr_free(rr);
		return false;
	}
	return add_rr(pkt, LDNS_SECTION_AUTHORITY, rr);
}

/* RFC 2136: sections 2.5.2 (delete an RRset) and 2.5.1 (add to it). */
static bool add_updates(ldns_pkt *pkt, const struct dns_request *request)
{
	for (size_t i = 0; i < request->n_wanted; i++) {
		const struct wanted *wanted = &request->wanted[i];

		if (!add_rr(pkt, LDNS_SECTION_AUTHORITY,
			    new_rr(wanted->name, rr_type(wanted->type), LDNS_RR_CLASS_ANY, 0)))
			return false;
		for (size_t j = 0; j < wanted->n_addrs; j++)
			if (!add_address(pkt, wanted, j, wanted->ttl ? wanted->ttl : request->ttl))
				return false;
	}
	return true;
}

static int fill_packet(ldns_pkt *pkt, const struct dns_request *request, enum record_type type)
{
	ldns_rr *question =
		new_rr(request->name, question_type(request, type), LDNS_RR_CLASS_IN, 0);

	if (!question)
		return -EINVAL;
	ldns_rr_set_question(question, true);
	if (!add_rr(pkt, LDNS_SECTION_QUESTION, question))
		return -ENOMEM;
	if (request->op != DNS_OP_UPDATE) {
		ldns_pkt_set_rd(pkt, request->op != DNS_OP_RRSET);
		return 0;
	}
	ldns_pkt_set_opcode(pkt, LDNS_PACKET_UPDATE);
	return add_updates(pkt, request) ? 0 : -EINVAL;
}

static struct tsig_key key_of(const struct dns_request *request)
{
	return (struct tsig_key){request->key_name, request->key_algorithm, request->key_secret};
}

void packet_done(struct packet *packet)
{
	free(packet->wire);
	packet->wire = NULL;
}

/* Signs where there is a key. */
static int serialize(ldns_pkt *pkt, const struct tsig_key *key, struct packet *ret)
{
	struct packet packet = {0};
	int rc = -ENOMEM;

	if (ldns_pkt2wire(&packet.wire, pkt, &packet.len) != LDNS_STATUS_OK)
		goto out;
	rc = packet.len > TSIG_MESSAGE_MAX ? -EMSGSIZE : 0;
	if (rc < 0 || !key->name)
		goto out;
	rc = tsig_sign(key, pkt, &packet.mac);
	if (rc < 0)
		goto out;
	packet_done(&packet);
	if (ldns_pkt2wire(&packet.wire, pkt, &packet.len) != LDNS_STATUS_OK)
		rc = -ENOMEM;
out:
	if (rc == 0)
		*ret = packet;
	else
		packet_done(&packet);
	return rc;
}

int packet_build(const struct dns_request *request, enum record_type type, uint16_t id,
		 struct packet *ret)
{
	ldns_pkt *pkt = ldns_pkt_new();
	struct tsig_key key = key_of(request);
	int rc;

	if (!pkt)
		return -ENOMEM;
	ldns_pkt_set_id(pkt, id);
	rc = fill_packet(pkt, request, type);
	if (rc == 0)
		rc = serialize(pkt, &key, ret);
	ldns_pkt_free(pkt);
	return rc;
}

/* Whether the answer repeats the question. An UPDATE's need not (RFC 2136, section 3.8), nor need
 * one that says the question was not understood. */
static bool repeats(const ldns_pkt *pkt, const struct dns_request *request, enum record_type type)
{
	const ldns_rr_list *list = ldns_pkt_question(pkt);
	bool same;
	ldns_rdf *name;
	ldns_rr *rr;

	if (ldns_rr_list_rr_count(list) == 0)
		return request->op == DNS_OP_UPDATE ||
		       ldns_pkt_get_rcode(pkt) == LDNS_RCODE_FORMERR ||
		       ldns_pkt_get_rcode(pkt) == LDNS_RCODE_NOTIMPL;
	if (ldns_rr_list_rr_count(list) != 1)
		return false;
	rr = ldns_rr_list_rr(list, 0);
	name = ldns_dname_new_frm_str(request->name);
	same = name && ldns_dname_compare(ldns_rr_owner(rr), name) == 0 &&
	       ldns_rr_get_type(rr) == question_type(request, type) &&
	       ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN;
	ldns_rdf_deep_free(name);
	return same;
}

/* A name as providers have it: lower case, no last dot. Escapes are refused: ours have none. */
static bool name_text(const ldns_rdf *name, char ret[static DNS_NAME_MAX])
{
	char *text = ldns_rdf2str(name);
	size_t len = text ? strlen(text) : 0;
	bool fits;

	if (len > 1 && text[len - 1] == '.')
		len--;
	fits = len > 0 && len < DNS_NAME_MAX && !strchr(text, '\\');
	for (size_t i = 0; fits && i < len; i++)
		ret[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
	if (fits)
		ret[len] = '\0';
	free(text);
	return fits;
}

/* The SOA among the records that is the zone of the name: its own, or one above it. */
static bool read_soa(const ldns_rr_list *list, const ldns_rdf *name, struct reply *reply)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);
		const ldns_rdf *owner = ldns_rr_owner(rr);

		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_SOA || ldns_rr_rd_count(rr) < 1 ||
		    (ldns_dname_compare(name, owner) != 0 && !ldns_dname_is_subdomain(name, owner)))
			continue;
		if (name_text(owner, reply->zone) && name_text(ldns_rr_rdf(rr, 0), reply->primary))
			return true;
		reply->zone[0] = reply->primary[0] = '\0';
	}
	return false;
}

/* The name servers of the zone of that very name. */
static void read_servers(const ldns_rr_list *list, const ldns_rdf *name, struct reply *reply)
{
	size_t n = 0;

	for (size_t i = 0; i < ldns_rr_list_rr_count(list) && n < ZONE_SERVERS_MAX; i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_NS && ldns_rr_rd_count(rr) == 1 &&
		    ldns_dname_compare(ldns_rr_owner(rr), name) == 0)
			n += name_text(ldns_rr_rdf(rr, 0), reply->hosts[n]);
	}
}

static const ldns_rdf *find_cname(const ldns_rr_list *list, const ldns_rdf *name)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_CNAME && ldns_rr_rd_count(rr) == 1 &&
		    ldns_dname_compare(ldns_rr_owner(rr), name) == 0)
			return ldns_rr_rdf(rr, 0);
	}
	return NULL;
}

/* What the name holds itself. */
static void read_rrset(const ldns_rr_list *list, const ldns_rdf *name, ldns_rr_type type,
		       struct reply *reply)
{
	size_t n = 0;

	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);
		unsigned ttl;
		char *text;

		if (ldns_rr_get_type(rr) != type || ldns_rr_rd_count(rr) != 1 ||
		    ldns_dname_compare(ldns_rr_owner(rr), name) != 0)
			continue;
		ttl = ldns_rr_ttl(rr) > TTL_MAX ? 0 : ldns_rr_ttl(rr);
		if (n == 0 || ttl < reply->ttl)
			reply->ttl = ttl;
		reply->more = n == WANTED_ADDRS_MAX;
		text = reply->more ? NULL : ldns_rdf2str(ldns_rr_rdf(rr, 0));
		if (text && strlen(text) < ADDRESS_MAX)
			memcpy(reply->addrs[n++], text, strlen(text) + 1);
		free(text);
	}
}

/* The addresses of the name, or of what it is an alias of. */
static void read_addresses(const ldns_rr_list *list, const ldns_rdf *name, ldns_rr_type type,
			   struct reply *reply)
{
	const ldns_rdf *alias;

	for (int i = 0; i < CNAMES_MAX && (alias = find_cname(list, name)); i++)
		name = alias;
	read_rrset(list, name, type, reply);
}

/* A name that is an alias, or below one, holds nothing itself (RFC 1034, RFC 6672). */
static bool has_alias(const ldns_rr_list *list)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		ldns_rr_type type = ldns_rr_get_type(ldns_rr_list_rr(list, i));

		if (type == LDNS_RR_TYPE_CNAME || type == LDNS_RR_TYPE_DNAME)
			return true;
	}
	return false;
}

static void read_contents(const ldns_pkt *pkt, const struct dns_request *request,
			  enum record_type type, struct reply *reply)
{
	ldns_rdf *name = ldns_dname_new_frm_str(request->name);
	const ldns_rr_list *list = ldns_pkt_answer(pkt);

	if (!name)
		return;
	switch (request->op) {
	case DNS_OP_SOA:
		if (!read_soa(list, name, reply))
			read_soa(ldns_pkt_authority(pkt), name, reply);
		break;
	case DNS_OP_SERVERS:
		read_servers(list, name, reply);
		break;
	case DNS_OP_ADDRESSES:
		read_addresses(list, name, rr_type(type), reply);
		break;
	case DNS_OP_RRSET:
		read_rrset(list, name, rr_type(type), reply);
		reply->authoritative = ldns_pkt_aa(pkt);
		reply->alias = has_alias(list);
		break;
	case DNS_OP_UPDATE:
		break;
	}
	ldns_rdf_deep_free(name);
}

enum packet_finding packet_read(const struct dns_request *request, enum record_type type,
				const struct packet *question, uint64_t time, const uint8_t *wire,
				size_t len, struct reply *ret_reply)
{
	struct reply reply = {.kind = REQUEST_DNS};
	enum packet_finding finding = PACKET_ANSWER;
	struct tsig_key key = key_of(request);
	struct tsig_answer answer = {.wire = wire, .len = len};

	/* id, QR, opcode: cheap, and before any parser */
	if (len < HEADER_LEN || memcmp(wire, question->wire, 2) != 0 || !(wire[2] & 0x80) ||
	    ((wire[2] ^ question->wire[2]) & 0x78))
		return PACKET_FOREIGN;
	if (wire[2] & 0x02)
		return PACKET_TRUNCATED;
	if (ldns_wire2pkt(&answer.pkt, wire, len) != LDNS_STATUS_OK)
		return PACKET_GARBAGE;
	if (!repeats(answer.pkt, request, type)) {
		finding = PACKET_FOREIGN;
		goto out;
	}
	reply.rcode = ldns_pkt_get_rcode(answer.pkt);
	if (key.name && tsig_verify(&key, &question->mac, time, &answer, &reply.tsig_error) < 0)
		finding = PACKET_UNSIGNED;
	else
		read_contents(answer.pkt, request, type, &reply);
	*ret_reply = reply;
out:
	ldns_pkt_free(answer.pkt);
	return finding;
}
