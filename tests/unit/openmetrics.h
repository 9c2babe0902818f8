/* SPDX-License-Identifier: MIT */
/* What is wrong with a text that claims to be OpenMetrics 1.0: a strict reader that shares nothing
 * with the writer. Of the types only counter, gauge and histogram, which the textfile collector of
 * the node exporter knows as well. */
#ifndef TESTS_UNIT_OPENMETRICS_H
#define TESTS_UNIT_OPENMETRICS_H

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OM_TEXT = 256, OM_LABELS = 8, OM_FAMILIES = 64, OM_SAMPLES = 4096 };

struct om_label {
	char name[OM_TEXT], value[OM_TEXT];
};

struct om_family {
	char name[OM_TEXT], type[OM_TEXT];
	bool typed, helped, united;
	size_t samples;
	double bound, count, infinite, total; /* of a histogram's last bucket and its count */
	bool summed;
};

struct om_reader {
	struct om_family families[OM_FAMILIES];
	size_t n_families;
	char keys[OM_SAMPLES][OM_TEXT * 2];
	size_t n_keys;
};

static inline size_t om_name(const char *text, bool colon)
{
	size_t len = 0;

	while (isalpha((unsigned char)text[len]) || text[len] == '_' ||
	       (colon && text[len] == ':') || (len > 0 && isdigit((unsigned char)text[len])))
		len++;
	return len;
}

static inline bool om_ends(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

/* The current family; one that was left cannot be taken up again. */
static inline const char *om_open(struct om_reader *reader, const char *name,
				  struct om_family **ret)
{
	struct om_family *last = reader->families + reader->n_families - 1;

	if (reader->n_families > 0 && strcmp(last->name, name) == 0) {
		*ret = last;
		return last->samples ? "metadata behind samples" : NULL;
	}
	for (size_t i = 0; i < reader->n_families; i++)
		if (strcmp(reader->families[i].name, name) == 0)
			return "a family in two places";
	if (reader->n_families == OM_FAMILIES)
		return "too many families for this reader";
	*ret = &reader->families[reader->n_families++];
	**ret = (struct om_family){.bound = -INFINITY, .infinite = -1, .total = -1};
	snprintf((*ret)->name, OM_TEXT, "%s", name);
	return NULL;
}

static inline const char *om_metadata(struct om_reader *reader, const char *line)
{
	char word[8], unit[32], name[OM_TEXT];
	struct om_family *family;
	const char *fault;
	size_t len;

	if (sscanf(line, "# %7[A-Z] ", word) != 1)
		return "a comment";
	line += 2 + strlen(word);
	if (*line++ != ' ')
		return "no blank behind the keyword";
	len = om_name(line, true);
	if (len == 0 || len >= OM_TEXT || line[len] != ' ')
		return "no name of a family";
	snprintf(name, sizeof(name), "%.*s", (int)len, line);
	line += len + 1;
	fault = om_open(reader, name, &family);
	if (fault)
		return fault;
	if (!strcmp(word, "HELP")) {
		for (const char *c = line; *c; c++)
			if (*c == '"' || (*c == '\\' && !strchr("\\n\"", *++c)))
				return "HELP is not escaped";
		return family->helped ? "a second HELP" : (family->helped = true, NULL);
	}
	if (!strcmp(word, "UNIT")) {
		snprintf(unit, sizeof(unit), "_%.30s", line);
		if (!om_ends(name, unit))
			return "the name does not end in its unit";
		return family->united ? "a second UNIT" : (family->united = true, NULL);
	}
	if (strcmp(word, "TYPE") != 0)
		return "an unknown keyword";
	if (strcmp(line, "counter") != 0 && strcmp(line, "gauge") != 0 &&
	    strcmp(line, "histogram") != 0)
		return "an unknown type";
	if (om_ends(name, "_total") || om_ends(name, "_bucket") || om_ends(name, "_count") ||
	    om_ends(name, "_sum"))
		return "a family is named like a sample";
	snprintf(family->type, OM_TEXT, "%s", line);
	return family->typed ? "a second TYPE" : (family->typed = true, NULL);
}

/* {a="b",c="d"}: *at moves behind it. */
static inline const char *om_labels(const char **at, struct om_label labels[static OM_LABELS],
				    size_t *ret_n)
{
	const char *c = *at;
	size_t n = 0;

	do {
		size_t name = om_name(++c, false), len = 0;
		struct om_label *label = &labels[n++];

		if (n > OM_LABELS || name == 0 || name >= OM_TEXT)
			return "no name of a label";
		snprintf(label->name, OM_TEXT, "%.*s", (int)name, c);
		c += name;
		if (*c++ != '=' || *c++ != '"')
			return "no value of a label";
		for (; *c != '"'; c++) {
			if (!*c || len >= OM_TEXT - 1)
				return "a label without end";
			if (*c == '\\' && !strchr("\\n\"", *++c))
				return "an unknown escape";
			label->value[len++] = *c;
		}
		label->value[len] = 0;
		c++;
		for (size_t i = 0; i + 1 < n; i++)
			if (!strcmp(labels[i].name, label->name))
				return "a label twice";
	} while (*c == ',');
	if (*c++ != '}')
		return "labels without end";
	*at = c;
	*ret_n = n;
	return NULL;
}

static inline const char *om_histogram(struct om_family *family, const char *suffix, double value,
				       const struct om_label *labels, size_t n)
{
	double bound;

	if (!strcmp(suffix, "_count"))
		return family->total = value, NULL;
	if (!strcmp(suffix, "_sum"))
		return family->summed = true, NULL;
	if (strcmp(suffix, "_bucket") != 0)
		return "a histogram's sample of another name";
	if (n != 1 || strcmp(labels[0].name, "le") != 0)
		return "a bucket without le (this reader knows no other labels)";
	bound = strcmp(labels[0].value, "+Inf") ? strtod(labels[0].value, NULL) : INFINITY;
	if (!strchr(labels[0].value, '.') && !isinf(bound))
		return "le is no canonical number";
	if (bound <= family->bound)
		return "bounds do not grow";
	if (value < family->count)
		return "buckets shrink";
	family->bound = bound;
	family->count = value;
	if (isinf(bound))
		family->infinite = value;
	return NULL;
}

static inline const char *om_value(const struct om_family *family, const char *name,
				   const char *text, double *ret)
{
	char *end;
	bool gauge = !strcmp(family->type, "gauge");

	if (*text != ' ')
		return "no blank before the value";
	if (!isdigit((unsigned char)text[1]) && text[1] != '-')
		return "no value";
	*ret = strtod(text + 1, &end);
	if (*end)
		return "something behind the value";
	if (!gauge && *ret < 0)
		return "a negative count";
	if (gauge && om_ends(family->name, "_info") && *ret != 1)
		return "an info that is not 1";
	if (!strcmp(family->type, "counter") && !om_ends(name, "_total"))
		return "a counter whose sample does not end in _total";
	return NULL;
}

static inline const char *om_sample(struct om_reader *reader, const char *line)
{
	struct om_family *family = reader->families + reader->n_families - 1;
	size_t len = om_name(line, true), n = 0;
	struct om_label labels[OM_LABELS];
	const char *at = line + len, *fault = NULL;
	char name[OM_TEXT], key[OM_TEXT * 2];
	double value;

	snprintf(name, sizeof(name), "%.*s", (int)len, line);
	if (reader->n_families == 0 || !family->typed ||
	    strncmp(name, family->name, strlen(family->name)) != 0)
		return "a sample outside of its family";
	if (*at == '{')
		fault = om_labels(&at, labels, &n);
	if (!fault)
		fault = om_value(family, name, at, &value);
	if (fault)
		return fault;
	snprintf(key, sizeof(key), "%.*s", (int)(at - line), line);
	for (size_t i = 0; i < reader->n_keys; i++)
		if (!strcmp(reader->keys[i], key))
			return "a sample twice";
	if (reader->n_keys == OM_SAMPLES)
		return "too many samples for this reader";
	memcpy(reader->keys[reader->n_keys++], key, sizeof(key));
	family->samples++;
	if (!strcmp(family->type, "histogram"))
		return om_histogram(family, name + strlen(family->name), value, labels, n);
	if (!strcmp(family->type, "gauge") && strcmp(name, family->name) != 0)
		return "a gauge's sample of another name";
	return NULL;
}

static inline const char *om_end(const struct om_reader *reader)
{
	for (size_t i = 0; i < reader->n_families; i++) {
		const struct om_family *family = &reader->families[i];

		if (!family->typed || !family->helped)
			return "a family without TYPE or HELP";
		if (om_ends(family->name, "_seconds") != family->united)
			return "seconds without UNIT";
		if (!strcmp(family->type, "histogram") &&
		    (family->infinite < 0 || family->infinite != family->total || !family->summed))
			return "a histogram that does not add up";
	}
	return NULL;
}

/* NULL: nothing is wrong. Else what, which is printed with its line. */
static inline const char *openmetrics_fault(const char *text)
{
	struct om_reader *reader = calloc(1, sizeof(*reader));
	json_t *utf8 = json_string(text);
	const char *fault = reader && utf8 ? NULL : "not UTF-8";
	bool ended = false;
	char line[2048] = "";

	json_decref(utf8);
	while (!fault && *text) {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		if (text[len] != '\n' || len >= sizeof(line))
			fault = "a line without end";
		else if (ended)
			fault = "something behind # EOF";
		else if (!strcmp(line, "# EOF"))
			ended = true;
		else
			fault = *line == '#' ? om_metadata(reader, line) : om_sample(reader, line);
		text += len + 1;
	}
	if (fault)
		fprintf(stderr, "# %s: %s\n", fault, line);
	else
		fault = ended ? om_end(reader) : "no # EOF";
	free(reader);
	return fault;
}

#endif
