/* SPDX-License-Identifier: MIT */
#include "update/updater/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct share *share_alone(void)
{
	struct share *share = calloc(1, sizeof(*share));

	if (!share)
		return NULL;
	share->refs = 1;
	share->handle = curl_share_init();
	if (share->handle &&
	    curl_share_setopt(share->handle, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS) == CURLSHE_OK)
		return share;
	share_drop(share);
	return NULL;
}

static struct share *make(uint32_t way, const char *bind)
{
	struct share *share = share_alone();

	if (!share)
		return NULL;
	share->way = way;
	snprintf(share->bind, sizeof(share->bind), "%s", bind);
	if (curl_share_setopt(share->handle, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) == CURLSHE_OK)
		return share;
	share_drop(share);
	return NULL;
}

struct share *share_take(struct share **latest, uint32_t way, const char *bind)
{
	struct share *share = *latest;

	if (!bind)
		bind = "";
	if (!share || share->way != way || strcmp(share->bind, bind) != 0) {
		share_drop(share);
		share = *latest = make(way, bind);
	}
	if (share)
		share->refs++;
	return share;
}

void share_drop(struct share *share)
{
	if (!share || --share->refs > 0)
		return;
	curl_share_cleanup(share->handle);
	free(share);
}
