/* SPDX-License-Identifier: MIT */
#include "update/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "providers/all.h"
#include "update/wipe.h"
#include "update/wire_service.h"

enum {
	VALUES_MAX = 64,          /* settings of one job */
	DEADLINE_MAX_MS = 600000, /* of one conversation */
	LABEL_MAX = 63,           /* RFC 1035 */
	WAIT_MAX_DAYS = 400,      /* a provider asks for no more */
	TTL_MAX = 0x7fffffff,     /* RFC 2181, section 8 */
	DAY_MS = 24 * 60 * 60 * 1000,
};

/* A job that was read: one block, so that it is wiped whole. */
struct block {
	struct wire_job job; /* first: wire_job_free is given its address */
	size_t size;
	struct value values[VALUES_MAX];
	struct wanted wanted[JOB_WANTED_MAX];
	const char *previous[JOB_WANTED_MAX][WANTED_ADDRS_MAX];
	struct wire_store store; /* of text */
	char text[]; /* as long as the datagram, which holds every text in at least as many bytes */
};

static bool in_range(json_int_t value, int64_t min, int64_t max)
{
	return value >= min && value <= max;
}

/* Labels of letters, digits, '-' and '_', in lower case; the first may be "*". */
static bool is_name(const char *name)
{
	size_t label = 0, len = strlen(name);

	if (len == 0 || len >= DNS_NAME_MAX)
		return false;
	if (name[0] == '*' && name[1] == '.')
		name += 2;
	for (; *name; name++) {
		if (*name == '.' ? label == 0
				 : !strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", *name))
			return false;
		label = *name == '.' ? 0 : label + 1;
		if (label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

static bool is_address(const char *text, enum record_type type)
{
	int family = type == RECORD_TYPE_A ? AF_INET : AF_INET6;
	unsigned char addr[16];
	char canonical[ADDRESS_MAX];

	return inet_pton(family, text, addr) == 1 &&
	       inet_ntop(family, addr, canonical, sizeof(canonical)) &&
	       strcmp(text, canonical) == 0;
}

/* The name of a link, as dev_valid_name() of the kernel has it. */
static bool is_link(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len < IF_NAMESIZE && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       !strpbrk(name, "/: \t\n\v\f\r");
}

static const struct setting *find_setting(const struct setting *settings, const char *name)
{
	for (; settings && settings->name; settings++)
		if (strcmp(settings->name, name) == 0)
			return settings;
	return NULL;
}

static int read_values(struct block *block, json_t *values)
{
	const struct provider *provider = block->job.job.provider;
	const struct setting *setting;
	struct value *value = block->values;
	const char *name;
	json_t *text;

	if (!json_is_object(values) || json_object_size(values) > VALUES_MAX)
		return -EBADMSG;
	json_object_foreach(values, name, text)
	{
		setting = find_setting(provider->settings, name);
		if (!setting && (provider->caps & PROVIDER_HTTP))
			setting = find_setting(provider_http_settings(), name);
		if (!setting || wire_text_keep(&block->store, text, &value->text) < 0)
			return -EBADMSG;
		value->name = setting->name;
		value++;
	}
	block->job.job.values = block->values;
	block->job.job.n_values = (size_t)(value - block->values);
	return 0;
}

static int read_addresses(struct block *block, json_t *addrs, enum record_type type,
			  const char *ret[static WANTED_ADDRS_MAX], size_t *ret_n)
{
	size_t n = json_array_size(addrs);

	if (!json_is_array(addrs) || n > WANTED_ADDRS_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++)
		if (wire_text_keep(&block->store, json_array_get(addrs, i), &ret[i]) < 0 ||
		    !is_address(ret[i], type))
			return -EBADMSG;
	*ret_n = n;
	return 0;
}

static int read_type(const char *text, enum record_type *ret)
{
	for (unsigned i = 0; i < RECORD_TYPE_COUNT; i++) {
		if (strcmp(text, provider_type_name((enum record_type)i)) == 0) {
			*ret = (enum record_type)i;
			return 0;
		}
	}
	return -EBADMSG;
}

static int read_one_wanted(struct block *block, json_t *json, struct wanted *wanted)
{
	json_t *name, *addrs;
	const char *type;
	json_int_t ttl;
	json_t *other = NULL, *previous = NULL;
	int unsure;

	if (json_unpack_ex(json, NULL, JSON_STRICT, "{s:o, s:s, s:o, s:I, s:b, s?o, s?o}", "name",
			   &name, "type", &type, "addrs", &addrs, "ttl", &ttl, "unsure", &unsure,
			   "other", &other, "previous", &previous) < 0 ||
	    !in_range(ttl, 0, TTL_MAX) || read_type(type, &wanted->type) < 0 ||
	    wire_text_keep(&block->store, name, &wanted->name) < 0 || !is_name(wanted->name))
		return -EBADMSG;
	wanted->ttl = (unsigned)ttl;
	if (other && (wire_text_keep(&block->store, other, &wanted->other) < 0 ||
		      !is_address(wanted->other, wanted->type == RECORD_TYPE_A ? RECORD_TYPE_AAAA
									       : RECORD_TYPE_A)))
		return -EBADMSG;
	wanted->unsure = unsure;
	wanted->previous = block->previous[wanted - block->wanted];
	if (previous &&
	    read_addresses(block, previous, wanted->type, block->previous[wanted - block->wanted],
			   &wanted->n_previous) < 0)
		return -EBADMSG;
	return read_addresses(block, addrs, wanted->type, wanted->addrs, &wanted->n_addrs);
}

static int read_wanted(struct block *block, json_t *list)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n == 0 || n > JOB_WANTED_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++)
		if (read_one_wanted(block, json_array_get(list, i), &block->wanted[i]) < 0)
			return -EBADMSG;
	block->job.job.wanted = block->wanted;
	block->job.job.n_wanted = n;
	return 0;
}

static const struct provider *find_provider(const char *name)
{
	return strcmp(name, webhook_provider.name) == 0 ? &webhook_provider : provider_find(name);
}

/* One of ours, or a service that we were told of. */
static int read_provider(struct block *block, const char *name,
			 const struct wire_services *services)
{
	struct wire_job *job = &block->job;

	if (job->service == 0) {
		job->job.provider = find_provider(name);
	} else if (services) {
		job->kept = wire_kept_take(services, job->service);
		if (job->kept)
			job->job.provider = wire_kept_provider(job->kept);
	}
	return job->job.provider && strcmp(job->job.provider->name, name) == 0 ? 0 : -EBADMSG;
}

static int fill_job(struct block *block, json_t *root, const struct wire_services *services)
{
	json_t *values, *wanted, *bind;
	json_int_t id, deadline, way = 0, service;
	const char *provider;
	int verify, watched = 0;

	if (json_unpack_ex(root, NULL, JSON_STRICT,
			   "{s:I, s:s, s:I, s:b, s:o, s:o, s:o, s:I, s?I, s?b}", "job", &id,
			   "provider", &provider, "service", &service, "verify", &verify, "values",
			   &values, "wanted", &wanted, "bind", &bind, "deadline", &deadline, "way",
			   &way, "watched", &watched) < 0 ||
	    !in_range(service, 0, WIRE_SERVICES_MAX) || !in_range(way, 0, UINT32_MAX) ||
	    !in_range(id, 0, UINT32_MAX) || !in_range(deadline, 1, DEADLINE_MAX_MS))
		return -EBADMSG;
	block->job.id = (uint32_t)id;
	block->job.deadline_ms = deadline;
	block->job.way = (uint32_t)way;
	block->job.job.purpose = verify ? PURPOSE_VERIFY : PURPOSE_UPDATE;
	block->job.service = (int)service;
	block->job.watched = watched;
	if (read_provider(block, provider, services) < 0)
		return -EBADMSG;
	if (!json_is_null(bind) && (wire_text_keep(&block->store, bind, &block->job.bind) < 0 ||
				    !is_link(block->job.bind)))
		return -EBADMSG;
	if (read_values(block, values) < 0)
		return -EBADMSG;
	return read_wanted(block, wanted);
}

static int read_job(json_t *root, size_t len, const struct wire_services *services,
		    struct wire_message *ret)
{
	struct block *block = calloc(1, sizeof(*block) + len);
	int rc;

	if (!block)
		return -ENOMEM;
	block->size = sizeof(*block) + len;
	block->store = (struct wire_store){block->text, len};
	rc = fill_job(block, root, services);
	if (rc < 0) {
		wire_job_free(&block->job);
		return rc;
	}
	ret->id = block->job.id;
	ret->job = &block->job;
	return 0;
}

static int read_service(json_t *root, size_t len, struct wire_services *services)
{
	json_t *name, *service;
	json_int_t number;

	if (!services || json_unpack_ex(root, NULL, JSON_STRICT, "{s:I, s:o, s:o}", "keep", &number,
					"name", &name, "service", &service) < 0)
		return -EBADMSG;
	return wire_services_keep(services, number, name, service, len);
}

static int read_cancel(json_t *root, struct wire_message *ret)
{
	json_int_t id;

	if (json_unpack_ex(root, NULL, JSON_STRICT, "{s:I}", "cancel", &id) < 0 ||
	    !in_range(id, 0, UINT32_MAX))
		return -EBADMSG;
	ret->id = (uint32_t)id;
	return 0;
}

static int read_progress(json_t *root, struct wire_message *ret)
{
	json_int_t id;
	json_t *text;

	if (json_unpack_ex(root, NULL, JSON_STRICT, "{s:I, s:o}", "progress", &id, "text", &text) <
		    0 ||
	    !in_range(id, 0, UINT32_MAX) ||
	    wire_text_unpack(text, ret->progress, sizeof(ret->progress)) < 0)
		return -EBADMSG;
	ret->id = (uint32_t)id;
	return 0;
}

static int read_outcome(json_t *json, struct outcome *ret)
{
	json_int_t wait, ttl;
	const char *verdict, *truth;
	json_t *why;

	if (json_unpack_ex(json, NULL, JSON_STRICT, "{s:s, s:I, s:s, s:I, s:o}", "verdict",
			   &verdict, "wait", &wait, "truth", &truth, "ttl", &ttl, "why",
			   &why) < 0 ||
	    provider_verdict_parse(verdict, &ret->verdict) < 0 ||
	    provider_truth_parse(truth, &ret->truth) < 0 || !in_range(ttl, 0, TTL_MAX) ||
	    !in_range(wait, 0, (int64_t)WAIT_MAX_DAYS * DAY_MS) ||
	    wire_text_unpack(why, ret->why, sizeof(ret->why)) <= 0)
		return -EBADMSG;
	ret->wait_ms = wait;
	ret->ttl = (unsigned)ttl;
	return 0;
}

static int read_result(json_t *root, struct wire_message *ret)
{
	json_int_t id;
	json_t *list;

	if (json_unpack_ex(root, NULL, JSON_STRICT, "{s:I, s:o}", "result", &id, "outcomes",
			   &list) < 0 ||
	    !in_range(id, 0, UINT32_MAX) || !json_is_array(list))
		return -EBADMSG;
	ret->n_outcomes = json_array_size(list);
	if (ret->n_outcomes == 0 || ret->n_outcomes > JOB_WANTED_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < ret->n_outcomes; i++)
		if (read_outcome(json_array_get(list, i), &ret->outcomes[i]) < 0)
			return -EBADMSG;
	ret->id = (uint32_t)id;
	return 0;
}

/* A message is of the kind whose key it has; the reader of that kind refuses any other key. */
static int read_message(json_t *root, size_t len, struct wire_services *services,
			struct wire_message *ret)
{
	if (json_object_get(root, "job")) {
		ret->kind = WIRE_JOB;
		return read_job(root, len, services, ret);
	}
	if (json_object_get(root, "keep")) {
		ret->kind = WIRE_SERVICE;
		return read_service(root, len, services);
	}
	if (json_object_get(root, "cancel")) {
		ret->kind = WIRE_CANCEL;
		return read_cancel(root, ret);
	}
	if (json_object_get(root, "progress")) {
		ret->kind = WIRE_PROGRESS;
		return read_progress(root, ret);
	}
	ret->kind = WIRE_RESULT;
	return read_result(root, ret);
}

int wire_unpack(const char *bytes, size_t len, struct wire_services *services,
		struct wire_message *ret)
{
	json_t *root;
	int rc;

	if (len > WIRE_MAX)
		return -EBADMSG;
	wipe_json();
	root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	if (!root)
		return -EBADMSG;
	ret->job = NULL;
	rc = read_message(root, len, services, ret);
	json_decref(root);
	return rc;
}

void wire_job_free(struct wire_job *job)
{
	struct block *block = (struct block *)job;

	if (!block)
		return;
	wire_kept_drop(job->kept);
	explicit_bzero(block, block->size);
	free(block);
}

void wire_done(struct wire_message *message)
{
	wire_job_free(message->job);
	message->job = NULL;
}
