/* SPDX-License-Identifier: MIT */
/* The classic BPF program of the event socket. It runs in the sender's context, before queueing: a
 * message it drops costs neither a wake-up nor buffer space. */
#ifndef NETWATCH_FILTER_H
#define NETWATCH_FILTER_H

#include <linux/filter.h>

#define FILTER_LENGTH 14

/* Drops links of AF_BRIDGE, and routes with a prefix of 8 bits or more or of another family than
 * IPv4 and IPv6; lets all else through whole. */
extern const struct sock_filter filter_program[FILTER_LENGTH];

/* -errno: the kernel refuses it, and the socket is as it was. */
int filter_attach(int fd);

#endif
