/* SPDX-License-Identifier: MIT */
#include "update/updater/failure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static void say(struct outcome *ret, enum verdict verdict,
						      const char *format, ...)
{
	va_list args;

	*ret = (struct outcome){.verdict = verdict};
	va_start(args, format);
	vsnprintf(ret->why, sizeof(ret->why), format, args);
	va_end(args);
}

/* The link, where one was asked for: two words to print. */
static const char *by(const struct failure *f)
{
	return f->bind ? " by link " : "";
}

static const char *link_of(const struct failure *f)
{
	return f->bind ? f->bind : "";
}

static void explain_connect(const struct failure *f, struct outcome *ret)
{
	int error = f->socket_error ? f->socket_error : f->os_error;

	say(ret, VERDICT_NO_NETWORK, "cannot connect to %.60s%s%.16s: %s", f->host, by(f),
	    link_of(f), error ? strerror(error) : "no address of it answers");
}

static void explain_timeout(const struct failure *f, struct outcome *ret)
{
	if (f->begun)
		say(ret, VERDICT_RETRY, "%.80s stopped within its reply", f->host);
	else if (f->sent)
		say(ret, VERDICT_NO_NETWORK, "%.80s took the request and did not reply in time",
		    f->host);
	else if (f->resolved)
		say(ret, VERDICT_NO_NETWORK, "cannot connect to %.60s%s%.16s in time", f->host,
		    by(f), link_of(f));
	else
		say(ret, VERDICT_NO_NETWORK,
		    "cannot resolve %.80s in time: do the name servers answer?", f->host);
}

static void explain_cut(const struct failure *f, struct outcome *ret)
{
	if (f->begun)
		say(ret, VERDICT_RETRY, "the reply of %.80s was cut off", f->host);
	else if (f->socket_error == EADDRNOTAVAIL)
		say(ret, VERDICT_NO_NETWORK,
		    "the address that %.80s was asked from is gone before the reply", f->host);
	else if (f->os_error == ETIMEDOUT)
		say(ret, VERDICT_NO_NETWORK, "%.80s did not take the request in time", f->host);
	else
		say(ret, VERDICT_NO_NETWORK, "%.80s closed the connection without a reply",
		    f->host);
}

static void explain_trust(const struct failure *f, struct outcome *ret)
{
	if (f->result == CURLE_SSL_CACERT_BADFILE)
		say(ret, VERDICT_NO_NETWORK, "cannot read the certificates to trust: %s%.80s",
		    f->ca_file ? "correct ca-file " : "install ca-certificates",
		    f->ca_file ? f->ca_file : "");
	else if (f->result == CURLE_PEER_FAILED_VERIFICATION)
		say(ret, VERDICT_NO_NETWORK,
		    "certificate of %.40s not trusted (%.50s): check the clock, or set ca-file",
		    f->host, f->detail);
	else
		say(ret, VERDICT_NO_NETWORK, "no TLS with %.60s: %.70s", f->host, f->detail);
}

static void explain_other(const struct failure *f, struct outcome *ret)
{
	say(ret, VERDICT_RETRY, "the reply of %.60s is not understood: %.60s", f->host,
	    f->detail[0] ? f->detail : curl_easy_strerror(f->result));
}

/* Before the request is sent, an unsupported protocol is that of the URL; after, of the reply. */
static void explain_url(const struct failure *f, struct outcome *ret)
{
	if (f->sent)
		explain_other(f, ret);
	else if (f->plaintext)
		say(ret, VERDICT_REFUSED_CONFIG, "the URL is not https:// or http://: correct it");
	else
		say(ret, VERDICT_REFUSED_CONFIG,
		    "the URL is not https://: correct it, or set allow-plaintext = yes");
}

/* The codes are libcurl's: one not named here is a reply nobody understands. */
static void explain_result(const struct failure *f, struct outcome *ret)
{
	switch ((int)f->result) {
	case CURLE_OK:
		say(ret, VERDICT_RETRY, "the reply of %.80s has an impossible status", f->host);
		break;
	case CURLE_COULDNT_RESOLVE_HOST:
		say(ret, VERDICT_NO_NETWORK,
		    "cannot resolve %.80s: is the name right, and do the name servers answer?",
		    f->host);
		break;
	case CURLE_COULDNT_CONNECT:
		explain_connect(f, ret);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		explain_timeout(f, ret);
		break;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
		explain_trust(f, ret);
		break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_ABORTED_BY_CALLBACK: /* it would have been sent again */
		explain_cut(f, ret);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
		explain_url(f, ret);
		break;
	case CURLE_URL_MALFORMAT:
	case CURLE_LOGIN_DENIED:
		say(ret, VERDICT_REFUSED_CONFIG,
		    "the URL is not one: correct it (user and password have keys of their own)");
		break;
	case CURLE_OUT_OF_MEMORY:
		say(ret, VERDICT_RETRY, "out of memory for a request");
		break;
	default:
		explain_other(f, ret);
		break;
	}
}

void failure_explain(const struct failure *failure, struct outcome *ret)
{
	if (failure->too_large)
		say(ret, VERDICT_RETRY, "the reply of %.80s is larger than any it should give",
		    failure->host);
	else
		explain_result(failure, ret);
}
