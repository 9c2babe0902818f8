/* SPDX-License-Identifier: MIT */
/* The smallest DNS client that can check a server: one question over UDP, RFC 1035. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/serve.h"

enum { TYPE_A = 1, TYPE_SOA = 6, TYPE_AAAA = 28, MESSAGE_MAX = 1232, HEADER = 12 };

static int type_code(const char *type)
{
	if (!strcmp(type, "A"))
		return TYPE_A;
	return strcmp(type, "AAAA") ? TYPE_SOA : TYPE_AAAA;
}

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static size_t write_question(uint8_t *message, const char *name, int type)
{
	static const uint8_t header[HEADER] = {0x4e, 0x4c, 0, 0, 0, 1};
	char copy[256], *rest = copy, *label;
	uint8_t *at = message + HEADER;

	memcpy(message, header, HEADER);
	snprintf(copy, sizeof(copy), "%s", name);
	while ((label = strsep(&rest, "."))) {
		size_t n = strlen(label);

		*at++ = (uint8_t)n;
		memcpy(at, label, n);
		at += n;
	}
	*at++ = 0;
	*at++ = 0;
	*at++ = (uint8_t)type;
	*at++ = 0;
	*at++ = 1;
	return (size_t)(at - message);
}

/* The byte after a name; a compression pointer ends it. */
static size_t skip_name(const uint8_t *message, size_t at, size_t end)
{
	while (at < end && message[at]) {
		if (message[at] >= 0xc0)
			return at + 2;
		at += message[at] + 1u;
	}
	return at + 1;
}

static void add_answer(char text[static 256], int type, const uint8_t *message, size_t at,
		       size_t end)
{
	char one[INET6_ADDRSTRLEN] = "";
	size_t used = strlen(text);

	if (type == TYPE_A)
		inet_ntop(AF_INET, message + at, one, sizeof(one));
	else if (type == TYPE_AAAA)
		inet_ntop(AF_INET6, message + at, one, sizeof(one));
	else if (end >= at + 20) /* the serial is followed by four more 32-bit numbers */
		snprintf(one, sizeof(one), "%u",
			 get16(message + end - 20) << 16 | get16(message + end - 18));
	snprintf(text + used, 256 - used, "%s%s", used ? "," : "", one);
}

static bool read_answers(const uint8_t *message, size_t size, int type, char text[static 256])
{
	unsigned answers = get16(message + 6);
	size_t at = skip_name(message, HEADER, size) + 4;

	if ((message[3] & 15) != 0 && (message[3] & 15) != 3)
		return false;
	for (unsigned i = 0; i < answers; i++) {
		size_t data = skip_name(message, at, size) + 10;
		size_t length = data <= size ? get16(message + data - 2) : 0;

		if (data + length > size)
			return false;
		if (get16(message + data - 10) == (unsigned)type)
			add_answer(text, type, message, data, data + length);
		at = data + length;
	}
	return true;
}

bool serve_ask(struct ground *g, const char *server, const char *question, char text[static 256])
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
	uint8_t message[MESSAGE_MAX];
	struct pollfd wait = {.events = POLLIN};
	ssize_t n = -1;
	char name[256], *type;
	size_t size;

	snprintf(name, sizeof(name), "%s", question);
	type = strchr(name, ' ');
	assert_non_null(type);
	*type++ = 0;
	text[0] = 0;
	inet_pton(AF_INET, server, &to.sin_addr);
	ground_go(g, SIDE_OUTSIDE);
	wait.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ground_go(g, SIDE_INSIDE);
	size = write_question(message, name, type_code(type));
	if (connect(wait.fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	    send(wait.fd, message, size, 0) == (ssize_t)size && poll(&wait, 1, 300) == 1)
		n = recv(wait.fd, message, sizeof(message), 0);
	close(wait.fd);
	return n >= HEADER && read_answers(message, (size_t)n, type_code(type), text);
}
