/* sampler - what tickets are called: their numbers, and their titles for those who asked.
 *
 * Titles are personal data, so whoever prints them was told to. One thread.
 */
#ifndef TOOLS_COMPARE_SAMPLER_H
#define TOOLS_COMPARE_SAMPLER_H

#include "store/look.h"

enum { SAMPLER_TITLE_BYTES_MAX = 513 };

struct sampler {
    struct store_reader *reader;
    bool titles;
    char number[NUMBER_BYTES_MAX]; /* of the last asked for */
    char title[SAMPLER_TITLE_BYTES_MAX];
};

MUST_CHECK enum err sampler_open(const struct store_look *look, bool titles,
                                 struct sampler *sampler);
void sampler_close(struct sampler *sampler);

/* Fills number and title of a ticket; both are empty where it cannot be read, the title also where
 * it has none or was not asked for. */
void sampler_read(struct sampler *sampler, uint64_t serial);

#endif
