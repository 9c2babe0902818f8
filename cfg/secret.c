/* SPDX-License-Identifier: MIT */
#include "cfg/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cfg/slurp.h"

#define SHOWN_MAX 100 /* of a file name in a message */

enum secret_kind { SECRET_KIND_LITERAL, SECRET_KIND_FILE, SECRET_KIND_ENV, SECRET_KIND_CRED };

static const char *const prefixes[] = {
	[SECRET_KIND_LITERAL] = "",
	[SECRET_KIND_FILE] = "file:",
	[SECRET_KIND_ENV] = "env:",
	[SECRET_KIND_CRED] = "cred:",
};
#define KIND_COUNT (sizeof(prefixes) / sizeof(prefixes[0]))
_Static_assert(KIND_COUNT == SECRET_KIND_CRED + 1, "each kind has its prefix");

static enum secret_kind classify(const char *text, const char **ret_rest)
{
	enum secret_kind kind = KIND_COUNT - 1;

	while (kind > 0 && strncmp(text, prefixes[kind], strlen(prefixes[kind])) != 0)
		kind--;
	*ret_rest = text + strlen(prefixes[kind]);
	return kind;
}

/* A copy of bytes without BOM and final line ends. */
static int copy_trimmed(const char *bytes, size_t len, char **ret)
{
	char *copy;

	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		len -= 3;
	}
	while (len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r'))
		len--;
	if (len == 0)
		return -ENODATA;
	if (memchr(bytes, '\0', len))
		return -EILSEQ;
	copy = strndup(bytes, len);
	if (!copy)
		return -ENOMEM;
	*ret = copy;
	return 0;
}

static int explain_content(int error, const char *what, char why[static SECRET_WHY_MAX])
{
	if (error == -ENODATA)
		snprintf(why, SECRET_WHY_MAX, "%.*s is empty; write the secret into it", SHOWN_MAX,
			 what);
	else if (error == -EILSEQ)
		snprintf(why, SECRET_WHY_MAX, "%.*s holds a NUL byte; it must be text", SHOWN_MAX,
			 what);
	else if (error)
		snprintf(why, SECRET_WHY_MAX, "%s", strerror(-error));
	return error;
}

static int read_file(const char *path, bool insecure, char **ret, char why[static SECRET_WHY_MAX])
{
	struct slurp slurp = {0};
	int error;

	if (path[0] != '/') {
		snprintf(why, SECRET_WHY_MAX, "file: needs an absolute file name, file:/...");
		return -EINVAL;
	}
	error = slurp_file(path, SECRET_MAX, &slurp);
	if (error) {
		snprintf(why, SECRET_WHY_MAX, "%.*s: %s", SHOWN_MAX, path, slurp_why(error));
		return error;
	}
	if (!insecure && secret_exposed(slurp.mode, slurp.owner)) {
		snprintf(why, SECRET_WHY_MAX,
			 "others may read it (mode %04o): run `chmod %s %.*s`, or set "
			 "insecure-permissions = yes",
			 (unsigned)slurp.mode, secret_mode(slurp.owner), SHOWN_MAX, path);
		error = -EPERM;
	} else {
		error = explain_content(copy_trimmed(slurp.bytes, slurp.len, ret), path, why);
	}
	slurp_done(&slurp);
	return error;
}

static int read_env(const char *name, char **ret, char why[static SECRET_WHY_MAX])
{
	const char *text = getenv(name);
	char what[SHOWN_MAX + 1];

	if (!text) {
		snprintf(why, SECRET_WHY_MAX, "the environment variable %.*s is not set", SHOWN_MAX,
			 name);
		return -ENOENT;
	}
	if (strlen(text) > SECRET_MAX) {
		snprintf(why, SECRET_WHY_MAX, "the environment variable %.*s is too large",
			 SHOWN_MAX, name);
		return -EFBIG;
	}
	snprintf(what, sizeof(what), "the environment variable %s", name);
	return explain_content(copy_trimmed(text, strlen(text), ret), what, why);
}

/* systemd.exec(5): the directory is ours alone, whatever the modes in it. */
static int read_cred(const char *name, char **ret, char why[static SECRET_WHY_MAX])
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	char *path = NULL;
	int error;

	if (!name[0] || strchr(name, '/') || name[0] == '.') {
		snprintf(why, SECRET_WHY_MAX, "cred: needs the name of a credential, without `/`");
		return -EINVAL;
	}
	if (!dir || !dir[0]) {
		snprintf(why, SECRET_WHY_MAX,
			 "there are no credentials ($CREDENTIALS_DIRECTORY is not set); add "
			 "LoadCredential=%.60s:PATH to the unit, or use file:PATH",
			 name);
		return -ENOENT;
	}
	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return -ENOMEM;
	error = read_file(path, true, ret, why);
	free(path);
	return error;
}

bool secret_literal(const char *text)
{
	const char *rest;

	return classify(text, &rest) == SECRET_KIND_LITERAL;
}

bool secret_exposed(mode_t mode, uid_t owner)
{
	mode_t allowed = owner == 0 ? S_IRGRP : 0;

	return mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH) & ~allowed;
}

const char *secret_mode(uid_t owner)
{
	return owner == 0 ? "640" : "600";
}

int secret_read(const char *text, bool insecure, char **ret, char why[static SECRET_WHY_MAX])
{
	const char *rest;

	switch (classify(text, &rest)) {
	case SECRET_KIND_LITERAL:
		return explain_content(copy_trimmed(rest, strlen(rest), ret), "the value", why);
	case SECRET_KIND_FILE:
		return read_file(rest, insecure, ret, why);
	case SECRET_KIND_ENV:
		return read_env(rest, ret, why);
	case SECRET_KIND_CRED:
		return read_cred(rest, ret, why);
	}
	return -EINVAL;
}

void secret_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
