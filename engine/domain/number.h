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

enum number_fault { NUMBER_OK, NUMBER_SHAPE, NUMBER_DATE, NUMBER_CHECK };

/* Reads one back. NUMBER_CHECK: the check digit does not fit, so somebody misheard a digit. */
MUST_CHECK enum number_fault number_parse(struct span text, int32_t *day, uint64_t *ordinal);

#endif
