/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "update/wipe.h"
#include "update/wire.h"
#include "update/wire_service.h"

/* Takes over json. */
static int write_message(json_t *json, char *bytes, size_t size)
{
	size_t len;

	if (!json)
		return -ENOMEM;
	if (size > WIRE_MAX)
		size = WIRE_MAX;
	len = json_dumpb(json, bytes, size, JSON_COMPACT);
	json_decref(json);
	if (len == 0)
		return -ENOMEM;
	return len > size ? -EMSGSIZE : (int)len;
}

/* Takes over both; NULL, and the list gone, if either is NULL or memory is short. */
static json_t *append(json_t *list, json_t *item)
{
	if (json_array_append_new(list, item) == 0)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *pack_values(const struct job *job)
{
	json_t *values = json_object();

	for (size_t i = 0; i < job->n_values; i++) {
		if (json_object_set_new(values, job->values[i].name,
					wire_text_pack(job->values[i].text)) < 0) {
			json_decref(values);
			return NULL;
		}
	}
	return values;
}

static json_t *pack_addresses(const char *const *addrs, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		list = append(list, json_string(addrs[i]));
	return list;
}

static json_t *pack_wanted(const struct wanted *wanted)
{
	json_t *previous = NULL;

	if (wanted->n_previous > 0)
		previous = pack_addresses(wanted->previous, wanted->n_previous);
	return json_pack("{s:s, s:s, s:o, s:I, s:b, s:s*, s:o*}", "name", wanted->name, "type",
			 provider_type_name(wanted->type), "addrs",
			 pack_addresses(wanted->addrs, wanted->n_addrs), "ttl",
			 (json_int_t)wanted->ttl, "unsure", (int)wanted->unsure, "other",
			 wanted->other, "previous", previous);
}

int wire_pack_job(const struct wire_job *job, char *bytes, size_t size)
{
	json_t *wanted;

	wipe_json();
	wanted = json_array();
	for (size_t i = 0; i < job->job.n_wanted; i++)
		wanted = append(wanted, pack_wanted(&job->job.wanted[i]));
	return write_message(json_pack("{s:I, s:s, s:I, s:b, s:o, s:o, s:o, s:I, s:I, s:b}", "job",
				       (json_int_t)job->id, "provider", job->job.provider->name,
				       "service", (json_int_t)job->service, "verify",
				       job->job.purpose == PURPOSE_VERIFY, "values",
				       pack_values(&job->job), "wanted", wanted, "bind",
				       job->bind ? wire_text_pack(job->bind) : json_null(),
				       "deadline", (json_int_t)job->deadline_ms, "way",
				       (json_int_t)job->way, "watched", (int)job->watched),
			     bytes, size);
}

int wire_pack_service(int number, const struct provider *provider, char *bytes, size_t size)
{
	return write_message(json_pack("{s:i, s:s, s:o}", "keep", number, "name", provider->name,
				       "service", wire_service_pack(provider)),
			     bytes, size);
}

int wire_pack_cancel(uint32_t id, char *bytes, size_t size)
{
	return write_message(json_pack("{s:I}", "cancel", (json_int_t)id), bytes, size);
}

int wire_pack_progress(uint32_t id, const char *text, char *bytes, size_t size)
{
	return write_message(
		json_pack("{s:I, s:o}", "progress", (json_int_t)id, "text", wire_text_pack(text)),
		bytes, size);
}

static json_t *pack_outcome(const struct outcome *outcome)
{
	return json_pack("{s:s, s:I, s:s, s:I, s:o}", "verdict",
			 provider_verdict_name(outcome->verdict), "wait",
			 (json_int_t)outcome->wait_ms, "truth", provider_truth_name(outcome->truth),
			 "ttl", (json_int_t)outcome->ttl, "why", wire_text_pack(outcome->why));
}

int wire_pack_result(uint32_t id, const struct outcome *outcomes, size_t n, char *bytes,
		     size_t size)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		list = append(list, pack_outcome(&outcomes[i]));
	return write_message(json_pack("{s:I, s:o}", "result", (json_int_t)id, "outcomes", list),
			     bytes, size);
}
