/* SPDX-License-Identifier: MIT */
#include "update/ctl/report.h"

#include <string.h>

#include "update/ctl/inventory.h"
#include "update/ctl/table.h"

#define INDENT    2
#define WIDTH_MAX 100 /* of paragraphs */

/* Text as a paragraph of at most width columns (0: one line). */
static void wrap(FILE *to, const char *text, size_t width, size_t indent)
{
	size_t column = 0;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (column && width && column + 1 + len > width) {
			(void)fputc('\n', to);
			column = 0;
		}
		if (column)
			(void)fprintf(to, " %.*s", (int)len, text);
		else
			(void)fprintf(to, "%*s%.*s", (int)indent, "", (int)len, text);
		column += len + (column ? 1 : indent);
		text += len + strspn(text + len, " ");
	}
	(void)fputc('\n', to);
}

static void print_paragraph(const struct finding *finding, FILE *to,
			    void (*tell)(const struct finding *, struct buf *))
{
	size_t width = table_screen_width(to);
	struct buf text;

	buf_init(&text, FINDING_TEXT_MAX);
	tell(finding, &text);
	wrap(to, text.text ? text.text : "", width && width < WIDTH_MAX ? width : WIDTH_MAX,
	     INDENT);
	buf_done(&text);
}

static const char *mark(enum finding_verdict verdict)
{
	switch (verdict) {
	case FINDING_UNJUDGED:
		return "";
	case FINDING_REJECTED:
		return "no";
	case FINDING_ELIGIBLE:
		return "may";
	case FINDING_CHOSEN:
		return "yes";
	}
	return "";
}

static void add_line(struct table *table, const struct finding_line *line)
{
	char address[INVENTORY_ADDRESS_MAX];

	if (line->address)
		table_add(table,
			  (const char *const[]){" ", inventory_address(line->address, address),
						mark(line->verdict), line->why},
			  line->verdict == FINDING_CHOSEN ? TABLE_TONE_GOOD : TABLE_TONE_PLAIN, 2);
	else
		table_add(table,
			  (const char *const[]){line->link->name, inventory_state(line->link), " ",
						line->why},
			  TABLE_TONE_PLAIN, 0);
}

void report_print(const struct finding *finding, const char *whose, FILE *to)
{
	static const char *const heads[] = {"LINK", "ADDRESS", "USE", "WHY"};
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));
	struct buf chosen;

	buf_init(&chosen, FINDING_TEXT_MAX);
	finding_tell_choice(finding, &chosen);
	(void)fprintf(to, "%s: %s", whose, chosen.text ? chosen.text : "?");
	if (finding->choice.n)
		(void)fprintf(to, " on %s%s", finding->choice.interface,
			      finding->choice.ready ? "" : ", not published yet");
	(void)fputc('\n', to);
	if (!finding->choice.n || !finding->choice.ready || finding->stays)
		wrap(to, finding->choice.why, 0, INDENT);
	print_paragraph(finding, to, finding_tell_source);
	print_paragraph(finding, to, finding_tell_route);
	for (size_t i = 0; i < finding->n_lines; i++)
		add_line(table, &finding->lines[i]);
	table_print(table, to, table_screen_width(to), INDENT, table_screen_colours(to));
	print_paragraph(finding, to, finding_tell_outlook);
	(void)fputc('\n', to);
	buf_done(&chosen);
	table_free(table);
}
