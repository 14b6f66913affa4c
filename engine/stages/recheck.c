#include "stages/recheck.h"

#include "base/check.h"
#include "stages/recalled.h"
#include "stages/shelf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct recheck {
    struct arena *arena;
    struct shelf *shelf;
    uint8_t *room; /* for a decision */
    struct recheck_counts counts;
};

struct recheck *recheck_create(void)
{
    struct arena *arena = arena_create();
    struct recheck *recheck = arena_take(arena, sizeof *recheck);
    recheck->arena = arena;
    recheck->shelf = shelf_create(SHELF_PLACES_MAX);
    recheck->room = arena_take(arena, wire_decision_bytes_max());
    return recheck;
}

void recheck_destroy(struct recheck **recheck)
{
    if (*recheck == NULL)
        return;
    struct arena *arena = (*recheck)->arena;
    shelf_destroy(&(*recheck)->shelf);
    *recheck = NULL;
    arena_destroy(&arena);
}

struct recheck_counts recheck_counts(const struct recheck *recheck)
{
    return recheck->counts;
}

/* -- findings ---------------------------------------------------------------------------------- */

struct checking {
    const struct event_view *event;
    const char *file;
    struct diag *diag;
};

__attribute__((format(printf, 2, 3))) static void complain(const struct checking *checking,
                                                           const char *format, ...)
{
    char text[512];
    struct span ticket = wire_event_ticket(checking->event->open);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    diag_add(checking->diag, checking->file, 0, 0, "event %" PRIu64 ", ticket %.*s: %s",
             checking->event->number, SPAN_ARG(ticket), text);
}

/* The first row that the one cites and the other does not; where they cite the same, the last. */
static void complain_of_difference(const struct checking *checking, const struct policy *policy,
                                   const struct decision *decision)
{
    struct span rows[RULES_CITED_MAX];
    uint32_t count = wire_event_rows(checking->event->open, rows);
    uint32_t same = 0;
    while (same < count && same < decision->rows_count &&
           span_equal(rows[same], rules_row_name(policy->rules, decision->rows[same])))
        same++;
    struct span none = span_of_string("no other row");
    bool alike = same == count && same == decision->rows_count && count > 0;
    if (alike)
        complain(checking,
                 "its decision cites the rows that policy %u decides by, up to %.*s, but does not "
                 "say what they say",
                 policy->number, SPAN_ARG(rows[count - 1]));
    else
        complain(checking, "its decision cites %.*s, where policy %u decides by %.*s",
                 SPAN_ARG(same < count ? rows[same] : none), policy->number,
                 SPAN_ARG(same < decision->rows_count
                              ? rules_row_name(policy->rules, decision->rows[same])
                              : none));
}

/* -- one event --------------------------------------------------------------------------------- */

static void decide_again(struct recheck *recheck, const struct checking *checking,
                         const struct recalled *recalled, const struct shelved *shelved)
{
    struct facts facts;
    struct excluded excluded;
    struct decision decision;
    struct misfit misfit;
    struct span stored;
    recheck->counts.recomputed++;
    if (!recalled_decide(recalled, shelved->policy, shelved->scratch, &facts, &excluded, &decision,
                         &misfit)) {
        complain(checking, "its case means nothing to policy %u: %s: %s", recalled->policy,
                 misfit.field, misfit.message);
        return;
    }
    struct span made = wire_decision_write(shelved->policy, &decision, recheck->room);
    bool has_it = wire_event_decision_bytes(checking->event->open, &stored);
    CHECK(has_it); /* it was read from there */
    if (!span_equal(made, stored))
        complain_of_difference(checking, shelved->policy, &decision);
}

void recheck_event(struct recheck *recheck, struct store_reader *reader,
                   const struct event_view *event, const char *file, struct diag *diag)
{
    struct recalled recalled;
    struct shelved shelved;
    enum err err = recalled_read(reader, event, &recalled);
    struct checking checking = {event, file, diag};
    if (err == ERR_NOT_FOUND)
        return;
    if (err != OK) {
        complain(&checking, "its decision cannot be made again: what came before does not lead to "
                            "it");
        return;
    }
    if (recalled.erased) {
        recheck->counts.erased++;
        return;
    }
    if (shelf_take(recheck->shelf, reader, recalled.policy, diag, &shelved) != OK) {
        complain(&checking, "its decision cannot be made again without policy %u", recalled.policy);
        return;
    }
    decide_again(recheck, &checking, &recalled, &shelved);
}
