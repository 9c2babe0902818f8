/* SPDX-License-Identifier: MIT */
/* JSON that passes through jansson leaves nothing behind in freed memory. */
#ifndef UPDATE_WIPE_H
#define UPDATE_WIPE_H

/* From now on; any number of times. Objects made before may be freed after. */
void wipe_json(void);

#endif
