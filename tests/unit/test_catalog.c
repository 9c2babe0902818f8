/* SPDX-License-Identifier: MIT */
/* Every service of the catalogue does what its transcript says. */
#include "tests/unit/ruleseen.h"

#define rule_which ruleseen_which
#include "providers/reading.c"
#undef rule_which

#include <dirent.h>
#include <math.h>
#include <time.h>

#include "cfg/catalog.h"
#include "cfg/slurp.h"
#include "tests/unit/shipped.h"
#include "tests/unit/transcript.h"

#define LOAD_MAX_MS 20

static void expect_seen(const struct cfg_service *s, const struct transcript *t)
{
	const struct service *service = &s->service;
	bool refused = false;

	ruleseen_expect_all(t->path);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		refused |= t->verdicts[i] && i != VERDICT_DONE && i != VERDICT_UNCHANGED;
	if (!t->verdicts[VERDICT_DONE] || !refused)
		fail_msg("%s: a reply must be done, and one must not", t->path);
	if (service_sets(service, RECORD_TYPE_A) && !t->sent[1])
		fail_msg("%s: an IPv4 address alone is never wanted", t->path);
	if (service_sets(service, RECORD_TYPE_AAAA) && !t->sent[2])
		fail_msg("%s: an IPv6 address alone is never wanted", t->path);
	if (service->both && !t->sent[3])
		fail_msg("%s: both addresses of a name are never wanted", t->path);
}

static void play_service(const struct catalog_entry *entry)
{
	static struct transcript t;
	struct cfg_service *service = shipped_read_entry(entry);
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "tests/catalog/%s.txt", entry->name);
	if (service->service.ended || service->service.api) {
		catalog_free(service);
		return;
	}
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s: there is no such transcript", path);
	memset(&t, 0, sizeof(t));
	t.path = path;
	t.provider = &service->provider;
	ruleseen_begin(&service->service);
	transcript_run(&t, file);
	transcript_done(&t);
	expect_seen(service, &t);
	(void)fclose(file);
	catalog_free(service);
}

static bool is_offered(const char *name)
{
	struct cfg_service *service;
	bool offered;

	if (provider_find(name))
		return true;
	service = shipped_read(name);
	offered = !service->service.ended;
	catalog_free(service);
	return offered;
}

/* Services of one request a name that today's clients have and nobody reports dead. A service that
 * shuts down leaves this list, and its file says `ended`. */
static const char *const alive[] = {
	"1984",          "3322",       "35cn",          "all-inkl",       "apertodns",
	"bookmyname",    "changeip",   "core-networks", "ddns.fm",        "ddnss",
	"ddo.jp",        "desec",      "dhis",          "dinahosting",    "directnic",
	"dnsever",       "dnshome",    "dnsmadeeasy",   "dnsomatic",      "do.de",
	"domeneshop",    "dondominio", "duckdns",       "duiadns",        "dy.fi",
	"dyn",           "dynadot",    "dyndns.it",     "dynu",           "dynv6",
	"easydns",       "enom",       "eurodns",       "freedns",        "freemyip",
	"gigahost",      "gira",       "goip",          "he.net",         "hosting.de",
	"infomaniak",    "inwx",       "ipv64",         "joker",          "keysystems",
	"loopia",        "myaddr",     "mydns.jp",      "myonlineportal", "mythic-beasts",
	"namecheap",     "nic.ru",     "njalla",        "no-ip",          "now-dns",
	"nsupdate.info", "opendns",    "oray",          "ovh-dynhost",    "powerdns-admin",
	"regfish",       "schokokeks", "selfhost",      "simply",         "sitelutions",
	"spdyn",         "strato",     "tunnelbroker",  "udmedia",        "updatedip",
	"variomedia",    "websupport", "west.cn",       "ydns",           "zoneedit",
};
#define ALIVE_MIN 72

static void the_living_are_there(void **state)
{
	struct catalog_list list = shipped_list();
	size_t n_alive = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(alive) / sizeof(alive[0]); i++)
		if (!is_offered(alive[i]))
			fail_msg("%s is said to be shut down", alive[i]);
	for (size_t i = 0; i < list.n; i++)
		n_alive += is_offered(list.entries[i].name);
	print_message("# case %zu services, %zu of them were shut down\n", list.n,
		      list.n - n_alive);
	assert_true(sizeof(alive) / sizeof(alive[0]) >= ALIVE_MIN && n_alive >= ALIVE_MIN);
	catalog_list_done(&list);
}

/* A transcript whose service is gone, or misspelt, proves nothing. */
static void every_transcript_has_its_service(void **state)
{
	DIR *dir = opendir("tests/catalog");
	struct dirent *entry;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *dot = strrchr(entry->d_name, '.');

		if (!dot || strcmp(dot, ".txt") != 0)
			continue;
		*dot = '\0';
		if (!is_offered(entry->d_name))
			fail_msg("tests/catalog/%s.txt: there is no such service", entry->d_name);
	}
	(void)closedir(dir);
}

static void every_service_does_what_its_transcript_says(void **state)
{
	struct catalog_list list = shipped_list();

	(void)state;
	for (size_t i = 0; i < list.n; i++)
		play_service(&list.entries[i]);
	catalog_list_done(&list);
}

/* An alias leads to one service, and is not the name of another. */
static void every_alias_is_of_one_service(void **state)
{
	struct catalog_list all = shipped_list();
	struct cfg_service *services[512];

	(void)state;
	assert_true(all.n <= 512);
	for (size_t i = 0; i < all.n; i++)
		services[i] = shipped_read_entry(&all.entries[i]);
	for (size_t i = 0; i < all.n; i++) {
		char *rest =
			services[i]->service.aliases ? strdup(services[i]->service.aliases) : NULL;
		char *list = rest, *word;

		while ((word = strsep(&rest, " ")))
			for (size_t k = 0; k < all.n; k++)
				if (strcasecmp(word, all.entries[k].name) == 0 ||
				    (k != i && catalog_has_alias(services[k], word)))
					fail_msg("%s is an alias of %s and leads to %s", word,
						 all.entries[i].name, all.entries[k].name);
		free(list);
	}
	for (size_t i = 0; i < all.n; i++)
		catalog_free(services[i]);
	catalog_list_done(&all);
}

/* Of a service that was shut down: why, in a line, and services that are still there. */
static void instead_of_the_dead_are_the_living(void **state)
{
	struct catalog_list all = shipped_list();

	(void)state;
	for (size_t i = 0; i < all.n; i++) {
		struct cfg_service *service = shipped_read_entry(&all.entries[i]);
		const struct service *s = &service->service;
		char *list = s->ended ? strdup(s->instead ? s->instead : "") : NULL;
		char *rest = list, *word;

		if (s->ended && (strlen(s->ended) > 40 || strlen(list) > 80 || !list[0]))
			fail_msg("%s: `ended` is too long, or `instead` too long or empty",
				 service->name);
		while ((word = strsep(&rest, " ,")))
			if (word[0] && !is_offered(word))
				fail_msg("%s: %s is no more, either", service->name, word);
		free(list);
		catalog_free(service);
	}
	catalog_list_done(&all);
}

/* Its lines, but for comments and empty ones. */
static void keep_lines(const char *text, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t len; *text; text += len) {
		len = strcspn(text, "\n") + (strchr(text, '\n') != NULL);
		if (text[0] != '#' && text[0] != '\n')
			used += (size_t)snprintf(out + used, size - used, "%.*s", (int)len, text);
	}
}

/* What `nlddns providers NAME --file` prints is what somebody wrote. */
static void every_file_is_there_as_it_was_written(void **state)
{
	static char was[65536], is[65536];
	struct catalog_list list = shipped_list();
	DIR *dir = opendir("providers/catalog");
	struct dirent *file;
	size_t n = 0;

	(void)state;
	assert_non_null(dir);
	while ((file = readdir(dir)))
		n += file->d_name[0] != '.';
	(void)closedir(dir);
	assert_int_equal(n, list.n);
	for (size_t i = 0; i < list.n; i++) {
		struct slurp slurp = {0};
		char path[128], *text = NULL;
		size_t len = 0;
		FILE *to;

		(void)snprintf(path, sizeof(path), "providers/catalog/%s.conf",
			       list.entries[i].name);
		assert_int_equal(slurp_file(path, sizeof(was), &slurp), 0);
		keep_lines(slurp.bytes, was, sizeof(was));
		slurp_done(&slurp);
		to = open_memstream(&text, &len);
		assert_int_equal(catalog_print(&list.entries[i], to), 0);
		assert_int_equal(fclose(to), 0);
		keep_lines(text, is, sizeof(is));
		free(text);
		assert_string_equal(is, was);
	}
	catalog_list_done(&list);
}

/* There only where AddressSanitizer is, under which times say nothing. */
extern void __asan_init(void) __attribute__((weak));

static double now_ms(void)
{
	struct timespec now;

	/* of this process: others may have the processor */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void loading_all_is_quick(void **state)
{
	double best = INFINITY;
	size_t n = 0;

	(void)state;
	for (int round = 0; round < 5; round++) {
		double began = now_ms(), took;
		struct catalog_list list = shipped_list();

		for (size_t i = 0; i < list.n; i++)
			catalog_free(shipped_read_entry(&list.entries[i]));
		took = now_ms() - began;
		best = took < best ? took : best;
		n = list.n;
		catalog_list_done(&list);
	}
	print_message("# case the whole catalogue, %zu services, loads in %.1f ms\n", n, best);
	assert_true(n > 0);
	assert_true(__asan_init || best < LOAD_MAX_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_service_does_what_its_transcript_says),
		cmocka_unit_test(the_living_are_there),
		cmocka_unit_test(every_transcript_has_its_service),
		cmocka_unit_test(every_alias_is_of_one_service),
		cmocka_unit_test(instead_of_the_dead_are_the_living),
		cmocka_unit_test(every_file_is_there_as_it_was_written),
		cmocka_unit_test(loading_all_is_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
