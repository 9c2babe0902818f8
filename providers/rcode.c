/* SPDX-License-Identifier: MIT */
#include "providers/rcode.h"

/* RFC 2136 section 3, RFC 1035 section 4.1.1 */
static const struct rcode rcodes[] = {
	[0] = {"NOERROR", VERDICT_DONE, "updated", NULL, false},
	[1] = {"FORMERR", VERDICT_REFUSED_CONFIG, "the server does not understand the update",
	       "correct server", true},
	[2] = {"SERVFAIL", VERDICT_RETRY, "the server failed", "see its log", true},
	[3] = {"NXDOMAIN", VERDICT_RETRY, "the server asks for what the update did not",
	       "see its log", true},
	[4] = {"NOTIMP", VERDICT_REFUSED_CONFIG, "the server takes no updates",
	       "correct server or enable updates there", false},
	[5] = {"REFUSED", VERDICT_REFUSED_AUTH, "the server does not allow this update",
	       "allow it there or correct key", true},
	[6] = {"YXDOMAIN", VERDICT_RETRY, "the server asks for what the update did not",
	       "see its log", true},
	[7] = {"YXRRSET", VERDICT_RETRY, "the server asks for what the update did not",
	       "see its log", true},
	[8] = {"NXRRSET", VERDICT_RETRY, "the server asks for what the update did not",
	       "see its log", true},
	[9] = {"NOTAUTH", VERDICT_REFUSED_CONFIG, "the server does not own the zone",
	       "correct server or zone", false},
	[10] = {"NOTZONE", VERDICT_REFUSED_NAME, "the name is not in the zone", "correct zone",
		true},
};

/* RFC 8945 section 3 */
static const struct rcode tsig_codes[] = {
	[16] = {"BADSIG", VERDICT_REFUSED_AUTH, "the server has another secret for this key",
		"correct key", false},
	[17] = {"BADKEY", VERDICT_REFUSED_AUTH,
		"the server does not know this key or its algorithm", "correct key", false},
	/* no hold: at boot the clock is often wrong for a while */
	[18] = {"BADTIME", VERDICT_RETRY, "the clocks of this machine and the server differ",
		"set the clock", false},
	[22] = {"BADTRUNC", VERDICT_REFUSED_CONFIG, "the server wants another signature length",
		"configure it there", false},
};

static const struct rcode *find_code(const struct rcode *codes, size_t n, int code)
{
	if (code < 0 || (size_t)code >= n || codes[code].name == NULL)
		return NULL;
	return &codes[code];
}

const struct rcode *rcode_find(int rcode)
{
	return find_code(rcodes, sizeof(rcodes) / sizeof(rcodes[0]), rcode);
}

const struct rcode *rcode_find_tsig(int error)
{
	return find_code(tsig_codes, sizeof(tsig_codes) / sizeof(tsig_codes[0]), error);
}
