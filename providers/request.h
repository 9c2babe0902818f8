/* SPDX-License-Identifier: MIT */
/* What a provider asks of its transport, and what comes back. */
#ifndef PROVIDERS_REQUEST_H
#define PROVIDERS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/buf.h"

struct json_t; /* of jansson */
struct wanted; /* providers/provider.h */

#define WANTED_ADDRS_MAX 8   /* addresses of one record */
#define ZONE_SERVERS_MAX 4   /* name servers of a zone that are looked at */
#define DNS_NAME_MAX     254 /* a DNS name as text (RFC 1035), with its NUL */
#define ADDRESS_MAX      46  /* INET6_ADDRSTRLEN */
#define REQUEST_BODY_MAX 65536
#define REPLY_BODY_MAX   262144

enum request_kind { REQUEST_NONE, REQUEST_HTTP, REQUEST_DNS, REQUEST_FILE };

/* Which addresses of the server may be used: services that take ours from the connection. */
enum http_way { HTTP_WAY_ANY, HTTP_WAY_IPV4, HTTP_WAY_IPV6 };

/* What the reply is to be decoded as, beside its text. */
enum http_decode { HTTP_DECODE_NONE, HTTP_DECODE_JSON, HTTP_DECODE_XML };

/* How a request is signed, and what it is made of: see sign.h. */
enum http_scheme {
	HTTP_SCHEME_NONE,
	HTTP_SCHEME_ACTIVE24,
	HTTP_SCHEME_ALIYUN,
	HTTP_SCHEME_AURORA,
	HTTP_SCHEME_AWS,
	HTTP_SCHEME_BAIDU,
	HTTP_SCHEME_CONSTELLIX,
	HTTP_SCHEME_DNSMADEEASY,
	HTTP_SCHEME_51DNS,
	HTTP_SCHEME_EXOSCALE,
	HTTP_SCHEME_GNAME,
	HTTP_SCHEME_GOOGLE,
	HTTP_SCHEME_HUAWEI,
	HTTP_SCHEME_NFSN,
	HTTP_SCHEME_NIFCLOUD,
	HTTP_SCHEME_NOWCN,
	HTTP_SCHEME_ORACLE,
	HTTP_SCHEME_OVH,
	HTTP_SCHEME_TENCENT,
	HTTP_SCHEME_TRANSIP,
	HTTP_SCHEME_VOLCENGINE,
	HTTP_SCHEME_WEDOS,
	HTTP_SCHEME_XINNET,
};
#define HTTP_SCHEME_COUNT (HTTP_SCHEME_XINNET + 1)

/* A signature that the transport makes when it sends: it knows the time, and has the algorithms. */
struct http_sign {
	enum http_scheme scheme;
	struct buf words; /* what the scheme takes, each ended by a NUL */
};

#define HTTP_TAKE_MAX  64   /* name of a header, with its NUL */
#define HTTP_TAKEN_MAX 8192 /* bytes of its value */

/* HTTP. ca-file and allow-plaintext the transport takes from the job itself. */
struct http_request {
	const char *method; /* "GET", "POST", ...; static */
	struct buf url;
	const char *user, *password; /* Basic authentication; borrowed, or NULL */
	struct buf credentials;      /* for those that are not the job's: what they point into */
	struct buf headers;          /* "Name: value", each ended by a newline */
	struct http_sign sign;
	char take[HTTP_TAKE_MAX]; /* name of a header of the reply that is wanted; "": none */
	enum http_way way;
	enum http_decode decode;
};

enum dns_op { DNS_OP_SOA, DNS_OP_SERVERS, DNS_OP_ADDRESSES, DNS_OP_RRSET, DNS_OP_UPDATE };

/* DNS. DNS_OP_SOA asks for the zone of a name and its primary; DNS_OP_SERVERS for the name servers
 * of a zone; DNS_OP_ADDRESSES for the addresses of a host; DNS_OP_RRSET, without recursion, for
 * what the server itself holds under the one wanted's name and type; DNS_OP_UPDATE (RFC 2136)
 * replaces, in one message, the RRset of each listed name and type, and nothing else. UDP first;
 * TCP when truncated or unanswered. */
struct dns_request {
	enum dns_op op;
	char server[ADDRESS_MAX]; /* address; "": the system's resolver */
	uint16_t port;
	bool optional;               /* no answer does not end the job: the reply has an error */
	char name[DNS_NAME_MAX];     /* the name asked for; UPDATE: the zone */
	const struct wanted *wanted; /* RRSET, UPDATE; borrowed from the job or its state */
	size_t n_wanted;
	unsigned ttl;         /* of records whose own is 0 */
	const char *key_name; /* TSIG (RFC 8945), borrowed from the provider's state; NULL: none */
	const char *key_algorithm; /* "hmac-sha256", ... */
	const char *key_secret;    /* base64 */
};

enum file_op { FILE_OP_READ, FILE_OP_WRITE };

/* A local file, read or atomically replaced by the daemon. */
struct file_request {
	enum file_op op;
	const char *path; /* borrowed */
};

struct request {
	enum request_kind kind;
	union {
		struct http_request http;
		struct dns_request dns;
		struct file_request file;
	};
	struct buf body;  /* HTTP, FILE_OP_WRITE */
	int64_t delay_ms; /* HTTP: it is sent so long after the step */
};

/* What came back. Transport failures (no network, too large, cut off) never reach a provider: the
 * transport itself ends the job. Borrowed for the step. */
struct reply {
	enum request_kind kind;
	/* HTTP */
	int status;             /* 100..599 */
	int64_t retry_after_ms; /* -1: the header is absent */
	const char *header;     /* as asked by http.take; NULL: it is not there just once */
	/* As asked by http.decode; NULL: it is none such. XML as JSON: an element is an object of
	 * its children, or their text where there are none; several of a name are an array. */
	const struct json_t *json;
	/* HTTP, file: NUL-terminated behind len */
	const char *body;
	size_t len;
	/* DNS */
	int rcode;      /* RFC 1035, 2136 */
	int tsig_error; /* RFC 8945; 0: none; -1: the reply's signature is missing or wrong */
	char zone[DNS_NAME_MAX];                    /* SOA: owner; "" if the reply named none */
	char primary[DNS_NAME_MAX];                 /* SOA: MNAME */
	char hosts[ZONE_SERVERS_MAX][DNS_NAME_MAX]; /* SERVERS; "" past the last */
	char addrs[WANTED_ADDRS_MAX][ADDRESS_MAX];  /* ADDRESSES, RRSET; "" past the last */
	bool more;                                  /* RRSET: more than these */
	bool authoritative;                         /* RRSET: it is the server's own to say */
	bool alias;                                 /* RRSET: CNAME or DNAME */
	bool odd;     /* RRSET: one is of a special kind (private, shared, ...) that none of
		       * the wanted ones is of */
	unsigned ttl; /* RRSET: seconds */
	/* file, optional DNS */
	int error; /* 0 or -errno (READ of an absent file: -ENOENT) */
};

#endif
