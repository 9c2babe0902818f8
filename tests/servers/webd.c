/* SPDX-License-Identifier: MIT */
/*
 * A dyndns2 web server for the tests: keeps a current address per name, logs every request as
 * one line, and misbehaves where the path asks for it.
 *
 * Log: "NANOSECONDS METHOD PATH?ARGUMENTS[ BODY] auth=ok|bad|none REPLY", the time being
 * CLOCK_MONOTONIC when the request's header had been read. The first line is "ready".
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/servers/http/http.h"

enum {
	NAMES_MAX = 32768, /* places for names; at most half of them are taken */
	TEXT_MAX = 2048,   /* one request's arguments, or one answer */
	HUGE_BLOCK = 65536,
};

struct name {
	char host[256];
	char current[2][64]; /* IPv4, IPv6 */
};

struct server {
	int log;
	const char *mode; /* file whose text stands in for the path /nic/update, or NULL */
	char authorisation[512];
	pthread_mutex_t lock;
	struct name names[NAMES_MAX]; /* each at its hash, or behind it */
	size_t count;
};

/* What one request is to get. */
struct answer {
	unsigned status;
	char body[TEXT_MAX];
	long retry_after; /* seconds, with status 429 */
};

struct visit {
	int64_t at;
	const char *method;
	const char *path;
	const char *auth;
	char args[TEXT_MAX];
	struct MHD_Connection *connection;
};

static void pause_ms(long ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

/* Appends to a text of TEXT_MAX bytes; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) static void append(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, TEXT_MAX - used, format, args);
	va_end(args);
}

static void log_visit(struct server *server, const struct visit *visit, const char *reply)
{
	char line[2 * TEXT_MAX];
	char text[128];
	int n;

	snprintf(text, sizeof(text), "%s", reply);
	for (char *c = text; *c; c++)
		*c = *c == '\n' ? ';' : *c;
	n = snprintf(line, sizeof(line), "%lld %s %s%s auth=%s %s\n", (long long)visit->at,
		     visit->method, visit->path, visit->args, visit->auth, text);
	if (n > 0 && write(server->log, line, (size_t)n) < 0)
		perror("webd: log");
}

static struct name *find_name(struct server *server, const char *host)
{
	uint32_t hash = 0x811c9dc5u;
	struct name *name;

	for (const char *c = host; *c; c++)
		hash = (hash ^ (uint32_t)tolower((unsigned char)*c)) * 0x01000193u;
	for (;; hash++) {
		name = &server->names[hash % NAMES_MAX];
		if (!name->host[0] || !strcasecmp(name->host, host))
			break;
	}
	if (name->host[0])
		return name;
	if (server->count == NAMES_MAX / 2)
		return NULL;
	server->count++;
	snprintf(name->host, sizeof(name->host), "%s", host);
	return name;
}

/* Stores a comma list of addresses under a name; true if any of them is new there. */
static bool store(struct name *name, const char *list)
{
	char copy[256], *rest = copy, *ip;
	bool changed = false;

	snprintf(copy, sizeof(copy), "%s", list);
	while ((ip = strsep(&rest, ","))) {
		char *current = name->current[strchr(ip, ':') != NULL];

		if (!strcmp(current, ip))
			continue;
		snprintf(current, sizeof(name->current[0]), "%s", ip);
		changed = true;
	}
	return changed;
}

/* One line per name, in the order asked. */
static void update(struct server *server, const struct visit *visit, struct answer *answer)
{
	const char *hosts =
		MHD_lookup_connection_value(visit->connection, MHD_GET_ARGUMENT_KIND, "hostname");
	const char *ip =
		MHD_lookup_connection_value(visit->connection, MHD_GET_ARGUMENT_KIND, "myip");
	char copy[TEXT_MAX], *rest = copy, *host;

	if (strcmp(visit->auth, "ok") != 0) {
		*answer = (struct answer){.status = MHD_HTTP_UNAUTHORIZED, .body = "badauth\n"};
		return;
	}
	snprintf(copy, sizeof(copy), "%s", hosts ? hosts : "");
	pthread_mutex_lock(&server->lock);
	while ((host = strsep(&rest, ","))) {
		struct name *name = strchr(host, '.') ? find_name(server, host) : NULL;

		if (!name)
			append(answer->body, "notfqdn\n");
		else if (!ip || !*ip)
			append(answer->body, "badip\n");
		else
			append(answer->body, "%s %s\n", store(name, ip) ? "good" : "nochg", ip);
	}
	pthread_mutex_unlock(&server->lock);
}

static ssize_t endless(void *unused, uint64_t position, char *buffer, size_t max)
{
	(void)unused;
	(void)position;
	memset(buffer, 'g', max);
	return (ssize_t)max;
}

/* The half of an answer: as many bytes as there are, then the connection is cut. */
static ssize_t half(void *body, uint64_t position, char *buffer, size_t max)
{
	size_t size = strlen(body);

	if (position >= size)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (max > size - position)
		max = size - position;
	memcpy(buffer, (char *)body + position, max);
	return (ssize_t)max;
}

static enum MHD_Result send_response(const struct visit *visit, unsigned status,
				     struct MHD_Response *response)
{
	enum MHD_Result result = MHD_queue_response(visit->connection, status, response);

	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result send_answer(const struct visit *visit, struct answer *answer)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(answer->body), answer->body, MHD_RESPMEM_MUST_COPY);
	char seconds[24];

	MHD_add_response_header(response, "Content-Type", "text/plain");
	if (answer->status == MHD_HTTP_UNAUTHORIZED) {
		MHD_add_response_header(response, "WWW-Authenticate", "Negotiate");
		MHD_add_response_header(response, "WWW-Authenticate", "Basic realm=\"webd\"");
	}
	if (answer->status == MHD_HTTP_TOO_MANY_REQUESTS) {
		snprintf(seconds, sizeof(seconds), "%ld", answer->retry_after);
		MHD_add_response_header(response, "Retry-After", seconds);
	}
	if (answer->status >= 300 && answer->status < 400)
		MHD_add_response_header(response, "Location", "/elsewhere");
	return send_response(visit, answer->status, response);
}

static bool starts(const char *text, const char *prefix, const char **ret_rest)
{
	size_t n = strlen(prefix);

	if (strncmp(text, prefix, n) != 0)
		return false;
	*ret_rest = text + n;
	return true;
}

static enum MHD_Result serve(struct server *server, const struct visit *visit, const char *path)
{
	struct answer answer = {.status = MHD_HTTP_OK, .retry_after = 2};
	const char *rest;
	long slow = 0;

	if (!strcmp(path, "/hang")) {
		log_visit(server, visit, "hang");
		for (;;)
			pause();
	}
	if (!strcmp(path, "/reset")) {
		log_visit(server, visit, "reset");
		return http_reset(visit->connection);
	}
	if (!strcmp(path, "/huge")) {
		log_visit(server, visit, "huge");
		return send_response(visit, MHD_HTTP_OK,
				     MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, HUGE_BLOCK,
								       endless, NULL, NULL));
	}
	if (!strcmp(path, "/cut")) {
		static char body[] = "good";

		log_visit(server, visit, "cut");
		return send_response(visit, MHD_HTTP_OK,
				     MHD_create_response_from_callback(64, 64, half, body, NULL));
	}
	if (!strcmp(path, "/garbage")) {
		append(answer.body, "<html>goodbye: all is good and nochg is fine</html>\n");
	} else if (!strcmp(path, "/elsewhere")) {
		append(answer.body, "good\n");
	} else if (starts(path, "/throttle/", &rest)) {
		append(answer.body, "later\n");
		answer.status = MHD_HTTP_TOO_MANY_REQUESTS;
		answer.retry_after = strtol(rest, NULL, 10);
	} else if (starts(path, "/code/", &rest)) {
		append(answer.body, "%s\n", rest);
	} else {
		if (starts(path, "/slow/", &rest))
			slow = strtol(rest, NULL, 10);
		update(server, visit, &answer);
		if (starts(path, "/status/", &rest))
			answer.status = (unsigned)strtol(rest, NULL, 10);
		if (!strcmp(path, "/redirect"))
			answer.status = MHD_HTTP_FOUND;
	}
	log_visit(server, visit, answer.body);
	pause_ms(slow);
	return send_answer(visit, &answer);
}

/* What the mode file says in place of /nic/update, or the path itself. */
static void read_mode(const struct server *server, const char *path, char mode[static 128])
{
	int fd = -1;
	ssize_t n = 0;

	if (server->mode && !strcmp(path, "/nic/update"))
		fd = open(server->mode, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, mode, 127);
		close(fd);
	}
	mode[n > 0 ? n : 0] = 0;
	if (n <= 0)
		snprintf(mode, 128, "%s", path);
}

static enum MHD_Result add_arg(void *text, enum MHD_ValueKind kind, const char *key,
			       const char *value)
{
	(void)kind;
	append(text, "%s%s=%s", *(char *)text ? "&" : "?", key, value ? value : "");
	return MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *size, void **state)
{
	struct server *server = context;
	struct visit visit = {.at = http_now_ns(), .method = method, .path = url};
	const char *given =
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
	char mode[128], *body = *state;

	(void)version;
	if (!body) {
		*state = calloc(1, TEXT_MAX);
		return *state ? MHD_YES : MHD_NO;
	}
	if (*size) {
		append(body, "%.*s", (int)*size, data);
		*size = 0;
		return MHD_YES;
	}
	visit.connection = connection;
	visit.auth = !given ? "none" : strcmp(given, server->authorisation) ? "bad" : "ok";
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_arg, visit.args);
	if (body[0])
		append(visit.args, " %s", body);
	read_mode(server, url, mode);
	return serve(server, &visit, mode);
}

static void forget(void *context, struct MHD_Connection *connection, void **state,
		   enum MHD_RequestTerminationCode how)
{
	(void)context;
	(void)connection;
	(void)how;
	free(*state);
	*state = NULL;
}

/* "Basic " and the base64 of USER:PASSWORD (RFC 7617). */
static void authorise(struct server *server, const char *pair)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strlen(pair), used;
	char *out = server->authorisation;

	used = (size_t)snprintf(out, sizeof(server->authorisation), "Basic ");
	for (size_t i = 0; i < n && used + 5 < sizeof(server->authorisation); i += 3) {
		unsigned a = (unsigned char)pair[i];
		unsigned b = i + 1 < n ? (unsigned char)pair[i + 1] : 0;
		unsigned c = i + 2 < n ? (unsigned char)pair[i + 2] : 0;
		unsigned bits = a << 16 | b << 8 | c;

		out[used++] = digits[bits >> 18];
		out[used++] = digits[bits >> 12 & 63];
		out[used++] = i + 1 < n ? digits[bits >> 6 & 63] : '=';
		out[used++] = i + 2 < n ? digits[bits & 63] : '=';
	}
	out[used] = 0;
}

int main(int argc, char **argv)
{
	static struct server server = {.log = STDOUT_FILENO, .lock = PTHREAD_MUTEX_INITIALIZER};
	struct http http = {.name = "webd",
			    .port = 8080,
			    .seconds = 300,
			    .context = &server,
			    .handle = handle,
			    .forget = forget};
	int option;

	authorise(&server, "user:opensesame");
	while ((option = getopt(argc, argv, "p:l:u:c:k:m:t:")) != -1) {
		switch (option) {
		case 'p':
			http.port = (uint16_t)strtoul(optarg, NULL, 10);
			break;
		case 'l':
			server.log = http_open_log(optarg);
			break;
		case 'u':
			authorise(&server, optarg);
			break;
		case 'c':
			http.certificate = optarg;
			break;
		case 'k':
			http.key = optarg;
			break;
		case 'm':
			server.mode = optarg;
			break;
		case 't':
			http.seconds = (unsigned)strtoul(optarg, NULL, 10);
			break;
		default:
			fprintf(stderr, "usage: webd [-p PORT] [-l LOG] [-u USER:PASSWORD] "
					"[-c CERTIFICATE -k KEY] [-m MODE-FILE] [-t SECONDS]\n");
			return 2;
		}
	}
	http.log = server.log;
	return http_serve(&http);
}
