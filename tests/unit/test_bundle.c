/* SPDX-License-Identifier: MIT */
#include "cfg/bundle.c"

#include <stdio.h>

#include "cfg/catalog.h"
#include "tests/unit/tempdir.h"

/* "NAME begin+len:line " of each. */
struct seen {
	char text[256];
	int left; /* how many more to take */
};

static int note(void *user, const char *name, size_t len, const struct reader_part *part)
{
	struct seen *seen = user;
	size_t used = strlen(seen->text);

	(void)snprintf(seen->text + used, sizeof(seen->text) - used, "%.*s %zu+%zu:%d ", (int)len,
		       name, part->begin, part->len, part->line);
	return --seen->left == 0 ? 7 : 0;
}

static void services_are_found_where_they_are(void **state)
{
	static const struct {
		const char *text, *seen;
	} rows[] = {
		{"", ""},
		{"# nothing\n[services]\n[replies]\n", ""},
		{"[service a]", "a 0+11:1 "},
		{"# x\n\n[service a]\nk = v\n[replies]\n\n[service b-1.c]\nk = v\n",
		 "a 5+29:3 b-1.c 34+22:7 "},
		{"[service a]\r\n[service a]\r\n", "a 0+13:1 a 13+13:2 "},
		{"[service ]\nk = v\n", ""},
		{"[service]\nk = v\n", ""},
		{" [service a]\nk = [service b]\n#[service c]\n", ""},
		{"[service a\n]\n", ""},
		{"\n\n[service no newline behind it]\nx", "no newline behind it 2+32:3 "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen = {0};

		tempdir_text("all.conf", rows[i].text);
		assert_int_equal(bundle_each(tempdir_path("all.conf"), note, &seen), 0);
		assert_string_equal(seen.text, rows[i].seen);
	}
}

/* Lines that begin in one block of the file and end in another, and one longer than a block. */
static void lines_may_be_long(void **state)
{
	static char text[20000];

	(void)state;
	for (size_t before = 4070; before < 4110; before++) {
		struct seen seen = {0};
		char want[64];

		memset(text, 'x', before);
		(void)snprintf(text + before, sizeof(text) - before, "\n[service a]\n%08999d\n%s",
			       1, "[service b]\nk = v\n");
		tempdir_text("all.conf", text);
		(void)snprintf(want, sizeof(want), "a %zu+%d:2 b %zu+18:4 ", before + 1, 9012,
			       before + 1 + 9012);
		assert_int_equal(bundle_each(tempdir_path("all.conf"), note, &seen), 0);
		assert_string_equal(seen.text, want);
	}
	/* what is inside a line is no beginning */
	memset(text, 'x', sizeof(text));
	memcpy(text + 4096, "[service a]", 11);
	memcpy(text + sizeof(text) - 20, "\n[service b]\n", 14);
	tempdir_text("all.conf", text);
	struct seen seen = {0};
	assert_int_equal(bundle_each(tempdir_path("all.conf"), note, &seen), 0);
	assert_string_equal(seen.text, "b 19981+12:2 ");
}

static void enough_is_enough(void **state)
{
	struct seen seen = {.left = 2};

	(void)state;
	tempdir_text("all.conf", "[service a]\n[service b]\n[service c]\n");
	assert_int_equal(bundle_each(tempdir_path("all.conf"), note, &seen), 7);
	assert_string_equal(seen.text, "a 0+12:1 b 12+12:2 ");
	assert_int_equal(bundle_each(tempdir_path("none.conf"), note, &seen), -ENOENT);
	assert_int_equal(bundle_each(tempdir_path("."), note, &seen), -EISDIR);
	assert_int_equal(bundle_each("/dev/zero", note, &seen), -EFBIG);
}

#define SHOWN                                                    \
	"title = T\nweb = https://a.example\nurl = https://a.ex" \
	"ample/{token}\nipv4 = {ip4}\n\n[replies]\ndone = empty\n"
#define TIGHT                                              \
	"title=T\nweb=https://a.example\nurl=https://a.ex" \
	"ample/{token}\nipv4={ip4}\n[replies]\ndone=empty\n"
#define BODY                                                     \
	"title = T\nweb = https://a.example\nurl = https://a.ex" \
	"ample/{token}\nipv4 = {ip4}\n[replies]\ndone = empty\n"

struct part_read {
	char name[16], fault[400], text[400];
};

/* Reads the last one, as the catalogue does. */
static int read_part(void *user, const char *name, size_t len, const struct reader_part *part)
{
	struct part_read *result = user;
	struct catalog_entry entry = {strndup(name, len), strdup(tempdir_path("all.conf")), *part};
	struct cfg_service *service = NULL;
	struct reader reader = {0};
	struct faults faults = {0};
	FILE *to = fmemopen(result->text, sizeof(result->text), "w");

	memset(result, 0, sizeof(*result));
	assert_int_equal(catalog_read(&reader, &entry, &faults, &service), 0);
	(void)snprintf(result->name, sizeof(result->name), "%s %d",
		       service->provider.service ? service->provider.name : "-", service->line);
	for (size_t i = 0; i < faults.n; i++)
		(void)snprintf(result->fault, sizeof(result->fault), "%s:%d: %s",
			       strrchr(reader.files[faults.list[i].at.file].path, '/') + 1,
			       faults.list[i].at.line, faults.list[i].text);
	assert_int_equal(catalog_print(&entry, to), 0);
	assert_int_equal(fclose(to), 0);
	catalog_free(service);
	reader_done(&reader);
	faults_done(&faults);
	catalog_forget(&entry);
	return 0;
}

/* A part is read as a file is, and its faults have the lines of the whole. */
static void a_part_is_as_good_as_a_file(void **state)
{
	static const struct {
		const char *text, *name, *fault, *shown;
	} rows[] = {
		{"# Of all.\n\n[service a]\n" BODY "\n\n", "a 3", "", "[service]\n" SHOWN},
		{"[service a]\n" TIGHT "[service b]\n" TIGHT, "b 8", "", "[service]\n" SHOWN},

		{"[service b]\nwrong\n\n[service a]\n# A.\n" BODY, "a 4", "",
		 "[service]\n# A.\n" SHOWN},
		{"[service b]\nwrong\n\n[service a]\nipv5 = x\n" BODY, "- 4",
		 "all.conf:5: unknown key `ipv5`; did you mean `ipv4`?", NULL},
		{"\n[service a]\n" BODY "[service]\ntitle = U\n", "- 2",
		 "all.conf:9: [service] is already in line 2", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct part_read result;

		tempdir_text("all.conf", rows[i].text);
		assert_int_equal(bundle_each(tempdir_path("all.conf"), read_part, &result), 0);
		assert_string_equal(result.name, rows[i].name);
		assert_string_equal(result.fault, rows[i].fault);
		if (rows[i].shown)
			assert_string_equal(result.text, rows[i].shown);
	}
}

/* Another file came in its place since it was found. */
static void a_part_that_is_gone_is_not_shown(void **state)
{
	struct catalog_entry entry = {(char[]){"duckdns"}, NULL, {.len = 20, .line = 1}};
	char path[256];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s", tempdir_path("all.conf"));
	entry.path = path;
	tempdir_text("all.conf", "[service a]\n");
	assert_int_equal(catalog_print(&entry, stderr), -ESTALE);
	tempdir_text("all.conf", "");
	assert_int_equal(catalog_print(&entry, stderr), -ESTALE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(catalog_print(&entry, stderr), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(services_are_found_where_they_are, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(lines_may_be_long, tempdir_setup, tempdir_teardown),
		cmocka_unit_test_setup_teardown(enough_is_enough, tempdir_setup, tempdir_teardown),
		cmocka_unit_test_setup_teardown(a_part_is_as_good_as_a_file, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(a_part_that_is_gone_is_not_shown, tempdir_setup,
						tempdir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
