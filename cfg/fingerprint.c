/* SPDX-License-Identifier: MIT */
#include "cfg/fingerprint.h"

#include <string.h>

#include "providers/apifield.h"
#include "providers/service.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME  UINT64_C(0x100000001b3)

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * FNV_PRIME;
	return hash;
}

/* The NUL parts it from what follows; NULL differs from "". */
static uint64_t add_text(uint64_t hash, const char *text)
{
	return text ? add_bytes(hash, text, strlen(text) + 1) : add_bytes(hash, "\xff", 2);
}

/* Byte by byte, the same on every machine. */
static uint64_t add_number(uint64_t hash, uint64_t number)
{
	for (unsigned shift = 0; shift < 64; shift += 8) {
		unsigned char byte = (unsigned char)(number >> shift);

		hash = add_bytes(hash, &byte, 1);
	}
	return hash;
}

static uint64_t add_texts(uint64_t hash, char *const *list, size_t n)
{
	hash = add_number(hash, n);
	for (size_t i = 0; i < n; i++)
		hash = add_text(hash, list[i]);
	return hash;
}

/* A repaired file is as good as another account. */
static uint64_t add_service(uint64_t hash, const struct service *service)
{
	for (const struct service_field *field = service_fields; field->key; field++)
		hash = add_text(hash, service_text(service, field));
	hash = add_number(hash, service->family);
	hash = add_number(hash, service->together);
	hash = add_number(hash, service->content);
	hash = add_number(hash, service->names);
	hash = add_number(hash, service->ttl);
	hash = add_number(hash, service->reply);
	for (const struct apifield *field = apifields; service->api && field->section; field++) {
		hash = add_text(hash, apifield_text(service->api, field));
		hash = add_number(hash, apifield_number(service->api, field));
	}
	for (size_t i = 0; i < service->n_rules; i++) {
		hash = add_number(hash, service->rules[i].verdict);
		hash = add_text(hash, service->rules[i].text);
	}
	return hash;
}

static uint64_t add_account(uint64_t hash, const struct cfg_account *account)
{
	hash = add_text(hash, account->provider->name);
	hash = add_number(hash, account->n_values);
	for (size_t i = 0; i < account->n_values; i++) {
		hash = add_text(hash, account->values[i].name);
		hash = add_text(hash, account->values[i].text);
	}
	if (account->provider->service)
		hash = add_service(hash, account->provider->service);
	return hash;
}

static uint64_t add_host(uint64_t hash, const struct cfg_host *host)
{
	if (host->prefix_max == 0)
		return hash;
	hash = add_bytes(hash, host->bytes, sizeof(host->bytes));
	hash = add_number(hash, host->prefix_max);
	return add_number(hash, host->prefix_len);
}

static uint64_t add_source(uint64_t hash, const struct cfg_source *source)
{
	hash = add_texts(hash, source->interfaces, source->n_interfaces);
	hash = add_texts(hash, source->allow, source->n_allow);
	hash = add_text(hash, source->match);
	hash = add_number(hash, source->select);
	hash = add_number(hash, source->ready);
	hash = add_number(hash, source->combine);
	return add_host(hash, &source->host);
}

uint64_t fingerprint_account(const struct cfg_account *account)
{
	return add_account(FNV_OFFSET, account);
}

uint64_t fingerprint_record(const struct cfg *cfg, const struct cfg_record *record)
{
	uint64_t hash = add_text(FNV_OFFSET, record->name);

	hash = add_number(hash, record->type);
	hash = add_number(hash, record->ttl);
	hash = add_number(hash, record->bind);
	hash = add_text(hash, record->bind_link);
	hash = add_account(hash, &cfg->accounts[record->account]);
	return add_source(hash, &cfg->sources[record->source]);
}
