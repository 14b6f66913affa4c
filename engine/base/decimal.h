/* decimal - a number in digits, for what is written once a case, where printf shows in a profile.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_DIGITS_MAX = 20 };

/* value in at least digits_min digits (DECIMAL_DIGITS_MAX at most), with leading zeros. Writes no
 * '\0'; returns where the next character goes. */
static inline char *put_decimal(char *out, uint64_t value, size_t digits_min)
{
    size_t count = 1;
    for (uint64_t limit = 10; count < digits_min || value >= limit; limit *= 10)
        if (++count == DECIMAL_DIGITS_MAX)
            break;
    for (size_t i = count; i > 0; i--, value /= 10)
        out[i - 1] = (char)('0' + value % 10);
    return out + count;
}

#endif
