/* SPDX-License-Identifier: MIT */
#include "update/updater/decode.c"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void bodies_become_values(void **state)
{
	static const struct {
		enum http_decode decode;
		const char *body, *json; /* NULL: none */
	} rows[] = {
		{HTTP_DECODE_NONE, "{}", NULL},
		{HTTP_DECODE_JSON, "{\"a\":[1,true]}", "{\"a\":[1,true]}"},
		{HTTP_DECODE_JSON, "\"ok\"", "\"ok\""},
		{HTTP_DECODE_JSON, "{\"a\":1} x", NULL},
		{HTTP_DECODE_JSON, "", NULL},
		{HTTP_DECODE_XML, "<a/>", "{\"a\":\"\"}"},
		{HTTP_DECODE_XML, "<a>text</a>", "{\"a\":\"text\"}"},
		{HTTP_DECODE_XML, "<a> <b>1</b>\n<c>2</c></a>",
		 "{\"a\":{\"b\":\"1\",\"c\":\"2\"}}"},
		{HTTP_DECODE_XML, "<a><b>1</b><b>2</b><b>3</b></a>",
		 "{\"a\":{\"b\":[\"1\",\"2\",\"3\"]}}"},
		{HTTP_DECODE_XML, "<a>&lt;&amp;<![CDATA[<]]></a>", "{\"a\":\"<&<\"}"},
		/* attributes stand beside their element */
		{HTTP_DECODE_XML, "<a x=\"1\" y='&lt;'>text</a>",
		 "{\"a@x\":\"1\",\"a@y\":\"<\",\"a\":\"text\"}"},
		{HTTP_DECODE_XML, "<a><b c=\"1\"/><b c=\"2\">3</b></a>",
		 "{\"a\":{\"b@c\":[\"1\",\"2\"],\"b\":[\"\",\"3\"]}}"},
		{HTTP_DECODE_XML, "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>1</a>",
		 "{\"a\":\"1\"}"},
		/* XML-RPC: members by their names */
		{HTTP_DECODE_XML,
		 "<methodResponse><params><param><value><struct><member><name>code</name><value>"
		 "<int>1000</int></value></member><member><name>list</name><value><array><data>"
		 "<value><array><data/></array></value><value>x</value></data></array></value>"
		 "</member></struct></value></param></params></methodResponse>",
		 "{\"methodResponse\":{\"code\":\"1000\",\"list\":[[],\"x\"]}}"},
		{HTTP_DECODE_XML,
		 "<methodResponse><params><param><value><array><data><value><struct><member><name>a"
		 "</name><value/></member></struct></value></data></array></value></param></params>"
		 "</methodResponse>",
		 "{\"methodResponse\":[{\"a\":\"\"}]}"},
		{HTTP_DECODE_XML,
		 "<methodResponse><params><param><value><string>OK</string></value></param></"
		 "params>"
		 "</methodResponse>",
		 "{\"methodResponse\":\"OK\"}"},
		{HTTP_DECODE_XML,
		 "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>1"
		 "</int></value></member></struct></value></fault></methodResponse>",
		 "{\"methodResponse\":{\"fault\":{\"faultCode\":\"1\"}}}"},
		{HTTP_DECODE_XML, "<methodResponse/>", "{\"methodResponse\":\"\"}"},
		{HTTP_DECODE_XML,
		 "<methodResponse><params><param><value><struct/></value></param></params>"
		 "</methodResponse>",
		 "{\"methodResponse\":{}}"},
		{HTTP_DECODE_XML,
		 "<methodResponse><params><param><value><struct><member>x</member><member><name>y"
		 "</name></member></struct></value></param></params></methodResponse>",
		 "{\"methodResponse\":{\"y\":\"\"}}"},
		{HTTP_DECODE_XML, "<a><b></a>", NULL},
		{HTTP_DECODE_XML, "<a>1</a><b>2</b>", NULL},
		{HTTP_DECODE_XML, "text", NULL},
		{HTTP_DECODE_XML, "", NULL},
		/* types of its own could expand without end, or read files */
		{HTTP_DECODE_XML, "<!DOCTYPE a [<!ENTITY x \"yy\">]><a>&x;</a>", NULL},
		{HTTP_DECODE_XML, "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *json = decode_body(rows[i].decode, rows[i].body, strlen(rows[i].body));
		char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

		if (!text != !rows[i].json || (text && strcmp(text, rows[i].json) != 0))
			fail_msg("row %zu is %s", i, text ? text : "none");
		free(text);
		json_decref(json);
	}
}

static void depth_and_number_have_caps(void **state)
{
	static char body[REPLY_BODY_MAX];
	size_t len = 0;

	(void)state;
	for (unsigned depth = DECODE_DEPTH_MAX; depth <= DECODE_DEPTH_MAX + 1; depth++) {
		json_t *json;

		len = 0;
		for (unsigned i = 0; i < depth; i++)
			len += (size_t)snprintf(body + len, sizeof(body) - len, "<a>");
		for (unsigned i = 0; i < depth; i++)
			len += (size_t)snprintf(body + len, sizeof(body) - len, "</a>");
		json = decode_body(HTTP_DECODE_XML, body, len);
		assert_int_equal(json != NULL, depth == DECODE_DEPTH_MAX);
		json_decref(json);
	}
	len = (size_t)snprintf(body, sizeof(body), "<a>");
	for (unsigned i = 0; i < DECODE_NODES_MAX; i++)
		len += (size_t)snprintf(body + len, sizeof(body) - len, "<b/>");
	len += (size_t)snprintf(body + len, sizeof(body) - len, "</a>");
	assert_null(decode_body(HTTP_DECODE_XML, body, len));
	for (unsigned n = DECODE_NODES_MAX - 1; n <= DECODE_NODES_MAX; n++) {
		json_t *json;

		len = (size_t)snprintf(body, sizeof(body), "<a");
		for (unsigned i = 0; i < n; i++)
			len += (size_t)snprintf(body + len, sizeof(body) - len, " b%u=''", i);
		len += (size_t)snprintf(body + len, sizeof(body) - len, "/>");
		json = decode_body(HTTP_DECODE_XML, body, len);
		assert_int_equal(json != NULL, n < DECODE_NODES_MAX);
		json_decref(json);
	}
	/* JSON that is nothing but brackets */
	memset(body, '[', sizeof(body));
	assert_null(decode_body(HTTP_DECODE_JSON, body, sizeof(body)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_become_values),
		cmocka_unit_test(depth_and_number_have_caps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
