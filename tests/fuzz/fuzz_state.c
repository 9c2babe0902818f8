/* SPDX-License-Identifier: MIT */
/* The state file. What is read of it, written again, must be read again. Its checksum is put behind
 * it, since nothing is read without. */
#include "tests/fuzz/input.h"
#include "update/daemon/state.c"

static const struct state_clock moment = {1000000, 1767323045000};

static int put_text(void *arg, const char *bytes, size_t len)
{
	buf_add(arg, bytes, len);
	return 0;
}

static void add_again(void *arg, const struct state_entry *entry)
{
	state_add(arg, entry);
}

static void count(void *arg, const struct state_entry *entry)
{
	(void)entry;
	++*(size_t *)arg;
}

static void read_text(const char *text, size_t len)
{
	struct state_writer writer;
	struct buf again;
	size_t n = 0, m = 0;

	buf_init(&again, STATE_SIZE_MAX);
	state_begin(&writer, moment, put_text, &again);
	if (state_read(text, len, moment, count, &n) == 0) {
		if (state_read(text, len, moment, add_again, &writer) < 0 ||
		    state_end(&writer) < 0 ||
		    state_read(again.text, again.len, moment, count, &m) < 0 || n != m)
			abort();
	} else {
		(void)state_end(&writer);
	}
	buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *whole = NULL;
	int len;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	read_text(text, size);
	len = asprintf(&whole, "%schecksum %016" PRIx64 "\n", text,
		       add_sum(SUM_FIRST, text, strlen(text)));
	if (len >= 0) {
		read_text(whole, (size_t)len);
		free(whole);
	}
	free(text);
	return 0;
}
