#include "domain/rules/scale.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/date.h"
#include "domain/city/sheet.h"

#include <stdio.h>

enum { SHOWN_BYTES = 48, HOUR_MINUTES = 60, NUMBER_MAX = 9999 };

#define WRITE_HOURS "write 8, [8..18), >= 18 or < 8"
#define WRITE_DATES "write 2026-10-01, [2026-10-01..2026-10-07] or >= 2026-05-01"
#define WRITE_TIMES "write 08:30, [08:30..17:00), [22:00..06:00) or >= 18:00"

/* Points are counted from 0; what is read may be the one behind the last, where a range ends. */
struct scale {
    const char *type;
    uint32_t size;
    bool wraps;        /* a range may go from a later point over the end to an earlier one */
    const char *empty; /* said of what holds for none */
    const char *write; /* what would be right */
    /* NULL, or what is wrong, and what would be right. */
    const char *(*read)(struct span text, uint32_t *point);
};

/* -- points ------------------------------------------------------------------------------------ */

/* Up to NUMBER_MAX; takes the digits off the text. */
static bool take_number(struct span *text, uint32_t *number)
{
    size_t used = 0;
    *number = 0;
    for (; used < text->bytes && text->data[used] >= '0' && text->data[used] <= '9'; used++) {
        *number = *number * 10 + text->data[used] - '0';
        if (*number > NUMBER_MAX)
            return false;
    }
    *text = span_of(text->data + used, text->bytes - used);
    return used > 0;
}

static const char *read_hour(struct span text, uint32_t *hour)
{
    bool good = take_number(&text, hour) && text.bytes == 0 && *hour <= DAY_HOURS;
    return good ? NULL : "is no hour; hours are 0 to 23: " WRITE_HOURS;
}

static const char *read_date(struct span text, uint32_t *date)
{
    int32_t day;
    enum date_fault fault = date_parse(text, &day);
    int32_t first = input_day(1);
    if (fault != DATE_OK)
        return fault == DATE_NONE ? "is no date: " WRITE_DATES : date_fault_text(fault);
    if (day < first || day > first + DATES_MAX)
        return "is not of the years 2000 to 2099, with which dates are reckoned here";
    *date = (uint32_t)(day - first);
    return NULL;
}

static bool is_fraction(struct span text)
{
    uint32_t whole;
    return take_number(&text, &whole) && whole == 0 && text.bytes > 1 && text.data[0] == '.';
}

static bool take_colon_and_two(struct span *text, uint32_t *number)
{
    if (text->bytes < 3 || text->data[0] != ':')
        return false;
    struct span two = span_of(text->data + 1, 2);
    *text = span_of(text->data + 3, text->bytes - 3);
    return take_number(&two, number) && two.bytes == 0 && *number < HOUR_MINUTES;
}

/* 8:30, 08:30, 08:30:00, 24:00. */
static const char *read_time(struct span text, uint32_t *time)
{
    uint32_t minute = 0;
    uint32_t second = 0;
    struct span rest = text;
    if (is_fraction(text))
        return "is the part of a day that a spreadsheet keeps for a time; format the column as "
               "text, and write it as 08:30";
    bool good = take_number(&rest, time) && *time <= DAY_HOURS &&
                take_colon_and_two(&rest, &minute) &&
                (rest.bytes == 0 || (take_colon_and_two(&rest, &second) && rest.bytes == 0));
    if (good && second > 0)
        return "goes by seconds; times here go by the minute, such as 08:30";
    *time = *time * HOUR_MINUTES + minute;
    return good && *time <= DAY_MINUTES
               ? NULL
               : "is no time of day; they are 00:00 to 23:59: " WRITE_TIMES;
}

static const struct scale hours = {
    .type = "number",
    .size = DAY_HOURS,
    .empty = "holds for no hour; hours are 0 to 23, and a range goes from the lower to the higher: "
             "a night is [22..24), [0..6)",
    .write = WRITE_HOURS,
    .read = read_hour,
};

static const struct scale dates = {
    .type = "date",
    .size = DATES_MAX,
    .empty = "holds for no day; a range goes from the earlier to the later, "
             "[2026-10-01..2026-10-07] with its last day",
    .write = WRITE_DATES,
    .read = read_date,
};

static const struct scale times = {
    .type = "time",
    .size = DAY_MINUTES,
    .wraps = true,
    .empty = "holds for no minute; write [22:00..06:00) for a night, and '-' for all day",
    .write = WRITE_TIMES,
    .read = read_time,
};

static const struct scale *scale_of(enum input input)
{
    switch (input) {
    case INPUT_HOUR:
        return &hours;
    case INPUT_DATE:
        return &dates;
    case INPUT_TIME:
        return &times;
    default:
        return NULL;
    }
}

bool scale_has(enum input input)
{
    return scale_of(input) != NULL;
}

const char *scale_type(enum input input)
{
    CHECK(scale_has(input));
    return scale_of(input)->type;
}

/* -- items ------------------------------------------------------------------------------------- */

/* One item on its way to intervals. */
struct reading {
    const struct scale *scale;
    struct span item;
    struct interval *parts;
    uint32_t count;
    char *fault;
    size_t fault_bytes;
};

static bool say(struct reading *reading, struct span text, const char *what)
{
    snprintf(reading->fault, reading->fault_bytes, "'%.*s' %s",
             SPAN_ARG(utf8_clip(text, SHOWN_BYTES)), what);
    return false;
}

static bool say_shape(struct reading *reading, const char *what)
{
    snprintf(reading->fault, reading->fault_bytes, "'%.*s' %s: %s",
             SPAN_ARG(utf8_clip(reading->item, SHOWN_BYTES)), what, reading->scale->write);
    return false;
}

static bool read_point(struct reading *reading, struct span text, uint32_t *point)
{
    text = sheet_trim(text);
    const char *wrong = reading->scale->read(text, point);
    return wrong == NULL || say(reading, text.bytes > 0 ? text : reading->item, wrong);
}

/* The points [low, high) that there are. */
static void add(struct reading *reading, uint32_t low, uint32_t high)
{
    if (high > reading->scale->size)
        high = reading->scale->size;
    if (low < high)
        reading->parts[reading->count++] = (struct interval){low + 1, high + 1};
}

/* [1..5) and its kin. */
static bool read_range(struct reading *reading)
{
    struct span item = reading->item;
    const uint8_t *dots = memmem(item.data, item.bytes, "..", 2);
    uint32_t low;
    uint32_t high;
    if (dots == NULL)
        return say_shape(reading, "has no two dots between its ends");
    const uint8_t *limit = item.data + item.bytes - 1;
    if (!read_point(reading, span_of(item.data + 1, (size_t)(dots - item.data) - 1), &low) ||
        !read_point(reading, span_of(dots + 2, (size_t)(limit - dots) - 2), &high))
        return false;
    bool over_the_end = reading->scale->wraps && low > high;
    low += item.data[0] == '(';
    high += *limit == ']';
    add(reading, low, over_the_end ? reading->scale->size : high);
    if (over_the_end)
        add(reading, 0, high);
    return true;
}

static bool read_comparison(struct reading *reading)
{
    struct span item = reading->item;
    bool with_equal = item.bytes > 1 && item.data[1] == '=';
    size_t sign = with_equal ? 2 : 1;
    uint32_t point;
    if (!read_point(reading, span_of(item.data + sign, item.bytes - sign), &point))
        return false;
    if (item.data[0] == '<')
        add(reading, 0, point + with_equal);
    else
        add(reading, point + !with_equal, reading->scale->size);
    return true;
}

static bool read_item(struct reading *reading)
{
    uint8_t first = reading->item.data[0];
    uint8_t last = reading->item.data[reading->item.bytes - 1];
    uint32_t point;
    if ((first == '[' || first == '(') && (last == ']' || last == ')'))
        return read_range(reading);
    if (first == '<' || first == '>')
        return read_comparison(reading);
    if (memmem(reading->item.data, reading->item.bytes, "..", 2) != NULL)
        return say_shape(reading, "is a range without brackets");
    if (!read_point(reading, reading->item, &point))
        return false;
    add(reading, point, point + 1);
    return true;
}

uint32_t scale_parse(enum input input, struct span item, struct interval parts[SCALE_PARTS_MAX],
                     char *fault, size_t fault_bytes)
{
    struct reading reading = {scale_of(input), item, parts, 0, fault, fault_bytes};
    CHECK(reading.scale != NULL && item.bytes > 0);
    if (read_item(&reading) && reading.count == 0)
        snprintf(fault, fault_bytes, "%s", reading.scale->empty);
    return reading.count;
}

bool scale_read(enum input input, struct span text, uint32_t *value, char *fault,
                size_t fault_bytes)
{
    struct reading reading = {
        .scale = scale_of(input), .item = text, .fault = fault, .fault_bytes = fault_bytes};
    uint32_t point;
    CHECK(reading.scale != NULL);
    if (!read_point(&reading, text, &point))
        return false;
    *value = point + 1;
    return true;
}
