/* SPDX-License-Identifier: MIT */
/* openssl's own TLS server on 127.0.0.1, with a certificate made on the spot. */
#ifndef TESTS_UNIT_TLSSERVER_H
#define TESTS_UNIT_TLSSERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct tlsserver {
	char folder[32];
	pid_t pid;
	int port;
};

static inline int tlsserver_run(const char *const *argv, pid_t *ret_pid)
{
	pid_t pid = fork();
	int status, null;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (ret_pid) {
		*ret_pid = pid;
		return 0;
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int tlsserver_free_port(void)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&addr, size) < 0)
		abort();
	if (getsockname(fd, (struct sockaddr *)&addr, &size) < 0)
		abort();
	close(fd);
	return ntohs(addr.sin_port);
}

static inline void tlsserver_wait_for_port(int port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_port = htons((uint16_t)port),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	for (int i = 0; i < 500; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool up = connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0;

		close(fd);
		if (up)
			return;
		poll(NULL, 0, 10);
	}
	abort();
}

/* False: there is no openssl program here. */
static inline bool tlsserver_start(struct tlsserver *tls, const char *subject_alt_name)
{
	char key[64], cert[64], port[8], san[64], subject[64];
	const char *const make[] = {"openssl",
				    "req",
				    "-x509",
				    "-newkey",
				    "ec",
				    "-pkeyopt",
				    "ec_paramgen_curve:P-256",
				    "-nodes",
				    "-keyout",
				    key,
				    "-out",
				    cert,
				    "-days",
				    "2",
				    "-subj",
				    subject,
				    "-addext",
				    san,
				    NULL};
	const char *const serve[] = {"openssl", "s_server", "-quiet", "-www", "-accept", port,
				     "-key",    key,        "-cert",  cert,   NULL};

	snprintf(tls->folder, sizeof(tls->folder), "/tmp/nlddns-tls-XXXXXX");
	if (!mkdtemp(tls->folder))
		abort();
	snprintf(key, sizeof(key), "%s/key", tls->folder);
	snprintf(cert, sizeof(cert), "%s/cert", tls->folder);
	/* one subject each: a store tells certificates apart by it */
	snprintf(subject, sizeof(subject), "/CN=%s", strrchr(tls->folder, '-') + 1);
	snprintf(san, sizeof(san), "subjectAltName=%s", subject_alt_name);
	if (tlsserver_run(make, NULL) != 0)
		return false;
	tls->port = tlsserver_free_port();
	snprintf(port, sizeof(port), "%d", tls->port);
	tlsserver_run(serve, &tls->pid);
	tlsserver_wait_for_port(tls->port);
	return true;
}

static inline void tlsserver_stop(struct tlsserver *tls)
{
	char path[64];

	kill(tls->pid, SIGKILL);
	waitpid(tls->pid, NULL, 0);
	snprintf(path, sizeof(path), "%s/key", tls->folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/cert", tls->folder);
	unlink(path);
	rmdir(tls->folder);
}

#endif
