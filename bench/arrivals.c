#include "bench/arrivals.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const header[] = {"weekday", "hour", "share"};
enum { COLUMNS = sizeof header / sizeof header[0], DECIMALS = 6, HOUR_MS = 3600 * 1000 };

/* A whole number of at most two digits; -1 where it is none. */
static int read_number(struct span text)
{
    int value = 0;
    if (text.bytes == 0 || text.bytes > 2)
        return -1;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        value = value * 10 + (text.data[i] - '0');
    }
    return value;
}

/* 0.014038, in millionths; false where it is no decimal from 0 to 1 or has more places. */
static bool read_share(struct span text, uint32_t *share)
{
    if (text.bytes == 0 || (text.data[0] != '0' && text.data[0] != '1') ||
        (text.bytes > 1 && text.data[1] != '.') || text.bytes > 2 + DECIMALS)
        return false;
    uint32_t value = (uint32_t)(text.data[0] - '0');
    for (size_t i = 2; i < 2 + DECIMALS; i++) {
        uint8_t digit = i < text.bytes ? text.data[i] : '0';
        if (digit < '0' || digit > '9')
            return false;
        value = value * 10 + (uint32_t)(digit - '0');
    }
    *share = value;
    return value <= SHARE_UNIT;
}

struct reading {
    const struct sheet *sheet;
    struct diag *diag;
    struct arrivals *arrivals;
    uint32_t lines[WEEKDAYS][HOURS]; /* where each hour stands; 0: not yet */
};

static void read_row(struct reading *reading, const struct sheet_row *row)
{
    const struct cell *cells = row->cells;
    int weekday = read_number(cells[0].text);
    int hour = read_number(cells[1].text);
    uint32_t share = 0;
    bool good = weekday >= 1 && weekday <= WEEKDAYS && hour >= 0 && hour < HOURS;
    if (weekday < 1 || weekday > WEEKDAYS)
        sheet_complain(reading->sheet, cells[0], reading->diag,
                       "'%.*s' is no weekday; write 1 (Monday) to 7", SPAN_ARG(cells[0].text));
    if (hour < 0 || hour >= HOURS)
        sheet_complain(reading->sheet, cells[1], reading->diag, "'%.*s' is no hour; write 0 to 23",
                       SPAN_ARG(cells[1].text));
    if (!read_share(cells[2].text, &share))
        sheet_complain(reading->sheet, cells[2], reading->diag,
                       "'%.*s' is no share; write a decimal from 0 to 1 with at most %d places, "
                       "such as 0.014",
                       SPAN_ARG(cells[2].text), DECIMALS);
    if (!good)
        return;
    uint32_t *line = &reading->lines[weekday - 1][hour];
    if (*line != 0)
        sheet_complain(reading->sheet, cells[1], reading->diag,
                       "weekday %d, hour %d stands here already (line %u)", weekday, hour, *line);
    *line = row->line;
    reading->arrivals->shares[weekday - 1][hour] = share;
}

/* Says what is missing, a weekday at a time. */
static void check_whole(struct reading *reading)
{
    for (uint32_t weekday = 0; weekday < WEEKDAYS; weekday++) {
        uint32_t missing = 0;
        uint32_t total = 0;
        for (uint32_t hour = 0; hour < HOURS; hour++) {
            missing += reading->lines[weekday][hour] == 0;
            total += reading->arrivals->shares[weekday][hour];
        }
        reading->arrivals->totals[weekday] = total;
        if (missing > 0)
            diag_add(reading->diag, reading->sheet->path, 0, 0,
                     "weekday %u lacks %u of its 24 hours; add a row for each, with share 0 where "
                     "nobody calls",
                     weekday + 1, missing);
        else if (total == 0)
            diag_add(reading->diag, reading->sheet->path, 0, 0,
                     "nobody calls on weekday %u; give one of its hours a share", weekday + 1);
    }
}

void arrivals_load(const char *city, struct arena *arena, struct diag *diag,
                   struct arrivals *arrivals)
{
    char path[PATH_MAX];
    struct sheet sheet;
    struct reading reading = {.sheet = &sheet, .diag = diag, .arrivals = arrivals};
    *arrivals = (struct arrivals){0};
    snprintf(path, sizeof path, "%s/simulation/arrivals.csv", city);
    if (sheet_read(path, arena, diag, &sheet) != OK ||
        !sheet_has_header(&sheet, header, COLUMNS, diag))
        return;
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_row(&reading, &sheet.rows[i]);
    check_whole(&reading);
}

int64_t arrivals_draw_ms(const struct arrivals *arrivals, uint32_t weekday, struct random *random)
{
    uint64_t draw = random_below(random, arrivals->totals[weekday - 1]);
    int64_t hour = 0;
    while (draw >= arrivals->shares[weekday - 1][hour])
        draw -= arrivals->shares[weekday - 1][hour++];
    return hour * HOUR_MS + random_between(random, 0, HOUR_MS - 1);
}
