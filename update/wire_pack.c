/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "providers/buf.h"
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

/* The rest is by hand, since there may be thousands a second. */
static void begin(struct buf *to, size_t size)
{
	buf_init(to, size < WIRE_MAX ? size : WIRE_MAX);
}

/* Wipes it: it may hold secrets. */
static int finish(struct buf *message, char *bytes)
{
	int len = message->failed ? -EMSGSIZE : (int)message->len;

	if (len > 0)
		memcpy(bytes, message->text, message->len);
	buf_done(message);
	return len;
}

static const char *yes_no(bool value)
{
	return value ? "true" : "false";
}

static void add_values(struct buf *to, const struct job *job)
{
	for (size_t i = 0; i < job->n_values; i++) {
		buf_printf(to, "%s\"%s\":", i > 0 ? "," : "", job->values[i].name);
		wire_text_add(to, job->values[i].text);
	}
}

static void add_addresses(struct buf *to, const char *key, const char *const *addrs, size_t n)
{
	buf_printf(to, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		buf_printf(to, "%s\"%s\"", i > 0 ? "," : "", addrs[i]);
	buf_text(to, "]");
}

static void add_wanted(struct buf *to, const struct wanted *wanted)
{
	buf_text(to, "{\"name\":");
	wire_text_add(to, wanted->name);
	buf_printf(to, ",\"type\":\"%s\",\"ttl\":%u,\"unsure\":%s",
		   provider_type_name(wanted->type), wanted->ttl, yes_no(wanted->unsure));
	add_addresses(to, "addrs", wanted->addrs, wanted->n_addrs);
	if (wanted->n_previous > 0)
		add_addresses(to, "previous", wanted->previous, wanted->n_previous);
	if (wanted->other)
		buf_printf(to, ",\"other\":\"%s\"", wanted->other);
	buf_text(to, "}");
}

int wire_pack_job(const struct wire_job *job, char *bytes, size_t size)
{
	struct buf to;

	begin(&to, size);
	buf_printf(&to,
		   "{\"job\":%" PRIu32 ",\"service\":%d,\"verify\":%s,\"deadline\":%" PRId64
		   ",\"way\":%" PRIu32 ",\"watched\":%s,\"provider\":",
		   job->id, job->service, yes_no(job->job.purpose == PURPOSE_VERIFY),
		   job->deadline_ms, job->way, yes_no(job->watched));
	wire_text_add(&to, job->job.provider->name);
	buf_text(&to, ",\"bind\":");
	if (job->bind)
		wire_text_add(&to, job->bind);
	else
		buf_text(&to, "null");
	buf_text(&to, ",\"values\":{");
	add_values(&to, &job->job);
	buf_text(&to, "},\"wanted\":[");
	for (size_t i = 0; i < job->job.n_wanted; i++) {
		buf_text(&to, i > 0 ? "," : "");
		add_wanted(&to, &job->job.wanted[i]);
	}
	buf_text(&to, "]}");
	return finish(&to, bytes);
}

int wire_pack_service(int number, const struct provider *provider, char *bytes, size_t size)
{
	return write_message(json_pack("{s:i, s:s, s:o}", "keep", number, "name", provider->name,
				       "service", wire_service_pack(provider)),
			     bytes, size);
}

int wire_pack_cancel(uint32_t id, char *bytes, size_t size)
{
	struct buf to;

	begin(&to, size);
	buf_printf(&to, "{\"cancel\":%" PRIu32 "}", id);
	return finish(&to, bytes);
}

int wire_pack_progress(uint32_t id, const char *text, char *bytes, size_t size)
{
	struct buf to;

	begin(&to, size);
	buf_printf(&to, "{\"progress\":%" PRIu32 ",\"text\":", id);
	wire_text_add(&to, text);
	buf_text(&to, "}");
	return finish(&to, bytes);
}

static void add_outcome(struct buf *to, const struct outcome *outcome)
{
	buf_printf(to,
		   "{\"verdict\":\"%s\",\"wait\":%" PRId64 ",\"truth\":\"%s\",\"ttl\":%u,\"why\":",
		   provider_verdict_name(outcome->verdict), outcome->wait_ms,
		   provider_truth_name(outcome->truth), outcome->ttl);
	wire_text_add(to, outcome->why);
	buf_text(to, "}");
}

int wire_pack_result(uint32_t id, const struct outcome *outcomes, size_t n, char *bytes,
		     size_t size)
{
	struct buf to;

	begin(&to, size);
	buf_printf(&to, "{\"result\":%" PRIu32 ",\"outcomes\":[", id);
	for (size_t i = 0; i < n; i++) {
		buf_text(&to, i > 0 ? "," : "");
		add_outcome(&to, &outcomes[i]);
	}
	buf_text(&to, "]}");
	return finish(&to, bytes);
}
