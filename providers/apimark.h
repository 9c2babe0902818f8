/* SPDX-License-Identifier: MIT */
/* The owner's mark of a name, where records have no comment: a TXT record below it, _nlddns.NAME
 * (of *.NAME _nlddns-wildcard.NAME), with the text owner=WHO of the setting `owner`. All addresses
 * of a name with our mark are ours, whatever is known of them; those with another's mark are not
 * touched. A name gets its mark before its first address, unless others have addresses there, and
 * loses it behind the last one. */
#ifndef PROVIDERS_APIMARK_H
#define PROVIDERS_APIMARK_H

#include "providers/apitalk.h"

/* A request is under way; the record has its end; what is to be known is. */
enum apimark { APIMARK_ASKED, APIMARK_ENDED, APIMARK_KNOWN };

/* Whether there are marks in this conversation. */
bool apimark_is_on(const struct apitalk *t);

/* Before addresses are written: looks for the mark, if it makes a difference. */
enum apimark apimark_begin(const struct apitalk *t);

/* Behind it: looks whether the mark is to go. */
enum apimark apimark_end(const struct apitalk *t);

/* Of APITALK_MARK and APITALK_BESIDE. */
enum apimark apimark_take(const struct apitalk *t, const struct reply *reply);

/* Makes or removes the mark, as APITALK_CREATE or APITALK_REMOVE; if state->mark.due. */
bool apimark_write(const struct apitalk *t);

/* That is done. */
void apimark_written(const struct apitalk *t);

/* What is wrong with values of a provider that is a catalogue file: provider.h. */
const char *apimark_check(const struct job *job, char *why);

#endif
