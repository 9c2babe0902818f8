/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <string.h>

#include "providers/echo.h"

struct address {
	int type; /* enum record_type; negative: none */
	unsigned char bytes[16];
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Some servers write 192.000.002.001, which is no address to inet_pton. */
static size_t drop_leading_zeros(struct span from, char to[static ADDRESS_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < from.len && len < ADDRESS_MAX; i++) {
		bool starts = len == 0 || to[len - 1] == '.';
		bool more = i + 1 < from.len && is_digit(from.text[i + 1]);

		if (!(starts && from.text[i] == '0' && more))
			to[len++] = from.text[i];
	}
	return len;
}

static struct address read_address(struct span span)
{
	struct address address = {.type = -1};
	char text[ADDRESS_MAX];

	if (memchr(span.text, ':', span.len) == NULL)
		span = (struct span){text, drop_leading_zeros(span, text)};
	address.type = span_address(span, address.bytes);
	return address;
}

/* As values: servers differ in spelling. */
static bool is_same(const struct address *echo, const char *sent)
{
	struct address mine;

	if (sent == NULL)
		return false;
	mine = read_address((struct span){sent, strlen(sent)});
	return mine.type == echo->type && memcmp(mine.bytes, echo->bytes, sizeof(mine.bytes)) == 0;
}

static bool is_ignored(const struct address *echo, const char *sent)
{
	static const unsigned char loopback[] = {127, 0, 0, 1};

	return echo->type == RECORD_TYPE_A &&
	       memcmp(echo->bytes, loopback, sizeof(loopback)) == 0 && !is_same(echo, sent);
}

static void contradict(const struct address *echo, struct answer *answer)
{
	*answer = words_make(WORD_OTHER_ADDRESS);
	inet_ntop(echo->type == RECORD_TYPE_A ? AF_INET : AF_INET6, echo->bytes, answer->detail,
		  sizeof(answer->detail));
}

void echo_check(struct span line, const char *const sent[RECORD_TYPE_COUNT], enum record_type type,
		struct answer *answer)
{
	struct address other = {.type = -1};
	struct span rest = line, word;
	bool same = false;

	words_take(&rest);
	while ((word = span_take_word(&rest, SPAN_BLANKS ",;")).len > 0) {
		struct address echo = read_address(word);

		if (answer->word == WORD_GOOD && is_ignored(&echo, sent[RECORD_TYPE_A])) {
			*answer = words_make(WORD_IGNORED);
			memcpy(answer->detail, "good 127.0.0.1", sizeof("good 127.0.0.1"));
			return;
		}
		if (echo.type != (int)type)
			continue;
		if (is_same(&echo, sent[type]))
			same = true;
		else
			other = echo;
	}
	if (!same && other.type >= 0)
		contradict(&other, answer);
}
