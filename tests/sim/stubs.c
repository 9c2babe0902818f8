/* SPDX-License-Identifier: MIT */
#include "tests/sim/stubs.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/slurp.h"
#include "tests/sim/life.h"
#include "tests/sim/report.h"
#include "tests/sim/scene.h"
#include "tests/sim/wrap.h"
#include "update/daemon/clock.h"
#include "update/daemon/control.h"
#include "update/daemon/hooks.h"
#include "update/daemon/logbook.h"
#include "update/daemon/notify.h"
#include "update/daemon/privilege.h"
#include "update/daemon/resolver.h"
#include "update/daemon/spawn.h"
#include "update/daemon/watchers.h"
#include "update/log.h"

int __wrap_scandir(const char *dir, struct dirent ***ret, int (*filter)(const struct dirent *),
		   int (*compare)(const struct dirent **, const struct dirent **))
{
	(void)dir;
	(void)ret;
	(void)filter;
	(void)compare;
	errno = ENOENT;
	return -1;
}

int __wrap_access(const char *path, int mode)
{
	(void)mode;
	if (life_file(path))
		return 0;
	errno = ENOENT;
	return -1;
}

int __wrap_malloc_trim(size_t pad)
{
	(void)pad;
	return 0;
}

int slurp_file(const char *path, size_t cap, struct slurp *ret)
{
	const char *text = life_file(path);

	if (!text)
		return -ENOENT;
	ret->bytes = strdup(text);
	if (!ret->bytes)
		return -ENOMEM;
	ret->len = strlen(text);
	ret->mode = 0600;
	return ret->len > cap ? -EFBIG : 0;
}

/* For services that come with nlddns, of which it uses none. */
int slurp_part(const char *path, size_t begin, size_t len, struct slurp *ret)
{
	(void)path;
	(void)begin;
	(void)len;
	(void)ret;
	return -ENOENT;
}

const char *slurp_why(int error)
{
	return strerror(-error);
}

void slurp_done(struct slurp *slurp)
{
	free(slurp->bytes);
	*slurp = (struct slurp){0};
}

void notify_send(const char *text)
{
	(void)text;
}

void notify_reloading(void)
{
}

int privilege_find(const char *user, struct identity *ret)
{
	(void)user;
	*ret = (struct identity){.change = false};
	return 0;
}

int privilege_make_dir(const char *path, mode_t mode, const struct identity *owner)
{
	(void)path;
	(void)mode;
	(void)owner;
	return 0;
}

int privilege_drop(const struct identity *identity)
{
	(void)identity;
	return 0;
}

int spawn_find(const char *name, char **ret)
{
	*ret = strdup(name);
	return *ret ? 0 : -ENOMEM;
}

struct resolver {
	bool changed;
};

static struct resolver the_resolver;

int resolver_open(const char *path, struct resolver **ret)
{
	(void)path;
	the_resolver.changed = false;
	*ret = &the_resolver;
	return 0;
}

void resolver_close(struct resolver *resolver)
{
	(void)resolver;
}

int64_t resolver_due(const struct resolver *resolver)
{
	return resolver->changed ? clock_now() : -1;
}

bool resolver_tick(struct resolver *resolver, int64_t now)
{
	bool changed = resolver->changed;

	(void)now;
	resolver->changed = false;
	return changed;
}

void stubs_change_resolver(void)
{
	the_resolver.changed = true;
}

struct hooks {
	char nothing;
};

struct hooks *hooks_new(struct ev_loop *loop)
{
	static struct hooks hooks;

	(void)loop;
	return &hooks;
}

void hooks_free(struct hooks *hooks)
{
	(void)hooks;
}

void hooks_tell(void *arg, const struct news *news)
{
	(void)arg;
	(void)news;
}

bool hooks_ended(struct hooks *hooks, pid_t pid, int status)
{
	(void)hooks;
	(void)pid;
	(void)status;
	return false;
}

struct logbook *logbook_new(const char *dir)
{
	(void)dir;
	return NULL;
}

void logbook_free(struct logbook *logbook)
{
	(void)logbook;
}

void logbook_tell(void *arg, const struct news *news)
{
	(void)arg;
	(void)news;
}

void logbook_turn(struct logbook *logbook, bool more, int64_t now)
{
	(void)logbook;
	(void)more;
	(void)now;
}

int64_t logbook_due(const struct logbook *logbook)
{
	(void)logbook;
	return -1;
}

void logbook_write(struct logbook *logbook)
{
	(void)logbook;
}

struct control {
	char nothing;
};

int control_open(struct ev_loop *loop, const char *path, struct control_handler handler,
		 struct control **ret)
{
	static struct control control;

	(void)loop;
	(void)path;
	(void)handler;
	*ret = &control;
	return 0;
}

void control_close(struct control *control)
{
	(void)control;
}

struct watchers {
	char nothing;
};

struct watchers *watchers_new(struct ev_loop *loop)
{
	static struct watchers watchers;

	(void)loop;
	return &watchers;
}

void watchers_free(struct watchers *watchers)
{
	(void)watchers;
}

int watchers_add(struct watchers *watchers, int fd, const char *greeting, size_t len)
{
	(void)watchers;
	(void)fd;
	(void)greeting;
	(void)len;
	return -EBUSY;
}

bool watchers_any(const struct watchers *watchers)
{
	(void)watchers;
	return false;
}

void watchers_send(struct watchers *watchers, const char *line, size_t len)
{
	(void)watchers;
	(void)line;
	(void)len;
}

void log_set_level(enum log_level level)
{
	(void)level;
}

void log_flush(void)
{
}

enum log_level log_level(void)
{
	return LOG_LEVEL_DEBUG;
}

__attribute__((format(printf, 2, 0))) static void tell(const char *level, const char *format,
						       va_list args)
{
	char text[512];

	if (!report_verbose())
		return;
	vsnprintf(text, sizeof(text), format, args);
	report_say("        %s: %s", level, text);
}

#define LOG(level)                                \
	void log_##level(const char *format, ...) \
	{                                         \
		va_list args;                     \
                                                  \
		va_start(args, format);           \
		tell(#level, format, args);       \
		va_end(args);                     \
	}

LOG(error)
LOG(warn)
LOG(info)
LOG(debug)
