/* SPDX-License-Identifier: MIT */
/* The updater is one that takes what it is given, or does not. */
#define updater_send   take_job
#define updater_due    take_due
#define updater_cancel take_cancel
#include "update/daemon/posts.c"

#include <unistd.h>

#include "tests/unit/newsitem.h"

#define DAY INT64_C(86400000)

static struct {
	int error;       /* of the next jobs */
	int64_t due;     /* for -EAGAIN */
	char sent[2048]; /* "HOST EVENT NEW;" each */
	uint32_t ids[256];
	size_t n, n_cancelled;
	bool plaintext;
} fake;

static struct posts *posts;
static struct updater *const updater = (void *)&fake;

int take_job(struct updater *unused, const struct wire_job *job, int64_t now)
{
	const char *url = provider_value(&job->job, "url"), *message, *event, *new;
	size_t len = strlen(fake.sent);

	(void)now;
	assert_ptr_equal(unused, updater);
	if (fake.error)
		return fake.error;
	message = provider_value(&job->job, "message");
	event = strstr(message, "\"event\":\"") + 9;
	new = strstr(message, "\"new\":[\"203.0.113.") + 18;
	snprintf(fake.sent + len, sizeof(fake.sent) - len, "%.1s %.3s %.*s;", url + 8, event,
		 (int)strcspn(new, "\""), new);
	fake.plaintext = strcmp(provider_value(&job->job, "allow-plaintext"), "yes") == 0;
	assert_int_equal(job->deadline_ms, MAILBOX_DEADLINE_MS);
	assert_null(job->bind);
	assert_ptr_equal(job->job.provider, &webhook_provider);
	fake.ids[fake.n++] = job->id;
	return 0;
}

int64_t take_due(const struct updater *unused, int64_t now)
{
	(void)unused;
	(void)now;
	return fake.due;
}

void take_cancel(struct updater *unused, uint32_t id)
{
	(void)unused;
	assert_int_equal(id, fake.ids[fake.n - 1]);
	fake.n_cancelled++;
}

static int setup(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.due = -1;
	posts = posts_new();
	return posts ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	posts_free(posts);
	return 0;
}

static void expect_sent(const char *sent)
{
	assert_string_equal(fake.sent, sent);
	fake.sent[0] = '\0';
}

/* Of a URL by its first letter, or several. */
static void tell(const char *hosts, enum news_kind kind, int last)
{
	char urls[4][32], after[24], *list[4];
	struct cfg_told told = {.notify = list, .n_notify = strlen(hosts)};
	struct news news;

	for (size_t i = 0; i < told.n_notify; i++) {
		snprintf(urls[i], sizeof(urls[i]), "https://%c.example/S3CRET", hosts[i]);
		list[i] = urls[i];
	}
	snprintf(after, sizeof(after), "203.0.113.%d", last);
	news = newsitem(kind, "a.example.org", "none", after);
	news.told = &told;
	posts_tell(posts, &news);
}

static int64_t start(void)
{
	return clock_now();
}

/* The last job sent ends so. */
static void answer(enum verdict verdict, int64_t wait_ms, int64_t now)
{
	struct outcome outcome = {.verdict = verdict, .wait_ms = wait_ms, .why = "said"};

	assert_true(posts_result(posts, fake.ids[fake.n - 1], &outcome, now));
}

static void work(bool busy, int64_t now)
{
	posts_work(posts, updater, busy, now);
}

/* When the first of them wants to be sent again after that; it is, and not a moment before. */
static int64_t retried(int64_t now, const char *sent)
{
	int64_t due = posts_due(posts, false, now);

	assert_true(due > now);
	work(false, due - 1);
	expect_sent("");
	work(false, due);
	expect_sent(sent);
	return due;
}

static void one_after_the_other_in_order(void **state)
{
	int64_t now = start();

	(void)state;
	assert_int_equal(posts_due(posts, false, now), -1);
	tell("a", NEWS_CHANGED, 1);
	tell("a", NEWS_CONFIRMED, 1);
	tell("a", NEWS_CHANGED, 2);
	assert_true(posts_due(posts, false, now) <= now + 100);
	now += 100;
	work(false, now);
	work(false, now);
	expect_sent("a cha 1;");
	assert_false(fake.plaintext);
	answer(VERDICT_DONE, 0, now);
	work(false, now);
	expect_sent("a con 1;");
	answer(VERDICT_DONE, 0, now);
	work(false, now);
	expect_sent("a cha 2;");
	answer(VERDICT_DONE, 0, now);
	work(false, now);
	expect_sent("");
	assert_int_equal(posts_due(posts, false, now), -1);
}

static void updates_go_first_but_not_for_ever(void **state)
{
	int64_t now = start(), due;

	(void)state;
	tell("a", NEWS_HELD, 1);
	work(true, now + 100);
	expect_sent("");
	due = posts_due(posts, true, now + 100);
	assert_in_range(due, now + MAILBOX_PATIENCE_MS, now + MAILBOX_PATIENCE_MS + 1000);
	work(true, due);
	expect_sent("a hel 1;");
}

static void what_fails_is_tried_ever_less_often(void **state)
{
	int64_t now = start() + 1000, began = now, before, wait = 0;

	(void)state;
	tell("a", NEWS_FAILING, 1);
	work(false, now);
	expect_sent("a fai 1;");
	for (int i = 0; i < 8; i++) {
		before = now;
		answer(VERDICT_RETRY, 0, now);
		now = retried(now, "a fai 1;");
		assert_true(now - before >= wait);
		wait = (now - before) / 4 * 3;
	}
	assert_in_range(now - before, 40 * 60000, 60 * 60000);
	assert_true(now < began + DAY);
	answer(VERDICT_DONE, 0, now);
	work(false, now + DAY);
	expect_sent("");
}

static void what_the_server_asks_for_is_kept(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("a", NEWS_FAILING, 1);
	work(false, now);
	expect_sent("a fai 1;");
	answer(VERDICT_THROTTLED, 900000, now);
	assert_true(retried(now, "a fai 1;") >= now + 900000);
	answer(VERDICT_RETRY, 900000, now);
	assert_true(retried(now, "a fai 1;") >= now + 900000);
}

/* New news are a sign that the network may be back; not that a server is. */
static void news_end_the_wait_for_the_network(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("a", NEWS_CHANGED, 1);
	work(false, now);
	answer(VERDICT_NO_NETWORK, 0, now);
	tell("a", NEWS_CONFIRMED, 1);
	work(false, now);
	expect_sent("a cha 1;a cha 1;");
	answer(VERDICT_RETRY, 0, now);
	tell("a", NEWS_CHANGED, 2);
	work(false, now);
	expect_sent("");
}

static void what_is_refused_is_given_up(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("a", NEWS_CHANGED, 1);
	tell("a", NEWS_CONFIRMED, 1);
	work(false, now);
	answer(VERDICT_REFUSED_CONFIG, 0, now);
	work(false, now);
	expect_sent("a cha 1;a con 1;");
	answer(VERDICT_DONE, 0, now);
	assert_int_equal(posts_due(posts, false, now), -1);
}

static void after_a_day_it_is_given_up(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("a", NEWS_CHANGED, 1);
	work(false, now);
	answer(VERDICT_THROTTLED, 2 * DAY, now);
	assert_true(posts_due(posts, false, now) <= now + DAY);
	work(false, now + DAY);
	expect_sent("a cha 1;");
	assert_int_equal(posts_due(posts, false, now + DAY), -1);
}

_Static_assert(MAILBOX_LETTERS_MAX >= 100, "50 records may change at once, and be confirmed");

static void the_newest_are_kept(void **state)
{
	enum { TOLD = MAILBOX_LETTERS_MAX + 4 };
	int64_t now = start() + 1000;
	size_t len = 0;
	char expected[2048];

	(void)state;
	for (int i = 1; i <= TOLD; i++) {
		tell("a", NEWS_CHANGED, i);
		work(false, now);
	}
	expect_sent("a cha 1;");
	answer(VERDICT_DONE, 0, now);
	for (int i = 6; i <= TOLD; i++) {
		len += (size_t)snprintf(expected + len, sizeof(expected) - len, "a cha %d;", i);
		work(false, now);
		answer(VERDICT_DONE, 0, now);
	}
	expect_sent(expected);
	assert_int_equal(posts_due(posts, false, now), -1);
	/* With none on its way. */
	fake.error = -EAGAIN;
	for (int i = 1; i <= TOLD; i++)
		tell("a", NEWS_CHANGED, i);
	fake.error = 0;
	work(false, now);
	expect_sent("a cha 5;");
}

static void two_at_a_time_and_each_in_its_turn(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("abc", NEWS_CHANGED, 1);
	work(false, now);
	expect_sent("a cha 1;b cha 1;");
	assert_int_equal(posts_due(posts, false, now), now + MAILBOX_DEADLINE_MS + QUEUE_SLACK_MS);
	answer(VERDICT_DONE, 0, now);
	tell("b", NEWS_CONFIRMED, 1);
	work(false, now);
	expect_sent("c cha 1;");
	answer(VERDICT_DONE, 0, now);
	work(false, now);
	expect_sent("b con 1;");
}

static void a_lost_updater_is_no_failure_once(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("a", NEWS_CHANGED, 1);
	work(false, now);
	posts_lost(posts, now);
	work(false, now);
	expect_sent("a cha 1;a cha 1;");
	posts_lost(posts, now);
	work(false, now);
	expect_sent("");
	retried(now, "a cha 1;");
	answer(VERDICT_DONE, 0, now);
	posts_lost(posts, now);
	assert_int_equal(posts_due(posts, false, now), -1);
}

static void one_without_an_answer_is_given_up_and_tried_again(void **state)
{
	int64_t now = start() + 1000, overdue;

	(void)state;
	tell("a", NEWS_CHANGED, 1);
	work(false, now);
	expect_sent("a cha 1;");
	overdue = posts_due(posts, false, now);
	assert_int_equal(overdue, now + MAILBOX_DEADLINE_MS + QUEUE_SLACK_MS);
	work(false, overdue);
	assert_int_equal(fake.n_cancelled, 1);
	expect_sent("a cha 1;");
	overdue = posts_due(posts, false, overdue);
	work(false, overdue);
	expect_sent("");
	retried(overdue, "a cha 1;");
	/* The first one's answer comes after all. */
	assert_true(posts_result(posts, fake.ids[0], &(struct outcome){.why = "late"}, overdue));
	assert_int_equal(fake.n, 3);
	assert_true(posts_due(posts, false, overdue) > overdue);
}

/* Its connection is one from an address that is no more, perhaps. */
static void a_change_ends_what_is_on_its_way_soon(void **state)
{
	int64_t now = start(), due;

	(void)state;
	tell("a", NEWS_CONFIRMED, 1);
	work(false, now + 1000);
	expect_sent("a con 1;");
	tell("b", NEWS_CONFIRMED, 2);
	assert_true(posts_due(posts, true, now) > now + MAILBOX_PATIENCE_MS - 1000);
	tell("b", NEWS_CHANGED, 2);
	due = posts_due(posts, true, now);
	assert_in_range(due, now, now + MAILBOX_HURRY_MS + 1000);
	work(true, due);
	assert_int_equal(fake.n_cancelled, 1);
	work(false, due);
	assert_non_null(strstr(fake.sent, "a con 1;"));
}

static void a_full_updater_is_asked_again(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("a", NEWS_CHANGED, 1);
	fake.error = -EAGAIN;
	fake.due = now + 4000;
	work(false, now);
	assert_int_equal(posts_due(posts, false, now), now + 4000);
	fake.error = 0;
	retried(now, "a cha 1;");
}

static void what_cannot_be_packed_waits(void **state)
{
	int64_t now = start() + 1000;

	(void)state;
	tell("a", NEWS_CHANGED, 1);
	fake.error = -EMSGSIZE;
	work(false, now);
	fake.error = 0;
	retried(now, "a cha 1;");
}

static void ids_are_never_those_of_updates(void **state)
{
	static const struct outcome outcome = {.why = "said"};

	(void)state;
	assert_false(posts_result(posts, 1, &outcome, 0));
	assert_false(posts_result(posts, QUEUE_IDS_END - 1, &outcome, 0));
	assert_true(posts_result(posts, QUEUE_IDS_END, &outcome, 0));
	posts->last_id = UINT32_MAX - 1;
	assert_int_equal(next_id(posts), UINT32_MAX);
	assert_int_equal(next_id(posts), QUEUE_IDS_END);
	assert_int_equal(next_id(posts), QUEUE_IDS_END + 1);
}

static void another_configuration_forgets_what_is_not_in_it(void **state)
{
	int64_t now = start() + 1000;
	char url[] = "https://b.example/S3CRET", *urls[] = {url};
	struct cfg_record record = {.told = {.notify = urls, .n_notify = 1}};
	struct cfg cfg = {.records = &record, .n_records = 1};

	(void)state;
	tell("ab", NEWS_CHANGED, 1);
	posts_follow(posts, &cfg);
	work(false, now);
	expect_sent("b cha 1;");
}

static void without_an_updater_nothing_happens(void **state)
{
	(void)state;
	tell("a", NEWS_CHANGED, 1);
	posts_work(posts, NULL, false, start() + 1000);
	expect_sent("");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(one_after_the_other_in_order),
		CASE(updates_go_first_but_not_for_ever),
		CASE(what_fails_is_tried_ever_less_often),
		CASE(what_the_server_asks_for_is_kept),
		CASE(news_end_the_wait_for_the_network),
		CASE(what_is_refused_is_given_up),
		CASE(after_a_day_it_is_given_up),
		CASE(the_newest_are_kept),
		CASE(two_at_a_time_and_each_in_its_turn),
		CASE(a_lost_updater_is_no_failure_once),
		CASE(one_without_an_answer_is_given_up_and_tried_again),
		CASE(a_change_ends_what_is_on_its_way_soon),
		CASE(a_full_updater_is_asked_again),
		CASE(what_cannot_be_packed_waits),
		CASE(ids_are_never_those_of_updates),
		CASE(another_configuration_forgets_what_is_not_in_it),
		CASE(without_an_updater_nothing_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
