/* decimal - a number in digits, for what is written once a case, where printf shows in a profile. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_DIGITS_MAX = 20 };

/* value in at least digits_min digits (DECIMAL_DIGITS_MAX at most), with leading zeros. Writes no
 * '\0'; returns where the next character goes. */
static inline char *put_decimal(char *out, uint64_t value, size_t digits_min)
{
    char reversed[DECIMAL_DIGITS_MAX];
    size_t count = 0;
    for (; value > 0 || count < digits_min; value /= 10)
        reversed[count++] = (char)('0' + value % 10);
    while (count > 0)
        *out++ = reversed[--count];
    return out;
}

#endif
