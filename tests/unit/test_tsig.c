/* SPDX-License-Identifier: MIT */
#include "update/updater/tsig.c"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/responder.h"
#include "update/updater/packet.h"

static const struct tsig_key key = {KEY_NAME, "hmac-sha256", KEY_SECRET};

/* A question for example.org SOA, signed. */
static struct packet sign_question(const struct tsig_key *with)
{
	const struct dns_request soa = {
		.op = DNS_OP_SOA,
		.name = "example.org",
		.key_name = with->name,
		.key_algorithm = with->algorithm,
		.key_secret = with->secret,
	};
	struct packet packet;

	assert_int_equal(packet_build(&soa, RECORD_TYPE_A, 0x1234, &packet), 0);
	return packet;
}

/* The answer to a signed question. */
static size_t answer(const struct behaviour *how, const struct packet *question, uint8_t wire[1024])
{
	size_t n;
	uint8_t *bytes = responder_answer(how, true, question->wire, question->len, &n);

	assert_in_range(n, 12, 1024);
	memcpy(wire, bytes, n);
	free(bytes);
	return n;
}

/* As it is done with what comes from outside. */
static int verify(const struct tsig_key *with, const struct tsig_mac *mac, uint64_t time,
		  const uint8_t *wire, size_t len, int *ret_error)
{
	struct tsig_answer parsed = {.wire = wire, .len = len};
	int rc;

	*ret_error = -1;
	if (ldns_wire2pkt(&parsed.pkt, wire, len) != LDNS_STATUS_OK)
		return -EBADMSG;
	rc = tsig_verify(with, mac, time, &parsed, ret_error);
	ldns_pkt_free(parsed.pkt);
	return rc;
}

/* Two digits a byte. */
static size_t read_hex(const char *text, uint8_t *bytes)
{
	size_t n = strlen(text) / 2;

	for (size_t i = 0; i < n; i++) {
		const char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};

		bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return n;
}

static const struct behaviour right = {.sign = SIGN_RIGHT};

/* Answers of BIND 9.18 to questions another program signed, the last 1000 seconds late. */
static void recorded_answers_are_believed(void **unused)
{
	static const struct {
		struct tsig_key key;
		uint64_t time;
		const char *mac, *wire;
		int error;
	} rows[] = {
		{{"test.key", "hmac-sha256", KEY_SECRET},
		 1795335023,
		 "1190eb7452332ab891e478041c113e68a026be606c4c07f61878698d97b1c5bd",
		 "123484000001000100000001076578616d706c65036f72670000060001c00c00060001000000"
		 "3c0020026e73c00c04726f6f74c00c0000000100000002000000030000000400000005047465"
		 "7374036b65790000fa00ff00000000003d0b686d61632d7368613235360000006b02a36f012c"
		 "00201ff37113b00dd54d7c4317a68cbf979c4a34b89987ac43c39f6f62c53160543f12340000"
		 "0000",
		 0},
		{{"test.512", "hmac-sha512", KEY_SECRET},
		 1795335023,
		 "2af27e876664ea475bef66803f238897ae52ff0bd95bc04ccca89aa77c2fca9865001f1f10c7"
		 "d348809e24d1debc75b012aa3919e118551c4d68532177fa42c8",
		 "123484000001000100000001076578616d706c65036f72670000060001c00c00060001000000"
		 "3c0020026e73c00c04726f6f74c00c0000000100000002000000030000000400000005047465"
		 "7374033531320000fa00ff00000000005d0b686d61632d7368613531320000006b02a36f012c"
		 "0040600e7085bc79ad83e4ffbe01be3260b1e717149485f627121ab7454130e20bfff3b5aa00"
		 "7f55ebf15a0ad59db4b78ca2c0b149feaff249f05ac4189506df4bcd123400000000",
		 0},
		{{"test.key", "hmac-sha256", KEY_SECRET},
		 1795334023,
		 "763fea1b296d4b35be4438354015b3ba46bb154c6bc5992f2a4826fa481baf40",
		 "123480090001000000000001076578616d706c65036f726700000600010474657374036b6579"
		 "0000fa00ff0000000000430b686d61632d7368613235360000006b029f87012c0020107404e9"
		 "ba53e97fb22796a827d7323458bca846398e6f2d1b67d11d3d4758c912340012000600006b02"
		 "a36f",
		 TSIG_BADTIME},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t wire[1024];
		size_t len = read_hex(rows[i].wire, wire);
		struct tsig_mac mac;
		int error;

		mac.len = read_hex(rows[i].mac, mac.bytes);
		if (verify(&rows[i].key, &mac, rows[i].time, wire, len, &error) != 0 ||
		    error != rows[i].error)
			fail_msg("row %zu", i);
		/* the other side's clock is what BADTIME is about */
		if (verify(&rows[i].key, &mac, rows[i].time + 9999, wire, len, &error) !=
		    (rows[i].error ? 0 : -EBADMSG))
			fail_msg("row %zu, later", i);
		mac.bytes[mac.len - 1] ^= 1;
		if (verify(&rows[i].key, &mac, rows[i].time, wire, len, &error) != -EBADMSG)
			fail_msg("row %zu, another question", i);
	}
}

static void answers_to_our_questions_are_believed(void **unused)
{
	static const char *const names[] = {"hmac-sha256", "hmac-sha512"};

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		const struct tsig_key with = {"Test.KEY.", names[i], KEY_SECRET};
		struct packet question = sign_question(&with);
		uint8_t wire[1024];
		size_t len = answer(&right, &question, wire);
		int error = 77;

		assert_int_equal(question.mac.len, i == 0 ? 32 : 64);
		assert_int_equal(
			verify(&with, &question.mac, (uint64_t)time(NULL), wire, len, &error), 0);
		assert_int_equal(error, 0);
		packet_done(&question);
	}
}

static void any_changed_byte_is_noticed(void **unused)
{
	uint64_t now = (uint64_t)time(NULL);
	struct packet question = sign_question(&key);
	uint8_t wire[1024];
	size_t len = answer(&right, &question, wire);
	int error;

	(void)unused;
	for (size_t i = 0; i < len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			wire[i] ^= (uint8_t)(1 << bit);
			/* letter case of the key's and the algorithm's name is not hashed */
			if (verify(&key, &question.mac, now, wire, len, &error) == 0 &&
			    !(bit == 5 && isalpha(wire[i])))
				fail_msg("byte %zu bit %d", i, bit);
			assert_true(error <= 0);
			wire[i] ^= (uint8_t)(1 << bit);
		}
	}
	for (size_t n = 0; n < len; n++)
		assert_int_equal(verify(&key, &question.mac, now, wire, n, &error), -EBADMSG);
	packet_done(&question);
}

static void only_the_right_key_time_and_question_do(void **unused)
{
	static const struct behaviour wrong = {.sign = SIGN_WRONG}, none = {0};
	const struct tsig_key other_name = {"other.key", "hmac-sha256", KEY_SECRET};
	const struct tsig_key other_hash = {KEY_NAME, "hmac-sha512", KEY_SECRET};
	const struct tsig_key other_secret = {KEY_NAME, "hmac-sha256", WRONG_SECRET};
	struct packet question = sign_question(&key);
	struct tsig_mac replayed = question.mac;
	uint8_t wire[1024];
	size_t len = answer(&right, &question, wire);
	uint64_t now = (uint64_t)time(NULL);
	const struct {
		const struct tsig_key *key;
		int64_t later;
		int rc;
	} rows[] = {
		{&key, 0, 0},
		{&other_name, 0, -EBADMSG},
		{&other_hash, 0, -EBADMSG},
		{&other_secret, 0, -EBADMSG},
		{&key, 295, 0},
		{&key, -295, 0},
		{&key, 305, -EBADMSG},
		{&key, -305, -EBADMSG},
	};
	int error;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (verify(rows[i].key, &question.mac, now + (uint64_t)rows[i].later, wire, len,
			   &error) != rows[i].rc)
			fail_msg("row %zu", i);
	replayed.bytes[0] ^= 1;
	assert_int_equal(verify(&key, &replayed, now, wire, len, &error), -EBADMSG);
	len = answer(&wrong, &question, wire);
	assert_int_equal(verify(&key, &question.mac, now, wire, len, &error), -EBADMSG);
	assert_int_equal(error, -1);
	len = answer(&none, &question, wire);
	assert_int_equal(verify(&key, &question.mac, now, wire, len, &error), -EBADMSG);
	assert_int_equal(error, -1);
	packet_done(&question);
}

static void an_unsigned_claim_is_passed_on_as_one(void **unused)
{
	static const struct {
		int claim, error;
	} rows[] = {
		{TSIG_BADSIG, TSIG_BADSIG},
		{TSIG_BADKEY, TSIG_BADKEY},
		{TSIG_BADTIME, -1}, /* is always signed */
	};
	struct packet question = sign_question(&key);

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		const struct behaviour how = {.unsigned_error = rows[i].claim};
		uint8_t wire[1024];
		size_t len = answer(&how, &question, wire);
		int error;

		assert_int_equal(
			verify(&key, &question.mac, (uint64_t)time(NULL), wire, len, &error),
			-EBADMSG);
		assert_int_equal(error, rows[i].error);
	}
	packet_done(&question);
}

static void keys_that_are_none_are_refused(void **unused)
{
	static const struct tsig_key keys[] = {
		{"", "hmac-sha256", KEY_SECRET},
		{".", "hmac-sha256", KEY_SECRET},
		{"a..b", "hmac-sha256", KEY_SECRET},
		{"k", "hmac-md5", KEY_SECRET},
		{"k", "hmac-sha1", KEY_SECRET},
		{"k", "hmac-sha384", KEY_SECRET},
		{"k", "", KEY_SECRET},
		{"k", "hmac-sha256", ""},
		{"k", "hmac-sha256", "0"},
		{"k", "hmac-sha256", "abc"},
		{"k", "hmac-sha256", "a*=="},
		{"k", "hmac-sha256", "===="},
	};
	ldns_pkt *pkt = ldns_pkt_new();
	struct tsig_mac mac;

	(void)unused;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (tsig_sign(&keys[i], pkt, &mac) != -EINVAL || ldns_pkt_tsig(pkt))
			fail_msg("row %zu", i);
	ldns_pkt_free(pkt);
}

/* The largest message there is, with the shortest signature: ldns, asked to hash it, aborts. */
static void the_largest_message_is_refused(void **unused)
{
	static const char record[] = "\0\xff\0\0\x01\0\0\0\0"; /* of an unknown type */
	static const uint8_t name[] = "\x18"
				      "a-key-with-just-the-size";
	static const uint8_t algorithm[] = "\x0b"
					   "hmac-sha256";
	static const struct tsig_key with = {"a-key-with-just-the-size", "hmac-sha256", KEY_SECRET};
	static uint8_t wire[65535];
	enum { HEADER = 12 + 17, DATA = HEADER + 11, FIXED = 32 + 16, TSIG = 14 + FIXED };
	struct packet question = sign_question(&with);
	uint8_t small[1024], *tsig = wire + sizeof(wire) - TSIG;
	size_t len = answer(&right, &question, small);
	int error;

	(void)unused;
	memcpy(wire, small, HEADER);
	wire[11] = 2;
	memcpy(wire + HEADER, record, 9);
	ldns_write_uint16(wire + HEADER + 9, sizeof(wire) - DATA - TSIG);
	memcpy(wire + DATA, name, sizeof(name));
	memcpy(wire + DATA + sizeof(name), algorithm, sizeof(algorithm));
	ldns_write_uint16(tsig, 0xc000 | DATA);
	memcpy(tsig + 2, small + len - FIXED - sizeof(algorithm) - 10, 8);
	ldns_write_uint16(tsig + 10, 2 + FIXED);
	ldns_write_uint16(tsig + 12, 0xc000 | (DATA + sizeof(name)));
	memcpy(tsig + 14, small + len - FIXED, FIXED);
	assert_int_equal(
		verify(&with, &question.mac, (uint64_t)time(NULL), wire, sizeof(wire), &error),
		-EBADMSG);
	assert_int_equal(error, -1);
	packet_done(&question);
}

static void random_bytes_are_survived(void **unused)
{
	uint64_t now = (uint64_t)time(NULL);
	struct packet question = sign_question(&key);
	uint8_t good[1024];
	size_t len = answer(&right, &question, good);
	unsigned seed = 1;
	int error;

	(void)unused;
	for (int i = 0; i < 50000; i++) {
		size_t n = (size_t)rand_r(&seed) % len + 1, skip = len - n;
		/* on the heap and of the exact size: the sanitizers see any step past it */
		uint8_t *copy = malloc(n);

		memcpy(copy, good + (i % 2 ? skip : 0), n);
		for (int k = 0; k < 4; k++)
			copy[(size_t)rand_r(&seed) % n] = (uint8_t)rand_r(&seed);
		assert_true(verify(&key, &question.mac, now, copy, n, &error) <= 0);
		free(copy);
	}
	packet_done(&question);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_answers_are_believed),
		cmocka_unit_test(answers_to_our_questions_are_believed),
		cmocka_unit_test(any_changed_byte_is_noticed),
		cmocka_unit_test(only_the_right_key_time_and_question_do),
		cmocka_unit_test(an_unsigned_claim_is_passed_on_as_one),
		cmocka_unit_test(keys_that_are_none_are_refused),
		cmocka_unit_test(the_largest_message_is_refused),
		cmocka_unit_test(random_bytes_are_survived),
	};

	return cmocka_run_group_tests_name("tsig", tests, NULL, NULL);
}
