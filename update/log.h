/* SPDX-License-Identifier: MIT */
/* Four levels on stderr; with journal priority prefixes when stderr is the journal, with time
 * stamps otherwise. error: someone must act. warn: we go on, and the message says how. info: a
 * record changed (a quiet day logs nothing). debug: everything. errno is preserved; %m may be used.
 */
#ifndef UPDATE_LOG_H
#define UPDATE_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* program: prefixes lines when not on the journal. */
void log_init(const char *program, enum log_level level);
void log_set_level(enum log_level level);

/* From now on, or no longer, info and debug wait for the next log_flush, for a warning or for there
 * being many, so as to be written together. */
void log_hold(bool hold);
void log_flush(void);

enum log_level log_level(void);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
