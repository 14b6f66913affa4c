#include "tools/simulate/people.h"

#include "domain/city/date.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    STREAM_PEOPLE = 1,
    MINUTE_MS = 60 * 1000,
    HOUR_MS = 60 * MINUTE_MS,
    OPENS_MS = 8 * HOUR_MS + 30 * MINUTE_MS, /* office time of units */
    CLOSES_MS = 18 * HOUR_MS,
    DAY_MS = 24 * HOUR_MS,
    DESK_TRIES_MAX = 2,
};

/* Per thousand. */
enum {
    RETURNED_UNSIGNED = 35,
    RETURNED_SIGNED = 20,
    NEVER_SIGNED = 40,
    NEVER_SIGNED_URGENT = 15,
    ANSWERED_TODAY = 720, /* the others take longer than the day */
    CLOSED = 900,
    LEFT_BY_DESK = 200,
    CORRECTED_BY_DESK = 800, /* of what it sends on and can name a category for */
};

void people_init(struct people *people, const struct case_maker *maker)
{
    const struct city *city = maker->city;
    *people = (struct people){
        .maker = maker,
        .random = random_begin(maker->seed, STREAM_PEOPLE),
        .desk = city_unit(city, city_desk(city), (struct place){0}).index,
    };
}

void people_free(struct people *people)
{
    agenda_free(&people->agenda);
    free(people->tickets);
    people->tickets = NULL;
}

struct known_ticket *people_ticket(struct people *people, uint32_t serial)
{
    if (serial >= people->tickets_room) {
        size_t room = people->tickets_room == 0 ? 4096 : 2 * people->tickets_room;
        if (room <= serial)
            room = (size_t)serial + 1;
        people->tickets = realloc(people->tickets, room * sizeof *people->tickets);
        CHECK(people->tickets != NULL);
        memset(people->tickets + people->tickets_room, 0,
               (room - people->tickets_room) * sizeof *people->tickets);
        people->tickets_room = room;
    }
    return &people->tickets[serial];
}

const struct known_part *people_main(const struct known_ticket *ticket)
{
    for (uint32_t i = 0; i < ticket->parts_count; i++)
        if (ticket->parts[i].role == ROLE_MAIN && ticket->parts[i].state != STATE_RETURNED)
            return &ticket->parts[i];
    return NULL;
}

/* -- planning ---------------------------------------------------------------------------------- */

/* The moment that lies so many milliseconds of office time ahead; for urgent cases, and the desk,
 * every hour is one. */
static int64_t later(int64_t from_ms, int64_t delay_ms, bool always)
{
    if (always)
        return from_ms + delay_ms;
    int64_t day_ms = ms_of_day(day_of_ms(from_ms));
    int64_t at_ms = from_ms - day_ms;
    if (at_ms >= CLOSES_MS)
        return day_ms + DAY_MS + OPENS_MS + delay_ms;
    if (at_ms < OPENS_MS)
        at_ms = OPENS_MS;
    if (at_ms + delay_ms < CLOSES_MS)
        return day_ms + at_ms + delay_ms;
    return day_ms + DAY_MS + OPENS_MS + (at_ms + delay_ms - CLOSES_MS);
}

struct occasion {
    struct people *people;
    uint32_t serial;
    const struct known_part *part;
    bool always; /* taken up at any hour */
};

/* Returns when it will be. */
static int64_t plan(const struct occasion *occasion, int64_t from_ms, enum verb verb,
                    int64_t least_minutes, int64_t most_minutes)
{
    struct random *random = &occasion->people->random;
    int64_t delay_ms = random_between(random, least_minutes * MINUTE_MS, most_minutes * MINUTE_MS);
    struct plan planned = {
        .time_ms = later(from_ms, delay_ms, occasion->always),
        .issued_ms = occasion->part->issued_ms,
        .serial = occasion->serial,
        .unit = occasion->part->unit,
        .verb = verb,
        .reason = (enum reason)random_between(random, REASON_NOT_OUR_DUTY, REASON_COUNT - 1),
    };
    agenda_add(&occasion->people->agenda, &planned);
    return planned.time_ms;
}

static void plan_of_unit(const struct occasion *occasion, const struct known_ticket *ticket,
                         int64_t now_ms)
{
    struct random *random = &occasion->people->random;
    bool urgent = ticket->urgent;
    if (random_happens(random, urgent ? NEVER_SIGNED_URGENT : NEVER_SIGNED))
        return;
    if (random_happens(random, RETURNED_UNSIGNED)) {
        plan(occasion, now_ms, VERB_RETURN, 5, urgent ? 20 : 120);
        return;
    }
    int64_t signed_ms = plan(occasion, now_ms, VERB_SIGN, urgent ? 1 : 3, urgent ? 25 : 150);
    if (random_happens(random, RETURNED_SIGNED))
        plan(occasion, signed_ms, VERB_RETURN, 10, 180);
    else if (random_happens(random, ANSWERED_TODAY))
        plan(occasion, signed_ms, VERB_ANSWER, urgent ? 15 : 40, urgent ? 240 : 400);
}

static bool can_name_category(const struct people *people, uint32_t case_index)
{
    struct made_case made;
    case_maker_make(people->maker, case_index, &made);
    return made.phrase->category.index != CATEGORY_NONE.index;
}

/* What is doubtful, or came back, is sent on; what is not a unit's at all the desk answers. */
static void plan_of_desk(const struct occasion *occasion, const struct known_ticket *ticket,
                         int64_t now_ms)
{
    struct random *random = &occasion->people->random;
    if (random_happens(random, LEFT_BY_DESK))
        return;
    if (ticket->doubtful && ticket->desk_tries < DESK_TRIES_MAX) {
        bool corrects = ticket->desk_tries == 0 && random_happens(random, CORRECTED_BY_DESK) &&
                        can_name_category(occasion->people, ticket->case_index);
        plan(occasion, now_ms, corrects ? VERB_CORRECT : VERB_REASSIGN, 3, 45);
        return;
    }
    int64_t signed_ms = plan(occasion, now_ms, VERB_SIGN, 1, 15);
    plan(occasion, signed_ms, VERB_ANSWER, 5, 60);
}

static bool is_new(const struct known_ticket *before, const struct known_part *part)
{
    for (uint32_t i = 0; i < before->parts_count; i++) {
        const struct known_part *old = &before->parts[i];
        if (old->unit == part->unit && old->state == part->state &&
            old->issued_ms == part->issued_ms)
            return false;
    }
    return true;
}

static void hear_part(struct people *people, uint32_t serial, const struct known_part *part,
                      int64_t now_ms)
{
    struct known_ticket *ticket = people_ticket(people, serial);
    bool is_desk = part->unit == people->desk;
    struct occasion occasion = {people, serial, part, is_desk || ticket->urgent};
    if (part->role != ROLE_MAIN && part->role != ROLE_CO)
        return;
    if (part->state == STATE_ISSUED && is_desk)
        plan_of_desk(&occasion, ticket, now_ms);
    else if (part->state == STATE_ISSUED)
        plan_of_unit(&occasion, ticket, now_ms);
    if (part->state == STATE_ANSWERED && part->role == ROLE_MAIN &&
        random_happens(&people->random, CLOSED)) {
        occasion.always = true;
        plan(&occasion, now_ms, VERB_CLOSE, 5, 90);
    }
}

void people_hear(struct people *people, const struct news *news, int64_t now_ms)
{
    struct known_ticket *ticket = people_ticket(people, news->serial);
    struct known_ticket before = *ticket;
    if (news->begins) {
        ticket->case_index = news->case_index;
        ticket->interest = news->after.interest;
    }
    if (news->decides) {
        ticket->doubtful = news->after.doubtful;
        ticket->urgent = news->after.urgent;
    }
    memcpy(ticket->parts, news->after.parts, sizeof ticket->parts);
    ticket->parts_count = news->after.parts_count;
    for (uint32_t i = 0; i < news->after.parts_count; i++)
        if (is_new(&before, &news->after.parts[i]))
            hear_part(people, news->serial, &news->after.parts[i], now_ms);
}

/* -- acting ------------------------------------------------------------------------------------ */

static const char *const return_texts[REASON_COUNT] = {
    [REASON_NOT_OUR_DUTY] = "经核实，该事项不属于我单位职责，申请退回改派。",
    [REASON_NOT_OUR_PLACE] = "经核实，事发地不在我单位辖区，申请退回改派。",
    [REASON_FACTS_MISSING] = "来件地址和联系方式不清，无法核实，申请退回补充。",
    [REASON_ALREADY_HANDLED] = "同一诉求已在办理，申请退回。",
};

static const char *text_of(const struct plan *plan, bool is_desk)
{
    switch (plan->verb) {
    case VERB_SIGN:
        return "";
    case VERB_RETURN:
        return return_texts[plan->reason];
    case VERB_ANSWER:
        return is_desk ? "已由热线直接向来电人解释答复。"
                       : "已到现场核实并联系来电人，相关问题已作处理，来电人表示认可。";
    case VERB_CLOSE:
        return "已回访，来电人表示满意，办结。";
    case VERB_CORRECT:
        return "经人工研判，更正事项和地点。";
    case VERB_REASSIGN:
        return "经人工研判，改派属地办理。";
    case VERB_NONE:
    case VERB_REGIME:
    case VERB_COUNT:
        break;
    }
    return "";
}

/* Is the part still as it was when this was planned? */
static bool still_holds(const struct known_ticket *ticket, const struct plan *plan)
{
    for (uint32_t i = 0; i < ticket->parts_count; i++) {
        const struct known_part *part = &ticket->parts[i];
        if (part->unit != plan->unit || part->issued_ms != plan->issued_ms)
            continue;
        switch (plan->verb) {
        case VERB_SIGN:
        case VERB_CORRECT:
        case VERB_REASSIGN:
            return part->state == STATE_ISSUED;
        case VERB_RETURN:
            return part->state == STATE_ISSUED || part->state == STATE_SIGNED;
        case VERB_ANSWER:
            return part->state == STATE_SIGNED;
        case VERB_CLOSE:
            return part->state == STATE_ANSWERED;
        case VERB_NONE:
        case VERB_REGIME:
        case VERB_COUNT:
            return false;
        }
    }
    return false;
}

/* The government of the county where it is, which knows its own offices. */
static struct unit government_of(const struct people *people, struct place place)
{
    const struct city *city = people->maker->city;
    const struct places *places = city_places(city);
    if (place_tier(places, place) > TIER_COUNTY)
        place = place_at_tier(places, place, TIER_COUNTY);
    struct function government = city_government(city);
    return government.index == FUNCTION_NONE.index ? UNIT_NONE : city_unit(city, government, place);
}

/* What the desk knows better. */
static bool judge(struct people *people, const struct plan *plan, struct made_act *act)
{
    const struct city *city = people->maker->city;
    struct known_ticket *ticket = people_ticket(people, plan->serial);
    case_maker_make(people->maker, ticket->case_index, &act->made);
    ticket->desk_tries++;
    if (plan->verb == VERB_REASSIGN) {
        struct unit unit = government_of(people, act->made.place);
        if (unit.index == UNIT_NONE.index || unit.index == plan->unit)
            return false;
        snprintf(act->to_unit, sizeof act->to_unit, "%.*s", SPAN_ARG(unit_key(city, unit)));
        act->message.to_unit = act->to_unit;
        return true;
    }
    snprintf(act->category, sizeof act->category, "%.*s",
             SPAN_ARG(category_code(city, act->made.phrase->category)));
    snprintf(act->place, sizeof act->place, "%.*s",
             SPAN_ARG(place_code(city_places(city), act->made.place)));
    act->message.category = act->category;
    act->message.place = act->place;
    return true;
}

bool people_act(struct people *people, const struct plan *plan, struct made_act *act)
{
    const struct city *city = people->maker->city;
    bool of_unit =
        plan->verb == VERB_SIGN || plan->verb == VERB_RETURN || plan->verb == VERB_ANSWER;
    if (!still_holds(people_ticket(people, plan->serial), plan))
        return false;
    lianxin__v1__act__init(&act->message);
    act->message.verb = (Lianxin__V1__Verb)plan->verb;
    snprintf(act->text, sizeof act->text, "%s", text_of(plan, plan->unit == people->desk));
    act->message.text = act->text;
    if (plan->verb == VERB_RETURN)
        act->message.reason = (Lianxin__V1__Reason)plan->reason;
    if (plan->verb == VERB_CORRECT || plan->verb == VERB_REASSIGN)
        return judge(people, plan, act);
    if (of_unit) {
        snprintf(act->unit, sizeof act->unit, "%.*s",
                 SPAN_ARG(unit_key(city, (struct unit){plan->unit})));
        act->message.unit = act->unit;
    }
    return true;
}
