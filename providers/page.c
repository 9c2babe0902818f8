/* SPDX-License-Identifier: MIT */
#include "providers/echo.h"
#include "providers/page.h"

static void split(struct page *page)
{
	struct span rest = {page->reply->body, page->reply->len};
	size_t n = 0;

	while (rest.len > 0) {
		struct span line = span_trim(span_take_line(&rest));

		if (line.len == 0 && n == 0)
			continue;
		if (n < PAGE_NAMES_MAX)
			page->lines[n] = line;
		n++;
		if (line.len > 0)
			page->n = n;
	}
}

static bool is_success(const struct reply *reply)
{
	return reply->status >= 200 && reply->status <= 299;
}

/* Servers send "nohost" with status 400 and the like, never "good". 429 says enough by itself. */
static bool is_readable(const struct page *page)
{
	struct answer answer;

	if (page->n == 0 || is_success(page->reply))
		return page->n > 0;
	if (page->reply->status < 400 || page->reply->status == 429)
		return false;
	words_read(page->lines[0], &answer);
	return answer.word != WORD_FOREIGN && !words_confirm(answer.word);
}

/* A line that is no answer makes it unsure which of the others is for which name. */
static bool has_foreign(const struct page *page, unsigned n_names)
{
	for (size_t i = 0; i < page->n && i < n_names; i++) {
		const struct span *line = &page->lines[i];
		struct answer answer;

		words_read(*line, &answer);
		if (line->len > 0 && answer.word == WORD_FOREIGN)
			return true;
	}
	return false;
}

void page_read(const struct reply *reply, unsigned n_names, struct page *ret)
{
	*ret = (struct page){.reply = reply};
	split(ret);
	ret->whole = !is_readable(ret);
	ret->confirms = is_success(reply) && !has_foreign(ret, n_names);
}

void page_answer(const struct page *page, unsigned slot, enum record_type type,
		 const char *const sent[RECORD_TYPE_COUNT], struct answer *ret)
{
	size_t at = page->n == 1 ? 0 : slot;
	const struct span *line = &page->lines[at];

	if (page->whole && is_success(page->reply)) {
		*ret = words_make(WORD_EMPTY);
	} else if (page->whole) {
		words_read_status(page->reply->status, page->reply->retry_after_ms, ret);
	} else if (at >= page->n || line->len == 0) {
		*ret = words_make(WORD_MISSING);
	} else {
		words_read(*line, ret);
		if (!words_confirm(ret->word))
			return;
		if (page->confirms)
			echo_check(*line, sent, type, ret);
		else
			*ret = words_make(WORD_FOREIGN);
	}
}

bool page_is_single(const struct page *page)
{
	return page->whole || page->n == 1 || !page->confirms;
}
