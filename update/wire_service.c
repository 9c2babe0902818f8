/* SPDX-License-Identifier: MIT */
#include "update/wire_service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "providers/conversation.h"

#define TTL_MAX 0x7fffffff /* RFC 2181, section 8 */

struct wire_kept {
	unsigned refs;
	struct wire_service service;
	char text[];
};

/* Takes over item; false, and the item gone, if it is NULL or memory is short. */
static bool add(json_t *list, json_t *item)
{
	return json_array_append_new(list, item) == 0;
}

static bool pack_texts(const struct service *service, json_t *texts)
{
	bool fine = true;

	for (const struct service_field *field = service_fields; field->key && fine; field++) {
		const char *text = service_text(service, field);

		if (text)
			fine = json_object_set_new(texts, field->key, wire_text_pack(text)) == 0;
	}
	return fine;
}

static bool pack_rules(const struct service *service, json_t *rules)
{
	bool fine = true;

	for (size_t i = 0; i < service->n_rules && fine; i++)
		fine = add(rules,
			   json_pack("[s, o]", provider_verdict_name(service->rules[i].verdict),
				     wire_text_pack(service->rules[i].text)));
	return fine;
}

static bool pack_settings(const struct service *service, json_t *settings)
{
	bool fine = true;

	for (const struct setting *row = service->settings; row && row->name && fine; row++)
		fine = add(settings,
			   json_pack("[s, i, b]", row->name, (int)row->type, (int)row->required));
	return fine;
}

json_t *wire_service_pack(const struct provider *provider)
{
	const struct service *service = provider->service;
	json_t *texts, *rules, *settings;

	if (!service)
		return json_null();
	texts = json_object();
	rules = json_array();
	settings = json_array();
	if (pack_texts(service, texts) && pack_rules(service, rules) &&
	    pack_settings(service, settings))
		return json_pack("{s:i, s:i, s:i, s:i, s:b, s:I, s:o, s:o, s:o}", "family",
				 (int)service->family, "content", (int)service->content, "reply",
				 (int)service->reply, "names", (int)service->names, "together",
				 (int)service->together, "ttl", (json_int_t)service->ttl, "texts",
				 texts, "rules", rules, "settings", settings);
	json_decref(texts);
	json_decref(rules);
	json_decref(settings);
	return NULL;
}

static const struct service_field *find_field(const char *key)
{
	const struct service_field *field = service_fields;

	while (field->key && strcmp(field->key, key) != 0)
		field++;
	return field->key ? field : NULL;
}

static int read_texts(json_t *texts, struct wire_store *store, struct service *ret)
{
	const struct service_field *field;
	const char *key, *text;
	json_t *json;

	if (!json_is_object(texts))
		return -EBADMSG;
	json_object_foreach(texts, key, json)
	{
		field = find_field(key);
		if (!field || wire_text_keep(store, json, &text) < 0)
			return -EBADMSG;
		memcpy((char *)ret + field->offset, &text, sizeof(text));
	}
	return 0;
}

static int read_rules(const json_t *rules, struct wire_store *store, struct service *ret)
{
	size_t n = json_array_size(rules);

	if (!json_is_array(rules) || n > SERVICE_RULES_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++) {
		const char *verdict;
		json_t *text;

		if (json_unpack_ex(json_array_get(rules, i), NULL, JSON_STRICT, "[s, o]", &verdict,
				   &text) < 0 ||
		    provider_verdict_parse(verdict, &ret->rules[i].verdict) < 0 ||
		    wire_text_keep(store, text, &ret->rules[i].text) < 0)
			return -EBADMSG;
	}
	ret->n_rules = n;
	return 0;
}

static int read_settings(const json_t *settings, struct wire_store *store, struct setting *ret)
{
	size_t n = json_array_size(settings);

	if (!json_is_array(settings) || n > SERVICE_SETTINGS_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++) {
		int type, required;
		json_t *name;

		if (json_unpack_ex(json_array_get(settings, i), NULL, JSON_STRICT, "[o, i, b]",
				   &name, &type, &required) < 0 ||
		    type < 0 || type > SETTING_LIST ||
		    wire_text_keep(store, name, &ret[i].name) < 0)
			return -EBADMSG;
		ret[i].type = (enum setting_type)type;
		ret[i].required = required;
	}
	return 0;
}

static int read_numbers(const json_t *json, struct service *ret, json_t **ret_texts,
			json_t **ret_rules, json_t **ret_settings)
{
	json_int_t ttl;
	int family, content, reply, names, together;
	json_t *root;

	/* jansson takes no const where it could hand out what is in it. */
	memcpy(&root, &json, sizeof(root));
	if (json_unpack_ex(root, NULL, JSON_STRICT, "{s:i, s:i, s:i, s:i, s:b, s:I, s:o, s:o, s:o}",
			   "family", &family, "content", &content, "reply", &reply, "names", &names,
			   "together", &together, "ttl", &ttl, "texts", ret_texts, "rules",
			   ret_rules, "settings", ret_settings) < 0 ||
	    family < 0 || family > SERVICE_DYNDNS2 || content < 0 ||
	    content > SERVICE_CONTENT_JSON || reply < 0 || reply > SERVICE_REPLY_XML || names < 1 ||
	    names > SERVICE_NAMES_MAX || ttl < 0 || ttl > TTL_MAX)
		return -EBADMSG;
	ret->family = (enum service_family)family;
	ret->content = (enum service_content)content;
	ret->reply = (enum service_reply)reply;
	ret->names = (unsigned)names;
	ret->together = together;
	ret->ttl = (unsigned)ttl;
	return 0;
}

int wire_service_unpack(const json_t *json, const char *name, struct wire_store *store,
			struct wire_service *ret)
{
	struct service *service = &ret->service;
	json_t *texts, *rules, *settings;
	struct service_fault fault;

	memset(ret, 0, sizeof(*ret));
	if (read_numbers(json, service, &texts, &rules, &settings) < 0 ||
	    read_texts(texts, store, service) < 0 || read_rules(rules, store, service) < 0 ||
	    read_settings(settings, store, ret->settings) < 0)
		return -EBADMSG;
	service->title = name;
	service->settings = ret->settings;
	if (service_check(service, &fault) < 0)
		return -EBADMSG;
	ret->provider = (struct provider){
		.name = name,
		.title = name,
		.settings = ret->settings,
		.caps = service_caps(service),
		.state_size = CONVERSATION_STATE_SIZE,
		.step = conversation_step_file,
		.service = service,
	};
	return 0;
}

int wire_services_keep(struct wire_services *services, int64_t number, const json_t *name,
		       const json_t *json, size_t len)
{
	struct wire_kept *kept;
	struct wire_store store;
	const char *text;

	if (number < 1 || number > WIRE_SERVICES_MAX)
		return -EBADMSG;
	kept = calloc(1, sizeof(*kept) + len);
	if (!kept)
		return -ENOMEM;
	kept->refs = 1;
	store = (struct wire_store){kept->text, len};
	if (wire_text_keep(&store, name, &text) < 0 ||
	    wire_service_unpack(json, text, &store, &kept->service) < 0) {
		wire_kept_drop(kept);
		return -EBADMSG;
	}
	wire_kept_drop(services->list[number - 1]);
	services->list[number - 1] = kept;
	return 0;
}

void wire_services_free(struct wire_services *services)
{
	for (size_t i = 0; i < WIRE_SERVICES_MAX; i++) {
		wire_kept_drop(services->list[i]);
		services->list[i] = NULL;
	}
}

struct wire_kept *wire_kept_take(const struct wire_services *services, int64_t number)
{
	struct wire_kept *kept = NULL;

	if (number >= 1 && number <= WIRE_SERVICES_MAX)
		kept = services->list[number - 1];
	if (kept)
		kept->refs++;
	return kept;
}

void wire_kept_drop(struct wire_kept *kept)
{
	if (kept && --kept->refs == 0)
		free(kept);
}

const struct provider *wire_kept_provider(const struct wire_kept *kept)
{
	return &kept->service.provider;
}
