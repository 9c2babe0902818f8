/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "update/fields.h"
#include "update/wire.h"
#include "update/wire_service.h"

static struct fields_out begin(const char *kind, int64_t number, char *bytes, size_t size)
{
	struct fields_out to = {.bytes = bytes, .size = size < WIRE_MAX ? size : WIRE_MAX};

	fields_put(&to, kind);
	fields_put_number(&to, number);
	return to;
}

static int finish(const struct fields_out *to)
{
	return to->failed ? -EMSGSIZE : (int)to->len;
}

static void put_addresses(struct fields_out *to, const char *const *addrs, size_t n)
{
	fields_put_number(to, (int64_t)n);
	for (size_t i = 0; i < n; i++)
		fields_put(to, addrs[i]);
}

static void put_wanted(struct fields_out *to, const struct wanted *wanted)
{
	fields_put(to, wanted->name);
	fields_put_number(to, wanted->type);
	fields_put_number(to, wanted->ttl);
	fields_put_number(to, wanted->unsure);
	fields_put(to, wanted->other ? wanted->other : "");
	put_addresses(to, wanted->addrs, wanted->n_addrs);
	put_addresses(to, wanted->previous, wanted->n_previous);
}

int wire_pack_job(const struct wire_job *wire, char *bytes, size_t size)
{
	struct fields_out to = begin("job", wire->id, bytes, size);
	const struct job *job = &wire->job;

	fields_put_number(&to, wire->service);
	fields_put(&to, job->provider->name);
	fields_put_number(&to, job->purpose);
	fields_put(&to, wire->bind ? wire->bind : "");
	fields_put_number(&to, wire->deadline_ms);
	fields_put_number(&to, wire->way);
	fields_put_number(&to, wire->watched);
	fields_put_number(&to, (int64_t)job->n_values);
	for (size_t i = 0; i < job->n_values; i++) {
		fields_put(&to, job->values[i].name);
		fields_put(&to, job->values[i].text);
	}
	fields_put_number(&to, (int64_t)job->n_wanted);
	for (size_t i = 0; i < job->n_wanted; i++)
		put_wanted(&to, &job->wanted[i]);
	return finish(&to);
}

int wire_pack_service(int number, const struct provider *provider, char *bytes, size_t size)
{
	struct fields_out to = begin("keep", number, bytes, size);
	json_t *json = wire_service_pack(provider);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	if (!text)
		return -ENOMEM;
	fields_put(&to, provider->name);
	fields_put(&to, text);
	free(text);
	return finish(&to);
}

int wire_pack_cancel(uint32_t id, char *bytes, size_t size)
{
	struct fields_out to = begin("cancel", id, bytes, size);

	return finish(&to);
}

int wire_pack_look(char *bytes, size_t size)
{
	struct fields_out to = begin("look", 0, bytes, size);

	return finish(&to);
}

int wire_pack_progress(uint32_t id, const char *text, char *bytes, size_t size)
{
	struct fields_out to = begin("progress", id, bytes, size);

	fields_put(&to, text);
	return finish(&to);
}

int wire_pack_result(uint32_t id, const struct outcome *outcomes, size_t n, char *bytes,
		     size_t size)
{
	struct fields_out to = begin("result", id, bytes, size);

	fields_put_number(&to, (int64_t)n);
	for (size_t i = 0; i < n; i++) {
		fields_put_number(&to, outcomes[i].verdict);
		fields_put_number(&to, outcomes[i].wait_ms);
		fields_put_number(&to, outcomes[i].truth);
		fields_put_number(&to, outcomes[i].ttl);
		fields_put(&to, outcomes[i].why);
	}
	return finish(&to);
}
