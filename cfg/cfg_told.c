/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_told.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cfg/array.h"
#include "cfg/secret.h"
#include "cfg/url.h"

/* Whoever may write it decides what runs. */
static bool is_exposed(const struct build *build, mode_t mode)
{
	return mode & S_IWOTH && !build->cfg->daemon.insecure_permissions;
}

/* It may come to be there later, so that it is not is no error. */
static void check_program(struct build *build, const char *path, struct place at)
{
	struct stat status;

	if (path[0] != '/')
		faults_add(build->faults, at,
			   "`hook`: `%.80s` must be an absolute file name, beginning with /", path);
	else if (stat(path, &status) < 0)
		faults_warn(build->faults, at, "`hook`: %.120s: %s", path, strerror(errno));
	else if (!S_ISREG(status.st_mode) || !(status.st_mode & 0111))
		faults_warn(build->faults, at,
			    "`hook`: %.100s is not executable; run `chmod +x` on it", path);
	else if (is_exposed(build, status.st_mode))
		faults_add(build->faults, at,
			   "`hook`: everybody may write %.80s (mode %04o): run `chmod o-w` on it, "
			   "or set insecure-permissions = yes",
			   path, (unsigned)status.st_mode & 07777);
}

static void take_hook(struct build *build, struct keys_record *keys, struct place at,
		      struct cfg_told *told)
{
	told->hook = keys->hook;
	told->n_hook = keys->n_hook;
	keys->hook = NULL;
	keys->n_hook = 0;
	if (told->n_hook > 0)
		check_program(build, told->hook[0], at);
}

/* The URL that word is or names, in *ret for secret_free; never shown. */
static int read_url(struct build *build, const char *word, bool plaintext, struct place at,
		    char **ret)
{
	bool insecure = build->cfg->daemon.insecure_permissions;
	char why[SECRET_WHY_MAX];
	const char *wrong;
	char *url = NULL;
	int err = secret_read(word, insecure, &url, why);

	if (err < 0) {
		faults_add(build->faults, at, "`notify`: %s", why);
		return err;
	}
	wrong = url_check(url, plaintext);
	if (wrong) {
		faults_add(build->faults, at, "`notify`: the URL %s", wrong);
		secret_free(url);
		return -EINVAL;
	}
	*ret = url;
	return 0;
}

static void add_url(struct build *build, struct cfg_told *told, char *url)
{
	char **slot = array_add(&told->notify, &told->n_notify, sizeof(*told->notify));

	if (slot) {
		*slot = url;
		return;
	}
	secret_free(url);
	build->faults->no_memory = true;
}

void cfg_told_read(struct build *build, struct keys_record *keys,
		   const struct cfg_told_places *places, struct cfg_told *ret)
{
	take_hook(build, keys, places->hook, ret);
	ret->hook_timeout_ms = keys->hook_timeout_ms;
	ret->plaintext = keys->allow_plaintext;
	if (keys->n_notify > CFG_TOLD_NOTIFY_MAX)
		faults_add(build->faults, places->notify, "`notify` takes at most %d URLs",
			   CFG_TOLD_NOTIFY_MAX);
	for (size_t i = 0; i < keys->n_notify && i < CFG_TOLD_NOTIFY_MAX; i++) {
		char *url = NULL;

		if (!read_url(build, keys->notify[i], ret->plaintext, places->notify, &url))
			add_url(build, ret, url);
	}
}

static int copy_texts(char *const *list, size_t n, char ***ret, size_t *ret_n)
{
	for (size_t i = 0; i < n; i++)
		if (array_add_text(ret, ret_n, list[i]))
			return -ENOMEM;
	return 0;
}

int cfg_told_copy(const struct cfg_told *told, struct cfg_told *ret)
{
	struct cfg_told copy = {.hook_timeout_ms = told->hook_timeout_ms,
				.plaintext = told->plaintext};

	if (copy_texts(told->hook, told->n_hook, &copy.hook, &copy.n_hook) ||
	    copy_texts(told->notify, told->n_notify, &copy.notify, &copy.n_notify)) {
		cfg_told_done(&copy);
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

void cfg_told_done(struct cfg_told *told)
{
	array_free_texts(told->hook, told->n_hook);
	for (size_t i = 0; i < told->n_notify; i++)
		secret_free(told->notify[i]);
	free(told->notify);
}
