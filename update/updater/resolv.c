/* SPDX-License-Identifier: MIT */
#include "update/updater/resolv.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

enum {
	LINE_SIZE = 1024,
	LINES_MAX = 100000, /* of a file; block lists are kept in /etc/hosts */
};

#define BLANKS " \t\r\n"

/* The first word of *rest, which moves past it; NULL if there is none. Ends at a comment. */
static char *next_word(char **rest)
{
	char *word;

	do
		word = strsep(rest, BLANKS);
	while (word && *word == '\0');
	return word && *word != '#' && *word != ';' ? word : NULL;
}

socklen_t resolv_server_len(const union resolv_server *server)
{
	return server->any.sa_family == AF_INET ? sizeof(server->v4) : sizeof(server->v6);
}

int resolv_parse(const char *text, uint16_t port, union resolv_server *ret)
{
	union resolv_server server = {0};
	const char *link = strchr(text, '%');
	char address[ADDRESS_MAX];

	if (snprintf(address, sizeof(address), "%.*s", link ? (int)(link - text) : 64, text) >=
	    (int)sizeof(address))
		return -EINVAL;
	if (!link && inet_pton(AF_INET, address, &server.v4.sin_addr) == 1) {
		server.v4.sin_family = AF_INET;
		server.v4.sin_port = htons(port);
	} else if (inet_pton(AF_INET6, address, &server.v6.sin6_addr) == 1) {
		server.v6.sin6_family = AF_INET6;
		server.v6.sin6_port = htons(port);
		server.v6.sin6_scope_id = link ? if_nametoindex(link + 1) : 0;
		if (link && server.v6.sin6_scope_id == 0)
			return -EINVAL;
	} else {
		return -EINVAL;
	}
	*ret = server;
	return 0;
}

size_t resolv_servers(const char *path, uint16_t port,
		      union resolv_server ret[static RESOLV_SERVERS_MAX])
{
	FILE *file = fopen(path, "re");
	char line[LINE_SIZE], *rest, *word;
	size_t n = 0;

	for (int i = 0; file && n < RESOLV_SERVERS_MAX && i < LINES_MAX; i++) {
		rest = fgets(line, sizeof(line), file);
		if (!rest)
			break;
		word = next_word(&rest);
		if (!word || strcmp(word, "nameserver") != 0)
			continue;
		word = next_word(&rest);
		if (word && resolv_parse(word, port, &ret[n]) == 0)
			n++;
	}
	if (file)
		fclose(file);
	if (n == 0)
		resolv_parse("127.0.0.1", port, &ret[n++]);
	return n;
}

/* Whether one of the words of a line is the name. */
static bool names(char *rest, const char *name)
{
	char *word;

	while ((word = next_word(&rest)))
		if (strcasecmp(word, name) == 0)
			return true;
	return false;
}

static size_t add_family(FILE *file, int family, const char *name,
			 char ret[static WANTED_ADDRS_MAX][ADDRESS_MAX], size_t n)
{
	unsigned char addr[16];
	char line[LINE_SIZE], *rest, *word;

	rewind(file);
	for (int i = 0; n < WANTED_ADDRS_MAX && i < LINES_MAX; i++) {
		rest = fgets(line, sizeof(line), file);
		if (!rest)
			break;
		word = next_word(&rest);
		if (word && inet_pton(family, word, addr) == 1 && names(rest, name))
			inet_ntop(family, addr, ret[n++], ADDRESS_MAX);
	}
	return n;
}

size_t resolv_hosts(const char *path, const char *name,
		    char ret[static WANTED_ADDRS_MAX][ADDRESS_MAX])
{
	FILE *file = fopen(path, "re");
	size_t n;

	if (!file)
		return 0;
	n = add_family(file, AF_INET, name, ret, 0);
	n = add_family(file, AF_INET6, name, ret, n);
	fclose(file);
	return n;
}
