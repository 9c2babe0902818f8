/* SPDX-License-Identifier: MIT */
#include "update/wire.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

static char bytes[WIRE_MAX];

static const struct value values[] = {
	{"url", "https://members.example.org/nic/update?x=\"y\""},
	{"username", "me"},
	{"password", "p\xe4ss \x01\\w\xff\xc3\xa4rd"},
	{"ca-file", "/etc/ca.pem"},
};

static const struct wanted wanted[] = {
	{.name = "a.example.org",
	 .type = RECORD_TYPE_A,
	 .addrs = {"192.0.2.1"},
	 .n_addrs = 1,
	 .ttl = 60,
	 .unsure = true,
	 .other = "2001:db8::9"},
	{.name = "*.b_c.example.org",
	 .type = RECORD_TYPE_AAAA,
	 .addrs = {"2001:db8::1", "2001:db8::2"},
	 .n_addrs = 2,
	 .previous = (const char *const[]){"2001:db8::3", "2001:db8::2"},
	 .n_previous = 2},
};

static struct wire_job sample(void)
{
	return (struct wire_job){
		.id = 4000000000,
		.job = {.provider = provider_find("dyndns2"),
			.values = values,
			.n_values = 4,
			.wanted = wanted,
			.n_wanted = 2,
			.purpose = PURPOSE_UPDATE},
		.bind = "ppp0",
		.deadline_ms = 60000,
		.way = 3000000000,
	};
}

static int pack_sample(void)
{
	struct wire_job job = sample();

	return wire_pack_job(&job, bytes, sizeof(bytes));
}

/* "|" ends a field. */
static int unpack_text(const char *text)
{
	static struct wire_message message;
	static char fields[WIRE_MAX];
	size_t len = strlen(text);
	int rc;

	for (size_t i = 0; i <= len; i++)
		fields[i] = (char)(text[i] == '|' ? '\0' : text[i]);
	rc = wire_unpack(fields, len + 1, NULL, &message);

	if (rc == 0 && message.kind == WIRE_JOB)
		wire_done(&message);
	return rc;
}

static void a_job_arrives_as_it_was_sent(void **unused)
{
	struct wire_message message = {0};
	const struct job *job;
	int len = pack_sample();

	(void)unused;
	assert_in_range(len, 1, WIRE_MAX);
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
	assert_int_equal(message.kind, WIRE_JOB);
	assert_int_equal(message.id, 4000000000);
	assert_int_equal(message.job->id, 4000000000);
	assert_string_equal(message.job->bind, "ppp0");
	assert_int_equal(message.job->deadline_ms, 60000);
	assert_int_equal(message.job->way, 3000000000);
	job = &message.job->job;
	assert_ptr_equal(job->provider, provider_find("dyndns2"));
	assert_int_equal(job->n_values, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(provider_value(job, values[i].name), values[i].text);
	assert_int_equal(job->n_wanted, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(job->wanted[i].name, wanted[i].name);
		assert_int_equal(job->wanted[i].type, wanted[i].type);
		assert_int_equal(job->wanted[i].ttl, wanted[i].ttl);
		assert_int_equal(job->wanted[i].unsure, wanted[i].unsure);
		if (wanted[i].other)
			assert_string_equal(job->wanted[i].other, wanted[i].other);
		else
			assert_null(job->wanted[i].other);
		assert_int_equal(job->wanted[i].n_addrs, wanted[i].n_addrs);
		for (size_t j = 0; j < wanted[i].n_addrs; j++)
			assert_string_equal(job->wanted[i].addrs[j], wanted[i].addrs[j]);
		assert_int_equal(job->wanted[i].n_previous, wanted[i].n_previous);
		for (size_t j = 0; j < wanted[i].n_previous; j++)
			assert_string_equal(job->wanted[i].previous[j], wanted[i].previous[j]);
	}
	wire_done(&message);
	assert_null(message.job);
}

static const struct setting settings[] = {{.name = "token", .type = SETTING_SECRET}, {0}};

static const struct service service = {
	.title = "Test",
	.url = "https://a.example/{name}",
	.ipv4 = "{ip4}",
	.names = 1,
	.rules = (const struct service_rule[]){{VERDICT_DONE, "empty"}},
	.n_rules = 1,
	.settings = settings,
};

static const struct provider served = {.name = "test", .settings = settings, .service = &service};

static int unpack_served(struct wire_services *services, int number, struct wire_message *ret)
{
	struct wire_job job = sample();
	int len;

	job.job.provider = &served;
	job.job.n_values = 0;
	job.service = number;
	len = wire_pack_job(&job, bytes, sizeof(bytes));
	return wire_unpack(bytes, (size_t)len, services, ret);
}

static int keep(struct wire_services *services, int number)
{
	static struct wire_message message;
	int len = wire_pack_service(number, &served, bytes, sizeof(bytes));
	int rc = wire_unpack(bytes, (size_t)len, services, &message);

	assert_int_equal(message.kind, WIRE_SERVICE);
	return rc;
}

static void a_job_finds_the_service_it_was_told_of(void **unused)
{
	struct wire_services services = {0};
	static struct wire_message first, second;

	(void)unused;
	assert_int_equal(unpack_served(&services, 3, &first), -EBADMSG);
	assert_int_equal(keep(&services, 3), 0);
	assert_int_equal(unpack_served(&services, 3, &first), 0);
	assert_string_equal(first.job->job.provider->service->url, service.url);
	/* Another under that number leaves the job what it has. */
	assert_int_equal(keep(&services, 3), 0);
	assert_int_equal(unpack_served(&services, 3, &second), 0);
	assert_ptr_not_equal(first.job->job.provider, second.job->job.provider);
	wire_services_free(&services);
	assert_string_equal(first.job->job.provider->service->url, service.url);
	wire_done(&first);
	wire_done(&second);
}

static void services_are_few_and_only_for_the_updater(void **unused)
{
	struct wire_services services = {0};
	static struct wire_message message;

	(void)unused;
	assert_int_equal(keep(&services, 0), -EBADMSG);
	assert_int_equal(keep(&services, 1), 0);
	assert_int_equal(keep(&services, WIRE_SERVICES_MAX), 0);
	assert_int_equal(keep(&services, WIRE_SERVICES_MAX + 1), -EBADMSG);
	assert_int_equal(keep(NULL, 1), -EBADMSG);
	assert_int_equal(unpack_served(NULL, 1, &message), -EBADMSG);
	assert_int_equal(unpack_served(&services, 2, &message), -EBADMSG);
	assert_int_equal(unpack_served(&services, -1, &message), -EBADMSG);
	assert_int_equal(unpack_served(&services, WIRE_SERVICES_MAX + 1, &message), -EBADMSG);
	/* No provider of ours is called that. */
	assert_int_equal(unpack_served(&services, 0, &message), -EBADMSG);
	wire_services_free(&services);
}

static void a_purpose_arrives(void **unused)
{
	static const enum purpose purposes[] = {PURPOSE_UPDATE, PURPOSE_VERIFY};

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct wire_job job = sample();
		struct wire_message message = {0};
		int len;

		job.job.purpose = purposes[i];
		len = wire_pack_job(&job, bytes, sizeof(bytes));
		assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
		assert_int_equal(message.job->job.purpose, purposes[i]);
		wire_done(&message);
	}
}

static void the_largest_job_fits(void **unused)
{
	static struct wanted many[JOB_WANTED_MAX];
	static char names[JOB_WANTED_MAX][DNS_NAME_MAX];
	struct wire_job job = sample();
	struct wire_message message = {0};
	int len;

	(void)unused;
	for (size_t i = 0; i < JOB_WANTED_MAX; i++) {
		snprintf(names[i], DNS_NAME_MAX, "%060zu.%060zu.%060zu.%060d.example", i, i, i, 0);
		many[i] = (struct wanted){.name = names[i],
					  .type = RECORD_TYPE_AAAA,
					  .n_addrs = WANTED_ADDRS_MAX,
					  .ttl = 1};
		for (size_t j = 0; j < WANTED_ADDRS_MAX; j++)
			many[i].addrs[j] = "1111:2222:3333:4444:5555:6666:7777:8888";
		many[i].previous = many[i].addrs;
		many[i].n_previous = WANTED_ADDRS_MAX;
	}
	job.job.wanted = many;
	job.job.n_wanted = JOB_WANTED_MAX;
	len = wire_pack_job(&job, bytes, sizeof(bytes));
	assert_in_range(len, 1, WIRE_MAX);
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
	assert_int_equal(message.job->job.n_wanted, JOB_WANTED_MAX);
	wire_done(&message);
}

/* The kernel lets a link have any name of bytes. */
static void a_bind_is_bytes(void **unused)
{
	struct wire_job job = sample();
	struct wire_message message = {0};
	int len;

	(void)unused;
	job.bind = "wan\xff\x80";
	len = wire_pack_job(&job, bytes, sizeof(bytes));
	assert_true(len > 0);
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
	assert_string_equal(message.job->bind, "wan\xff\x80");
	wire_done(&message);
}

static void no_bind_stays_none(void **unused)
{
	struct wire_job job = sample();
	struct wire_message message = {0};
	int len;

	(void)unused;
	job.bind = NULL;
	len = wire_pack_job(&job, bytes, sizeof(bytes));
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
	assert_null(message.job->bind);
	wire_done(&message);
}

static void what_does_not_fit_is_refused(void **unused)
{
	struct wire_job job = sample();
	int len = pack_sample();

	(void)unused;
	assert_int_equal(wire_pack_job(&job, bytes, (size_t)len), len);
	assert_int_equal(wire_pack_job(&job, bytes, (size_t)len - 1), -EMSGSIZE);
	assert_int_equal(wire_pack_cancel(1, bytes, 3), -EMSGSIZE);
}

static void cancel_and_progress_arrive(void **unused)
{
	struct wire_message message = {0};
	int len;

	(void)unused;
	len = wire_pack_cancel(7, bytes, sizeof(bytes));
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
	assert_int_equal(message.kind, WIRE_CANCEL);
	assert_int_equal(message.id, 7);
	len = wire_pack_progress(8, "GET h\xffst/p", bytes, sizeof(bytes));
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
	assert_int_equal(message.kind, WIRE_PROGRESS);
	assert_int_equal(message.id, 8);
	assert_string_equal(message.progress, "GET h\xffst/p");
	wire_done(&message);
}

static void every_verdict_arrives(void **unused)
{
	struct outcome outcomes[VERDICT_COUNT];
	static struct wire_message message;
	int len;

	(void)unused;
	for (int i = 0; i < VERDICT_COUNT; i++) {
		outcomes[i] = (struct outcome){.verdict = (enum verdict)i,
					       .wait_ms = i * 1000,
					       .truth = (enum truth)(i % TRUTH_COUNT),
					       .ttl = i == 1 ? TTL_MAX : (unsigned)i * 60};
		snprintf(outcomes[i].why, OUTCOME_WHY_MAX, "why %d \xff", i);
	}
	memset(outcomes[0].why, 'x', OUTCOME_WHY_MAX - 1);
	outcomes[0].why[OUTCOME_WHY_MAX - 1] = '\0';
	len = wire_pack_result(9, outcomes, VERDICT_COUNT, bytes, sizeof(bytes));
	assert_int_equal(wire_unpack(bytes, (size_t)len, NULL, &message), 0);
	assert_int_equal(message.kind, WIRE_RESULT);
	assert_int_equal(message.id, 9);
	assert_int_equal(message.n_outcomes, VERDICT_COUNT);
	for (int i = 0; i < VERDICT_COUNT; i++) {
		assert_int_equal(message.outcomes[i].verdict, i);
		assert_int_equal(message.outcomes[i].wait_ms, i * 1000);
		assert_int_equal(message.outcomes[i].truth, outcomes[i].truth);
		assert_int_equal(message.outcomes[i].ttl, outcomes[i].ttl);
		assert_string_equal(message.outcomes[i].why, outcomes[i].why);
	}
}

#define W(name, type, addr) name "|" type "|1|0||1|" addr "|0"
#define JOB(id, provider, values, wanted, bind, deadline) \
	"job|" id "|0|" provider "|0|" bind "|" deadline "|0|0|" values "|" wanted
#define RESULT(verdict, wait, truth, ttl, why) \
	"result|1|1|" verdict "|" wait "|" truth "|" ttl "|" why
#define A                     "0"
#define AAAA                  "1"
#define GOOD                  W("a.b", A, "192.0.2.1")
#define ONE(name, type, addr) JOB("1", "dyndns2", "0", "1|" W(name, type, addr), "", "1")
#define TEXT63                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TEXT159               TEXT63 TEXT63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void only_exact_jobs_are_read(void **unused)
{
	static const struct {
		int rc;
		const char *text;
	} rows[] = {
		{0, JOB("1", "dyndns2", "0", "1|" GOOD, "", "1")},
		{0, JOB("1", "dyndns2", "1|url|x", "2|" GOOD "|" GOOD, "eth0", "600000")},
		{0, ONE(TEXT63 ".b", AAAA, "::1")},
		{0, JOB("1", "dyndns2", "1|password|\xff", "1|" GOOD, "", "1")},
		/* numbers */
		{0, JOB("4294967295", "dyndns2", "0", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("4294967296", "dyndns2", "0", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|" GOOD, "", "0")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|" GOOD, "", "600001")},
		/* provider, values */
		{-EBADMSG, JOB("1", "nosuch", "0", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "1|nosuch|x", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "2|url|x", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0|url|x", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "2|url|a|url|b", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "65|url|a", "1|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "rfc2136", "1|ca-file|x", "1|" GOOD, "", "1")},
		/* link */
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|" GOOD, "a/b", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|" GOOD, "a b", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|" GOOD, "..", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|" GOOD, "1234567890123456", "1")},
		/* wanted */
		{-EBADMSG, JOB("1", "dyndns2", "0", "0", "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1", "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "2|" GOOD, "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|" GOOD "|" GOOD, "", "1")},
		{-EBADMSG, ONE("A.b", A, "192.0.2.1")},
		{-EBADMSG, ONE("a.b.", A, "192.0.2.1")},
		{-EBADMSG, ONE("a..b", A, "192.0.2.1")},
		{-EBADMSG, ONE(".a", A, "192.0.2.1")},
		{-EBADMSG, ONE("", A, "192.0.2.1")},
		{-EBADMSG, ONE("a b", A, "192.0.2.1")},
		{-EBADMSG, ONE("a.*.b", A, "192.0.2.1")},
		{-EBADMSG, ONE("*.", A, "192.0.2.1")},
		{-EBADMSG, ONE("a" TEXT63, A, "192.0.2.1")},
		{-EBADMSG, ONE("a.b", "2", "192.0.2.1")},
		{-EBADMSG, ONE("a.b", AAAA, "192.0.2.1")},
		{-EBADMSG, ONE("a.b", A, "192.0.2")},
		{-EBADMSG, ONE("a.b", A, "")},
		{-EBADMSG, ONE("a.b", AAAA, "2001:DB8::1")},
		{-EBADMSG, ONE("a.b", AAAA, "2001:0db8::1")},
		{-EBADMSG, ONE("a.b", A, "192.0.2.1") "|"},
		/* an unsureness that is none; the other address of a name is of the other kind */
		{0, JOB("1", "dyndns2", "0", "1|a.b|0|1|1||0|0", "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|a.b|0|1|2||0|0", "", "1")},
		{0, JOB("1", "dyndns2", "0", "1|a.b|0|1|0|::1|0|0", "", "1")},
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|a.b|0|1|0|192.0.2.1|0|0", "", "1")},
		/* as many addresses as there may be, and one more */
		{-EBADMSG, JOB("1", "dyndns2", "0", "1|a.b|0|1|0||99|192.0.2.1|0", "", "1")},
		/* a purpose, a service, a watch that is none */
		{0, "job|1|0|dyndns2|1||1|0|1|0|1|" GOOD},
		{-EBADMSG, "job|1|0|dyndns2|2||1|0|1|0|1|" GOOD},
		{-EBADMSG, "job|1|1|dyndns2|1||1|0|1|0|1|" GOOD},
		{-EBADMSG, "job|1|0|dyndns2|1||1|0|2|0|1|" GOOD},
		/* a field more, a field less, another kind */
		{0, "cancel|1"},
		{-EBADMSG, "cancel|1|1"},
		{-EBADMSG, "cancel"},
		{-EBADMSG, ""},
		{-EBADMSG, "progress|1"},
		{-EBADMSG, "result|1|0"},
		{-EBADMSG, "result|1|2|0|0|1|0|x"},
		{-EBADMSG, RESULT("0", "0", "1", "0", "")},
		{-EBADMSG, RESULT("9", "0", "1", "0", "x")},
		{-EBADMSG, RESULT("0", "34560000001", "1", "0", "x")},
		{-EBADMSG, RESULT("0", "0", "3", "0", "x")},
		{-EBADMSG, RESULT("0", "0", "1", "2147483648", "x")},
		{0, RESULT("0", "34560000000", "1", "2147483647", "x")},
		{0, RESULT("0", "0", "1", "0", TEXT159)},
		{-EBADMSG, RESULT("0", "0", "1", "0", TEXT159 "a")},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (unpack_text(rows[i].text) != rows[i].rc)
			fail_msg("row %zu: %s", i, rows[i].text);
}

static void counts_over_their_cap_are_refused(void **unused)
{
	char text[WIRE_MAX], list[WIRE_MAX / 2] = "";

	(void)unused;
	for (int i = 0; i <= JOB_WANTED_MAX; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "|" GOOD);
	snprintf(text, sizeof(text), JOB("1", "dyndns2", "0", "%d%s", "", "1"), JOB_WANTED_MAX + 1,
		 list);
	assert_int_equal(unpack_text(text), -EBADMSG);
	snprintf(text, sizeof(text), JOB("1", "dyndns2", "0", "%d%s", "", "1"), JOB_WANTED_MAX,
		 list + strlen(GOOD) + 1);
	assert_int_equal(unpack_text(text), 0);
	memset(text, 'x', 256);
	snprintf(list, sizeof(list), "progress|1|%.255s", text);
	assert_int_equal(unpack_text(list), 0);
	snprintf(list, sizeof(list), "progress|1|%.256s", text);
	assert_int_equal(unpack_text(list), -EBADMSG);
}

/* Bytes of a good message changed, cut out or doubled: never a crash (the sanitizers watch), and
 * what is still read obeys the caps. */
static void mutated_messages_are_survived(void **unused)
{
	char *copy = malloc(2 * WIRE_MAX);
	unsigned seed = 1;
	int len = pack_sample();

	(void)unused;
	for (int i = 0; i < 20000; i++) {
		struct wire_message message = {0};
		size_t n = (size_t)len, at, cut;

		memcpy(copy, bytes, n);
		for (int k = rand_r(&seed) % 4; k >= 0; k--) {
			at = (size_t)rand_r(&seed) % n;
			cut = (size_t)rand_r(&seed) % 8;
			if (rand_r(&seed) % 2) {
				copy[at] = (char)rand_r(&seed);
			} else if (at + cut < n) {
				memmove(copy + at, copy + at + cut, n - at - cut);
				n -= cut;
			}
		}
		if (wire_unpack(copy, n, NULL, &message) == 0 && message.kind == WIRE_JOB)
			assert_in_range(message.job->job.n_wanted, 1, JOB_WANTED_MAX);
		wire_done(&message);
	}
	for (int n = 0; n < len; n++)
		assert_int_equal(wire_unpack(bytes, (size_t)n, NULL, &(struct wire_message){0}),
				 -EBADMSG);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_arrives_as_it_was_sent),
		cmocka_unit_test(a_job_finds_the_service_it_was_told_of),
		cmocka_unit_test(services_are_few_and_only_for_the_updater),
		cmocka_unit_test(a_purpose_arrives),
		cmocka_unit_test(the_largest_job_fits),
		cmocka_unit_test(a_bind_is_bytes),
		cmocka_unit_test(no_bind_stays_none),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(cancel_and_progress_arrive),
		cmocka_unit_test(every_verdict_arrives),
		cmocka_unit_test(only_exact_jobs_are_read),
		cmocka_unit_test(counts_over_their_cap_are_refused),
		cmocka_unit_test(mutated_messages_are_survived),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
