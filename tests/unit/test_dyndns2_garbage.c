/* SPDX-License-Identifier: MIT */
#include "providers/dyndns2.c"

#include <strings.h>

#include "tests/unit/talk.h"

#define A(host, address)                                                              \
	{                                                                             \
		.name = host, .type = RECORD_TYPE_A, .addrs = {address}, .n_addrs = 1 \
	}
#define AAAA(host, address)                                                              \
	{                                                                                \
		.name = host, .type = RECORD_TYPE_AAAA, .addrs = {address}, .n_addrs = 1 \
	}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Pieces that come near a success without being one at the beginning of a line. */
static size_t make_garbage(char *body, size_t size, uint32_t *seed)
{
	static const char *const pieces[] = {
		"goodx",  "no chg",    "<p>good",      " x good",       "\"good\"",
		"nochg:", "ok",        "192.0.2.1",    "{good}",        "OK good",
		"w5",     "[200",      "[404 x] good", "=good",         "\\ngood",
		"go od",  "\xff good", "good\x01",     "[200 OK]good1",
	};
	size_t len = 0;

	for (unsigned n = next_random(seed) % 6; n > 0; n--) {
		const char *piece =
			pieces[next_random(seed) % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t piece_len = strlen(piece);

		if (len + piece_len + 1 >= size)
			break;
		memcpy(body + len, piece, piece_len);
		len += piece_len;
		if (next_random(seed) % 3 == 0)
			body[len++] = next_random(seed) % 2 ? '\n' : '\0';
	}
	for (unsigned n = next_random(seed) % 8; n > 0 && len > 0; n--)
		body[next_random(seed) % len] = (char)next_random(seed);
	body[len] = '\0';
	return len;
}

/* The check, written apart from the code: does a line begin with a word of success? */
static bool has_success(const char *body, size_t len)
{
	static const char *const words[] = {"good", "nochg", "successfully_changed", "no_change"};

	for (size_t i = 0; i < len; i++) {
		for (size_t k = 0; k < 4; k++) {
			size_t n = strlen(words[k]);
			bool ends = i + n == len || (i + n < len && strchr(" \t\r\n", body[i + n]));

			if (i + n <= len && ends && strncasecmp(body + i, words[k], n) == 0 &&
			    (i == 0 || strchr(" \t\r\n]", body[i - 1]) != NULL))
				return true;
		}
	}
	return false;
}

static void garbage_never_confirms(void **state)
{
	const struct wanted wanted[] = {A("a.example", "192.0.2.1"), A("b.example", "192.0.2.1"),
					AAAA("b.example", "2001:db8::1")};
	const struct value values[] = {{"username", "me"},
				       {"password", "s3cret"},
				       {"url", "https://dyn.example/nic/update"},
				       {NULL, NULL}};
	static const int statuses[] = {200, 200, 200, 204, 302, 400, 500};
	uint32_t seed = 1;
	unsigned n_tried = 0;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		struct talk talk;

		talk_begin(&talk, &dyndns2_provider, values, wanted, 3);
		while (!talk.ended) {
			char body[256];
			struct reply reply = {.kind = REQUEST_HTTP,
					      .status = statuses[next_random(&seed) % 7],
					      .retry_after_ms = -1};

			do {
				reply.len = make_garbage(body, sizeof(body), &seed);
			} while (reply.status / 100 == 2 && has_success(body, reply.len));
			reply.body = body;
			talk_step(&talk, &reply);
		}
		for (size_t i = 0; i < 3; i++) {
			assert_int_not_equal(talk.outcomes[i].verdict, VERDICT_DONE);
			assert_int_not_equal(talk.outcomes[i].verdict, VERDICT_UNCHANGED);
		}
		n_tried++;
		talk_end(&talk);
	}
	assert_int_equal(n_tried, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage_never_confirms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
