/* date - days as numbers, and as people and spreadsheets write them.
 *
 * A day is numbered from 1970-01-01, which is 0. Days are China's: UTC+8, no summer time since
 * 1991. Years have four digits.
 */
#ifndef DOMAIN_CITY_DATE_H
#define DOMAIN_CITY_DATE_H

#include "base/err.h"
#include "base/span.h"

enum { DATE_BYTES_MAX = 16, MOMENT_BYTES_MAX = DATE_BYTES_MAX + 6 };

/* The day of a moment. */
int32_t day_of_ms(int64_t ms);

/* Minute of the day, 0 to 1439. */
uint32_t minute_of_ms(int64_t ms);

/* The first moment of a day. */
int64_t ms_of_day(int32_t day);

/* 1 for Monday, to 7. */
uint32_t weekday_of_day(int32_t day);

/* False where there is no such day, such as 30 February, or the year is not of 1 to 9999. */
MUST_CHECK bool day_of_date(int32_t year, int32_t month, int32_t month_day, int32_t *day);

void date_of_day(int32_t day, int32_t *year, int32_t *month, int32_t *month_day);

/* Writes 2026-02-14 with its NUL. */
void date_format(int32_t day, char text[DATE_BYTES_MAX]);

/* Writes 2026-02-14T09:30 with its NUL: the minute of a moment. */
void moment_format(int64_t ms, char text[MOMENT_BYTES_MAX]);

/* Reads 2026-02-14T09:30, with a blank for the T too; false for all else, and for what is not
 * behind the beginning of 1970, since 0 is where no moment is said. */
MUST_CHECK bool moment_parse(struct span text, int64_t *ms);

enum date_fault {
    DATE_OK,
    DATE_NONE,     /* no date in any reading */
    DATE_NO_DAY,   /* such as 2026-02-30 */
    DATE_SERIAL,   /* 43101: the number that a spreadsheet keeps for 2018-01-01 */
    DATE_MONTH,    /* 1-Jan-18: the month in letters */
    DATE_NO_ORDER, /* 1/2/2018, 18-1-2: which is the year, the month, the day? */
    DATE_NO_YEAR,  /* 1月2日 */
    DATE_TIME,     /* 2018/1/1 0:00 */
    DATE_FAULT_COUNT,
};

/* Those from DATE_SERIAL on are what spreadsheets make of a whole column of dates. Reads
 * 2018-01-01, 2018/1/1, 2018.1.1 and 2018年1月1日. *day is set for DATE_OK alone. */
MUST_CHECK enum date_fault date_parse(struct span text, int32_t *day);

/* What is wrong, and what would be right: "is no date; write it as 2026-02-14". Not of DATE_OK. */
const char *date_fault_text(enum date_fault fault);

#endif
