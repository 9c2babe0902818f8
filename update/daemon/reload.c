/* SPDX-License-Identifier: MIT */
#include "update/daemon/reload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/places.h"
#include "update/daemon/daemon.h"
#include "update/daemon/notify.h"
#include "update/log.h"

/* What is there may be all that this user may write. */
static void keep_state_dir(struct cfg_daemon *new, struct cfg_daemon *old)
{
	char *state_dir = new->state_dir;

	new->state_dir = old->state_dir;
	old->state_dir = state_dir;
}

static void replace(struct daemon *daemon, struct cfg *cfg, struct engine *engine)
{
	engine_adopt(engine, daemon->engine);
	engine_free(daemon->engine);
	keep_state_dir(&cfg->daemon, &daemon->cfg->daemon);
	if (daemon->updater)
		updater_forget(daemon->updater);
	cfg_free(daemon->cfg);
	daemon->engine = engine;
	daemon->cfg = cfg;
	posts_follow(daemon->posts, cfg);
	daemon->fed = false;
	daemon->look = true;
	tally_move(&daemon->tally);
	belief_doubt(daemon->belief);
	belief_set_recheck(daemon->belief, cfg->daemon.recheck_ms);
	daemon_set_log_level(daemon);
}

static void say_errors(const struct cfg_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		const struct cfg_error *error = &errors->list[i];

		if (error->warning)
			log_warn("%s:%d: %s", error->file, error->line, error->text);
		else
			log_error("%s:%d: %s", error->file, error->line, error->text);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What is opened once cannot follow a reload. */
static void say_fixed(const struct cfg_daemon *old, const struct cfg_daemon *new)
{
	const struct {
		const char *key;
		bool same;
	} keys[] = {
		{"control", same_text(old->control, new->control)},
		{"state-dir", same_text(old->state_dir, new->state_dir)},
		{"user", same_text(old->user, new->user)},
		{"keep-updater", old->keep_updater == new->keep_updater},
		{"updater-idle", old->updater_idle_ms == new->updater_idle_ms},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!keys[i].same)
			log_warn("%s: takes effect at the next start", keys[i].key);
}

static void add_error(struct cfg_errors *errors, const char *file, const char *text)
{
	struct cfg_error *list = realloc(errors->list, (errors->n + 1) * sizeof(*list));
	char *copy = strdup(file);

	if (list)
		errors->list = list;
	if (!list || !copy) {
		free(copy);
		return;
	}
	list[errors->n] = (struct cfg_error){.file = copy};
	snprintf(list[errors->n].text, sizeof(list->text), "%s", text);
	errors->n++;
}

/* cfg's engine; what it asks for may not be there. */
static int make_engine(const struct daemon *daemon, const struct cfg *cfg,
		       struct cfg_errors *errors, struct engine **ret)
{
	if (!daemon_needs_updater(cfg))
		return engine_new(cfg, NULL, ret);
	if (!daemon->updater) {
		add_error(errors, daemon->path,
			  "a record needs nlddns-updater, which was not there at the start; "
			  "install it beside nlddnsd or in " PLACES_LIBEXEC
			  ", then restart nlddnsd");
		return -ENOENT;
	}
	return engine_new(cfg, daemon->updater, ret);
}

int reload_daemon(struct daemon *daemon, struct cfg_errors *errors)
{
	struct engine *engine = NULL;
	struct cfg *cfg = NULL;
	int err;

	if (daemon->end_at > 0) {
		add_error(errors, daemon->path, "nlddnsd is about to end");
		return -ESHUTDOWN;
	}
	notify_reloading();
	err = cfg_load(daemon->path, &cfg, errors);
	if (!err)
		err = make_engine(daemon, cfg, errors, &engine);
	say_errors(errors);
	if (err < 0) {
		log_error("%s: not loaded, the old configuration stays", daemon->path);
		cfg_free(cfg);
	} else {
		say_fixed(&daemon->cfg->daemon, &cfg->daemon);
		log_info("configuration loaded: %zu records", cfg->n_records);
		replace(daemon, cfg, engine);
	}
	notify_send("READY=1");
	return err;
}
