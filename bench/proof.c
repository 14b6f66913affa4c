#include "bench/proof.h"

#include "base/check.h"
#include "bench/fail.h"
#include "bench/progress.h"
#include "bench/verdicts.h"
#include "lianxin.pb-c.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct proving {
    const struct city *city;
    uint64_t first;
    uint32_t cases;
    struct verdicts *verdicts;
    int64_t *received_ns;
    uint8_t *seen;       /* a case each: how often its main unit had it */
    uint64_t *positions; /* a unit each: sequence of its last event so far */
    uint64_t *heads;     /* a unit each, as announced last */
    bool begun;          /* the first announcement has set the positions */
    struct proof proof;
};

struct proving *proving_begin(const struct city *city, uint64_t first, uint32_t cases,
                              struct verdicts *verdicts, int64_t *received_ns)
{
    struct proving *proving = calloc(1, sizeof *proving);
    CHECK(proving != NULL);
    *proving = (struct proving){.city = city,
                                .first = first,
                                .cases = cases,
                                .verdicts = verdicts,
                                .received_ns = received_ns,
                                .seen = calloc(cases, sizeof *proving->seen),
                                .positions = calloc(city_units(city), sizeof(uint64_t)),
                                .heads = calloc(city_units(city), sizeof(uint64_t))};
    CHECK(proving->seen != NULL && proving->positions != NULL && proving->heads != NULL);
    return proving;
}

/* Counts a fault and keeps the words of the first. */
__attribute__((format(printf, 4, 5))) static void blame(struct proving *proving, uint64_t *count,
                                                        uint64_t by, const char *format, ...)
{
    if (by > 0 && proving->proof.first_fault[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(proving->proof.first_fault, sizeof proving->proof.first_fault, format, arguments);
        va_end(arguments);
    }
    *count += by;
}

/* -- sequences --------------------------------------------------------------------------------- */

static struct unit unit_of(const struct proving *proving, const char *key)
{
    struct unit unit = city_unit_by_key(proving->city, span_of_string(key));
    if (unit.index == UNIT_NONE.index)
        fail("the engine published for '%s', which is no unit of the city", key);
    return unit;
}

static void take_heads(struct proving *proving, const Lianxin__V1__Feed *feed)
{
    for (size_t i = 0; i < feed->n_heads; i++) {
        struct unit unit = unit_of(proving, feed->heads[i]->unit);
        proving->heads[unit.index] = feed->heads[i]->sequence;
        if (!proving->begun)
            proving->positions[unit.index] = feed->heads[i]->sequence;
    }
    proving->begun = true;
}

static void follow(struct proving *proving, struct unit unit, const Lianxin__V1__Feed *feed)
{
    uint64_t wanted = proving->positions[unit.index] + 1;
    uint64_t limit = feed->first + feed->n_events;
    if (feed->first > wanted)
        blame(proving, &proving->proof.lost, feed->first - wanted,
              "the feed of %s goes on with %" PRIu64 " where %" PRIu64 " is next", feed->unit,
              feed->first, wanted);
    if (feed->first < wanted)
        blame(proving, &proving->proof.doubled, (limit < wanted ? limit : wanted) - feed->first,
              "the feed of %s goes back to %" PRIu64 " where %" PRIu64 " is next", feed->unit,
              feed->first, wanted);
    if (limit > wanted)
        proving->positions[unit.index] = limit - 1;
}

/* -- cases ------------------------------------------------------------------------------------- */

/* The part that the unit has in the ticket; ROLE_UNSPECIFIED for none. */
static Lianxin__V1__Role role_of(const Lianxin__V1__Event *event, const char *unit)
{
    for (size_t i = 0; i < event->n_assignments; i++)
        if (strcmp(event->assignments[i]->unit, unit) == 0)
            return event->assignments[i]->role;
    return LIANXIN__V1__ROLE__ROLE_UNSPECIFIED;
}

static void judge(struct proving *proving, uint64_t number, int64_t time_ms, struct unit unit)
{
    if (proving->verdicts == NULL)
        return;
    proving->proof.judged++;
    struct unit right = verdicts_unit(proving->verdicts, number, time_ms);
    if (right.index != unit.index)
        blame(proving, &proving->proof.misdirected, 1,
              "case %" PRIu64 " went to %.*s and belongs to %.*s", number,
              SPAN_ARG(unit_key(proving->city, unit)), SPAN_ARG(unit_key(proving->city, right)));
}

static void take_event(struct proving *proving, struct unit unit, const char *key,
                       const Lianxin__V1__Event *event, int64_t received_ns)
{
    Lianxin__V1__Role role = role_of(event, key);
    proving->proof.events++;
    if (event->case_ == NULL || event->kind != LIANXIN__V1__KIND__KIND_CASE)
        fail("the engine published something that is no case");
    uint64_t number = strtoull(event->case_->external_id, NULL, 10);
    if (role == LIANXIN__V1__ROLE__ROLE_UNSPECIFIED)
        blame(proving, &proving->proof.misdirected, 1,
              "%s was told of case %" PRIu64 ", in which it has no part", key, number);
    if (role != LIANXIN__V1__ROLE__ROLE_MAIN)
        return;
    if (number < proving->first || number - proving->first >= proving->cases)
        fail("the engine published case %s, which nobody submitted", event->case_->external_id);
    uint64_t index = number - proving->first;
    if (proving->seen[index] == 0)
        proving->received_ns[index] = received_ns;
    else
        blame(proving, &proving->proof.doubled, 1, "case %" PRIu64 " came twice to %s", number,
              key);
    proving->seen[index] = 1;
    judge(proving, number, event->time_ms, unit);
}

static void take_unit(struct proving *proving, const Lianxin__V1__Feed *feed, int64_t received_ns)
{
    struct unit unit = unit_of(proving, feed->unit);
    follow(proving, unit, feed);
    for (size_t i = 0; i < feed->n_events; i++)
        take_event(proving, unit, feed->unit, feed->events[i], received_ns);
}

void proving_take(struct proving *proving, struct span feed, int64_t received_ns)
{
    Lianxin__V1__Feed *unpacked = lianxin__v1__feed__unpack(NULL, feed.bytes, feed.data);
    if (unpacked == NULL)
        fail("the engine published something that is no Feed");
    if (unpacked->n_events > 0)
        take_unit(proving, unpacked, received_ns);
    for (size_t i = 0; i < unpacked->n_feeds; i++)
        take_unit(proving, unpacked->feeds[i], received_ns);
    if (unpacked->n_events == 0 && unpacked->n_feeds == 0)
        take_heads(proving, unpacked);
    lianxin__v1__feed__free_unpacked(unpacked, NULL);
}

/* -- the end ----------------------------------------------------------------------------------- */

static void count_lost(struct proving *proving)
{
    for (uint32_t i = 0; i < proving->cases; i++)
        blame(proving, &proving->proof.lost, proving->seen[i] == 0,
              "case %" PRIu64 " did not come to any unit as its main one", proving->first + i);
    for (uint32_t i = 0; i < city_units(proving->city); i++)
        if (proving->heads[i] > proving->positions[i])
            blame(proving, &proving->proof.lost, proving->heads[i] - proving->positions[i],
                  "the feed of %.*s has %" PRIu64 " events, and what came ends with %" PRIu64,
                  SPAN_ARG(unit_key(proving->city, (struct unit){i})), proving->heads[i],
                  proving->positions[i]);
}

void proving_end(struct proving **proving, struct proof *proof)
{
    count_lost(*proving);
    *proof = (*proving)->proof;
    free((*proving)->seen);
    free((*proving)->positions);
    free((*proving)->heads);
    free(*proving);
    *proving = NULL;
}

void proof_make(const struct catch *catch, const struct city *city, uint64_t first, uint32_t cases,
                struct verdicts *verdicts, int64_t *received_ns, struct proof *proof)
{
    struct progress progress;
    struct proving *proving = proving_begin(city, first, cases, verdicts, received_ns);
    progress_begin(&progress, "checking what came", catch_count(catch));
    for (size_t i = 0; i < catch_count(catch); i++) {
        struct caught caught = catch_at(catch, i);
        proving_take(proving, caught.feed, caught.received_ns);
        progress_show(&progress, i);
    }
    progress_end(&progress);
    proving_end(&proving, proof);
}

void proof_add(struct proof *proof, const struct proof *more)
{
    if (proof->first_fault[0] == '\0')
        memcpy(proof->first_fault, more->first_fault, sizeof proof->first_fault);
    proof->events += more->events;
    proof->judged += more->judged;
    proof->lost += more->lost;
    proof->doubled += more->doubled;
    proof->misdirected += more->misdirected;
}

bool proof_is_whole(const struct proof *proof)
{
    return proof->lost + proof->doubled + proof->misdirected == 0;
}
