/* SPDX-License-Identifier: MIT */
#include "cfg/environment.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"
#include "cfg/keys.h"
#include "cfg/settings.h"
#include "cfg/title.h"

#define PREFIX      "NLDDNS_"
#define HOOK        "NLDDNS_EVENT"
#define FILE_SUFFIX "-file"
#define GROUP_MAX   9999
#define LABEL_MAX   (sizeof(PREFIX) + 5 + READER_KEY_MAX)

/* NLDDNS_2_TOKEN=value */
struct variable {
	char label[LABEL_MAX + 1];    /* what is before `=` */
	char key[READER_KEY_MAX + 1]; /* "token" */
	unsigned group;               /* 2; 0: it has no number */
	const char *value;            /* borrowed */
	struct place at;
};

struct variables {
	struct variable *list; /* by groups; in each, the name comes first */
	size_t n;
	bool record; /* one of them is a name */
};

static bool is_name(const struct variable *variable)
{
	return strcmp(variable->key, "name") == 0;
}

/* The number in front of text, if there is one, with the `_` behind it. */
static const char *skip_group(const char *text, unsigned *ret)
{
	char *end = NULL;
	unsigned long number;

	*ret = 0;
	if (!isdigit((unsigned char)*text))
		return text;
	number = strtoul(text, &end, 10);
	if (*end != '_' || number == 0 || number > GROUP_MAX)
		return text;
	*ret = (unsigned)number;
	return end + 1;
}

/* False: it is none of ours, or says nothing. */
static bool parse(const char *text, struct variable *ret)
{
	const char *equals = strchr(text, '='), *key;
	size_t len;

	if (!equals || strncmp(text, PREFIX, strlen(PREFIX)) != 0 ||
	    (size_t)(equals - text) > LABEL_MAX)
		return false;
	*ret = (struct variable){.value = equals + 1 + strspn(equals + 1, " \t\r\n")};
	memcpy(ret->label, text, (size_t)(equals - text));
	key = skip_group(ret->label + strlen(PREFIX), &ret->group);
	len = strlen(key);
	if (len == 0 || len > READER_KEY_MAX || !*ret->value)
		return false;
	for (size_t i = 0; i < len; i++)
		ret->key[i] = key[i] == '_' ? '-' : (char)tolower((unsigned char)key[i]);
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct variable *a = left, *b = right;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (is_name(a) != is_name(b))
		return is_name(a) ? -1 : 1;
	return strcmp(a->label, b->label);
}

static void gather(char *const *env, struct variables *variables, struct faults *faults)
{
	for (; env && *env; env++) {
		struct variable variable, *copy;

		if (strncmp(*env, HOOK "=", sizeof(HOOK)) == 0) {
			free(variables->list);
			*variables = (struct variables){0};
			return;
		}
		if (!parse(*env, &variable))
			continue;
		copy = array_add(&variables->list, &variables->n, sizeof(*copy));
		if (!copy) {
			faults->no_memory = true;
			return;
		}
		*copy = variable;
		variables->record |= is_name(copy);
	}
	if (variables->n)
		qsort(variables->list, variables->n, sizeof(*variables->list), compare);
}

static const struct setting *find_in(const struct provider *provider, const char *name)
{
	const struct setting *row = settings_find(provider->settings, name);

	return row ? row : settings_find(provider_http_settings(), name);
}

/* Whether `key = file:PATH` means something. */
static bool is_secret(const char *key)
{
	const struct provider *const *at = provider_all();

	for (; *at; at++) {
		const struct setting *row = find_in(*at, key);

		if (row && row->type == SETTING_SECRET)
			return true;
	}
	return strcmp(key, "notify") == 0;
}

/* NLDDNS_TOKEN_FILE is the file of `token`; NLDDNS_CA_FILE is `ca-file`. */
static bool cut_file_suffix(struct variable *variable)
{
	size_t len = strlen(variable->key), suffix = strlen(FILE_SUFFIX);

	if (len <= suffix || strcmp(variable->key + len - suffix, FILE_SUFFIX) != 0)
		return false;
	if (keys_find(keys_daemon, variable->key) ||
	    settings_find(provider_http_settings(), variable->key))
		return false;
	variable->key[len - suffix] = '\0';
	return true;
}

/* Without blanks and line ends behind it. NULL: no memory. */
static char *copy_value(const struct variable *variable, bool of_file)
{
	const char *value = variable->value, *scheme = of_file ? "file:" : "";
	size_t len = strlen(value);
	char *copy;

	while (len > 0 && isspace((unsigned char)value[len - 1]))
		len--;
	return asprintf(&copy, "%s%.*s", scheme, (int)len, value) < 0 ? NULL : copy;
}

/* What a line of a file could not hold either. */
static bool is_text(const char *value)
{
	for (const char *c = value; *c; c++)
		if (iscntrl((unsigned char)*c) && !strchr("\t\r\n", *c))
			return false;
	return strlen(value) <= READER_LINE_MAX;
}

static void add_pair(struct reader_section *section, struct variable *variable,
		     struct faults *faults)
{
	bool of_file = cut_file_suffix(variable);

	if (!is_text(variable->value))
		faults_add(faults, variable->at,
			   "is longer than %d bytes, or holds control characters", READER_LINE_MAX);
	else if (of_file && !is_secret(variable->key))
		faults_add(faults, variable->at, "`%s` is read from no file; set %.*s itself",
			   variable->key, (int)(strlen(variable->label) - strlen(FILE_SUFFIX)),
			   variable->label);
	else if (reader_find(section, variable->key))
		faults_add(faults, variable->at, "`%s` is set twice; unset one of the two",
			   variable->key);
	else
		reader_add_pair(section, variable->key, copy_value(variable, of_file), variable->at,
				faults);
}

/* NULL: it cannot be; faults say why. */
static struct reader_section *open_section(struct reader *reader, const char *title,
					   struct place at, struct faults *faults)
{
	char *copy = strdup(title);

	if (copy)
		return reader_add_section(reader, copy, at, faults);
	faults->no_memory = true;
	return NULL;
}

static void set_daemon(struct reader *reader, struct variable *variable, struct faults *faults)
{
	struct reader_section *section;
	size_t i;

	if (names_find(&reader->titles, "nlddns", &i))
		section = &reader->sections[i];
	else
		section = open_section(reader, "nlddns", variable->at, faults);
	if (!section)
		return;
	reader_drop(section, variable->key);
	add_pair(section, variable, faults);
}

/* NULL: no record can be called so, or is already; faults say so. */
static struct reader_section *open_record(struct reader *reader, const struct variable *variable,
					  struct faults *faults)
{
	char name[DNS_NAME_MAX], why[TITLE_WHY_MAX];
	char *title = copy_value(variable, false);
	struct reader_section *section = NULL;
	enum title_kind kind;
	size_t i;

	if (!title)
		faults->no_memory = true;
	else if (title_parse(title, &kind, name, why))
		faults_add(faults, variable->at, "%s", why);
	else if (kind != TITLE_RECORD)
		faults_add(faults, variable->at, "`%.80s` is no DNS name", title);
	else if (names_find(&reader->titles, title, &i))
		faults_add(faults, variable->at, "there is a section [%.80s] already", title);
	else
		section = open_section(reader, title, variable->at, faults);
	free(title);
	return section;
}

/* All of one number. */
static void read_group(struct reader *reader, struct variable *list, size_t n,
		       struct faults *faults)
{
	struct reader_section *section = NULL;

	if (is_name(&list[0]))
		section = open_record(reader, &list[0], faults);
	else
		faults_add(faults, list[0].at, "is of no record; set %.*sNAME, too",
			   (int)(strlen(list[0].label) - strlen(list[0].key)), list[0].label);
	for (size_t i = 1; section && i < n; i++)
		add_pair(section, &list[i], faults);
}

static bool is_daemons(const struct variable *variable)
{
	return variable->group == 0 && keys_find(keys_daemon, variable->key);
}

/* Gives each its place, and the daemon its own; leaves the list with the others. */
static void sort_out(struct reader *reader, struct variables *variables, struct faults *faults)
{
	size_t kept = 0;

	for (size_t i = 0; i < variables->n; i++) {
		struct variable *variable = &variables->list[i];

		if (!is_daemons(variable) && !variables->record)
			continue;
		if (reader_add_file(reader, variable->label))
			faults->no_memory = true;
		variable->at.file = reader->n_files - 1;
		if (is_daemons(variable))
			set_daemon(reader, variable, faults);
		else
			variables->list[kept++] = *variable;
	}
	variables->n = kept;
}

void environment_read(struct reader *reader, char *const *env, struct faults *faults)
{
	struct variables variables = {0};
	size_t n;

	gather(env, &variables, faults);
	sort_out(reader, &variables, faults);
	for (size_t i = 0; i < variables.n && !faults->no_memory; i += n) {
		struct variable *first = &variables.list[i];

		n = 1;
		while (i + n < variables.n && first[n].group == first->group)
			n++;
		read_group(reader, first, n, faults);
	}
	free(variables.list);
}

bool environment_has_record(char *const *env)
{
	struct variables variables = {0};
	struct faults faults = {0};

	gather(env, &variables, &faults);
	free(variables.list);
	return variables.record;
}

const char *environment_daemon(char *const *env, const char *key)
{
	struct variables variables = {0};
	struct faults faults = {0};
	const char *value = NULL;

	gather(env, &variables, &faults);
	for (size_t i = 0; i < variables.n; i++)
		if (is_daemons(&variables.list[i]) && strcmp(variables.list[i].key, key) == 0)
			value = variables.list[i].value;
	free(variables.list);
	return value;
}
