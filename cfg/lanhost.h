/* SPDX-License-Identifier: MIT */
/* The keys `suffix` and `mac`: another host of the LAN, as the bits behind its prefix. */
#ifndef CFG_LANHOST_H
#define CFG_LANHOST_H

#include "cfg/cfg.h"

/* An IPv6 address whose first bits are 0, such as "::1234:5678"; with "/64", for prefixes of that
 * length only. NULL: *ret is filled; else what is wrong, to follow the key's name. */
const char *lanhost_parse_suffix(const char *text, struct cfg_host *ret);

/* Six bytes in hexadecimal, with ":" or "-" between; the host part is the modified EUI-64 of RFC
 * 4291, appendix A. Returns as above. */
const char *lanhost_parse_mac(const char *text, struct cfg_host *ret);

#endif
