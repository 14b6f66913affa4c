/* Days: counted as the C library counts them, and read as people and spreadsheets write them. */
#include "domain/city/date.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

enum { DAY_OF_2026_11_24 = 20781, DAY_OF_2018_01_01 = 17532 };

Test(date, days_begin_at_midnight_in_china)
{
    const int64_t hour = 3600 * 1000;
    int64_t midnight = (int64_t)DAY_OF_2026_11_24 * 24 * hour - 8 * hour;
    cr_expect_eq(ms_of_day(DAY_OF_2026_11_24), midnight);
    cr_expect_eq(day_of_ms(midnight), DAY_OF_2026_11_24);
    cr_expect_eq(day_of_ms(midnight - 1), DAY_OF_2026_11_24 - 1);
    cr_expect_eq(minute_of_ms(midnight), 0);
    cr_expect_eq(minute_of_ms(midnight - 1), 23 * 60 + 59);
    cr_expect_eq(minute_of_ms(midnight + 13 * hour + 1), 13 * 60);
    cr_expect_eq(minute_of_ms(midnight + 13 * hour - 1), 12 * 60 + 59);
    cr_expect_eq(day_of_ms(0), 0);
    cr_expect_eq(minute_of_ms(0), 8 * 60);
    cr_expect_eq(day_of_ms(-8 * hour - 1), -1);
    cr_expect_eq(minute_of_ms(-8 * hour - 1), 23 * 60 + 59);
}

/* From 1833 to 2299, over leap years that are and that are not. */
Test(date, days_are_those_of_the_c_library)
{
    for (int32_t day = -50000; day < 120000; day++) {
        char expected[32];
        char text[DATE_BYTES_MAX];
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        int32_t back;
        gmtime_r(&seconds, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%d", &tm);
        date_format(day, text);
        cr_assert_str_eq(text, expected);
        cr_assert_eq(weekday_of_day(day), tm.tm_wday == 0 ? 7U : (uint32_t)tm.tm_wday);
        cr_assert(day_of_date(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, &back));
        cr_assert_eq(back, day);
        cr_assert_eq(date_parse(span_of_string(text), &back), DATE_OK);
        cr_assert_eq(back, day);
    }
}

Test(date, what_no_year_has_is_no_day)
{
    static const int32_t none[][3] = {{2026, 2, 29}, {2026, 2, 30}, {1900, 2, 29}, {2026, 4, 31},
                                      {2026, 0, 1},  {2026, 13, 1}, {2026, 1, 0},  {2026, 1, 32},
                                      {0, 1, 1},     {10000, 1, 1}, {-1, 1, 1}};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        int32_t day = 7;
        cr_expect(!day_of_date(none[i][0], none[i][1], none[i][2], &day) && day == 7, "%zu", i);
    }
    int32_t day;
    char text[DATE_BYTES_MAX];
    cr_assert(day_of_date(1, 1, 1, &day));
    date_format(day, text);
    cr_expect_str_eq(text, "0001-01-01");
    cr_assert(day_of_date(9999, 12, 31, &day));
    date_format(day, text);
    cr_expect_str_eq(text, "9999-12-31");
}

Test(date, dates_are_read_as_they_are_written_here)
{
    static const char *const texts[] = {"2018-01-01", "2018-1-1",     "2018/1/1",      "2018/01/01",
                                        "2018.1.1",   "2018年1月1日", "2018年01月01日"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int32_t day = 0;
        cr_expect_eq(date_parse(span_of_string(texts[i]), &day), DATE_OK, "%s", texts[i]);
        cr_expect_eq(day, DAY_OF_2018_01_01, "%s", texts[i]);
    }
}

Test(date, what_became_of_a_date_is_known)
{
    static const struct {
        const char *text;
        enum date_fault fault;
    } spoilt[] = {
        {"", DATE_NONE},
        {"-", DATE_NONE},
        {"monday", DATE_NONE},
        {"march", DATE_NONE},
        {"2018", DATE_NONE},
        {"20180101", DATE_NONE},
        {"2018-01", DATE_NONE},
        {"2018-01/01", DATE_NONE},
        {"2018-01-01-", DATE_NONE},
        {"2018-001-01", DATE_NONE},
        {"2018-01-001", DATE_NONE},
        {"02018-01-01", DATE_NONE},
        {"201-01-01", DATE_NONE},
        {"-2018-01-01", DATE_NONE},
        {"１-1-1", DATE_NONE},
        {"99999999999999999999", DATE_NONE},
        {"2018--01-01", DATE_NONE},
        {"2018年1月1", DATE_NONE},
        {"1-2018-1", DATE_NONE},
        {"2018-02-29", DATE_NO_DAY},
        {"2018/13/1", DATE_NO_DAY},
        {"0000-01-01", DATE_NO_DAY},
        {"43101", DATE_SERIAL},
        {"32873", DATE_NONE},
        {"73051", DATE_NONE},
        {"43101.5", DATE_NONE},
        {"1-Jan-18", DATE_MONTH},
        {"Jan 1, 2018", DATE_MONTH},
        {"01-DEC-2018", DATE_MONTH},
        {"1/2/2018", DATE_NO_ORDER},
        {"01/02/18", DATE_NO_ORDER},
        {"18-1-2", DATE_NO_ORDER},
        {"1月2日", DATE_NO_YEAR},
        {"2018/1/1 0:00", DATE_TIME},
        {"2018-01-01T00:00:00", DATE_TIME},
    };
    for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
        int32_t day = 7;
        enum date_fault fault = date_parse(span_of_string(spoilt[i].text), &day);
        cr_expect_eq(fault, spoilt[i].fault, "%s is %d", spoilt[i].text, fault);
        cr_expect_eq(day, 7);
    }
}

Test(date, a_moment_is_read_as_it_is_written)
{
    const int64_t minute = 60 * 1000;
    char text[MOMENT_BYTES_MAX];
    int64_t ms;
    for (int64_t of_day = 0; of_day < 24 * 60; of_day++) {
        int64_t expected = ms_of_day(DAY_OF_2026_11_24) + of_day * minute;
        moment_format(expected + minute - 1, text);
        cr_assert(moment_parse(span_of_string(text), &ms), "%s", text);
        cr_assert_eq(ms, expected);
    }
    cr_expect_str_eq(text, "2026-11-24T23:59");
    cr_assert(moment_parse(span_of_string("2026-11-24 23:59"), &ms));
    cr_expect_eq(day_of_ms(ms), (int32_t)DAY_OF_2026_11_24);
}

Test(date, what_is_no_moment_is_not_read)
{
    static const char *const none[] = {"",
                                       "2026-11-24",
                                       "2026-11-24T9:00",
                                       "2026-11-24T24:00",
                                       "2026-11-24T09:60",
                                       "2026-11-24T09.00",
                                       "2026-11-24t09:00",
                                       "2026-02-30T09:00",
                                       "2026-11-24T0a:00",
                                       "2026-11-24T09:0 ",
                                       "2026-11-24T09:00:00",
                                       "1970-01-01T08:00",
                                       "1969-12-31T23:59",
                                       "9:00 2026-11-24 "};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        int64_t ms = 7;
        cr_expect(!moment_parse(span_of_string(none[i]), &ms) && ms == 7, "%s", none[i]);
    }
}
