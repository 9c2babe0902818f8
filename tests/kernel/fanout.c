/* SPDX-License-Identifier: MIT */
#include "tests/kernel/fanout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITES_MAX = 4096, REPLY_MAX = 16 << 20 };

#define NEED "url = http://198.51.100.53:8080/nic/update\nusername = user\npassword = opensesame\n"

static void write_service(const struct ground *g)
{
	char path[GROUND_PATH];

	mkdir(ground_path(g, path, "providers"), 0700);
	ground_write(ground_path(g, path, "providers/single.conf"),
		     "[service]\ntitle = One name a request\nweb = https://example.org\nfamily = "
		     "dyndns2\n"
		     "url = http://198.51.100.53:8080/nic/update\nnames = 1\n");
}

static void configure(struct fanout *fanout, enum fanout_shape shape)
{
	struct scene *s = fanout->s;
	char state[GROUND_PATH], control[GROUND_PATH];
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	write_service(s->g);
	fprintf(to, "[nlddns]\nstate-dir = %s\ncontrol = %s\n", ground_path(s->g, state, "state"),
		ground_path(s->g, control, "control"));
	fprintf(to, "keep-updater = yes\n[defaults]\ninterface = wan0\nallow = documentation\n"
		    "settle = 0\nmin-interval = 0\nhold-down = 0\nfamily = ipv4\n");
	for (size_t i = 0; i < fanout->accounts; i++)
		fprintf(to, "[account a%zu]\nprovider = %s\n%sallow-plaintext = yes\n", i,
			shape == FANOUT_LISTS ? "dyndns2" : "single",
			shape == FANOUT_LISTS ? NEED : &NEED[strcspn(NEED, "\n") + 1]);
	for (size_t i = 0; i < fanout->n; i++)
		fprintf(to, "[h%zu.example.org]\naccount = a%zu\n", i, i % fanout->accounts);
	fclose(to);
	ground_write(s->d.conf, "%s", text);
	free(text);
}

struct fanout *fanout_new(struct scene *s, enum fanout_shape shape, size_t n, size_t accounts)
{
	struct fanout *fanout = calloc(1, sizeof(*fanout));
	char path[GROUND_PATH];

	assert_non_null(fanout);
	fanout->s = s;
	fanout->n = n;
	fanout->accounts = accounts;
	fanout->asked = calloc(n, sizeof(*fanout->asked));
	fanout->writes = calloc(WRITES_MAX, sizeof(*fanout->writes));
	assert_true(fanout->asked && fanout->writes);
	configure(fanout, shape);
	fanout->state = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	assert_true(inotify_add_watch(fanout->state, ground_path(s->g, path, "state"),
				      IN_MOVED_TO) >= 0);
	return fanout;
}

void fanout_free(struct fanout *fanout)
{
	close(fanout->state);
	free(fanout->writes);
	free(fanout->asked);
	free(fanout);
}

void fanout_start(struct fanout *fanout)
{
	wire_dial(fanout->s->g, "10.0.0.2/24");
	daemon_start(&fanout->s->d);
}

static void note_writes(struct fanout *fanout)
{
	char events[4096] __attribute__((aligned(8)));
	ssize_t n;

	while ((n = read(fanout->state, events, sizeof(events))) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *event = (const void *)(events + at);

			if (!strcmp(event->name, "state") && fanout->n_writes < WRITES_MAX)
				fanout->writes[fanout->n_writes++] = ground_now();
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
}

/* "NANOSECONDS GET /nic/update?hostname=h1.example.org,h2.example.org&myip=IP auth=ok good IP" */
static size_t note_request(struct fanout *fanout, const char *line, const char *ip)
{
	const char *names = strstr(line, "hostname="), *myip = strstr(line, "myip=");
	size_t n = 0, len = strlen(ip);

	if (!names || !myip || strncmp(myip + 5, ip, len) != 0 || myip[5 + len] != ' ')
		return 0;
	fanout->n_requests++;
	fanout->arrived = strtoll(line, NULL, 10);
	for (const char *name = names + 9; name[0] == 'h'; name++) {
		size_t i = strtoul(name + 1, NULL, 10);

		assert_true(i < fanout->n);
		n += fanout->asked[i]++ == 0;
		name += strcspn(name, ",& ");
		if (name[0] != ',')
			break;
	}
	return n;
}

/* Reads what is new in the server's log; how many names were asked for the first time. */
static size_t note_requests(struct fanout *fanout, const char *ip)
{
	FILE *file = fopen(fanout->s->web.log, "re");
	char *line = NULL;
	size_t size = 0, n = 0;
	ssize_t len;

	assert_non_null(file);
	assert_int_equal(fseek(file, fanout->log_at, SEEK_SET), 0);
	while ((len = getline(&line, &size, file)) > 0 && line[len - 1] == '\n') {
		fanout->log_at += len;
		n += note_request(fanout, line, ip);
	}
	free(line);
	fclose(file);
	return n;
}

int64_t fanout_change(struct fanout *fanout, const char *ip, int ms)
{
	int64_t from;
	size_t n;

	if (fanout->local[0])
		wire_del(fanout->s->g, SIDE_INSIDE, "wan0", fanout->local);
	snprintf(fanout->local, sizeof(fanout->local), "%s/32", ip);
	memset(fanout->asked, 0, fanout->n * sizeof(*fanout->asked));
	fanout->n_requests = 0;
	n = note_requests(fanout, "none");
	ground_nap(20);
	from = ground_now();
	wire_add(fanout->s->g, SIDE_INSIDE, "wan0", fanout->local);
	while (n < fanout->n && ground_now() < from + ms * INT64_C(1000000)) {
		/* Rarely: reading the log takes time from what is measured. */
		ground_nap(20);
		n += note_requests(fanout, ip);
		note_writes(fanout);
	}
	return n == fanout->n ? from : 0;
}

static size_t count(const json_t *records, const char *ip, int64_t *ret_reaction_ms)
{
	size_t n = 0, i;
	json_t *record;

	*ret_reaction_ms = 0;
	json_array_foreach(records, i, record)
	{
		const char *state = json_string_value(json_object_get(record, "state"));
		const json_t *now = json_array_get(json_object_get(record, "confirmed"), 0);
		int64_t ms = json_integer_value(json_object_get(record, "reaction_ms"));

		if (ms > *ret_reaction_ms)
			*ret_reaction_ms = ms;
		n += state && !strcmp(state, "confirmed") && json_is_string(now) &&
		     !strcmp(json_string_value(now), ip);
	}
	return n;
}

size_t fanout_confirmed(struct fanout *fanout, const char *ip, int64_t *ret_reaction_ms)
{
	char *text = malloc(REPLY_MAX);
	size_t n = 0;

	assert_non_null(text);
	for (int i = 0; i < 20 && n < fanout->n; i++) {
		json_t *status = NULL;

		ground_nap(50);
		note_writes(fanout);
		if (daemon_command(&fanout->s->d, text, REPLY_MAX, "status", "--json") <= 1)
			status = json_loads(text, 0, NULL);
		n = count(json_object_get(status, "records"), ip, ret_reaction_ms);
		json_decref(status);
	}
	free(text);
	return n;
}

size_t fanout_writes_a_second(struct fanout *fanout)
{
	size_t most = 0;

	note_writes(fanout);
	for (size_t i = 0, first = 0; i < fanout->n_writes; i++) {
		while (fanout->writes[i] - fanout->writes[first] >= 950000000)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}
