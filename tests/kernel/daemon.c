/* SPDX-License-Identifier: MIT */
#include "tests/kernel/daemon.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kernel/serve.h"

struct expectation {
	const struct daemon *d;
	const char *record, *field, *value;
	bool running;
};

char *daemon_path(const struct daemon *d, char *path, const char *name)
{
	snprintf(path, GROUND_PATH, "%s%s%s/%s", d->g->dir, d->folder ? "/" : "",
		 d->folder ? d->folder : "", name);
	return path;
}

void daemon_configure(struct ground *g, struct daemon *d, const char *global, const char *records,
		      ...)
{
	char state[GROUND_PATH], control[GROUND_PATH];
	char *text = NULL;
	va_list args;
	int r;

	d->g = g;
	if (d->folder)
		mkdir(ground_path(g, state, d->folder), 0700);
	daemon_path(d, d->conf, "nlddns.conf");
	daemon_path(d, d->log, "nlddnsd.log");
	mkdir(daemon_path(d, state, "state"), 0700);
	va_start(args, records);
	r = vasprintf(&text, records, args);
	va_end(args);
	assert_true(r >= 0);
	ground_write(d->conf,
		     "[nlddns]\nstate-dir = %s\ncontrol = %s\nlog-level = debug\n%s\n"
		     "[defaults]\ninterface = wan0\nallow = documentation\nsettle = 0\n"
		     "min-interval = 0\nhold-down = 0\n\n%s",
		     state, daemon_path(d, control, "control"), global, text);
	free(text);
}

static int open_notify(struct ground *g, char path[static GROUND_PATH])
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ground_path(g, path, "notify");
	snprintf(name.sun_path, sizeof(name.sun_path), "%.100s", path);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return fd;
}

static bool told_ready(void *arg)
{
	char text[512];
	ssize_t n = recv(*(int *)arg, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = 0;
	return strstr(text, "READY=1");
}

void daemon_launch(struct daemon *d)
{
	char program[GROUND_PATH];
	const char *argv[] = {"/usr/bin/valgrind",
			      "-q",
			      "--error-exitcode=99",
			      "--leak-check=full",
			      "--errors-for-leak-kinds=definite",
			      program,
			      "-c",
			      d->conf,
			      NULL};
	const char *const *command = getenv("NLDDNS_VALGRIND") ? argv : argv + 5;

	if (d->program && d->program[0] == '/')
		snprintf(program, sizeof(program), "%s", d->program);
	else
		ground_built(program, d->program ? d->program : "nlddnsd");
	d->g->watched = d->log;
	d->pid = ground_spawn(d->g, SIDE_INSIDE, d->log, command);
}

void daemon_start(struct daemon *d)
{
	char notify[GROUND_PATH];
	int fd = open_notify(d->g, notify);
	bool ready;

	setenv("NOTIFY_SOCKET", notify, 1);
	daemon_launch(d);
	unsetenv("NOTIFY_SOCKET");
	ready = ground_await(d->g, 5000, told_ready, &fd, "READY=1 from nlddnsd");
	close(fd);
	if (!ready)
		fail_msg("nlddnsd does not become ready");
}

int daemon_stop(struct daemon *d, int signal)
{
	int64_t from = ground_now();
	int status = ground_end(d->g, d->pid, signal, ground_patience(5000));

	if (status == -ETIMEDOUT)
		return -1;
	d->pid = 0;
	d->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return (int)((ground_now() - from) / 1000000);
}

/* Parent of a process when its name is nlddns-updater and it is no zombie; else 0. */
static pid_t updater_parent(const char *pid)
{
	char path[64], text[512], state = 0;
	const char *after;
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	ground_read(path, text, sizeof(text));
	after = strstr(text, "(nlddns-updater)");
	if (!after)
		return 0;
	state = after[17];
	parent = (int)strtol(after + 18, NULL, 10);
	return state == 'Z' ? 0 : parent;
}

pid_t daemon_updater(const struct daemon *d)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	while (proc && d->pid && !found && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    updater_parent(entry->d_name) == d->pid)
			found = (pid_t)strtol(entry->d_name, NULL, 10);
	if (proc)
		closedir(proc);
	return found;
}

static bool updater_is(void *arg)
{
	const struct expectation *e = arg;

	return (daemon_updater(e->d) != 0) == e->running;
}

bool daemon_await_updater(const struct daemon *d, bool running, int ms)
{
	struct expectation e = {.d = d, .running = running};

	return ground_await(d->g, ms, updater_is, &e, running ? "an updater" : "no updater");
}

int daemon_command(const struct daemon *d, char *text, size_t size, const char *one,
		   const char *other)
{
	char program[GROUND_PATH];
	const char *argv[] = {program, "-c", d->conf, one, other, NULL};

	ground_built(program, "nlddns");
	return ground_run(d->g, argv, text, size);
}

json_t *daemon_status(const struct daemon *d)
{
	static char text[1 << 17];

	if (daemon_command(d, text, sizeof(text), "status", "--json") > 1)
		return NULL;
	return json_loads(text, 0, NULL);
}

static void put_value(const json_t *value, char text[static 256])
{
	size_t i, used = 0;
	json_t *item;

	text[0] = 0;
	if (json_is_string(value))
		snprintf(text, 256, "%s", json_string_value(value));
	else if (json_is_integer(value))
		snprintf(text, 256, "%lld", (long long)json_integer_value(value));
	json_array_foreach(value, i, item)
	{
		snprintf(text + used, 256 - used, "%s%s", i ? "," : "", json_string_value(item));
		used = strlen(text);
	}
}

void daemon_field(const struct daemon *d, const char *record, const char *field,
		  char text[static 256])
{
	json_t *status = daemon_status(d), *item;
	char key[300];
	size_t i;

	text[0] = 0;
	json_array_foreach(json_object_get(status, "records"), i, item)
	{
		const char *name = json_string_value(json_object_get(item, "name"));
		const char *type = json_string_value(json_object_get(item, "type"));

		snprintf(key, sizeof(key), "%s %s", name ? name : "", type ? type : "");
		if (!strcmp(key, record))
			put_value(json_object_get(item, field), text);
	}
	json_decref(status);
}

static bool field_is(void *arg)
{
	const struct expectation *e = arg;
	char text[256];

	daemon_field(e->d, e->record, e->field, text);
	return !strcmp(text, e->value);
}

bool daemon_await(const struct daemon *d, const char *record, const char *field, const char *value,
		  int ms)
{
	struct expectation e = {d, record, field, value, false};
	char what[256], last[256];

	snprintf(what, sizeof(what), "%s has %s = %s", record, field, value);
	if (ground_await(d->g, ms, field_is, &e, what))
		return true;
	daemon_field(d, record, field, last);
	fprintf(stderr, "# it has \"%s\"\n", last);
	return false;
}

int daemon_logged(const struct daemon *d, const char *one, const char *other)
{
	return serve_lines(d->log, one, other);
}
