/* SPDX-License-Identifier: MIT */
/* call LIBRARY NAME: calls that function, and ends with status 0 if it returns. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
	void (*function)(void) = NULL;

	if (library)
		*(void **)&function = dlsym(library, argv[2]);
	if (!function) {
		fprintf(stderr, "call: %s\n", argc == 3 ? dlerror() : "call LIBRARY NAME");
		return 1;
	}
	function();
	return 0;
}
