/* SPDX-License-Identifier: MIT */
#include "update/daemon/heap.h"

#include <stdlib.h>

#define NOWHERE UINT32_MAX

struct entry {
	int64_t at;
	uint32_t thing;
};

struct heap {
	size_t n;
	uint32_t *places;       /* of each thing: its entry, or NOWHERE */
	struct entry entries[]; /* none is due before the one at half its place */
};

struct heap *heap_new(size_t n)
{
	struct heap *heap = calloc(1, sizeof(*heap) + n * sizeof(heap->entries[0]));

	if (!heap)
		return NULL;
	heap->places = calloc(n + 1, sizeof(*heap->places));
	if (!heap->places) {
		free(heap);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		heap->places[i] = NOWHERE;
	return heap;
}

void heap_free(struct heap *heap)
{
	if (!heap)
		return;
	free(heap->places);
	free(heap);
}

static void put(struct heap *heap, size_t place, struct entry entry)
{
	heap->entries[place] = entry;
	heap->places[entry.thing] = (uint32_t)place;
}

static void rise(struct heap *heap, size_t place)
{
	struct entry entry = heap->entries[place];

	while (place > 0 && heap->entries[(place - 1) / 2].at > entry.at) {
		put(heap, place, heap->entries[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(heap, place, entry);
}

static void sink(struct heap *heap, size_t place)
{
	struct entry entry = heap->entries[place];

	for (size_t child = 2 * place + 1; child < heap->n; child = 2 * place + 1) {
		if (child + 1 < heap->n && heap->entries[child + 1].at < heap->entries[child].at)
			child++;
		if (heap->entries[child].at >= entry.at)
			break;
		put(heap, place, heap->entries[child]);
		place = child;
	}
	put(heap, place, entry);
}

static void drop(struct heap *heap, size_t place)
{
	struct entry last = heap->entries[--heap->n];

	heap->places[heap->entries[place].thing] = NOWHERE;
	if (place == heap->n)
		return;
	put(heap, place, last);
	rise(heap, place);
	sink(heap, heap->places[last.thing]);
}

void heap_set(struct heap *heap, size_t i, int64_t at)
{
	size_t place = heap->places[i];

	if (at < 0) {
		if (place != NOWHERE)
			drop(heap, place);
		return;
	}
	if (place == NOWHERE) {
		place = heap->n++;
		put(heap, place, (struct entry){at, (uint32_t)i});
	}
	heap->entries[place].at = at;
	rise(heap, place);
	sink(heap, heap->places[i]);
}

int64_t heap_first(const struct heap *heap, size_t *ret)
{
	if (heap->n == 0)
		return -1;
	*ret = heap->entries[0].thing;
	return heap->entries[0].at;
}
