/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "providers/block.h"

#define BEGIN_MARK "# BEGIN nlddns"
#define END_MARK   "# END nlddns"

const char block_too_large[] = "the file is over 256 KiB: not taken for a hosts file";

/* Only white space may follow a mark. */
static bool is_mark(struct span line, const char *mark)
{
	return line.len > 0 && line.text[0] == '#' && span_is(span_trim(line), mark);
}

static struct block_entry read_entry(struct span line)
{
	struct block_entry entry = {.line = line, .type = -1};
	struct span rest = line;

	entry.address = span_take_word(&rest, SPAN_BLANKS);
	entry.name = span_take_word(&rest, SPAN_BLANKS);
	if (entry.name.len > 0 && entry.name.text[0] != '#' &&
	    span_take_word(&rest, SPAN_BLANKS).len == 0)
		entry.type = span_address(entry.address, entry.bytes);
	return entry;
}

/* Finds the block. Returns what is wrong with the file, or NULL. */
static const char *find_block(struct span file, struct block *ret, struct span *ret_block)
{
	struct span rest = file;
	bool open = false, closed = false;

	ret->before = file;
	while (rest.len > 0) {
		struct span line = span_take_line(&rest);

		if (is_mark(line, BEGIN_MARK)) {
			if (open || closed)
				return "the file has more than one " BEGIN_MARK ": leave one block";
			open = true;
			ret->before.len = (size_t)(rest.text - file.text);
			ret_block->text = rest.text;
		} else if (is_mark(line, END_MARK)) {
			if (!open)
				return "the file has " END_MARK " without " BEGIN_MARK
				       ": mend or remove the block";
			open = false;
			closed = true;
			ret_block->len = (size_t)(line.text - ret_block->text);
			ret->after = (struct span){line.text,
						   file.len - ret->before.len - ret_block->len};
		}
	}
	ret->exists = closed;
	return open ? "the file has " BEGIN_MARK " without " END_MARK ": mend or remove the block"
		    : NULL;
}

static size_t count_lines(struct span text)
{
	size_t n = 0;

	for (; text.len > 0; n++)
		span_take_line(&text);
	return n;
}

int block_read(const char *text, size_t len, size_t room, struct block *ret, const char **ret_why)
{
	struct block block = {.n_entries = 0};
	struct span inside = {"", 0};
	const char *why = NULL;

	if (len > BLOCK_FILE_MAX)
		why = block_too_large;
	else if (len > 0 && memchr(text, '\0', len) != NULL)
		why = "the file holds NUL bytes: not taken for a hosts file";
	else
		why = find_block((struct span){len > 0 ? text : "", len}, &block, &inside);
	if (why != NULL) {
		*ret_why = why;
		return -EINVAL;
	}
	block.entries = calloc(count_lines(inside) + room, sizeof(block.entries[0]));
	if (block.entries == NULL) {
		*ret_why = "out of memory";
		return -ENOMEM;
	}
	while (inside.len > 0)
		block.entries[block.n_entries++] = read_entry(span_take_line(&inside));
	*ret = block;
	return 0;
}

static bool is_about(const struct block_entry *entry, const struct wanted *wanted)
{
	return entry->type == (int)wanted->type && span_is_nocase(entry->name, wanted->name);
}

static size_t address_size(int type)
{
	return type == RECORD_TYPE_A ? 4 : 16;
}

static struct block_entry make_entry(const struct wanted *wanted, size_t i)
{
	struct block_entry entry = {.address = {wanted->addrs[i], strlen(wanted->addrs[i])},
				    .name = {wanted->name, strlen(wanted->name)}};

	entry.type = span_address(entry.address, entry.bytes);
	return entry;
}

static bool has_address(const struct block *block, const struct wanted *wanted, size_t i)
{
	struct block_entry entry = make_entry(wanted, i);

	for (size_t k = 0; k < block->n_entries; k++)
		if (is_about(&block->entries[k], wanted) &&
		    memcmp(block->entries[k].bytes, entry.bytes, address_size(entry.type)) == 0)
			return true;
	return false;
}

bool block_has(const struct block *block, const struct wanted *wanted)
{
	size_t n = 0;

	for (size_t k = 0; k < block->n_entries; k++)
		n += is_about(&block->entries[k], wanted);
	for (size_t i = 0; i < wanted->n_addrs; i++)
		if (!has_address(block, wanted, i))
			return false;
	return n == wanted->n_addrs;
}

void block_replace(struct block *block, const struct wanted *wanted)
{
	size_t n = 0;

	for (size_t k = 0; k < block->n_entries; k++)
		if (!is_about(&block->entries[k], wanted))
			block->entries[n++] = block->entries[k];
	for (size_t i = 0; i < wanted->n_addrs; i++)
		block->entries[n++] = make_entry(wanted, i);
	block->n_entries = n;
}

static int compare_names(const struct span *a, const struct span *b)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int order = strncasecmp(a->text, b->text, len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

/* By name, type, address; what is no entry comes first, in the order of the file. */
static int compare(const void *left, const void *right)
{
	const struct block_entry *a = left, *b = right;
	int order = (a->type >= 0) - (b->type >= 0);

	if (order == 0 && a->type < 0)
		return (a->line.text > b->line.text) - (a->line.text < b->line.text);
	if (order == 0)
		order = compare_names(&a->name, &b->name);
	if (order == 0)
		order = a->type - b->type;
	if (order == 0)
		order = memcmp(a->bytes, b->bytes, address_size(a->type));
	return order;
}

static void add_span(struct buf *buf, const struct span *span)
{
	buf_add(buf, span->text, span->len);
}

void block_write(struct block *block, struct buf *body)
{
	add_span(body, &block->before);
	if (!block->exists && body->len > 0 && body->text[body->len - 1] != '\n')
		buf_text(body, "\n");
	if (!block->exists)
		buf_text(body, BEGIN_MARK "\n");
	qsort(block->entries, block->n_entries, sizeof(block->entries[0]), compare);
	for (size_t k = 0; k < block->n_entries; k++) {
		const struct block_entry *entry = &block->entries[k];

		if (entry->type < 0) {
			add_span(body, &entry->line);
		} else {
			add_span(body, &entry->address);
			buf_text(body, " ");
			add_span(body, &entry->name);
		}
		buf_text(body, "\n");
	}
	if (!block->exists)
		buf_text(body, END_MARK "\n");
	add_span(body, &block->after);
}

void block_done(struct block *block)
{
	free(block->entries);
	*block = (struct block){.n_entries = 0};
}
