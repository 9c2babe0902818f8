/* SPDX-License-Identifier: MIT */
#include "update/ctl/inventory.h"

#include <string.h>

#include <linux/if_addr.h>
#include <linux/if.h>

#include "update/ctl/table.h"
#include "update/ctl/wording.h"

#define REMARKS_MAX 128

const char *inventory_state(const struct link *link)
{
	if (!(link->flags & IFF_UP))
		return "down";
	return link->flags & IFF_RUNNING ? "up" : "up, no carrier";
}

const char *inventory_address(const struct address *address, char out[static INVENTORY_ADDRESS_MAX])
{
	char text[ADDR_TEXT_MAX], peer[ADDR_TEXT_MAX];

	addr_text(&address->addr, text);
	if (address->peer.family != AF_UNSPEC)
		(void)snprintf(out, INVENTORY_ADDRESS_MAX, "%s peer %s", text,
			       addr_text(&address->peer, peer));
	else
		(void)snprintf(out, INVENTORY_ADDRESS_MAX, "%s/%u", text, address->prefix_len);
	return out;
}

static const struct {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{IFA_F_TEMPORARY, "temporary"},   {IFA_F_DEPRECATED, "deprecated"},
	{IFA_F_TENTATIVE, "tentative"},   {IFA_F_DADFAILED, "duplicate"},
	{IFA_F_OPTIMISTIC, "optimistic"}, {IFA_F_MANAGETEMPADDR, "autoconfigured"},
	{IFA_F_PERMANENT, "permanent"},
};

#define FLAG_NAMES (sizeof(flag_names) / sizeof(flag_names[0]))

/* IFA_F_TEMPORARY and IFA_F_SECONDARY are one bit: in IPv4 it is the latter. */
static const char *flag_name(const struct address *address, size_t i)
{
	if (!(address->flags & flag_names[i].flag))
		return NULL;
	if (flag_names[i].flag == IFA_F_TEMPORARY && address->addr.family == AF_INET)
		return "secondary";
	return flag_names[i].name;
}

static void tell_remarks(const struct address *address, char out[static REMARKS_MAX])
{
	char span[WORDING_SPAN_MAX];
	size_t len = 0;

	out[0] = 0;
	for (size_t i = 0; i < FLAG_NAMES; i++) {
		const char *name = flag_name(address, i);

		if (name && len < REMARKS_MAX - 32)
			len += (size_t)snprintf(out + len, REMARKS_MAX - len, "%s%s",
						len ? ", " : "", name);
	}
	if (address->preferred_s != UINT32_MAX && address->preferred_s)
		(void)snprintf(out + len, REMARKS_MAX - len, "%spreferred for %s", len ? ", " : "",
			       wording_span(address->preferred_s, span));
}

static const char *tell_ways(const struct link *link)
{
	bool ipv4 = !link->routes[FAMILY_IPV4].error, ipv6 = !link->routes[FAMILY_IPV6].error;

	if (ipv4 && ipv6)
		return "way out for IPv4 and IPv6";
	if (ipv4)
		return "way out for IPv4";
	return ipv6 ? "way out for IPv6" : " ";
}

static void add_link(struct table *table, const struct link *link)
{
	char remarks[REMARKS_MAX], address[INVENTORY_ADDRESS_MAX];

	table_add(table,
		  (const char *const[]){link->name, inventory_state(link),
					*link->kind ? link->kind : " ", tell_ways(link)},
		  TABLE_TONE_PLAIN, 0);
	for (size_t i = 0; i < link->n_addresses; i++) {
		const struct address *a = &link->addresses[i];

		tell_remarks(a, remarks);
		table_add(table,
			  (const char *const[]){" ", inventory_address(a, address),
						addr_class_name(addr_classify(&a->addr)),
						*remarks ? remarks : " "},
			  TABLE_TONE_PLAIN, 0);
	}
}

void inventory_print(const struct snapshot *snapshot, FILE *to)
{
	static const char *const heads[] = {"LINK", "ADDRESS", "CLASS", "REMARKS"};
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < snapshot->n_links; i++)
		add_link(table, &snapshot->links[i]);
	table_print(table, to, table_screen_width(to), 0, table_screen_colours(to));
	(void)fputc('\n', to);
	table_free(table);
}

static json_t *address_json(const struct address *address)
{
	char text[ADDR_TEXT_MAX];
	json_t *json = json_object(), *flags = json_array();

	(void)json_object_set_new(json, "address", json_string(addr_text(&address->addr, text)));
	(void)json_object_set_new(json, "prefix_len", json_integer(address->prefix_len));
	if (address->peer.family != AF_UNSPEC)
		(void)json_object_set_new(json, "peer",
					  json_string(addr_text(&address->peer, text)));
	(void)json_object_set_new(json, "class",
				  json_string(addr_class_name(addr_classify(&address->addr))));
	for (size_t i = 0; i < FLAG_NAMES; i++)
		if (flag_name(address, i))
			(void)json_array_append_new(flags, json_string(flag_name(address, i)));
	(void)json_object_set_new(json, "flags", flags);
	if (address->preferred_s != UINT32_MAX)
		(void)json_object_set_new(json, "preferred_s", json_integer(address->preferred_s));
	if (address->valid_s != UINT32_MAX)
		(void)json_object_set_new(json, "valid_s", json_integer(address->valid_s));
	return json;
}

json_t *inventory_json(const struct snapshot *snapshot)
{
	json_t *list = json_array();

	for (size_t i = 0; i < snapshot->n_links; i++) {
		const struct link *link = &snapshot->links[i];
		json_t *json = json_object(), *addresses = json_array();

		(void)json_object_set_new(json, "ifindex", json_integer(link->ifindex));
		(void)json_object_set_new(json, "name", json_string(link->name));
		(void)json_object_set_new(json, "kind", json_string(link->kind));
		(void)json_object_set_new(json, "state", json_string(inventory_state(link)));
		(void)json_object_set_new(json, "ipv4_way_out",
					  json_boolean(!link->routes[FAMILY_IPV4].error));
		(void)json_object_set_new(json, "ipv6_way_out",
					  json_boolean(!link->routes[FAMILY_IPV6].error));
		for (size_t j = 0; j < link->n_addresses; j++)
			(void)json_array_append_new(addresses, address_json(&link->addresses[j]));
		(void)json_object_set_new(json, "addresses", addresses);
		(void)json_array_append_new(list, json);
	}
	return list;
}
