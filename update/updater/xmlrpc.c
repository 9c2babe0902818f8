/* SPDX-License-Identifier: MIT */
#include "update/updater/xmlrpc.h"

/* What came once is no list. */
static size_t count(const json_t *items)
{
	return json_is_array(items) ? json_array_size(items) : items != NULL;
}

static json_t *item(json_t *items, size_t i)
{
	return json_is_array(items) ? json_array_get(items, i) : items;
}

/* Of a <value>; as deep as elements of XML may be. */
static json_t *plain(json_t *value)
{
	json_t *members = json_object_get(json_object_get(value, "struct"), "member");
	json_t *data = json_object_get(json_object_get(value, "array"), "data");
	json_t *values = json_object_get(data, "value"), *ret;

	if (json_object_get(value, "struct")) {
		ret = json_object();
		for (size_t i = 0; i < count(members); i++) {
			json_t *member = item(members, i);
			json_t *name = json_object_get(member, "name");

			if (json_is_string(name))
				(void)json_object_set_new(ret, json_string_value(name),
							  plain(json_object_get(member, "value")));
		}
		return ret;
	}
	if (data) {
		ret = json_array();
		for (size_t i = 0; i < count(values); i++)
			(void)json_array_append_new(ret, plain(item(values, i)));
		return ret;
	}
	if (json_is_object(value)) /* <int>1</int> */
		return json_incref(json_object_iter_value(json_object_iter(value)));
	return value ? json_incref(value) : json_string("");
}

json_t *xmlrpc_plain(json_t *document)
{
	json_t *response = json_object_get(document, "methodResponse");
	json_t *fault = json_object_get(response, "fault");
	json_t *param = json_object_get(json_object_get(response, "params"), "param");
	json_t *ret;

	if (!fault && !param)
		return document;
	if (fault)
		ret = json_pack("{s:{s:o}}", "methodResponse", "fault",
				plain(json_object_get(fault, "value")));
	else
		ret = json_pack("{s:o}", "methodResponse",
				plain(json_object_get(item(param, 0), "value")));
	json_decref(document);
	return ret;
}
