#include "stages/storing.h"

#include "stages/health.h"

void storing_refuse(struct store_stage *stage, struct slot *slot, enum outcome outcome)
{
    struct pipeline *pipeline = stage->pipeline;
    slot->receipt.outcome = outcome;
    slot->receipt.misfit = &slot->misfit;
    counter_add(outcome == OUTCOME_INVALID ? &pipeline->invalid : &pipeline->refused, 1);
}

void storing_name_main(const struct ticket_state *state, struct receipt *receipt)
{
    uint32_t main = tickets_main(state);
    receipt->unit_bytes = 0;
    receipt->due_ms = 0;
    receipt->provisional = false;
    if (main == UINT32_MAX)
        return;
    const struct part *part = &state->parts[main];
    memcpy(receipt->unit, part->unit.data, part->unit.bytes);
    receipt->unit_bytes = (uint8_t)part->unit.bytes;
    receipt->due_ms = part->dues.due_ms;
    receipt->provisional = part->dues.provisional;
}

void storing_read_state(const struct event_view *event, struct ticket_state *state,
                        struct receipt *receipt)
{
    bool readable = wire_event_state(event->open, state, receipt->number);
    CHECK(readable); /* its checksum held, so we wrote it so */
    receipt->number_bytes = (uint8_t)strlen(receipt->number);
}

void storing_answer_nothing_but(struct receipt *receipt, enum outcome outcome)
{
    receipt->serial = 0;
    receipt->advice = (struct span){0};
    receipt->misfit = NULL;
    receipt->due_ms = 0;
    receipt->outcome = outcome;
    receipt->disposition = DISPOSITION_NONE;
    receipt->ordered = REGIME_NONE;
    receipt->provisional = false;
    receipt->number_bytes = receipt->unit_bytes = 0;
}

/* Once, however many parts it has in the ticket. */
static void tell_feed(struct keeping *keeping, uint32_t feed, bool reporter_shown)
{
    struct event_draft *draft = &keeping->draft;
    for (uint32_t i = 0; i < draft->feeds_count; i++)
        if (draft->feeds[i].feed == feed) {
            draft->feeds[i].reporter |= reporter_shown;
            return;
        }
    CHECK(draft->feeds_count < STORE_FEEDS_PER_EVENT_MAX);
    draft->feeds[draft->feeds_count].feed = feed;
    draft->feeds[draft->feeds_count].reporter = reporter_shown;
    draft->feeds_count++;
}

void storing_tell(struct keeping *keeping, struct unit unit, bool reporter_shown)
{
    tell_feed(keeping, keeping->text.policy->feeds[unit.index], reporter_shown);
}

/* A unit that the policy no longer knows has its feed still: whoever had a part in a ticket goes on
 * with it. */
static bool find_feed(struct store_stage *stage, const struct policy *policy, struct span key,
                      uint32_t *feed)
{
    struct unit unit = city_unit_by_key(policy->city, key);
    if (unit.index == UNIT_NONE.index)
        return store_feed_find(stage->store, key, feed) == OK;
    *feed = policy->feeds[unit.index];
    return true;
}

void storing_tell_all(struct store_stage *stage, struct keeping *keeping, bool reporter_shown)
{
    const struct ticket_state *state = keeping->text.state;
    for (uint32_t i = 0; i < state->count; i++) {
        const struct part *part = &state->parts[i];
        bool is_main = part->role == ROLE_MAIN && part->state != STATE_RETURNED;
        uint32_t feed;
        if (find_feed(stage, keeping->text.policy, part->unit, &feed))
            tell_feed(keeping, feed, reporter_shown && is_main);
    }
}

bool storing_shows_reporter(struct store_stage *stage, uint64_t serial)
{
    struct event_view first;
    enum err err = store_event(stage->store, serial, &first);
    CHECK(err == OK); /* its ticket's number led here */
    for (uint32_t i = 0; i < first.feeds_count; i++)
        if (first.feeds[i].reporter)
            return true;
    return false;
}

/* Field by field: what is not used of it, which is most, need not be cleared first. */
void storing_begin(struct store_stage *stage, const struct slot *slot, uint64_t serial,
                   uint64_t previous, const struct ticket_state *state, struct keeping *keeping)
{
    const struct arrival *arrival = &slot->arrival;
    uint64_t number = store_next(stage->store);
    enum kind kind = arrival->command == COMMAND_CASE  ? KIND_CASE
                     : arrival->command == COMMAND_ACT ? KIND_ACT
                                                       : KIND_BOOK;
    struct event_text *text = &keeping->text;
    struct event_draft *draft = &keeping->draft;
    text->number = number;
    text->serial = serial != 0 ? serial : number;
    text->previous = previous;
    text->time_ms = arrival->time_ms;
    text->kind = kind;
    text->ticket = slot->receipt.number;
    text->state = state;
    text->policy = arrival->policy;
    text->decision = NULL;
    text->submitted = arrival->bytes;
    text->parts = kind == KIND_CASE ? &slot->ticket.parts : NULL;
    draft->serial = text->serial;
    draft->previous = previous;
    draft->time_ms = arrival->time_ms;
    draft->kind = kind;
    draft->ticket_open = tickets_is_open(state);
    draft->key = slot->ticket.key;
    draft->content = slot->ticket.content;
    draft->feeds_count = 0;
}

bool storing_append(struct store_stage *stage, struct slot *slot, struct keeping *keeping)
{
    const struct event_text *text = &keeping->text;
    struct event_draft *draft = &keeping->draft;
    struct receipt *receipt = &slot->receipt;
    struct event_parts parts;
    uint8_t *room = store_room(stage->store, draft->feeds_count, wire_event_bytes_max(text));
    if (room == NULL)
        return false;
    wire_event_write(text, room, &parts);
    draft->open_bytes = parts.open.bytes;
    draft->story_bytes = parts.story.bytes;
    draft->reporter_bytes = parts.reporter.bytes;
    enum err err = store_append(stage->store, draft);
    health_note(&stage->pipeline->exhausted, err);
    if (err != OK) {
        counter_add(&stage->pipeline->failed, 1);
        storing_answer_nothing_but(receipt, OUTCOME_TRY_AGAIN);
        return true;
    }
    receipt->outcome = OUTCOME_ACCEPTED;
    receipt->serial = draft->serial;
    return true;
}

static void use(struct store_stage *stage, uint8_t place)
{
    stage->in_force = place;
    stage->scratch = stage->pipeline->books[place].scratches[BOOK_STORE];
}

void storing_put_in_force(struct store_stage *stage, uint8_t place, uint64_t event)
{
    stage->before = stage->in_force;
    stage->changed = event;
    use(stage, place);
}

/* The next change comes only when it is known what became of the one before. */
void storing_restore_in_force(struct store_stage *stage)
{
    if (stage->changed < store_next(stage->store))
        return;
    stage->changed = 0;
    use(stage, stage->before);
}

bool storing_find(struct store_stage *stage, struct span text, uint64_t *serial,
                  struct event_view *last)
{
    int32_t day;
    uint64_t ordinal;
    uint64_t number;
    enum number_fault fault = number_parse(text, &day, &ordinal);
    CHECK(fault == NUMBER_OK); /* decode refused all others */
    uint64_t first;
    if (store_day_find(stage->store, day, &first) != OK)
        return false;
    *serial = first + ordinal - 1;
    /* Serials run on over midnight, numbers do not: what is beyond the day is another's. */
    return store_event(stage->store, *serial, last) == OK && day_of_ms(last->time_ms) == day &&
           store_last(stage->store, *serial, &number) == OK &&
           store_event(stage->store, number, last) == OK;
}
