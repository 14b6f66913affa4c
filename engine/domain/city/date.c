#include "domain/city/date.h"

#include "base/check.h"

#include <stdio.h>
#include <strings.h>

enum {
    CHINA_OFFSET_MS = 8 * 3600 * 1000,
    DAY_MS = 24 * 3600 * 1000,
    HOUR_MS = 3600 * 1000,
    MINUTE_MS = 60 * 1000,
    SERIAL_MIN = 32874,     /* 1990-01-01; spreadsheets count days from the end of 1899 */
    SERIAL_LIMIT = 73051,   /* 2100-01-01 */
    YEAR_SHOWN_MAX = 99999, /* the day after the last that is read has a name too */
};

/* -- days -------------------------------------------------------------------------------------- */

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

int32_t day_of_ms(int64_t ms)
{
    return (int32_t)floor_divide(ms + CHINA_OFFSET_MS, DAY_MS);
}

uint32_t minute_of_ms(int64_t ms)
{
    int64_t local = ms + CHINA_OFFSET_MS;
    return (uint32_t)((local - floor_divide(local, DAY_MS) * DAY_MS) / MINUTE_MS);
}

int64_t ms_of_day(int32_t day)
{
    return (int64_t)day * DAY_MS - CHINA_OFFSET_MS;
}

uint32_t weekday_of_day(int32_t day)
{
    int64_t from_monday = (int64_t)day + 3; /* 1970-01-01 was a Thursday */
    return (uint32_t)(from_monday - floor_divide(from_monday, 7) * 7) + 1;
}

/* Days from 1970-01-01 of a date in the Gregorian calendar, by counting years that begin in March,
 * so that the leap day is the last of its year. */
static int32_t count_days(int32_t year, int32_t month, int32_t month_day)
{
    year -= month <= 2;
    int32_t era = year / 400;
    int32_t year_of_era = year - era * 400;
    int32_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + month_day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void date_of_day(int32_t day, int32_t *year, int32_t *month, int32_t *month_day)
{
    int32_t days = day + 719468;
    int32_t era = days / 146097;
    int32_t day_of_era = days - era * 146097;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t shifted = (5 * day_of_year + 2) / 153;
    *month_day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted + (shifted < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

bool day_of_date(int32_t year, int32_t month, int32_t month_day, int32_t *day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || month_day < 1 || month_day > 31)
        return false;
    int32_t days = count_days(year, month, month_day);
    int32_t back[3];
    date_of_day(days, &back[0], &back[1], &back[2]);
    if (back[1] != month || back[2] != month_day)
        return false;
    *day = days;
    return true;
}

void date_format(int32_t day, char text[DATE_BYTES_MAX])
{
    int32_t year;
    int32_t month;
    int32_t month_day;
    date_of_day(day, &year, &month, &month_day);
    CHECK(year >= 0 && year <= YEAR_SHOWN_MAX);
    snprintf(text, DATE_BYTES_MAX, "%04d-%02u-%02u", year, (unsigned)month & 15,
             (unsigned)month_day & 31);
}

void moment_format(int64_t ms, char text[MOMENT_BYTES_MAX])
{
    int32_t day = day_of_ms(ms);
    unsigned minutes = (unsigned)((ms - ms_of_day(day)) / MINUTE_MS);
    date_format(day, text);
    size_t used = strlen(text);
    snprintf(text + used, MOMENT_BYTES_MAX - used, "T%02u:%02u", minutes / 60 % 24, minutes % 60);
}

/* -- text -------------------------------------------------------------------------------------- */

enum { NUMBERS_MAX = 3, DIGITS_MAX = 5 };

/* Numbers and what stands behind each of them; enough of a text to see how it is meant. */
struct parts {
    int32_t numbers[NUMBERS_MAX];
    size_t digits[NUMBERS_MAX];
    struct span behind[NUMBERS_MAX];
    uint32_t count;
};

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* Takes as many numbers as there are, up to three; what is behind the last is all the rest. */
static struct parts split(struct span text)
{
    struct parts parts = {.count = 0};
    size_t at = 0;
    while (at < text.bytes && is_digit(text.data[at]) && parts.count < NUMBERS_MAX) {
        uint32_t i = parts.count++;
        for (; at < text.bytes && is_digit(text.data[at]); at++)
            if (parts.digits[i]++ < DIGITS_MAX)
                parts.numbers[i] = parts.numbers[i] * 10 + text.data[at] - '0';
        size_t behind = at;
        while (at < text.bytes && !is_digit(text.data[at]))
            at++;
        if (parts.count == NUMBERS_MAX)
            at = text.bytes;
        parts.behind[i] = span_of(text.data + behind, at - behind);
    }
    return parts;
}

static bool has_marks(const struct parts *parts, const char *first, const char *second,
                      const char *third)
{
    return parts->count == 3 && span_is(parts->behind[0], first) &&
           span_is(parts->behind[1], second) && span_is(parts->behind[2], third);
}

static bool is_written_with_marks(const struct parts *parts)
{
    return has_marks(parts, "-", "-", "") || has_marks(parts, "/", "/", "") ||
           has_marks(parts, ".", ".", "") || has_marks(parts, "年", "月", "日");
}

static bool names_month(struct span text)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    for (size_t i = 0; i + 3 <= text.bytes; i++)
        for (size_t m = 0; m < sizeof months / sizeof months[0]; m++)
            if (strncasecmp((const char *)text.data + i, months[m], 3) == 0)
                return true;
    return false;
}

static bool has_digit(struct span text)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (is_digit(text.data[i]))
            return true;
    return false;
}

/* It is not of the forms that are read: what has a spreadsheet, or somebody, made of a date? */
static enum date_fault explain(struct span text, const struct parts *parts)
{
    if (names_month(text) && has_digit(text))
        return DATE_MONTH;
    if (parts->count == 1 && parts->behind[0].bytes == 0 && parts->numbers[0] >= SERIAL_MIN &&
        parts->numbers[0] < SERIAL_LIMIT)
        return DATE_SERIAL;
    if (parts->count == 2 && span_is(parts->behind[0], "月") && span_is(parts->behind[1], "日"))
        return DATE_NO_YEAR;
    if (parts->count == 3 && parts->digits[0] == 4 && parts->behind[2].bytes > 0 &&
        (parts->behind[2].data[0] == ' ' || parts->behind[2].data[0] == 'T'))
        return DATE_TIME;
    return DATE_NONE;
}

enum date_fault date_parse(struct span text, int32_t *day)
{
    struct parts parts = split(text);
    if (!is_written_with_marks(&parts))
        return explain(text, &parts);
    if (parts.digits[0] <= 2)
        return parts.digits[1] <= 2 ? DATE_NO_ORDER : DATE_NONE;
    if (parts.digits[0] != 4 || parts.digits[1] > 2 || parts.digits[2] > 2)
        return DATE_NONE;
    bool exists = day_of_date(parts.numbers[0], parts.numbers[1], parts.numbers[2], day);
    return exists ? DATE_OK : DATE_NO_DAY;
}

#define TO_FORMAT "format the column as text, or as yyyy-mm-dd, and save it again"

const char *date_fault_text(enum date_fault fault)
{
    static const char *const texts[DATE_FAULT_COUNT] = {
        [DATE_NONE] = "is no date; write it as 2026-02-14",
        [DATE_NO_DAY] = "is a day that no year has",
        [DATE_SERIAL] = "is the number that a spreadsheet keeps for a date; " TO_FORMAT,
        [DATE_MONTH] = "is a date as some spreadsheets show it, the month in letters; " TO_FORMAT,
        [DATE_NO_ORDER] = "does not say which is the year, the month, the day; " TO_FORMAT,
        [DATE_NO_YEAR] = "is a date without its year; " TO_FORMAT,
        [DATE_TIME] = "is a date with a time of day, which a spreadsheet may add; " TO_FORMAT,
    };
    CHECK(fault > DATE_OK && fault < DATE_FAULT_COUNT);
    return texts[fault];
}

/* Two digits, or a number that is too large for any. */
static uint32_t two_digits(const uint8_t *text)
{
    return is_digit(text[0]) && is_digit(text[1]) ? (text[0] - '0') * 10U + (text[1] - '0') : 100;
}

bool moment_parse(struct span text, int64_t *ms)
{
    enum { DATE_BYTES = 10, MOMENT_BYTES = 16 };
    int32_t day;
    if (text.bytes != MOMENT_BYTES || (text.data[10] != 'T' && text.data[10] != ' ') ||
        text.data[13] != ':' || date_parse(span_of(text.data, DATE_BYTES), &day) != DATE_OK)
        return false;
    uint32_t hour = two_digits(text.data + 11);
    uint32_t minute = two_digits(text.data + 14);
    if (hour > 23 || minute > 59)
        return false;
    int64_t moment = ms_of_day(day) + (int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS;
    if (moment <= 0)
        return false;
    *ms = moment;
    return true;
}
