/* SPDX-License-Identifier: MIT */
/* Sends one message to one URL: no provider of names, but a conversation like theirs. */
#include <stdio.h>

#include "providers/all.h"
#include "providers/outcome.h"

static enum step ask(const struct job *job, struct request *request)
{
	const char *message = provider_value(job, "message");

	request->kind = REQUEST_HTTP;
	request->http.method = "POST";
	buf_init(&request->http.url, REQUEST_BODY_MAX);
	buf_text(&request->http.url, provider_value(job, "url"));
	buf_init(&request->http.headers, 64);
	buf_text(&request->http.headers, "Content-Type: application/json\n");
	buf_init(&request->body, REQUEST_BODY_MAX);
	buf_text(&request->body, message);
	return STEP_SEND;
}

static bool is_redirect(int status)
{
	return status >= 300 && status <= 399;
}

/* Of those that ask for another try (RFC 9110, RFC 8470, RFC 6585). */
static bool is_passing(int status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500 || status < 200;
}

static enum verdict read_status(int status, const char **ret_words)
{
	*ret_words = "";
	if (status >= 200 && status <= 299)
		return VERDICT_DONE;
	if (status == 429)
		return VERDICT_THROTTLED;
	if (is_passing(status))
		return VERDICT_RETRY;
	*ret_words = is_redirect(status) ? ": moved; write the URL it is at now" : ": refused";
	return VERDICT_REFUSED_CONFIG;
}

static void judge(const struct reply *reply, struct outcome *outcome)
{
	const char *words;

	outcome->verdict = read_status(reply->status, &words);
	outcome->wait_ms = reply->retry_after_ms > 0 ? reply->retry_after_ms : 0;
	snprintf(outcome->why, sizeof(outcome->why), "HTTP %d%s", reply->status, words);
}

static enum step step(const struct job *job, void *state, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	(void)state;
	if (reply == NULL && provider_value(job, "url") && provider_value(job, "message"))
		return ask(job, request);
	if (reply == NULL)
		outcome_all(outcomes, job, VERDICT_REFUSED_CONFIG, "no URL, or nothing to say");
	else
		judge(reply, &outcomes[0]);
	return STEP_END;
}

static const struct setting settings[] = {
	{.name = "url", .type = SETTING_SECRET, .required = true, .help = "Where it goes."},
	{.name = "message", .type = SETTING_TEXT, .required = true, .help = "JSON."},
	{0},
};

const struct provider webhook_provider = {
	.name = "webhook",
	.title = "Notifications",
	.settings = settings,
	.caps = PROVIDER_HTTP,
	.limits = {.names_per_request = 1, .parallel = 1},
	.step = step,
};
