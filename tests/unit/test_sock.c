/* SPDX-License-Identifier: MIT */
#include "update/updater/sock.c"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "update/updater/resolv.h"

static int open_to(const char *addr, const char *bind)
{
	union resolv_server to;

	assert_int_equal(resolv_parse(addr, 53, &to), 0);
	return sock_open(&to.any, SOCK_DGRAM, bind);
}

static void sockets_neither_block_nor_leak(void **unused)
{
	int fd = open_to("192.0.2.1", NULL);

	(void)unused;
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void a_missing_link_is_an_error_never_another_link(void **unused)
{
	static const char *const outside[] = {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1",
					      "128.0.0.1"};

	(void)unused;
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		assert_int_equal(open_to(outside[i], "nosuchlink0"), -ENODEV);
}

static void loopback_is_not_held_to_a_link(void **unused)
{
	static const char *const inside[] = {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"};

	(void)unused;
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		int fd = open_to(inside[i], "nosuchlink0");

		assert_true(fd >= 0);
		close(fd);
	}
}

static void an_address_is_ours_or_not(void **unused)
{
	(void)unused;
	assert_true(sock_is_ours("127.0.0.1"));
	assert_true(sock_is_ours("::1"));
	assert_false(sock_is_ours("192.0.2.77"));
	assert_true(sock_is_ours("what is this"));
}

static void the_socket_is_held_to_its_link(void **unused)
{
	int fd = open_to("192.0.2.1", "lo");
	char name[16] = "";
	socklen_t size = sizeof(name);

	(void)unused;
	assert_true(fd >= 0);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &size), 0);
	assert_string_equal(name, "lo");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_neither_block_nor_leak),
		cmocka_unit_test(a_missing_link_is_an_error_never_another_link),
		cmocka_unit_test(loopback_is_not_held_to_a_link),
		cmocka_unit_test(an_address_is_ours_or_not),
		cmocka_unit_test(the_socket_is_held_to_its_link),
	};

	return cmocka_run_group_tests_name("sock", tests, NULL, NULL);
}
