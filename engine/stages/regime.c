#include "stages/regime.h"

#include "base/say.h"
#include "stages/storing.h"

/* The record of orders, by the id that it was opened under. ERR_NOT_FOUND before the first order.
 */
static enum err find_record(struct store *store, uint64_t *serial, struct event_view *last)
{
    uint8_t key[DIGEST_BYTES];
    uint64_t number;
    struct event_view first;
    wire_regime_key(store_seed(store), key);
    enum err err = store_find(store, key, &first);
    if (err != OK)
        return err;
    *serial = first.serial;
    err = store_last(store, first.serial, &number);
    return err == OK ? store_event(store, number, last) : err;
}

enum regime regime_ordered(struct store *store)
{
    uint64_t serial;
    struct event_view last;
    struct act act;
    enum err err = find_record(store, &serial, &last);
    if (err != OK && err != ERR_NOT_FOUND)
        say_error("which regime the desk ordered last cannot be read back (%s): the calendar's "
                  "holds; see lianxin verify",
                  err_name(err));
    if (err != OK)
        return REGIME_NONE;
    bool readable = wire_event_act(last.open, &act);
    CHECK(readable); /* nothing else is legal there */
    return act.regime == REGIME_CALENDAR ? REGIME_NONE : act.regime;
}

/* Before the first order: as the calendar says. In no feed: what units hear of is the order. */
static bool open_record(struct store_stage *stage, const struct slot *order,
                        const struct ticket_state *state, enum outcome *outcome)
{
    uint8_t act[WIRE_REGIME_ACT_BYTES_MAX];
    struct slot opening = {.arrival = order->arrival};
    struct keeping keeping;
    int32_t day = day_of_ms(order->arrival.time_ms);
    uint64_t number = store_next(stage->store);
    opening.arrival.bytes = wire_regime_act(act);
    wire_act_read(opening.arrival.bytes, store_seed(stage->store), &opening.ticket,
                  &opening.misfit);
    wire_regime_key(store_seed(stage->store), opening.ticket.key);
    number_format(day, number - store_day_first(stage->store, day) + 1, opening.receipt.number);
    storing_begin(stage, &opening, 0, 0, state, &keeping);
    bool appended = storing_append(stage, &opening, &keeping);
    *outcome = opening.receipt.outcome;
    return appended;
}

/* An order that cannot be joined to those before it is not taken. */
static bool put_off(struct slot *slot, enum err err)
{
    slot->receipt.outcome = OUTCOME_TRY_AGAIN;
    say_error("the store cannot read back the orders of regimes: %s", err_name(err));
    return true;
}

bool store_regime(struct store_stage *stage, struct slot *slot)
{
    struct receipt *receipt = &slot->receipt;
    struct ticket_state state;
    struct event_view last;
    struct keeping keeping;
    uint64_t serial;
    tickets_begin_record(&state, slot->arrival.policy->city);
    enum err err = find_record(stage->store, &serial, &last);
    if (err == ERR_NOT_FOUND) {
        if (!open_record(stage, slot, &state, &receipt->outcome))
            return false;
        if (receipt->outcome != OUTCOME_ACCEPTED)
            return true;
        err = find_record(stage->store, &serial, &last);
    }
    if (err != OK)
        return put_off(slot, err);
    storing_read_state(&last, &state, receipt);
    storing_begin(stage, slot, serial, last.number, &state, &keeping);
    storing_tell_all(stage, &keeping, false);
    bool appended = storing_append(stage, slot, &keeping);
    if (receipt->outcome == OUTCOME_ACCEPTED)
        receipt->ordered = slot->ticket.act.regime;
    return appended;
}
