/* SPDX-License-Identifier: MIT */
#include "update/updater/store.h"

#include <curl/curl.h>
#include <dirent.h>
#include <stdbool.h>
#include <string.h>

static bool is_hash_name(const char *name)
{
	return strlen(name) == 10 && strspn(name, "0123456789abcdef") == 8 &&
	       strcmp(name + 8, ".0") == 0;
}

/* Whether OpenSSL finds certificates in the folder one by one, by the hash of their name. */
static bool is_hashed(const char *path)
{
	DIR *dir = opendir(path);
	bool found = false;
	struct dirent *entry;

	while (dir && !found && (entry = readdir(dir)))
		found = is_hash_name(entry->d_name);
	if (dir)
		closedir(dir);
	return found;
}

/* OpenSSL reads the one certificate it needs from a hashed folder, but all of a file. */
void store_find(const char **ret_file, const char **ret_path)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	bool hashed = info->capath && is_hashed(info->capath);

	*ret_path = hashed ? info->capath : NULL;
	*ret_file = hashed ? NULL : info->cainfo;
}
