#include "domain/number.h"

#include "base/check.h"
#include "base/decimal.h"

#include <string.h>

enum {
    DATE_DIGITS = 8,
    ORDINAL_DIGITS_MIN = 6,
    ORDINAL_DIGITS_MAX = 15,
    DIGITS_MAX = DATE_DIGITS + ORDINAL_DIGITS_MAX + 1,
    DAY_LIMIT = 2932897, /* 10000-01-01 */
};

static const uint64_t ordinal_limit = 1000000000000000; /* ORDINAL_DIGITS_MAX digits */

_Static_assert(DIGITS_MAX + sizeof "--" <= NUMBER_BYTES_MAX, "the longest number fits");

/* ISO 7064 MOD 11,10: the product after a digit, by the product before it. Each waits for the one
 * before, and two divisions a digit would take longer than all else about a number. */
#define SUM(product, digit)  (((product) + (digit)) % 10)
#define NEXT(product, digit) ((SUM(product, digit) == 0 ? 10 : SUM(product, digit)) * 2 % 11)
#define ROW(product)                                                                               \
    {                                                                                              \
        NEXT(product, 0), NEXT(product, 1), NEXT(product, 2), NEXT(product, 3), NEXT(product, 4),  \
            NEXT(product, 5), NEXT(product, 6), NEXT(product, 7), NEXT(product, 8),                \
            NEXT(product, 9)                                                                       \
    }

static const uint8_t products[][10] = {ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5),
                                       ROW(6), ROW(7), ROW(8), ROW(9), ROW(10)};

static char check_digit(const char *digits, size_t count)
{
    uint32_t product = 10;
    for (size_t i = 0; i < count; i++)
        product = products[product][digits[i] - '0'];
    return (char)('0' + (11 - product) % 10);
}

size_t number_format(int32_t day, uint64_t ordinal, char number[NUMBER_BYTES_MAX])
{
    int32_t year;
    int32_t month;
    int32_t month_day;
    char digits[DIGITS_MAX];
    CHECK(day >= 0 && day < DAY_LIMIT);
    CHECK(ordinal > 0 && ordinal < ordinal_limit);
    date_of_day(day, &year, &month, &month_day);
    uint64_t date = (uint64_t)year * 10000 + (uint64_t)month * 100 + (uint64_t)month_day;
    char *end = put_decimal(put_decimal(digits, date, DATE_DIGITS), ordinal, ORDINAL_DIGITS_MIN);
    size_t count = (size_t)(end - digits);
    char *out = mempcpy(number, digits, DATE_DIGITS);
    *out++ = '-';
    out = mempcpy(out, digits + DATE_DIGITS, count - DATE_DIGITS);
    *out++ = '-';
    *out++ = check_digit(digits, count);
    *out = '\0';
    return (size_t)(out - number);
}

static size_t take_digits(struct span text, char digits[DIGITS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        char byte = (char)text.data[i];
        if (byte == '-')
            continue;
        if (byte < '0' || byte > '9' || count == DIGITS_MAX)
            return 0;
        digits[count++] = byte;
    }
    return count;
}

static int32_t read_digits(const char *digits, size_t count)
{
    int32_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

enum number_fault number_parse(struct span text, int32_t *day, uint64_t *ordinal)
{
    char digits[DIGITS_MAX];
    size_t count = take_digits(text, digits);
    size_t ordinal_digits = count - DATE_DIGITS - 1;
    if (count < DATE_DIGITS + ORDINAL_DIGITS_MIN + 1 ||
        (ordinal_digits > ORDINAL_DIGITS_MIN && digits[DATE_DIGITS] == '0'))
        return NUMBER_SHAPE;
    if (digits[count - 1] != check_digit(digits, count - 1))
        return NUMBER_CHECK;
    int32_t year = read_digits(digits, 4);
    int32_t month = read_digits(digits + 4, 2);
    int32_t month_day = read_digits(digits + 6, 2);
    if (year < 1970 || !day_of_date(year, month, month_day, day))
        return NUMBER_DATE;
    *ordinal = 0;
    for (size_t i = DATE_DIGITS; i < count - 1; i++)
        *ordinal = *ordinal * 10 + (uint64_t)(digits[i] - '0');
    return *ordinal > 0 ? NUMBER_OK : NUMBER_SHAPE;
}
