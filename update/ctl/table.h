/* SPDX-License-Identifier: MIT */
/* A table for people: aligned columns, cut to the width, colours where they are seen. */
#ifndef UPDATE_CTL_TABLE_H
#define UPDATE_CTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TABLE_COLUMNS_MAX 8
#define TABLE_CELL_MAX    256 /* bytes of a cell; more is cut */

enum table_tone { TABLE_TONE_PLAIN, TABLE_TONE_GOOD, TABLE_TONE_WAITING, TABLE_TONE_BAD };

struct table;

/* The heads, at most TABLE_COLUMNS_MAX, are borrowed. Out of memory ends the program. */
struct table *table_new(const char *const *heads, size_t n);
void table_free(struct table *table);

/* One row of n cells, copied; NULL and "" show as "-", " " as nothing. The tone is that of column
 * toned. */
void table_add(struct table *table, const char *const *cells, enum table_tone tone, size_t toned);

/* width: columns of the screen, 0: any. indent: blanks before each row. */
void table_print(const struct table *table, FILE *to, size_t width, size_t indent, bool colours);

/* What the file is shown on: its columns, 0 unless a terminal; whether colours are welcome
 * (https://no-color.org). */
size_t table_screen_width(FILE *file);
bool table_screen_colours(FILE *file);

#endif
