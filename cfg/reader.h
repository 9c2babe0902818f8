/* SPDX-License-Identifier: MIT */
/* INI files to sections of keys and exact values, each with its place. */
#ifndef CFG_READER_H
#define CFG_READER_H

#include <sys/types.h>

#include "cfg/faults.h"
#include "cfg/names.h"

#define READER_FILE_MAX     (8 * 1024 * 1024)
#define READER_FILES_MAX    256
#define READER_LINE_MAX     4096
#define READER_TITLE_MAX    320
#define READER_KEY_MAX      32
#define READER_SECTIONS_MAX 20000

struct reader_pair {
	char *key, *value; /* trimmed; the value is not empty and else as written */
	struct place at;
};

struct reader_section {
	char *title; /* single spaces */
	struct place at;
	struct reader_pair *pairs;
	size_t n_pairs;
};

struct reader_file {
	char *path;
	mode_t mode;
	uid_t owner;
};

/* What was read, over all files. Zeroed: nothing. */
struct reader {
	struct reader_file *files;
	size_t n_files;
	struct reader_section *sections;
	size_t n_sections;
	struct names titles;
};

/* Reads one more file. What is wrong in it goes to faults; each section and key comes once, over
 * all files. -errno: it cannot be read at all; faults say so. */
int reader_load(struct reader *reader, const char *path, struct faults *faults);

/* Lines of a file: len bytes from begin; line is the number of the first. */
struct reader_part {
	size_t begin, len;
	int line;
};

/* The same of these lines alone. */
int reader_load_part(struct reader *reader, const char *path, const struct reader_part *part,
		     struct faults *faults);

/* What is not in a file of this syntax, piece by piece. A file is what faults are told of.
 * -ENOMEM. */
int reader_add_file(struct reader *reader, const char *path);

/* Takes over title (single spaces). NULL: faults say why. Sections may move. */
struct reader_section *reader_add_section(struct reader *reader, char *title, struct place at,
					  struct faults *faults);

/* Takes over value (trimmed, not empty; NULL: no memory), and wipes it if the key is there already,
 * which is a fault. */
void reader_add_pair(struct reader_section *section, const char *key, char *value, struct place at,
		     struct faults *faults);

/* Forgets a key, if it is there. */
void reader_drop(struct reader_section *section, const char *key);

/* NULL: not there. section may be NULL. */
const struct reader_pair *reader_find(const struct reader_section *section, const char *key);

/* Wipes: values may be secrets. */
void reader_done(struct reader *reader);

#endif
