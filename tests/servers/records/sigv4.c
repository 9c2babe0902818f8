/* SPDX-License-Identifier: MIT */
#include "tests/servers/records/sigv4.h"

#include <ctype.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DIGEST = 32, HEX = 2 * DIGEST + 1, TEXT = 16384, PAIRS = 32, SKEW_S = 300 };

#define SCOPE "us-east-1/route53/aws4_request"

/* What the header says. */
struct claim {
	char day[9], names[512], signature[HEX];
};

struct text {
	char bytes[TEXT];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->bytes + text->len, TEXT - text->len, format, args);
	va_end(args);
	text->len += (size_t)n;
	if (text->len >= TEXT)
		abort();
}

static void write_hex(const unsigned char *digest, char hex[static HEX])
{
	for (int i = 0; i < DIGEST; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static void hash(const char *text, size_t len, char hex[static HEX])
{
	unsigned char digest[DIGEST];

	gnutls_hash_fast(GNUTLS_DIG_SHA256, text, len, digest);
	write_hex(digest, hex);
}

/* Any byte that is not unreserved, in the form that is signed. */
static void add_encoded(struct text *to, unsigned char c)
{
	if (isalnum(c) || strchr("-_.~", c))
		add(to, "%c", c);
	else
		add(to, "%%%02X", c);
}

static void add_recoded(struct text *to, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char two[3] = "";

		if (text[i] == '%' && i + 2 < len) {
			memcpy(two, text + i + 1, 2);
			add_encoded(to, (unsigned char)strtoul(two, NULL, 16));
			i += 2;
		} else {
			add_encoded(to, (unsigned char)text[i]);
		}
	}
}

/* A name and its value, apart. */
struct pair {
	char *name, *value;
};

static int compare(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;
	int order = strcmp(one->name, other->name);

	return order ? order : strcmp(one->value, other->value);
}

static char *recode(const char *text, size_t len)
{
	struct text *to = calloc(1, sizeof(*to));
	char *copy;

	if (!to)
		abort();
	add_recoded(to, text, len);
	copy = strdup(to->bytes);
	free(to);
	return copy;
}

static void add_query(struct text *to, const char *query)
{
	struct pair pairs[PAIRS];
	size_t n = 0;

	while (*query && n < PAIRS) {
		size_t len = strcspn(query, "&"), name = strcspn(query, "&=");

		pairs[n].name = recode(query, name);
		pairs[n++].value =
			name < len ? recode(query + name + 1, len - name - 1) : strdup("");
		query += len + (query[len] == '&');
	}
	qsort(pairs, n, sizeof(pairs[0]), compare);
	for (size_t i = 0; i < n; i++) {
		add(to, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
		free(pairs[i].name);
		free(pairs[i].value);
	}
}

/* False: one that is signed is not there, or is not sorted. */
static bool add_headers(struct text *to, const struct visit *visit, const char *names)
{
	char copy[512], last[128] = "", *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", names);
	while ((name = strsep(&rest, ";"))) {
		const char *value =
			MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);

		if (!value || strcmp(name, last) <= 0)
			return false;
		snprintf(last, sizeof(last), "%s", name);
		add(to, "%s:%s\n", name, value);
	}
	return true;
}

struct search {
	const char *names;
	bool missed;
};

static bool is_among(const char *names, const char *name)
{
	char copy[512], *rest = copy, *one;

	snprintf(copy, sizeof(copy), "%s", names);
	while ((one = strsep(&rest, ";")))
		if (strcasecmp(one, name) == 0)
			return true;
	return false;
}

/* Host and all of Amazon's headers must be signed. */
static enum MHD_Result look_at(void *of, enum MHD_ValueKind kind, const char *name,
			       const char *value)
{
	struct search *search = of;

	(void)kind;
	(void)value;
	if (strcasecmp(name, "host") == 0 || strncasecmp(name, "x-amz-", 6) == 0 ||
	    strcasecmp(name, "content-type") == 0)
		search->missed |= !is_among(search->names, name);
	return MHD_YES;
}

static void sign(const struct world *world, const struct claim *claim, const char *time,
		 const struct text *canonical, char hex[static HEX])
{
	static const char *const parts[] = {"us-east-1", "route53", "aws4_request"};
	unsigned char key[DIGEST];
	char digest[HEX], text[512];

	snprintf(text, sizeof(text), "AWS4%s", world->secret);
	gnutls_hmac_fast(GNUTLS_MAC_SHA256, text, strlen(text), claim->day, strlen(claim->day),
			 key);
	for (int i = 0; i < 3; i++)
		gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, DIGEST, parts[i], strlen(parts[i]), key);
	hash(canonical->bytes, canonical->len, digest);
	snprintf(text, sizeof(text), "AWS4-HMAC-SHA256\n%s\n%s/" SCOPE "\n%s", time, claim->day,
		 digest);
	gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, DIGEST, text, strlen(text), key);
	write_hex(key, hex);
}

/* Path as sent, percent-encoded once more; then query, headers, names, digest of the body. */
static bool make_canonical(const struct visit *visit, const struct claim *claim, struct text *to)
{
	size_t path = strcspn(visit->uri, "?");
	char digest[HEX];

	add(to, "%s\n", visit->method);
	for (size_t i = 0; i < path; i++)
		if (visit->uri[i] == '/')
			add(to, "/");
		else
			add_encoded(to, (unsigned char)visit->uri[i]);
	add(to, "\n");
	add_query(to, visit->uri + path + (visit->uri[path] == '?'));
	add(to, "\n");
	if (!add_headers(to, visit, claim->names))
		return false;
	hash(visit->body, visit->len, digest);
	add(to, "\n%s\n%s", claim->names, digest);
	return true;
}

static bool is_near(const char *text)
{
	struct tm tm = {0};
	const char *end = strptime(text, "%Y%m%dT%H%M%SZ", &tm);
	int64_t off = end && !*end ? (int64_t)timegm(&tm) - (int64_t)time(NULL) : INT64_MAX;

	return off >= -SKEW_S && off <= SKEW_S;
}

const char *sigv4_check(const struct world *world, const struct visit *visit, const char **ret_text)
{
	const char *time = visit_header(visit, "X-Amz-Date");
	struct claim claim = {0};
	struct search search = {.names = claim.names};
	struct text *canonical;
	char expected[HEX];
	bool fine;

	*ret_text = "The request signature we calculated does not match the signature you "
		    "provided. Check your AWS Secret Access Key and signing method.";
	if (sscanf(visit_header(visit, "Authorization"),
		   "AWS4-HMAC-SHA256 Credential=" SIGV4_ID "/%8[0-9]/" SCOPE
		   ", SignedHeaders=%511[^,], Signature=%64[0-9a-f]",
		   claim.day, claim.names, claim.signature) != 3) {
		*ret_text = "The security token included in the request is invalid.";
		return "InvalidClientTokenId";
	}
	MHD_get_connection_values(visit->connection, MHD_HEADER_KIND, look_at, &search);
	if (search.missed || strncmp(time, claim.day, 8) != 0)
		return "SignatureDoesNotMatch";
	if (!is_near(time)) {
		*ret_text = "Signature expired: it is now earlier than five minutes ago.";
		return "SignatureDoesNotMatch";
	}
	canonical = calloc(1, sizeof(*canonical));
	if (!canonical)
		abort();
	fine = make_canonical(visit, &claim, canonical);
	if (fine)
		sign(world, &claim, time, canonical, expected);
	free(canonical);
	return fine && strcmp(expected, claim.signature) == 0 ? NULL : "SignatureDoesNotMatch";
}
