#include "domain/tickets.h"

#include "base/check.h"
#include "base/utf8.h"

#include <stdio.h>

enum { LEGAL_BYTES_MAX = 64, KEY_BYTES_SHOWN = 48 };

static struct part *find_part(struct ticket_state *state, struct span unit)
{
    for (uint32_t i = 0; i < state->count; i++)
        if (span_equal(unit, state->parts[i].unit))
            return &state->parts[i];
    return NULL;
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

/* Main and co-units are under way against the clock; who is only informed is not. */
static void begin_part(struct part *part, struct span unit, enum role role, uint32_t row,
                       const struct dues *dues)
{
    CHECK(unit.bytes < UNIT_KEY_BYTES_MAX);
    part->unit = unit;
    part->role = role;
    part->state = STATE_ISSUED;
    part->returns = 0;
    part->row = row;
    if (role == ROLE_MAIN || role == ROLE_CO)
        part->dues = *dues;
    else
        part->dues = (struct dues){.issued_ms = dues->issued_ms};
}

void tickets_begin(struct ticket_state *state, const struct city *city,
                   const struct decision *decision, const struct dues *dues)
{
    state->count = decision->assignments_count;
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        begin_part(&state->parts[i], unit_key(city, assignment->unit), assignment->role,
                   assignment->row, dues);
    }
    if (decision->disposition != DISPOSITION_DISPATCH)
        state->parts[0].state = STATE_CLOSED;
}

void tickets_begin_record(struct ticket_state *state, const struct city *city)
{
    struct unit desk = city_unit(city, city_desk(city), (struct place){0});
    struct dues none = {0};
    state->count = 1;
    begin_part(&state->parts[0], unit_key(city, desk), ROLE_INFORMED, 0, &none);
}

bool tickets_is_open(const struct ticket_state *state)
{
    uint32_t main = tickets_main(state);
    return main != UINT32_MAX && state->parts[main].state != STATE_CLOSED;
}

bool tickets_may_join(const struct ticket_state *state, struct unit about)
{
    return about.index == UNIT_NONE.index && tickets_is_open(state);
}

/* -- what is legal ----------------------------------------------------------------------------- */

static bool takes_part(const struct part *part)
{
    return part->role == ROLE_MAIN || part->role == ROLE_CO;
}

/* How a part stands, for messages. */
static const char *standing(const struct part *part)
{
    if (!takes_part(part))
        return "is only informed";
    switch (part->state) {
    case STATE_ISSUED:
        return "has not signed yet";
    case STATE_SIGNED:
        return "has signed already";
    case STATE_ANSWERED:
        return "has answered already";
    case STATE_RETURNED:
        return part->returns > 0 ? "has returned it" : "lost it to another unit";
    case STATE_CLOSED:
    case STATE_NONE:
    case STATE_COUNT:
        break;
    }
    return "is done with it";
}

/* The verbs that a part's unit, and then the desk, may use now. */
static void list_legal(const struct ticket_state *state, const struct part *part, char *list)
{
    uint32_t main = tickets_main(state);
    const char *of_unit = !takes_part(part)             ? ""
                          : part->state == STATE_ISSUED ? "sign, return, "
                          : part->state == STATE_SIGNED ? "answer, return, "
                                                        : "";
    bool answered = main != UINT32_MAX && state->parts[main].state == STATE_ANSWERED;
    snprintf(list, LEGAL_BYTES_MAX, "%s%sreassign", of_unit, answered ? "close, " : "correct, ");
}

static enum move refuse(const struct ticket_state *state, const struct part *part, const char *why,
                        char *message, size_t bytes)
{
    char legal[LEGAL_BYTES_MAX];
    list_legal(state, part, legal);
    snprintf(message, bytes, "%.*s %s; legal now: %s", SPAN_ARG(part->unit), why, legal);
    return MOVE_REFUSED;
}

static enum move refuse_stranger(const struct ticket_state *state, struct span unit, char *message,
                                 size_t bytes)
{
    uint32_t main = tickets_main(state);
    struct span has_it =
        main != UINT32_MAX ? state->parts[main].unit : span_of_string("not decided");
    snprintf(message, bytes, "%.*s has no part in this ticket; its main unit is %.*s",
             SPAN_ARG(utf8_clip(unit, KEY_BYTES_SHOWN)), SPAN_ARG(has_it));
    return MOVE_REFUSED;
}

/* -- moves ------------------------------------------------------------------------------------- */

static enum move sign(struct ticket_state *state, struct part *part, char *message, size_t bytes)
{
    if (!takes_part(part) || part->state != STATE_ISSUED)
        return refuse(state, part, standing(part), message, bytes);
    part->state = STATE_SIGNED;
    return MOVE_DONE;
}

static enum move give_back(struct ticket_state *state, struct part *part, char *message,
                           size_t bytes)
{
    if (!takes_part(part) || (part->state != STATE_ISSUED && part->state != STATE_SIGNED))
        return refuse(state, part, standing(part), message, bytes);
    part->state = STATE_RETURNED;
    part->returns++;
    return part->role == ROLE_MAIN ? MOVE_REDECIDE : MOVE_DONE;
}

static enum move answer(struct ticket_state *state, struct part *part, char *message, size_t bytes)
{
    if (!takes_part(part) || part->state != STATE_SIGNED)
        return refuse(state, part, standing(part), message, bytes);
    part->state = STATE_ANSWERED;
    return MOVE_DONE;
}

static enum move act_of_unit(struct ticket_state *state, const struct act *act, char *message,
                             size_t bytes)
{
    struct part *part = find_part(state, act->unit);
    CHECK(act->verb == VERB_SIGN || act->verb == VERB_RETURN || act->verb == VERB_ANSWER);
    if (part == NULL)
        return refuse_stranger(state, act->unit, message, bytes);
    if (act->verb == VERB_SIGN)
        return sign(state, part, message, bytes);
    if (act->verb == VERB_RETURN)
        return give_back(state, part, message, bytes);
    return answer(state, part, message, bytes);
}

/* The order in which parts give way to a new main one: who is only informed, who lost it to another
 * unit, who returned it as co-unit, who returned it as main. Open and answered parts never do. */
static uint32_t staying_power(const struct part *part)
{
    if (!takes_part(part))
        return 0;
    if (part->state != STATE_RETURNED)
        return UINT32_MAX;
    return part->returns == 0 ? 1 : part->role == ROLE_CO ? 2 : 3;
}

/* The unit's own part, or else a new one; where all are taken, another gives way. One always can:
 * co-units are at most RULES_UNITS_MAX, and the rest are main parts, all returned by the time that
 * a new one comes. What stays of them still amounts to FINAL_RETURNS returns if it did before. */
static struct part *make_room(struct ticket_state *state, struct span unit)
{
    struct part *part = find_part(state, unit);
    if (part != NULL)
        return part;
    if (state->count < ASSIGNMENTS_MAX) {
        part = &state->parts[state->count++];
        *part = (struct part){0};
        return part;
    }
    part = &state->parts[0];
    for (uint32_t i = 1; i < state->count; i++)
        if (staying_power(&state->parts[i]) < staying_power(part))
            part = &state->parts[i];
    CHECK(staying_power(part) != UINT32_MAX);
    return part;
}

_Static_assert(RULES_UNITS_MAX + FINAL_RETURNS + 1 <= ASSIGNMENTS_MAX,
               "all co-units, all that may return it, and the desk have room beside each other");

/* Makes a unit the main one, afresh; what it returned as main before stays counted. */
static void make_main(struct ticket_state *state, struct span unit, uint32_t row,
                      const struct dues *dues)
{
    struct part *part = make_room(state, unit);
    bool returned_before = span_equal(unit, part->unit) && part->role == ROLE_MAIN;
    uint32_t returns = returned_before ? part->returns : 0;
    begin_part(part, unit, ROLE_MAIN, row, dues);
    part->returns = returns;
}

static enum move reassign(struct ticket_state *state, const struct act *act, char *message,
                          size_t bytes)
{
    uint32_t main = tickets_main(state);
    if (main != UINT32_MAX && span_equal(act->to_unit, state->parts[main].unit))
        return refuse(state, &state->parts[main], "is the main unit already", message, bytes);
    if (main != UINT32_MAX)
        state->parts[main].state = STATE_RETURNED;
    make_main(state, act->to_unit, 0, &act->dues);
    return MOVE_DONE;
}

/* The desk knows better what it is or where: whoever has it loses it, co-units too, and the book
 * says anew. What a co-unit has answered stays. */
static enum move correct(struct ticket_state *state, char *message, size_t bytes)
{
    uint32_t main = tickets_main(state);
    CHECK(main != UINT32_MAX); /* a return is decided anew at once */
    if (state->parts[main].state == STATE_ANSWERED)
        return refuse(state, &state->parts[main], "has answered already", message, bytes);
    for (uint32_t i = 0; i < state->count; i++)
        if (takes_part(&state->parts[i]) && state->parts[i].state != STATE_ANSWERED)
            state->parts[i].state = STATE_RETURNED;
    return MOVE_REDECIDE;
}

static enum move close_all(struct ticket_state *state, char *message, size_t bytes)
{
    uint32_t main = tickets_main(state);
    CHECK(main != UINT32_MAX); /* a return is decided anew at once */
    if (state->parts[main].state != STATE_ANSWERED)
        return refuse(state, &state->parts[main], "has not answered yet", message, bytes);
    for (uint32_t i = 0; i < state->count; i++)
        if (state->parts[i].state != STATE_RETURNED)
            state->parts[i].state = STATE_CLOSED;
    return MOVE_DONE;
}

enum move tickets_apply(struct ticket_state *state, const struct act *act, char *message,
                        size_t message_bytes)
{
    uint32_t main = tickets_main(state);
    if (main != UINT32_MAX && state->parts[main].state == STATE_CLOSED) {
        snprintf(message, message_bytes, "the ticket is closed; nothing is legal any more");
        return MOVE_REFUSED;
    }
    if (main == UINT32_MAX) {
        snprintf(message, message_bytes,
                 "this is a record of the whole city's, of regimes or of books; it is no case, and "
                 "nobody acts on it");
        return MOVE_REFUSED;
    }
    if (act->verb == VERB_REASSIGN)
        return reassign(state, act, message, message_bytes);
    if (act->verb == VERB_CORRECT)
        return correct(state, message, message_bytes);
    if (act->verb == VERB_CLOSE)
        return close_all(state, message, message_bytes);
    return act_of_unit(state, act, message, message_bytes);
}

/* -- after a return ---------------------------------------------------------------------------- */

static uint32_t count_co(const struct ticket_state *state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < state->count; i++)
        count += state->parts[i].role == ROLE_CO && state->parts[i].state != STATE_RETURNED;
    return count;
}

/* To another unit, or by a correction. */
static bool is_lost(const struct part *part)
{
    return takes_part(part) && part->state == STATE_RETURNED && part->returns == 0;
}

/* Room for one more beside the main part; a co-unit takes that of who lost it. NULL: there is none.
 */
static struct part *find_room(struct ticket_state *state, enum role role)
{
    if (state->count < ASSIGNMENTS_MAX)
        return &state->parts[state->count++];
    for (uint32_t i = 0; i < state->count; i++)
        if (role == ROLE_CO && is_lost(&state->parts[i]))
            return &state->parts[i];
    return NULL;
}

/* One more part beside the main one, where there is room and the unit has none, or lost it. */
static void join(struct ticket_state *state, struct span unit, enum role role, uint32_t row,
                 const struct dues *dues)
{
    struct part *part = find_part(state, unit);
    if (role == ROLE_CO && count_co(state) == RULES_UNITS_MAX)
        return;
    if (part == NULL)
        part = find_room(state, role);
    else if (!is_lost(part))
        return;
    if (part != NULL)
        begin_part(part, unit, role, row, dues);
}

void tickets_redecided(struct ticket_state *state, const struct city *city,
                       const struct decision *decision, const struct dues *dues)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        struct span key = unit_key(city, assignment->unit);
        if (assignment->role == ROLE_MAIN)
            make_main(state, key, assignment->row, dues);
        else
            join(state, key, assignment->role, assignment->row, dues);
    }
}

void tickets_excluded(const struct ticket_state *state, const struct city *city,
                      struct excluded *excluded)
{
    excluded->count = 0;
    for (uint32_t i = 0; i < state->count; i++) {
        if (state->parts[i].returns == 0)
            continue;
        struct unit unit = city_unit_by_key(city, state->parts[i].unit);
        if (unit.index != UNIT_NONE.index)
            excluded->units[excluded->count++] = unit;
    }
}
