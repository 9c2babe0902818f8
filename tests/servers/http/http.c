/* SPDX-License-Identifier: MIT */
#include "tests/servers/http/http.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FILE_CAP = 65536, OPTIONS_MAX = 5 };

static char *read_file(const char *path)
{
	char *text = calloc(1, FILE_CAP);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (!text || fd < 0 || read(fd, text, FILE_CAP - 1) < 0) {
		perror(path ? path : "key");
		exit(2);
	}
	close(fd);
	return text;
}

static struct MHD_Daemon *start(const struct http *http)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
			 MHD_USE_POLL | MHD_USE_DUAL_STACK;
	struct MHD_OptionItem options[OPTIONS_MAX];
	size_t n = 0;

	options[n++] = (struct MHD_OptionItem){MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)http->forget,
					       http->context};
	if (http->take_uri)
		options[n++] = (struct MHD_OptionItem){MHD_OPTION_URI_LOG_CALLBACK,
						       (intptr_t)http->take_uri, http->context};
	if (http->certificate) {
		flags |= MHD_USE_TLS;
		options[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0,
						       read_file(http->certificate)};
		options[n++] =
			(struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, read_file(http->key)};
	}
	options[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
	return MHD_start_daemon(flags, http->port, NULL, NULL, http->handle, http->context,
				MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

int http_serve(const struct http *http)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	alarm(http->seconds);
	if (http->log < 0 || !start(http)) {
		fprintf(stderr, "%s: cannot serve port %u: %s\n", http->name, http->port,
			strerror(errno));
		return 1;
	}
	if (write(http->log, "ready\n", 6) != 6)
		return 1;
	for (;;)
		pause();
}

/* Dissolving the association makes the kernel send RST at once. */
enum MHD_Result http_reset(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct sockaddr none = {.sa_family = AF_UNSPEC};

	if (info)
		connect(info->connect_fd, &none, sizeof(none));
	return MHD_NO;
}

int64_t http_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int http_open_log(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}
