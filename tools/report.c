/* report - a day in numbers: what came in, where it went, and what was done. */
#include "base/check.h"
#include "domain/city/date.h"
#include "tools/command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 44, UNITS_SHOWN = 20 };

struct report {
    struct common common;
    char *day;
    Lianxin__V1__DayReport *sum; /* of all stretches; malloc's, as if it had been unpacked */
};

enum { KEY_DAY = KEY_FIRST_OWN };

static const struct argp_option options[] = {
    OPTION_FRONT,
    OPTION_JSON,
    {"day", KEY_DAY, "DATE", 0, "The day, such as 2026-11-26 (today)", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct report *report = state->input;
    switch (key) {
    case KEY_DAY:
        report->day = argument;
        return 0;
    default:
        return common_parse(&report->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc = "Print a day in numbers: the cases that came in by channel, type and handling, the "
           "units and categories that they went to, and what units did on that day.",
};

/* -- adding up --------------------------------------------------------------------------------- */

/* The list's count under this name, made with 0 where there is none yet. Messages are malloc's. */
static Lianxin__V1__Count *count_of(Lianxin__V1__Count ***list, size_t *length,
                                    const Lianxin__V1__Count *like)
{
    for (size_t i = 0; i < *length; i++)
        if (strcmp((*list)[i]->name, like->name) == 0)
            return (*list)[i];
    Lianxin__V1__Count *made = malloc(sizeof *made);
    *list = realloc(*list, (*length + 1) * sizeof **list);
    CHECK(made != NULL && *list != NULL);
    lianxin__v1__count__init(made);
    made->name = strdup(like->name);
    made->label = strdup(like->label);
    CHECK(made->name != NULL && made->label != NULL);
    (*list)[(*length)++] = made;
    return made;
}

static void add_counts(Lianxin__V1__Count ***list, size_t *length, Lianxin__V1__Count *const *more,
                       size_t more_length)
{
    for (size_t i = 0; i < more_length; i++)
        count_of(list, length, more[i])->count += more[i]->count;
}

static void add_stretch(Lianxin__V1__DayReport *sum, const Lianxin__V1__DayReport *more)
{
    sum->cases += more->cases;
    sum->doubtful += more->doubtful;
    sum->open += more->open;
    sum->late += more->late;
    sum->provisional += more->provisional;
    add_counts(&sum->channels, &sum->n_channels, more->channels, more->n_channels);
    add_counts(&sum->types, &sum->n_types, more->types, more->n_types);
    add_counts(&sum->dispositions, &sum->n_dispositions, more->dispositions, more->n_dispositions);
    add_counts(&sum->tiers, &sum->n_tiers, more->tiers, more->n_tiers);
    add_counts(&sum->units, &sum->n_units, more->units, more->n_units);
    add_counts(&sum->categories, &sum->n_categories, more->categories, more->n_categories);
    add_counts(&sum->acts, &sum->n_acts, more->acts, more->n_acts);
}

/* Most first, and by name where they are as many. */
static int by_count(const void *a, const void *b)
{
    const Lianxin__V1__Count *first = *(Lianxin__V1__Count *const *)a;
    const Lianxin__V1__Count *second = *(Lianxin__V1__Count *const *)b;
    if (first->count != second->count)
        return first->count < second->count ? 1 : -1;
    return strcmp(first->name, second->name);
}

static void sort_counts(Lianxin__V1__DayReport *sum)
{
    if (sum->n_units > 0)
        qsort(sum->units, sum->n_units, sizeof *sum->units, by_count);
    if (sum->n_categories > 0)
        qsort(sum->categories, sum->n_categories, sizeof *sum->categories, by_count);
}

/* -- printing ---------------------------------------------------------------------------------- */

static void print_line(const char *label, uint64_t count, uint64_t all)
{
    printf("  ");
    print_padded(label, LABEL_COLUMNS);
    printf(" %8" PRIu64, count);
    if (all > 0)
        printf("  %5.1f %%", 100.0 * (double)count / (double)all);
    putchar('\n');
}

/* The first of a list, and how many the others have. all: of what they are shares; 0: of nothing */
static void print_table(const char *title, Lianxin__V1__Count *const *list, size_t length,
                        size_t shown, uint64_t all)
{
    uint64_t rest = 0;
    char label[64];
    if (length == 0)
        return;
    printf("\n%s\n", title);
    for (size_t i = 0; i < length; i++)
        if (i < shown)
            print_line(list[i]->label, list[i]->count, all);
        else
            rest += list[i]->count;
    if (length <= shown)
        return;
    snprintf(label, sizeof label, "(%zu others)", length - shown);
    print_line(label, rest, all);
}

static uint64_t count_dispatched(const Lianxin__V1__DayReport *sum)
{
    uint64_t dispatched = 0;
    for (size_t i = 0; i < sum->n_units; i++)
        dispatched += sum->units[i]->count;
    return dispatched;
}

static void print_report(const char *day, const Lianxin__V1__DayReport *sum)
{
    uint64_t dispatched = count_dispatched(sum);
    if (sum->cases == 0)
        printf("%s: nothing came in\n", day);
    else
        printf("%s: %" PRIu64 " case%s\n", day, sum->cases, sum->cases == 1 ? "" : "s");
    print_table("channel", sum->channels, sum->n_channels, SIZE_MAX, sum->cases);
    print_table("type", sum->types, sum->n_types, SIZE_MAX, sum->cases);
    print_table("category", sum->categories, sum->n_categories, SIZE_MAX, sum->cases);
    print_table("handling", sum->dispositions, sum->n_dispositions, SIZE_MAX, sum->cases);
    print_table("tier of the main unit", sum->tiers, sum->n_tiers, SIZE_MAX, dispatched);
    print_table("main unit", sum->units, sum->n_units, UNITS_SHOWN, dispatched);
    if (dispatched > 0) {
        printf("\ndispatched\n");
        print_line("to the desk, in doubt", sum->doubtful, dispatched);
        print_line("open now", sum->open, dispatched);
        print_line("overdue now", sum->late, dispatched);
        print_line("with a deadline beyond the calendar", sum->provisional, dispatched);
    }
    print_table("done that day, with any ticket", sum->acts, sum->n_acts, SIZE_MAX, 0);
}

/* -- asking ------------------------------------------------------------------------------------ */

/* One stretch, added to the sum; sets *after for the next, 0 where there is none. */
static int ask_stretch(struct report *report, uint64_t *after)
{
    Lianxin__V1__Report what = LIANXIN__V1__REPORT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    what.day = report->day;
    what.after = *after;
    request.body_case = LIANXIN__V1__REQUEST__BODY_REPORT;
    request.report = &what;
    int code = ask(&report->common, &request, &reply);
    if (code != DONE)
        return code;
    *after = reply->report->next;
    add_stretch(report->sum, reply->report);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return DONE;
}

static int ask_all(struct report *report)
{
    uint64_t after = 0;
    do {
        int code = ask_stretch(report, &after);
        if (code != DONE)
            return code;
    } while (after != 0);
    sort_counts(report->sum);
    if (report->common.json)
        print_json(&report->sum->base);
    else
        print_report(report->day, report->sum);
    return DONE;
}

int command_report(int argc, char **argv)
{
    char today[DATE_BYTES_MAX];
    struct report report = {.common = {.front = LIANXIN_FRONT}, .day = today};
    date_format(day_of_ms(clock_wall_ms(&clock_system)), today);
    argp_parse(&argp, argc, argv, 0, NULL, &report);
    report.sum = malloc(sizeof *report.sum);
    CHECK(report.sum != NULL);
    lianxin__v1__day_report__init(report.sum);
    int code = ask_all(&report);
    lianxin__v1__day_report__free_unpacked(report.sum, NULL);
    return code;
}
