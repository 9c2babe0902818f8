/* SPDX-License-Identifier: MIT */
#include "providers/sign.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct scheme {
	const char *name, *words; /* for people; those in brackets may be left out */
	unsigned min, max;
} schemes[HTTP_SCHEME_COUNT] = {
	[HTTP_SCHEME_NONE] = {"", "", 0, 0},
	[HTTP_SCHEME_ACTIVE24] = {"active24", "KEY SECRET", 2, 2},
	[HTTP_SCHEME_ALIYUN] = {"aliyun", "ACCESS-KEY-ID ACCESS-KEY-SECRET", 2, 2},
	[HTTP_SCHEME_AURORA] = {"aurora", "KEY SECRET", 2, 2},
	[HTTP_SCHEME_AWS] = {"aws",
			     "ACCESS-KEY-ID SECRET-ACCESS-KEY [SESSION-TOKEN [REGION [SERVICE]]]",
			     2, 5},
	[HTTP_SCHEME_BAIDU] = {"baidu", "ACCESS-KEY SECRET-KEY", 2, 2},
	[HTTP_SCHEME_CONSTELLIX] = {"constellix", "KEY SECRET", 2, 2},
	[HTTP_SCHEME_DNSMADEEASY] = {"dnsmadeeasy", "KEY SECRET", 2, 2},
	[HTTP_SCHEME_51DNS] = {"51dns", "KEY SECRET", 2, 2},
	[HTTP_SCHEME_EXOSCALE] = {"exoscale", "KEY SECRET", 2, 2},
	[HTTP_SCHEME_GNAME] = {"gname", "APP-ID APP-KEY", 2, 2},
	[HTTP_SCHEME_GOOGLE] = {"google", "KEY [EMAIL]", 1, 2},
	[HTTP_SCHEME_HUAWEI] = {"huawei", "ACCESS-KEY SECRET-KEY", 2, 2},
	[HTTP_SCHEME_NFSN] = {"nfsn", "LOGIN KEY", 2, 2},
	[HTTP_SCHEME_NIFCLOUD] = {"nifcloud", "ACCESS-KEY SECRET-KEY", 2, 2},
	[HTTP_SCHEME_NOWCN] = {"nowcn", "ID SECRET", 2, 2},
	[HTTP_SCHEME_ORACLE] = {"oracle", "KEY-ID PRIVATE-KEY", 2, 2},
	[HTTP_SCHEME_OVH] = {"ovh", "APPLICATION-KEY APPLICATION-SECRET CONSUMER-KEY [TIME]", 3, 4},
	[HTTP_SCHEME_TENCENT] = {"tencent", "SECRET-ID SECRET-KEY", 2, 2},
	[HTTP_SCHEME_TRANSIP] = {"transip", "LOGIN PRIVATE-KEY [true|false: from any address]", 2,
				 3},
	[HTTP_SCHEME_VOLCENGINE] = {"volcengine", "ACCESS-KEY SECRET-KEY", 2, 2},
	[HTTP_SCHEME_WEDOS] = {"wedos", "USER PASSWORD", 2, 2},
	[HTTP_SCHEME_XINNET] = {"xinnet", "AGENT-ID SECRET", 2, 2},
};

struct span sign_take_word(struct span *rest)
{
	return span_take_word(rest, SPAN_BLANKS);
}

int sign_scheme(const char *text, enum http_scheme *ret, struct span *ret_rest)
{
	struct span rest = {text, strlen(text)}, name = sign_take_word(&rest);

	for (unsigned i = HTTP_SCHEME_NONE + 1; i < HTTP_SCHEME_COUNT; i++) {
		if (!span_is(name, schemes[i].name))
			continue;
		*ret = (enum http_scheme)i;
		*ret_rest = rest;
		return 0;
	}
	return -EINVAL;
}

int sign_check(const char *text, char *why)
{
	enum http_scheme scheme;
	struct span rest;
	unsigned n = 0;

	if (sign_scheme(text, &scheme, &rest) < 0) {
		(void)snprintf(why, SIGN_WHY_MAX,
			       "begins with the name of a scheme; nlddns-provider(5) lists them");
		return -EINVAL;
	}
	while (sign_take_word(&rest).len > 0)
		n++;
	if (n >= schemes[scheme].min && n <= schemes[scheme].max)
		return 0;
	(void)snprintf(why, SIGN_WHY_MAX, "is written %s %s", schemes[scheme].name,
		       schemes[scheme].words);
	return -EINVAL;
}

const char *sign_word(const struct http_sign *sign, unsigned number)
{
	const char *word = sign->words.text, *end;

	if (word == NULL)
		return "";
	end = word + sign->words.len;
	for (; number > 0 && word < end; number--)
		word += strlen(word) + 1;
	return word < end ? word : "";
}

const char *sign_name(enum http_scheme scheme)
{
	return schemes[scheme].name;
}
