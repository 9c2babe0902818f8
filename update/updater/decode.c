/* SPDX-License-Identifier: MIT */
#include "update/updater/decode.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "update/updater/xmlrpc.h"
#include "update/wipe.h"

#define TEXT_MAX 65536 /* of one element */
#define KEY_MAX  200   /* element@attribute; longer ones are left out */

/* An element that is open. */
struct element {
	json_t *children; /* object; owned */
	struct buf text;
};

struct decoder {
	XML_Parser parser;
	struct element open[DECODE_DEPTH_MAX + 1]; /* [0]: the document */
	size_t depth, nodes;
	bool failed;
};

static void fail(struct decoder *decoder)
{
	decoder->failed = true;
	(void)XML_StopParser(decoder->parser, XML_FALSE);
}

/* Takes over value. A name that comes again makes an array. */
static bool add_child(json_t *parent, const char *name, json_t *value)
{
	json_t *there = json_object_get(parent, name), *list;

	if (!there)
		return json_object_set_new(parent, name, value) == 0;
	if (json_is_array(there))
		return json_array_append_new(there, value) == 0;
	list = json_array();
	if (json_array_append(list, there) < 0 || json_array_append_new(list, value) < 0) {
		json_decref(list);
		return false;
	}
	return json_object_set_new(parent, name, list) == 0;
}

/* Beside the element, as element@attribute. */
static bool add_attribute(json_t *parent, const char *element, const XML_Char *const attribute[2])
{
	char key[KEY_MAX];
	int len = snprintf(key, sizeof(key), "%s@%s", element, attribute[0]);

	if (len < 0 || (size_t)len >= sizeof(key))
		return true;
	return add_child(parent, key, json_string(attribute[1]));
}

static void XMLCALL begin(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct decoder *decoder = data;
	json_t *parent = decoder->open[decoder->depth].children;
	struct element *element;

	for (size_t i = 0; attributes[i]; i += 2) {
		if (decoder->nodes++ < DECODE_NODES_MAX &&
		    add_attribute(parent, name, &attributes[i]))
			continue;
		fail(decoder);
		return;
	}
	if (decoder->depth == DECODE_DEPTH_MAX || decoder->nodes++ >= DECODE_NODES_MAX) {
		fail(decoder);
		return;
	}
	element = &decoder->open[++decoder->depth];
	buf_init(&element->text, TEXT_MAX);
	element->children = json_object();
}

static bool blank(const struct buf *text)
{
	return !text->text || text->text[strspn(text->text, " \t\r\n")] == '\0';
}

static void close_element(struct element *element)
{
	json_decref(element->children);
	buf_done(&element->text);
	element->children = NULL;
}

static void XMLCALL end(void *data, const XML_Char *name)
{
	struct decoder *decoder = data;
	struct element *element = &decoder->open[decoder->depth];
	json_t *value;

	if (decoder->failed) /* expat still ends an empty element that it was stopped in */
		return;
	if (json_object_size(element->children) > 0 || blank(&element->text))
		value = json_object_size(element->children) > 0 ? json_incref(element->children)
								: json_string("");
	else
		value = json_stringn(element->text.text, element->text.len);
	decoder->depth--;
	if (element->text.failed || !value ||
	    !add_child(decoder->open[decoder->depth].children, name, value))
		fail(decoder);
	close_element(element);
}

static void XMLCALL take_text(void *data, const XML_Char *text, int len)
{
	struct decoder *decoder = data;

	buf_add(&decoder->open[decoder->depth].text, text, (size_t)len);
}

/* A document that brings its own types could expand without end. */
static void XMLCALL refuse_types(void *data, const XML_Char *name, const XML_Char *system,
				 const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	fail(data);
}

static json_t *decode_xml(const char *body, size_t len)
{
	struct decoder decoder = {.parser = XML_ParserCreate("UTF-8")};
	json_t *root = NULL;

	if (!decoder.parser)
		return NULL;
	decoder.open[0].children = json_object();
	XML_SetUserData(decoder.parser, &decoder);
	XML_SetElementHandler(decoder.parser, begin, end);
	XML_SetCharacterDataHandler(decoder.parser, take_text);
	XML_SetStartDoctypeDeclHandler(decoder.parser, refuse_types);
	if (XML_Parse(decoder.parser, body, (int)len, XML_TRUE) == XML_STATUS_OK && !decoder.failed)
		root = json_incref(decoder.open[0].children);
	for (size_t i = 0; i <= DECODE_DEPTH_MAX; i++)
		close_element(&decoder.open[i]);
	XML_ParserFree(decoder.parser);
	return xmlrpc_plain(root);
}

json_t *decode_body(enum http_decode decode, const char *body, size_t len)
{
	switch (decode) {
	case HTTP_DECODE_NONE:
		return NULL;
	case HTTP_DECODE_JSON:
		wipe_json(); /* there may be a session's secret in it */
		return json_loadb(body, len, JSON_DECODE_ANY, NULL);
	case HTTP_DECODE_XML:
		return len <= REPLY_BODY_MAX ? decode_xml(body, len) : NULL;
	}
	return NULL;
}
