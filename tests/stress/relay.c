#include "relay.h"

#include <unistd.h>

static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
    value = (value ^ value >> 27) * 0x94D049BB133111EBu;
    return value ^ value >> 31;
}

uint64_t random_next(uint64_t *random)
{
    *random += 0x9E3779B97F4A7C15u;
    return mix(*random);
}

static struct parcel *parcel_at(struct relay *relay, uint64_t sequence)
{
    return &relay->parcels[sequence % RELAY_SLOTS];
}

static uint64_t first_word(const struct relay *relay, uint64_t sequence, uint32_t word)
{
    return mix(relay->seed + sequence * RELAY_WORDS + word);
}

/* Judges a section from the sequence alone. */
static void check_section(struct runner *runner, uint64_t sequence, uint32_t section)
{
    const struct parcel *parcel = parcel_at(runner->relay, sequence);
    for (uint32_t word = 0; word < RELAY_WORDS; word++) {
        uint64_t right = first_word(runner->relay, sequence, word);
        for (uint32_t i = 0; i < section; i++)
            right = mix(right);
        runner->faults += parcel->sections[section][word] != right;
    }
}

static void check_parcel(struct runner *runner, uint64_t sequence)
{
    for (uint32_t section = 0; section < RELAY_SECTIONS; section++)
        check_section(runner, sequence, section);
}

/* Some of the slots, seldom all, at least one. */
static uint64_t some(struct runner *runner, uint64_t next, uint64_t limit)
{
    return next + 1 + random_next(&runner->random) % (limit - next);
}

static uint64_t carry_on(void *self, uint64_t next, uint64_t limit)
{
    struct runner *runner = self;
    limit = some(runner, next, limit);
    for (uint64_t at = next; at < limit; at++) {
        struct parcel *parcel = parcel_at(runner->relay, at);
        for (uint32_t word = 0; word < RELAY_WORDS; word++)
            parcel->sections[runner->index][word] = mix(parcel->sections[runner->index - 1][word]);
    }
    return limit;
}

static uint64_t arrive(void *self, uint64_t next, uint64_t limit)
{
    struct runner *runner = self;
    limit = some(runner, next, limit);
    for (uint64_t at = next; at < limit; at++)
        check_parcel(runner, at);
    return limit;
}

/* -- ingress ----------------------------------------------------------------------------------- */

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A slot is free once publish has passed it, and was acknowledged. */
static uint64_t departure_limit(const struct relay *relay, uint64_t limit)
{
    return lower(lower(limit, relay->answered + RELAY_SLOTS), relay->offered);
}

static uint64_t depart(void *self, uint64_t next, uint64_t limit)
{
    struct runner *runner = self;
    struct relay *relay = runner->relay;
    limit = departure_limit(relay, limit);
    if (limit == next)
        return next;
    limit = some(runner, next, limit);
    for (uint64_t at = next; at < limit; at++) {
        if (at >= RELAY_SLOTS)
            check_parcel(runner, at - RELAY_SLOTS);
        struct parcel *parcel = parcel_at(relay, at);
        for (uint32_t word = 0; word < RELAY_WORDS; word++)
            parcel->sections[0][word] = first_word(relay, at, word);
    }
    return limit;
}

static bool take_offers(struct relay *relay)
{
    uint64_t offered;
    if (relay->offers < 0 || read(relay->offers, &offered, sizeof offered) != sizeof offered)
        return false;
    relay->offered += offered;
    return true;
}

static bool acknowledge(struct runner *runner)
{
    struct relay *relay = runner->relay;
    uint64_t limit = cursor_observe(&relay->stages[RELAY_STAGES - 2].cursor);
    if (limit == relay->answered)
        return false;
    for (; relay->answered < limit; relay->answered++)
        check_section(runner, relay->answered, RELAY_SECTIONS - 1);
    return true;
}

static bool tell(struct relay *relay)
{
    if (relay->answers < 0 || relay->answered < relay->offered || relay->told == relay->offered)
        return false;
    relay->told = relay->offered;
    uint64_t one = 1;
    ssize_t written = write(relay->answers, &one, sizeof one);
    CHECK(written == sizeof one);
    return true;
}

static bool is_complete(const struct relay *relay)
{
    return relay->answered == relay->total &&
           cursor_observe(&relay->stages[RELAY_STAGES - 1].cursor) == relay->total;
}

static bool attend(void *self)
{
    struct runner *runner = self;
    struct relay *relay = runner->relay;
    bool any = take_offers(relay);
    any |= acknowledge(runner);
    any |= tell(relay);
    if (is_complete(relay))
        relay->stages[0].finished = true;
    return any;
}

static int patience_ms(void *self)
{
    const struct relay *relay = ((const struct runner *)self)->relay;
    const struct stage *ingress = &relay->stages[0];
    bool may_depart = departure_limit(relay, gate_limit(&ingress->gate)) > ingress->next;
    bool may_answer = cursor_observe(&relay->stages[RELAY_STAGES - 2].cursor) > relay->answered;
    return may_depart || may_answer || is_complete(relay) ? SLEEP_NOT : SLEEP_UNTIL_RUNG;
}

/* -- life -------------------------------------------------------------------------------------- */

void relay_init(struct relay *relay, uint64_t seed, uint64_t total)
{
    static const char *const names[RELAY_STAGES] = {"ingress", "decode", "route", "store",
                                                    "publish"};
    *relay = (struct relay){.seed = seed, .total = total, .offers = -1, .answers = -1};
    for (uint32_t i = 0; i < RELAY_STAGES; i++) {
        relay->runners[i] = (struct runner){.relay = relay, .index = i, .random = mix(seed + i)};
        relay->stages[i] = (struct stage){
            .name = names[i],
            .gate = {.cursors = {&relay->stages[(i + RELAY_STAGES - 1) % RELAY_STAGES].cursor},
                     .count = 1,
                     .lead = i == 0 ? RELAY_SLOTS : 0},
            .work = i == 0               ? depart
                    : i < RELAY_SECTIONS ? carry_on
                                         : arrive,
            .attend = i == 0 ? attend : NULL,
            .patience_ms = i == 0 ? patience_ms : NULL,
            .self = &relay->runners[i],
            .clock = &clock_system,
        };
    }
}

uint64_t relay_faults(const struct relay *relay)
{
    uint64_t faults = 0;
    for (uint32_t i = 0; i < RELAY_STAGES; i++)
        faults += relay->runners[i].faults;
    return faults;
}
