/* Working days: Leshan's calendar, deadlines in it, and every mistake in the table.
 *
 * Deadlines are judged three times: by vectors that another implementation computed, by the
 * examples of people, and by a model that reads the table with scanf and walks day by day.
 */
#include "domain/city/calendar.h"
#include "domain/city/date.h"
#include "tests/support/city_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena *arena;
static struct diag *diag;
static const struct calendar *leshan;

static void set_up(void)
{
    arena = arena_create();
    diag = diag_create();
    leshan = calendar_load(folder_of("cities/leshan"), arena, diag);
    diag_print(diag, stderr);
    cr_assert(leshan != NULL && diag_count(diag) == 0);
}

static void tear_down(void)
{
    diag_destroy(&diag);
    arena_destroy(&arena);
}

TestSuite(calendar, .init = set_up, .fini = tear_down);

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    cr_assert_eq(date_parse(span_of_string(text), &day), DATE_OK, "%s", text);
    return day;
}

static const char *text_of(int32_t day)
{
    static char text[DATE_BYTES_MAX];
    date_format(day, text);
    return text;
}

/* -- the model --------------------------------------------------------------------------------- */

enum { MODEL_FIRST = 16800, MODEL_LIMIT = 21900 }; /* 2015-12-31 to 2029-12-17 */
static bool model[MODEL_LIMIT - MODEL_FIRST];

static bool slow_works(int32_t day)
{
    cr_assert(day >= MODEL_FIRST && day < MODEL_LIMIT);
    return model[day - MODEL_FIRST];
}

static void make_model(void)
{
    int year;
    int month;
    int month_day;
    char kind[16];
    for (int32_t day = MODEL_FIRST; day < MODEL_LIMIT; day++)
        model[day - MODEL_FIRST] = (day + 3) % 7 < 5;
    FILE *file = fopen("cities/leshan/calendar.csv", "r");
    cr_assert(file != NULL && fscanf(file, "date,kind,name\n") == 0);
    while (fscanf(file, "%d-%d-%d,%15[a-z],%*[^\n]", &year, &month, &month_day, kind) == 4) {
        int32_t day;
        cr_assert(day_of_date(year, month, month_day, &day));
        model[day - MODEL_FIRST] = strcmp(kind, "workday") == 0 || strcmp(kind, "makeup") == 0;
    }
    cr_assert(feof(file));
    fclose(file);
}

static int32_t slow_add(int32_t day, uint32_t working_days)
{
    while (working_days > 0)
        working_days -= slow_works(++day);
    return day;
}

/* -- days -------------------------------------------------------------------------------------- */

Test(calendar, leshan_has_the_days_of_nine_years)
{
    static const struct {
        const char *first, *last;
        uint32_t working;
    } years[] = {{"2024-01-01", "2024-12-31", 251},
                 {"2025-01-01", "2025-12-31", 248},
                 {"2026-01-01", "2026-12-31", 248}};
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
        uint32_t working = 0;
        for (int32_t day = day_of(years[i].first); day <= day_of(years[i].last); day++)
            working += calendar_is_working(leshan, day);
        cr_expect_eq(working, years[i].working, "%s: %u", years[i].first, working);
    }
    cr_expect(!calendar_knows(leshan, day_of("2017-12-31")));
    cr_expect(calendar_knows(leshan, day_of("2018-01-01")));
    cr_expect(calendar_knows(leshan, day_of("2026-12-31")));
    cr_expect(!calendar_knows(leshan, day_of("2027-01-01")));
    cr_expect(span_starts_with(calendar_source(leshan), span_of_string("date,kind,name\n2018-")));
}

Test(calendar, the_notice_of_2026_is_followed_to_the_day)
{
    static const char *const makeup[] = {"2026-01-04", "2026-02-14", "2026-02-28",
                                         "2026-05-09", "2026-09-20", "2026-10-10"};
    static const char *const holidays[][2] = {
        {"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"}, {"2026-04-04", "2026-04-06"},
        {"2026-05-01", "2026-05-05"}, {"2026-06-19", "2026-06-21"}, {"2026-09-25", "2026-09-27"},
        {"2026-10-01", "2026-10-07"}};
    for (int32_t day = day_of("2026-01-01"); day <= day_of("2026-12-31"); day++) {
        enum day_kind kind = weekday_of_day(day) <= 5 ? DAY_WORKDAY : DAY_WEEKEND;
        for (size_t i = 0; i < sizeof makeup / sizeof makeup[0]; i++)
            if (day == day_of(makeup[i]))
                kind = DAY_MAKEUP;
        for (size_t i = 0; i < sizeof holidays / sizeof holidays[0]; i++)
            if (day >= day_of(holidays[i][0]) && day <= day_of(holidays[i][1]))
                kind = DAY_HOLIDAY;
        cr_expect_eq(calendar_kind(leshan, day), kind, "%s", text_of(day));
        cr_expect_eq(calendar_is_working(leshan, day), kind == DAY_WORKDAY || kind == DAY_MAKEUP);
        cr_expect_eq(calendar_regime(leshan, day),
                     kind == DAY_HOLIDAY ? REGIME_HOLIDAY : REGIME_NORMAL);
    }
}

Test(calendar, outside_the_table_weekdays_work_and_nothing_is_a_holiday)
{
    static const char *const days[] = {"2017-10-01", "2017-12-31", "2027-01-01",
                                       "2027-10-02", "1969-12-27", "2199-05-01"};
    static const enum day_kind kinds[] = {DAY_WEEKEND, DAY_WEEKEND, DAY_WORKDAY,
                                          DAY_WEEKEND, DAY_WEEKEND, DAY_WORKDAY};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        cr_expect_eq(calendar_kind(leshan, day_of(days[i])), kinds[i], "%s", days[i]);
        cr_expect_eq(calendar_regime(leshan, day_of(days[i])), REGIME_NORMAL);
    }
}

/* -- counting ---------------------------------------------------------------------------------- */

Test(calendar, deadlines_are_those_that_people_count)
{
    static const struct {
        const char *from;
        uint32_t count;
        const char *last;
    } examples[] = {
        {"2026-02-13", 1, "2026-02-14"}, {"2026-02-13", 3, "2026-02-25"},
        {"2026-02-13", 7, "2026-03-02"}, {"2026-02-13", 15, "2026-03-12"},
        {"2026-09-30", 3, "2026-10-10"}, {"2026-09-30", 15, "2026-10-27"},
        {"2026-09-18", 1, "2026-09-20"}, {"2026-02-14", 1, "2026-02-24"},
        {"2026-02-15", 1, "2026-02-24"}, {"2026-02-23", 1, "2026-02-24"},
        {"2026-12-31", 1, "2027-01-01"}, {"2026-12-31", 2, "2027-01-04"},
        {"2017-12-29", 1, "2018-01-02"}, {"2017-12-28", 2, "2018-01-02"},
        {"2017-12-30", 1, "2018-01-02"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        int32_t last = calendar_add(leshan, day_of(examples[i].from), examples[i].count);
        cr_expect_eq(last, day_of(examples[i].last), "%s + %u is %s", examples[i].from,
                     examples[i].count, text_of(last));
    }
}

/* Is `from` one of the days that the inverse leads to: from that day up to the next working day? */
static void expect_inverse(int32_t from, uint32_t count, int32_t last)
{
    int32_t back = calendar_subtract(leshan, last, count);
    cr_assert(calendar_is_working(leshan, back), "%s", text_of(back));
    cr_assert(back <= from, "%s", text_of(from));
    cr_assert(from < calendar_add(leshan, back, 1), "%s", text_of(from));
}

Test(calendar, deadlines_agree_with_those_that_others_computed)
{
    char from[16];
    char last[16];
    unsigned count;
    unsigned vectors = 0;
    FILE *file = fopen("../shared/data/calendar/deadline_vectors.csv", "r");
    if (file == NULL)
        cr_skip_test("no vectors here");
    cr_assert_eq(fscanf(file, "start,n_working_days,deadline\n"), 0);
    while (fscanf(file, "%10[0-9-],%u,%10[0-9-]\n", from, &count, last) == 3) {
        vectors++;
        int32_t found = calendar_add(leshan, day_of(from), count);
        cr_expect_eq(found, day_of(last), "%s + %u is %s", from, count, text_of(found));
        expect_inverse(day_of(from), count, found);
    }
    fclose(file);
    cr_expect_eq(vectors, 7021);
}

/* Over both ends of the table, from each day, whether it works or not. */
Test(calendar, counting_is_walking_day_by_day)
{
    make_model();
    static const uint32_t counts[] = {1, 2, 3, 5, 7, 15, 22, 60, 250};
    for (int32_t day = MODEL_FIRST; day < MODEL_LIMIT - 400; day++) {
        cr_assert_eq(calendar_is_working(leshan, day), slow_works(day), "%s", text_of(day));
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            int32_t last = calendar_add(leshan, day, counts[i]);
            cr_assert_eq(last, slow_add(day, counts[i]), "%s + %u", text_of(day), counts[i]);
            expect_inverse(day, counts[i], last);
        }
    }
}

/* What counts a deadline from a day that is none: the next working day stands for it. */
Test(calendar, no_deadline_falls_on_a_day_off_and_the_next_one_stands_for_it)
{
    for (int32_t day = day_of("2017-12-01"); day < day_of("2027-02-01"); day++) {
        int32_t working = day;
        while (!calendar_is_working(leshan, working))
            working++;
        cr_assert_eq(calendar_subtract(leshan, day, 3), calendar_subtract(leshan, working, 3));
    }
}

/* -- limits ------------------------------------------------------------------------------------ */

static const int64_t minute = 60 * 1000;

static int64_t due(const char *date, int64_t ms, const char *text, bool *provisional)
{
    struct time_limit limit;
    *provisional = false;
    cr_assert(time_limit_parse(span_of_string(text), &limit));
    return calendar_due_ms(leshan, ms_of_day(day_of(date)) + ms, limit, provisional);
}

Test(calendar, what_is_due_is_late_from_the_midnight_after)
{
    bool provisional;
    int64_t expected = ms_of_day(day_of("2026-03-03"));
    cr_expect_eq(due("2026-02-13", 0, "7wd", &provisional), expected);
    cr_expect_eq(due("2026-02-13", 24 * 60 * minute - 1, "7wd", &provisional), expected);
    cr_expect_neq(due("2026-02-13", 24 * 60 * minute, "7wd", &provisional), expected);
    cr_expect_eq(due("2026-02-12", 24 * 60 * minute, "7wd", &provisional), expected);
    cr_expect_eq(due("2026-10-01", 600 * minute, "1wd", &provisional),
                 ms_of_day(day_of("2026-10-09")));
    cr_expect(!provisional);
}

Test(calendar, natural_limits_run_day_and_night)
{
    bool provisional;
    int64_t start = ms_of_day(day_of("2026-10-01")) + 23 * 60 * minute + 1;
    cr_expect_eq(due("2026-10-01", 23 * 60 * minute + 1, "30min", &provisional),
                 start + 30 * minute);
    cr_expect_eq(due("2026-10-01", 23 * 60 * minute + 1, "24h", &provisional),
                 start + 24 * 60 * minute);
    cr_expect_eq(due("2026-12-31", 0, "1440h", &provisional), ms_of_day(day_of("2026-12-31") + 60));
    cr_expect(!provisional, "no calendar is asked");
    cr_expect_eq(calendar_due_ms(leshan, 7, (struct time_limit){.count = 0}, &provisional), 0);
    cr_expect_eq(calendar_due_ms(leshan, 7, (struct time_limit){.natural = true}, &provisional), 0);
}

Test(calendar, what_leaves_the_table_is_provisional)
{
    static const struct {
        const char *from, *limit;
        bool provisional;
    } examples[] = {
        {"2026-12-30", "1wd", false}, {"2026-12-30", "2wd", true},    {"2026-12-31", "1wd", true},
        {"2027-06-01", "5wd", true},  {"2017-12-31", "1wd", false},   {"2017-12-30", "1wd", true},
        {"2017-06-01", "1wd", true},  {"2018-01-01", "250wd", false},
    };
    bool provisional = true;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        due(examples[i].from, 0, examples[i].limit, &provisional);
        cr_expect_eq(provisional, examples[i].provisional, "%s %s", examples[i].from,
                     examples[i].limit);
    }
    provisional = true;
    calendar_due_ms(leshan, ms_of_day(day_of("2026-03-02")), (struct time_limit){.count = 1},
                    &provisional);
    cr_expect(provisional, "what was provisional stays so");
}

Test(calendar, limits_are_read_and_written_back)
{
    static const struct {
        const char *text;
        bool natural;
        uint32_t count;
        const char *back;
    } limits[] = {
        {"1wd", false, 1, "1wd"},
        {"250wd", false, 250, "250wd"},
        {"24h", true, 1440, "24h"},
        {"1440h", true, 86400, "1440h"},
        {"30min", true, 30, "30min"},
        {"120min", true, 120, "2h"},
        {"90min", true, 90, "90min"},
        {"86400min", true, 86400, "1440h"},
        {"86399min", true, 86399, "86399min"},
    };
    char text[TIME_LIMIT_BYTES_MAX];
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct time_limit limit;
        cr_assert(time_limit_parse(span_of_string(limits[i].text), &limit), "%s", limits[i].text);
        cr_expect(limit.natural == limits[i].natural && limit.count == limits[i].count);
        cr_expect_eq(time_limit_format(limit, text), strlen(limits[i].back));
        cr_expect_str_eq(text, limits[i].back);
    }
    cr_expect_eq(time_limit_format((struct time_limit){.count = 0}, text), 0);
    cr_expect_str_eq(text, "");
    static const char *const none[] = {"",          "wd",   "7",     "7 wd",  "07wd",
                                       "0wd",       "-1wd", "251wd", "1441h", "86401min",
                                       "7WD",       "7d",   "7wdx",  "1.5h",  "999999h",
                                       "100000min", "h",    "7wd ",  "７wd",  "4294967297wd"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        struct time_limit limit = {true, 9};
        cr_expect(!time_limit_parse(span_of_string(none[i]), &limit), "%s", none[i]);
        cr_expect(limit.natural && limit.count == 9);
    }
}

/* -- mistakes ---------------------------------------------------------------------------------- */

static const struct calendar *load(struct small_city *small, const char *rows)
{
    char text[4096];
    snprintf(text, sizeof text, "date,kind,name\n%s", rows);
    small_city_forget(small);
    city_file_write_text(small, "calendar.csv", text);
    return calendar_load(folder_of(small->directory), small->arena, small->diag);
}

#define EXPECT_FINDINGS(...)                                                                       \
    do {                                                                                           \
        static const char *const wanted[] = {__VA_ARGS__};                                         \
        cr_expect(city_file_found(small.diag, wanted, sizeof wanted / sizeof wanted[0]));          \
    } while (0)

Test(calendar, a_day_stands_once_in_its_place_and_is_what_it_can_be)
{
    struct small_city small;
    small_city_make(&small);
    load(&small, "2026-02-13,workday,\n2026-02-15,holiday,春节\n2026-02-15,holiday,春节\n"
                 "2026-02-14,makeup,春节\n2026-02-15,holiday,春节\n");
    EXPECT_FINDINGS(
        "calendar.csv:3:1: the next day is 2026-02-14; there is one row a day, without gaps",
        "calendar.csv:4:1: the next day is 2026-02-16; this one stands here already, or too late",
        "calendar.csv:5:1: the next day is 2026-02-16; this one stands here already, or too late");
    load(&small, "2026-02-13,weekend,\n2026-02-14,workday,\n2026-02-15,makeup,\n"
                 "2026-02-16,makeup,\n2026-02-17,free,\n2026-02-18,,\n2026-02-19,holiday,\n"
                 "2026-02-20,holiday,\n2026-02-21,holiday\n");
    EXPECT_FINDINGS("calendar.csv:2:12: the day is a Friday; a weekday that is free is a holiday",
                    "calendar.csv:3:12: the day is a Saturday; a weekend day that is worked is "
                    "makeup",
                    "calendar.csv:5:12: the day is a Monday; a weekday that is worked is a workday",
                    "calendar.csv:6:12: 'free' is no kind of day; they are workday, weekend, "
                    "holiday, makeup",
                    "calendar.csv:7:12: '' is no kind of day; they are",
                    "calendar.csv:10: has 2 cells, the first line has 3");
    small_city_remove(&small);
}

Test(calendar, dates_that_a_spreadsheet_spoilt_are_explained_once)
{
    struct small_city small;
    small_city_make(&small);
    const struct calendar *read = load(&small, "2018年1月1日,holiday,\n2018/1/2,workday,\n"
                                               "2018-1-3,workday,\n2018.01.04,workday,\n");
    cr_expect_eq(diag_count(small.diag), 0);
    cr_expect_eq(calendar_kind(read, day_of("2018-01-01")), DAY_HOLIDAY);
    cr_expect(calendar_knows(read, day_of("2018-01-04")) &&
              !calendar_knows(read, day_of("2018-01-05")));
    load(&small, "43101,holiday,\n43102,workday,\n2018-01-03,workday,\n5-Jan-18,workday,\n"
                 "2018-01-05,workday,\n2018-02-30,weekend,\nSunday,weekend,\n1/8/2018,workday,\n"
                 "1/9/2018,workday,\n1月10日,workday,\n2018/1/11 0:00,workday,\n,workday,\n"
                 "2018-01-13,weekend,\n");
    EXPECT_FINDINGS(
        "calendar.csv:7:1: '2018-02-30' is a day that no year has",
        "calendar.csv:8:1: 'Sunday' is no date; write it as 2026-02-14",
        "calendar.csv:13:1: '' is no date",
        "calendar.csv:2:1: '43101' is the number that a spreadsheet keeps for a date; format the "
        "column as text, or as yyyy-mm-dd, and save it again (and so in 1 more rows)",
        "calendar.csv:5:1: '5-Jan-18' is a date as some spreadsheets show it, the month in "
        "letters; format the column as text, or as yyyy-mm-dd, and save it again",
        "calendar.csv:9:1: '1/8/2018' does not say which is the year, the month, the day; format",
        "calendar.csv:11:1: '1月10日' is a date without its year; format",
        "calendar.csv:12:1: '2018/1/11 0:00' is a date with a time of day");
    cr_expect(strstr(city_file_finding(small.diag, 5), "(and so in 1 more rows)") != NULL);
    small_city_remove(&small);
}

Test(calendar, a_table_without_days_or_header_or_file_is_explained)
{
    struct small_city small;
    small_city_make(&small);
    const struct calendar *empty = load(&small, "");
    EXPECT_FINDINGS("calendar.csv: has no days; one row a day");
    cr_assert(empty != NULL && !calendar_knows(empty, 0));
    cr_expect_eq(calendar_add(empty, day_of("2026-02-13"), 1), day_of("2026-02-16"));
    small_city_forget(&small);
    city_file_write_text(&small, "calendar.csv", "day,kind\n");
    cr_expect(calendar_load(folder_of(small.directory), small.arena, small.diag) == NULL);
    EXPECT_FINDINGS("calendar.csv:1: the first line must be: date,kind,name");
    small_city_forget(&small);
    city_file_remove(&small, "calendar.csv");
    cr_expect(calendar_load(folder_of(small.directory), small.arena, small.diag) == NULL);
    EXPECT_FINDINGS("calendar.csv: is missing");
    city_file_write_text(&small, "calendar.csv", "");
    small_city_remove(&small);
}

Test(calendar, a_table_may_reach_the_last_day_that_there_is)
{
    struct small_city small;
    small_city_make(&small);
    load(&small, "9999-12-31,workday,\n2018-01-01,holiday,\n");
    cr_expect_str_eq(small_city_finding(&small, 0),
                     "3:1 the next day is 10000-01-01; this one stands here already, or too late");
    small_city_remove(&small);
}
