/* SPDX-License-Identifier: MIT */
#include "update/log.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define HELD_MAX       PIPE_BUF /* in one write no other process's lines come between */

/* sd-daemon(3): a line of this start has that syslog priority. */
static const char *const prefixes[] = {
	[LOG_LEVEL_ERROR] = "<3>",
	[LOG_LEVEL_WARN] = "<4>",
	[LOG_LEVEL_INFO] = "<6>",
	[LOG_LEVEL_DEBUG] = "<7>",
};

/* The process has one stderr. */
static struct {
	const char *program;
	enum log_level level;
	bool journal;
	bool held;
	time_t second; /* that clock is of */
	char clock[16];
	size_t len; /* of lines */
} state = {.program = "nlddns", .level = LOG_LEVEL_INFO, .second = -1};

/* To be written; apart, since a file need not hold room that begins empty. */
static char lines[HELD_MAX];

/* JOURNAL_STREAM is inherited by children whose stderr is another file: systemd.exec(5) says to
 * compare device and inode. */
static bool is_journal(const char *stream, int fd)
{
	unsigned long long dev, ino;
	struct stat st;
	char *end;

	if (!stream)
		return false;
	dev = strtoull(stream, &end, 10);
	if (end == stream || *end != ':')
		return false;
	stream = end + 1;
	ino = strtoull(stream, &end, 10);
	if (end == stream || *end != '\0')
		return false;
	return fstat(fd, &st) == 0 && st.st_dev == dev && st.st_ino == ino;
}

/* There may be thousands of lines a second: what they have in common is made once. */
static const char *clock_text(time_t second)
{
	struct tm tm;

	if (second == state.second)
		return state.clock;
	localtime_r(&second, &tm);
	snprintf(state.clock, sizeof(state.clock), "%02d:%02d:%02d", tm.tm_hour, tm.tm_min,
		 tm.tm_sec);
	state.second = second;
	return state.clock;
}

static size_t start_line(char *line, size_t size, enum log_level level)
{
	struct timespec now;
	int len;

	if (state.journal) {
		len = snprintf(line, size, "%s", prefixes[level]);
	} else {
		clock_gettime(CLOCK_REALTIME, &now);
		len = snprintf(line, size, "%s.%03d %.64s: ", clock_text(now.tv_sec),
			       (int)(now.tv_nsec / 1000000), state.program);
	}
	return (size_t)len;
}

/* One message is one line, whatever a server made us quote. */
static void flatten(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = ' ';
}

void log_flush(void)
{
	int error = errno;

	while (state.len > 0 && write(STDERR_FILENO, lines, state.len) < 0 && errno == EINTR) {
		/* Of other errors there is nobody left to tell. */
	}
	state.len = 0;
	errno = error;
}

__attribute__((format(printf, 2, 0))) static void print(enum log_level level, const char *format,
							va_list args)
{
	int error = errno;
	char *line;
	size_t len;

	if (level > state.level)
		return;
	if (state.len + LINE_MAX_BYTES > sizeof(lines))
		log_flush();
	line = lines + state.len;
	len = start_line(line, LINE_MAX_BYTES - 1, level);
	errno = error;
	vsnprintf(line + len, LINE_MAX_BYTES - 1 - len, format, args);
	flatten(line + len);
	len += strlen(line + len);
	line[len++] = '\n';
	state.len += len;
	if (!state.held || level <= LOG_LEVEL_WARN)
		log_flush();
	errno = error;
}

void log_hold(bool hold)
{
	state.held = hold;
	if (!hold)
		log_flush();
}

void log_init(const char *program, enum log_level level)
{
	state.program = program;
	state.level = level;
	state.journal = is_journal(getenv("JOURNAL_STREAM"), STDERR_FILENO);
}

void log_set_level(enum log_level level)
{
	state.level = level;
}

enum log_level log_level(void)
{
	return state.level;
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(LOG_LEVEL_ERROR, format, args);
	va_end(args);
}

void log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(LOG_LEVEL_WARN, format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(LOG_LEVEL_INFO, format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(LOG_LEVEL_DEBUG, format, args);
	va_end(args);
}
