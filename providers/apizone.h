/* SPDX-License-Identifier: MIT */
/* The search of a conversation for the zone that holds the name under way. */
#ifndef PROVIDERS_APIZONE_H
#define PROVIDERS_APIZONE_H

#include "providers/apitalk.h"

enum apizone {
	APIZONE_ASKED, /* a request is under way */
	APIZONE_FOUND, /* the state has it */
	APIZONE_ENDED, /* so has the record */
};

enum apizone apizone_begin(const struct apitalk *t);

/* Takes the reply to what was asked. */
enum apizone apizone_take(const struct apitalk *t, const struct reply *reply);

#endif
