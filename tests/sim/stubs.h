/* SPDX-License-Identifier: MIT */
/* What the daemon does to the outside beside its work: nothing of it happens here. */
#ifndef TESTS_SIM_STUBS_H
#define TESTS_SIM_STUBS_H

/* resolv.conf is another. */
void stubs_change_resolver(void);

#endif
