/* SPDX-License-Identifier: MIT */
#include "providers/hosts.c"

#include "tests/unit/talk.h"

#define BEGIN "# BEGIN nlddns\n"
#define END   "# END nlddns\n"

#define A(host, address)                                                              \
	{                                                                             \
		.name = host, .type = RECORD_TYPE_A, .addrs = {address}, .n_addrs = 1 \
	}
#define AAAA(host, address)                                                              \
	{                                                                                \
		.name = host, .type = RECORD_TYPE_AAAA, .addrs = {address}, .n_addrs = 1 \
	}

#define WANTED_MAX 3

struct row {
	const char *name;
	struct wanted wanted[WANTED_MAX];
	int read_error;
	const char *before;
	const char *after; /* NULL: nothing is written */
	int write_error;
	struct {
		enum verdict verdict;
		const char *why;
	} ends[WANTED_MAX];
};

static const struct value values[] = {{"file", "/run/hosts"}, {NULL, NULL}};

static const struct row rows[] = {
	{
		.name = "no file yet",
		.wanted = {A("a.lan", "192.0.2.1"), AAAA("a.lan", "2001:db8::1")},
		.read_error = -ENOENT,
		.after = BEGIN "192.0.2.1 a.lan\n2001:db8::1 a.lan\n" END,
		.ends = {{VERDICT_DONE, "written"}, {VERDICT_DONE, "written"}},
	},
	{
		.name = "one of two changes",
		.wanted = {A("a.lan", "192.0.2.1"), AAAA("a.lan", "2001:db8::1")},
		.before = "x\n" BEGIN "192.0.2.9 a.lan\n2001:db8::1 a.lan\n" END "y",
		.after = "x\n" BEGIN "192.0.2.1 a.lan\n2001:db8::1 a.lan\n" END "y",
		.ends = {{VERDICT_DONE, "written"}, {VERDICT_UNCHANGED, "already so"}},
	},
	{
		.name = "all is as it shall be, if not as we would write it",
		.wanted = {A("a.lan", "192.0.2.1"), A("b.lan", "192.0.2.2")},
		.before = BEGIN "192.0.2.2\tb.lan\n192.0.2.1  A.lan\n" END,
		.ends = {{VERDICT_UNCHANGED, "already so"}, {VERDICT_UNCHANGED, "already so"}},
	},
	{
		.name = "several addresses",
		.wanted = {{.name = "a.lan",
			    .type = RECORD_TYPE_A,
			    .addrs = {"192.0.2.2", "192.0.2.1"},
			    .n_addrs = 2}},
		.before = "",
		.after = BEGIN "192.0.2.1 a.lan\n192.0.2.2 a.lan\n" END,
		.ends = {{VERDICT_DONE, "written"}},
	},
	{
		.name = "deleted",
		.wanted = {{.name = "a.lan", .type = RECORD_TYPE_A}, A("b.lan", "192.0.2.2")},
		.before = BEGIN "192.0.2.1 a.lan\n2001:db8::1 a.lan\n192.0.2.2 b.lan\n" END,
		.after = BEGIN "2001:db8::1 a.lan\n192.0.2.2 b.lan\n" END,
		.ends = {{VERDICT_DONE, "removed"}, {VERDICT_UNCHANGED, "already so"}},
	},
	{
		.name = "nothing to delete",
		.wanted = {{.name = "a.lan", .type = RECORD_TYPE_A}},
		.before = "127.0.0.1 localhost\n",
		.ends = {{VERDICT_UNCHANGED, "already so"}},
	},
	{
		.name = "wildcards are refused, the others served",
		.wanted = {A("*.lan", "192.0.2.1"), A("b.lan", "192.0.2.2")},
		.before = "",
		.after = BEGIN "192.0.2.2 b.lan\n" END,
		.ends = {{VERDICT_REFUSED_CONFIG, "a hosts file has no wildcards: name each host, "
						  "then `nlddns retry *.lan`"},
			 {VERDICT_DONE, "written"}},
	},
	{
		.name = "a broken block",
		.wanted = {A("a.lan", "192.0.2.1")},
		.before = BEGIN "192.0.2.1 a.lan\n",
		.ends = {{VERDICT_REFUSED_CONFIG,
			  "the file has # BEGIN nlddns without # END nlddns: mend or remove the "
			  "block, then `nlddns retry a.lan`"}},
	},
	{
		.name = "two blocks",
		.wanted = {A("a.lan", "192.0.2.1")},
		.before = BEGIN END BEGIN END,
		.ends = {{VERDICT_REFUSED_CONFIG,
			  "the file has more than one # BEGIN nlddns: leave "
			  "one block, then `nlddns retry a.lan`"}},
	},
	{
		.name = "too large to be read",
		.wanted = {A("a.lan", "192.0.2.1")},
		.read_error = -EFBIG,
		.ends = {{VERDICT_REFUSED_CONFIG, "the file is over 256 KiB: not taken for a hosts "
						  "file, then `nlddns retry a.lan`"}},
	},
	{
		.name = "not to be read",
		.wanted = {A("a.lan", "192.0.2.1")},
		.read_error = -EACCES,
		.ends = {{VERDICT_RETRY, "cannot read /run/hosts: Permission denied: let the user "
					 "nlddnsd runs as write there"}},
	},
	{
		.name = "a folder",
		.wanted = {A("a.lan", "192.0.2.1")},
		.read_error = -EISDIR,
		.ends = {{VERDICT_RETRY, "cannot read /run/hosts: Is a directory: check file"}},
	},
	{
		.name = "not to be written",
		.wanted = {A("a.lan", "192.0.2.1"), A("b.lan", "192.0.2.2")},
		.before = BEGIN "192.0.2.2 b.lan\n" END,
		.after = BEGIN "192.0.2.1 a.lan\n192.0.2.2 b.lan\n" END,
		.write_error = -EROFS,
		.ends = {{VERDICT_RETRY, "cannot write /run/hosts: Read-only file system: its file "
					 "system is read-only"},
			 {VERDICT_RETRY, "cannot write /run/hosts: Read-only file system: its file "
					 "system is read-only"}},
	},
	{
		.name = "no folder to write to",
		.wanted = {A("a.lan", "192.0.2.1")},
		.read_error = -ENOENT,
		.after = BEGIN "192.0.2.1 a.lan\n" END,
		.write_error = -ENOENT,
		.ends = {{VERDICT_RETRY,
			  "cannot write /run/hosts: No such file or directory: check file"}},
	},
};

static void begin(struct talk *talk, const struct wanted *wanted, size_t n_wanted)
{
	talk_begin(talk, &hosts_provider, values, wanted, n_wanted);
	assert_int_equal(talk->request.kind, REQUEST_FILE);
	assert_int_equal(talk->request.file.op, FILE_OP_READ);
	assert_string_equal(talk->request.file.path, "/run/hosts");
}

static void give_file(struct talk *talk, const char *text, size_t len, int error)
{
	const struct reply reply = {.kind = REQUEST_FILE, .body = text, .len = len, .error = error};

	talk_step(talk, &reply);
}

static void play(const struct row *row)
{
	size_t n_wanted = talk_count_wanted(row->wanted, WANTED_MAX);
	struct talk talk;

	begin(&talk, row->wanted, n_wanted);
	give_file(&talk, row->before, row->before != NULL ? strlen(row->before) : 0,
		  row->read_error);
	assert_int_equal(talk.ended, row->after == NULL);
	if (!talk.ended) {
		assert_int_equal(talk.request.kind, REQUEST_FILE);
		assert_int_equal(talk.request.file.op, FILE_OP_WRITE);
		assert_string_equal(talk.request.file.path, "/run/hosts");
		assert_string_equal(talk.request.body.text, row->after);
		give_file(&talk, NULL, 0, row->write_error);
		assert_true(talk.ended);
	}
	for (size_t i = 0; i < n_wanted; i++) {
		assert_string_equal(talk.outcomes[i].why, row->ends[i].why);
		assert_int_equal(talk.outcomes[i].verdict, row->ends[i].verdict);
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

/* The file is not made larger than it may be read again. */
static void to_verify_is_to_read(void **state)
{
	static const struct {
		const char *file;
		int error;
		enum truth a, aaaa;
	} rows_read[] = {
		{BEGIN "192.0.2.1 a.lan\n2001:db8::1 a.lan\n" END, 0, TRUTH_SAME, TRUTH_SAME},
		{BEGIN "192.0.2.1 a.lan\n" END, 0, TRUTH_SAME, TRUTH_OTHER},
		{BEGIN "192.0.2.1 a.lan\n192.0.2.2 a.lan\n" END, 0, TRUTH_OTHER, TRUTH_OTHER},
		{"192.0.2.1 a.lan\n", 0, TRUTH_OTHER, TRUTH_OTHER},
		{"", -ENOENT, TRUTH_OTHER, TRUTH_OTHER},
	};
	static const struct wanted wanted[] = {A("a.lan", "192.0.2.1"),
					       AAAA("a.lan", "2001:db8::1")};

	(void)state;
	for (size_t i = 0; i < sizeof(rows_read) / sizeof(rows_read[0]); i++) {
		struct talk talk;

		talk_begin_for(&talk, &hosts_provider, values, wanted, 2, PURPOSE_VERIFY);
		assert_int_equal(talk.request.file.op, FILE_OP_READ);
		give_file(&talk, rows_read[i].file, strlen(rows_read[i].file), rows_read[i].error);
		assert_true(talk.ended);
		assert_int_equal(talk.outcomes[0].verdict, VERDICT_DONE);
		assert_int_equal(talk.outcomes[0].truth, rows_read[i].a);
		assert_int_equal(talk.outcomes[1].truth, rows_read[i].aaaa);
		talk_end(&talk);
	}
}

static void a_file_that_cannot_be_read_tells_nothing(void **state)
{
	static const struct wanted wanted[] = {A("a.lan", "192.0.2.1")};
	static const struct {
		const char *file;
		int error;
	} rows_read[] = {{"", -EACCES}, {BEGIN, 0}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct talk talk;

		talk_begin_for(&talk, &hosts_provider, values, wanted, 1, PURPOSE_VERIFY);
		give_file(&talk, rows_read[i].file, strlen(rows_read[i].file), rows_read[i].error);
		assert_true(talk.ended);
		assert_int_not_equal(talk.outcomes[0].verdict, VERDICT_DONE);
		assert_int_equal(talk.outcomes[0].truth, TRUTH_UNKNOWN);
		talk_end(&talk);
	}
}

static void does_not_outgrow_its_cap(void **state)
{
	const struct wanted wanted[] = {A("a.lan", "192.0.2.1")};
	size_t added = strlen(BEGIN "192.0.2.1 a.lan\n" END);
	char *text = malloc(BLOCK_FILE_MAX);
	struct talk talk;

	(void)state;
	assert_non_null(text);
	memset(text, '\n', BLOCK_FILE_MAX);
	begin(&talk, wanted, 1);
	give_file(&talk, text, BLOCK_FILE_MAX - added, 0);
	assert_false(talk.ended);
	assert_int_equal(talk.request.body.len, BLOCK_FILE_MAX);
	talk_end(&talk);
	begin(&talk, wanted, 1);
	give_file(&talk, text, BLOCK_FILE_MAX - added + 1, 0);
	assert_true(talk.ended);
	assert_int_equal(talk.outcomes[0].verdict, VERDICT_RETRY);
	assert_int_equal(talk.request.kind, REQUEST_NONE);
	talk_end(&talk);
	free(text);
}

static void serves_a_whole_job(void **state)
{
	static char names[JOB_WANTED_MAX][16];
	struct wanted wanted[JOB_WANTED_MAX];
	struct talk talk;

	(void)state;
	for (size_t i = 0; i < JOB_WANTED_MAX; i++) {
		wanted[i] = (struct wanted){.name = names[i], .type = RECORD_TYPE_A};
		names[i][0] = (char)('a' + i / 26);
		names[i][1] = (char)('a' + i % 26);
		for (; wanted[i].n_addrs < WANTED_ADDRS_MAX; wanted[i].n_addrs++)
			wanted[i].addrs[wanted[i].n_addrs] =
				(const char *[]){"192.0.2.0", "192.0.2.1", "192.0.2.2", "192.0.2.3",
						 "192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7"}
					[wanted[i].n_addrs];
	}
	begin(&talk, wanted, JOB_WANTED_MAX);
	give_file(&talk, BEGIN END, strlen(BEGIN END), 0);
	assert_false(talk.ended);
	give_file(&talk, NULL, 0, 0);
	for (size_t i = 0; i < JOB_WANTED_MAX; i++)
		assert_int_equal(talk.outcomes[i].verdict, VERDICT_DONE);
	talk_end(&talk);
}

/* Any file, however broken: nothing outside the block is lost, or nothing is written. */
static void random_files_survive(void **state)
{
	static const char *const pieces[] = {BEGIN,
					     END,
					     "a\n",
					     "192.0.2.7 b\n",
					     "2001:db8::1 a.lan\n",
					     "\r\n",
					     "x",
					     "# BEGIN nlddns",
					     "192.0.2.1 a.lan\n"};
	const struct wanted wanted[] = {A("a.lan", "192.0.2.1")};
	unsigned n_written = 0, n_refused = 0, n_same = 0;
	uint32_t seed = 3;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		struct talk talk;
		struct buf file;

		buf_init(&file, 1000);
		buf_text(&file, "#");
		for (unsigned n = 0; n < 8; n++) {
			seed = seed * 1664525 + 1013904223;
			buf_text(&file, pieces[(seed >> 16) % 9]);
		}
		begin(&talk, wanted, 1);
		give_file(&talk, file.text, file.len, 0);
		if (talk.ended) {
			n_refused += talk.outcomes[0].verdict == VERDICT_REFUSED_CONFIG;
			n_same += talk.outcomes[0].verdict == VERDICT_UNCHANGED;
		} else {
			const char *block = strstr(file.text, "\n# BEGIN nlddns");
			size_t head = block != NULL ? (size_t)(block - file.text) : file.len;
			const char *end = strstr(file.text, "\n" END);

			n_written++;
			assert_memory_equal(talk.request.body.text, file.text, head);
			assert_non_null(strstr(talk.request.body.text, "\n192.0.2.1 a.lan\n"));
			if (end != NULL)
				assert_string_equal(strstr(talk.request.body.text, "\n" END), end);
		}
		talk_end(&talk);
		buf_done(&file);
	}
	assert_true(n_written > 100 && n_refused > 100 && n_same > 100);
	assert_int_equal(n_written + n_refused + n_same, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks_as_written),
		cmocka_unit_test(to_verify_is_to_read),
		cmocka_unit_test(a_file_that_cannot_be_read_tells_nothing),
		cmocka_unit_test(does_not_outgrow_its_cap),
		cmocka_unit_test(serves_a_whole_job),
		cmocka_unit_test(random_files_survive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
