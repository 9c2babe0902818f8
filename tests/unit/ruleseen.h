/* SPDX-License-Identifier: MIT */
/* Which conditions of a service's rules were ever the ones that decided. Include it, then the
 * source that asks rule_which, with that name defined as ruleseen_which. */
#ifndef TESTS_UNIT_RULESEEN_H
#define TESTS_UNIT_RULESEEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "providers/rule.h"

/* Of each rule, a bit for each condition. */
static uint32_t ruleseen[SERVICE_RULES_MAX];
static const struct service *ruleseen_of;
static const struct service_rule *ruleseen_rules; /* known also when it is gone */

static inline int ruleseen_which(const struct service_rule *rule, const struct scope *scope,
				 const struct reply *reply, struct span body)
{
	int at = rule_which(rule, scope, reply, body);

	if (at >= 0 && ruleseen_of && rule >= ruleseen_rules &&
	    rule < ruleseen_rules + SERVICE_RULES_MAX)
		ruleseen[rule - ruleseen_rules] |= 1u << at;
	return at;
}

static inline void ruleseen_begin(const struct service *service)
{
	memset(ruleseen, 0, sizeof(ruleseen));
	ruleseen_of = service;
	ruleseen_rules = service->rules;
}

/* The service may then go. */
static inline void ruleseen_expect_all(const char *path)
{
	for (size_t i = 0; ruleseen_of && i < ruleseen_of->n_rules; i++)
		if (ruleseen[i] + 1 != 1u << rule_count(&ruleseen_of->rules[i]))
			fail_msg("%s: no reply is decided by each condition of `%s = %s`", path,
				 provider_verdict_name(ruleseen_of->rules[i].verdict),
				 ruleseen_of->rules[i].text);
	ruleseen_of = NULL;
}

#endif
