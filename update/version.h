/* SPDX-License-Identifier: MIT */
/* The version all three programs give. */
#ifndef UPDATE_VERSION_H
#define UPDATE_VERSION_H

#define VERSION "0.1.0"

#endif
