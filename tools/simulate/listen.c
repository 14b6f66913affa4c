#include "tools/simulate/listen.h"

#include <stdio.h>
#include <stdlib.h>

static void *grow(void *array, size_t *room, size_t needed, size_t item_bytes)
{
    if (needed <= *room)
        return array;
    size_t larger = *room == 0 ? 1024 : 2 * *room;
    if (larger < needed)
        larger = needed;
    uint8_t *grown = realloc(array, larger * item_bytes);
    CHECK(grown != NULL);
    memset(grown + *room * item_bytes, 0, (larger - *room) * item_bytes);
    *room = larger;
    return grown;
}

/* -- what an event says ------------------------------------------------------------------------ */

/* How much there is to explain: words that were understood, a climb, several units. Decisions that
 * follow a return or a correction say less of the book than the first. */
static uint32_t interest_of(const Lianxin__V1__Event *event)
{
    const Lianxin__V1__Decision *decision = event->decision;
    if (event->number != event->serial || decision->n_doubts > 0 ||
        decision->disposition != LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH)
        return 0;
    uint32_t interest = decision->place_from_words ? 4 : 0;
    interest += decision->category_from_words ? 4 : 0;
    interest += decision->n_climb > 1 ? 2 : 0;
    interest += event->n_assignments > 1 ? 1 : 0;
    interest += decision->urgency > LIANXIN__V1__URGENCY__URGENCY_NORMAL ? 1 : 0;
    return interest;
}

static void read_parts(const struct city *city, const Lianxin__V1__Event *event,
                       struct known_ticket *ticket)
{
    for (size_t i = 0; i < event->n_assignments && i < PEOPLE_PARTS_MAX; i++) {
        const Lianxin__V1__Assignment *assignment = event->assignments[i];
        ticket->parts[ticket->parts_count++] = (struct known_part){
            .issued_ms = assignment->issued_ms,
            .unit = city_unit_by_key(city, span_of_string(assignment->unit)).index,
            .role = (uint8_t)assignment->role,
            .state = (uint8_t)assignment->state,
        };
    }
}

static void keep(struct listen *listen, const Lianxin__V1__Event *event)
{
    listen->news =
        grow(listen->news, &listen->news_room, listen->news_count + 1, sizeof *listen->news);
    struct news *news = &listen->news[listen->news_count++];
    const Lianxin__V1__Decision *decision = event->decision;
    *news = (struct news){
        .number = event->number,
        .serial = (uint32_t)event->serial,
        .begins = event->number == event->serial,
        .decides = decision != NULL &&
                   decision->disposition != LIANXIN__V1__DISPOSITION__DISPOSITION_ATTACH,
    };
    if (event->case_ != NULL)
        news->case_index = case_maker_index(event->case_->external_id);
    if (decision != NULL) {
        news->after.doubtful = decision->n_doubts > 0;
        news->after.urgent = decision->urgency > LIANXIN__V1__URGENCY__URGENCY_NORMAL;
        news->after.interest = interest_of(event);
    }
    read_parts(listen->city, event, &news->after);
}

/* -- checking ---------------------------------------------------------------------------------- */

static bool hears_of(const struct listener *listener, struct span unit)
{
    return span_starts_with(unit, span_of_string(listener->prefix));
}

/* Whom the event went to, and who is to hear of it. */
static void owe(struct listen *listen, const Lianxin__V1__Event *event)
{
    listen->owed += event->n_assignments;
    for (size_t i = 0; i < event->n_assignments; i++)
        for (uint32_t j = LISTEN_EVERYTHING + 1; j < LISTENERS; j++)
            listen->listeners[j].owed +=
                hears_of(&listen->listeners[j], span_of_string(event->assignments[i]->unit));
}

static void note_published(struct listen *listen, const char *unit, const Lianxin__V1__Event *event)
{
    if (event->case_ == NULL)
        return;
    uint32_t index = case_maker_index(event->case_->external_id);
    for (size_t i = 0; i < event->n_assignments && index < listen->cases; i++)
        if (event->assignments[i]->role == LIANXIN__V1__ROLE__ROLE_MAIN &&
            strcmp(event->assignments[i]->unit, unit) == 0)
            listen->published[index] = 1;
}

static bool hear(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    struct listener *listener = self;
    struct listen *listen = listener->listen;
    uint32_t index = city_unit_by_key(listen->city, span_of_string(unit)).index;
    if (index == UNIT_NONE.index || listener->sequences[index] + 1 != sequence)
        listen->gaps++;
    if (index != UNIT_NONE.index)
        listener->sequences[index] = sequence;
    listener->handed++;
    if (listener != &listen->listeners[LISTEN_EVERYTHING])
        return true;
    listen->heard = grow(listen->heard, &listen->heard_room, event->number + 1, 1);
    if (!listen->heard[event->number]) {
        listen->heard[event->number] = 1;
        listen->events++;
        owe(listen, event);
        keep(listen, event);
    }
    listen->owed--;
    note_published(listen, unit, event);
    return true;
}

bool listen_heard(const struct listen *listen, uint64_t events)
{
    if (listen->events < events || listen->owed > 0)
        return false;
    for (uint32_t i = LISTEN_EVERYTHING + 1; i < LISTENERS; i++)
        if (listen->listeners[i].handed < listen->listeners[i].owed)
            return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    const struct news *left = a;
    const struct news *right = b;
    return (left->number > right->number) - (left->number < right->number);
}

const struct news *listen_take(struct listen *listen, size_t *count)
{
    *count = listen->news_count;
    listen->news_count = 0;
    if (*count > 1)
        qsort(listen->news, *count, sizeof *listen->news, by_number);
    return listen->news;
}

/* -- life -------------------------------------------------------------------------------------- */

/* The county in which most units are, and the desk. */
static void choose_prefixes(struct listen *listen)
{
    const struct city *city = listen->city;
    const struct places *places = city_places(city);
    struct unit desk = city_unit(city, city_desk(city), (struct place){0});
    uint32_t most = 0;
    for (uint32_t i = 0; i < places_count(places); i++) {
        struct place place = {i};
        uint32_t size = place_limit(places, place) - i;
        if (place_tier(places, place) != TIER_COUNTY || size <= most)
            continue;
        most = size;
        snprintf(listen->listeners[1].prefix, UNIT_KEY_BYTES_MAX, "%.*s",
                 SPAN_ARG(place_code(places, place)));
    }
    snprintf(listen->listeners[2].prefix, UNIT_KEY_BYTES_MAX, "%.*s",
             SPAN_ARG(unit_key(city, desk)));
}

enum err listen_open(struct listen *listen, const struct city *city, uint32_t cases,
                     const char *front, const char *feed)
{
    *listen = (struct listen){.city = city, .published = calloc(cases, 1), .cases = cases};
    CHECK(listen->published != NULL);
    choose_prefixes(listen);
    for (uint32_t i = 0; i < LISTENERS; i++) {
        struct listener *listener = &listen->listeners[i];
        const char *const prefixes[] = {listener->prefix};
        struct lianxin_watcher_options options = {
            .event = hear, .self = listener, .resend_ms = 200};
        listener->listen = listen;
        listener->sequences = calloc(city_units(city), sizeof *listener->sequences);
        CHECK(listener->sequences != NULL);
        enum err err = lianxin_watcher_open(front, feed, prefixes, 1, &options, &listener->watcher);
        if (err != OK)
            return err;
    }
    return OK;
}

void listen_close(struct listen *listen)
{
    for (uint32_t i = 0; i < LISTENERS; i++) {
        lianxin_watcher_close(&listen->listeners[i].watcher);
        free(listen->listeners[i].sequences);
    }
    free(listen->news);
    free(listen->heard);
    free(listen->published);
    *listen = (struct listen){0};
}

enum err listen_step(struct listen *listen, int timeout_ms)
{
    for (uint32_t i = 0; i < LISTENERS; i++) {
        enum err err = lianxin_watcher_step(listen->listeners[i].watcher,
                                            i == LISTEN_EVERYTHING ? timeout_ms : 0);
        if (err != OK)
            return err;
    }
    return OK;
}
