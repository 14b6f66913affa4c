/* The states of a ticket's parts: which moves are legal, what they lead to, and what a refusal
 * says.
 *
 * States are compared as text, "main urban signed, co police issued", by the function behind the
 * unit's key. A long random walk then holds what must hold of every state; its seed is printed, and
 * SEED repeats it.
 */
#include "domain/tickets.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MESSAGE_BYTES = 160 };

static struct small_city small;
static struct ticket_state ticket;
static const struct dues dues = {1000, 9000, 4000, false};
static char message[MESSAGE_BYTES];

static void tear_down(void)
{
    small_city_remove(&small);
}

/* A unit of 夹江县, or the city's where it has none. */
static struct unit unit_of(const char *function)
{
    struct function code = city_function(small.city, span_of_string(function));
    struct unit unit = city_unit(small.city, code, small_city_place(&small, "511126"));
    if (unit.index == UNIT_NONE.index)
        unit = city_unit(small.city, code, (struct place){0});
    cr_assert_neq(unit.index, UNIT_NONE.index, "%s", function);
    return unit;
}

static void add(struct decision *decision, const char *function, enum role role)
{
    decision->assignments[decision->assignments_count++] =
        (struct assignment){.unit = unit_of(function), .role = role, .row = (uint8_t)role};
}

/* urban has it; police beside it, general is told. */
static void set_up(void)
{
    struct decision decision = {.disposition = DISPOSITION_DISPATCH};
    small_city_make(&small);
    add(&decision, "urban", ROLE_MAIN);
    add(&decision, "police", ROLE_CO);
    add(&decision, "general", ROLE_INFORMED);
    memset(&ticket, 0xA5, sizeof ticket);
    tickets_begin(&ticket, small.city, &decision, &dues);
}

TestSuite(tickets, .init = set_up, .fini = tear_down);

static struct span key_of(const char *function)
{
    return unit_key(small.city, unit_of(function));
}

static enum move apply(enum verb verb, const char *unit, const char *to_unit)
{
    struct act act = {.verb = verb, .reason = verb == VERB_RETURN ? REASON_NOT_OUR_DUTY : 0};
    if (unit != NULL)
        act.unit = key_of(unit);
    if (to_unit != NULL)
        act.to_unit = key_of(to_unit);
    memset(message, 0, sizeof message);
    return tickets_apply(&ticket, &act, message, sizeof message);
}

static const char *show(void)
{
    static char text[1024];
    size_t used = 0;
    for (uint32_t i = 0; i < ticket.count; i++) {
        const struct part *part = &ticket.parts[i];
        const uint8_t *dot = memchr(part->unit.data, '.', part->unit.bytes);
        size_t prefix_bytes = (size_t)(dot + 1 - part->unit.data);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %.*s %s", i > 0 ? ", " : "",
                                 word_name(&role_words, (uint32_t)part->role),
                                 (int)(part->unit.bytes - prefix_bytes),
                                 (const char *)part->unit.data + prefix_bytes,
                                 word_name(&state_words, (uint32_t)part->state));
    }
    return text;
}

static void expect(enum move move, enum move expected, const char *state)
{
    cr_expect_eq(move, expected, "%s", message);
    cr_expect_str_eq(show(), state, "%s", show());
}

static void expect_refusal(enum move move, const char *says)
{
    cr_expect_eq(move, MOVE_REFUSED);
    cr_expect_str_eq(message, says, "%s", message);
}

static void redecide(const char *main, const char *co, const char *informed)
{
    struct decision decision = {.disposition = DISPOSITION_DISPATCH};
    add(&decision, main, ROLE_MAIN);
    if (co != NULL)
        add(&decision, co, ROLE_CO);
    if (informed != NULL)
        add(&decision, informed, ROLE_INFORMED);
    tickets_redecided(&ticket, small.city, &decision, &dues);
}

Test(tickets, the_happy_way_is_sign_answer_close)
{
    cr_expect_str_eq(show(), "main urban issued, co police issued, informed general issued");
    cr_expect_eq(ticket.parts[1].row, ROLE_CO, "the row is the assignment's");
    expect(apply(VERB_SIGN, "urban", NULL), MOVE_DONE,
           "main urban signed, co police issued, informed general issued");
    expect(apply(VERB_ANSWER, "urban", NULL), MOVE_DONE,
           "main urban answered, co police issued, informed general issued");
    expect(apply(VERB_SIGN, "police", NULL), MOVE_DONE,
           "main urban answered, co police signed, informed general issued");
    expect(apply(VERB_CLOSE, NULL, NULL), MOVE_DONE,
           "main urban closed, co police closed, informed general closed");
}

Test(tickets, a_refusal_says_why_and_what_would_be_legal)
{
    expect_refusal(
        apply(VERB_ANSWER, "urban", NULL),
        "511126000000.urban has not signed yet; legal now: sign, return, correct, reassign");
    expect_refusal(
        apply(VERB_CLOSE, NULL, NULL),
        "511126000000.urban has not answered yet; legal now: sign, return, correct, reassign");
    expect_refusal(
        apply(VERB_REASSIGN, NULL, "urban"),
        "511126000000.urban is the main unit already; legal now: sign, return, correct, reassign");
    expect_refusal(apply(VERB_SIGN, "fund", NULL),
                   "511100000000.fund has no part in this ticket; its main unit is "
                   "511126000000.urban");
    static const enum verb of_units[] = {VERB_SIGN, VERB_RETURN, VERB_ANSWER};
    for (size_t i = 0; i < 3; i++)
        expect_refusal(apply(of_units[i], "general", NULL),
                       "511126000000.general is only informed; legal now: correct, reassign");

    cr_assert_eq(apply(VERB_SIGN, "urban", NULL), MOVE_DONE);
    expect_refusal(
        apply(VERB_SIGN, "urban", NULL),
        "511126000000.urban has signed already; legal now: answer, return, correct, reassign");
    expect_refusal(
        apply(VERB_CLOSE, NULL, NULL),
        "511126000000.urban has not answered yet; legal now: answer, return, correct, reassign");

    cr_assert_eq(apply(VERB_ANSWER, "urban", NULL), MOVE_DONE);
    for (size_t i = 0; i < 3; i++)
        expect_refusal(apply(of_units[i], "urban", NULL),
                       "511126000000.urban has answered already; legal now: close, reassign");
    expect_refusal(apply(VERB_ANSWER, "police", NULL),
                   "511126000000.police has not signed yet; legal now: sign, return, close, "
                   "reassign");
    cr_expect_str_eq(show(), "main urban answered, co police issued, informed general issued");
}

/* issued, due, signed by; co-units are under way too, who is only informed is not. */
static void expect_dues(uint32_t part, int64_t issued_ms, int64_t due_ms, int64_t sign_by_ms)
{
    cr_expect_eq(ticket.parts[part].dues.issued_ms, issued_ms, "part %u", part);
    cr_expect_eq(ticket.parts[part].dues.due_ms, due_ms, "part %u", part);
    cr_expect_eq(ticket.parts[part].dues.sign_by_ms, sign_by_ms, "part %u", part);
}

Test(tickets, each_part_has_a_clock_of_its_own)
{
    expect_dues(0, 1000, 9000, 4000);
    expect_dues(1, 1000, 9000, 4000);
    expect_dues(2, 1000, 0, 0);
    struct act act = {.verb = VERB_REASSIGN,
                      .to_unit = key_of("roads"),
                      .dues = {.issued_ms = 2000, .due_ms = 12000, .sign_by_ms = 5000}};
    cr_assert_eq(tickets_apply(&ticket, &act, message, sizeof message), MOVE_DONE);
    expect_dues(tickets_main(&ticket), 2000, 12000, 5000);
    expect_dues(0, 1000, 9000, 4000);
    expect_dues(1, 1000, 9000, 4000);
    cr_assert_eq(apply(VERB_RETURN, "roads", NULL), MOVE_REDECIDE);
    redecide("water", NULL, NULL);
    expect_dues(tickets_main(&ticket), 1000, 9000, 4000);
}

Test(tickets, what_the_desk_corrects_is_decided_anew_and_is_no_return)
{
    struct excluded excluded;
    expect(apply(VERB_CORRECT, NULL, NULL), MOVE_REDECIDE,
           "main urban returned, co police returned, informed general issued");
    redecide("urban", "police", NULL);
    cr_expect_str_eq(show(), "main urban issued, co police issued, informed general issued",
                     "it may well stay where it was: %s", show());
    cr_assert_eq(apply(VERB_CORRECT, NULL, NULL), MOVE_REDECIDE);
    redecide("water", "urban", NULL);
    cr_expect_str_eq(show(),
                     "co urban issued, co police returned, informed general issued, "
                     "main water issued",
                     "who lost it may get another part: %s", show());
    cr_expect_eq(tickets_returns(&ticket), 0);
    tickets_excluded(&ticket, small.city, &excluded);
    cr_expect_eq(excluded.count, 0, "who lost it may get it again");
    cr_assert_eq(apply(VERB_SIGN, "water", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_ANSWER, "water", NULL), MOVE_DONE);
    expect_refusal(apply(VERB_CORRECT, NULL, NULL),
                   "511126000000.water has answered already; legal now: close, reassign");
}

/* It has done its share, whatever the case turns out to be. */
Test(tickets, what_a_co_unit_has_answered_stays_when_the_desk_corrects)
{
    cr_assert_eq(apply(VERB_SIGN, "police", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_ANSWER, "police", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_CORRECT, NULL, NULL), MOVE_REDECIDE);
    redecide("water", "police", NULL);
    cr_expect_str_eq(show(),
                     "main urban returned, co police answered, informed general issued, "
                     "main water issued",
                     "%s", show());
}

/* Each correction brings other co-units, which need no more room than those before them. */
Test(tickets, corrected_often_enough_a_ticket_still_has_room_for_co_units)
{
    static const char *const co[] = {"police", "roads", "health", "fund", "labour"};
    for (size_t i = 0; i < 30; i++) {
        cr_assert_eq(apply(VERB_CORRECT, NULL, NULL), MOVE_REDECIDE);
        redecide(i % 2 == 0 ? "water" : "urban", co[i % 5], NULL);
        char wanted[32];
        snprintf(wanted, sizeof wanted, "co %s issued", co[i % 5]);
        cr_assert_not_null(strstr(show(), wanted), "%zu: %s", i, show());
    }
}

Test(tickets, what_is_not_dispatched_is_closed_from_the_first)
{
    for (enum disposition disposition = DISPOSITION_ON_THE_SPOT; disposition < DISPOSITION_COUNT;
         disposition++) {
        struct decision decision = {.disposition = disposition};
        add(&decision, "desk", ROLE_MAIN);
        add(&decision, "police", ROLE_INFORMED);
        tickets_begin(&ticket, small.city, &decision, &dues);
        cr_expect_str_eq(show(), "main desk closed, informed police issued");
        cr_expect_not(tickets_is_open(&ticket));
        expect_refusal(apply(VERB_CORRECT, NULL, NULL),
                       "the ticket is closed; nothing is legal any more");
    }
}

Test(tickets, the_record_of_regimes_is_for_orders_alone)
{
    tickets_begin_record(&ticket, small.city);
    cr_expect_str_eq(show(), "informed desk issued");
    cr_expect_not(tickets_is_open(&ticket));
    for (enum verb verb = VERB_SIGN; verb < VERB_COUNT; verb++)
        expect_refusal(
            apply(verb, "desk", "urban"),
            "this is a record of the whole city's, of regimes or of books; it is no case, and "
            "nobody acts on it");
}

Test(tickets, after_closing_nothing_is_legal)
{
    cr_assert_eq(apply(VERB_SIGN, "urban", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_RETURN, "police", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_ANSWER, "urban", NULL), MOVE_DONE);
    cr_expect(tickets_is_open(&ticket));
    static const char closed[] = "main urban closed, co police returned, informed general closed";
    expect(apply(VERB_CLOSE, NULL, NULL), MOVE_DONE, closed);
    for (enum verb verb = VERB_SIGN; verb < VERB_COUNT; verb++) {
        expect_refusal(apply(verb, "urban", "fund"),
                       "the ticket is closed; nothing is legal any more");
        expect_refusal(apply(verb, "police", "fund"),
                       "the ticket is closed; nothing is legal any more");
    }
    cr_expect_str_eq(show(), closed);
    cr_expect_not(tickets_is_open(&ticket));
}

Test(tickets, a_return_of_the_main_part_is_decided_anew)
{
    struct excluded excluded;
    cr_assert_eq(apply(VERB_SIGN, "urban", NULL), MOVE_DONE);
    expect(apply(VERB_RETURN, "urban", NULL), MOVE_REDECIDE,
           "main urban returned, co police issued, informed general issued");
    cr_expect_eq(tickets_main(&ticket), UINT32_MAX);
    cr_expect_eq(tickets_returns(&ticket), 1);
    tickets_excluded(&ticket, small.city, &excluded);
    cr_assert_eq(excluded.count, 1);
    cr_expect_eq(excluded.units[0].index, unit_of("urban").index);

    redecide("roads", "fund", "general");
    cr_expect_str_eq(show(), "main urban returned, co police issued, informed general issued, "
                             "main roads issued, co fund issued");
    cr_expect_eq(tickets_main(&ticket), 3);
    expect_refusal(apply(VERB_SIGN, "urban", NULL),
                   "511126000000.urban has returned it; legal now: correct, reassign");
    expect_refusal(apply(VERB_RETURN, "urban", NULL),
                   "511126000000.urban has returned it; legal now: correct, reassign");
}

Test(tickets, a_co_unit_that_returns_leaves_the_others_alone)
{
    struct excluded excluded;
    expect(apply(VERB_RETURN, "police", NULL), MOVE_DONE,
           "main urban issued, co police returned, informed general issued");
    cr_expect_eq(tickets_returns(&ticket), 0, "only the main part's count");
    tickets_excluded(&ticket, small.city, &excluded);
    cr_assert_eq(excluded.count, 1, "but it is not to get it as the main one");
    cr_expect_eq(excluded.units[0].index, unit_of("police").index);
    cr_assert_eq(apply(VERB_RETURN, "urban", NULL), MOVE_REDECIDE);
    redecide("roads", "police", NULL);
    cr_expect_str_eq(show(),
                     "main urban returned, co police returned, informed general issued, "
                     "main roads issued",
                     "nor as a co-unit again");
}

Test(tickets, a_unit_that_no_longer_exists_is_not_excluded)
{
    struct excluded excluded;
    cr_assert_eq(apply(VERB_RETURN, "urban", NULL), MOVE_REDECIDE);
    ticket.parts[0].unit = span_of_string("511126000000.older");
    tickets_excluded(&ticket, small.city, &excluded);
    cr_expect_eq(excluded.count, 0);
}

Test(tickets, the_desk_reassigns_and_that_is_no_return)
{
    cr_assert_eq(apply(VERB_SIGN, "urban", NULL), MOVE_DONE);
    expect(apply(VERB_REASSIGN, NULL, "roads"), MOVE_DONE,
           "main urban returned, co police issued, informed general issued, main roads issued");
    cr_expect_eq(tickets_returns(&ticket), 0);
    expect_refusal(apply(VERB_SIGN, "urban", NULL),
                   "511126000000.urban lost it to another unit; legal now: correct, reassign");

    cr_assert_eq(apply(VERB_SIGN, "police", NULL), MOVE_DONE);
    expect(apply(VERB_REASSIGN, NULL, "police"), MOVE_DONE,
           "main urban returned, main police issued, informed general issued, main roads returned");
    expect(apply(VERB_REASSIGN, NULL, "general"), MOVE_DONE,
           "main urban returned, main police returned, main general issued, main roads returned");
    expect(apply(VERB_REASSIGN, NULL, "urban"), MOVE_DONE,
           "main urban issued, main police returned, main general returned, main roads returned");
    cr_expect_eq(tickets_returns(&ticket), 0);
    struct excluded excluded;
    tickets_excluded(&ticket, small.city, &excluded);
    cr_expect_eq(excluded.count, 0, "who lost it may get it again");

    /* An answer does not end it before the desk closes it. */
    cr_assert_eq(apply(VERB_SIGN, "urban", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_ANSWER, "urban", NULL), MOVE_DONE);
    cr_expect_eq(apply(VERB_REASSIGN, NULL, "roads"), MOVE_DONE);
}

Test(tickets, the_third_return_is_counted_over_all_units_and_the_desk_works_like_any)
{
    static const char *const units[] = {"urban", "roads", "water"};
    for (uint32_t i = 0; i < FINAL_RETURNS; i++) {
        cr_expect_eq(tickets_returns(&ticket), i);
        cr_assert_eq(apply(VERB_RETURN, units[i], NULL), MOVE_REDECIDE);
        redecide(i + 1 < FINAL_RETURNS ? units[i + 1] : "desk", NULL, NULL);
    }
    cr_expect_eq(tickets_returns(&ticket), FINAL_RETURNS);
    cr_expect_eq(apply(VERB_SIGN, "desk", NULL), MOVE_DONE);
    cr_expect_eq(apply(VERB_RETURN, "desk", NULL), MOVE_REDECIDE);
    redecide("desk", NULL, NULL);
    cr_expect_eq(tickets_returns(&ticket), FINAL_RETURNS + 1);
    cr_expect_eq(apply(VERB_SIGN, "desk", NULL), MOVE_DONE);
    cr_expect_eq(apply(VERB_ANSWER, "desk", NULL), MOVE_DONE);
    cr_expect_eq(apply(VERB_CLOSE, NULL, NULL), MOVE_DONE);
}

Test(tickets, a_full_ticket_makes_room_without_losing_what_is_open_or_counted)
{
    struct decision decision = {.disposition = DISPOSITION_DISPATCH};
    static const char *const all[] = {"urban", "police",  "roads",  "health",
                                      "fund",  "general", "labour", "water"};
    for (uint32_t i = 0; i < ASSIGNMENTS_MAX; i++)
        add(&decision, all[i], i == 0 ? ROLE_MAIN : i <= RULES_UNITS_MAX ? ROLE_CO : ROLE_INFORMED);
    tickets_begin(&ticket, small.city, &decision, &dues);
    cr_assert_eq(apply(VERB_SIGN, "police", NULL), MOVE_DONE);

    cr_assert_eq(apply(VERB_RETURN, "urban", NULL), MOVE_REDECIDE);
    redecide("desk", "general", NULL);
    cr_expect_str_eq(show(),
                     "main urban returned, co police signed, co roads issued, "
                     "co health issued, co fund issued, main desk issued, "
                     "informed labour issued, informed water issued",
                     "%s", show());
    cr_assert_eq(apply(VERB_REASSIGN, NULL, "general"), MOVE_DONE);
    cr_assert_eq(apply(VERB_RETURN, "general", NULL), MOVE_REDECIDE);
    redecide("labour", NULL, NULL);
    cr_assert_eq(apply(VERB_RETURN, "labour", NULL), MOVE_REDECIDE);
    redecide("desk", NULL, NULL);
    cr_expect_str_eq(show(),
                     "main urban returned, co police signed, co roads issued, "
                     "co health issued, co fund issued, main desk issued, "
                     "main general returned, main labour returned",
                     "%s", show());
    cr_expect_eq(tickets_returns(&ticket), 3);
    cr_assert_eq(apply(VERB_REASSIGN, NULL, "water"), MOVE_DONE);
    cr_expect_str_eq(show(),
                     "main urban returned, co police signed, co roads issued, "
                     "co health issued, co fund issued, main water issued, "
                     "main general returned, main labour returned",
                     "the desk's part goes first: it returned nothing");
    cr_assert_eq(apply(VERB_RETURN, "water", NULL), MOVE_REDECIDE);
    redecide("desk", NULL, NULL);
    cr_expect_eq(tickets_returns(&ticket), FINAL_RETURNS, "the oldest return gave way");

    cr_assert_eq(apply(VERB_RETURN, "fund", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_RETURN, "desk", NULL), MOVE_REDECIDE);
    redecide("urban", NULL, NULL);
    cr_expect_str_eq(show(),
                     "main desk returned, co police signed, co roads issued, "
                     "co health issued, main urban issued, main water returned, "
                     "main general returned, main labour returned",
                     "a co-unit that returned it goes before a main unit that did: %s", show());
}

/* Urban, which the desk took it from; police, that returned its co-part; and six who work on it. */
Test(tickets, who_lost_it_gives_way_before_who_returned_it)
{
    struct decision decision = {.disposition = DISPOSITION_DISPATCH};
    static const char *const all[] = {"urban", "police", "roads", "health", "fund"};
    for (uint32_t i = 0; i < 5; i++)
        add(&decision, all[i], i == 0 ? ROLE_MAIN : ROLE_CO);
    tickets_begin(&ticket, small.city, &decision, &dues);
    cr_assert_eq(apply(VERB_RETURN, "police", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_REASSIGN, NULL, "general"), MOVE_DONE);
    cr_assert_eq(apply(VERB_REASSIGN, NULL, "labour"), MOVE_DONE);
    cr_assert_eq(apply(VERB_REASSIGN, NULL, "water"), MOVE_DONE);
    cr_assert_eq(ticket.count, ASSIGNMENTS_MAX);
    cr_assert_eq(apply(VERB_REASSIGN, NULL, "desk"), MOVE_DONE);
    cr_expect_str_eq(show(),
                     "main desk issued, co police returned, co roads issued, co health issued, "
                     "co fund issued, main general returned, main labour returned, "
                     "main water returned",
                     "%s", show());
}

/* Only what it returned as the main unit brings the ticket nearer to its final decision. */
Test(tickets, a_co_unit_that_returned_it_begins_as_the_main_one_without_returns)
{
    cr_assert_eq(apply(VERB_RETURN, "police", NULL), MOVE_DONE);
    cr_assert_eq(apply(VERB_REASSIGN, NULL, "police"), MOVE_DONE);
    cr_expect_eq(tickets_returns(&ticket), 0);
    cr_assert_eq(apply(VERB_RETURN, "police", NULL), MOVE_REDECIDE);
    cr_expect_eq(tickets_returns(&ticket), 1);
}

Test(tickets, the_longest_keys_leave_room_for_the_message)
{
    char longest[46] = "";
    memset(longest, 'u', sizeof longest - 1);
    struct span unit = span_of_string(longest);
    struct act act = {.verb = VERB_SIGN, .unit = unit};
    ticket.parts[0].unit = unit;
    cr_assert_eq(tickets_apply(&ticket, &act, message, sizeof message), MOVE_DONE);
    cr_assert_eq(tickets_apply(&ticket, &act, message, sizeof message), MOVE_REFUSED);
    cr_expect(strstr(message, "reassign") != NULL, "%s", message);
    act = (struct act){.verb = VERB_REASSIGN, .to_unit = unit};
    cr_assert_eq(tickets_apply(&ticket, &act, message, sizeof message), MOVE_REFUSED);
    cr_expect(strstr(message, "return, correct, reassign") != NULL, "%s", message);
    char stranger[64];
    memset(stranger, 'x', sizeof stranger);
    act = (struct act){.verb = VERB_SIGN, .unit = span_of(stranger, sizeof stranger)};
    cr_assert_eq(tickets_apply(&ticket, &act, message, sizeof message), MOVE_REFUSED);
    cr_expect(strstr(message, longest) != NULL, "%s", message);
}

/* What must hold of every ticket, whatever was done to it. */
static void check_state(const struct ticket_state *before, enum move move, unsigned seed)
{
    uint32_t mains = 0;
    uint32_t co = 0;
    cr_assert_leq(ticket.count, ASSIGNMENTS_MAX);
    for (uint32_t i = 0; i < ticket.count; i++) {
        mains += ticket.parts[i].role == ROLE_MAIN && ticket.parts[i].state != STATE_RETURNED;
        co += ticket.parts[i].role == ROLE_CO && ticket.parts[i].state != STATE_RETURNED;
        for (uint32_t j = 0; j < i; j++)
            cr_assert_not(span_equal(ticket.parts[i].unit, ticket.parts[j].unit), "seed %u", seed);
    }
    cr_assert_eq(mains, 1, "one main unit; seed %u: %s", seed, show());
    cr_assert_leq(co, RULES_UNITS_MAX, "seed %u", seed);
    if (move == MOVE_REFUSED) {
        cr_assert_eq(memcmp(before, &ticket, sizeof ticket), 0, "refused, yet changed");
        cr_assert(strstr(message, "legal") != NULL || strstr(message, "has no part") != NULL, "%s",
                  message);
    }
    uint32_t returns = tickets_returns(before);
    uint32_t floor = returns < FINAL_RETURNS ? returns : FINAL_RETURNS;
    cr_assert_geq(tickets_returns(&ticket), floor, "seed %u: %s", seed, show());
}

Test(tickets, whatever_is_done_there_is_one_main_unit)
{
    enum { TICKETS = 300, ACTS = 60, FUNCTIONS = 9 };
    static const char *const functions[FUNCTIONS] = {"urban",   "police", "roads", "health", "fund",
                                                     "general", "labour", "water", "desk"};
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "tickets: SEED=%u\n", seed);
    srandom(seed);
    for (int i = 0; i < TICKETS; i++) {
        struct decision decision = {.disposition = DISPOSITION_DISPATCH};
        memset(&ticket, 0, sizeof ticket);
        uint32_t parts = 1 + (uint32_t)random() % ASSIGNMENTS_MAX;
        for (uint32_t j = 0; j < parts; j++)
            add(&decision, functions[j],
                j == 0                 ? ROLE_MAIN
                : j <= RULES_UNITS_MAX ? ROLE_CO
                                       : ROLE_INFORMED);
        tickets_begin(&ticket, small.city, &decision, &dues);
        for (int j = 0; j < ACTS; j++) {
            struct ticket_state before = ticket;
            static const enum verb verbs[] = {VERB_SIGN,     VERB_RETURN, VERB_RETURN, VERB_ANSWER,
                                              VERB_REASSIGN, VERB_CLOSE,  VERB_CORRECT};
            enum verb verb = verbs[random() % 7];
            enum move move =
                apply(verb, functions[random() % FUNCTIONS], functions[random() % FUNCTIONS]);
            if (move == MOVE_REDECIDE) {
                long main = random() % FUNCTIONS;
                redecide(functions[main], functions[(main + 1) % FUNCTIONS],
                         functions[(main + 2) % FUNCTIONS]);
            }
            check_state(&before, move, seed);
        }
    }
}
