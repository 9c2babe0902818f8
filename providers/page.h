/* SPDX-License-Identifier: MIT */
/* A dyndns2 server's reply: text with one line a name, in the order they were sent. */
#ifndef PROVIDERS_PAGE_H
#define PROVIDERS_PAGE_H

#include "providers/words.h"

#define PAGE_NAMES_MAX 20

/* Borrows from the reply. */
struct page {
	const struct reply *reply;
	struct span lines[PAGE_NAMES_MAX]; /* without white space at their ends */
	size_t n;      /* without blank lines at either end; may be more than lines has */
	bool whole;    /* its lines say nothing: the answer is about the reply as a whole */
	bool confirms; /* a line of it may confirm */
};

/* n_names: that the request had, 1..PAGE_NAMES_MAX. */
void page_read(const struct reply *reply, unsigned n_names, struct page *ret);

/* The answer for the name that was the slot-th of the request, counted from 0, and a record of this
 * type; sent: the addresses of the request. */
void page_answer(const struct page *page, unsigned slot, enum record_type type,
		 const char *const sent[RECORD_TYPE_COUNT], struct answer *ret);

/* An answer in it that words_end_all is not one of several: it holds for all. */
bool page_is_single(const struct page *page);

#endif
