/* SPDX-License-Identifier: MIT */
/* Names of the configurations of inadyn, ddclient, ddns-updater and OpenWrt that no file of the
 * catalogue has as its alias: what is written in C, and what nlddns cannot update yet. */
#ifndef CFG_ELSEWHERE_H
#define CFG_ELSEWHERE_H

struct elsewhere {
	const char *name;  /* of the provider here, if there is one */
	const char *title; /* for people */
};

/* What another program means by the word: "cloudflare.com-v4", "default@porkbun.com",
 * "bind-nsupdate". NULL: not known. */
const struct elsewhere *elsewhere_find(const char *word);

#endif
