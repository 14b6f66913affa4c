#include "domain/city/calendar.h"

#include "base/decimal.h"
#include "domain/city/date.h"

#include <stdio.h>

static const char *const header[] = {"date", "kind", "name"};
enum { COLUMNS = sizeof header / sizeof header[0] };

enum { MINUTE_MS = 60 * 1000, MINUTES_PER_HOUR = 60, WORKDAYS_PER_WEEK = 5 };

static const char *const kind_names[] = {"", "workday", "weekend", "holiday", "makeup"};
_Static_assert(sizeof kind_names / sizeof kind_names[0] == DAY_KIND_COUNT, "a name for each kind");
static const char *const kind_labels[] = {"", "工作日", "周末", "节假日", "调休上班"};
const struct word_list day_kind_words = {
    .what = "kind of day", .names = kind_names, .labels = kind_labels, .count = DAY_KIND_COUNT};

/* Working days have ranks: how many there are from the table's first day up to them, negative
 * before it. Inside the table both ways are looked up, outside they are computed from weeks, so
 * that no count takes longer for being large. */
struct calendar {
    struct span source;
    int32_t first, limit;    /* days of the table */
    const uint8_t *kinds;    /* enum day_kind, from the first day on */
    const int32_t *ranks;    /* of each day, and of the limit */
    const int32_t *workdays; /* the working days of the table, by rank */
};

/* -- reading ----------------------------------------------------------------------------------- */

/* A spreadsheet spoils the dates of a whole column, and of those one finding says more than a
 * thousand. */
struct spoilt {
    struct cell first;
    uint32_t rows;
};

struct reading {
    const struct sheet *sheet;
    struct diag *diag;
    struct spoilt spoilt[DATE_FAULT_COUNT];
    bool begun;   /* a date has been read */
    int32_t next; /* the day that belongs into the next row, once begun */
    int32_t first;
    uint8_t *kinds;
    uint32_t rows;
};

static void complain_of_spoilt(const struct reading *reading)
{
    for (uint32_t fault = DATE_SERIAL; fault < DATE_FAULT_COUNT; fault++) {
        const struct spoilt *spoilt = &reading->spoilt[fault];
        char more[48] = "";
        if (spoilt->rows > 1)
            snprintf(more, sizeof more, " (and so in %u more rows)", spoilt->rows - 1);
        if (spoilt->rows > 0)
            sheet_complain(reading->sheet, spoilt->first, reading->diag, "'%.*s' %s%s",
                           SPAN_ARG(spoilt->first.text), date_fault_text((enum date_fault)fault),
                           more);
    }
}

static bool read_date(struct reading *reading, struct cell cell, int32_t *day)
{
    enum date_fault fault = date_parse(cell.text, day);
    if (fault == DATE_OK)
        return true;
    struct spoilt *spoilt = &reading->spoilt[fault];
    if (fault < DATE_SERIAL)
        sheet_complain(reading->sheet, cell, reading->diag, "'%.*s' %s", SPAN_ARG(cell.text),
                       date_fault_text(fault));
    else if (spoilt->rows++ == 0)
        spoilt->first = cell;
    return false;
}

static void check_order(const struct reading *reading, struct cell cell, int32_t day)
{
    char expected[DATE_BYTES_MAX];
    if (day == reading->next)
        return;
    date_format(reading->next, expected);
    sheet_complain(reading->sheet, cell, reading->diag, "the next day is %s; %s", expected,
                   day > reading->next ? "there is one row a day, without gaps"
                                       : "this one stands here already, or too late");
}

static void check_weekday(const struct reading *reading, struct cell cell, int32_t day,
                          enum day_kind kind)
{
    static const char *const names[] = {"",         "Monday", "Tuesday",  "Wednesday",
                                        "Thursday", "Friday", "Saturday", "Sunday"};
    uint32_t weekday = weekday_of_day(day);
    bool weekend = weekday > WORKDAYS_PER_WEEK;
    const char *right = kind == DAY_WORKDAY && weekend    ? "a weekend day that is worked is makeup"
                        : kind == DAY_WEEKEND && !weekend ? "a weekday that is free is a holiday"
                        : kind == DAY_MAKEUP && !weekend  ? "a weekday that is worked is a workday"
                                                          : NULL;
    if (right != NULL)
        sheet_complain(reading->sheet, cell, reading->diag, "the day is a %s; %s", names[weekday],
                       right);
}

static enum day_kind read_kind(const struct reading *reading, struct cell cell)
{
    enum day_kind kind = word_find(&day_kind_words, cell.text);
    if (kind == DAY_NONE)
        sheet_complain(reading->sheet, cell, reading->diag,
                       "'%.*s' is no kind of day; they are workday, weekend, holiday, makeup",
                       SPAN_ARG(cell.text));
    return kind;
}

static void read_row(struct reading *reading, const struct sheet_row *row)
{
    int32_t day;
    bool dated = read_date(reading, row->cells[0], &day);
    enum day_kind kind = read_kind(reading, row->cells[1]);
    reading->kinds[reading->rows++] = (uint8_t)kind;
    if (dated) {
        if (reading->begun)
            check_order(reading, row->cells[0], day);
        else
            reading->first = day;
        check_weekday(reading, row->cells[1], day, kind);
        reading->begun = true;
        reading->next = day;
    }
    reading->next++; /* a date that cannot be read is taken for the one that belongs there */
}

static bool works(enum day_kind kind)
{
    return kind == DAY_WORKDAY || kind == DAY_MAKEUP;
}

static void rank_days(struct calendar *calendar, struct arena *arena)
{
    uint32_t days = (uint32_t)(calendar->limit - calendar->first);
    int32_t *ranks = arena_take(arena, (days + 1) * sizeof *ranks);
    int32_t *workdays = arena_take(arena, days * sizeof *workdays);
    int32_t rank = 0;
    for (uint32_t i = 0; i < days; i++) {
        ranks[i] = rank;
        if (works(calendar->kinds[i]))
            workdays[rank++] = calendar->first + (int32_t)i;
    }
    ranks[days] = rank;
    calendar->ranks = ranks;
    calendar->workdays = workdays;
}

const struct calendar *calendar_load(struct folder folder, struct arena *arena, struct diag *diag)
{
    struct sheet sheet;
    if (folder_read(folder, "calendar.csv", arena, diag, &sheet) != OK ||
        !sheet_has_header(&sheet, header, COLUMNS, diag))
        return NULL;
    struct reading reading = {.sheet = &sheet, .diag = diag};
    reading.kinds = arena_take(arena, sheet.count);
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_row(&reading, &sheet.rows[i]);
    complain_of_spoilt(&reading);
    if (sheet.count == 1)
        diag_add(diag, sheet.path, 0, 0, "has no days; one row a day, such as 2026-02-14,makeup,");
    struct calendar *calendar = arena_take(arena, sizeof *calendar);
    *calendar = (struct calendar){
        .source = sheet.source,
        .first = reading.first,
        .limit = reading.first + (int32_t)reading.rows,
        .kinds = reading.kinds,
    };
    rank_days(calendar, arena);
    return calendar;
}

struct span calendar_source(const struct calendar *calendar)
{
    return calendar->source;
}

/* -- days -------------------------------------------------------------------------------------- */

static int32_t floor_divide(int32_t value, int32_t by)
{
    return value / by - (value % by < 0);
}

/* Weeks begin on Mondays; that of 1970-01-01 on day -3. */
enum { A_MONDAY = -3, DAYS_PER_WEEK = 7 };

/* How many days from Monday to Friday there are in [A_MONDAY, day), negative before. */
static int32_t weekdays_before(int32_t day)
{
    int32_t weeks = floor_divide(day - A_MONDAY, DAYS_PER_WEEK);
    int32_t rest = day - A_MONDAY - weeks * DAYS_PER_WEEK;
    return weeks * WORKDAYS_PER_WEEK + (rest < WORKDAYS_PER_WEEK ? rest : WORKDAYS_PER_WEEK);
}

/* The day from Monday to Friday that has so many before it. */
static int32_t weekday_at(int32_t before)
{
    int32_t weeks = floor_divide(before, WORKDAYS_PER_WEEK);
    return A_MONDAY + weeks * DAYS_PER_WEEK + before - weeks * WORKDAYS_PER_WEEK;
}

bool calendar_knows(const struct calendar *calendar, int32_t day)
{
    return day >= calendar->first && day < calendar->limit;
}

enum day_kind calendar_kind(const struct calendar *calendar, int32_t day)
{
    if (calendar_knows(calendar, day))
        return calendar->kinds[day - calendar->first];
    return weekday_of_day(day) <= WORKDAYS_PER_WEEK ? DAY_WORKDAY : DAY_WEEKEND;
}

bool calendar_is_working(const struct calendar *calendar, int32_t day)
{
    return works(calendar_kind(calendar, day));
}

/* Of a working day; any other day has that of the next. */
static int32_t rank_of(const struct calendar *calendar, int32_t day)
{
    if (day < calendar->first)
        return weekdays_before(day) - weekdays_before(calendar->first);
    if (day <= calendar->limit)
        return calendar->ranks[day - calendar->first];
    return calendar->ranks[calendar->limit - calendar->first] + weekdays_before(day) -
           weekdays_before(calendar->limit);
}

static int32_t workday_at(const struct calendar *calendar, int32_t rank)
{
    int32_t limit = calendar->ranks[calendar->limit - calendar->first];
    if (rank < 0)
        return weekday_at(weekdays_before(calendar->first) + rank);
    if (rank < limit)
        return calendar->workdays[rank];
    return weekday_at(weekdays_before(calendar->limit) + rank - limit);
}

int32_t calendar_add(const struct calendar *calendar, int32_t day, uint32_t working_days)
{
    return workday_at(calendar, rank_of(calendar, day + 1) + (int32_t)working_days - 1);
}

int32_t calendar_subtract(const struct calendar *calendar, int32_t day, uint32_t working_days)
{
    return workday_at(calendar, rank_of(calendar, day) - (int32_t)working_days);
}

enum regime calendar_regime(const struct calendar *calendar, int32_t day)
{
    return calendar_kind(calendar, day) == DAY_HOLIDAY ? REGIME_HOLIDAY : REGIME_NORMAL;
}

/* -- limits ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    bool natural;
    uint32_t size, count_max;
} units[] = {
    {"wd", false, 1, TIME_LIMIT_WORKING_DAYS_MAX},
    {"h", true, MINUTES_PER_HOUR, TIME_LIMIT_MINUTES_MAX / MINUTES_PER_HOUR},
    {"min", true, 1, TIME_LIMIT_MINUTES_MAX},
};

/* Digits at the front, at most five and without leading zeros; 0 where there are none. */
static uint32_t take_count(struct span *text)
{
    enum { DIGITS_MAX = 5 };
    uint32_t count = 0;
    size_t at = 0;
    while (at < text->bytes && at < DIGITS_MAX && text->data[at] >= '0' + (at == 0) &&
           text->data[at] <= '9')
        count = count * 10 + text->data[at++] - '0';
    *text = span_of(text->data + at, text->bytes - at);
    return count;
}

bool time_limit_parse(struct span text, struct time_limit *limit)
{
    uint32_t count = take_count(&text);
    for (size_t i = 0; count > 0 && i < sizeof units / sizeof units[0]; i++)
        if (span_is(text, units[i].name) && count <= units[i].count_max) {
            *limit = (struct time_limit){units[i].natural, count * units[i].size};
            return true;
        }
    return false;
}

size_t time_limit_format(struct time_limit limit, char *text)
{
    bool hours = limit.natural && limit.count % MINUTES_PER_HOUR == 0;
    const char *unit = hours ? "h" : limit.natural ? "min" : "wd";
    text[0] = '\0';
    if (limit.count == 0)
        return 0;
    char *end = put_decimal(text, hours ? limit.count / MINUTES_PER_HOUR : limit.count, 1);
    while ((*end = *unit++) != '\0')
        end++;
    return (size_t)(end - text);
}

int64_t calendar_due_ms(const struct calendar *calendar, int64_t from_ms, struct time_limit limit,
                        bool *provisional)
{
    if (limit.count == 0)
        return 0;
    if (limit.natural)
        return from_ms + (int64_t)limit.count * MINUTE_MS;
    int32_t first = day_of_ms(from_ms) + 1;
    int32_t last = calendar_add(calendar, first - 1, limit.count);
    if (!calendar_knows(calendar, first) || !calendar_knows(calendar, last))
        *provisional = true;
    return ms_of_day(last + 1);
}
