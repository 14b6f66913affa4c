#include "tools/explanation.h"

#include "base/utf8.h"
#include "domain/city/calendar.h"
#include "domain/city/date.h"
#include "domain/words.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_COLUMNS = 10, CELL_COLUMNS = 60 };

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A label, and room for what follows it. */
static void label(const char *text)
{
    size_t used = utf8_columns(span_of_string(text));
    printf("  %s%*s ", text, used < LABEL_COLUMNS ? (int)(LABEL_COLUMNS - used) : 0, "");
}

/* No more of a cell than a line has room for. */
static void print_clipped(const char *text)
{
    struct span shown = span_of_string(text);
    while (utf8_columns(shown) > CELL_COLUMNS)
        shown = utf8_clip(shown, shown.bytes - 1);
    printf("%.*s%s", SPAN_ARG(shown), shown.bytes < strlen(text) ? "..." : "");
}

/* 2026-11-24 16:35, in China's time. */
static const char *format_minute(int64_t ms, char text[32])
{
    int64_t minutes = (ms - ms_of_day(day_of_ms(ms))) / 60000;
    char date[DATE_BYTES_MAX];
    date_format(day_of_ms(ms), date);
    snprintf(text, 32, "%s %02d:%02d", date, (int)(minutes / 60), (int)(minutes % 60));
    return text;
}

/* The name of a number, and what it is called in Chinese. */
static void print_word(const struct word_list *words, int number)
{
    printf("%s %s", word_name(words, (uint32_t)number), word_label(words, (uint32_t)number));
}

/* -- the case ---------------------------------------------------------------------------------- */

static void print_case(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Case *one = explanation->case_;
    char time[32];
    if (explanation->ticket[0] != '\0')
        printf("%s\n", explanation->ticket);
    if (one == NULL)
        return;
    print_word(&type_words, (int)one->type);
    printf(" by ");
    print_word(&channel_words, (int)one->channel);
    if (one->line[0] != '\0')
        printf(" on %s %s", one->line, explanation->line_name);
    printf(", received %s", format_minute(explanation->received_ms, time));
    if (explanation->title[0] != '\0')
        printf(": %s", explanation->title);
    putchar('\n');
}

/* What it is about, and where, as the book saw it. */
static void print_subject(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    if (decision->category[0] != '\0')
        printf("#%s %s%s", decision->category, explanation->category_name,
               decision->category_from_words ? " (from the words)" : "");
    else
        printf("without a category");
    printf(", %s%s", explanation->place_name,
           decision->place_from_words ? " (from the words)" : "");
    if (decision->regime > LIANXIN__V1__REGIME__REGIME_NORMAL) {
        printf(", under ");
        print_word(&regime_words, (int)decision->regime);
    }
    putchar('\n');
}

/* -- the book ---------------------------------------------------------------------------------- */

/* 事项 #070101 施工噪声 is in #07 环境与噪声. */
static void print_condition(const Lianxin__V1__Cell *cell)
{
    printf("%s ", cell->label);
    if (cell->value[0] == '\0') {
        printf("%s", strcmp(cell->cell, "absent") == 0 ? "is not said" : "passes ");
        if (strcmp(cell->cell, "absent") != 0)
            print_clipped(cell->cell);
    } else if (cell->part[0] != '\0') {
        printf("%s", cell->value);
        if (strcmp(cell->part, cell->value) != 0)
            printf(" is in %s", cell->part);
    } else if (begins(cell->cell, "not")) {
        printf("%s is ", cell->value);
        print_clipped(cell->cell);
    } else {
        printf("has %s", cell->value);
    }
}

static void print_conditions(const Lianxin__V1__Step *step)
{
    if (step->n_conditions == 0)
        printf("%s", strstr(step->row, "/else") != NULL ? "no other row of its table held"
                                                        : "asks for nothing");
    for (size_t i = 0; i < step->n_conditions; i++) {
        printf("%s", i == 0 ? "" : "; ");
        print_condition(step->conditions[i]);
    }
    putchar('\n');
}

static void print_outputs(const Lianxin__V1__Step *step)
{
    label("said");
    if (step->n_outputs == 0)
        printf("nothing");
    for (size_t i = 0; i < step->n_outputs; i++) {
        const Lianxin__V1__Cell *cell = step->outputs[i];
        printf("%s%s ", i == 0 ? "" : "; ", cell->label);
        print_clipped(cell->cell);
        if (cell->value[0] != '\0')
            printf(" %s", cell->value);
    }
    putchar('\n');
}

static void print_step(const Lianxin__V1__Step *step)
{
    printf("\n%s\n", step->row);
    label("held");
    print_conditions(step);
    print_outputs(step);
    for (size_t i = 0; i < step->n_also; i++) {
        label(i == 0 ? "also" : "");
        printf("%s\n", step->also[i]);
    }
    if (step->also_more > 0) {
        label("");
        printf("and %u more\n", step->also_more);
    }
    if (step->basis[0] != '\0') {
        label("basis");
        printf("%s\n", step->basis);
    }
}

/* Of a directory's own book there is no number; of one that cannot be made again there is no hash,
 * and no more than the rows' names. */
static void print_other_policy(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    if (decision->policy == 0) {
        printf("\nby the directory's book; in force is policy %u\n", explanation->policy);
        return;
    }
    printf("\nby policy %u", decision->policy);
    if (explanation->policy_hash[0] != '\0')
        printf(" (%.8s)", explanation->policy_hash);
    printf("; in force is policy %u\n", explanation->policy);
    if (explanation->policy_hash[0] != '\0')
        return;
    puts("it cannot be made again by this release; its rows were");
    for (size_t i = 0; i < decision->n_rows; i++)
        printf("  %s\n", decision->rows[i]);
}

static void print_steps(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    for (size_t i = 0; i < explanation->n_steps; i++)
        print_step(explanation->steps[i]);
    if (decision->policy != explanation->policy)
        print_other_policy(explanation);
}

/* -- where it goes ----------------------------------------------------------------------------- */

static void print_candidates(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    for (size_t i = 0; i < decision->n_categories; i++) {
        label(i == 0 ? "category" : "");
        printf("#%s %s?\n", decision->categories[i], explanation->category_names[i]);
    }
    for (size_t i = 0; i < decision->n_places; i++) {
        label(i == 0 ? "place" : "");
        printf("%s %s?\n", decision->places[i], explanation->place_names[i]);
    }
}

static void print_doubts(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    printf("\nto the desk, since there is doubt\n");
    for (size_t i = 0; i < decision->n_doubts; i++) {
        label(i == 0 ? "doubt" : "");
        printf("%s\n", decision->doubts[i]);
    }
    if (explanation->case_ != NULL && explanation->case_->place[0] != '\0') {
        label("given");
        printf("%s\n", explanation->case_->place);
    }
    print_candidates(explanation);
}

static void print_climb(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    printf("\nto %s %s at tier %s or above, climbing from %s\n", decision->function,
           explanation->function_name, decision->tier, explanation->place_name);
    for (size_t i = 0; i < explanation->n_climb_names; i++)
        printf("  %s %s\n", explanation->climb_names[i],
               explanation->climb_whys[i][0] != '\0' ? explanation->climb_whys[i] : "has it");
}

static void print_disposition(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    bool attached = decision->disposition == LIANXIN__V1__DISPOSITION__DISPOSITION_ATTACH;
    printf("\nnot dispatched: ");
    print_word(&disposition_words, (int)decision->disposition);
    if (decision->advice[0] != '\0')
        printf(": %s", decision->advice);
    printf("\n  %s\n", attached ? "it goes on with the ticket, whose units hear of it"
                                : "it is recorded, and closed at once");
}

static void print_way(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    bool climbed = decision->disposition == LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH &&
                   decision->function[0] != '\0';
    if (decision->disposition > LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH)
        print_disposition(explanation);
    else if (climbed && (decision->n_doubts == 0 || explanation->climb_whys[0][0] != '\0'))
        print_climb(explanation);
    if (decision->n_doubts > 0)
        print_doubts(explanation);
    if (decision->kept_from[0] != '\0')
        printf("\nkept from %s %s and all below it, since it is about them\n", decision->kept_from,
               explanation->kept_from_name);
}

/* -- the clock --------------------------------------------------------------------------------- */

/* 7 working days from the day after, or 24 hours day and night. */
static void print_limit(const char *text)
{
    struct time_limit limit;
    if (!time_limit_parse(span_of_string(text), &limit))
        return;
    bool hours = limit.natural && limit.count % 60 == 0;
    uint32_t count = hours ? limit.count / 60 : limit.count;
    printf("%u %s%s %s: ", count,
           !limit.natural ? "working day"
           : hours        ? "hour"
                          : "minute",
           count == 1 ? "" : "s", limit.natural ? "day and night" : "from the day after");
}

/* A deadline at midnight is the end of the day before. */
static void print_due(int64_t due_ms)
{
    char date[DATE_BYTES_MAX];
    char time[32];
    if (due_ms == ms_of_day(day_of_ms(due_ms))) {
        date_format(day_of_ms(due_ms) - 1, date);
        printf("the end of %s, so ", date);
    }
    printf("late from %s", format_minute(due_ms, time));
}

static void print_uncounted(const Lianxin__V1__Explanation *explanation)
{
    if (explanation->n_uncounted == 0)
        return;
    label("");
    printf("not counted: ");
    for (size_t i = 0; i < explanation->n_uncounted; i++)
        printf("%s%s", i == 0 ? "" : ", ", explanation->uncounted[i]);
    putchar('\n');
}

static void print_provisional(bool provisional)
{
    if (!provisional)
        return;
    label("");
    puts("provisional: it lies beyond the days that the calendar knows");
}

/* Where the unit was given it later than the city. */
static void print_citizens_clock(const Lianxin__V1__Explanation *explanation,
                                 const Lianxin__V1__Assignment *part)
{
    if (explanation->citizen_due_ms == 0 || explanation->citizen_due_ms == part->due_ms)
        return;
    label("citizen");
    printf("waits since it was received: ");
    print_due(explanation->citizen_due_ms);
    putchar('\n');
    print_provisional(explanation->citizen_provisional);
}

static void print_clock(const Lianxin__V1__Explanation *explanation,
                        const Lianxin__V1__Assignment *part)
{
    char time[32];
    bool is_main = part->role == LIANXIN__V1__ROLE__ROLE_MAIN;
    if (part->due_ms != 0) {
        label("due");
        printf("given %s; ", format_minute(part->issued_ms, time));
        if (explanation->decision != NULL)
            print_limit(explanation->decision->limit);
        print_due(part->due_ms);
        putchar('\n');
        if (is_main)
            print_uncounted(explanation);
        print_provisional(part->provisional);
    }
    if (part->sign_by_ms != 0) {
        label("sign");
        printf("by %s\n", format_minute(part->sign_by_ms, time));
    }
    if (is_main)
        print_citizens_clock(explanation, part);
}

static bool is_in_force(const Lianxin__V1__Assignment *part)
{
    return part->state != LIANXIN__V1__STATE__STATE_RETURNED;
}

static void print_part(const Lianxin__V1__Explanation *explanation, size_t index)
{
    const Lianxin__V1__Assignment *part = explanation->assignments[index];
    putchar('\n');
    print_word(&role_words, (int)part->role);
    printf(": %s %s, %s\n", part->unit, explanation->unit_names[index],
           word_name(&state_words, (uint32_t)part->state));
    print_clock(explanation, part);
}

/* The main unit first, which a ticket that went round has at the end. */
static void print_assignments(const Lianxin__V1__Explanation *explanation)
{
    for (int role = LIANXIN__V1__ROLE__ROLE_MAIN; role < (int)ROLE_COUNT; role++)
        for (size_t i = 0; i < explanation->n_assignments; i++)
            if ((int)explanation->assignments[i]->role == role &&
                is_in_force(explanation->assignments[i]))
                print_part(explanation, i);
    bool any = false;
    for (size_t i = 0; i < explanation->n_assignments; i++) {
        const Lianxin__V1__Assignment *part = explanation->assignments[i];
        if (is_in_force(part))
            continue;
        printf("%s  %s %s\n", any ? "" : "\nhad it before\n", part->unit,
               explanation->unit_names[i]);
        any = true;
    }
}

/* -- what is asked beside it ------------------------------------------------------------------- */

static const char *or_none(const char *text)
{
    return text[0] != '\0' ? text : "none";
}

void print_differences(const Lianxin__V1__Explanation *explanation)
{
    if (explanation->invalid[0] != '\0')
        return;
    puts(explanation->n_differences > 0 ? "what would be different" : "it would be the same");
    for (size_t i = 0; i < explanation->n_differences; i++) {
        const Lianxin__V1__Difference *difference = explanation->differences[i];
        label(difference->what);
        printf("%s -> %s\n", or_none(difference->before), or_none(difference->after));
    }
    putchar('\n');
}

/* 正文 asks for any(坑洼), and the case has 噪音. */
static void print_asked(const Lianxin__V1__Cell *cell)
{
    label(cell->fails ? "fails" : "holds");
    printf("%s asks for ", cell->label);
    print_clipped(cell->cell);
    if (cell->value[0] != '\0')
        printf("; the case has %s\n", cell->value);
    else
        puts("; the case has none of that");
}

static void print_nearest(const Lianxin__V1__Step *step)
{
    printf("\n%s\n", step->row);
    for (size_t i = 0; i < step->n_conditions; i++)
        if (step->conditions[i]->fails)
            print_asked(step->conditions[i]);
    for (size_t i = 0; i < step->n_conditions; i++)
        if (!step->conditions[i]->fails)
            print_asked(step->conditions[i]);
    print_outputs(step);
}

void print_why_not(const Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__WhyNot *why = explanation->why_not;
    if (why == NULL)
        return;
    bool there = why->obstacle == LIANXIN__V1__OBSTACLE__OBSTACLE_NOTHING;
    printf("%s %s %s\n  %s\n", there ? "to" : "not to", why->unit, why->unit_name, why->because);
    if (why->nearest != NULL)
        print_nearest(why->nearest);
    putchar('\n');
}

/* -- the whole --------------------------------------------------------------------------------- */

void print_explanation(const Lianxin__V1__Explanation *explanation)
{
    if (explanation->invalid[0] != '\0') {
        printf("it would be refused: %s\n", explanation->invalid);
        return;
    }
    print_case(explanation);
    if (explanation->decision != NULL) {
        print_subject(explanation);
        print_steps(explanation);
        print_way(explanation);
        if (explanation->decided_unit[0] != '\0')
            printf("\nthat was %s; the desk has given it to another since\n",
                   explanation->decided_unit);
    } else {
        puts("nothing was decided: this is a record of the whole city's, of regimes or of books");
    }
    print_assignments(explanation);
}
