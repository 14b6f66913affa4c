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
    LAST_DIGITS = 2,     /* those behind the hundreds */
    FIRST_PRODUCT = 10,
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

static uint32_t follow(uint32_t product, const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        product = products[product][digits[i] - '0'];
    return product;
}

static char check_digit(uint32_t product)
{
    return (char)('0' + (11 - product) % 10);
}

static void begin_stem(struct number_stem *stem, int32_t day, uint64_t hundreds)
{
    int32_t year;
    int32_t month;
    int32_t month_day;
    CHECK(day >= 0 && day < DAY_LIMIT);
    date_of_day(day, &year, &month, &month_day);
    uint64_t date = (uint64_t)year * 10000 + (uint64_t)month * 100 + (uint64_t)month_day;
    char *digits = put_decimal(stem->text, date, DATE_DIGITS);
    *digits++ = '-';
    char *end = put_decimal(digits, hundreds, ORDINAL_DIGITS_MIN - LAST_DIGITS);
    uint32_t product = follow(FIRST_PRODUCT, stem->text, DATE_DIGITS);
    stem->product = follow(product, digits, (size_t)(end - digits));
    stem->bytes = (uint32_t)(end - stem->text);
    stem->day = day;
    stem->hundreds = hundreds;
}

size_t number_format_on(struct number_stem *stem, int32_t day, uint64_t ordinal,
                        char number[NUMBER_BYTES_MAX])
{
    CHECK(ordinal > 0 && ordinal < ordinal_limit);
    if (stem->bytes == 0 || day != stem->day || ordinal / 100 != stem->hundreds)
        begin_stem(stem, day, ordinal / 100);
    char last[LAST_DIGITS] = {(char)('0' + ordinal / 10 % 10), (char)('0' + ordinal % 10)};
    memcpy(number, stem->text, sizeof stem->text);
    char *end = mempcpy(number + stem->bytes, last, sizeof last);
    *end++ = '-';
    *end++ = check_digit(follow(stem->product, last, sizeof last));
    *end = '\0';
    return (size_t)(end - number);
}

size_t number_format(int32_t day, uint64_t ordinal, char number[NUMBER_BYTES_MAX])
{
    struct number_stem stem = {.bytes = 0};
    return number_format_on(&stem, day, ordinal, number);
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
    if (digits[count - 1] != check_digit(follow(FIRST_PRODUCT, digits, count - 1)))
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
