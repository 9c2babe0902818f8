/* SPDX-License-Identifier: MIT */
#include "update/daemon/daemon.c"

#include <setjmp.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/netns.h"
#include "update/daemon/reload.h"
#include "tests/unit/tempdir.h"

#define LOCAL "[a.example.org]\nprovider = hosts\nfile = /tmp/nlddns-hosts\nfamily = ipv4\n"
#define REMOTE                                                                                     \
	"[b.example.org]\nprovider = dyndns2\nurl = https://d.example/\nusername = u\npassword = " \
	"p\n"

static char conf[256];
static struct daemon nlddnsd;

static void write_conf(const char *text)
{
	tempdir_write("nlddns.conf", text, strlen(text), 0600);
}

/* A daemon that has read LOCAL and found no nlddns-updater. */
static int setup(void **state)
{
	struct cfg_errors errors = {.n = 0};

	if (tempdir_setup(state) < 0)
		return -1;
	write_conf("[nlddns]\nstate-dir = /tmp/old\n" LOCAL);
	snprintf(conf, sizeof(conf), "%s", tempdir_path("nlddns.conf"));
	nlddnsd = (struct daemon){.path = conf, .posts = posts_new()};
	if (cfg_load(conf, &nlddnsd.cfg, &errors) < 0 ||
	    engine_new(nlddnsd.cfg, NULL, &nlddnsd.engine) < 0)
		return -1;
	cfg_errors_done(&errors);
	return belief_open(1000, &nlddnsd.belief);
}

static int teardown(void **state)
{
	engine_free(nlddnsd.engine);
	posts_free(nlddnsd.posts);
	belief_close(nlddnsd.belief);
	updater_free(nlddnsd.updater);
	cfg_free(nlddnsd.cfg);
	return tempdir_teardown(state);
}

static int reload(const char *text)
{
	struct cfg_errors errors = {.n = 0};
	int err;

	write_conf(text);
	err = reload_daemon(&nlddnsd, &errors);
	assert_true(!err == (errors.n == 0));
	if (err == -ENOENT)
		assert_non_null(strstr(errors.list[0].text, "needs nlddns-updater"));
	cfg_errors_done(&errors);
	return err;
}

static void local_providers_need_no_updater(void **state)
{
	struct engine *before = nlddnsd.engine;

	(void)state;
	assert_false(daemon_needs_updater(nlddnsd.cfg));
	assert_int_equal(reload(LOCAL), 0);
	assert_ptr_not_equal(nlddnsd.engine, before);
	before = nlddnsd.engine;
	assert_int_equal(reload(LOCAL REMOTE), -ENOENT);
	assert_int_equal(reload(LOCAL "notify = https://hooks.example/\n"), -ENOENT);
	assert_ptr_equal(nlddnsd.engine, before);
	assert_int_equal(nlddnsd.cfg->n_records, 1);
	assert_int_equal(updater_new("/nonexistent", 0, false, &nlddnsd.updater), 0);
	assert_int_equal(reload(LOCAL REMOTE), 0);
	assert_true(daemon_needs_updater(nlddnsd.cfg));
	assert_ptr_equal(nlddnsd.engine->updater, nlddnsd.updater);
}

static void the_state_stays_where_it_is(void **state)
{
	(void)state;
	assert_int_equal(reload("[nlddns]\nstate-dir = /tmp/new\n" LOCAL), 0);
	assert_string_equal(nlddnsd.cfg->daemon.state_dir, "/tmp/old");
	assert_int_equal(reload(LOCAL), 0);
	assert_string_equal(nlddnsd.cfg->daemon.state_dir, "/tmp/old");
}

static void debug_is_for_the_updater_too(void **state)
{
	(void)state;
	assert_false(is_verbose(&nlddnsd));
	assert_int_equal(reload("[nlddns]\nlog-level = debug\n" LOCAL), 0);
	assert_true(is_verbose(&nlddnsd));
	assert_int_equal(reload("[nlddns]\nlog-level = warn\n" LOCAL), 0);
	assert_false(is_verbose(&nlddnsd));
	nlddnsd.verbose = true;
	assert_true(is_verbose(&nlddnsd));
}

/* After the kernel's next news. */
static const struct choice *choice_after(const char *commands, int64_t now)
{
	struct pollfd news = {.fd = belief_fd(nlddnsd.belief), .events = POLLIN};

	assert_int_equal(netns_batch(commands), 0);
	assert_int_equal(poll(&news, 1, 5000), 1);
	belief_drain(nlddnsd.belief, now);
	read_kernel(&nlddnsd, now);
	return &nlddnsd.engine->sources->list[RECORD_TYPE_A].now;
}

/* A lifetime is no difference to the snapshot, but decides between addresses. */
static void lifetimes_alone_are_looked_at(void **state)
{
	const struct choice *choice;

	(void)state;
	if (!netns_enter())
		skip();
	belief_close(nlddnsd.belief);
	assert_int_equal(belief_open(1000, &nlddnsd.belief), 0);
	assert_int_equal(reload(LOCAL "interface = wan0\nallow = documentation\n"), 0);
	choice = choice_after(
		"link add wan0 type veth peer name isp0\nlink set isp0 up\n"
		"link set wan0 up\nroute add default dev wan0\n"
		"address add 203.0.113.5/32 dev wan0 valid_lft 9000 preferred_lft 2000\n"
		"address add 203.0.113.6/32 dev wan0 valid_lft 9000 preferred_lft 1000\n",
		1);
	assert_int_equal(choice->n, 1);
	assert_int_equal(choice->addrs[0].bytes[3], 5);
	choice = choice_after("address change 203.0.113.6/32 dev wan0 valid_lft 9000 "
			      "preferred_lft 8000\n",
			      2);
	assert_int_equal(choice->addrs[0].bytes[3], 6);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(local_providers_need_no_updater),
		CASE(the_state_stays_where_it_is),
		CASE(debug_is_for_the_updater_too),
		CASE(lifetimes_alone_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
