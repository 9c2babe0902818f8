/* SPDX-License-Identifier: MIT */
#include "providers/idn.h"

#include <string.h>
#include <strings.h>

#define LABEL_MAX 63

/* RFC 3492, section 5 */
#define BASE         36
#define T_MIN        1
#define T_MAX        26
#define SKEW         38
#define DAMP         700
#define INITIAL_BIAS 72
#define INITIAL_N    128
#define UNICODE_MAX  0x10ffff

/* A label as code points. */
struct label {
	uint32_t points[LABEL_MAX];
	uint32_t n;
};

/* The value of a digit, or BASE. */
static uint32_t digit(char c)
{
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a');
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	return c >= '0' && c <= '9' ? (uint32_t)(c - '0') + 26 : BASE;
}

static uint32_t adapt(uint32_t delta, uint32_t n, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	for (delta += delta / n; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* A number of variable length is taken off and added to *i. */
static bool take_number(struct span *rest, uint32_t bias, uint32_t *i)
{
	uint64_t sum = *i, weight = 1;

	for (uint32_t k = BASE; rest->len > 0; k += BASE) {
		uint32_t value = digit(*rest->text), t = T_MIN;

		if (k > bias)
			t = k - bias > T_MAX ? T_MAX : k - bias;
		t = t < T_MIN ? T_MIN : t;
		rest->text++;
		rest->len--;
		sum += value * weight;
		if (value == BASE || sum > UINT32_MAX)
			return false;
		*i = (uint32_t)sum;
		if (value < t)
			return true;
		weight *= BASE - t;
		if (weight > UINT32_MAX)
			return false;
	}
	return false;
}

static bool insert(struct label *label, uint32_t at, uint32_t point)
{
	if (label->n == LABEL_MAX || point > UNICODE_MAX)
		return false;
	memmove(&label->points[at + 1], &label->points[at],
		(label->n - at) * sizeof(label->points[0]));
	label->points[at] = point;
	label->n++;
	return true;
}

/* text: what is behind xn--. */
static bool decode(struct span text, struct label *ret)
{
	const char *dash = memrchr(text.text, '-', text.len);
	size_t n_plain = dash != NULL ? (size_t)(dash - text.text) : 0;
	uint32_t n = INITIAL_N, i = 0, bias = INITIAL_BIAS;

	ret->n = 0;
	for (size_t at = 0; at < n_plain; at++)
		if (!insert(ret, ret->n, (unsigned char)text.text[at]))
			return false;
	n_plain += dash != NULL;
	text = (struct span){text.text + n_plain, text.len - n_plain};
	while (text.len > 0) {
		uint32_t before = i;

		if (!take_number(&text, bias, &i))
			return false;
		bias = adapt(i - before, ret->n + 1, before == 0);
		n += i / (ret->n + 1);
		i %= ret->n + 1;
		if (!insert(ret, i++, n))
			return false;
	}
	return true;
}

static size_t write_utf8(uint32_t point, char ret[static 4])
{
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t len = 1 + (point >= 0x80) + (point >= 0x800) + (point >= 0x10000);

	for (size_t i = len; i-- > 1; point >>= 6)
		ret[i] = (char)(0x80 | (point & 0x3f));
	ret[0] = (char)(leads[len - (len == 1)] | point);
	return len;
}

static bool is_same_text(struct span a, struct span b)
{
	return a.len == b.len && strncasecmp(a.text, b.text, a.len) == 0;
}

static bool is_same_label(struct span found, struct span label)
{
	static const char prefix[] = "xn--";
	size_t len = strlen(prefix), n = 0;
	char text[LABEL_MAX * 4] = "";
	struct label decoded;

	if (is_same_text(found, label))
		return true;
	if (label.len <= len || label.len > LABEL_MAX ||
	    strncasecmp(label.text, prefix, len) != 0 ||
	    !decode((struct span){label.text + len, label.len - len}, &decoded))
		return false;
	for (uint32_t i = 0; i < decoded.n; i++)
		n += write_utf8(decoded.points[i], text + n);
	return is_same_text(found, (struct span){text, n});
}

static struct span take_label(struct span *rest)
{
	const char *dot = memchr(rest->text, '.', rest->len);
	struct span label = {rest->text, dot != NULL ? (size_t)(dot - rest->text) : rest->len};
	size_t taken = label.len + (dot != NULL);

	*rest = (struct span){rest->text + taken, rest->len - taken};
	return label;
}

bool idn_is_same(struct span found, const char *name)
{
	struct span rest = {name, strlen(name)};

	if (is_same_text(found, rest))
		return true;
	while (found.len > 0 && rest.len > 0)
		if (!is_same_label(take_label(&found), take_label(&rest)))
			return false;
	return found.len == 0 && rest.len == 0;
}
