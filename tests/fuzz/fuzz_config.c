/* SPDX-License-Identifier: MIT */
/* Configuration files. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfg/cfg.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cfg_errors errors;
	struct cfg *cfg = NULL;
	char path[64];
	int fd = memfd_create("nlddns.conf", MFD_CLOEXEC);
	int rc;

	if (fd < 0 || fchmod(fd, 0600) < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rc = cfg_load(path, &cfg, &errors);
	if ((rc == 0) != (cfg != NULL) || (rc < 0 && errors.n == 0))
		abort();
	cfg_errors_done(&errors);
	cfg_free(cfg);
	close(fd);
	return 0;
}
