/* SPDX-License-Identifier: MIT */
/* Configurations written in tests, and what is said about them. */
#ifndef TESTS_UNIT_CFGTEXT_H
#define TESTS_UNIT_CFGTEXT_H

#include "cfg/cfg.h"
#include "tests/unit/tempdir.h"

#define DYNDNS2 \
	"provider = dyndns2\nurl = https://example.com/u\nusername = me\npassword = S3CRET\n"
#define HOSTS "provider = hosts\nfile = /tmp/hosts\n"

static char dump[65536];

static inline void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void print(const char *format, ...)
{
	size_t len = strlen(dump);
	va_list args;

	va_start(args, format);
	vsnprintf(dump + len, sizeof(dump) - len, format, args);
	va_end(args);
}

/* Without the folder of the test. */
static inline const char *short_name(const char *file)
{
	size_t len = strlen(tempdir);

	return strncmp(file, tempdir, len) == 0 ? file + len + 1 : file;
}

static inline void describe_errors(const struct cfg_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		const struct cfg_error *error = &errors->list[i];
		const char *text = error->text, *dir;

		print("%s:%d: %s", short_name(error->file), error->line,
		      error->warning ? "warning: " : "");
		while ((dir = strstr(text, tempdir))) {
			print("%.*s", (int)(dir - text), text);
			text = dir + strlen(tempdir) + 1;
		}
		print("%s\n", text);
	}
}

static inline struct cfg *load(int expected)
{
	struct cfg_errors errors;
	struct cfg *cfg = NULL;

	assert_int_equal(cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors), expected);
	assert_true(expected ? !cfg : !!cfg);
	dump[0] = '\0';
	describe_errors(&errors);
	cfg_errors_done(&errors);
	return cfg;
}

static inline struct cfg *load_text(const char *text, int expected)
{
	tempdir_text("nlddns.conf", text);
	return load(expected);
}

#endif
