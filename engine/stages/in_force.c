#include "stages/in_force.h"

#include "base/say.h"
#include "stages/storing.h"

/* The record of changes, by the id that it was opened under. ERR_NOT_FOUND before the first. */
static enum err find_record(struct store *store, uint64_t *serial, struct event_view *last)
{
    uint8_t key[DIGEST_BYTES];
    uint64_t number;
    struct event_view first;
    wire_book_key(store_seed(store), 0, key);
    enum err err = store_find(store, key, &first);
    if (err != OK)
        return err;
    *serial = first.serial;
    err = store_last(store, first.serial, &number);
    return err == OK ? store_event(store, number, last) : err;
}

/* -- at start ---------------------------------------------------------------------------------- */

/* The number of the policy that decided last; ERR_NOT_FOUND where nothing was decided. */
static enum err find_decider(struct store *store, uint32_t *number)
{
    struct event_view view;
    struct wire_decision decided;
    for (uint64_t i = store_next(store) - 1; i > 0; i--) {
        enum err err = store_event(store, i, &view);
        if (err != OK)
            return err;
        if (wire_event_decision(view.open, &decided)) {
            *number = decided.policy;
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

/* The number of the policy that was put first. */
static enum err find_first(struct store_reader *reader, uint32_t *number)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    enum err err = store_reader_begin(reader);
    if (err != OK)
        return err;
    *number = 1;
    err = store_reader_policy(reader, *number, hash, &bundle);
    store_reader_end(reader);
    return err;
}

enum err in_force_find(struct store *store, struct store_reader *reader, struct wire_in_force *last)
{
    struct event_view view;
    uint64_t serial;
    *last = (struct wire_in_force){.book = {.how = HOW_START}};
    enum err err = find_record(store, &serial, &view);
    if (err == OK) {
        last->event = view.number;
        last->time_ms = view.time_ms;
        return wire_event_book(view.open, &last->book) ? OK : ERR_DAMAGED;
    }
    if (err == ERR_NOT_FOUND)
        err = find_decider(store, &last->book.policy);
    return err == ERR_NOT_FOUND ? find_first(reader, &last->book.policy) : err;
}

enum err in_force_record(struct store_stage *stage, struct pipeline *pipeline, int64_t now_ms)
{
    const struct book *book = &pipeline->books[0];
    struct store *store = stage->store;
    struct slot slot = {
        .arrival = {.command = COMMAND_BOOK, .policy = book->policy, .bytes = book->bytes}};
    slot.arrival.time_ms = store_last_time_ms(store);
    if (now_ms > slot.arrival.time_ms)
        slot.arrival.time_ms = now_ms;
    bool appended = store_book(stage, &slot);
    CHECK(appended); /* to an empty group */
    if (slot.receipt.outcome != OUTCOME_ACCEPTED)
        return ERR_FULL;
    store_seal(store);
    enum err err = store_write(store);
    if (err != OK) {
        store_abandon(store);
        return err;
    }
    store_keep(store);
    pipeline->books[0].in_force.event = slot.receipt.serial;
    pipeline->books[0].in_force.time_ms = slot.arrival.time_ms;
    return OK;
}

/* -- in the store ------------------------------------------------------------------------------ */

/* The desk is informed, and nothing else is legal. */
static void begin_record(struct store_stage *stage, struct slot *slot, struct ticket_state *state,
                         struct keeping *keeping)
{
    int32_t day = day_of_ms(slot->arrival.time_ms);
    uint64_t number = store_next(stage->store);
    tickets_begin_record(state, slot->arrival.policy->city);
    wire_book_key(store_seed(stage->store), 0, slot->ticket.key);
    slot->receipt.number_bytes = (uint8_t)number_format(
        day, number - store_day_first(stage->store, day) + 1, slot->receipt.number);
    storing_begin(stage, slot, 0, 0, state, keeping);
}

static void go_on_with(struct store_stage *stage, struct slot *slot, uint64_t serial,
                       const struct event_view *last, struct ticket_state *state,
                       struct keeping *keeping)
{
    storing_read_state(last, state, &slot->receipt);
    wire_book_key(store_seed(stage->store), store_next(stage->store), slot->ticket.key);
    storing_begin(stage, slot, serial, last->number, state, keeping);
}

/* A change that cannot be joined to those before it is not made. */
static bool put_off(struct slot *slot, enum err err)
{
    slot->receipt.outcome = OUTCOME_TRY_AGAIN;
    say_error("the store cannot read back which books were in force: %s", err_name(err));
    return true;
}

bool store_book(struct store_stage *stage, struct slot *slot)
{
    struct receipt *receipt = &slot->receipt;
    struct ticket_state state;
    struct event_view last;
    struct keeping keeping;
    uint64_t serial;
    store_use_policy(stage->store, slot->arrival.policy);
    memcpy(slot->ticket.content, slot->arrival.policy->hash, DIGEST_BYTES);
    enum err err = find_record(stage->store, &serial, &last);
    if (err != OK && err != ERR_NOT_FOUND)
        return put_off(slot, err);
    if (err == ERR_NOT_FOUND)
        begin_record(stage, slot, &state, &keeping);
    else
        go_on_with(stage, slot, serial, &last, &state, &keeping);
    storing_tell_all(stage, &keeping, false);
    if (!storing_append(stage, slot, &keeping))
        return false;
    if (receipt->outcome == OUTCOME_ACCEPTED) {
        receipt->serial = keeping.text.number;
        storing_put_in_force(stage, slot->arrival.book, receipt->serial);
    }
    return true;
}
