/* SPDX-License-Identifier: MIT */
#include "update/daemon/pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS  256
#define FULL_MIN 64

struct value {
	struct value *next; /* of its bucket */
	size_t len;
	bool marked;
	_Alignas(max_align_t) char bytes[];
};

struct pool {
	size_t n, n_full;
	struct value *buckets[BUCKETS];
};

struct pool *pool_new(void)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (pool)
		pool->n_full = FULL_MIN;
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	pool_sweep(pool);
	free(pool);
}

/* FNV-1a */
static struct value **find_bucket(struct pool *pool, const char *bytes, size_t len)
{
	uint32_t hash = 0x811c9dc5u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)bytes[i]) * 0x01000193u;
	return &pool->buckets[(hash ^ hash >> 16) % BUCKETS];
}

static struct value *find(struct value *value, const char *bytes, size_t len)
{
	while (value && (value->len != len || memcmp(value->bytes, bytes, len) != 0))
		value = value->next;
	return value;
}

const void *pool_keep(struct pool *pool, const void *bytes, size_t len)
{
	struct value **bucket = find_bucket(pool, bytes, len);
	struct value *value = find(*bucket, bytes, len);

	if (value)
		return value->bytes;
	value = malloc(sizeof(*value) + len);
	if (!value)
		return NULL;
	value->next = *bucket;
	value->len = len;
	value->marked = false;
	memcpy(value->bytes, bytes, len);
	*bucket = value;
	pool->n++;
	return value->bytes;
}

const char *pool_text(struct pool *pool, const char *text)
{
	const char *kept = pool_keep(pool, text, strlen(text) + 1);

	return kept ? kept : "out of memory";
}

bool pool_is_full(const struct pool *pool)
{
	return pool->n >= pool->n_full;
}

void pool_mark(struct pool *pool, const void *bytes, size_t len)
{
	struct value *value = find(*find_bucket(pool, bytes, len), bytes, len);

	if (value)
		value->marked = true;
}

static void sweep(struct pool *pool, struct value **at)
{
	while (*at) {
		struct value *value = *at;

		if (value->marked) {
			value->marked = false;
			at = &value->next;
			continue;
		}
		*at = value->next;
		free(value);
		pool->n--;
	}
}

void pool_sweep(struct pool *pool)
{
	for (size_t i = 0; i < BUCKETS; i++)
		sweep(pool, &pool->buckets[i]);
	pool->n_full = 2 * pool->n + FULL_MIN;
}
