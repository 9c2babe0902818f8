/* SPDX-License-Identifier: MIT */
#include "tests/kernel/serve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

struct wish {
	const struct server *server;
	int count;
	const char *one, *other;
};

struct question {
	struct ground *g;
	const char *server, *asked, *text;
};

int serve_lines(const char *path, const char *one, const char *other)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int n = 0;

	while (file && getline(&line, &size, file) > 0)
		n += (!one || strstr(line, one)) && (!other || strstr(line, other));
	free(line);
	if (file)
		fclose(file);
	return n;
}

int serve_count(const struct server *server, const char *one, const char *other)
{
	return serve_lines(server->log, one ? one : "auth=", other);
}

static bool counted(void *arg)
{
	const struct wish *wish = arg;

	return serve_count(wish->server, wish->one, wish->other) >= wish->count;
}

bool serve_await(const struct server *server, int count, const char *one, const char *other, int ms)
{
	struct wish wish = {server, count, one, other};
	char what[256];

	snprintf(what, sizeof(what), "%d requests with %s %s", count, one ? one : "anything",
		 other ? other : "");
	return ground_await(server->g, ms, counted, &wish, what);
}

int64_t serve_arrival(const struct server *web, const char *text)
{
	FILE *file = fopen(web->log, "re");
	char *line = NULL;
	size_t size = 0;
	int64_t at = 0;

	while (file && getline(&line, &size, file) > 0)
		if (strstr(line, text) && strstr(line, "auth="))
			at = strtoll(line, NULL, 10);
	free(line);
	if (file)
		fclose(file);
	return at;
}

void serve_web_as(const struct server *web, const char *path)
{
	char next[GROUND_PATH + 4];

	if (!path) {
		unlink(web->mode);
		return;
	}
	snprintf(next, sizeof(next), "%s.new", web->mode);
	ground_write(next, "%s", path);
	assert_int_equal(rename(next, web->mode), 0);
}

static bool web_ready(void *log)
{
	return serve_lines(log, "ready", NULL) > 0;
}

static void start_web(struct ground *g, struct server *web, unsigned port, const char *certificate,
		      const char *key)
{
	char program[GROUND_PATH], number[16], name[32], out[GROUND_PATH];
	const char *argv[] = {program,     "-p", number,    "-l",
			      web->log,    "-m", web->mode, key ? "-c" : NULL,
			      certificate, "-k", key,       NULL};

	web->g = g;
	snprintf(number, sizeof(number), "%u", port);
	snprintf(name, sizeof(name), "web%u.log", port);
	ground_path(g, web->log, name);
	snprintf(name, sizeof(name), "web%u.mode", port);
	ground_path(g, web->mode, name);
	ground_built(program, "tests/servers/webd");
	web->pid = ground_spawn(g, SIDE_OUTSIDE, ground_path(g, out, "web.err"), argv);
	if (!ground_await(g, 3000, web_ready, web->log, "webd ready"))
		fail_msg("webd does not start: see %s", out);
}

void serve_web(struct ground *g, struct server *web, unsigned port)
{
	start_web(g, web, port, NULL, NULL);
}

void serve_names(struct ground *g, const char *hosts, char names[static 512])
{
	char path[GROUND_PATH], text[1024] = "127.0.0.1 localhost\n", copy[256], *rest = copy,
				*host;

	snprintf(copy, sizeof(copy), "%s", hosts);
	names[0] = '\0';
	while ((host = strsep(&rest, " "))) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 SERVE_WEB " %s\n2001:db8:53::53 %s\n", host, host);
		snprintf(names + strlen(names), 512 - strlen(names), ",DNS:%s", host);
	}
	ground_write(ground_path(g, path, "hosts"), "%s", text);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(chmod(g->dir, 0755), 0);
	assert_int_equal(mount(path, "/etc/hosts", NULL, MS_BIND, NULL), 0);
}

void serve_unname(void)
{
	umount2("/etc/hosts", MNT_DETACH);
}

static void openssl(struct ground *g, const char *const argv[])
{
	char text[512];

	if (ground_run(g, argv, text, sizeof(text)) != 0)
		fail_msg("openssl %s failed: is the package openssl installed?", argv[1]);
}

/* An elliptic key each: made in milliseconds. */
void serve_certificates(struct ground *g, const char *more)
{
	char names[1024];
	char ca[GROUND_PATH], ca_key[GROUND_PATH], pem[GROUND_PATH], key[GROUND_PATH];
	const char *authority[] = {"/usr/bin/openssl",
				   "req",
				   "-x509",
				   "-newkey",
				   "ec",
				   "-pkeyopt",
				   "ec_paramgen_curve:prime256v1",
				   "-nodes",
				   "-days",
				   "2",
				   "-subj",
				   "/CN=nlddns test authority",
				   "-keyout",
				   ca_key,
				   "-out",
				   ca,
				   NULL};
	const char *server[] = {"/usr/bin/openssl",
				"req",
				"-x509",
				"-newkey",
				"ec",
				"-pkeyopt",
				"ec_paramgen_curve:prime256v1",
				"-nodes",
				"-days",
				"2",
				"-subj",
				"/CN=webd",
				"-addext",
				names,
				"-addext",
				"basicConstraints=critical,CA:false",
				"-CA",
				ca,
				"-CAkey",
				ca_key,
				"-keyout",
				key,
				"-out",
				pem,
				NULL};

	snprintf(names, sizeof(names), "subjectAltName=IP:198.51.100.53,IP:2001:db8:53::53%s",
		 more);
	ground_path(g, ca, "ca.pem");
	ground_path(g, ca_key, "ca.key");
	ground_path(g, pem, "web.pem");
	ground_path(g, key, "web.key");
	openssl(g, authority);
	openssl(g, server);
}

void serve_web_tls(struct ground *g, struct server *web, unsigned port)
{
	char pem[GROUND_PATH], key[GROUND_PATH];

	serve_certificates(g, "");
	start_web(g, web, port, ground_path(g, pem, "web.pem"), ground_path(g, key, "web.key"));
}

/* Key file, folder and zone file of a name server. */
static void make_zone(struct ground *g, const char *folder)
{
	char path[GROUND_PATH], name[48];

	ground_write(ground_path(g, path, "update.key"),
		     "key \"update-key\" {\n\talgorithm hmac-sha256;\n\tsecret \"%s\";\n};\n",
		     SERVE_SECRET);
	if (mkdir(ground_path(g, path, folder), 0700) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	snprintf(name, sizeof(name), "%s/example.org.zone", folder);
	ground_write(ground_path(g, path, name),
		     "$ORIGIN example.org.\n$TTL 60\n"
		     "@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\n@ NS ns2\n"
		     "ns A " SERVE_BIND "\nns2 A " SERVE_KNOT "\n"
		     "alias CNAME ns\nprivate A 10.0.0.1\n");
}

static bool answers(void *arg)
{
	const struct question *question = arg;
	char text[256];

	return serve_ask(question->g, question->server, question->asked, text) &&
	       (!question->text || !strcmp(text, question->text));
}

static void start_dns(struct ground *g, struct server *server, const char *address,
		      const char *const argv[])
{
	struct question question = {g, address, "example.org SOA", NULL};
	char out[GROUND_PATH];

	server->g = g;
	server->pid = ground_spawn(g, SIDE_OUTSIDE, ground_path(g, out, "dns.err"), argv);
	if (ground_await(g, 5000, answers, &question, argv[0]))
		return;
	g->watched = out;
	ground_await(g, 0, answers, &question, "its own output follows");
	fail_msg("%s does not start", argv[0]);
}

bool serve_bind(struct ground *g, struct server *bind)
{
	char conf[GROUND_PATH];
	const char *argv[] = {"/usr/sbin/named", "-f", "-n", "1", "-c", conf, NULL};

	if (access(argv[0], X_OK) < 0)
		return false;
	make_zone(g, "bind");
	ground_path(g, bind->log, "bind/update.log");
	ground_write(
		ground_path(g, conf, "bind/named.conf"),
		"include \"%s/update.key\";\n"
		"controls { };\n"
		"options {\n\tdirectory \"%s/bind\";\n\tpid-file none;\n\trecursion no;\n"
		"\tlisten-on { " SERVE_BIND "; };\n\tlisten-on-v6 { 2001:db8:53::53; };\n"
		"\tdnssec-validation no;\n\tnotify no;\n};\n"
		"logging {\n\tchannel updates { file \"%s\"; severity info; print-time iso8601;"
		" };\n\tcategory update { updates; };\n\tcategory update-security { updates; };\n"
		"};\n"
		"zone \"example.org\" { type primary; file \"example.org.zone\";"
		" update-policy { deny update-key name denied.example.org;"
		" grant update-key zonesub; }; };\n",
		g->dir, g->dir, bind->log);
	start_dns(g, bind, SERVE_BIND, argv);
	return true;
}

bool serve_knot(struct ground *g, struct server *knot)
{
	char conf[GROUND_PATH];
	const char *argv[] = {"/usr/sbin/knotd", "-c", conf, NULL};

	if (access(argv[0], X_OK) < 0)
		return false;
	make_zone(g, "knot");
	ground_path(g, knot->log, "knot/knot.log");
	ground_write(ground_path(g, conf, "knot/knot.conf"),
		     "server:\n  rundir: %s/knot\n  listen: " SERVE_KNOT "@53\n  udp-workers: 1\n"
		     "  tcp-workers: 1\n  background-workers: 1\n"
		     "log:\n  - target: %s\n    any: info\n"
		     "database:\n  storage: %s/knot\n"
		     "key:\n  - id: update-key\n    algorithm: hmac-sha256\n    secret: %s\n"
		     "acl:\n  - id: updates\n    key: update-key\n    action: update\n"
		     "zone:\n  - domain: example.org\n    storage: %s/knot\n"
		     "    file: example.org.zone\n    acl: updates\n    zonefile-sync: -1\n",
		     g->dir, knot->log, g->dir, SERVE_SECRET, g->dir);
	start_dns(g, knot, SERVE_KNOT, argv);
	return true;
}

bool serve_await_answer(struct ground *g, const char *server, const char *question,
			const char *text, int ms)
{
	struct question wish = {g, server, question, text};
	char what[256], last[256] = "";

	snprintf(what, sizeof(what), "%s answers %s %s", server, question, text);
	if (ground_await(g, ms, answers, &wish, what))
		return true;
	serve_ask(g, server, question, last);
	fprintf(stderr, "# it answers \"%s\"\n", last);
	return false;
}
