/* SPDX-License-Identifier: MIT */
#include "tests/kernel/inside.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SHADOW_KB = 1 << 30, ANSWER_MAX = 1 << 20 };

struct wish {
	const struct daemon *d;
	const char *family, *field, *text;
};

/* One line out, one JSON object back; NULL: no answer in time. */
static json_t *ask(const struct daemon *d, const char *line)
{
	static char text[ANSWER_MAX];
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	char path[GROUND_PATH];
	size_t used = 0;
	ssize_t n = 1;

	daemon_path(d, path, "control");
	snprintf(name.sun_path, sizeof(name.sun_path), "%.100s", path);
	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
		n = 0;
	text[0] = 0;
	while (n > 0 && !strchr(text, '\n') && poll(&wait, 1, ground_patience(3000)) > 0) {
		n = recv(fd, text + used, sizeof(text) - 1 - used, 0);
		used += n > 0 ? (size_t)n : 0;
		text[used] = 0;
	}
	close(fd);
	return json_loads(text, 0, NULL);
}

int64_t inside_events(const struct daemon *d, const char *field)
{
	json_t *snapshot = ask(d, "snapshot\n");
	json_t *number = json_object_get(json_object_get(snapshot, "events"), field);
	int64_t value = json_is_integer(number) ? json_integer_value(number) : -1;

	json_decref(snapshot);
	return value;
}

bool inside_knows(const struct daemon *d, const char *link)
{
	json_t *snapshot = ask(d, "snapshot\n"), *item;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(snapshot, "links"), i, item)
	{
		const char *name = json_string_value(json_object_get(item, "name"));

		found |= name && !strcmp(name, link);
	}
	json_decref(snapshot);
	return found;
}

void inside_source(const struct daemon *d, const char *family, const char *field,
		   char text[static 256])
{
	json_t *status = ask(d, "status\n"), *item;
	size_t i;

	text[0] = 0;
	json_array_foreach(json_object_get(status, "sources"), i, item)
	{
		const char *is = json_string_value(json_object_get(item, "family"));
		json_t *value = json_object_get(item, field);
		char *dump;

		if (text[0] || !is || strcmp(is, family) != 0)
			continue;
		dump = json_dumps(value, JSON_ENCODE_ANY);
		snprintf(text, 256, "%s",
			 json_is_string(value) ? json_string_value(value)
			 : dump                ? dump
					       : "");
		free(dump);
	}
	json_decref(status);
}

static bool says(void *arg)
{
	const struct wish *wish = arg;
	char text[256];

	inside_source(wish->d, wish->family, wish->field, text);
	return strstr(text, wish->text);
}

bool inside_await(const struct daemon *d, const char *family, const char *field, const char *text,
		  int ms)
{
	struct wish wish = {d, family, field, text};
	char what[256], last[256];

	snprintf(what, sizeof(what), "the %s source's %s says \"%s\"", family, field, text);
	if (ground_await(d->g, ms, says, &wish, what))
		return true;
	inside_source(d, family, field, last);
	fprintf(stderr, "# it says \"%s\"\n", last);
	return false;
}

static void read_proc(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	ground_read(path, text, size);
}

int64_t inside_cpu_us(pid_t pid)
{
	char text[128];

	read_proc(pid, "schedstat", text, sizeof(text));
	return strtoll(text, NULL, 10) / 1000;
}

int64_t inside_memory(pid_t pid, const char *file, const char *key)
{
	char text[8192];
	const char *at;

	read_proc(pid, file, text, sizeof(text));
	at = strstr(text, key);
	return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}

int64_t inside_switches(pid_t pid)
{
	return inside_memory(pid, "status", "\nvoluntary_ctxt_switches:") +
	       inside_memory(pid, "status", "\nnonvoluntary_ctxt_switches:");
}

bool inside_distorted(pid_t pid)
{
	return getenv("NLDDNS_VALGRIND") || inside_memory(pid, "status", "VmSize:") > SHADOW_KB;
}

/* Columns: sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode. */
bool inside_socket(struct ground *g, unsigned port, struct inside_socket *ret)
{
	char *text = calloc(1, ANSWER_MAX), *rest = text, *line;
	unsigned protocol, pid, groups;
	int64_t rmem, drops;
	bool found = false;

	assert_non_null(text);
	ground_go(g, SIDE_INSIDE);
	ground_read("/proc/thread-self/net/netlink", text, ANSWER_MAX);
	while (!found && (line = strsep(&rest, "\n"))) {
		if (sscanf(line, "%*s %u %u %x %" SCNd64 " %*s %*s %*s %" SCNd64, &protocol, &pid,
			   &groups, &rmem, &drops) != 5 ||
		    protocol != 0 || groups == 0 || (port && pid != port))
			continue;
		*ret = (struct inside_socket){pid, rmem, drops};
		found = true;
	}
	free(text);
	return found;
}
