/* SPDX-License-Identifier: MIT */
/* What a reply of a record API that is no success means, in the provider's own words. */
#ifndef PROVIDERS_APIERROR_H
#define PROVIDERS_APIERROR_H

#include "providers/apitalk.h"

/* Whether conditions of rule.h hold for the reply; NULL: they do not. */
bool apierror_holds(const struct apitalk *t, const char *conditions, const struct reply *reply);

/* Whether the reply says that what was asked for is done, as the service or row describes it. read:
 * it is of no use without what was asked for. */
bool apierror_none(const struct apitalk *t, const struct reply *reply, bool read);

/* Whether it is an error that says no more than that it is so already. */
bool apierror_so_already(const struct apitalk *t, const struct reply *reply);

/* Whether a rule tells what it is. */
bool apierror_known(const struct apitalk *t, const struct reply *reply);

/* Whether a rule says that credentials are refused, whatever the status. */
bool apierror_is_auth(const struct apitalk *t, const struct reply *reply);

/* Ends the record by a reply that is no success, and those that come after where it is about the
 * account or the server: false. */
bool apierror_end(const struct apitalk *t, const struct reply *reply);

/* Whether the reply would end them, too. */
bool apierror_ends_all(const struct apitalk *t, const struct reply *reply);

#endif
