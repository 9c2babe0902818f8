/* SPDX-License-Identifier: MIT */
/* DNS names as text. */
#ifndef CFG_DNSNAME_H
#define CFG_DNSNAME_H

#include "providers/provider.h"

/* Checks (RFC 1035 lengths; letters, digits, '-', '_'; "*." may lead) and writes the canonical
 * form: lower case, no trailing dot. -EINVAL: *ret_why says what is wrong with it ("holds ..."),
 * static. */
int dnsname_parse(const char *text, char ret[static DNS_NAME_MAX], const char **ret_why);

#endif
