/* decimal - a number in digits, for what is written once a case, where printf shows in a profile.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* value in at least digits_min digits, with leading zeros. Writes no '\0'; returns where the next
 * character goes. */
static inline char *put_decimal(char *out, uint64_t value, size_t digits_min)
{
    size_t count = 1;
    for (uint64_t rest = value; rest >= 10; rest /= 10)
        count++;
    if (count < digits_min)
        count = digits_min;
    for (size_t i = count; i > 0; i--, value /= 10)
        out[i - 1] = (char)('0' + value % 10);
    return out + count;
}

#endif
