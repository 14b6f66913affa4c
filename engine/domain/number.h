/* number - 工单编号, the ticket number for people and phones.
 *
 *     20261124-000123-3     day, serial less the day's first (from 1), check digit
 *
 * The middle has at least 6 digits and grows when a day needs more. The check digit is ISO 7064
 * MOD 11,10 over all digits before it: it finds every single wrong digit and nearly all swaps of
 * neighbours. Hyphens may be left out when read back.
 */
#ifndef DOMAIN_NUMBER_H
#define DOMAIN_NUMBER_H

#include "domain/city/date.h"

enum { NUMBER_BYTES_MAX = 32 };

/* Writes the number with its NUL; returns its length. ordinal is from 1. */
size_t number_format(int32_t day, uint64_t ordinal, char number[NUMBER_BYTES_MAX]);

/* What a number has in common with its neighbours: all but its last digits. Kept from one number to
 * the next, since all that is before them is the same for a hundred. A zeroed stem is fine. */
struct number_stem {
    int32_t day;
    uint32_t product; /* of the check digit, behind the text */
    uint64_t hundreds;
    char text[NUMBER_BYTES_MAX];
    uint32_t bytes; /* 0: of no number yet */
};

/* As number_format(), from the stem where it is this number's; else the stem becomes so. */
size_t number_format_on(struct number_stem *stem, int32_t day, uint64_t ordinal,
                        char number[NUMBER_BYTES_MAX]);

enum number_fault { NUMBER_OK, NUMBER_SHAPE, NUMBER_DATE, NUMBER_CHECK };

/* Reads one back. NUMBER_CHECK: the check digit does not fit, so somebody misheard a digit. */
MUST_CHECK enum number_fault number_parse(struct span text, int32_t *day, uint64_t *ordinal);

#endif
