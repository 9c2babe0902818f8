/* SPDX-License-Identifier: MIT */
#include "update/updater/failure.c"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define HOST "host.example"

static const struct {
	struct failure failure;
	enum verdict verdict;
	const char *words;
} rows[] = {
	{{.result = CURLE_OK}, VERDICT_RETRY, "impossible status"},
	{{.result = CURLE_COULDNT_RESOLVE_HOST}, VERDICT_NO_NETWORK, "cannot resolve"},
	{{.result = CURLE_COULDNT_CONNECT}, VERDICT_NO_NETWORK, "no address of it answers"},
	{{.result = CURLE_COULDNT_CONNECT, .os_error = ECONNREFUSED},
	 VERDICT_NO_NETWORK,
	 "Connection refused"},
	{{.result = CURLE_COULDNT_CONNECT, .bind = "ppp0", .socket_error = ENODEV},
	 VERDICT_NO_NETWORK,
	 "by link ppp0: No such device"},
	{{.result = CURLE_COULDNT_CONNECT, .bind = "ppp0", .os_error = ENETUNREACH},
	 VERDICT_NO_NETWORK,
	 "by link ppp0: Network is unreachable"},
	{{.result = CURLE_OPERATION_TIMEDOUT, .resolved = true, .bind = "ppp0"},
	 VERDICT_NO_NETWORK,
	 "by link ppp0 in time"},
	{{.result = CURLE_OPERATION_TIMEDOUT}, VERDICT_NO_NETWORK, "cannot resolve"},
	{{.result = CURLE_OPERATION_TIMEDOUT, .resolved = true},
	 VERDICT_NO_NETWORK,
	 "cannot connect"},
	{{.result = CURLE_OPERATION_TIMEDOUT, .resolved = true, .sent = true},
	 VERDICT_NO_NETWORK,
	 "did not reply"},
	{{.result = CURLE_OPERATION_TIMEDOUT, .resolved = true, .sent = true, .begun = true},
	 VERDICT_RETRY,
	 "stopped within"},
	{{.result = CURLE_SSL_CONNECT_ERROR, .detail = "wrong version"},
	 VERDICT_NO_NETWORK,
	 "wrong version"},
	{{.result = CURLE_PEER_FAILED_VERIFICATION, .detail = "expired"},
	 VERDICT_NO_NETWORK,
	 "not trusted (expired)"},
	{{.result = CURLE_SSL_CACERT_BADFILE, .ca_file = "/ca.pem"},
	 VERDICT_NO_NETWORK,
	 "correct ca-file /ca.pem"},
	{{.result = CURLE_SSL_CACERT_BADFILE}, VERDICT_NO_NETWORK, "install ca-certificates"},
	{{.result = CURLE_GOT_NOTHING}, VERDICT_NO_NETWORK, "without a reply"},
	{{.result = CURLE_RECV_ERROR}, VERDICT_NO_NETWORK, "without a reply"},
	{{.result = CURLE_RECV_ERROR, .socket_error = EADDRNOTAVAIL},
	 VERDICT_NO_NETWORK,
	 "gone before the reply"},
	{{.result = CURLE_RECV_ERROR, .os_error = ETIMEDOUT},
	 VERDICT_NO_NETWORK,
	 "did not take the request"},
	{{.result = CURLE_RECV_ERROR, .begun = true}, VERDICT_RETRY, "cut off"},
	{{.result = CURLE_PARTIAL_FILE, .begun = true}, VERDICT_RETRY, "cut off"},
	{{.result = CURLE_UNSUPPORTED_PROTOCOL}, VERDICT_REFUSED_CONFIG, "allow-plaintext"},
	{{.result = CURLE_UNSUPPORTED_PROTOCOL, .plaintext = true},
	 VERDICT_REFUSED_CONFIG,
	 "http://: correct it"},
	{{.result = CURLE_UNSUPPORTED_PROTOCOL, .sent = true}, VERDICT_RETRY, "not understood"},
	{{.result = CURLE_URL_MALFORMAT}, VERDICT_REFUSED_CONFIG, "correct it"},
	{{.result = CURLE_LOGIN_DENIED}, VERDICT_REFUSED_CONFIG, "keys of their own"},
	{{.result = CURLE_OUT_OF_MEMORY}, VERDICT_RETRY, "memory"},
	{{.result = CURLE_WEIRD_SERVER_REPLY}, VERDICT_RETRY, "not understood"},
	{{.result = CURLE_WRITE_ERROR, .too_large = true, .begun = true}, VERDICT_RETRY, "larger"},
};

static void every_failure_has_its_verdict_and_words(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct failure failure = rows[i].failure;
		struct outcome outcome;

		failure.host = HOST;
		if (!failure.detail)
			failure.detail = "";
		failure_explain(&failure, &outcome);
		if (outcome.verdict != rows[i].verdict || !strstr(outcome.why, rows[i].words))
			fail_msg("row %zu: %d %s", i, outcome.verdict, outcome.why);
	}
}

static void long_names_leave_room_for_the_advice(void **unused)
{
	char host[512], detail[CURL_ERROR_SIZE];
	struct failure failure = {
		.result = CURLE_PEER_FAILED_VERIFICATION, .host = host, .detail = detail};
	struct outcome outcome;

	(void)unused;
	memset(host, 'h', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	memset(detail, 'd', sizeof(detail) - 1);
	detail[sizeof(detail) - 1] = '\0';
	failure_explain(&failure, &outcome);
	assert_non_null(strstr(outcome.why, "ca-file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_has_its_verdict_and_words),
		cmocka_unit_test(long_names_leave_room_for_the_advice),
	};

	return cmocka_run_group_tests_name("failure", tests, NULL, NULL);
}
