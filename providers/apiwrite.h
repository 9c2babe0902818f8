/* SPDX-License-Identifier: MIT */
/* What a conversation writes once it knows what is there. */
#ifndef PROVIDERS_APIWRITE_H
#define PROVIDERS_APIWRITE_H

#include "providers/apitalk.h"

/* The first change to what is under the name, or its end. */
bool apiwrite_begin(const struct apitalk *t);

/* Takes the reply to a change, and goes on. */
bool apiwrite_take(const struct apitalk *t, const struct reply *reply);

#endif
