/* SPDX-License-Identifier: MIT */
#include "update/wire_service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/apifield.h"
#include "providers/conversation.h"

#define KEY_MAX 64

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

/* Of a record API, each field that has a value by "section key". */
static bool pack_api(const struct recordapi *api, json_t *fields)
{
	bool fine = true;

	for (const struct apifield *field = apifields; api && field->section && fine; field++) {
		const char *text = apifield_text(api, field);
		unsigned number = apifield_number(api, field);
		char key[KEY_MAX];

		(void)snprintf(key, sizeof(key), "%s %s", field->section, field->key);
		if (text)
			fine = json_object_set_new(fields, key, wire_text_pack(text)) == 0;
		else if (number)
			fine = json_object_set_new(fields, key, json_integer(number)) == 0;
	}
	return fine;
}

json_t *wire_service_pack(const struct provider *provider)
{
	const struct service *service = provider->service;
	json_t *texts, *rules, *settings, *api;

	if (!service)
		return json_null();
	texts = json_object();
	api = json_object();
	rules = json_array();
	settings = json_array();
	if (pack_texts(service, texts) && pack_rules(service, rules) &&
	    pack_settings(service, settings) && pack_api(service->api, api))
		return json_pack("{s:i, s:i, s:i, s:i, s:b, s:I, s:o, s:o, s:o, s:o}", "family",
				 (int)service->family, "content", (int)service->content, "reply",
				 (int)service->reply, "names", (int)service->names, "together",
				 (int)service->together, "ttl", (json_int_t)service->ttl, "texts",
				 texts, "rules", rules, "settings", settings, "api", api);
	json_decref(texts);
	json_decref(rules);
	json_decref(settings);
	json_decref(api);
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

static const struct apifield *find_api_field(const char *key)
{
	const char *blank = strchr(key, ' ');
	char section[KEY_MAX];

	if (!blank || (size_t)(blank - key) >= sizeof(section))
		return NULL;
	memcpy(section, key, (size_t)(blank - key));
	section[blank - key] = '\0';
	return apifield_find(section, blank + 1);
}

static int read_api(json_t *fields, struct wire_store *store, struct recordapi *ret)
{
	const char *key, *text;
	json_t *json;

	if (!json_is_object(fields))
		return -EBADMSG;
	json_object_foreach(fields, key, json)
	{
		const struct apifield *field = find_api_field(key);

		if (!field)
			return -EBADMSG;
		if (field->type != SETTING_TEXT) {
			if (!json_is_integer(json) ||
			    apifield_set_number(ret, field, json_integer_value(json)) < 0)
				return -EBADMSG;
			continue;
		}
		if (wire_text_keep(store, json, &text) < 0)
			return -EBADMSG;
		apifield_set_text(ret, field, text);
	}
	return 0;
}

static int read_rules(const json_t *rules, struct wire_store *store, struct wire_service *ret)
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
	ret->service.rules = ret->rules;
	ret->service.n_rules = n;
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

/* The members that have members. */
struct parts {
	json_t *texts, *rules, *settings, *api;
};

static int read_numbers(const json_t *json, struct service *ret, struct parts *parts)
{
	json_int_t ttl;
	int family, content, reply, names, together;
	json_t *root;

	/* jansson takes no const where it could hand out what is in it. */
	memcpy(&root, &json, sizeof(root));
	if (json_unpack_ex(root, NULL, JSON_STRICT,
			   "{s:i, s:i, s:i, s:i, s:b, s:I, s:o, s:o, s:o, s:o}", "family", &family,
			   "content", &content, "reply", &reply, "names", &names, "together",
			   &together, "ttl", &ttl, "texts", &parts->texts, "rules", &parts->rules,
			   "settings", &parts->settings, "api", &parts->api) < 0 ||
	    family < 0 || family > SERVICE_RECORDS || content < 0 ||
	    content > SERVICE_CONTENT_XML || reply < 0 || reply > SERVICE_REPLY_XML || names < 1 ||
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
	struct service_fault fault;
	struct parts parts;

	memset(ret, 0, sizeof(*ret));
	if (read_numbers(json, service, &parts) < 0 ||
	    read_texts(parts.texts, store, service) < 0 ||
	    read_rules(parts.rules, store, ret) < 0 ||
	    read_settings(parts.settings, store, ret->settings) < 0 ||
	    read_api(parts.api, store, &ret->api) < 0)
		return -EBADMSG;
	if (service->family == SERVICE_RECORDS)
		service->api = &ret->api;
	ret->api.service = service;
	service->title = name;
	service->settings = ret->settings;
	if (service_check(service, &fault) < 0)
		return -EBADMSG;
	ret->provider = (struct provider){
		.name = name,
		.title = name,
		.settings = ret->settings,
		.caps = service_caps(service),
		.state_size = service_state_size(service),
		.step = service->api ? recordapi_step_file : conversation_step_file,
		.service = service,
	};
	return 0;
}

int wire_services_keep(struct wire_services *services, int64_t number, const char *name,
		       const json_t *json, size_t len)
{
	size_t name_size = strlen(name) + 1;
	struct wire_kept *kept;
	struct wire_store store;

	if (number < 1 || number > WIRE_SERVICES_MAX)
		return -EBADMSG;
	kept = calloc(1, sizeof(*kept) + name_size + len);
	if (!kept)
		return -ENOMEM;
	kept->refs = 1;
	memcpy(kept->text, name, name_size);
	store = (struct wire_store){kept->text + name_size, len};
	if (wire_service_unpack(json, kept->text, &store, &kept->service) < 0) {
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
