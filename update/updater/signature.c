/* SPDX-License-Identifier: MIT */
#include "update/updater/signature.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "update/updater/sign/schemes.h"

#define NONCE_LEN ((SIGNATURE_NONCE_MAX - 1) / 2)

static void (*const schemes[HTTP_SCHEME_COUNT])(struct signing *) = {
	[HTTP_SCHEME_NONE] = NULL,
	[HTTP_SCHEME_ACTIVE24] = active24_sign,
	[HTTP_SCHEME_ALIYUN] = aliyun_sign,
	[HTTP_SCHEME_AURORA] = aurora_sign,
	[HTTP_SCHEME_AWS] = v4_sign_aws,
	[HTTP_SCHEME_BAIDU] = baidu_sign,
	[HTTP_SCHEME_CONSTELLIX] = constellix_sign,
	[HTTP_SCHEME_DNSMADEEASY] = dnsmadeeasy_sign,
	[HTTP_SCHEME_51DNS] = form_sign_51dns,
	[HTTP_SCHEME_EXOSCALE] = exoscale_sign,
	[HTTP_SCHEME_GNAME] = form_sign_gname,
	[HTTP_SCHEME_GOOGLE] = google_sign,
	[HTTP_SCHEME_HUAWEI] = huawei_sign,
	[HTTP_SCHEME_NFSN] = nfsn_sign,
	[HTTP_SCHEME_NIFCLOUD] = nifcloud_sign,
	[HTTP_SCHEME_NOWCN] = aliyun_sign_nowcn,
	[HTTP_SCHEME_ORACLE] = oracle_sign,
	[HTTP_SCHEME_OVH] = ovh_sign,
	[HTTP_SCHEME_TENCENT] = tencent_sign,
	[HTTP_SCHEME_TRANSIP] = transip_sign,
	[HTTP_SCHEME_VOLCENGINE] = v4_sign_volcengine,
	[HTTP_SCHEME_WEDOS] = wedos_sign,
	[HTTP_SCHEME_XINNET] = xinnet_sign,
};

int signature_make(struct request *request, const struct signature_moment *moment,
		   const char **ret_why)
{
	struct http_request *http = &request->http;
	struct signing signing = {
		.request = request, .now_ms = moment->now_ms, .nonce = moment->nonce};

	if (!schemes[http->sign.scheme])
		return 0;
	for (unsigned i = 0; i < SIGN_WORDS_MAX; i++)
		signing.words[i] = sign_word(&http->sign, i);
	schemes[http->sign.scheme](&signing);
	if (signing.why) {
		*ret_why = signing.why;
		return -EINVAL;
	}
	return http->url.failed || http->headers.failed || request->body.failed ? -ENOMEM : 0;
}

void signature_now(struct signature_moment *ret)
{
	unsigned char bytes[NONCE_LEN] = {0};
	struct timespec ts = {0};

	clock_gettime(CLOCK_REALTIME, &ts);
	ret->now_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	/* Without entropy the moment alone tells them apart. */
	if (getrandom(bytes, sizeof(bytes), GRND_NONBLOCK) < 0)
		memcpy(bytes, &ts, sizeof(bytes) < sizeof(ts) ? sizeof(bytes) : sizeof(ts));
	for (size_t i = 0; i < NONCE_LEN; i++)
		(void)snprintf(ret->nonce + 2 * i, 3, "%02x", bytes[i]);
}
