/* SPDX-License-Identifier: MIT */
#include "update/daemon/trace.c"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/stage.h"

struct show {
	struct ev_loop *ev;
	struct trace trace;
	struct stage *stage;
	int fd; /* of the one who watches; -1: nobody does */
};

static void show_init(struct show *show, const struct provider *provider, bool watched)
{
	int fds[2];

	show->ev = ev_loop_new(EVBACKEND_EPOLL);
	assert_non_null(show->ev);
	show->trace.watchers = watchers_new(show->ev);
	show->stage = stage_new(provider);
	show->stage->engine->trace = &show->trace;
	show->fd = -1;
	if (!watched)
		return;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_int_equal(watchers_add(show->trace.watchers, fds[0], "", 0), 0);
	show->fd = fds[1];
}

static void show_done(struct show *show)
{
	if (show->fd >= 0)
		close(show->fd);
	stage_free(show->stage);
	watchers_free(show->trace.watchers);
	ev_loop_destroy(show->ev);
}

/* The lines so far, in short: "KIND MS WORD;", the word being what is most telling. */
static const char *seen(struct show *show)
{
	static const char *const words[] = {"interface", "to", "progress", "verdict"};
	static char all[65536], brief[4096];
	ssize_t n = recv(show->fd, all, sizeof(all) - 1, 0);
	size_t at = 0;

	brief[0] = all[n > 0 ? n : 0] = '\0';
	for (char *line = all, *end; (end = strchr(line, '\n')); line = end + 1) {
		json_t *json = json_loadb(line, (size_t)(end - line), 0, NULL);
		const json_t *ms = json_object_get(json, "ms");
		const char *telling = NULL;

		assert_non_null(json);
		assert_int_equal(strlen(json_string_value(json_object_get(json, "at"))), 24);
		for (size_t i = 0; i < 4 && !telling; i++)
			telling = json_string_value(json_object_get(json, words[i]));
		at += (size_t)snprintf(brief + at, sizeof(brief) - at, "%s %d %s;",
				       json_string_value(json_object_get(json, "kind")),
				       json_is_integer(ms) ? (int)json_integer_value(ms) : -1,
				       telling ? telling : "");
		json_decref(json);
	}
	return brief;
}

static void redial(struct show *show, uint8_t last, int64_t now)
{
	struct sources *sources = show->stage->engine->sources;

	show->stage->address.addr.bytes[3] = last;
	show->stage->link->n_addresses = last > 0;
	sources_feed(sources, &show->stage->snapshot, now);
	trace_sources(&show->trace, sources, now);
	engine_review(show->stage->engine, now);
}

static void let_settle(struct show *show, int64_t now)
{
	struct sources *sources = show->stage->engine->sources;

	sources_tick(sources, now);
	trace_sources(&show->trace, sources, now);
	engine_review(show->stage->engine, now);
}

static void answer_all(struct show *show, enum verdict verdict, int64_t now)
{
	struct engine *engine = show->stage->engine;
	struct queue_job *job = queue_any(engine->queue);
	struct outcome outcomes[2] = {{.verdict = verdict, .why = "said"},
				      {.verdict = verdict, .why = "said"}};

	assert_non_null(job);
	engine_result(engine, job->id, outcomes, job->n, now);
	engine_review(engine, now);
}

static void local_updates_are_told_in_order(void **state)
{
	struct show show;

	(void)state;
	show_init(&show, &local, true);
	local_verdict = VERDICT_DONE;
	redial(&show, 5, 100);
	assert_string_equal(seen(&show), "choice 0 wan0;decision -1 waiting;decision -1 waiting;");
	let_settle(&show, 150);
	assert_string_equal(seen(&show), "settle 50 wan0;decision 50 sending;decision 50 sending;"
					 "request 50 begun;verdict 50 done;verdict 50 done;"
					 "decision 50 confirmed;decision 50 confirmed;");
	show_done(&show);
}

static void requests_are_followed_to_their_verdict(void **state)
{
	struct show show;

	(void)state;
	show_init(&show, provider_find("dyndns2"), true);
	redial(&show, 5, 100);
	let_settle(&show, 150);
	seen(&show);
	trace_request(&show.trace, queue_any(show.stage->engine->queue), "GET x/y", 153);
	assert_string_equal(seen(&show), "request 53 GET x/y;");
	answer_all(&show, VERDICT_RETRY, 170);
	assert_string_equal(seen(&show), "verdict 70 retry;verdict 70 retry;decision 70 pending;"
					 "decision 70 pending;");
	engine_review(show.stage->engine, 40000);
	answer_all(&show, VERDICT_DONE, 40100);
	assert_non_null(strstr(seen(&show), "verdict 40000 done;decision 40000 confirmed;"));
	show_done(&show);
}

static void what_is_given_up_is_told(void **state)
{
	struct show show;

	(void)state;
	show_init(&show, provider_find("dyndns2"), true);
	redial(&show, 5, 100);
	let_settle(&show, 150);
	seen(&show);
	redial(&show, 6, 160);
	assert_string_equal(seen(&show),
			    "choice 0 wan0;request 60 given up: the address or its way out changed;"
			    "decision 60 pending;decision 60 pending;");
	let_settle(&show, 210);
	seen(&show);
	engine_lost(show.stage->engine, 220);
	assert_string_equal(seen(&show), "request 60 lost with nlddns-updater;");
	show_done(&show);
}

static void what_no_event_began_has_no_time(void **state)
{
	struct show show;

	(void)state;
	show_init(&show, provider_find("dyndns2"), true);
	redial(&show, 5, 100);
	let_settle(&show, 150);
	answer_all(&show, VERDICT_DONE, 170);
	seen(&show);
	record_of(show.stage, 0)->forced = true;
	records_touch(show.stage->engine->records, record_of(show.stage, 0));
	engine_review(show.stage->engine, 90000);
	answer_all(&show, VERDICT_DONE, 90010);
	assert_string_equal(seen(&show), "decision -1 sending;request -1 begun;verdict -1 done;"
					 "decision -1 confirmed;");
	engine_review(show.stage->engine, 90020);
	assert_string_equal(seen(&show), "");
	show_done(&show);
}

static void nobody_is_told_nothing(void **state)
{
	struct show show;

	(void)state;
	show_init(&show, &local, false);
	assert_false(trace_is_on(NULL));
	assert_false(trace_is_on(&show.trace));
	redial(&show, 5, 100);
	assert_false(show.stage->engine->sources->list[0].moved);
	let_settle(&show, 150);
	assert_int_equal(record_of(show.stage, 0)->state, PLAN_STATE_CONFIRMED);
	show_done(&show);
}

static void events_name_links_and_families(void **state)
{
	struct show show;
	struct dirty marks = {
		.routes6 = true, .omen = true, .links = {3, 70}, .n_links = 2, .itself = 3};
	struct trace_event event = {.marks = &marks, .changed = true, .marked_at = 97};
	char line[512] = "";

	(void)state;
	show_init(&show, &local, true);
	event.snapshot = &show.stage->snapshot;
	trace_event(&show.trace, &event, 100);
	assert_true(recv(show.fd, line, sizeof(line) - 1, 0) > 0);
	assert_string_equal(
		strstr(line, "\"ms\""),
		"\"ms\":3,\"kind\":\"event\",\"all\":false,\"links\":[\"wan0\",\"#70\"],"
		"\"routes\":[\"ipv6\"],\"omen\":true,\"changed\":true}\n");
	show_done(&show);
}

static void greets_with_how_things_are(void **state)
{
	struct show show;
	struct engine *engine;
	char *greeting;
	size_t len = 0, lines = 0;

	(void)state;
	show_init(&show, &local, false);
	engine = show.stage->engine;
	local_verdict = VERDICT_DONE;
	redial(&show, 5, 100);
	let_settle(&show, 150);
	greeting = trace_greeting(engine->sources, engine->records, 200, &len);
	assert_non_null(greeting);
	assert_int_equal(strlen(greeting), len);
	for (const char *c = greeting; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 4);
	assert_non_null(strstr(greeting, "\"kind\":\"start\",\"version\":"));
	assert_non_null(strstr(greeting, "\"kind\":\"choice\",\"source\":\"wan0\","));
	assert_non_null(strstr(greeting, "\"record\":\"b.example.org A\",\"from\":\"confirmed\","
					 "\"to\":\"confirmed\",\"wanted\":[\"203.0.113.5\"]"));
	free(greeting);
	show_done(&show);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_updates_are_told_in_order),
		cmocka_unit_test(requests_are_followed_to_their_verdict),
		cmocka_unit_test(what_is_given_up_is_told),
		cmocka_unit_test(what_no_event_began_has_no_time),
		cmocka_unit_test(nobody_is_told_nothing),
		cmocka_unit_test(events_name_links_and_families),
		cmocka_unit_test(greets_with_how_things_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
