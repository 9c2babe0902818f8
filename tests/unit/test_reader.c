/* SPDX-License-Identifier: MIT */
#include "cfg/reader.c"

#include "tests/unit/tempdir.h"

#define X10(x)  x x x x x x x x x x
#define X100(x) X10(X10(x))

static char dump[262144];

static void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void print(const char *format, ...)
{
	size_t len = strlen(dump);
	va_list args;

	va_start(args, format);
	vsnprintf(dump + len, sizeof(dump) - len, format, args);
	va_end(args);
}

/* Everything that was understood, then everything that was not, with lines. */
static void describe(const struct reader *reader, const struct faults *faults)
{
	dump[0] = '\0';
	for (size_t i = 0; i < reader->n_sections; i++) {
		const struct reader_section *section = &reader->sections[i];

		print("%d[%s]\n", section->at.line, section->title);
		for (size_t j = 0; j < section->n_pairs; j++)
			print("%d %s=%s\n", section->pairs[j].at.line, section->pairs[j].key,
			      section->pairs[j].value);
	}
	for (size_t i = 0; i < faults->n; i++)
		print("!%d %s\n", faults->list[i].at.line, faults->list[i].text);
}

static void read_bytes(const char *bytes, size_t len)
{
	struct reader reader = {0};
	struct faults faults = {0};

	tempdir_write("a.conf", bytes, len, 0600);
	assert_int_equal(reader_load(&reader, tempdir_path("a.conf"), &faults), 0);
	describe(&reader, &faults);
	reader_done(&reader);
	faults_done(&faults);
}

static const struct row {
	const char *text, *expected;
} rows[] = {
	{"", ""},
	{"\n\n  \t\n", ""},
	{"[a]\nkey = value\n", "1[a]\n2 key=value\n"},
	{"[a]\nkey=value", "1[a]\n2 key=value\n"},
	{"[a]\r\nkey = value \t\r\n\r\n[b]\r\n", "1[a]\n2 key=value\n4[b]\n"},
	{"\xef\xbb\xbf[a]\nkey = x\n", "1[a]\n2 key=x\n"},
	{"# c\n; c\n  # c\n\t; c\n[a] # c\n#key = x\n[b];c\n", "5[a]\n7[b]\n"},
	{"[  account \t cf ]\n", "1[account cf]\n"},
	/* Values are exact. */
	{"[a]\np = a;b #c ;d = [e]: \"f\"\n", "1[a]\n2 p=a;b #c ;d = [e]: \"f\"\n"},
	{"[a]\np = # x\n", "1[a]\n2 p=# x\n"},
	{"[a]\np ==\n", "1[a]\n2 p==\n"},
	{"[a]\np = \xc3\xa9\xff\n", "1[a]\n2 p=\xc3\xa9\xff\n"},
	/* inih would fold these into the value before. */
	{"[a]\nk = 1\n  l = 2\n\t[b]\nm = 3\n",
	 "1[a]\n2 k=1\n5 m=3\n"
	 "!3 the line begins with white space: keys and sections start in the first column, and a "
	 "value cannot go on in the next line\n"
	 "!4 the line begins with white space: keys and sections start in the first column, and a "
	 "value cannot go on in the next line\n"},
	{"[a]\nk = 1\n[a]\nk = 2\n[b]\n",
	 "1[a]\n2 k=1\n5[b]\n!3 section [a] is already in DIR/a.conf:1; write its keys there\n"},
	{"[a]\nk = 1\nk = 2\nl = 3\n", "1[a]\n2 k=1\n4 l=3\n!3 `k` is already set in line 2\n"},
	{"k = 1\n[a]\n", "2[a]\n!1 `k` stands before any [section]\n"},
	{"[a\nk = 1\n[b]\n", "3[b]\n!1 `]` is missing\n"},
	{"[]\nk = 1\n", "!1 a section title has 1 to 320 characters\n"},
	{"[a] k = 1\n", "!1 only a comment may follow `]`; keys go on lines of their own\n"},
	{"[a]\nc0ffee\nk\n", "1[a]\n!2 neither `key = value`, nor [section], nor # comment\n"
			     "!3 neither `key = value`, nor [section], nor # comment\n"},
	{"[a]\nk =\nl = \t\n", "1[a]\n!2 `k` has no value; write one, or put # before the line\n"
			       "!3 `l` has no value; write one, or put # before the line\n"},
	/* A line like this may be the rest of a secret: it is not repeated. */
	{"[a]\nAbC+/9==\nk:x = 1\n= 1\n9k = 1\n",
	 "1[a]\n"
	 "!2 what is before `=` is no key: keys are lower-case letters, digits and `-`, at most "
	 "32\n"
	 "!3 what is before `=` is no key: keys are lower-case letters, digits and `-`, at most "
	 "32\n"
	 "!4 what is before `=` is no key: keys are lower-case letters, digits and `-`, at most "
	 "32\n"
	 "!5 what is before `=` is no key: keys are lower-case letters, digits and `-`, at most "
	 "32\n"},
	{"[a]\nk = a\x1b[31m\nl = a\x7f\n",
	 "1[a]\n!2 the line holds a control character; remove it\n"
	 "!3 the line holds a control character; remove it\n"},
};

static void lines_are_read_exactly(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *dir = strstr(rows[i].expected, "DIR");
		char expected[2048];

		read_bytes(rows[i].text, strlen(rows[i].text));
		snprintf(expected, sizeof(expected), "%.*s%s%s",
			 dir ? (int)(dir - rows[i].expected) : 2000, rows[i].expected,
			 dir ? tempdir : "", dir ? dir + 3 : "");
		assert_string_equal(dump, expected);
	}
}

static void nul_bytes_are_refused(void **state)
{
	static const char text[] = "[a]\nk = 1\0 2\nl = 3\n";

	(void)state;
	read_bytes(text, sizeof(text) - 1);
	assert_string_equal(dump, "1[a]\n3 l=3\n!2 the line holds a NUL byte; is this a text "
				  "file?\n");
}

/* inih's own limits are 198 bytes a line and 49 a title. */
static void long_values_and_titles_stay_whole(void **state)
{
	static const char text[] =
		"[" X10("a23456789.") X10("b23456789.") "org]\ntoken = " X100("0123456789")
			X100("0123456789") ";==\nk = v\n";
	static const char expected[] =
		"1[" X10("a23456789.") X10("b23456789.") "org]\n2 token=" X100("0123456789")
			X100("0123456789") ";==\n3 k=v\n";

	(void)state;
	read_bytes(text, sizeof(text) - 1);
	assert_string_equal(dump, expected);
}

static void lines_over_the_cap_are_refused(void **state)
{
	static char text[READER_LINE_MAX + 64];
	size_t len = 0;

	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		len = (size_t)snprintf(text, sizeof(text), "[a]\nk = ");
		memset(text + len, 'x', READER_LINE_MAX - 4 + extra);
		len += READER_LINE_MAX - 4 + extra;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "\nl = 3\n");
		read_bytes(text, len);
		if (!extra)
			assert_null(strstr(dump, "!"));
		else
			assert_string_equal(dump,
					    "1[a]\n3 l=3\n!2 the line is longer than 4096 bytes; "
					    "put a long secret into a file and write `key = "
					    "file:PATH`\n");
	}
}

static void keys_over_the_cap_are_refused(void **state)
{
	static const char text[] = "[a]\na1234567890123456789012345678901 = 1\n"
				   "a12345678901234567890123456789012 = 1\n";

	(void)state;
	read_bytes(text, sizeof(text) - 1);
	assert_non_null(strstr(dump, "2 a1234567890123456789012345678901=1\n!3 "));
}

static void unreadable_files_are_told(void **state)
{
	static const struct {
		const char *name;
		int error;
		const char *text;
	} cases[] = {
		{"absent.conf", -ENOENT, "cannot be read: No such file or directory"},
		{".", -EISDIR, "cannot be read: is a directory, not a file"},
		{"fifo", -ENXIO, "cannot be read: is not a regular file"},
		{"large.conf", -EFBIG, "cannot be read: is too large"},
	};
	char *large = calloc(1, READER_FILE_MAX + 1);

	(void)state;
	assert_non_null(large);
	memset(large, '\n', READER_FILE_MAX + 1);
	tempdir_write("large.conf", large, READER_FILE_MAX + 1, 0600);
	tempdir_write("fits.conf", large, READER_FILE_MAX, 0600);
	free(large);
	assert_int_equal(mkfifo(tempdir_path("fifo"), 0600), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reader reader = {0};
		struct faults faults = {0};

		assert_int_equal(reader_load(&reader, tempdir_path(cases[i].name), &faults),
				 cases[i].error);
		assert_int_equal(faults.n, 1);
		assert_true(faults.fatal);
		assert_string_equal(faults.list[0].text, cases[i].text);
		reader_done(&reader);
		faults_done(&faults);
	}
	struct reader reader = {0};
	struct faults faults = {0};

	assert_int_equal(reader_load(&reader, tempdir_path("fits.conf"), &faults), 0);
	assert_int_equal(faults.n, 0);
	reader_done(&reader);
}

/* A file of nothing but errors: the first hundred by line, and how many more. */
static void faults_are_capped_in_order(void **state)
{
	struct reader reader = {0};
	struct faults faults = {0};
	struct cfg_errors errors = {0};
	char *files[] = {tempdir};
	char *text = calloc(1, 100001);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < 50000; i++)
		memcpy(text + 2 * i, "x\n", 2);
	tempdir_write("a.conf", text, 100000, 0600);
	free(text);
	assert_int_equal(reader_load(&reader, tempdir_path("a.conf"), &faults), 0);
	faults_add(&faults, (struct place){.line = 0}, "first");
	faults_add(&faults, (struct place){.line = 0}, "first");
	faults_add(&faults, (struct place){.line = 7}, "second of its line");
	assert_int_equal(faults_list(&faults, files, &errors), 0);
	assert_int_equal(errors.n, FAULTS_MAX + 1);
	assert_string_equal(errors.list[0].text, "first");
	assert_int_equal(errors.list[1].line, 1);
	assert_int_equal(errors.list[7].line, 7);
	assert_string_equal(errors.list[8].text, "second of its line");
	assert_int_equal(errors.list[FAULTS_MAX - 1].line, 98);
	assert_string_equal(errors.list[FAULTS_MAX].text, "and 49902 more; correct these first");
	cfg_errors_done(&errors);
	reader_done(&reader);
	faults_done(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_exactly),
		cmocka_unit_test(nul_bytes_are_refused),
		cmocka_unit_test(long_values_and_titles_stay_whole),
		cmocka_unit_test(lines_over_the_cap_are_refused),
		cmocka_unit_test(keys_over_the_cap_are_refused),
		cmocka_unit_test(unreadable_files_are_told),
		cmocka_unit_test(faults_are_capped_in_order),
	};

	return cmocka_run_group_tests_name("reader", tests, tempdir_setup, tempdir_teardown);
}
