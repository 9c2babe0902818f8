/* SPDX-License-Identifier: MIT */
/*
 * The APIs of three DNS hosts, each under its own name: Cloudflare, deSEC, Route 53. They hold
 * records, page lists, check credentials, and misbehave where the mode file asks for it.
 *
 * Mode: "lose N": the next N writes are done, and their replies are lost. "drop N": the next N
 * writes are lost. "throttle N SECONDS": the next N requests are refused, to be sent again after
 * that time. Absent: all is well. It counts anew when it changes.
 *
 * Log: "ready", then a line a request: "NANOSECONDS METHOD HOST URI STATUS BODY", the time being
 * CLOCK_MONOTONIC, and the status lost, dropped or a number.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/servers/http/http.h"
#include "tests/servers/records/world.h"

enum { MODE_MAX = 64 };

struct server {
	int log;
	const char *mode;
	char last_mode[MODE_MAX]; /* as it was when it last changed */
	unsigned left;            /* requests to misbehave at */
	pthread_mutex_t lock;
	struct world world;
};

/* One request while it comes in. */
struct incoming {
	char *uri;
	bool begun;
	char body[BODY_MAX];
	size_t len;
};

static const struct {
	const char *name;
	void (*serve)(struct world *, struct visit *);
} hosts[] = {
	{"api.cloudflare.com", cloudflare_serve},
	{"desec.io", desec_serve},
	{"route53.amazonaws.com", route53_serve},
};

static void log_visit(const struct server *server, const struct visit *visit, const char *status)
{
	char *line = NULL;
	int n = asprintf(&line, "%lld %s %s %s %s %.*s\n", (long long)http_now_ns(), visit->method,
			 visit_header(visit, "Host"), visit->uri, status, (int)visit->len,
			 visit->body);

	if (n > 0 && write(server->log, line, (size_t)n) < 0)
		perror("recordd: log");
	free(line);
}

/* The word of the mode, if it still holds. */
static const char *read_mode(struct server *server, char mode[static MODE_MAX])
{
	int fd = server->mode ? open(server->mode, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd >= 0 ? read(fd, mode, MODE_MAX - 1) : 0;
	unsigned count = 0;

	if (fd >= 0)
		close(fd);
	mode[n > 0 ? n : 0] = '\0';
	if (strcmp(mode, server->last_mode) != 0) {
		snprintf(server->last_mode, MODE_MAX, "%s", mode);
		server->left = sscanf(mode, "%*s %u", &count) == 1 ? count : 0;
	}
	return server->left > 0 ? mode : "";
}

static enum MHD_Result answer(const struct visit *visit, char *body, const char *retry_after)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	MHD_add_response_header(response, "Content-Type", visit->content);
	if (retry_after)
		MHD_add_response_header(response, "Retry-After", retry_after);
	result = MHD_queue_response(visit->connection, visit->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result throttle(struct server *server, struct visit *visit, const char *mode)
{
	char seconds[16] = "1";

	(void)sscanf(mode, "throttle %*u %15s", seconds);
	server->left--;
	visit->status = 429;
	visit->content = "text/plain";
	log_visit(server, visit, "429");
	return answer(visit, strdup("later"), seconds);
}

static bool is_write(const struct visit *visit)
{
	return !visit_is(visit, "GET");
}

static enum MHD_Result serve(struct server *server, struct visit *visit)
{
	const char *host = visit_header(visit, "Host");
	char mode[MODE_MAX], status[16], *body = NULL;
	const char *what = read_mode(server, mode);
	size_t size = 0;

	if (strncmp(what, "throttle", 8) == 0)
		return throttle(server, visit, mode);
	if (strncmp(what, "drop", 4) == 0 && is_write(visit)) {
		server->left--;
		log_visit(server, visit, "dropped");
		return http_reset(visit->connection);
	}
	visit->out = open_memstream(&body, &size);
	visit->status = 404;
	visit->content = "text/plain";
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strcmp(hosts[i].name, host) == 0)
			hosts[i].serve(&server->world, visit);
	fclose(visit->out);
	if (visit->wrote)
		world_show(&server->world);
	if (strncmp(what, "lose", 4) == 0 && visit->wrote) {
		server->left--;
		log_visit(server, visit, "lost");
		free(body);
		return http_reset(visit->connection);
	}
	snprintf(status, sizeof(status), "%u", visit->status);
	log_visit(server, visit, status);
	return answer(visit, body, NULL);
}

static void *take_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct incoming *incoming = calloc(1, sizeof(*incoming));

	(void)context;
	(void)connection;
	if (incoming)
		incoming->uri = strdup(uri);
	return incoming;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
			      const char *method, const char *version, const char *data,
			      size_t *size, void **state)
{
	struct incoming *incoming = *state;
	struct server *server = context;
	struct visit visit = {.connection = connection, .method = method, .path = path};
	enum MHD_Result result;

	(void)version;
	if (!incoming || !incoming->uri)
		return MHD_NO;
	if (!incoming->begun) {
		incoming->begun = true;
		return MHD_YES;
	}
	if (*size) {
		if (incoming->len + *size >= BODY_MAX)
			return MHD_NO;
		memcpy(incoming->body + incoming->len, data, *size);
		incoming->len += *size;
		*size = 0;
		return MHD_YES;
	}
	visit.uri = incoming->uri;
	visit.body = incoming->body;
	visit.len = incoming->len;
	pthread_mutex_lock(&server->lock);
	result = serve(server, &visit);
	pthread_mutex_unlock(&server->lock);
	return result;
}

static void forget(void *context, struct MHD_Connection *connection, void **state,
		   enum MHD_RequestTerminationCode how)
{
	struct incoming *incoming = *state;

	(void)context;
	(void)connection;
	(void)how;
	if (incoming)
		free(incoming->uri);
	free(incoming);
	*state = NULL;
}

static void seed(bool fine, const char *line)
{
	if (fine)
		return;
	fprintf(stderr, "recordd: not understood: %s\n", line);
	exit(2);
}

int main(int argc, char **argv)
{
	static struct server server = {.log = STDOUT_FILENO, .lock = PTHREAD_MUTEX_INITIALIZER};
	struct http http = {.name = "recordd",
			    .port = 443,
			    .certificate = "",
			    .seconds = 300,
			    .context = &server,
			    .handle = handle,
			    .forget = forget,
			    .take_uri = take_uri};
	int option;

	server.world.token = "sesame";
	server.world.secret = "sesame";
	while ((option = getopt(argc, argv, "p:l:c:k:m:d:n:z:r:")) != -1) {
		switch (option) {
		case 'p':
			http.port = (uint16_t)strtoul(optarg, NULL, 10);
			break;
		case 'l':
			server.log = http_open_log(optarg);
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
		case 'd':
			server.world.dump = optarg;
			break;
		case 'n':
			server.world.page_size = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'z':
			seed(world_seed_zone(&server.world, optarg), optarg);
			break;
		case 'r':
			seed(world_seed(&server.world, optarg), optarg);
			break;
		default:
			fprintf(stderr, "usage: recordd -c CERTIFICATE -k KEY [-p PORT] [-l LOG] "
					"[-m MODE-FILE] [-d DUMP] [-n PAGE] [-z \"HOST ZONE\"] "
					"[-r \"HOST NAME TYPE VALUE TTL\"]\n");
			return 2;
		}
	}
	world_show(&server.world);
	http.log = server.log;
	return http_serve(&http);
}
