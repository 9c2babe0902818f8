/* SPDX-License-Identifier: MIT */
/* Messages between nlddnsd and nlddns-updater: whole ones of each kind, with bytes of them changed,
 * cut off and put in; and any others. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/input.h"
#include "update/wire.h"
#include "update/wire_service.h"

static const struct value values[] = {{"url", "https://dyn.example.net/nic/update"},
				      {"username", "alice"},
				      {"password", "opensesame"}};
static const char *const previous[] = {"198.51.100.7"};
static const struct wanted wanted[] = {
	{.name = "home.example.org", .addrs = {"192.0.2.1", "192.0.2.2"}, .n_addrs = 2, .ttl = 300},
	{.name = "home.example.org",
	 .type = RECORD_TYPE_AAAA,
	 .addrs = {"2001:db8::1"},
	 .n_addrs = 1,
	 .previous = previous,
	 .n_previous = 1,
	 .unsure = true},
};

static int pack(unsigned kind, char bytes[static WIRE_MAX])
{
	const struct provider *provider = provider_find("dyndns2");
	struct wire_job job = {.id = 7,
			       .job = {.provider = provider,
				       .values = values,
				       .n_values = 3,
				       .wanted = wanted,
				       .n_wanted = 2},
			       .bind = "ppp0",
			       .deadline_ms = 30000};
	struct outcome outcomes[2] = {{.verdict = VERDICT_DONE, .why = "good"},
				      {.verdict = VERDICT_THROTTLED, .wait_ms = 5, .why = "later"}};

	switch (kind % 6) {
	case 0:
		return wire_pack_job(&job, bytes, WIRE_MAX);
	case 1:
		return wire_pack_service(1, provider, bytes, WIRE_MAX);
	case 2:
		return wire_pack_cancel(7, bytes, WIRE_MAX);
	case 3:
		return wire_pack_progress(7, "GET https://dyn.example.net", bytes, WIRE_MAX);
	case 4:
		return wire_pack_result(7, outcomes, 2, bytes, WIRE_MAX);
	}
	return 0;
}

static size_t edit(struct input *input, char *bytes, size_t len)
{
	for (unsigned n = input_byte(input) % 16; n > 0; n--) {
		size_t at = len > 0 ? input_below(input, len) : 0;
		unsigned how = input_byte(input) % 8;

		if (how == 0) {
			len = at;
		} else if (how < 3 && len < WIRE_MAX) {
			memmove(bytes + at + 1, bytes + at, len++ - at);
			bytes[at] = (char)input_byte(input);
		} else if (how == 3 && len > 0) {
			memmove(bytes + at, bytes + at + 1, --len - at);
		} else if (len > 0) {
			bytes[at] = (char)input_byte(input);
		}
	}
	return len;
}

static void unpack(const char *bytes, size_t len, struct wire_services *services)
{
	struct wire_message message;
	char *exact = malloc(len + 1); /* so that a byte too far is seen */

	if (!exact)
		return;
	memcpy(exact, bytes, len);
	exact = realloc(exact, len > 0 ? len : 1);
	if (wire_unpack(exact, len, services, &message) == 0)
		wire_done(&message);
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char bytes[WIRE_MAX + 1];
	struct wire_services services = {0};
	struct input input = {data, size};

	unpack((const char *)data, size, &services);
	while (input.left > 0) {
		int len = pack(input_byte(&input), bytes);

		unpack(bytes, edit(&input, bytes, len > 0 ? (size_t)len : 0), &services);
	}
	wire_services_free(&services);
	return 0;
}
