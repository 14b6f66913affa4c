#include "domain/tickets.h"

#include "base/check.h"

#include <stdio.h>

static bool is_open(enum state state)
{
    return state == STATE_ISSUED || state == STATE_SIGNED || state == STATE_ANSWERED;
}

static struct part *find_part(struct ticket_state *state, struct span unit)
{
    for (uint32_t i = 0; i < state->count; i++)
        if (span_is(unit, state->parts[i].unit))
            return &state->parts[i];
    return NULL;
}

static void set_unit(struct part *part, struct span key)
{
    CHECK(key.bytes < sizeof part->unit);
    memset(part->unit, 0, sizeof part->unit);
    memcpy(part->unit, key.data, key.bytes);
}

uint32_t tickets_main(const struct ticket_state *state)
{
    for (uint32_t i = 0; i < state->count; i++)
        if (state->parts[i].role == ROLE_MAIN && state->parts[i].state != STATE_RETURNED)
            return i;
    return UINT32_MAX;
}

uint32_t tickets_returns(const struct ticket_state *state)
{
    uint32_t returns = 0;
    for (uint32_t i = 0; i < state->count; i++)
        if (state->parts[i].role == ROLE_MAIN)
            returns += state->parts[i].returns;
    return returns;
}

void tickets_begin(struct ticket_state *state, const struct city *city,
                   const struct decision *decision)
{
    state->count = decision->assignments_count;
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        state->parts[i] =
            (struct part){.role = assignment->role, .state = STATE_ISSUED, .row = assignment->row};
        set_unit(&state->parts[i], unit_key(city, assignment->unit));
    }
}

/* -- what is legal ----------------------------------------------------------------------------- */

/* What a part's unit may do now, for messages. */
static const char *legal_for(const struct part *part)
{
    if (part->role == ROLE_INFORMED || part->role == ROLE_SUPERVISOR)
        return "nothing: the unit is only informed";
    switch (part->state) {
    case STATE_ISSUED:
        return "sign, return";
    case STATE_SIGNED:
        return "answer, return";
    case STATE_ANSWERED:
        return "nothing more: it has answered";
    case STATE_RETURNED:
        return "nothing: it has returned the ticket, or it was taken from it";
    case STATE_CLOSED:
        return "nothing: the ticket is closed";
    case STATE_NONE:
    case STATE_COUNT:
        break;
    }
    return "nothing";
}

static enum move refuse_part(const struct part *part, const struct act *act, char *message,
                             size_t bytes)
{
    snprintf(message, bytes, "%s cannot %s now; it may do: %s", part->unit,
             word_name(&verb_words, (uint32_t)act->verb), legal_for(part));
    return MOVE_REFUSED;
}

static enum move refuse_stranger(const struct ticket_state *state, struct span unit, char *message,
                                 size_t bytes)
{
    uint32_t main = tickets_main(state);
    snprintf(message, bytes, "%.*s has no part in this ticket; its main unit is %s", SPAN_ARG(unit),
             main != UINT32_MAX ? state->parts[main].unit : "not decided");
    return MOVE_REFUSED;
}

static bool takes_part(const struct part *part)
{
    return part->role == ROLE_MAIN || part->role == ROLE_CO;
}

/* -- moves ------------------------------------------------------------------------------------- */

static enum move sign(struct part *part, const struct act *act, char *message, size_t bytes)
{
    if (!takes_part(part) || part->state != STATE_ISSUED)
        return refuse_part(part, act, message, bytes);
    part->state = STATE_SIGNED;
    return MOVE_DONE;
}

static enum move give_back(struct part *part, const struct act *act, char *message, size_t bytes)
{
    if (!takes_part(part) || (part->state != STATE_ISSUED && part->state != STATE_SIGNED))
        return refuse_part(part, act, message, bytes);
    part->state = STATE_RETURNED;
    part->returns++;
    return part->role == ROLE_MAIN ? MOVE_REDECIDE : MOVE_DONE;
}

static enum move answer(struct part *part, const struct act *act, char *message, size_t bytes)
{
    if (!takes_part(part) || part->state != STATE_SIGNED)
        return refuse_part(part, act, message, bytes);
    part->state = STATE_ANSWERED;
    return MOVE_DONE;
}

static enum move act_of_unit(struct ticket_state *state, const struct act *act, char *message,
                             size_t bytes)
{
    struct part *part = find_part(state, act->unit);
    if (part == NULL)
        return refuse_stranger(state, act->unit, message, bytes);
    switch (act->verb) {
    case VERB_SIGN:
        return sign(part, act, message, bytes);
    case VERB_RETURN:
        return give_back(part, act, message, bytes);
    case VERB_ANSWER:
        return answer(part, act, message, bytes);
    default:
        CHECK(!"a verb of a unit");
        return MOVE_REFUSED;
    }
}

/* A place for one more part. A unit that has its part already keeps it; else, where all are taken,
 * one that is only informed gives way, and then one that returned it. */
static struct part *make_room(struct ticket_state *state, struct span unit)
{
    struct part *part = find_part(state, unit);
    if (part != NULL)
        return part;
    if (state->count < ASSIGNMENTS_MAX)
        return &state->parts[state->count++];
    static const enum role yielding[] = {ROLE_INFORMED, ROLE_SUPERVISOR, ROLE_CO};
    for (size_t r = 0; r < sizeof yielding / sizeof yielding[0]; r++)
        for (uint32_t i = state->count; i-- > 0;)
            if (state->parts[i].role == yielding[r])
                return &state->parts[i];
    for (uint32_t i = 0; i < state->count; i++)
        if (state->parts[i].state == STATE_RETURNED)
            return &state->parts[i];
    CHECK(!"only one part can be an open main part");
    return NULL;
}

/* Makes a unit the main one, afresh; what it returned before stays counted. */
static void make_main(struct ticket_state *state, struct span unit, uint32_t row)
{
    struct part *part = make_room(state, unit);
    bool known = span_is(unit, part->unit);
    uint32_t returns = known ? part->returns : 0;
    *part = (struct part){.role = ROLE_MAIN, .state = STATE_ISSUED, .returns = returns, .row = row};
    set_unit(part, unit);
}

static enum move reassign(struct ticket_state *state, const struct act *act, char *message,
                          size_t bytes)
{
    uint32_t main = tickets_main(state);
    if (main != UINT32_MAX && state->parts[main].state == STATE_CLOSED) {
        snprintf(message, bytes, "the ticket is closed; nothing more can be done to it");
        return MOVE_REFUSED;
    }
    if (main != UINT32_MAX && span_is(act->to_unit, state->parts[main].unit)) {
        snprintf(message, bytes, "%s is its main unit already", state->parts[main].unit);
        return MOVE_REFUSED;
    }
    if (main != UINT32_MAX)
        state->parts[main].state = STATE_RETURNED;
    make_main(state, act->to_unit, 0);
    return MOVE_DONE;
}

static enum move close_all(struct ticket_state *state, char *message, size_t bytes)
{
    uint32_t main = tickets_main(state);
    CHECK(main != UINT32_MAX); /* a return is decided anew at once */
    if (state->parts[main].state != STATE_ANSWERED) {
        snprintf(message, bytes, "%s has to answer first; it is %s, and may do: %s",
                 state->parts[main].unit,
                 word_name(&state_words, (uint32_t)state->parts[main].state),
                 legal_for(&state->parts[main]));
        return MOVE_REFUSED;
    }
    for (uint32_t i = 0; i < state->count; i++)
        if (is_open(state->parts[i].state))
            state->parts[i].state = STATE_CLOSED;
    return MOVE_DONE;
}

enum move tickets_apply(struct ticket_state *state, const struct act *act, char *message,
                        size_t message_bytes)
{
    if (act->verb == VERB_REASSIGN)
        return reassign(state, act, message, message_bytes);
    if (act->verb == VERB_CLOSE)
        return close_all(state, message, message_bytes);
    return act_of_unit(state, act, message, message_bytes);
}

/* -- after a return ---------------------------------------------------------------------------- */

void tickets_redecided(struct ticket_state *state, const struct city *city,
                       const struct decision *decision)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        struct span key = unit_key(city, assignment->unit);
        if (assignment->role == ROLE_MAIN) {
            make_main(state, key, assignment->row);
            continue;
        }
        if (find_part(state, key) != NULL || state->count == ASSIGNMENTS_MAX)
            continue;
        struct part *part = &state->parts[state->count++];
        *part =
            (struct part){.role = assignment->role, .state = STATE_ISSUED, .row = assignment->row};
        set_unit(part, key);
    }
}

void tickets_excluded(const struct ticket_state *state, const struct city *city,
                      struct excluded *excluded)
{
    excluded->count = 0;
    for (uint32_t i = 0; i < state->count; i++) {
        if (state->parts[i].returns == 0)
            continue;
        struct unit unit = city_unit_by_key(city, span_of_string(state->parts[i].unit));
        if (unit.index != UNIT_NONE.index)
            excluded->units[excluded->count++] = unit;
    }
}
