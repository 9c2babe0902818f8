/* SPDX-License-Identifier: MIT */
#include "cfg/faults.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/array.h"

static int compare(struct place a, struct place b)
{
	if (a.file != b.file)
		return a.file < b.file ? -1 : 1;
	return (a.line > b.line) - (a.line < b.line);
}

static bool known(const struct faults *faults, const struct fault *fault)
{
	for (size_t i = 0; i < faults->n; i++)
		if (compare(faults->list[i].at, fault->at) == 0 &&
		    strcmp(faults->list[i].text, fault->text) == 0)
			return true;
	return false;
}

/* Keeps the first FAULTS_MAX in order of place. */
static void keep(struct faults *faults, const struct fault *fault)
{
	size_t at = faults->n;

	while (at > 0 && compare(faults->list[at - 1].at, fault->at) > 0)
		at--;
	if (faults->n == FAULTS_MAX) {
		faults->more++;
		if (at == FAULTS_MAX)
			return;
		faults->n--;
	} else {
		if (!array_add(&faults->list, &faults->n, sizeof(*faults->list))) {
			faults->no_memory = true;
			return;
		}
		faults->n--;
	}
	memmove(&faults->list[at + 1], &faults->list[at], (faults->n - at) * sizeof(*faults->list));
	faults->list[at] = *fault;
	faults->n++;
}

__attribute__((format(printf, 3, 0))) static void add(struct faults *faults, struct fault *fault,
						      const char *format, va_list args)
{
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	for (char *c = fault->text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	faults->fatal |= !fault->warning;
	if (!known(faults, fault))
		keep(faults, fault);
}

void faults_add(struct faults *faults, struct place at, const char *format, ...)
{
	struct fault fault = {.at = at};
	va_list args;

	va_start(args, format);
	add(faults, &fault, format, args);
	va_end(args);
}

void faults_warn(struct faults *faults, struct place at, const char *format, ...)
{
	struct fault fault = {.at = at, .warning = true};
	va_list args;

	va_start(args, format);
	add(faults, &fault, format, args);
	va_end(args);
}

static int append(struct cfg_errors *errors, const char *file, const struct fault *fault)
{
	struct cfg_error *error = array_add(&errors->list, &errors->n, sizeof(*error));

	if (!error)
		return -ENOMEM;
	error->line = fault->at.line;
	error->warning = fault->warning;
	memcpy(error->text, fault->text, sizeof(error->text));
	error->file = strdup(file);
	return error->file ? 0 : -ENOMEM;
}

int faults_list(const struct faults *faults, char *const *files, struct cfg_errors *ret)
{
	struct cfg_errors errors = {0};
	int error = 0;

	for (size_t i = 0; i < faults->n && !error; i++)
		error = append(&errors, files[faults->list[i].at.file], &faults->list[i]);
	if (!error && faults->more) {
		struct fault last = {.at = faults->list[faults->n - 1].at,
				     .warning = !faults->fatal};

		snprintf(last.text, sizeof(last.text), "and %zu more; correct these first",
			 faults->more);
		error = append(&errors, files[last.at.file], &last);
	}
	if (error)
		cfg_errors_done(&errors);
	else
		*ret = errors;
	return error;
}

void faults_done(struct faults *faults)
{
	free(faults->list);
	*faults = (struct faults){0};
}
