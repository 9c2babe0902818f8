/* SPDX-License-Identifier: MIT */
/* What kind of section a title announces. */
#ifndef CFG_TITLE_H
#define CFG_TITLE_H

#include "providers/provider.h"

#define TITLE_WHY_MAX 200

enum title_kind {
	TITLE_DAEMON,   /* [nlddns] */
	TITLE_DEFAULTS, /* [defaults] */
	TITLE_ACCOUNT,  /* [account NAME] */
	TITLE_SOURCE,   /* [source NAME] */
	TITLE_RECORD,   /* [home.example.org] */
};

/* Fills name: of the account or source as written, or the canonical DNS name. -EINVAL: why says
 * what is wrong with it and what would do. */
int title_parse(const char *title, enum title_kind *ret, char name[static DNS_NAME_MAX],
		char why[static TITLE_WHY_MAX]);

#endif
