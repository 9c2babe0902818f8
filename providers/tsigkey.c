/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "providers/tsigkey.h"

#define TOKEN_MAX 1024

/* Reads BIND's configuration syntax piece by piece. */
struct reader {
	const char *at;
	char token[TOKEN_MAX]; /* "" at the end */
	bool quoted;
	bool failed;
};

static const char not_a_key[] = "key is neither a BIND key file nor ALGORITHM:NAME:SECRET";

static const char *skip_comment(const char *at)
{
	const char *end;

	if (*at == '#' || (at[0] == '/' && at[1] == '/'))
		return at + strcspn(at, "\n");
	if (at[0] != '/' || at[1] != '*')
		return at;
	end = strstr(at + 2, "*/");
	return end != NULL ? end + 2 : at;
}

static const char *skip_space(const char *at)
{
	const char *before;

	do {
		before = at;
		at += strspn(at, " \t\r\n");
		at = skip_comment(at);
	} while (at != before);
	return at;
}

/* A quoted text, one of "{};", or a word. */
static void next(struct reader *reader)
{
	const char *at = skip_space(reader->at);
	size_t len, skip = 0;

	reader->quoted = *at == '"';
	if (reader->quoted) {
		at++;
		len = strcspn(at, "\"\n");
		reader->failed |= at[len] != '"';
		skip = at[len] == '"';
	} else {
		len = strcspn(at, " \t\r\n{};\"");
		if (len == 0 && *at != '\0')
			len = 1;
	}
	if (len >= TOKEN_MAX) {
		reader->failed = true;
		len = 0;
	}
	memcpy(reader->token, at, len);
	reader->token[len] = '\0';
	reader->at = at + len + skip;
}

static bool is_at(const struct reader *reader, const char *token)
{
	return !reader->quoted && strcasecmp(reader->token, token) == 0;
}

static void expect(struct reader *reader, const char *token)
{
	next(reader);
	if (!is_at(reader, token))
		reader->failed = true;
}

static const char *find_algorithm(const char *text)
{
	static const char *const all[] = {"hmac-sha256", "hmac-sha512"};
	size_t len = strlen(text);

	if (len > 0 && text[len - 1] == '.')
		len--;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strlen(all[i]) == len && strncasecmp(all[i], text, len) == 0)
			return all[i];
	return NULL;
}

/* Lower-cases; -EINVAL: not a DNS name. */
static int take_name(const char *text, char ret[static DNS_NAME_MAX])
{
	size_t len = strlen(text), label = 0;

	if (len > 0 && text[len - 1] == '.')
		len--;
	if (len == 0 || len >= DNS_NAME_MAX)
		return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		label = c == '.' ? 0 : label + 1;
		if (label > 63 || (c == '.' && (i == 0 || text[i - 1] == '.' || i + 1 == len)))
			return -EINVAL;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-' &&
		    c != '_')
			return -EINVAL;
		ret[i] = c;
	}
	ret[len] = '\0';
	return 0;
}

static bool is_base64(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/';
}

/* Base64 in full quads (RFC 4648), white space dropped as BIND does. */
static int take_secret(const char *text, char ret[static TSIGKEY_SECRET_MAX])
{
	size_t len = 0, padding = 0;

	for (; *text != '\0'; text++) {
		if (strchr(" \t\r\n", *text) != NULL)
			continue;
		if (len + 1 == TSIGKEY_SECRET_MAX)
			return -EINVAL;
		if (*text == '=')
			padding++;
		else if (padding > 0 || !is_base64(*text))
			return -EINVAL;
		ret[len++] = *text;
	}
	ret[len] = '\0';
	return len > 0 && len % 4 == 0 && padding <= 2 ? 0 : -EINVAL;
}

/* Checks the three parts and puts them together. Returns what is wrong, or NULL. */
static const char *assemble(const char *algorithm, const char *name, const char *secret,
			    struct tsigkey *ret)
{
	ret->algorithm = find_algorithm(algorithm);
	if (ret->algorithm == NULL)
		return "the key's algorithm is not hmac-sha256 or hmac-sha512: make a new key with "
		       "tsig-keygen";
	if (take_name(name, ret->name) < 0)
		return "the key's name is not a DNS name: write it as the server has it";
	if (take_secret(secret, ret->secret) < 0)
		return "the key's secret is not base64 text: copy it whole";
	return NULL;
}

/* key "name" { algorithm hmac-sha256; secret "..."; }; */
static const char *parse_bind(const char *text, struct tsigkey *ret)
{
	struct reader reader = {.at = text};
	char name[TOKEN_MAX], algorithm[TOKEN_MAX] = "", secret[TOKEN_MAX] = "";
	const char *why = NULL;

	expect(&reader, "key");
	next(&reader);
	memcpy(name, reader.token, sizeof(name));
	expect(&reader, "{");
	next(&reader);
	while (!reader.failed && !is_at(&reader, "}")) {
		char *to = is_at(&reader, "algorithm") ? algorithm
						       : (is_at(&reader, "secret") ? secret : NULL);

		next(&reader);
		if (to == NULL || to[0] != '\0')
			reader.failed = true;
		else
			memcpy(to, reader.token, TOKEN_MAX);
		expect(&reader, ";");
		next(&reader);
	}
	if (!reader.failed)
		expect(&reader, ";");
	if (reader.failed)
		why = "the key file is not like `key \"name\" { algorithm hmac-sha256; secret "
		      "\"...\"; };`";
	else if (*skip_space(reader.at) != '\0')
		why = "the key file holds more than one key: leave the one to use";
	else
		why = assemble(algorithm, name, secret, ret);
	explicit_bzero(&reader, sizeof(reader));
	explicit_bzero(secret, sizeof(secret));
	return why;
}

/* algorithm:name:secret */
static const char *parse_literal(const char *text, struct tsigkey *ret)
{
	const char *name = strchr(text, ':');
	const char *secret = name != NULL ? strchr(name + 1, ':') : NULL;
	char head[TOKEN_MAX];
	size_t len;

	if (secret == NULL || secret - text >= TOKEN_MAX)
		return not_a_key;
	len = (size_t)(secret - text);
	memcpy(head, text, len);
	head[len] = '\0';
	head[name - text] = '\0';
	return assemble(head, head + (name + 1 - text), secret + 1, ret);
}

static bool is_bind(const char *text)
{
	return strncasecmp(text, "key", 3) == 0 && text[3] != '\0' &&
	       strchr(" \t\r\n\"", text[3]) != NULL;
}

int tsigkey_parse(const char *text, struct tsigkey *ret, const char **ret_why)
{
	struct tsigkey key = {.name = ""};
	const char *start = skip_space(text);
	const char *why = is_bind(start) ? parse_bind(text, &key) : parse_literal(start, &key);

	if (why == NULL)
		*ret = key;
	else
		*ret_why = why;
	explicit_bzero(&key, sizeof(key));
	return why == NULL ? 0 : -EINVAL;
}
