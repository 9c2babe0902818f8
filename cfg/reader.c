/* SPDX-License-Identifier: MIT */
#include "cfg/reader.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"
#include "cfg/slurp.h"

/* inih silently cuts lines at 198 bytes and reads the rest as another line, cuts titles at 49, ends
 * values at " ;", takes an indented key for more of the value before it, merges repeated sections,
 * accepts ':' for '=', and tells one error of many. So it is given no line it could damage: only
 * `key=-` with a short key, and nothing for all other lines. Titles and values never pass it. */
#define STAND_IN "=-\n"

/* One file while it is read. */
struct source_text {
	struct reader *reader;
	struct faults *faults;
	const char *next, *end;
	struct place at;
	struct reader_section *section; /* that keys go to; NULL: none, or a refused one */
	bool any_section;
	const char *value; /* of the line inih is looking at; not terminated */
	size_t value_len;
};

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static void trim(const char **text, size_t *len)
{
	while (*len && blank((*text)[*len - 1]))
		(*len)--;
	while (*len && blank(**text)) {
		(*text)++;
		(*len)--;
	}
}

static bool begins_comment(const char *text, size_t len)
{
	return len > 0 && (text[0] == '#' || text[0] == ';');
}

/* A value may be a secret. */
static void free_value(char *value)
{
	if (value)
		explicit_bzero(value, strlen(value));
	free(value);
}

int reader_add_file(struct reader *reader, const char *path)
{
	struct reader_file *file;
	char *copy = strdup(path);

	file = copy ? array_add(&reader->files, &reader->n_files, sizeof(*file)) : NULL;
	if (!file) {
		free(copy);
		return -ENOMEM;
	}
	file->path = copy;
	return 0;
}

const struct reader_pair *reader_find(const struct reader_section *section, const char *key)
{
	for (size_t i = 0; section && i < section->n_pairs; i++)
		if (strcmp(section->pairs[i].key, key) == 0)
			return &section->pairs[i];
	return NULL;
}

struct reader_section *reader_add_section(struct reader *reader, char *title, struct place at,
					  struct faults *faults)
{
	struct reader_section *section;
	size_t i;

	if (names_find(&reader->titles, title, &i)) {
		const struct place *other = &reader->sections[i].at;

		faults_add(faults, at, "section [%s] is already in %s:%d; write its keys there",
			   title, reader->files[other->file].path, other->line);
		free(title);
		return NULL;
	}
	if (reader->n_sections == READER_SECTIONS_MAX) {
		faults_add(faults, at, "more than %d sections", READER_SECTIONS_MAX);
		free(title);
		return NULL;
	}
	section = array_add(&reader->sections, &reader->n_sections, sizeof(*reader->sections));
	if (section && names_add(&reader->titles, title, reader->n_sections - 1) < 0) {
		reader->n_sections--;
		section = NULL;
	}
	if (!section) {
		faults->no_memory = true;
		free(title);
		return NULL;
	}
	section->title = title;
	section->at = at;
	return section;
}

void reader_add_pair(struct reader_section *section, const char *key, char *value, struct place at,
		     struct faults *faults)
{
	const struct reader_pair *other = reader_find(section, key);
	struct reader_pair *pair = NULL;
	char *copy = NULL;

	if (other) {
		faults_add(faults, at, "`%s` is already set in line %d", key, other->at.line);
	} else if (value && (copy = strdup(key))) {
		pair = array_add(&section->pairs, &section->n_pairs, sizeof(*pair));
	}
	if (pair) {
		*pair = (struct reader_pair){.key = copy, .value = value, .at = at};
		return;
	}
	faults->no_memory |= !other;
	free_value(value);
	free(copy);
}

void reader_drop(struct reader_section *section, const char *key)
{
	for (size_t i = 0; i < section->n_pairs; i++) {
		if (strcmp(section->pairs[i].key, key) != 0)
			continue;
		free_value(section->pairs[i].value);
		free(section->pairs[i].key);
		section->pairs[i] = section->pairs[--section->n_pairs];
		return;
	}
}

static char *single_spaced(const char *text, size_t len)
{
	char *copy = malloc(len + 1);
	size_t n = 0;

	if (!copy)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		bool space = blank(text[i]);

		if (space && n > 0 && copy[n - 1] == ' ')
			continue;
		copy[n++] = space ? ' ' : text[i];
	}
	copy[n] = '\0';
	return copy;
}

static void read_title(struct source_text *text, const char *line, size_t len)
{
	const char *close = memchr(line, ']', len);
	const char *title = line + 1, *rest;
	size_t title_len, rest_len;
	char *copy;

	text->section = NULL;
	text->any_section = true;
	if (!close) {
		faults_add(text->faults, text->at, "`]` is missing");
		return;
	}
	title_len = (size_t)(close - title);
	trim(&title, &title_len);
	rest = close + 1;
	rest_len = len - (size_t)(rest - line);
	trim(&rest, &rest_len);
	if (rest_len > 0 && !begins_comment(rest, rest_len)) {
		faults_add(text->faults, text->at,
			   "only a comment may follow `]`; keys go on lines of their own");
		return;
	}
	if (title_len == 0 || title_len > READER_TITLE_MAX) {
		faults_add(text->faults, text->at, "a section title has 1 to %d characters",
			   READER_TITLE_MAX);
		return;
	}
	copy = single_spaced(title, title_len);
	if (copy)
		text->section = reader_add_section(text->reader, copy, text->at, text->faults);
	else
		text->faults->no_memory = true;
}

static bool is_key(const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!islower((unsigned char)key[i]) && !isdigit((unsigned char)key[i]) &&
		    key[i] != '-')
			return false;
	return len > 0 && len <= READER_KEY_MAX && islower((unsigned char)key[0]);
}

/* Puts what inih shall see of `key = value` into out. Text that is no key is not repeated in the
 * message: it may be the second half of a secret. */
static void read_pair(struct source_text *text, const char *line, size_t len, char *out, int size)
{
	const char *equals = memchr(line, '=', len);
	const char *value = equals ? equals + 1 : NULL;
	size_t key_len = equals ? (size_t)(equals - line) : 0;
	size_t value_len = equals ? len - key_len - 1 : 0;

	if (!equals) {
		faults_add(text->faults, text->at,
			   "neither `key = value`, nor [section], nor # comment");
		return;
	}
	trim(&line, &key_len);
	trim(&value, &value_len);
	if (!is_key(line, key_len)) {
		faults_add(text->faults, text->at,
			   "what is before `=` is no key: keys are lower-case letters, digits "
			   "and `-`, at most %d",
			   READER_KEY_MAX);
	} else if (value_len == 0) {
		faults_add(text->faults, text->at,
			   "`%.*s` has no value; write one, or put # before the line", (int)key_len,
			   line);
	} else if (!text->any_section) {
		faults_add(text->faults, text->at, "`%.*s` stands before any [section]",
			   (int)key_len, line);
	} else if (text->section) {
		text->value = value;
		text->value_len = value_len;
		snprintf(out, (size_t)size, "%.*s" STAND_IN, (int)key_len, line);
	}
}

/* Says what is wrong with the line as such. */
static const char *check_line(const char *line, size_t len)
{
	if (len > READER_LINE_MAX)
		return "the line is longer than 4096 bytes; put a long secret into a file and "
		       "write `key = file:PATH`";
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return c ? "the line holds a control character; remove it"
				 : "the line holds a NUL byte; is this a text file?";
	}
	return NULL;
}

static void read_line(struct source_text *text, const char *line, size_t len, char *out, int size)
{
	const char *inner = line;
	size_t inner_len;
	const char *why;

	if (text->at.line == 1 && len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3;
		len -= 3;
	}
	if (len > 0 && line[len - 1] == '\r')
		len--;
	why = check_line(line, len);
	inner = line;
	inner_len = len;
	trim(&inner, &inner_len);
	if (why)
		faults_add(text->faults, text->at, "%s", why);
	else if (inner_len == 0 || begins_comment(inner, inner_len))
		return;
	else if (inner != line)
		faults_add(text->faults, text->at,
			   "the line begins with white space: keys and sections start in the first "
			   "column, and a value cannot go on in the next line");
	else if (*inner == '[')
		read_title(text, inner, inner_len);
	else
		read_pair(text, inner, inner_len, out, size);
}

/* An ini_reader: one line of ours is one line of inih's. */
static char *hand_line(char *out, int size, void *stream)
{
	struct source_text *text = stream;
	const char *line = text->next;
	const char *newline;
	size_t len;

	if (line == text->end || size < READER_KEY_MAX + (int)sizeof(STAND_IN))
		return NULL;
	newline = memchr(line, '\n', (size_t)(text->end - line));
	len = (size_t)((newline ? newline : text->end) - line);
	text->next = newline ? newline + 1 : text->end;
	text->at.line++;
	out[0] = '\n';
	out[1] = '\0';
	read_line(text, line, len, out, size);
	return out;
}

/* An ini_handler; nonzero: go on. */
static int take_pair(void *user, const char *title, const char *key, const char *value)
{
	struct source_text *text = user;
	char *copy = strndup(text->value, text->value_len);

	(void)title;
	(void)value;
	reader_add_pair(text->section, key, copy, text->at, text->faults);
	return 1;
}

/* part: NULL for all of it. */
static int load(struct reader *reader, const char *path, const struct reader_part *part,
		struct faults *faults)
{
	struct source_text text = {.reader = reader, .faults = faults};
	struct slurp slurp = {0};
	int error = reader_add_file(reader, path);

	if (error)
		return error;
	text.at.file = reader->n_files - 1;
	error = part ? slurp_part(path, part->begin, part->len, &slurp)
		     : slurp_file(path, READER_FILE_MAX, &slurp);
	if (error) {
		faults_add(faults, text.at, "cannot be read: %s", slurp_why(error));
		return error;
	}
	reader->files[text.at.file].mode = slurp.mode;
	reader->files[text.at.file].owner = slurp.owner;
	text.at.line = part ? part->line - 1 : 0;
	text.next = slurp.bytes;
	text.end = slurp.bytes + slurp.len;
	error = ini_parse_stream(hand_line, &text, take_pair, &text);
	if (error || text.next != text.end)
		faults_add(faults, text.at, "the INI library does not understand this file");
	slurp_done(&slurp);
	return 0;
}

int reader_load(struct reader *reader, const char *path, struct faults *faults)
{
	return load(reader, path, NULL, faults);
}

int reader_load_part(struct reader *reader, const char *path, const struct reader_part *part,
		     struct faults *faults)
{
	return load(reader, path, part, faults);
}

static void free_section(struct reader_section *section)
{
	for (size_t i = 0; i < section->n_pairs; i++) {
		free_value(section->pairs[i].value);
		free(section->pairs[i].key);
	}
	free(section->pairs);
	free(section->title);
}

void reader_done(struct reader *reader)
{
	names_done(&reader->titles);
	for (size_t i = 0; i < reader->n_sections; i++)
		free_section(&reader->sections[i]);
	for (size_t i = 0; i < reader->n_files; i++)
		free(reader->files[i].path);
	free(reader->sections);
	free(reader->files);
	*reader = (struct reader){0};
}
