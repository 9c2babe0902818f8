/* SPDX-License-Identifier: MIT */
/* The example that `nlddns providers NAME` shows, as a configuration a test can load. */
#ifndef TESTS_UNIT_EXAMPLE_H
#define TESTS_UNIT_EXAMPLE_H

#include <string.h>

#include "tests/unit/tempdir.h"
#include "update/ctl/offer.h"
#include "update/ctl/sample.h"

/* Into nlddns.conf of the test's folder, with secrets from TEST_SECRET instead of files. */
static inline void example_write(const struct offer *offer)
{
	struct buf sample, config;
	char *rest, *line;

	buf_init(&sample, SAMPLE_MAX);
	buf_init(&config, SAMPLE_MAX);
	sample_write(offer, &sample);
	assert_false(sample.failed);
	rest = sample.text;
	while ((line = strsep(&rest, "\n"))) {
		const char *file = strstr(line, "= file:");

		buf_printf(&config, "%.*s%s\n", (int)(file ? file - line : (long)strlen(line)),
			   line, file ? "= env:TEST_SECRET" : "");
	}
	tempdir_text("nlddns.conf", config.text);
	buf_done(&sample);
	buf_done(&config);
}

#endif
