/* An Act is read as protobuf-c reads it, and has what its verb needs. */
#include "made.h"
#include "wire/put.h"

#include <criterion/criterion.h>

static void same_text(struct span ours, const char *theirs)
{
    cr_assert(span_is(ours, theirs), "'%.*s' is not '%s'", SPAN_ARG(ours), theirs);
}

static void same_act(const struct ticket *ticket, struct span bytes)
{
    Lianxin__V1__Act *theirs = lianxin__v1__act__unpack(NULL, bytes.bytes, bytes.data);
    cr_assert_not_null(theirs, "accepted what protobuf-c does not read");
    cr_assert_eq((int)ticket->act.verb, (int)theirs->verb);
    cr_assert_eq((int)ticket->act.reason, (int)theirs->reason);
    same_text(ticket->act.unit, theirs->unit);
    same_text(ticket->act.to_unit, theirs->to_unit);
    same_text(ticket->number, theirs->number);
    same_text(ticket->act.category, theirs->category);
    same_text(ticket->act.place, theirs->place);
    cr_assert_eq((int)ticket->act.regime, (int)theirs->regime);
    lianxin__v1__act__free_unpacked(theirs, NULL);
}

Test(act_read, random_acts_are_read_as_protobuf_c_reads_them_in_whatever_encoding)
{
    struct made made;
    struct made disguised;
    for (int i = 0; i < 300; i++) {
        made_act(&made);
        made_disguise(&made, &lianxin__v1__act__descriptor, &disguised);
        struct ticket plain = made_read_act(made_span(&made));
        cr_assert(plain.valid, "%s: %s", made_misfit.field, made_misfit.message);
        same_act(&plain, made_span(&made));
        struct ticket ticket = made_read_act(made_span(&disguised));
        cr_assert(ticket.valid, "%s: %s", made_misfit.field, made_misfit.message);
        same_act(&ticket, made_span(&disguised));
        cr_assert_arr_eq(plain.key, ticket.key, DIGEST_BYTES);
        cr_assert_arr_eq(plain.content, ticket.content, DIGEST_BYTES);
    }
}

Test(act_read, damaged_messages_are_refused_or_read_as_protobuf_c_reads_them)
{
    struct made made;
    struct made canonical;
    struct made theirs;
    for (int i = 0; i < 40; i++) {
        made_act(&made);
        struct ticket original = made_read_act(made_span(&made));
        cr_assert(made_canonical(&lianxin__v1__act__descriptor, made_span(&made), &canonical));
        for (int flip = 0; flip < 500; flip++) {
            struct made turned = made;
            turned.bytes[made_random(made.count)] ^= (uint8_t)(1u << made_random(8));
            turned.count -= made_random(2) * made_random(turned.count);
            struct ticket ticket = made_read_act(made_span(&turned));
            if (!ticket.valid)
                continue;
            same_act(&ticket, made_span(&turned));
            cr_assert(made_canonical(&lianxin__v1__act__descriptor, made_span(&turned), &theirs));
            cr_assert_eq(memcmp(ticket.content, original.content, DIGEST_BYTES) == 0,
                         span_equal(made_span(&canonical), made_span(&theirs)));
        }
    }
}

Test(act_read, a_case_and_an_act_of_one_id_have_one_key)
{
    struct made made;
    Lianxin__V1__Case message = made_least_case();
    Lianxin__V1__Act act = made_least_act();
    act.source = message.source;
    act.external_id = message.external_id;
    made_pack(&message.base, &made);
    struct ticket of_case = made_read_case(made_span(&made));
    made_pack(&act.base, &made);
    struct ticket of_act = made_read_act(made_span(&made));
    cr_assert(of_case.valid && of_act.valid);
    cr_assert_arr_eq(of_case.key, of_act.key, DIGEST_BYTES);
    cr_assert_arr_neq(of_case.content, of_act.content, DIGEST_BYTES);
}

static void expect(const Lianxin__V1__Act *act, const char *field, const char *message)
{
    struct made made;
    made_pack(&act->base, &made);
    struct ticket ticket = made_read_act(made_span(&made));
    cr_assert_eq(ticket.valid, field == NULL, "%s", made_misfit.message);
    if (field == NULL)
        return;
    cr_assert_str_eq(made_misfit.field, field, "%s", made_misfit.message);
    cr_assert_not_null(strstr(made_misfit.message, message), "%s", made_misfit.message);
}

Test(act_misfit, each_verb_has_fields_that_it_needs)
{
    static const struct {
        Lianxin__V1__Verb verb;
        bool unit, to_unit, reason;
    } needs[] = {
        {LIANXIN__V1__VERB__VERB_SIGN, true, false, false},
        {LIANXIN__V1__VERB__VERB_RETURN, true, false, true},
        {LIANXIN__V1__VERB__VERB_REASSIGN, false, true, false},
        {LIANXIN__V1__VERB__VERB_ANSWER, true, false, false},
        {LIANXIN__V1__VERB__VERB_CLOSE, false, false, false},
    };
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        Lianxin__V1__Act full = made_least_act();
        full.verb = needs[i].verb;
        full.unit = "511126000000.urban";
        full.to_unit = "511126000000.roads";
        full.reason = LIANXIN__V1__REASON__REASON_NOT_OUR_DUTY;
        expect(&full, NULL, "");
        Lianxin__V1__Act act = full;
        act.unit = "";
        expect(&act, needs[i].unit ? "unit" : NULL, "is required to ");
        act = full;
        act.to_unit = "";
        expect(&act, needs[i].to_unit ? "to_unit" : NULL, "is required to reassign");
        act = full;
        act.reason = 0;
        expect(&act, needs[i].reason ? "reason" : NULL, "is required to return");
    }
    Lianxin__V1__Act act = made_least_act();
    act.verb = 0;
    expect(&act, "verb", "is required");
}

Test(act_misfit, a_correction_says_a_category_or_a_place)
{
    Lianxin__V1__Act act = made_least_act();
    act.verb = LIANXIN__V1__VERB__VERB_CORRECT;
    expect(&act, "place", "is required to correct, or a category");
    act.category = "0301";
    expect(&act, NULL, "");
    act.place = "511126";
    expect(&act, NULL, "");
    act.category = "";
    expect(&act, NULL, "");
    act.number = "";
    expect(&act, "number", "is required to correct");
}

Test(act_misfit, a_choice_of_regime_is_about_no_ticket)
{
    Lianxin__V1__Act act = made_least_act();
    act.verb = LIANXIN__V1__VERB__VERB_REGIME;
    act.number = "";
    expect(&act, "regime", "is required to choose a regime");
    act.regime = LIANXIN__V1__REGIME__REGIME_CALENDAR;
    expect(&act, NULL, "");
    act.number = made_least_act().number;
    expect(&act, "number", "leave the number out");
    act.number = "";
    act.regime = (Lianxin__V1__Regime)5;
    expect(&act, "regime", "5 is no Regime");
}

/* No adapter can name it: it has no source. */
Test(act_read, the_record_of_regimes_has_a_key_of_its_own)
{
    uint8_t bytes[WIRE_REGIME_ACT_BYTES_MAX];
    uint8_t key[DIGEST_BYTES];
    uint8_t other[DIGEST_BYTES];
    struct ticket opening = made_read_act(wire_regime_act(bytes));
    cr_assert(opening.valid, "%s", made_misfit.message);
    cr_assert_eq(opening.act.verb, VERB_REGIME);
    cr_assert_eq(opening.act.regime, REGIME_CALENDAR);
    wire_regime_key(MADE_SEED, key);
    wire_regime_key(MADE_SEED + 1, other);
    cr_assert_arr_neq(key, other, DIGEST_BYTES, "the seed counts");
    cr_assert_arr_neq(key, opening.key, DIGEST_BYTES, "the act's own id could be anybody's");
}

Test(act_misfit, a_unit_that_is_given_empty_is_not_given)
{
    struct made made;
    Lianxin__V1__Act act = made_least_act();
    act.verb = LIANXIN__V1__VERB__VERB_SIGN;
    made_pack(&act.base, &made);
    memcpy(made.bytes + made.count, "\x2A\x00", 2); /* behind the verb, a number */
    made.count += 2;
    struct ticket ticket = made_read_act(made_span(&made));
    cr_assert(!ticket.valid);
    cr_assert_str_eq(made_misfit.field, "unit");
}

Test(act_misfit, the_tickets_number_was_heard_right)
{
    Lianxin__V1__Act act = made_least_act();
    act.number = "20261124-000123-x";
    expect(&act, "number", "is no ticket number");
    char number[] = "20261324-000123-0"; /* one of ten check digits fits, then the date does not */
    bool no_date = false;
    for (act.number = number; number[16] <= '9'; number[16]++) {
        struct made made;
        made_pack(&act.base, &made);
        struct ticket ticket = made_read_act(made_span(&made));
        no_date |= !ticket.valid && strstr(made_misfit.message, "no date") != NULL;
    }
    cr_assert(no_date);
    act.number = made_least_act().number;
    size_t last = strlen(act.number) - 1;
    act.number[last] = act.number[last] == '9' ? '0' : (char)(act.number[last] + 1);
    expect(&act, "number", "check digit does not fit");
}
