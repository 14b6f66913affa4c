#include "tools/rules/row_stats.h"

#include "base/check.h"
#include "wire/wire.h"

#include <stdlib.h>
#include <xxhash.h>

enum { FIRST_ROOM = 256 };

/* What one thread counts. */
struct tally {
    struct row_stats stats;
    uint32_t policy;
    int64_t now_ms;
};

/* -- rows -------------------------------------------------------------------------------------- */

static uint32_t *slot_of(const struct row_stats *stats, struct span name)
{
    uint32_t mask = 2 * stats->room - 1;
    uint32_t at = (uint32_t)XXH3_64bits(name.data, name.bytes) & mask;
    while (stats->found[at] != 0 && !span_equal(stats->list[stats->found[at] - 1].name, name))
        at = (at + 1) & mask;
    return &stats->found[at];
}

static void grow(struct row_stats *stats)
{
    stats->room = stats->room == 0 ? FIRST_ROOM : 2 * stats->room;
    free(stats->found);
    stats->list = realloc(stats->list, stats->room * sizeof *stats->list);
    stats->found = calloc((size_t)2 * stats->room, sizeof *stats->found);
    CHECK(stats->list != NULL && stats->found != NULL);
    for (uint32_t i = 0; i < stats->count; i++)
        *slot_of(stats, stats->list[i].name) = i + 1;
}

/* The row of a name; without one, the desk's hand. */
static struct row_stat *row_of(struct row_stats *stats, struct span name)
{
    if (name.bytes == 0)
        return &stats->by_desk;
    if (stats->count == stats->room)
        grow(stats);
    uint32_t *slot = slot_of(stats, name);
    if (*slot == 0) {
        struct span copy = span_of(arena_copy(stats->arena, name), name.bytes);
        stats->list[stats->count] = (struct row_stat){.name = copy};
        *slot = ++stats->count;
    }
    return &stats->list[*slot - 1];
}

static void add(struct row_stat *row, const struct row_stat *more)
{
    row->hits += more->hits;
    row->parts += more->parts;
    row->returns += more->returns;
    row->overdue += more->overdue;
}

static void add_all(struct row_stats *stats, const struct row_stats *more)
{
    stats->decisions += more->decisions;
    add(&stats->by_desk, &more->by_desk);
    for (uint32_t i = 0; i < more->count; i++)
        add(row_of(stats, more->list[i].name), &more->list[i]);
}

/* -- who gave a part --------------------------------------------------------------------------- */

static const struct part *part_of(const struct ticket_state *state, struct span unit)
{
    for (uint32_t i = 0; i < state->count; i++)
        if (span_equal(state->parts[i].unit, unit))
            return &state->parts[i];
    return NULL;
}

static bool is_worked_on(const struct part *part)
{
    return part->role == ROLE_MAIN || part->role == ROLE_CO;
}

static void read_state(const struct event_view *view, struct ticket_state *state)
{
    char number[NUMBER_BYTES_MAX];
    bool readable = wire_event_state(view->open, state, number);
    CHECK(readable); /* its checksum held, so we wrote it so */
}

/* Goes back to the event that gave a part, which has that very part and the one before it has not.
 * False where the log does not lead there. */
static bool find_giver(struct store_reader *reader, const struct part *part,
                       struct event_view *view)
{
    while (view->number != view->serial) {
        struct event_view before;
        struct ticket_state state;
        if (store_reader_event(reader, view->previous, &before) != OK)
            return false;
        read_state(&before, &state);
        const struct part *then = part_of(&state, part->unit);
        if (then == NULL || then->dues.issued_ms != part->dues.issued_ms)
            return true;
        *view = before;
    }
    return true;
}

/* The row that gave a part of a ticket as it stands after an event; NULL where it is none that is
 * counted. */
static struct row_stat *giver_of(struct tally *tally, struct store_reader *reader,
                                 const struct event_view *view, const struct part *part)
{
    struct event_view giver = *view;
    struct wire_decision decided;
    struct span rows[RULES_CITED_MAX];
    if (!find_giver(reader, part, &giver))
        return NULL;
    bool by_book = wire_event_decision(giver.open, &decided);
    if (tally->policy != 0 && (!by_book || decided.policy != tally->policy))
        return NULL;
    uint32_t count = by_book ? wire_event_rows(giver.open, rows) : 0;
    return row_of(&tally->stats, part->row < count ? rows[part->row] : (struct span){0});
}

/* -- events ------------------------------------------------------------------------------------ */

/* The parts that an event gave: those that are as old as itself, and were not there before it. */
static void count_parts(struct tally *tally, struct store_reader *reader,
                        const struct event_view *view, const struct ticket_state *state)
{
    for (uint32_t i = 0; i < state->count; i++) {
        const struct part *part = &state->parts[i];
        struct event_view giver = *view;
        if (!is_worked_on(part) || part->dues.issued_ms != view->time_ms ||
            !find_giver(reader, part, &giver) || giver.number != view->number)
            continue;
        struct row_stat *row = giver_of(tally, reader, view, part);
        if (row != NULL)
            row->parts++;
    }
}

static void count_decision(struct tally *tally, const struct event_view *view)
{
    struct wire_decision decided;
    struct span rows[RULES_CITED_MAX];
    if (!wire_event_decision(view->open, &decided) ||
        (tally->policy != 0 && decided.policy != tally->policy))
        return;
    uint32_t count = wire_event_rows(view->open, rows);
    tally->stats.decisions++;
    for (uint32_t i = 0; i < count; i++)
        row_of(&tally->stats, rows[i])->hits++;
}

/* What a unit did with its part. */
static void count_act(struct tally *tally, struct store_reader *reader,
                      const struct event_view *view, const struct ticket_state *after)
{
    struct act act;
    struct event_view before;
    struct ticket_state state;
    if (!wire_event_act(view->open, &act))
        return;
    if (act.verb == VERB_ANSWER) {
        const struct part *part = part_of(after, act.unit);
        bool late = part != NULL && part->dues.due_ms != 0 && view->time_ms >= part->dues.due_ms;
        struct row_stat *row = late ? giver_of(tally, reader, view, part) : NULL;
        if (row != NULL)
            row->overdue++;
        return;
    }
    if (act.verb != VERB_RETURN || store_reader_event(reader, view->previous, &before) != OK)
        return;
    read_state(&before, &state);
    const struct part *part = part_of(&state, act.unit);
    struct row_stat *row = part != NULL ? giver_of(tally, reader, &before, part) : NULL;
    if (row != NULL)
        row->returns++;
}

/* A ticket's last event says what is open and late. */
static void count_late(struct tally *tally, struct store_reader *reader,
                       const struct event_view *view, const struct ticket_state *state)
{
    uint64_t last;
    if (!view->ticket_open || store_reader_last(reader, view->serial, &last) != OK ||
        last != view->number)
        return;
    for (uint32_t i = 0; i < state->count; i++) {
        const struct part *part = &state->parts[i];
        bool open = part->state == STATE_ISSUED || part->state == STATE_SIGNED;
        if (!is_worked_on(part) || !open || part->dues.due_ms == 0 ||
            tally->now_ms < part->dues.due_ms)
            continue;
        struct row_stat *row = giver_of(tally, reader, view, part);
        if (row != NULL)
            row->overdue++;
    }
}

static bool visit(void *self, struct store_reader *reader, const struct event_view *view)
{
    struct tally *tally = self;
    struct ticket_state state;
    if (view->kind != KIND_CASE && view->kind != KIND_ACT)
        return true;
    read_state(view, &state);
    count_decision(tally, view);
    count_parts(tally, reader, view, &state);
    if (view->kind == KIND_ACT)
        count_act(tally, reader, view, &state);
    count_late(tally, reader, view, &state);
    return true;
}

/* -- all --------------------------------------------------------------------------------------- */

enum err row_stats_count(const struct store_look *look, uint32_t policy, int64_t now_ms,
                         struct row_stats *stats, struct diag *diag)
{
    struct tally tallies[HISTORY_THREADS];
    void *selves[HISTORY_THREADS];
    for (uint32_t i = 0; i < HISTORY_THREADS; i++) {
        tallies[i] =
            (struct tally){.stats = {.arena = arena_create()}, .policy = policy, .now_ms = now_ms};
        selves[i] = &tallies[i];
    }
    enum err err = history_walk(look, "counting", visit, selves, HISTORY_THREADS, diag);
    *stats = tallies[0].stats;
    for (uint32_t i = 1; i < HISTORY_THREADS; i++) {
        add_all(stats, &tallies[i].stats);
        row_stats_free(&tallies[i].stats);
    }
    if (err != OK)
        row_stats_free(stats);
    return err;
}

void row_stats_free(struct row_stats *stats)
{
    free(stats->list);
    free(stats->found);
    arena_destroy(&stats->arena);
    *stats = (struct row_stats){.arena = NULL};
}

static uint64_t weight(const struct row_stat *row, enum row_order order)
{
    switch (order) {
    case ORDER_HITS:
        return row->hits;
    case ORDER_RETURNS:
        return row->returns;
    case ORDER_OVERDUE:
        return row->overdue;
    case ORDER_ROW:
    case ORDERS:
        break;
    }
    return 0;
}

static int compare(const void *a, const void *b, void *order)
{
    const struct row_stat *first = a;
    const struct row_stat *second = b;
    uint64_t before = weight(first, *(enum row_order *)order);
    uint64_t after = weight(second, *(enum row_order *)order);
    if (before != after)
        return before < after ? 1 : -1;
    return span_compare(first->name, second->name);
}

/* The hash table leads to other rows from here on, and is of no use any more. */
void row_stats_sort(struct row_stats *stats, enum row_order order)
{
    if (stats->count > 0)
        qsort_r(stats->list, stats->count, sizeof *stats->list, compare, &order);
}
