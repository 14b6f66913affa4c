/* read_day - the cases that came in on a day, and what was done on it, counted. */
#include "domain/city/date.h"
#include "domain/needs.h"
#include "stages/reading.h"

enum { REPORT_EVENTS_MAX = 4096 };

/* A count under way. */
struct tally {
    struct reader_stage *stage;
    const struct inquiry *inquiry;
    struct arena *arena;
    struct wire_day day;
};

static enum tier tier_of(const struct city *city, struct span key)
{
    const struct places *places = city_places(city);
    struct place place = places_find_code(
        places, span_of(key.data, key.bytes < PLACE_CODE_BYTES ? key.bytes : PLACE_CODE_BYTES));
    return place_is_none(place) ? TIER_NONE : place_tier(places, place);
}

static bool is_desk(const struct city *city, struct span key)
{
    return span_equal(key, unit_key(city, city_unit(city, city_desk(city), (struct place){0})));
}

/* It went to a unit, as its first event says; what became of it since is not this day's. */
static void count_dispatched(struct tally *tally, const struct ticket_state *state, bool doubtful)
{
    const struct city *city = tally->inquiry->policy->city;
    uint32_t main = tickets_main(state);
    if (main == UINT32_MAX)
        return;
    const struct part *part = &state->parts[main];
    struct span key = part->unit;
    struct wire_day *day = &tally->day;
    day->units[day->units_count++] = span_of(arena_copy(tally->arena, key), key.bytes);
    day->tiers[tier_of(city, key)]++;
    day->doubtful += doubtful && is_desk(city, key);
    day->provisional += part->dues.provisional;
}

/* A ticket that its first event left open: is it still, and in time? */
static enum err count_open(struct tally *tally, uint64_t serial)
{
    struct store_reader *reader = tally->stage->reader;
    struct event_view view;
    struct ticket_state state;
    char ticket[NUMBER_BYTES_MAX];
    uint64_t last;
    enum err err = store_reader_last(reader, serial, &last);
    if (err == OK)
        err = store_reader_event(reader, last, &view);
    if (err != OK)
        return err;
    if (!view.ticket_open)
        return OK;
    if (!wire_event_state(view.open, &state, ticket))
        return ERR_DAMAGED;
    struct needs needs = needs_of(&state, span_of_string(""), false, tally->inquiry->time_ms);
    tally->day.open++;
    tally->day.late += needs_has(&needs, NEED_OVERDUE);
    return OK;
}

static enum err count_case(struct tally *tally, const struct event_view *view)
{
    struct facts facts;
    struct case_words words;
    struct ticket_state state;
    struct wire_decision decision;
    char ticket[NUMBER_BYTES_MAX];
    struct wire_day *day = &tally->day;
    if (!wire_event_case(view->open, (struct span){0}, &facts, &words) ||
        !wire_event_state(view->open, &state, ticket) ||
        !wire_event_decision(view->open, &decision) || decision.disposition >= DISPOSITION_COUNT)
        return ERR_DAMAGED;
    day->cases++;
    day->channels[facts.channel]++;
    day->types[facts.type]++;
    day->dispositions[decision.disposition]++;
    if (decision.category.bytes > 0)
        day->categories[day->categories_count++] = decision.category;
    if (decision.disposition == DISPOSITION_DISPATCH)
        count_dispatched(tally, &state, decision.doubtful);
    return view->serial == view->number && view->ticket_open ? count_open(tally, view->serial) : OK;
}

static enum err count_event(struct tally *tally, const struct event_view *view)
{
    struct act act;
    if (view->kind == KIND_CASE)
        return count_case(tally, view);
    if (view->kind == KIND_BOOK)
        return OK; /* nobody did that to a ticket */
    if (!wire_event_act(view->open, &act) || act.verb >= VERB_COUNT)
        return ERR_DAMAGED;
    if (view->serial != view->number) /* nobody did what opens the record of regimes */
        tally->day.acts[act.verb]++;
    return OK;
}

/* Counts from an event on, to the end of its day or of the stretch. */
static enum err count_stretch(struct tally *tally, int32_t day, uint64_t number)
{
    uint64_t limit = number + REPORT_EVENTS_MAX;
    struct event_view view;
    enum err err = OK;
    for (; err == OK && number < limit; number++) {
        err = store_reader_event(tally->stage->reader, number, &view);
        if (err == ERR_NOT_FOUND || (err == OK && day_of_ms(view.time_ms) != day))
            return OK; /* the last there is, of all or of the day */
        if (err == OK)
            err = count_event(tally, &view);
    }
    tally->day.next = limit - 1;
    return err;
}

static bool is_to_come(const struct inquiry *inquiry, int32_t day)
{
    return day > day_of_ms(inquiry->time_ms);
}

/* Where to begin: behind the log where the day has no event, so that all counts are 0. Refuses a
 * day that is still to come, and what is no event of the day's. */
static bool find_begin(struct reader_stage *stage, struct inquiry *inquiry,
                       const struct wire_report *report, uint64_t *number)
{
    char text[DATE_BYTES_MAX];
    struct event_view view;
    enum err err = store_reader_day_first(stage->reader, report->day, number);
    if (err == ERR_NOT_FOUND && is_to_come(inquiry, report->day)) {
        date_format(report->day, text);
        reading_refuse_because(inquiry, "day", span_of_string(text), "is still to come");
        return false;
    }
    if (err == ERR_NOT_FOUND) {
        *number = store_reader_limit(stage->reader);
        err = OK;
    }
    if (err == OK && report->after != 0) {
        err = store_reader_event(stage->reader, report->after, &view);
        if (err == ERR_NOT_FOUND || (err == OK && day_of_ms(view.time_ms) != report->day)) {
            reading_refuse_because(inquiry, "after", (struct span){0},
                                   "is the number of no event of that day");
            return false;
        }
        *number = report->after + 1;
    }
    if (err != OK)
        reading_refuse_damaged(inquiry);
    return err == OK;
}

void reading_report(struct reader_stage *stage, struct inquiry *inquiry)
{
    struct wire_report report;
    struct misfit misfit;
    uint64_t number;
    if (!wire_report_read(inquiry->content, &report, &misfit)) {
        reading_refuse(inquiry, &misfit);
        return;
    }
    if (!find_begin(stage, inquiry, &report, &number))
        return;
    struct tally tally = {.stage = stage, .inquiry = inquiry, .arena = arena_create()};
    tally.day.units = arena_take(tally.arena, REPORT_EVENTS_MAX * sizeof *tally.day.units);
    tally.day.categories =
        arena_take(tally.arena, REPORT_EVENTS_MAX * sizeof *tally.day.categories);
    if (count_stretch(&tally, report.day, number) == OK)
        reading_reply(inquiry,
                      wire_day_reply(tally.arena, inquiry->id, inquiry->policy, &tally.day));
    else
        reading_refuse_damaged(inquiry);
    arena_destroy(&tally.arena);
}
