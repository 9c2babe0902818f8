/* SPDX-License-Identifier: MIT */
#include "update/updater/sign/signing.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct span signing_span(const char *text)
{
	return (struct span){text, strlen(text)};
}

/* Takes off what is before any of the ends. */
static struct span take(const char **rest, const char *ends)
{
	struct span span = {*rest, strcspn(*rest, ends)};

	*rest += span.len;
	return span;
}

static const char *behind_scheme(const struct signing *signing)
{
	const char *url = signing->request->http.url.text;
	const char *host = url ? strstr(url, "://") : NULL;

	return host ? host + 3 : "";
}

struct span signing_host(const struct signing *signing)
{
	const char *rest = behind_scheme(signing);

	return take(&rest, "/?#");
}

struct span signing_path(const struct signing *signing)
{
	const char *rest = behind_scheme(signing);
	struct span path;

	(void)take(&rest, "/?#");
	path = take(&rest, "?#");
	return path.len > 0 ? path : signing_span("/");
}

struct span signing_query(const struct signing *signing)
{
	const char *rest = behind_scheme(signing);

	(void)take(&rest, "?#");
	if (*rest == '?')
		rest++;
	return take(&rest, "#");
}

struct span signing_body(const struct signing *signing)
{
	const struct buf *body = &signing->request->body;

	return (struct span){body->text ? body->text : "", body->len};
}

struct span signing_find(const struct signing *signing, const char *header)
{
	const struct buf *headers = &signing->request->http.headers;
	struct span rest = {headers->text, headers->len};
	size_t len = strlen(header);

	while (rest.len > 0) {
		struct span line = span_take_line(&rest);

		if (line.len > len && line.text[len] == ':' &&
		    strncasecmp(line.text, header, len) == 0)
			return span_trim((struct span){line.text + len + 1, line.len - len - 1});
	}
	return (struct span){NULL, 0};
}

void signing_set_query(struct signing *signing, struct buf *query)
{
	struct buf *url = &signing->request->http.url;
	struct span path = signing_path(signing);

	/* A URL without a path has none to be cut behind. */
	if (path.text < url->text || path.text > url->text + url->len)
		buf_text(url, "/");
	else
		buf_cut(url, (size_t)(path.text + path.len - url->text));
	buf_text(url, "?");
	url->failed |= query->failed;
	buf_add(url, query->text, query->len);
	buf_done(query);
}

void signing_set_body(struct signing *signing, struct buf *body)
{
	buf_done(&signing->request->body);
	signing->request->body = *body;
}

void signing_content_type(struct signing *signing, const char *type)
{
	if (!signing_find(signing, "Content-Type").text)
		signing_header(signing, "Content-Type", type);
}

void signing_header(struct signing *signing, const char *header, const char *value)
{
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			signing->why = "a setting that goes into a header is more than one line";
	buf_printf(&signing->request->http.headers, "%s: %s\n", header, value);
}

void signing_header_done(struct signing *signing, const char *header, struct buf *value)
{
	if (value->failed || !value->text)
		signing->request->http.headers.failed = true;
	else
		signing_header(signing, header, value->text);
	buf_done(value);
}

int64_t signing_seconds(const struct signing *signing)
{
	return signing->now_ms / 1000;
}

/* No strftime(3): it knows other languages. */
static void write_http(const struct tm *tm, char ret[static SIGNING_TIME_MAX])
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	(void)snprintf(ret, SIGNING_TIME_MAX, "%s, %02d %s %04d %02d:%02d:%02d GMT",
		       days[tm->tm_wday], tm->tm_mday, months[tm->tm_mon], tm->tm_year + 1900,
		       tm->tm_hour, tm->tm_min, tm->tm_sec);
}

void signing_time(const struct signing *signing, enum signing_clock clock,
		  char ret[static SIGNING_TIME_MAX])
{
	time_t seconds = (time_t)signing_seconds(signing);
	struct tm tm = {0};

	gmtime_r(&seconds, &tm);
	ret[0] = '\0';
	switch (clock) {
	case SIGNING_CLOCK_ISO:
		(void)strftime(ret, SIGNING_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
		break;
	case SIGNING_CLOCK_BASIC:
		(void)strftime(ret, SIGNING_TIME_MAX, "%Y%m%dT%H%M%SZ", &tm);
		break;
	case SIGNING_CLOCK_DATE:
		(void)strftime(ret, SIGNING_TIME_MAX, "%Y-%m-%d", &tm);
		break;
	case SIGNING_CLOCK_DAY:
		(void)strftime(ret, SIGNING_TIME_MAX, "%Y%m%d", &tm);
		break;
	case SIGNING_CLOCK_HTTP:
		write_http(&tm, ret);
		break;
	}
}
