/* SPDX-License-Identifier: MIT */
#include "update/updater/sign/mac.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <string.h>

#define RSA_MAX 2048 /* bytes of a signature: keys of 16384 bits */

_Static_assert(MAC_MAX == EVP_MAX_MD_SIZE, "any digest has room");

struct mac mac_digest(const char *algorithm, struct span text)
{
	const EVP_MD *md = EVP_get_digestbyname(algorithm);
	struct mac mac = {.len = 0};
	unsigned len = 0;

	if (md && EVP_Digest(text.text, text.len, mac.bytes, &len, md, NULL) == 1)
		mac.len = len;
	return mac;
}

struct mac mac_hmac(const char *algorithm, struct span key, struct span text)
{
	const EVP_MD *md = EVP_get_digestbyname(algorithm);
	struct mac mac = {.len = 0};
	unsigned len = 0;

	if (md && key.text &&
	    HMAC(md, key.text, (int)key.len, (const unsigned char *)text.text, text.len, mac.bytes,
		 &len))
		mac.len = len;
	return mac;
}

struct span mac_span(const struct mac *mac)
{
	return (struct span){mac->len > 0 ? (const char *)mac->bytes : NULL, mac->len};
}

void mac_add_hex(const struct mac *mac, struct buf *to)
{
	to->failed |= mac->len == 0;
	for (size_t i = 0; i < mac->len; i++)
		buf_printf(to, "%02x", mac->bytes[i]);
}

void mac_add_base64(struct span bytes, struct buf *to)
{
	unsigned char block[5];

	to->failed |= bytes.len == 0;
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;

		EVP_EncodeBlock(block, (const unsigned char *)bytes.text + i,
				left < 3 ? (int)left : 3);
		buf_text(to, (const char *)block);
	}
}

/* No key is asked for at a terminal. */
static int no_password(char *text, int size, int writing, void *data)
{
	(void)text;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static EVP_PKEY *read_key(struct span pem)
{
	BIO *bio = BIO_new_mem_buf(pem.text, (int)pem.len);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;

	BIO_free(bio);
	return key;
}

int mac_rsa(const char *algorithm, struct span pem, struct span text, struct buf *to)
{
	unsigned char signature[RSA_MAX];
	size_t len = sizeof(signature);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY *key = read_key(pem);
	int rc = -EINVAL;

	if (!context)
		rc = -ENOMEM;
	if (!context || !key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		goto out;
	if (EVP_DigestSignInit(context, NULL, EVP_get_digestbyname(algorithm), NULL, key) != 1 ||
	    EVP_DigestSign(context, signature, &len, (const unsigned char *)text.text, text.len) !=
		    1)
		goto out;
	buf_add(to, (const char *)signature, len);
	rc = 0;
out:
	EVP_PKEY_free(key);
	EVP_MD_CTX_free(context);
	return rc;
}
