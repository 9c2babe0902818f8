/* SPDX-License-Identifier: MIT */
#include "update/ctl/table.h"

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GAP      2
#define CUT_MARK ".."

struct row {
	char *cells[TABLE_COLUMNS_MAX];
	enum table_tone tone;
	size_t toned;
};

struct table {
	const char *const *heads;
	size_t n_columns;
	struct row *rows;
	size_t n_rows;
};

/* Columns a text takes: code points, which is right for all that is ever shown here. */
static size_t width_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* A copy with control characters replaced: some texts come from providers. */
static char *clean_copy(const char *text)
{
	char *copy = strndup(text && *text ? text : "-", TABLE_CELL_MAX);

	if (!copy)
		errx(1, "out of memory");
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return copy;
}

struct table *table_new(const char *const *heads, size_t n)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		errx(1, "out of memory");
	table->heads = heads;
	table->n_columns = n < TABLE_COLUMNS_MAX ? n : TABLE_COLUMNS_MAX;
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t r = 0; r < table->n_rows; r++)
		for (size_t c = 0; c < TABLE_COLUMNS_MAX; c++)
			free(table->rows[r].cells[c]);
	free(table->rows);
	free(table);
}

static struct row *new_row(struct table *table)
{
	struct row *rows = reallocarray(table->rows, table->n_rows + 1, sizeof(*rows));

	if (!rows)
		errx(1, "out of memory");
	table->rows = rows;
	rows[table->n_rows] = (struct row){0};
	return &rows[table->n_rows++];
}

void table_add(struct table *table, const char *const *cells, enum table_tone tone, size_t toned)
{
	struct row *row = new_row(table);

	for (size_t c = 0; c < table->n_columns; c++)
		row->cells[c] = clean_copy(cells[c]);
	row->tone = tone;
	row->toned = toned;
}

static void measure(const struct table *table, size_t widths[static TABLE_COLUMNS_MAX])
{
	for (size_t c = 0; c < table->n_columns; c++) {
		widths[c] = width_of(table->heads[c]);
		for (size_t r = 0; r < table->n_rows; r++) {
			const struct row *row = &table->rows[r];
			size_t width = width_of(row->cells[c]);

			if (width > widths[c])
				widths[c] = width;
		}
	}
}

/* At most room columns of text; says how many it took. */
static size_t print_cut(FILE *to, const char *text, size_t room)
{
	size_t width = width_of(text), n = 0, keep = width;
	size_t mark = strlen(CUT_MARK);

	if (width > room)
		keep = room > mark ? room - mark : 0;
	for (; *text; text++) {
		n += ((unsigned char)*text & 0xc0) != 0x80;
		if (n > keep)
			break;
		(void)fputc(*text, to);
	}
	if (width > room && room >= mark) {
		(void)fputs(CUT_MARK, to);
		return room;
	}
	return keep;
}

static const char *tone_code(enum table_tone tone)
{
	switch (tone) {
	case TABLE_TONE_PLAIN:
		return "";
	case TABLE_TONE_GOOD:
		return "\033[32m";
	case TABLE_TONE_WAITING:
		return "\033[33m";
	case TABLE_TONE_BAD:
		return "\033[1;31m";
	}
	return "";
}

struct page {
	FILE *to;
	size_t width, indent;
	bool colours;
	size_t widths[TABLE_COLUMNS_MAX];
};

/* One line; cells is an array of n texts, toned (or n: none) the one in colour. */
static void print_line(const struct page *page, const char *const *cells, size_t n,
		       enum table_tone tone, size_t toned)
{
	size_t left = page->width ? page->width : SIZE_MAX / 2;
	size_t blanks = page->indent;

	while (n && !strcmp(cells[n - 1], " "))
		n--;
	for (size_t c = 0; c < n && left > blanks; c++) {
		bool coloured = page->colours && c == toned && tone != TABLE_TONE_PLAIN;
		size_t taken;

		(void)fprintf(page->to, "%*s%s", (int)blanks, "", coloured ? tone_code(tone) : "");
		left -= blanks;
		taken = print_cut(page->to, cells[c], left);
		if (coloured)
			(void)fputs("\033[0m", page->to);
		left -= taken;
		blanks = GAP + (taken < page->widths[c] ? page->widths[c] - taken : 0);
	}
	(void)fputc('\n', page->to);
}

void table_print(const struct table *table, FILE *to, size_t width, size_t indent, bool colours)
{
	struct page page = {.to = to, .width = width, .indent = indent, .colours = colours};

	measure(table, page.widths);
	print_line(&page, table->heads, table->n_columns, TABLE_TONE_PLAIN, 0);
	for (size_t r = 0; r < table->n_rows; r++) {
		const struct row *row = &table->rows[r];

		print_line(&page, (const char *const *)row->cells, table->n_columns, row->tone,
			   row->toned);
	}
}

size_t table_screen_width(FILE *file)
{
	struct winsize size = {0};

	if (!isatty(fileno(file)) || ioctl(fileno(file), TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

bool table_screen_colours(FILE *file)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(file)) && !(no_colour && *no_colour) && term &&
	       strcmp(term, "dumb") != 0;
}
