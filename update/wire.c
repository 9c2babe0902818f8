/* SPDX-License-Identifier: MIT */
#include "update/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/all.h"
#include "update/fields.h"
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
	char text[]; /* the datagram, in which every text is */
};

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

static bool is_told_twice(const struct block *block, const char *name)
{
	for (size_t i = 0; i < block->job.job.n_values; i++)
		if (block->values[i].name == name)
			return true;
	return false;
}

static int read_value(struct block *block, struct fields_in *from)
{
	const struct provider *provider = block->job.job.provider;
	const char *name = fields_take(from), *text = fields_take(from);
	const struct setting *setting;

	if (!name || !text)
		return -EBADMSG;
	setting = find_setting(provider->settings, name);
	if (!setting && (provider->caps & PROVIDER_HTTP))
		setting = find_setting(provider_http_settings(), name);
	if (!setting || is_told_twice(block, setting->name))
		return -EBADMSG;
	block->values[block->job.job.n_values++] = (struct value){setting->name, text};
	return 0;
}

static int read_values(struct block *block, struct fields_in *from)
{
	int64_t n;
	int rc = fields_take_number(from, VALUES_MAX, &n);

	block->job.job.values = block->values;
	while (rc == 0 && n-- > 0)
		rc = read_value(block, from);
	return rc;
}

static int read_addresses(struct fields_in *from, enum record_type type,
			  const char *ret[static WANTED_ADDRS_MAX], size_t *ret_n)
{
	int64_t n;

	if (fields_take_number(from, WANTED_ADDRS_MAX, &n) < 0)
		return -EBADMSG;
	*ret_n = (size_t)n;
	for (size_t i = 0; i < *ret_n; i++) {
		ret[i] = fields_take(from);
		if (!ret[i] || !is_address(ret[i], type))
			return -EBADMSG;
	}
	return 0;
}

static int read_other(struct fields_in *from, enum record_type type, const char **ret)
{
	const char *text = fields_take(from);

	if (!text ||
	    (*text && !is_address(text, type == RECORD_TYPE_A ? RECORD_TYPE_AAAA : RECORD_TYPE_A)))
		return -EBADMSG;
	*ret = *text ? text : NULL;
	return 0;
}

static int read_wanted(struct block *block, struct fields_in *from, size_t i)
{
	struct wanted *wanted = &block->wanted[i];
	const char *name = fields_take(from);
	int64_t type, ttl, unsure;

	if (!name || !is_name(name) || fields_take_number(from, RECORD_TYPE_COUNT - 1, &type) < 0 ||
	    fields_take_number(from, TTL_MAX, &ttl) < 0 ||
	    fields_take_number(from, true, &unsure) < 0 ||
	    read_other(from, (enum record_type)type, &wanted->other) < 0)
		return -EBADMSG;
	wanted->name = name;
	wanted->type = (enum record_type)type;
	wanted->ttl = (unsigned)ttl;
	wanted->unsure = unsure;
	wanted->previous = block->previous[i];
	if (read_addresses(from, wanted->type, wanted->addrs, &wanted->n_addrs) < 0)
		return -EBADMSG;
	return read_addresses(from, wanted->type, block->previous[i], &wanted->n_previous);
}

static int read_all_wanted(struct block *block, struct fields_in *from)
{
	int64_t n;
	int rc = fields_take_number(from, JOB_WANTED_MAX, &n);

	if (rc < 0 || n == 0)
		return -EBADMSG;
	block->job.job.wanted = block->wanted;
	block->job.job.n_wanted = (size_t)n;
	for (size_t i = 0; i < (size_t)n && rc == 0; i++)
		rc = read_wanted(block, from, i);
	return rc;
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

static int read_bind(struct wire_job *job, struct fields_in *from)
{
	const char *bind = fields_take(from);

	if (!bind || (*bind && !is_link(bind)))
		return -EBADMSG;
	job->bind = *bind ? bind : NULL;
	return 0;
}

static int fill_job(struct block *block, struct fields_in *from,
		    const struct wire_services *services)
{
	struct wire_job *job = &block->job;
	int64_t service, purpose, way, watched;
	const char *provider;

	if (fields_take_number(from, WIRE_SERVICES_MAX, &service) < 0)
		return -EBADMSG;
	job->service = (int)service;
	provider = fields_take(from);
	if (!provider || read_provider(block, provider, services) < 0 ||
	    fields_take_number(from, PURPOSE_COUNT - 1, &purpose) < 0 || read_bind(job, from) < 0 ||
	    fields_take_number(from, DEADLINE_MAX_MS, &job->deadline_ms) < 0 ||
	    job->deadline_ms == 0 || fields_take_number(from, UINT32_MAX, &way) < 0 ||
	    fields_take_number(from, true, &watched) < 0)
		return -EBADMSG;
	job->job.purpose = (enum purpose)purpose;
	job->way = (uint32_t)way;
	job->watched = watched;
	if (read_values(block, from) < 0)
		return -EBADMSG;
	return read_all_wanted(block, from);
}

static int read_job(struct fields_in *from, const struct wire_services *services,
		    struct wire_message *ret)
{
	struct block *block = calloc(1, sizeof(*block) + from->left);
	struct fields_in copy;
	int rc;

	if (!block)
		return -ENOMEM;
	block->size = sizeof(*block) + from->left;
	memcpy(block->text, from->at, from->left);
	copy = (struct fields_in){block->text, from->left};
	rc = fill_job(block, &copy, services);
	if (rc < 0) {
		wire_job_free(&block->job);
		return rc;
	}
	*from = copy;
	block->job.id = ret->id;
	ret->job = &block->job;
	return 0;
}

static int read_service(struct fields_in *from, int64_t number, struct wire_services *services)
{
	const char *name = fields_take(from), *text = fields_take(from);
	json_t *json;
	int rc;

	if (!services || !name || !text)
		return -EBADMSG;
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	rc = json ? wire_services_keep(services, number, name, json, strlen(text)) : -EBADMSG;
	json_decref(json);
	return rc;
}

static int read_progress(struct fields_in *from, struct wire_message *ret)
{
	const char *text = fields_take(from);

	return text && snprintf(ret->progress, sizeof(ret->progress), "%s", text) <
				       (int)sizeof(ret->progress)
		       ? 0
		       : -EBADMSG;
}

static int read_outcome(struct fields_in *from, struct outcome *ret)
{
	int64_t verdict, truth, ttl;
	const char *why;
	size_t len;

	if (fields_take_number(from, VERDICT_COUNT - 1, &verdict) < 0 ||
	    fields_take_number(from, (int64_t)WAIT_MAX_DAYS * DAY_MS, &ret->wait_ms) < 0 ||
	    fields_take_number(from, TRUTH_COUNT - 1, &truth) < 0 ||
	    fields_take_number(from, TTL_MAX, &ttl) < 0)
		return -EBADMSG;
	why = fields_take(from);
	len = why ? strlen(why) : 0;
	if (len == 0 || len >= sizeof(ret->why))
		return -EBADMSG;
	memcpy(ret->why, why, len + 1);
	ret->verdict = (enum verdict)verdict;
	ret->truth = (enum truth)truth;
	ret->ttl = (unsigned)ttl;
	return 0;
}

static int read_result(struct fields_in *from, struct wire_message *ret)
{
	int64_t n;
	int rc = fields_take_number(from, JOB_WANTED_MAX, &n);

	if (rc < 0 || n == 0)
		return -EBADMSG;
	ret->n_outcomes = (size_t)n;
	for (size_t i = 0; i < ret->n_outcomes && rc == 0; i++)
		rc = read_outcome(from, &ret->outcomes[i]);
	return rc;
}

static int read_kind(const char *name, enum wire_kind *ret)
{
	static const char *const names[] = {
		[WIRE_SERVICE] = "keep", [WIRE_JOB] = "job",           [WIRE_CANCEL] = "cancel",
		[WIRE_LOOK] = "look",    [WIRE_PROGRESS] = "progress", [WIRE_RESULT] = "result",
	};

	for (unsigned i = 0; name && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum wire_kind)i;
			return 0;
		}
	}
	return -EBADMSG;
}

static int read_rest(struct fields_in *from, struct wire_services *services,
		     struct wire_message *ret)
{
	switch (ret->kind) {
	case WIRE_SERVICE:
		return read_service(from, ret->id, services);
	case WIRE_JOB:
		return read_job(from, services, ret);
	case WIRE_CANCEL:
	case WIRE_LOOK:
		break;
	case WIRE_PROGRESS:
		return read_progress(from, ret);
	case WIRE_RESULT:
		return read_result(from, ret);
	}
	return 0;
}

int wire_unpack(const char *bytes, size_t len, struct wire_services *services,
		struct wire_message *ret)
{
	struct fields_in from = {bytes, len};
	int64_t id;
	int rc;

	ret->job = NULL;
	if (len > WIRE_MAX || read_kind(fields_take(&from), &ret->kind) < 0 ||
	    fields_take_number(&from, UINT32_MAX, &id) < 0)
		return -EBADMSG;
	ret->id = (uint32_t)id;
	rc = read_rest(&from, services, ret);
	if (rc == 0 && from.left > 0) {
		wire_done(ret);
		return -EBADMSG;
	}
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
