/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "providers/authority.h"

static const struct setting http_settings[] = {
	{
		.name = "ca-file",
		.type = SETTING_PATH,
		.help = "Certificates (PEM) to trust instead of the system's.",
	},
	{
		.name = "allow-plaintext",
		.type = SETTING_BOOL,
		.preset = "no",
		.help = "Allow http:// in url, which shows credentials to everyone on the way.",
	},
	{0},
};

static const char *const verdict_names[] = {
	[VERDICT_DONE] = "done",
	[VERDICT_UNCHANGED] = "unchanged",
	[VERDICT_NO_NETWORK] = "no-network",
	[VERDICT_RETRY] = "retry",
	[VERDICT_THROTTLED] = "throttled",
	[VERDICT_REFUSED_AUTH] = "refused-auth",
	[VERDICT_REFUSED_NAME] = "refused-name",
	[VERDICT_REFUSED_ABUSE] = "refused-abuse",
	[VERDICT_REFUSED_CONFIG] = "refused-config",
};
_Static_assert(sizeof(verdict_names) / sizeof(verdict_names[0]) == VERDICT_COUNT,
	       "every verdict has a name");

static const char *const truth_names[] = {
	[TRUTH_UNKNOWN] = "unknown",
	[TRUTH_SAME] = "same",
	[TRUTH_OTHER] = "other",
};
_Static_assert(sizeof(truth_names) / sizeof(truth_names[0]) == TRUTH_COUNT,
	       "every truth has a name");

/* The place of a name among n, or -EINVAL. */
static int find_name(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -EINVAL;
}

const struct provider *provider_find(const char *name)
{
	const struct provider *const *at = provider_all();

	while (*at != NULL && strcmp((*at)->name, name) != 0)
		at++;
	return *at;
}

const struct setting *provider_http_settings(void)
{
	return http_settings;
}

static bool is_own_step(const struct job *job)
{
	return job->purpose == PURPOSE_UPDATE || (job->provider->caps & PROVIDER_CAN_READ);
}

enum step provider_step(const struct job *job, void *state, const struct reply *reply,
			struct request *request, struct outcome *outcomes)
{
	if (is_own_step(job))
		return job->provider->step(job, state, reply, request, outcomes);
	return authority_step(job, state, reply, request, outcomes);
}

bool provider_can_verify(const struct provider *provider)
{
	return (provider->caps & PROVIDER_CAN_READ) || !(provider->caps & PROVIDER_LOCAL);
}

size_t provider_state_size(const struct job *job)
{
	return is_own_step(job) ? job->provider->state_size : AUTHORITY_STATE_SIZE;
}

void provider_request_done(struct request *request)
{
	if (request->kind == REQUEST_HTTP) {
		buf_done(&request->http.url);
		buf_done(&request->http.headers);
		buf_done(&request->http.credentials);
		buf_done(&request->http.sign.words);
	}
	buf_done(&request->body);
	explicit_bzero(request, sizeof(*request));
}

const char *provider_value(const struct job *job, const char *name)
{
	for (size_t i = 0; i < job->n_values; i++)
		if (strcmp(job->values[i].name, name) == 0)
			return job->values[i].text;
	return NULL;
}

const char *provider_verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

int provider_verdict_parse(const char *name, enum verdict *ret)
{
	int i = find_name(verdict_names, VERDICT_COUNT, name);

	if (i < 0)
		return i;
	*ret = (enum verdict)i;
	return 0;
}

const char *provider_truth_name(enum truth truth)
{
	return truth_names[truth];
}

int provider_truth_parse(const char *name, enum truth *ret)
{
	int i = find_name(truth_names, TRUTH_COUNT, name);

	if (i < 0)
		return i;
	*ret = (enum truth)i;
	return 0;
}

bool provider_verdict_refused(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_REFUSED_AUTH:
	case VERDICT_REFUSED_NAME:
	case VERDICT_REFUSED_ABUSE:
	case VERDICT_REFUSED_CONFIG:
		return true;
	case VERDICT_DONE:
	case VERDICT_UNCHANGED:
	case VERDICT_NO_NETWORK:
	case VERDICT_RETRY:
	case VERDICT_THROTTLED:
		break;
	}
	return false;
}

const char *provider_type_name(enum record_type type)
{
	return type == RECORD_TYPE_A ? "A" : "AAAA";
}
