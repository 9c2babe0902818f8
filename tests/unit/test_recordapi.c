/* SPDX-License-Identifier: MIT */
/* Every record API does what its transcript says. */
#include "providers/recordapi.c"

#include "tests/unit/transcript.h"

/* What each must have been seen to come to. */
static const enum verdict musts[] = {
	VERDICT_DONE,         VERDICT_UNCHANGED,    VERDICT_RETRY,          VERDICT_THROTTLED,
	VERDICT_REFUSED_AUTH, VERDICT_REFUSED_NAME, VERDICT_REFUSED_CONFIG,
};

static void play_api(const struct provider *provider)
{
	static struct transcript t;
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "tests/records/%s.txt", provider->name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s: there is no such transcript", path);
	memset(&t, 0, sizeof(t));
	t.path = path;
	t.provider = provider;
	transcript_run(&t, file);
	(void)fclose(file);
	for (size_t i = 0; i < sizeof(musts) / sizeof(musts[0]); i++)
		if (!t.verdicts[musts[i]])
			fail_msg("%s: nothing is %s", path, provider_verdict_name(musts[i]));
	if (!t.sent[1] || !t.sent[2] || !t.sent[3])
		fail_msg("%s: IPv4, IPv6 or both are never wanted", path);
}

static void every_api_does_what_its_transcript_says(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct provider *const *p = provider_all(); *p; p++) {
		if (((*p)->caps & RECORDAPI_CAPS) != RECORDAPI_CAPS)
			continue;
		play_api(*p);
		n++;
	}
	print_message("# %zu record APIs\n", n);
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_api_does_what_its_transcript_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
