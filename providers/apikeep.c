/* SPDX-License-Identifier: MIT */
#include "providers/apikeep.h"

#include <errno.h>
#include <string.h>

/* An item is its scope, its number, its name and its value, the last two with a NUL. */

int apikeep_put(struct apikeep *keep, enum apikeep_scope scope, unsigned number, struct span name,
		struct span value)
{
	char *to = keep->text + keep->len;

	if (name.len + value.len + 4 > APIKEEP_MAX - keep->len)
		return -ENOSPC;
	*to++ = (char)scope;
	*to++ = (char)number;
	memcpy(to, name.text, name.len);
	to += name.len;
	*to++ = '\0';
	memcpy(to, value.text, value.len);
	to += value.len;
	*to++ = '\0';
	keep->len = (size_t)(to - keep->text);
	return 0;
}

bool apikeep_next(const struct apikeep *keep, size_t *at, struct apikeep_item *ret)
{
	const char *text = keep->text + *at;

	if (*at == keep->len)
		return false;
	ret->scope = (enum apikeep_scope)text[0];
	ret->number = (unsigned char)text[1];
	ret->name = text + 2;
	ret->value = ret->name + strlen(ret->name) + 1;
	*at = (size_t)(ret->value + strlen(ret->value) + 1 - keep->text);
	return true;
}

const char *apikeep_get(const struct apikeep *keep, enum apikeep_scope scope, unsigned number,
			struct span name)
{
	struct apikeep_item item;
	const char *found = NULL;
	size_t at = 0;

	while (apikeep_next(keep, &at, &item))
		if (item.scope == scope && item.number == number && span_is(name, item.name))
			found = item.value;
	return found;
}

void apikeep_forget(struct apikeep *keep, enum apikeep_scope scope)
{
	struct apikeep_item item;
	size_t at = 0, from = 0;

	while (apikeep_next(keep, &at, &item)) {
		if (item.scope != scope) {
			from = at;
			continue;
		}
		memmove(keep->text + from, keep->text + at, keep->len - at);
		keep->len -= at - from;
		at = from;
	}
}
