/* calendar - working days, day by day, and the deadlines that are counted in them.
 *
 *   calendar.csv   date, kind, name     one row a day, without gaps: 2026-02-14,makeup,春节
 *                  kind: workday, weekend, holiday, makeup (a weekend day that is worked, 调休)
 *
 * The State Council announces a year's holidays in the November before. Beyond the days of the
 * table, on either side, Monday to Friday are taken as working days, and what is counted over them
 * is provisional. It stays what it is once the next year is announced: a deadline is stored as the
 * moment that was told, and a table that knows more days counts for what is decided by it.
 *
 * Counting, as 次日起 in DOMAIN's sources: the day of receipt is day 0, and the deadline is the end
 * of the n-th working day after it, whatever day 0 was. A deadline is the first millisecond that is
 * late, the half-open way: 7 working days that end on 2026-03-02 are due at 2026-03-03 00:00.
 * Natural limits (minutes, hours) run day and night. Days are numbered as in date.h.
 *
 * Immutable once loaded; any thread.
 */
#ifndef DOMAIN_CITY_CALENDAR_H
#define DOMAIN_CITY_CALENDAR_H

#include "domain/city/folder.h"
#include "domain/words.h"

enum day_kind { DAY_NONE, DAY_WORKDAY, DAY_WEEKEND, DAY_HOLIDAY, DAY_MAKEUP, DAY_KIND_COUNT };

extern const struct word_list day_kind_words;

struct calendar;

/* Reads DIR/calendar.csv; all that is wrong goes to diag, and the calendar is usable only if
 * nothing was added. NULL where it cannot be read at all. Lives as long as the arena. */
const struct calendar *calendar_load(struct folder folder, struct arena *arena, struct diag *diag);

/* The file as it was read. */
struct span calendar_source(const struct calendar *calendar);

/* Does the table have the day, so that it is not guessed? */
bool calendar_knows(const struct calendar *calendar, int32_t day);

/* Beyond the table weekday or weekend. */
enum day_kind calendar_kind(const struct calendar *calendar, int32_t day);

bool calendar_is_working(const struct calendar *calendar, int32_t day);

/* The n-th working day after a day; n is at least 1. */
int32_t calendar_add(const struct calendar *calendar, int32_t day, uint32_t working_days);

/* The inverse: the working day from which `day` is the n-th; where `day` is no working day, the
 * next one stands for it. All days from the returned one up to the next working day have the same
 * deadline, so it is the first of those that have it. */
int32_t calendar_subtract(const struct calendar *calendar, int32_t day, uint32_t working_days);

/* 假日 on a holiday by the table, else 常规; 应急 is for the desk alone to choose. */
enum regime calendar_regime(const struct calendar *calendar, int32_t day);

/* -- limits -------------------------------------------------------------------------------- */

/* 7wd, 24h, 30min; count 0: no limit. */
struct time_limit {
    bool natural;   /* minutes, day and night; else working days */
    uint32_t count; /* of minutes or working days */
};

enum {
    TIME_LIMIT_WORKING_DAYS_MAX = 250,
    TIME_LIMIT_MINUTES_MAX = 60 * 24 * 60,
    TIME_LIMIT_BYTES_MAX = 16
};

/* From its text; false where it is none, or none that anybody can mean: 0, or beyond the most. */
MUST_CHECK bool time_limit_parse(struct span text, struct time_limit *limit);

/* Into a buffer of TIME_LIMIT_BYTES_MAX; returns its length, 0 for no limit. */
size_t time_limit_format(struct time_limit limit, char *text);

/* The moment from which it is late; 0 for no limit. Sets *provisional where working days are
 * counted over a day that the table does not have, and else leaves it alone. */
int64_t calendar_due_ms(const struct calendar *calendar, int64_t from_ms, struct time_limit limit,
                        bool *provisional);

#endif
