/* SPDX-License-Identifier: MIT */
#include "providers/dyndns2.c"
#include "providers/conversation.c"
#include "providers/compose.h"

#include <stdio.h>

#include "tests/unit/talk.h"

#define URL "https://dyn.example/nic/update"

#define A(host, address)                                                              \
	{                                                                             \
		.name = host, .type = RECORD_TYPE_A, .addrs = {address}, .n_addrs = 1 \
	}
#define AAAA(host, address)                                                              \
	{                                                                                \
		.name = host, .type = RECORD_TYPE_AAAA, .addrs = {address}, .n_addrs = 1 \
	}

#define WANTED_MAX   6
#define REQUESTS_ROW 5

/* One request as it must be made, and the reply given to it. */
struct exchange {
	const char *url;
	int status;
	const char *body;
	int64_t retry_after_ms; /* 0: absent */
};

struct row {
	const char *name;
	const char *url, *myipv6; /* settings; NULL: URL, unset */
	struct wanted wanted[WANTED_MAX];
	struct exchange exchanges[REQUESTS_ROW];
	struct {
		enum verdict verdict;
		const char *why;
		int64_t wait_ms;
	} ends[WANTED_MAX];
};

static const struct row rows[] = {
	{
		.name = "one name, one family",
		.wanted = {A("home.example.org", "192.0.2.1")},
		.exchanges = {{URL "?hostname=home.example.org&myip=192.0.2.1", 200,
			       "good 192.0.2.1\r\n", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "IPv6 alone",
		.wanted = {AAAA("home.example.org", "2001:db8::1")},
		.exchanges = {{URL "?hostname=home.example.org&myip=2001%3Adb8%3A%3A1", 200,
			       "nochg 2001:db8::1", 0}},
		.ends = {{VERDICT_UNCHANGED, "already set (nochg)", 0}},
	},
	{
		.name = "both families in a list",
		.myipv6 = "myip",
		.wanted = {AAAA("a.example", "2001:db8::1"), A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1,2001%3Adb8%3A%3A1", 200,
			       "good 192.0.2.1,2001:db8::1", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0}, {VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "both families as parameters",
		.myipv6 = "myipv6",
		.wanted = {A("a.example", "192.0.2.1"), AAAA("a.example", "2001:db8::1")},
		.exchanges = {{URL "?hostname=a.example&myipv6=2001%3Adb8%3A%3A1&myip=192.0.2.1",
			       200, "good", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0}, {VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "IPv6 alone as a parameter",
		.myipv6 = "myipv6",
		.wanted = {AAAA("a.example", "2001:db8::1")},
		.exchanges = {{URL "?hostname=a.example&myipv6=2001%3Adb8%3A%3A1", 200, "good", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "a request a family",
		.myipv6 = "separate",
		.wanted = {A("a.example", "192.0.2.1"), AAAA("a.example", "2001:db8::1"),
			   AAAA("b.example", "2001:db8::1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "nochg", 0},
			      {URL "?hostname=a.example,b.example&myip=2001%3Adb8%3A%3A1", 200,
			       "good\nnohost", 0}},
		.ends = {{VERDICT_UNCHANGED, "already set (nochg)", 0},
			 {VERDICT_DONE, "updated (good)", 0},
			 {VERDICT_REFUSED_NAME,
			  "no such host in this account (nohost): create it at the provider or "
			  "correct the name, then `nlddns retry b.example`",
			  0}},
	},
	{
		.name = "names with the same addresses share a request, others do not",
		.wanted = {A("a.example", "192.0.2.1"), AAAA("a.example", "2001:db8::1"),
			   A("b.example", "192.0.2.1"), A("c.example", "192.0.2.1"),
			   AAAA("c.example", "2001:db8::1"), A("d.example", "192.0.2.7")},
		.exchanges = {{URL "?hostname=a.example,c.example&myip=192.0.2.1,2001%3Adb8%3A%3A1",
			       200, "good\nnochg", 0},
			      {URL "?hostname=b.example&myip=192.0.2.1", 200, "!donator", 0},
			      {URL "?hostname=d.example&myip=192.0.2.7", 200, "good", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0},
			 {VERDICT_DONE, "updated (good)", 0},
			 {VERDICT_REFUSED_CONFIG,
			  "this needs a paid account (!donator): upgrade the account, then "
			  "`nlddns retry b.example`",
			  0},
			 {VERDICT_UNCHANGED, "already set (nochg)", 0},
			 {VERDICT_UNCHANGED, "already set (nochg)", 0},
			 {VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "a url with a query of its own",
		.url = URL "?system=dyndns&x=a%20b",
		.wanted = {A("*.a.example", "192.0.2.1")},
		.exchanges = {{URL "?system=dyndns&x=a%20b&hostname=%2A.a.example&myip=192.0.2.1",
			       200, "good", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "a url that ends where the query begins",
		.url = URL "?#top",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "good", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "a url that ends with an ampersand",
		.url = URL "?a=b&",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?a=b&hostname=a.example&myip=192.0.2.1", 200, "good", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "an error of the account ends the rest unasked",
		.wanted = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.2")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "badauth", 0}},
		.ends = {{VERDICT_REFUSED_AUTH,
			  "user name or password not accepted (badauth): correct username and "
			  "password, then `nlddns retry a.example`",
			  0},
			 {VERDICT_REFUSED_AUTH,
			  "user name or password not accepted (badauth): correct username and "
			  "password, then `nlddns retry b.example`",
			  0}},
	},
	{
		.name = "an error among others is about its name",
		.wanted = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.1"),
			   A("c.example", "192.0.2.2")},
		.exchanges = {{URL "?hostname=a.example,b.example&myip=192.0.2.1", 200,
			       "good\nbadauth", 0},
			      {URL "?hostname=c.example&myip=192.0.2.2", 200, "good", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0},
			 {VERDICT_REFUSED_AUTH,
			  "user name or password not accepted (badauth): correct username and "
			  "password, then `nlddns retry b.example`",
			  0},
			 {VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "911 waits half an hour",
		.wanted = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.2")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "911", 0}},
		.ends = {{VERDICT_RETRY, "the provider is down or in maintenance (911)", 1800000},
			 {VERDICT_RETRY, "the provider is down or in maintenance (911)", 1800000}},
	},
	{
		.name = "wait as told",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "w90s", 0}},
		.ends = {{VERDICT_THROTTLED, "told to wait (w90s)", 90000}},
	},
	{
		.name = "Retry-After",
		.wanted = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.2")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 429, "", 7000}},
		.ends = {{VERDICT_THROTTLED, "asked too often (HTTP 429)", 7000},
			 {VERDICT_THROTTLED, "asked too often (HTTP 429)", 7000}},
	},
	{
		.name = "too many hosts: one by one",
		.wanted = {A("a.example", "192.0.2.1"), AAAA("a.example", "2001:db8::1"),
			   A("b.example", "192.0.2.1"), AAAA("b.example", "2001:db8::1")},
		.exchanges = {{URL "?hostname=a.example,b.example&myip=192.0.2.1,2001%3Adb8%3A%3A1",
			       200, "numhost", 0},
			      {URL "?hostname=a.example&myip=192.0.2.1,2001%3Adb8%3A%3A1", 200,
			       "good", 0},
			      {URL "?hostname=b.example&myip=192.0.2.1,2001%3Adb8%3A%3A1", 200,
			       "numhost", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0},
			 {VERDICT_DONE, "updated (good)", 0},
			 {VERDICT_REFUSED_CONFIG,
			  "too many or too few hosts in a request (numhost): ask the provider, "
			  "then `nlddns retry b.example`",
			  0},
			 {VERDICT_REFUSED_CONFIG,
			  "too many or too few hosts in a request (numhost): ask the provider, "
			  "then `nlddns retry b.example`",
			  0}},
	},
	{
		.name = "a line is missing",
		.wanted = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.1"),
			   A("c.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example,b.example,c.example&myip=192.0.2.1", 200,
			       "good 192.0.2.1\nnochg 192.0.2.1\n", 0}},
		.ends = {{VERDICT_DONE, "updated (good)", 0},
			 {VERDICT_UNCHANGED, "already set (nochg)", 0},
			 {VERDICT_RETRY, "no answer for this name", 0}},
	},
	{
		.name = "another address was set in one family",
		.wanted = {A("a.example", "192.0.2.1"), AAAA("a.example", "2001:db8::1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1,2001%3Adb8%3A%3A1", 200,
			       "good 198.51.100.7", 0}},
		.ends = {{VERDICT_RETRY, "the server set another address (198.51.100.7)", 0},
			 {VERDICT_DONE, "updated (good)", 0}},
	},
	{
		.name = "ignored",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "good 127.0.0.1", 0}},
		.ends = {{VERDICT_REFUSED_ABUSE,
			  "the server says it ignored the update (good 127.0.0.1): ask the "
			  "provider why, then `nlddns retry a.example`",
			  0}},
	},
	{
		.name = "a web page",
		.wanted = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.2")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200,
			       "<!DOCTYPE html>\n<p>good 192.0.2.1</p>", 0}},
		.ends = {{VERDICT_RETRY, "a reply that is not understood: check url", 0},
			 {VERDICT_RETRY, "a reply that is not understood: check url", 0}},
	},
	{
		.name = "an unknown word is shown",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "kaputt 7", 0}},
		.ends = {{VERDICT_RETRY, "a reply that is not understood (kaputt): check url", 0}},
	},
	{
		.name = "unless it gives away the password",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "a-S3CRET-word", 0}},
		.ends = {{VERDICT_RETRY, "a reply that is not understood: check url", 0}},
	},
	{
		.name = "or a part of it",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 200, "cret", 0}},
		.ends = {{VERDICT_RETRY, "a reply that is not understood: check url", 0}},
	},
	{
		.name = "a redirect",
		.wanted = {A("a.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 302, "good", 0}},
		.ends = {{VERDICT_RETRY,
			  "redirected, which is not followed (HTTP 302): correct url", 0}},
	},
	{
		.name = "status 400 with a code",
		.wanted = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.2")},
		.exchanges = {{URL "?hostname=a.example&myip=192.0.2.1", 400, "notfqdn", 0},
			      {URL "?hostname=b.example&myip=192.0.2.2", 400, "?", 0}},
		.ends = {{VERDICT_REFUSED_NAME,
			  "not a full host name to the server (notfqdn): correct the name, then "
			  "`nlddns retry a.example`",
			  0},
			 {VERDICT_REFUSED_CONFIG,
			  "the request was refused (HTTP 400): check url and name, then `nlddns "
			  "retry b.example`",
			  0}},
	},
	{
		.name = "what it cannot do is refused unasked",
		.wanted = {{.name = "a.example", .type = RECORD_TYPE_A, .n_addrs = 0},
			   {.name = "a.example",
			    .type = RECORD_TYPE_AAAA,
			    .addrs = {"2001:db8::1", "2001:db8::2"},
			    .n_addrs = 2},
			   A("b.example", "192.0.2.1")},
		.exchanges = {{URL "?hostname=b.example&myip=192.0.2.1", 200, "good", 0}},
		.ends = {{VERDICT_REFUSED_CONFIG,
			  "the provider takes exactly one address of a type: use combine = first "
			  "and "
			  "on-loss = keep, then `nlddns retry a.example`",
			  0},
			 {VERDICT_REFUSED_CONFIG,
			  "the provider takes exactly one address of a type: use combine = first "
			  "and "
			  "on-loss = keep, then `nlddns retry a.example`",
			  0},
			 {VERDICT_DONE, "updated (good)", 0}},
	},
};

static void set_values(struct value values[static 5], const char *url, const char *myipv6)
{
	values[0] = (struct value){"username", "me"};
	values[1] = (struct value){"password", "s3cret"};
	values[2] = (struct value){"url", url != NULL ? url : URL};
	values[3] = (struct value){myipv6 != NULL ? "myipv6" : NULL, myipv6};
	values[4] = (struct value){NULL, NULL};
}

static struct reply make_reply(int status, const char *body, int64_t retry_after_ms)
{
	return (struct reply){.kind = REQUEST_HTTP,
			      .status = status,
			      .retry_after_ms = retry_after_ms > 0 ? retry_after_ms : -1,
			      .body = body,
			      .len = strlen(body)};
}

static void play(const struct row *row)
{
	struct talk talk;
	struct value values[5];
	size_t n_wanted = talk_count_wanted(row->wanted, WANTED_MAX), n = 0;

	set_values(values, row->url, row->myipv6);
	talk_begin(&talk, &dyndns2_provider, values, row->wanted, n_wanted);
	for (; !talk.ended; n++) {
		const struct exchange *exchange = &row->exchanges[n];
		struct reply reply;

		assert_true(n < REQUESTS_ROW);
		assert_non_null(exchange->url);
		assert_int_equal(talk.request.kind, REQUEST_HTTP);
		assert_string_equal(talk.request.http.method, "GET");
		assert_string_equal(talk.request.http.url.text, exchange->url);
		assert_string_equal(talk.request.http.user, "me");
		assert_string_equal(talk.request.http.password, "s3cret");
		assert_int_equal(talk.request.body.len, 0);
		reply = make_reply(exchange->status, exchange->body, exchange->retry_after_ms);
		talk_step(&talk, &reply);
	}
	assert_true(n == REQUESTS_ROW || row->exchanges[n].url == NULL);
	for (size_t i = 0; i < n_wanted; i++) {
		assert_string_equal(talk.outcomes[i].why, row->ends[i].why);
		assert_int_equal(talk.outcomes[i].verdict, row->ends[i].verdict);
		assert_int_equal(talk.outcomes[i].wait_ms, row->ends[i].wait_ms);
	}
	talk_end(&talk);
}

static void talks_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		play(&rows[i]);
	}
}

/* As many records as a job may have: 32 names in both families. */
static void make_many(struct wanted wanted[static JOB_WANTED_MAX], char names[32][32], bool differ)
{
	static char addrs[32][16];

	for (unsigned i = 0; i < 32; i++) {
		snprintf(names[i], sizeof(names[i]), "h%02u.example", i);
		snprintf(addrs[i], sizeof(addrs[i]), "192.0.2.%u", differ ? i : 1);
		wanted[2 * i] = (struct wanted)A(names[i], addrs[i]);
		wanted[2 * i + 1] = (struct wanted)AAAA(names[i], "2001:db8::1");
	}
}

static unsigned count(const char *text, char c)
{
	unsigned n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

static void many_names_take_several_requests(void **state)
{
	struct wanted wanted[JOB_WANTED_MAX];
	char names[32][32];
	struct value values[5];
	struct talk talk;
	struct reply reply = make_reply(200, "good", 0);

	(void)state;
	make_many(wanted, names, false);
	set_values(values, NULL, NULL);
	talk_begin(&talk, &dyndns2_provider, values, wanted, JOB_WANTED_MAX);
	assert_int_equal(count(talk.request.http.url.text, ','), 19 + 1);
	talk_step(&talk, &reply);
	assert_int_equal(count(talk.request.http.url.text, ','), 11 + 1);
	assert_non_null(strstr(talk.request.http.url.text, "hostname=h20.example,"));
	/* what is answered has its end, even if the next request fails */
	for (size_t i = 0; i < JOB_WANTED_MAX; i++)
		assert_int_equal(talk.outcomes[i].why[0] != '\0', i < 40);
	talk_step(&talk, &reply);
	assert_true(talk.ended);
	for (size_t i = 0; i < JOB_WANTED_MAX; i++)
		assert_int_equal(talk.outcomes[i].verdict, VERDICT_DONE);
	talk_end(&talk);
}

static void too_many_requests_leave_some_for_later(void **state)
{
	struct wanted wanted[JOB_WANTED_MAX];
	char names[32][32];
	struct value values[5];
	struct talk talk;
	struct reply reply = make_reply(200, "good", 0);
	size_t n_done = 0, n_left = 0;

	(void)state;
	make_many(wanted, names, true);
	set_values(values, NULL, "separate");
	talk_begin(&talk, &dyndns2_provider, values, wanted, JOB_WANTED_MAX);
	while (!talk.ended)
		talk_step(&talk, &reply);
	assert_int_equal(talk.n_requests, REQUESTS_MAX);
	for (size_t i = 0; i < JOB_WANTED_MAX; i++) {
		n_done += talk.outcomes[i].verdict == VERDICT_DONE;
		n_left += talk.outcomes[i].verdict == VERDICT_RETRY;
	}
	assert_true(n_done >= REQUESTS_MAX);
	assert_int_equal(n_done + n_left, JOB_WANTED_MAX);
	talk_end(&talk);
}

static void a_request_has_a_longest_length(void **state)
{
	const struct wanted wanted[] = {A("a.example", "192.0.2.1")};
	static char url[COMPOSE_URL_MAX + 1];
	struct value values[5];
	struct talk talk;

	(void)state;
	memset(url, 'x', sizeof(url) - 1);
	memcpy(url, URL, strlen(URL));
	set_values(values, url, NULL);
	talk_begin(&talk, &dyndns2_provider, values, wanted, 1);
	assert_true(talk.ended);
	assert_int_equal(talk.outcomes[0].verdict, VERDICT_REFUSED_CONFIG);
	assert_int_equal(talk.request.kind, REQUEST_NONE);
	talk_end(&talk);
	set_values(values, NULL, NULL);
	values[2] = (struct value){NULL, NULL};
	talk_begin(&talk, &dyndns2_provider, values, wanted, 1);
	assert_int_equal(talk.outcomes[0].verdict, VERDICT_REFUSED_CONFIG);
	talk_end(&talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks_as_written),
		cmocka_unit_test(many_names_take_several_requests),
		cmocka_unit_test(too_many_requests_leave_some_for_later),
		cmocka_unit_test(a_request_has_a_longest_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
