/* SPDX-License-Identifier: MIT */
/* Lists with a first and a last entry, by the names of BSD's <sys/queue.h>, which musl lacks. What
 * is in a list has a field TAILQ_ENTRY; an entry is in one list by it at most. */
#ifndef UPDATE_DAEMON_TAILQ_H
#define UPDATE_DAEMON_TAILQ_H

#include <stddef.h>

/* last: the `next` that ends the list. */
#define TAILQ_HEAD(name, type)      \
	struct name {               \
		struct type *first; \
		struct type **last; \
	}

/* prev: the `next`, or the head's `first`, that leads here. */
#define TAILQ_ENTRY(type)           \
	struct {                    \
		struct type *next;  \
		struct type **prev; \
	}

#define TAILQ_INIT(head) ((head)->first = NULL, (head)->last = &(head)->first, (void)0)

/* NULL: there is none. */
#define TAILQ_FIRST(head)       ((head)->first)
#define TAILQ_NEXT(item, field) ((item)->field.next)
#define TAILQ_EMPTY(head)       (!(head)->first)

#define TAILQ_INSERT_TAIL(head, item, field)                                                   \
	((item)->field.next = NULL, (item)->field.prev = (head)->last, *(head)->last = (item), \
	 (head)->last = &(item)->field.next, (void)0)

#define TAILQ_REMOVE(head, item, field)                                            \
	(*((item)->field.next ? &(item)->field.next->field.prev : &(head)->last) = \
		 (item)->field.prev,                                               \
	 *(item)->field.prev = (item)->field.next, (void)0)

#endif
