#include "tools/compare/difference.h"

#include "base/check.h"
#include "domain/city/date.h"
#include "stages/recalled.h"

#include <stdlib.h>

/* What one thread counts, and what it decides with. */
struct decider {
    struct difference counted;
    struct scratch *scratches[SIDES];
};

static struct difference make(const struct pair *pair, int32_t first_day, int32_t days)
{
    struct difference made = {.pair = pair, .first_day = first_day, .days_count = days};
    for (enum side side = 0; side < SIDES; side++) {
        made.loads[side] = calloc(change_ends(pair), sizeof *made.loads[side]);
        CHECK(made.loads[side] != NULL);
    }
    made.days = calloc((size_t)days, sizeof *made.days);
    made.moved_days = calloc((size_t)days, sizeof *made.moved_days);
    CHECK(made.days != NULL && made.moved_days != NULL);
    return made;
}

void difference_free(struct difference *difference)
{
    for (enum side side = 0; side < SIDES; side++)
        free(difference->loads[side]);
    free(difference->days);
    free(difference->moved_days);
    groups_free(&difference->groups);
    *difference = (struct difference){.pair = NULL};
}

/* -- one ticket -------------------------------------------------------------------------------- */

/* A case that came in, with what it was decided under. */
struct asked {
    const struct recalled *recalled;
    struct facts facts; /* without what facts_resolve() fills */
    struct case_words words;
};

/* As route and store do. What means nothing in a city any more is left to its desk, as it is where
 * a unit returns such a case. */
static void decide_by(const struct pair *pair, enum side side, struct facts *facts, bool resolved,
                      const struct recalled *recalled, struct decider *decider,
                      struct decision *decision)
{
    const struct policy *policy = pair->policies[side];
    if (!resolved) {
        facts->doubts |= DOUBT_NO_UNIT;
        decider->counted.not_resolved[side]++;
    }
    decide(policy, facts, NULL, decider->scratches[side], decision);
    if (decision->disposition != DISPOSITION_ATTACH)
        return;
    facts->earlier = FLAG_NO; /* it became a ticket of its own */
    facts->doubts |= recalled->doubts;
    decide(policy, facts, NULL, decider->scratches[side], decision);
}

static void decide_both(struct decider *decider, const struct asked *asked,
                        struct decision decisions[SIDES])
{
    const struct pair *pair = decider->counted.pair;
    struct facts facts[SIDES] = {asked->facts, asked->facts};
    struct misfit misfit;
    bool resolved[SIDES];
    for (enum side side = 0; side < SIDES; side++)
        if (side == SIDE_NEW && pair->alike != ALIKE_NOTHING) {
            resolved[side] = resolved[SIDE_OLD];
            facts[side] = facts_shared(pair->alike, &facts[SIDE_OLD], &asked->words,
                                       decider->scratches[side]);
        } else {
            resolved[side] = facts_resolve(pair->policies[side]->city, &asked->words, false,
                                           decider->scratches[side], &facts[side], &misfit);
        }
    for (enum side side = 0; side < SIDES; side++)
        decide_by(pair, side, &facts[side], resolved[side], asked->recalled, decider,
                  &decisions[side]);
}

static uint32_t *count_of_day(const struct difference *counted, uint32_t *days, int64_t time_ms)
{
    int32_t day = day_of_ms(time_ms) - counted->first_day;
    CHECK(day >= 0 && day < counted->days_count);
    return &days[day];
}

static void compare(struct difference *counted, const struct event_view *view,
                    const struct decision *const decisions[SIDES])
{
    struct change changes[ASPECTS];
    uint32_t serial = (uint32_t)view->serial;
    uint32_t count = change_find(counted->pair, decisions, changes);
    for (enum side side = 0; side < SIDES; side++)
        counted->loads[side][change_end(counted->pair, side, decisions[side])]++;
    ++*count_of_day(counted, counted->days, view->time_ms);
    counted->changed += count > 0;
    counted->by_other_rows += count == 0 && change_is_of_rows(counted->pair, decisions);
    for (uint32_t i = 0; i < count; i++) {
        counted->aspects[changes[i].aspect]++;
        groups_add_one(&counted->groups, &changes[i], serial);
        if (changes[i].aspect == ASPECT_WHERE)
            ++*count_of_day(counted, counted->moved_days, view->time_ms);
    }
}

/* Looks at the first event of a ticket. */
static bool visit(void *self, struct store_reader *reader, const struct event_view *view)
{
    struct decider *decider = self;
    struct recalled recalled;
    struct asked asked = {.recalled = &recalled};
    struct decision decisions[SIDES];
    if (view->kind != KIND_CASE)
        return true;
    if (view->serial != view->number || view->erased) {
        decider->counted.attached += view->serial != view->number;
        decider->counted.erased += view->serial == view->number;
        return true;
    }
    bool readable = recalled_read(reader, view, &recalled) == OK &&
                    wire_event_case(view->open, view->story, &asked.facts, &asked.words);
    CHECK(readable); /* its checksum held, so we wrote it so */
    decider->counted.tickets++;
    facts_set_moment(&asked.facts, view->time_ms);
    asked.facts.regime = recalled.regime;
    decide_both(decider, &asked, decisions);
    compare(&decider->counted, view,
            (const struct decision *const[]){&decisions[SIDE_OLD], &decisions[SIDE_NEW]});
    return true;
}

/* -- all --------------------------------------------------------------------------------------- */

static void add(struct difference *sum, const struct difference *more)
{
    sum->tickets += more->tickets;
    sum->erased += more->erased;
    sum->attached += more->attached;
    sum->changed += more->changed;
    sum->by_other_rows += more->by_other_rows;
    for (uint32_t i = 0; i < ASPECTS; i++)
        sum->aspects[i] += more->aspects[i];
    for (enum side side = 0; side < SIDES; side++) {
        sum->not_resolved[side] += more->not_resolved[side];
        for (uint32_t i = 0; i < change_ends(sum->pair); i++)
            sum->loads[side][i] += more->loads[side][i];
    }
    for (int32_t i = 0; i < sum->days_count; i++) {
        sum->days[i] += more->days[i];
        sum->moved_days[i] += more->moved_days[i];
    }
    groups_add_all(&sum->groups, &more->groups);
}

/* Times do not go back in a log, so its first and last event say which days there are. */
static enum err find_days(const struct store_look *look, int32_t *first_day, int32_t *days)
{
    struct event_view first = {.time_ms = 0};
    struct event_view last = {.time_ms = 0};
    struct store_reader *reader = NULL;
    enum err err = store_look_reader(look, &reader);
    if (err == OK)
        err = store_reader_begin(reader);
    if (err == OK) {
        uint64_t limit = store_reader_limit(reader);
        if (limit > 1)
            err = store_reader_event(reader, 1, &first);
        if (limit > 1 && err == OK)
            err = store_reader_event(reader, limit - 1, &last);
        store_reader_end(reader);
    }
    store_reader_close(&reader);
    *first_day = day_of_ms(first.time_ms);
    /* And one more, since an engine beside may just be at midnight. */
    *days = day_of_ms(last.time_ms) - *first_day + 2;
    return err == OK && (*days < 1 || *days > DIFFERENCE_DAYS_MAX) ? ERR_DAMAGED : err;
}

static void make_deciders(const struct pair *pair, int32_t first_day, int32_t days,
                          uint32_t threads, struct decider *deciders)
{
    for (uint32_t i = 0; i < threads; i++) {
        deciders[i].counted = make(pair, first_day, days);
        for (enum side side = 0; side < SIDES; side++)
            deciders[i].scratches[side] = scratch_create(pair->policies[side]);
    }
}

enum err difference_count(const struct store_look *look, const struct pair *pair, uint32_t threads,
                          struct difference *difference, struct diag *diag)
{
    struct decider deciders[HISTORY_THREADS];
    void *selves[HISTORY_THREADS];
    int32_t first_day;
    int32_t days;
    enum err err = find_days(look, &first_day, &days);
    if (err != OK) {
        diag_add(diag, store_look_path(look), 0, 0, "cannot be read: %s", err_name(err));
        return err;
    }
    make_deciders(pair, first_day, days, threads, deciders);
    for (uint32_t i = 0; i < threads; i++)
        selves[i] = &deciders[i];
    err = history_walk(look, "comparing", visit, selves, threads, diag);
    *difference = deciders[0].counted;
    for (uint32_t i = 0; i < threads; i++) {
        for (enum side side = 0; side < SIDES; side++)
            scratch_destroy(&deciders[i].scratches[side]);
        if (i > 0) {
            add(difference, &deciders[i].counted);
            difference_free(&deciders[i].counted);
        }
    }
    if (err != OK)
        difference_free(difference);
    return err;
}
