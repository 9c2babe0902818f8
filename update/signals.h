/* SPDX-License-Identifier: MIT */
/* Signals that come before anybody is there to take them. */
#ifndef UPDATE_SIGNALS_H
#define UPDATE_SIGNALS_H

/* Lets those that end or reload the daemon wait until the loop takes them, over an exec, too. The
 * kernel throws away what the first process of a container has no handler for, and whoever stops
 * the container then would wait in vain. */
void signals_hold(void);

/* There is a handler for each of them now. */
void signals_release(void);

#endif
