/* SPDX-License-Identifier: MIT */
/* What libFuzzer gives, taken piece by piece; at its end there are zeros. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Runs one input; defined by each fuzz_NAME.c and called by libFuzzer. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

static inline unsigned input_byte(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

/* 0..n-1; n: 1..65536 */
static inline size_t input_below(struct input *input, size_t n)
{
	unsigned high = n > 256 ? input_byte(input) << 8 : 0;

	return (high | input_byte(input)) % n;
}

#endif
