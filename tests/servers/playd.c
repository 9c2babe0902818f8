/* SPDX-License-Identifier: MIT */
/*
 * Plays transcripts of services (tests/catalog) over HTTP: each request is looked up among those of
 * the transcripts, by method, host, path and query, headers, user and password, body and kind of
 * connection, and gets the first reply that stands there.
 *
 * Log: "ready", then a line a request: "ok FILE METHOD URL BODY" or "unknown METHOD URL BODY".
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/servers/http/http.h"

enum { PAIRS_MAX = 256, TEXT_MAX = 4096, CHANGES_MAX = 8 };

/* A request and its reply, as they are written. */
struct pair {
	const char *file;
	char request[TEXT_MAX]; /* lines */
	unsigned status;
	char body[TEXT_MAX];
};

/* A text that stands for another one in the transcripts: the addresses of the test. */
struct change {
	const char *from, *to;
};

struct player {
	int log;
	struct pair *pairs;
	size_t n;
	struct change changes[CHANGES_MAX];
	size_t n_changes;
};

/* One request while it comes in. */
struct visit {
	char *uri; /* path and query as sent */
	bool begun;
	char body[TEXT_MAX];
};

static void append(char *to, const char *text)
{
	size_t len = strlen(to);

	(void)snprintf(to + len, TEXT_MAX - len, "%s%s", len ? "\n" : "", text);
}

/* The line with the test's addresses. */
static void change(const struct player *player, const char *line, char out[static TEXT_MAX])
{
	size_t len = 0;

	while (*line && len < TEXT_MAX - 1) {
		const struct change *found = NULL;

		for (size_t i = 0; i < player->n_changes && !found; i++)
			if (!strncmp(line, player->changes[i].from,
				     strlen(player->changes[i].from)))
				found = &player->changes[i];
		if (found) {
			len += (size_t)snprintf(out + len, TEXT_MAX - len, "%s", found->to);
			line += strlen(found->from);
		} else {
			out[len++] = *line++;
		}
	}
	out[len < TEXT_MAX ? len : TEXT_MAX - 1] = '\0';
}

/* A request is a pair once its first reply is read; what `<` follows `=` belongs to none. */
static void read_line(struct player *player, const char *file, const char *line, bool *asking)
{
	struct pair *pair = &player->pairs[player->n];
	static const char *const methods[] = {"GET ", "POST ", "PUT ", "PATCH "};
	char *end;

	for (size_t i = 0; i < 4 && !strncmp(line, "> ", 2); i++)
		if (!strncmp(line + 2, methods[i], strlen(methods[i]))) {
			memset(pair, 0, sizeof(*pair));
			pair->file = file;
			*asking = true;
		}
	if (!strncmp(line, "> ", 2) && *asking)
		append(pair->request, line + 2);
	if (!strncmp(line, "< ", 2) && *asking && player->n < PAIRS_MAX - 1) {
		pair->status = (unsigned)strtoul(line + 2, &end, 10);
		(void)snprintf(pair->body, TEXT_MAX, "%s", end + (*end == ' '));
		player->n++;
		*asking = false;
	}
	if (!strncmp(line, "<< ", 3) && player->n > 0 && !*asking)
		append(player->pairs[player->n - 1].body, line + 3);
}

static void read_transcript(struct player *player, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[TEXT_MAX], changed[TEXT_MAX];
	bool asking = false;

	if (!file) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		change(player, line, changed);
		if (changed[0] == '=')
			asking = false;
		read_line(player, path, changed, &asking);
	}
	(void)fclose(file);
}

static bool has_header(struct MHD_Connection *connection, const char *line)
{
	const char *colon = strstr(line, ": ");
	const char *value;
	char name[128];

	if (!colon)
		return false;
	(void)snprintf(name, sizeof(name), "%.*s", (int)(colon - line), line);
	value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
	return value && !strcmp(value, colon + 2);
}

static bool has_credentials(struct MHD_Connection *connection, const char *pair)
{
	char found[TEXT_MAX];
	char *password = NULL;
	char *user = MHD_basic_auth_get_username_password(connection, &password);

	(void)snprintf(found, sizeof(found), "%s:%s", user ? user : "", password ? password : "");
	MHD_free(user);
	MHD_free(password);
	return !strcmp(found, pair);
}

static bool comes_over(struct MHD_Connection *connection, const char *way)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr_in6 *from = (const void *)info->client_addr;
	bool ipv4 = from->sin6_family == AF_INET ||
		    (from->sin6_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&from->sin6_addr));

	return ipv4 == !strcmp(way, "ipv4");
}

/* The first line of a request: method and URL. */
static void first_line(struct MHD_Connection *connection, const char *method,
		       const struct visit *visit, char text[static TEXT_MAX])
{
	const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");

	(void)snprintf(text, TEXT_MAX, "%s https://%s%s", method, host ? host : "?", visit->uri);
}

static bool is_asked(struct MHD_Connection *connection, const char *method,
		     const struct visit *visit, const struct pair *pair)
{
	char lines[TEXT_MAX], first[TEXT_MAX], *rest = lines, *line;
	bool authorised = false, has_body = false;

	memcpy(lines, pair->request, sizeof(lines));
	first_line(connection, method, visit, first);
	if (strcmp(strsep(&rest, "\n"), first) != 0)
		return false;
	while ((line = strsep(&rest, "\n"))) {
		bool fine;

		if (!strncmp(line, "basic ", 6))
			fine = has_credentials(connection, line + 6);
		else if (!strncmp(line, "body ", 5))
			fine = !strcmp(visit->body, line + 5);
		else if (!strncmp(line, "over ", 5))
			fine = comes_over(connection, line + 5);
		else
			fine = has_header(connection, line);
		if (!fine)
			return false;
		authorised |= !strncmp(line, "basic ", 6) || !strncmp(line, "Authorization:", 14);
		has_body |= !strncmp(line, "body ", 5);
	}
	return (authorised ||
		!MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization")) &&
	       (has_body || !visit->body[0]);
}

static void log_visit(const struct player *player, const struct pair *pair, const char *first,
		      const struct visit *visit)
{
	char line[3 * TEXT_MAX];
	int n = snprintf(line, sizeof(line), "%s%s%s %s %s\n", pair ? "ok" : "unknown",
			 pair ? " " : "", pair ? pair->file : "", first, visit->body);

	if (n > 0 && write(player->log, line, (size_t)n) < 0)
		perror("playd: log");
}

static enum MHD_Result answer(struct player *player, struct MHD_Connection *connection,
			      const char *method, const struct visit *visit)
{
	const struct pair *pair = NULL;
	struct MHD_Response *response;
	char first[TEXT_MAX];
	enum MHD_Result result;

	for (size_t i = 0; i < player->n && !pair; i++)
		if (is_asked(connection, method, visit, &player->pairs[i]))
			pair = &player->pairs[i];
	first_line(connection, method, visit, first);
	log_visit(player, pair, first, visit);
	response = MHD_create_response_from_buffer(pair ? strlen(pair->body) : 0,
						   pair ? (void *)(uintptr_t)pair->body : NULL,
						   MHD_RESPMEM_MUST_COPY);
	result = MHD_queue_response(connection, pair ? pair->status : 501, response);
	MHD_destroy_response(response);
	return result;
}

static void *note_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct visit *visit = calloc(1, sizeof(*visit));

	(void)context;
	(void)connection;
	if (visit)
		visit->uri = strdup(uri);
	return visit;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *size, void **state)
{
	struct visit *visit = *state;

	(void)url;
	(void)version;
	if (!visit || !visit->uri)
		return MHD_NO;
	if (!visit->begun) {
		visit->begun = true;
		return MHD_YES;
	}
	if (*size == 0)
		return answer(context, connection, method, visit);
	(void)snprintf(visit->body + strlen(visit->body), TEXT_MAX - strlen(visit->body), "%.*s",
		       (int)*size, data);
	*size = 0;
	return MHD_YES;
}

static void forget(void *context, struct MHD_Connection *connection, void **state,
		   enum MHD_RequestTerminationCode code)
{
	struct visit *visit = *state;

	(void)context;
	(void)connection;
	(void)code;
	if (visit)
		free(visit->uri);
	free(visit);
	*state = NULL;
}

static void add_change(struct player *player, char *text)
{
	char *equals = strchr(text, '=');

	if (!equals || player->n_changes == CHANGES_MAX)
		exit(2);
	*equals = '\0';
	player->changes[player->n_changes++] = (struct change){text, equals + 1};
}

int main(int argc, char **argv)
{
	static struct player player = {.log = STDOUT_FILENO};
	struct http http = {.name = "playd",
			    .port = 443,
			    .certificate = "",
			    .seconds = 300,
			    .context = &player,
			    .handle = handle,
			    .forget = forget,
			    .take_uri = note_uri};
	int option;

	while ((option = getopt(argc, argv, "p:l:c:k:s:")) != -1) {
		if (option == 'p')
			http.port = (uint16_t)strtoul(optarg, NULL, 10);
		else if (option == 'l')
			player.log = http_open_log(optarg);
		else if (option == 'c')
			http.certificate = optarg;
		else if (option == 'k')
			http.key = optarg;
		else if (option == 's')
			add_change(&player, optarg);
		else
			return 2;
	}
	player.pairs = calloc(PAIRS_MAX, sizeof(*player.pairs));
	for (int i = optind; i < argc && player.pairs; i++)
		read_transcript(&player, argv[i]);
	http.log = player.log;
	return http_serve(&http);
}
