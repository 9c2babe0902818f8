/* SPDX-License-Identifier: MIT */
#include "update/wire_service.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/shipped.h"

static const struct setting settings[] = {
	{.name = "token", .type = SETTING_SECRET, .required = true},
	{.name = "url", .type = SETTING_URL},
	{0}};

static const struct service service = {
	.title = "Test",
	.family = SERVICE_DYNDNS2,
	.method = "PUT",
	.url = "https://a.example/{name}",
	.query = "t={token}",
	.ipv4 = "{ip4}",
	.ipv6 = "{ip6}",
	.both = "{ip4},{ip6}",
	.body = "\xc3\xa9{names}",
	.content = SERVICE_CONTENT_JSON,
	.basic = "a:{token}",
	.header = "X: y",
	.header_2 = "Z: {md5:token}",
	.zone = "a.example b.example",
	.apex = "@",
	.separator = ";",
	.names = 7,
	.ttl = 60,
	.reply = SERVICE_REPLY_JSON,
	.rules = (const struct service_rule[]){{VERDICT_DONE, "json /a = 1"},
					       {VERDICT_THROTTLED, "status 429 wait 1h"}},
	.n_rules = 2,
	.settings = settings,
};

static const struct provider provider = {.name = "test", .settings = settings, .service = &service};

static char room[4096];

static int unpack(const json_t *json, struct wire_service *ret)
{
	struct wire_store store = {room, sizeof(room)};

	return wire_service_unpack(json, "test", &store, ret);
}

static void a_service_arrives_as_it_was_sent(void **state)
{
	static struct wire_service got;
	json_t *json = wire_service_pack(&provider);

	(void)state;
	assert_int_equal(unpack(json, &got), 0);
	for (const struct service_field *field = service_fields; field->key; field++) {
		const char *sent = service_text(&service, field);
		const char *found = service_text(&got.service, field);

		assert_int_equal(!sent, !found);
		if (sent)
			assert_string_equal(sent, found);
	}
	assert_int_equal(got.service.family, service.family);
	assert_int_equal(got.service.content, service.content);
	assert_int_equal(got.service.reply, service.reply);
	assert_int_equal(got.service.names, 7);
	assert_int_equal(got.service.ttl, 60);
	assert_int_equal(got.service.n_rules, 2);
	assert_int_equal(got.service.rules[1].verdict, VERDICT_THROTTLED);
	assert_string_equal(got.service.rules[1].text, "status 429 wait 1h");
	assert_string_equal(got.settings[0].name, "token");
	assert_int_equal(got.settings[0].type, SETTING_SECRET);
	assert_true(got.settings[0].required);
	assert_int_equal(got.settings[1].type, SETTING_URL);
	assert_null(got.settings[2].name);
	assert_ptr_equal(got.provider.service, &got.service);
	assert_int_equal(got.provider.caps & PROVIDER_MANY_NAMES, PROVIDER_MANY_NAMES);
	json_decref(json);
}

/* Each member once as it must not be. */
static void wrong_services_are_refused(void **state)
{
	static const struct {
		const char *key, *json;
	} rows[] = {
		{"family", "4"},
		{"family", "-1"},
		{"content", "3"},
		{"reply", "4"},
		{"names", "0"},
		{"names", "21"},
		{"ttl", "-1"},
		{"ttl", "2147483648"},
		{"texts", "[]"},
		{"texts", "{\"urk\":\"x\"}"},
		{"texts", "{\"url\":1}"},
		{"texts", "{\"url\":\"https://a.example/{nothing}\"}"},
		{"texts", "{\"url\":\"file:///etc/passwd\",\"ipv4\":\"{ip4}\"}"},
		{"texts", "{}"},
		{"rules", "{}"},
		{"rules", "[[\"done\"]]"},
		{"rules", "[[\"fine\",\"empty\"]]"},
		{"rules", "[[\"done\",\"contains x\"]]"},
		{"settings", "{}"},
		{"settings", "[[\"token\",10,true]]"},
		{"settings", "[[\"token\",-1,true]]"},
		{"settings", "[[\"token\",1]]"},
		{"more", "1"},
		{"api", "[]"},
		{"api", "{\"zone urk\":\"x\"}"},
		{"api", "{\"request\":\"x\"}"},
		{"api", "{\"zone request\":1}"},
		{"api", "{\"zone always\":2}"},
		{"api", "{\"find names\":3}"},
		{"api", "{\"find page-size\":-1}"},
		{"api", "{\"find page-size\":\"x\"}"},
	};
	static struct wire_service got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *json = wire_service_pack(&provider);

		(void)json_object_set_new(json, rows[i].key,
					  json_loads(rows[i].json, JSON_DECODE_ANY, NULL));
		if (unpack(json, &got) != -EBADMSG)
			fail_msg("%s = %s is taken", rows[i].key, rows[i].json);
		json_decref(json);
	}
	assert_int_equal(unpack(json_null(), &got), -EBADMSG);
}

static void counts_have_caps(void **state)
{
	static struct wire_service got;
	json_t *json = wire_service_pack(&provider);
	json_t *rules = json_object_get(json, "rules");
	json_t *rows = json_object_get(json, "settings");

	(void)state;
	while (json_array_size(rules) < SERVICE_RULES_MAX)
		(void)json_array_append_new(rules, json_pack("[s, s]", "done", "empty"));
	assert_int_equal(unpack(json, &got), 0);
	(void)json_array_append_new(rules, json_pack("[s, s]", "done", "empty"));
	assert_int_equal(unpack(json, &got), -EBADMSG);
	(void)json_array_remove(rules, 0);
	while (json_array_size(rows) < SERVICE_SETTINGS_MAX)
		(void)json_array_append_new(rows, json_pack("[s, i, b]", "x", 0, 0));
	assert_int_equal(unpack(json, &got), 0);
	(void)json_array_append_new(rows, json_pack("[s, i, b]", "x", 0, 0));
	assert_int_equal(unpack(json, &got), -EBADMSG);
	json_decref(json);
}

static void a_full_store_is_refused(void **state)
{
	static struct wire_service got;
	json_t *json = wire_service_pack(&provider);
	size_t size = 0;
	int rc;

	(void)state;
	do {
		struct wire_store store = {room, ++size};

		rc = wire_service_unpack(json, "test", &store, &got);
		assert_true(rc == 0 || rc == -EBADMSG);
	} while (rc < 0 && size < sizeof(room));
	assert_int_equal(rc, 0);
	assert_true(size > 100);
	json_decref(json);
}

static void expect_same_api(const struct recordapi *sent, const struct recordapi *got)
{
	for (const struct apifield *field = apifields; field->section; field++) {
		const char *text = apifield_text(sent, field);

		assert_int_equal(!text, !apifield_text(got, field));
		if (text)
			assert_string_equal(text, apifield_text(got, field));
		assert_int_equal(apifield_number(sent, field), apifield_number(got, field));
	}
}

static void every_record_api_arrives_as_its_file_says(void **state)
{
	static struct wire_service got;
	static char large[65536];
	struct catalog_list list = shipped_list();
	size_t n_apis = 0;

	(void)state;
	for (size_t i = 0; i < list.n; i++) {
		struct cfg_service *file = shipped_read_entry(&list.entries[i]);
		struct wire_store store = {large, sizeof(large)};
		json_t *json = NULL;

		if (file->service.api) {
			json = wire_service_pack(&file->provider);
			assert_int_equal(wire_service_unpack(json, file->name, &store, &got), 0);
			expect_same_api(&file->api, &got.api);
			assert_ptr_equal(got.api.service, &got.service);
			assert_int_equal(file->provider.state_size, RECORDAPI_STATE_SIZE);
			assert_int_equal(got.provider.state_size, RECORDAPI_STATE_SIZE);
			/* which names there are is not the updater's concern */
			assert_int_equal(got.provider.caps,
					 file->provider.caps & ~(unsigned)PROVIDER_NO_WILDCARD);
			n_apis++;
		}
		json_decref(json);
		catalog_free(file);
	}
	catalog_list_done(&list);
	assert_true(n_apis > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_arrives_as_it_was_sent),
		cmocka_unit_test(wrong_services_are_refused),
		cmocka_unit_test(counts_have_caps),
		cmocka_unit_test(a_full_store_is_refused),
		cmocka_unit_test(every_record_api_arrives_as_its_file_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
