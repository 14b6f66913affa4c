/* read_history - which book was in force when, the latest first: from one change to the one before.
 */
#include "stages/reading.h"

/* A list under way. */
struct listing {
    struct reader_stage *stage;
    struct wire_in_force changes[WIRE_HISTORY_CHANGES_MAX];
    uint32_t count, limit;
    uint64_t next;
    uint8_t first_hash[POLICY_HASH_BYTES]; /* of the store's first book */
};

static enum err read_change(struct listing *listing, uint64_t number, struct event_view *view,
                            struct wire_in_force *change)
{
    enum err err = store_reader_event(listing->stage->reader, number, view);
    *change = (struct wire_in_force){.event = number, .time_ms = view->time_ms};
    return err == OK && !wire_event_book(view->open, &change->book) ? ERR_DAMAGED : err;
}

/* The store's first, of which no event tells but the one that ended it. */
static enum err list_first(struct listing *listing, uint32_t policy)
{
    struct span bundle;
    enum err err =
        store_reader_policy(listing->stage->reader, policy, listing->first_hash, &bundle);
    listing->changes[listing->count++] =
        (struct wire_in_force){.book = {.policy = policy,
                                        .hash = span_of(listing->first_hash, POLICY_HASH_BYTES),
                                        .how = HOW_START}};
    return err;
}

/* From a change back; first is the policy where there was none. */
static enum err list_back(struct listing *listing, uint64_t number, uint32_t first)
{
    while (number != 0 && listing->count < listing->limit) {
        struct wire_in_force *change = &listing->changes[listing->count];
        struct event_view view;
        enum err err = read_change(listing, number, &view, change);
        if (err != OK)
            return err;
        listing->count++;
        listing->next = number;
        number = view.previous;
        first = change->book.before;
    }
    if (listing->count == listing->limit)
        return OK;
    listing->next = 0;
    return list_first(listing, first);
}

/* Behind a change that was listed already. */
static enum err list_before(struct listing *listing, uint64_t number)
{
    struct wire_in_force change;
    struct event_view view;
    enum err err = read_change(listing, number, &view, &change);
    return err == OK ? list_back(listing, view.previous, change.book.before) : err;
}

static enum err list(struct listing *listing, const struct inquiry *inquiry,
                     const struct wire_history *history)
{
    const struct book *book = &listing->stage->pipeline->books[inquiry->book];
    return history->before != 0 ? list_before(listing, history->before)
                                : list_back(listing, book->in_force.event, book->policy->number);
}

/* An event that does not say so is no damage where it was asked for. */
static bool is_change(struct reader_stage *stage, uint64_t number)
{
    struct event_view view;
    enum err err = store_reader_event(stage->reader, number, &view);
    return err == OK ? view.kind == KIND_BOOK : err != ERR_NOT_FOUND;
}

void reading_history(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_history history;
    struct misfit misfit;
    if (!wire_history_read(inquiry->content, &history, &misfit)) {
        reading_refuse(inquiry, &misfit);
        return;
    }
    if (history.before != 0 && !is_change(stage, history.before)) {
        reading_refuse_because(inquiry, "before", (struct span){0},
                               "is the number of no event that changed the book");
        return;
    }
    struct arena *arena = arena_create();
    struct listing *listing = arena_take(arena, sizeof *listing);
    listing->stage = stage;
    listing->limit = history.limit;
    if (list(listing, inquiry, &history) == OK)
        reading_reply(inquiry, wire_history_reply(arena, inquiry->id, listing->changes,
                                                  listing->count, listing->next));
    else
        reading_refuse_damaged(inquiry);
    arena_destroy(&arena);
}
