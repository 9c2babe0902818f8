/* SPDX-License-Identifier: MIT */
#include "update/updater/digest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/template.h"
#include "update/updater/sign/mac.h"

#define NAME_MAX_LEN 64

/* A digest that was made, in one block with its name. */
struct made {
	char name[NAME_MAX_LEN];
	char hex[2 * MAC_MAX + 1];
};

static int hash(struct span algorithm, const char *text, char *hex)
{
	char name[16];
	struct mac mac;

	(void)snprintf(name, sizeof(name), "%.*s", (int)algorithm.len, algorithm.text);
	mac = mac_digest(name, (struct span){text, strlen(text)});
	if (mac.len == 0)
		return -EINVAL;
	for (size_t i = 0; i < mac.len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", mac.bytes[i]);
	explicit_bzero(&mac, sizeof(mac));
	return 0;
}

static const char *find_text(const struct job *job, struct span name)
{
	for (size_t i = 0; i < job->n_values; i++)
		if (span_is(name, job->values[i].name))
			return job->values[i].text;
	return NULL;
}

static bool is_made(const struct digest_values *values, struct span name)
{
	for (size_t i = values->n_plain; i < values->n; i++)
		if (span_is(name, values->values[i].name))
			return true;
	return false;
}

static int add(struct digest_values *values, const struct job *job, struct span name)
{
	struct span algorithm, setting;
	struct made *made;
	const char *text;

	if (!scope_digest(name, &algorithm, &setting) || is_made(values, name))
		return 0;
	text = find_text(job, setting);
	if (!text)
		return 0;
	if (values->n - values->n_plain == DIGEST_MAX || name.len >= NAME_MAX_LEN)
		return -EINVAL;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	memcpy(made->name, name.text, name.len);
	values->values[values->n].name = made->name;
	values->values[values->n++].text = made->hex;
	return hash(algorithm, text, made->hex);
}

/* A service written in the configuration: its templates are values. */
static int add_from_values(struct digest_values *values, const struct job *job)
{
	int rc = 0;

	for (size_t i = 0; i < job->n_values; i++) {
		struct span rest = {job->values[i].text, strlen(job->values[i].text)};

		while (rc == 0 && rest.len > 0) {
			struct template_piece piece = template_take(&rest);

			if (piece.kind == TEMPLATE_PLACEHOLDER)
				rc = add(values, job, piece.span);
		}
	}
	return rc;
}

static int add_from_service(struct digest_values *values, const struct job *job)
{
	struct service_cursor at = {0};
	struct span name;
	int rc = 0;

	while (rc == 0 && service_next(job->provider->service, &at, &name))
		rc = add(values, job, name);
	return rc;
}

int digest_make(const struct job *job, struct digest_values *ret)
{
	struct digest_values values = {.n = job->n_values, .n_plain = job->n_values};
	int rc;

	values.values = calloc(job->n_values + DIGEST_MAX, sizeof(*values.values));
	if (!values.values)
		return -ENOMEM;
	if (job->n_values > 0)
		memcpy(values.values, job->values, job->n_values * sizeof(*job->values));
	rc = job->provider->service ? add_from_service(&values, job)
				    : add_from_values(&values, job);
	if (rc < 0)
		digest_done(&values);
	else
		*ret = values;
	return rc;
}

void digest_done(struct digest_values *values)
{
	for (size_t i = values->n_plain; i < values->n; i++) {
		void *made;

		/* Its name is the first of the block. */
		memcpy(&made, &values->values[i].name, sizeof(made));
		explicit_bzero(made, sizeof(struct made));
		free(made);
	}
	free(values->values);
	*values = (struct digest_values){0};
}
