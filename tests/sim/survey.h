/* SPDX-License-Identifier: MIT */
/* The event and the request socket, answered by the kernel that is a value. */
#ifndef TESTS_SIM_SURVEY_H
#define TESTS_SIM_SURVEY_H

#include <stdbool.h>

/* For survey.c alone: all waiting events are taken; true: some were lost. */
bool survey_events(void);

/* Reading fails now. */
bool survey_fails(void);

/* All has been read. */
void survey_done(void);

#endif
