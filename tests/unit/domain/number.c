/* Ticket numbers: written and read back, and what a caller may mishear is noticed.
 *
 * Days are judged by the C library's calendar; wrong digits and swaps are tried exhaustively on a
 * sample of numbers.
 */
#include "domain/number.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { DAY_OF_2026_11_24 = 20781 };

static enum number_fault parse(const char *text)
{
    int32_t day;
    uint64_t ordinal;
    return number_parse(span_of_string(text), &day, &ordinal);
}

Test(number, a_number_looks_as_it_should)
{
    char number[NUMBER_BYTES_MAX];
    cr_expect_eq(number_format(DAY_OF_2026_11_24, 123, number), strlen(number));
    cr_expect(strncmp(number, "20261124-000123-", 16) == 0 && strlen(number) == 17, "%s", number);
    number_format(DAY_OF_2026_11_24, 1234567, number);
    cr_expect(strncmp(number, "20261124-1234567-", 17) == 0, "%s", number);
    number_format(0, 999999999999999, number);
    cr_expect(strncmp(number, "19700101-999999999999999-", 25) == 0, "%s", number);
}

/* The standard's own example of MOD 11,10: the check digit of 0794 is 5. So the digit that makes
 * what is before it good is that which a slow sum finds. */
static int slow_check_digit(const char *digits)
{
    for (int digit = 0; digit < 10; digit++) {
        int product = 10;
        for (const char *at = digits; *at != '\0'; at++) {
            int sum = (product + *at - '0') % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        if ((product + digit) % 10 == 1)
            return digit;
    }
    return -1;
}

Test(number, the_check_digit_is_that_of_iso_7064)
{
    cr_expect_eq(slow_check_digit("0794"), 5);
    for (uint64_t ordinal = 1; ordinal < 2000; ordinal++) {
        char number[NUMBER_BYTES_MAX];
        char digits[NUMBER_BYTES_MAX];
        number_format(DAY_OF_2026_11_24, ordinal, number);
        sprintf(digits, "20261124%06llu", (unsigned long long)ordinal);
        cr_assert_eq(number[strlen(number) - 1] - '0', slow_check_digit(digits), "%s", number);
    }
}

Test(number, what_was_written_is_read_back)
{
    unsigned seed = (unsigned)getpid();
    fprintf(stderr, "seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        char number[NUMBER_BYTES_MAX];
        char bare[NUMBER_BYTES_MAX] = "";
        int32_t day = (int32_t)(rand_r(&seed) % 40000);
        uint64_t ordinal = 1 + (uint64_t)rand_r(&seed) % (round % 2 == 0 ? 5000 : 2000000000);
        number_format(day, ordinal, number);
        for (const char *at = number; *at != '\0'; at++)
            if (*at != '-')
                bare[strlen(bare)] = *at;
        int32_t day_back;
        uint64_t ordinal_back;
        cr_assert_eq(number_parse(span_of_string(number), &day_back, &ordinal_back), NUMBER_OK);
        cr_assert(day_back == day && ordinal_back == ordinal, "%s", number);
        cr_assert_eq(number_parse(span_of_string(bare), &day_back, &ordinal_back), NUMBER_OK);
        cr_assert(day_back == day && ordinal_back == ordinal, "%s", bare);
    }
}

/* Neighbours, those of the next hundred, with one digit more, of another day, and far ones. */
Test(number, a_kept_stem_makes_no_difference)
{
    static const uint64_t ordinals[] = {1,      2,      99,      100,     101,     199, 200,
                                        999999, 999900, 1000000, 1000099, 1000100, 123, 124};
    struct number_stem stem = {.bytes = 0};
    for (int32_t day = 0; day < 3; day++)
        for (size_t i = 0; i < sizeof ordinals / sizeof ordinals[0]; i++)
            for (int32_t other = 0; other < 2; other++) {
                char expected[NUMBER_BYTES_MAX];
                char number[NUMBER_BYTES_MAX];
                size_t bytes = number_format(day + other, ordinals[i], expected);
                cr_assert_eq(number_format_on(&stem, day + other, ordinals[i], number), bytes);
                cr_assert_str_eq(number, expected);
            }
}

Test(number, dates_are_those_of_the_calendar)
{
    for (int32_t day = 0; day < 60000; day++) {
        char number[NUMBER_BYTES_MAX];
        char date[16];
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        strftime(date, sizeof date, "%Y%m%d", &tm);
        number_format(day, 1, number);
        cr_assert(strncmp(number, date, 8) == 0, "%s is not %s", number, date);
    }
}

Test(number, every_single_wrong_digit_is_noticed)
{
    for (uint64_t ordinal = 1; ordinal < 3000000; ordinal = ordinal * 3 + 1)
        for (int32_t day = DAY_OF_2026_11_24; day < DAY_OF_2026_11_24 + 40; day++) {
            char number[NUMBER_BYTES_MAX];
            size_t bytes = number_format(day, ordinal, number);
            for (size_t i = 0; i < bytes; i++) {
                char right = number[i];
                for (char digit = '0'; right != '-' && digit <= '9'; digit++) {
                    number[i] = digit;
                    cr_assert_eq(parse(number) == NUMBER_OK, digit == right, "%s", number);
                }
                number[i] = right;
            }
        }
}

Test(number, nearly_all_swaps_of_neighbours_are_noticed)
{
    uint32_t swaps = 0;
    uint32_t missed = 0;
    for (uint64_t ordinal = 1; ordinal <= 500; ordinal++)
        for (int32_t day = DAY_OF_2026_11_24; day < DAY_OF_2026_11_24 + 40; day++) {
            char number[NUMBER_BYTES_MAX];
            size_t bytes = number_format(day, ordinal, number);
            for (size_t i = 0; i + 1 < bytes; i++) {
                char left = number[i];
                char right = number[i + 1];
                if (left == right || left == '-' || right == '-')
                    continue;
                number[i] = right;
                number[i + 1] = left;
                swaps++;
                missed += parse(number) == NUMBER_OK;
                number[i] = left;
                number[i + 1] = right;
            }
        }
    fprintf(stderr, "%u of %u swaps missed\n", missed, swaps);
    cr_expect(missed * 100 < swaps, "more than 1 %%");
}

/* Appends the check digit, so that only what is tried can be wrong. */
static enum number_fault parse_with_check(const char *digits)
{
    char number[64];
    sprintf(number, "%s%d", digits, slow_check_digit(digits));
    return parse(number);
}

Test(number, what_is_no_number_is_said_to_be_what_it_is)
{
    cr_expect_eq(parse(""), NUMBER_SHAPE);
    cr_expect_eq(parse("-"), NUMBER_SHAPE);
    cr_expect_eq(parse("20261124"), NUMBER_SHAPE);
    cr_expect_eq(parse("20261124-000123-x"), NUMBER_SHAPE);
    cr_expect_eq(parse("２0261124-000123-7"), NUMBER_SHAPE);
    cr_expect_eq(parse_with_check("2026112400012"), NUMBER_SHAPE);
    cr_expect_eq(parse_with_check("20261124000123"), NUMBER_OK);
    cr_expect_eq(parse_with_check("202611240000123"), NUMBER_SHAPE, "a zero too many");
    cr_expect_eq(parse_with_check("20261124000000"), NUMBER_SHAPE, "ordinals begin with 1");
    cr_expect_eq(parse_with_check("20261124999999999999999"), NUMBER_OK);
    cr_expect_eq(parse_with_check("202611249999999999999991"), NUMBER_SHAPE);
    static const char *const days[] = {"20260230", "20250229", "19000101", "20261301",
                                       "20260001", "20260100", "20260132", "20260431"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        char digits[32];
        sprintf(digits, "%s000001", days[i]);
        cr_expect_eq(parse_with_check(digits), NUMBER_DATE, "%s", digits);
    }
    cr_expect_eq(parse_with_check("20240229000001"), NUMBER_OK);
    cr_expect_eq(parse_with_check("20000229000001"), NUMBER_OK);
    cr_expect_eq(parse_with_check("99991231000001"), NUMBER_OK);
}

Test(number, no_ticket_is_the_noughth, .signal = SIGABRT)
{
    char number[NUMBER_BYTES_MAX];
    number_format(DAY_OF_2026_11_24, 0, number);
}
