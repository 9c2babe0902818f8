/* SPDX-License-Identifier: MIT */
/* Tells the service manager how we are (sd_notify(3), without its library). */
#ifndef UPDATE_DAEMON_NOTIFY_H
#define UPDATE_DAEMON_NOTIFY_H

/* "READY=1", "RELOADING=1", "STOPPING=1", or several lines. Does nothing without $NOTIFY_SOCKET. */
void notify_send(const char *text);

/* RELOADING=1 with the moment, as Type=notify-reload asks. */
void notify_reloading(void);

#endif
