/* SPDX-License-Identifier: MIT */
#include "providers/template.h"

#include <errno.h>
#include <string.h>

static struct span cut(struct span *rest, size_t len)
{
	struct span span = {rest->text, len};

	rest->text += len;
	rest->len -= len;
	return span;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
}

/* What may stand behind the first : of a name. */
static bool is_argument(char c)
{
	return is_name(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' || c == '.' ||
	       c == '@' || c == '~';
}

/* Bytes between { and }, if they are the name of a placeholder; 0: they are not. */
static size_t name_len(struct span rest)
{
	bool argument = false;
	size_t len = 1;

	while (len < rest.len &&
	       (is_name(rest.text[len]) || (argument && is_argument(rest.text[len])))) {
		argument |= rest.text[len] == ':';
		len++;
	}
	return len < rest.len && rest.text[len] == '}' ? len - 1 : 0;
}

static bool is_special(char c)
{
	return c == '{' || c == '<' || c == '>';
}

struct template_piece template_take(struct span *rest)
{
	struct template_piece piece = {.kind = TEMPLATE_TEXT};
	size_t len = rest->text[0] == '{' ? name_len(*rest) : 0;

	if (len > 0) {
		cut(rest, 1);
		piece.kind = TEMPLATE_PLACEHOLDER;
		piece.span = cut(rest, len);
		cut(rest, 1);
		return piece;
	}
	if (rest->text[0] == '<' || rest->text[0] == '>') {
		piece.kind = rest->text[0] == '<' ? TEMPLATE_OPEN : TEMPLATE_CLOSE;
		piece.span = cut(rest, 1);
		return piece;
	}
	do
		len++;
	while (len < rest->len && !is_special(rest->text[len]));
	piece.span = cut(rest, len);
	return piece;
}

const char *template_check(const char *text)
{
	struct span rest = {text, strlen(text)};
	bool open = false;

	while (rest.len > 0) {
		struct template_piece piece = template_take(&rest);

		if (piece.kind == TEMPLATE_OPEN && open)
			return "has a < within < and >";
		if (piece.kind == TEMPLATE_CLOSE && !open)
			return "has a > without its <";
		if (piece.kind == TEMPLATE_OPEN || piece.kind == TEMPLATE_CLOSE)
			open = piece.kind == TEMPLATE_OPEN;
	}
	return open ? "has a < without its >" : NULL;
}

static void skip_bracket(struct span *rest)
{
	while (rest->len > 0 && template_take(rest).kind != TEMPLATE_CLOSE)
		continue;
}

int template_fill(struct span text, const struct template_source *source,
		  enum scope_encoding encoding, struct buf *to)
{
	struct span rest = text;
	size_t open_len = 0;
	bool open = false;

	while (rest.len > 0) {
		struct template_piece piece = template_take(&rest);
		size_t before = to->len;
		int rc = 0;

		if (piece.kind == TEMPLATE_TEXT ||
		    (encoding == SCOPE_ENCODE_XML && piece.kind != TEMPLATE_PLACEHOLDER))
			buf_add(to, piece.span.text, piece.span.len);
		else if (piece.kind == TEMPLATE_PLACEHOLDER)
			rc = source->add(source->of, piece.span, encoding, to);
		else
			open = piece.kind == TEMPLATE_OPEN;
		if (piece.kind == TEMPLATE_OPEN)
			open_len = to->len;
		if (open && piece.kind == TEMPLATE_PLACEHOLDER && rc >= 0 &&
		    (rc > 0 || to->len == before))
			rc = -ENOENT;
		if (rc == -ENOENT && open) {
			buf_cut(to, open_len);
			skip_bracket(&rest);
			open = false;
			rc = 0;
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int add_of_scope(const void *of, struct span name, enum scope_encoding encoding,
			struct buf *to)
{
	const struct scope *scope = of;
	const char *part = scope_addresses(scope);

	if (!span_is(name, "addresses"))
		return scope_add(scope, name, encoding, to);
	/* a service whose parts hold {addresses} is refused by service_check */
	if (part == NULL || strstr(part, "{addresses}") != NULL)
		return -ENOENT;
	return template_expand((struct span){part, strlen(part)}, scope, encoding, to);
}

struct template_source template_of(const struct scope *scope)
{
	return (struct template_source){add_of_scope, scope};
}

int template_expand(struct span text, const struct scope *scope, enum scope_encoding encoding,
		    struct buf *to)
{
	const struct template_source source = template_of(scope);

	return template_fill(text, &source, encoding, to);
}
