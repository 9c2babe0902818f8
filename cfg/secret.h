/* SPDX-License-Identifier: MIT */
/* Secrets: literal, file:PATH, env:NAME or cred:NAME (systemd credentials). */
#ifndef CFG_SECRET_H
#define CFG_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SECRET_MAX     65536
#define SECRET_WHY_MAX 200

/* Whether text is the secret itself. */
bool secret_literal(const char *text);

/* Whether a file of this mode may be read by others than its owner. With root that excludes its
 * group: only root gives a file of root to a group. */
bool secret_exposed(mode_t mode, uid_t owner);

/* The mode to tell chmod, so that it is not. */
const char *secret_mode(uid_t owner);

/* Reads what text names (without a comment), without byte order mark and line ends at its end;
 * several lines stay several. insecure: whoever may read the file. *ret: owned, for secret_free.
 * Negative errno: why says what is wrong and what to do; never a secret. */
int secret_read(const char *text, bool insecure, char **ret, char why[static SECRET_WHY_MAX]);

/* Wipes. NULL is fine. */
void secret_free(char *secret);

#endif
