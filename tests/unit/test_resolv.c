/* SPDX-License-Identifier: MIT */
#include "update/updater/resolv.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static char path[] = "/tmp/nlddns-resolv-XXXXXX";

static int setup(void **unused)
{
	(void)unused;
	close(mkstemp(path));
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	return unlink(path);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
}

static const char *text_of(const union resolv_server *server)
{
	static char text[ADDRESS_MAX + 8];
	char addr[ADDRESS_MAX];
	bool v4 = server->any.sa_family == AF_INET;

	inet_ntop(server->any.sa_family,
		  v4 ? (const void *)&server->v4.sin_addr : &server->v6.sin6_addr, addr,
		  sizeof(addr));
	snprintf(text, sizeof(text), "%s#%d", addr,
		 ntohs(v4 ? server->v4.sin_port : server->v6.sin6_port));
	return text;
}

static void name_servers_are_found(void **unused)
{
	static const struct {
		const char *text;
		const char *servers[RESOLV_SERVERS_MAX];
	} rows[] = {
		{"nameserver 192.0.2.1\n", {"192.0.2.1#53"}},
		{"# nameserver 192.0.2.9\n;x\nsearch a.b\n  nameserver\t2001:db8::1 # c\r\n"
		 "nameserver 192.0.2.2",
		 {"2001:db8::1#53", "192.0.2.2#53"}},
		{"nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n"
		 "nameserver 192.0.2.4\n",
		 {"192.0.2.1#53", "192.0.2.2#53", "192.0.2.3#53"}},
		{"nameserver example.org\nnameserver\nnameserver 1.2.3\nnameservers 192.0.2.1\n",
		 {"127.0.0.1#53"}},
		{"nameserver fe80::1%lo\n", {"fe80::1#53"}},
		{"nameserver fe80::1%nosuch\n", {"127.0.0.1#53"}},
		{"", {"127.0.0.1#53"}},
	};
	union resolv_server servers[RESOLV_SERVERS_MAX];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n;

		write_file(rows[i].text);
		n = resolv_servers(path, 53, servers);
		for (size_t j = 0; j < RESOLV_SERVERS_MAX; j++) {
			if (j < n)
				assert_string_equal(text_of(&servers[j]), rows[i].servers[j]);
			else
				assert_null(rows[i].servers[j]);
		}
	}
	assert_int_equal(resolv_servers("/nonexistent", 5353, servers), 1);
	assert_string_equal(text_of(&servers[0]), "127.0.0.1#5353");
}

static void only_addresses_are_addresses(void **unused)
{
	static const char *const bad[] = {
		"",
		"a",
		"1.2.3.4.5",
		"::g",
		"1.2.3.4%lo",
		"%lo",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
	};
	union resolv_server server;

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(resolv_parse(bad[i], 1, &server), -EINVAL);
	assert_int_equal(resolv_parse("192.0.2.1", 1, &server), 0);
	assert_int_equal(resolv_server_len(&server), sizeof(struct sockaddr_in));
	assert_int_equal(resolv_parse("::1", 1, &server), 0);
	assert_int_equal(resolv_server_len(&server), sizeof(struct sockaddr_in6));
}

static void hosts_are_found_by_any_of_their_names(void **unused)
{
	char addrs[WANTED_ADDRS_MAX][ADDRESS_MAX] = {0};

	(void)unused;
	write_file("2001:db8::1 ns1.lan\n# 192.0.2.8 ns1.lan\n192.0.2.1\tother NS1.LAN alias\n"
		   "junk ns1.lan\n192.0.2.2 ns1.lanx # ns1.lan\n192.0.2.3 ns1.lan\n");
	assert_int_equal(resolv_hosts(path, "ns1.lan", addrs), 3);
	assert_string_equal(addrs[0], "192.0.2.1");
	assert_string_equal(addrs[1], "192.0.2.3");
	assert_string_equal(addrs[2], "2001:db8::1");
	assert_int_equal(resolv_hosts(path, "alias", addrs), 1);
	assert_int_equal(resolv_hosts(path, "none", addrs), 0);
	assert_int_equal(resolv_hosts("/nonexistent", "ns1.lan", addrs), 0);
}

static void no_more_hosts_than_there_is_room_for(void **unused)
{
	char text[4096] = "", addrs[WANTED_ADDRS_MAX][ADDRESS_MAX];

	(void)unused;
	for (int i = 0; i < 20; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "192.0.2.%d a\n", i);
	write_file(text);
	assert_int_equal(resolv_hosts(path, "a", addrs), WANTED_ADDRS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_servers_are_found),
		cmocka_unit_test(only_addresses_are_addresses),
		cmocka_unit_test(hosts_are_found_by_any_of_their_names),
		cmocka_unit_test(no_more_hosts_than_there_is_room_for),
	};

	return cmocka_run_group_tests_name("resolv", tests, setup, teardown);
}
