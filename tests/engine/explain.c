/* Explanations: a dry run decides as a submit would and stores nothing; of a ticket the decision
 * that is stored is explained, by the rows of the book while that is the one in force. */
#include "tests/engine/small_bench.h"

#include <criterion/criterion.h>

#define UPSTAIRS "511100000000.urban"

static Lianxin__V1__Reply *ask_case(struct small_bench *bench, Lianxin__V1__Case *one, bool strict)
{
    Lianxin__V1__Explain explain = LIANXIN__V1__EXPLAIN__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    explain.body_case = LIANXIN__V1__EXPLAIN__BODY_CASE;
    explain.case_ = one;
    explain.strict = strict;
    request.body_case = LIANXIN__V1__REQUEST__BODY_EXPLAIN;
    request.explain = &explain;
    return bench_ask(&bench->bench, &request);
}

static Lianxin__V1__Reply *ask_number(struct small_bench *bench, const char *number)
{
    Lianxin__V1__Explain explain = LIANXIN__V1__EXPLAIN__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    explain.body_case = LIANXIN__V1__EXPLAIN__BODY_NUMBER;
    explain.number = (char *)number;
    request.body_case = LIANXIN__V1__REQUEST__BODY_EXPLAIN;
    request.explain = &explain;
    return bench_ask(&bench->bench, &request);
}

static const Lianxin__V1__Explanation *explanation_of(const Lianxin__V1__Reply *reply)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_EXPLANATION);
    return reply->explanation;
}

static uint64_t count_events(struct small_bench *bench)
{
    Lianxin__V1__Reply *reply = bench_status(&bench->bench);
    uint64_t events = reply->status->events;
    reply_free(reply);
    return events;
}

static bool same_message(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    uint8_t bytes[2][4096];
    size_t count = protobuf_c_message_get_packed_size(a);
    cr_assert(count <= sizeof bytes[0]);
    if (protobuf_c_message_get_packed_size(b) != count)
        return false;
    protobuf_c_message_pack(a, bytes[0]);
    protobuf_c_message_pack(b, bytes[1]);
    return memcmp(bytes[0], bytes[1], count) == 0;
}

/* Decision and assignments are those of the event. */
static void expect_same(const Lianxin__V1__Explanation *explanation,
                        const Lianxin__V1__Event *event)
{
    cr_expect(same_message(&explanation->decision->base, &event->decision->base), "%s",
              event->case_->external_id);
    cr_assert_eq(explanation->n_assignments, event->n_assignments);
    cr_assert_eq(explanation->n_unit_names, event->n_assignments);
    for (size_t i = 0; i < event->n_assignments; i++)
        cr_expect(same_message(&explanation->assignments[i]->base, &event->assignments[i]->base));
    cr_expect_eq(explanation->received_ms, event->time_ms);
    cr_expect(same_message(&explanation->case_->base, &event->case_->base));
}

/* Cases of all kinds that the book tells apart. */
static void make_cases(Lianxin__V1__Case cases[7])
{
    static const char *const ids[] = {"plain", "urgent", "rubbish", "spot",
                                      "fire",  "court",  "doubtful"};
    for (size_t i = 0; i < 7; i++)
        cases[i] = small_case(ids[i]);
    cases[1].urgency = LIANXIN__V1__URGENCY__URGENCY_URGENT;
    cases[2].category = "0102";
    cases[3].type = LIANXIN__V1__TYPE__TYPE_ENQUIRY;
    cases[3].answer = "可以";
    cases[4].type = LIANXIN__V1__TYPE__TYPE_HELP;
    cases[4].category = cases[5].category = "03";
    cases[6].category = "";
    cases[6].place = "红旗村";
}

Test(explain, a_dry_run_decides_as_a_submit_does_and_stores_nothing)
{
    struct small_bench bench;
    Lianxin__V1__Case cases[7];
    small_bench_open(&bench);
    make_cases(cases);
    for (size_t i = 0; i < 7; i++) {
        uint64_t events = count_events(&bench);
        Lianxin__V1__Reply *dry = ask_case(&bench, &cases[i], false);
        const Lianxin__V1__Explanation *explanation = explanation_of(dry);
        cr_expect_eq(count_events(&bench), events);
        struct became became = small_submit(&bench, &cases[i]);
        Lianxin__V1__Reply *stored = small_lookup(&bench, became.number);
        expect_same(explanation, last_event(stored));
        cr_expect_str_eq(explanation->ticket, "");
        cr_expect_str_eq(explanation->title, "占道");
        cr_expect_eq(explanation->n_steps, explanation->decision->n_rows);
        for (size_t s = 0; s < explanation->n_steps; s++)
            cr_expect_str_eq(explanation->steps[s]->row, explanation->decision->rows[s]);
        /* The ticket says the same of itself, and its number. */
        Lianxin__V1__Reply *of_ticket = ask_number(&bench, became.number);
        expect_same(explanation_of(of_ticket), last_event(stored));
        cr_expect_str_eq(of_ticket->explanation->ticket, became.number);
        of_ticket->explanation->ticket[0] = '\0';
        cr_expect(same_message(&explanation->base, &of_ticket->explanation->base), "%s",
                  cases[i].external_id);
        reply_free(of_ticket);
        reply_free(stored);
        reply_free(became.reply);
        reply_free(dry);
    }
    small_bench_close(&bench);
}

Test(explain, says_names_rows_and_the_clock)
{
    struct small_bench bench;
    small_bench_open(&bench);
    bench_pass_ms(&bench.bench, 3 * DAY_MS);
    Lianxin__V1__Case one = small_case("one");
    one.line = "12319";
    Lianxin__V1__Reply *reply = ask_case(&bench, &one, false);
    const Lianxin__V1__Explanation *explanation = explanation_of(reply);
    cr_expect_str_eq(explanation->place_name, "乐山市/夹江县/漹城街道");
    cr_expect_str_eq(explanation->category_name, "市容");
    cr_expect_str_eq(explanation->function_name, "城管");
    cr_expect_str_eq(explanation->line_name, "城管");
    cr_expect_str_eq(explanation->unit_names[0], "夹江县城管局");
    cr_assert_eq(explanation->n_climb_names, 1);
    cr_expect_str_eq(explanation->climb_names[0], "乐山市/夹江县");
    cr_expect_str_eq(explanation->climb_whys[0], "");
    const Lianxin__V1__Step *step = explanation->steps[2];
    cr_assert_eq(step->n_conditions, 2);
    cr_expect_str_eq(step->row, "assign/urban");
    cr_expect_str_eq(step->basis, "市容");
    cr_expect_str_eq(step->conditions[0]->label, "事项");
    cr_expect_str_eq(step->conditions[0]->value, "#0101 市容");
    cr_expect_str_eq(step->conditions[1]->part, "#511126 乐山市/夹江县");
    cr_expect_str_eq(step->outputs[1]->label, "职能");
    cr_expect_str_eq(step->outputs[1]->cell, "urban");
    cr_expect_str_eq(step->outputs[1]->value, "城管");
    /* Friday; Saturday is worked, Sunday is not, and of Monday the calendar knows nothing. */
    cr_assert_eq(explanation->n_uncounted, 1);
    cr_expect_str_eq(explanation->uncounted[0], "2026-11-29 周末");
    cr_expect_eq(explanation->assignments[0]->due_ms, BENCH_DAY_MS + 7 * DAY_MS);
    cr_expect_eq(explanation->citizen_due_ms, BENCH_DAY_MS + 7 * DAY_MS);
    cr_expect(explanation->assignments[0]->provisional && explanation->citizen_provisional);
    reply_free(reply);
    small_bench_close(&bench);
}

/* Who is informed by which row, from the book through the log to the explanation, by night; and a
 * return by day is decided as by the night it came in. */
Test(explain, says_every_row_that_named_somebody)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    small_city_write(&bench.small, "book", "table,note\ntriage,\nassign,\ninform,\nclocks,\n");
    small_city_write(&bench.small, "inform",
                     "O,类型,时,至,抄送\n,in:type,in:time,until,out:informed\n"
                     ",type,time,date,\"roads, water, fund, desk\"\n"
                     "night,-,[22:00..06:00),-,\"desk, fund\"\n"
                     "complaint,complaint,-,2027-01-01,\"water, desk\"\n"
                     "again,complaint,-,-,water\n"
                     "old,-,-,2026-11-24,roads\n");
    small_city_write(
        &bench.small, "clocks",
        "C<,类型,紧急程度,时,时限,签收\n,in:type,in:urgency,in:time,out:limit,out:sign\n"
        ",type,urgency,time,limit,limit\n"
        "all,-,-,-,2wd,1wd\nnight,-,-,[22:00..06:00),24h,-\n"
        "sign,complaint,-,-,-,2h\nfast,-,not(normal),-,2h,30min\n"
        "else,-,-,-,2wd,1wd\n");
    bench_restart(&bench.bench);
    bench_pass_ms(&bench.bench, 9 * HOUR_MS);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    bench_pass_ms(&bench.bench, 10 * HOUR_MS);
    Lianxin__V1__Act back = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    small_act(&bench, &back);
    Lianxin__V1__Reply *reply = ask_number(&bench, number);
    const Lianxin__V1__Decision *decision = explanation_of(reply)->decision;
    static const char *const rows[] = {"triage/else",      "assign/urban", "inform/night",
                                       "inform/complaint", "clocks/night", "clocks/sign"};
    cr_assert_eq(decision->n_rows, sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < decision->n_rows; i++) {
        cr_expect_str_eq(decision->rows[i], rows[i]);
        cr_expect_str_eq(reply->explanation->steps[i]->row, rows[i]);
    }
    cr_expect_str_eq(decision->limit, "24h");
    cr_expect_str_eq(decision->sign_limit, "2h");
    reply_free(reply);
    reply = small_lookup(&bench, number);
    cr_expect_eq(part_of(last_event(reply), FUND)->row, 2);
    cr_expect_eq(part_of(last_event(reply), "511126000000.water")->row, 3);
    cr_expect_null(part_of(last_event(reply), "511126000000.roads"));
    reply_free(reply);
    small_bench_close(&bench);
}

Test(explain, is_by_the_regime_in_force)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Act act = bench_action("order", "", LIANXIN__V1__VERB__VERB_REGIME, "");
    act.regime = LIANXIN__V1__REGIME__REGIME_EMERGENCY;
    small_act(&bench, &act);
    Lianxin__V1__Case one = small_case("one");
    Lianxin__V1__Reply *reply = ask_case(&bench, &one, false);
    const Lianxin__V1__Explanation *explanation = explanation_of(reply);
    cr_expect_str_eq(explanation->assignments[0]->unit, WATER);
    cr_expect_eq(explanation->decision->regime, LIANXIN__V1__REGIME__REGIME_EMERGENCY);
    cr_expect_str_eq(explanation->steps[1]->row, "urgency/flood");
    cr_expect_str_eq(explanation->steps[1]->conditions[0]->value, "emergency 应急");
    reply_free(reply);
    char number[NUMBER_BYTES_MAX];
    small_ticket(&bench, &one, number);
    act = bench_action("end", "", LIANXIN__V1__VERB__VERB_REGIME, "");
    act.regime = LIANXIN__V1__REGIME__REGIME_CALENDAR;
    small_act(&bench, &act);
    reply = ask_number(&bench, number);
    cr_expect_str_eq(explanation_of(reply)->steps[1]->conditions[0]->value, "emergency 应急",
                     "as it was when it was decided");
    reply_free(reply);
    small_bench_close(&bench);
}

/* It came back once, was corrected, and the desk took it away from whom the book had chosen. */
Test(explain, of_a_ticket_that_went_round_is_of_the_last_decision_and_the_latest_parts)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    one.category = "0102";
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("right", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "0101";
    small_act(&bench, &act);
    bench_pass_ms(&bench.bench, DAY_MS);
    act = bench_action("back", number, LIANXIN__V1__VERB__VERB_RETURN, URBAN);
    small_act(&bench, &act);
    Lianxin__V1__Reply *reply = ask_number(&bench, number);
    const Lianxin__V1__Explanation *explanation = explanation_of(reply);
    cr_expect_str_eq(explanation->decision->category, "0101");
    cr_expect_str_eq(explanation->case_->category, "0102", "as submitted");
    cr_assert_eq(explanation->n_steps, 3);
    cr_expect_str_eq(explanation->steps[2]->conditions[0]->value, "#0101 市容", "as corrected");
    cr_assert_eq(explanation->n_climb_whys, 2);
    cr_expect_str_eq(explanation->climb_whys[0], "has returned it");
    cr_expect_str_eq(explanation->climb_whys[1], "");
    cr_expect_str_eq(explanation->decided_unit, "");
    cr_expect_eq(explanation->received_ms, BENCH_START_MS);
    cr_expect_eq(explanation->citizen_due_ms, BENCH_DAY_MS + 3 * DAY_MS, "from Tuesday on");
    const Lianxin__V1__Assignment *main = NULL;
    for (size_t i = 0; i < explanation->n_assignments; i++)
        if (strcmp(explanation->assignments[i]->unit, UPSTAIRS) == 0)
            main = explanation->assignments[i];
    cr_assert_not_null(main);
    cr_expect_eq(main->due_ms, BENCH_DAY_MS + 4 * DAY_MS, "its own begins on Wednesday");
    reply_free(reply);
    act = bench_action("give", number, LIANXIN__V1__VERB__VERB_REASSIGN, FUND);
    small_act(&bench, &act);
    reply = ask_number(&bench, number);
    cr_expect_str_eq(explanation_of(reply)->decided_unit, UPSTAIRS);
    cr_expect_str_eq(explanation_of(reply)->decision->function, "urban");
    reply_free(reply);
    small_bench_close(&bench);
}

Test(explain, says_so_where_another_book_decided)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    small_city_write(&bench.small, "urgency",
                     "F,紧急程度,时限,签收\n,in:urgency,out:limit,out:sign\n,urgency,limit,limit\n"
                     "critical,critical,2h,30min\nother,-,5wd,1wd\n");
    bench_restart(&bench.bench);
    Lianxin__V1__Reply *reply = ask_number(&bench, number);
    const Lianxin__V1__Explanation *explanation = explanation_of(reply);
    cr_expect_neq(explanation->policy, explanation->decision->policy);
    cr_assert_eq(explanation->n_steps, 3);
    cr_expect_str_eq(explanation->steps[1]->row, "urgency/else", "as it was then");
    cr_expect_str_eq(explanation->unit_names[0], "夹江县城管局");
    cr_expect_eq(explanation->citizen_due_ms, BENCH_DAY_MS + 3 * DAY_MS);
    reply_free(reply);
    reply = ask_case(&bench, &one, false);
    cr_expect_eq(explanation_of(reply)->policy, explanation_of(reply)->decision->policy);
    cr_expect_str_eq(explanation_of(reply)->decision->limit, "5wd");
    reply_free(reply);
    small_bench_close(&bench);
}

Test(explain, of_a_case_about_an_earlier_ticket_is_what_the_store_would_do)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    char ghost[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case first = small_case("first");
    small_ticket(&bench, &first, number);
    Lianxin__V1__Case more = small_case("more");
    more.earlier_ticket = number;
    more.category = "0102";
    Lianxin__V1__Reply *reply = ask_case(&bench, &more, false);
    const Lianxin__V1__Explanation *explanation = explanation_of(reply);
    cr_expect_eq(explanation->decision->disposition, LIANXIN__V1__DISPOSITION__DISPOSITION_ATTACH);
    cr_expect_str_eq(explanation->ticket, number);
    cr_expect_str_eq(explanation->assignments[0]->unit, URBAN, "who has that");
    reply_free(reply);
    small_ticket(&bench, &more, ghost);
    reply = ask_number(&bench, number);
    cr_expect_str_eq(explanation_of(reply)->decision->category, "0101", "the ticket's own");
    cr_expect_str_eq(explanation_of(reply)->case_->external_id, "first");
    reply_free(reply);

    number_format(day_of_ms(BENCH_START_MS), 77, ghost);
    more.earlier_ticket = ghost;
    reply = ask_case(&bench, &more, false);
    explanation = explanation_of(reply);
    cr_assert_eq(explanation->decision->n_doubts, 1);
    cr_expect_str_eq(explanation->decision->doubts[0], "there is no earlier ticket of that number");
    cr_expect_str_eq(explanation->ticket, "");
    reply_free(reply);
    reply = ask_case(&bench, &more, true);
    cr_expect_not_null(
        strstr(explanation_of(reply)->invalid, "earlier_ticket: there is no ticket"));
    reply_free(reply);

    const Lianxin__V1__Verb verbs[] = {LIANXIN__V1__VERB__VERB_SIGN, LIANXIN__V1__VERB__VERB_ANSWER,
                                       LIANXIN__V1__VERB__VERB_CLOSE};
    const char *const ids[] = {"sign", "answer", "close"};
    for (size_t i = 0; i < 3; i++) {
        Lianxin__V1__Act act = bench_action(ids[i], number, verbs[i], i < 2 ? URBAN : "");
        small_act(&bench, &act);
    }
    more.earlier_ticket = number;
    reply = ask_case(&bench, &more, false);
    cr_expect_str_eq(explanation_of(reply)->assignments[0]->unit, TOWNSHIP, "that one is closed");
    cr_expect_str_eq(explanation_of(reply)->ticket, "");
    reply_free(reply);
    small_bench_close(&bench);
}

Test(explain, of_a_case_that_would_be_refused_says_why)
{
    struct small_bench bench;
    small_bench_open(&bench);
    const struct {
        const char *place, *source, *category;
        bool strict;
        const char *invalid;
    } bad[] = {
        {"511126001", "", "0101", false, "source: is required"},
        {"511199", "test", "0101", false, "place '511199': there is no such code"},
        {"红旗村", "test", "0101", true, "place '红旗村': 2 places are called so"},
        {"511126001", "test", "", true, "category: is not given, and the words fit no category of"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Lianxin__V1__Case one = small_case("one");
        one.place = (char *)bad[i].place;
        one.source = (char *)bad[i].source;
        one.category = (char *)bad[i].category;
        Lianxin__V1__Reply *reply = ask_case(&bench, &one, bad[i].strict);
        const Lianxin__V1__Explanation *explanation = explanation_of(reply);
        cr_expect_eq(strncmp(explanation->invalid, bad[i].invalid, strlen(bad[i].invalid)), 0, "%s",
                     explanation->invalid);
        cr_expect_null(explanation->decision);
        cr_expect_eq(explanation->n_assignments, 0);
        reply_free(reply);
    }
    Lianxin__V1__Reply *reply = bench_status(&bench.bench);
    cr_expect_eq(reply->status->invalid, 0, "nobody submitted anything");
    reply_free(reply);
    small_bench_close(&bench);
}

static void expect_error(Lianxin__V1__Reply *reply, const char *field, const char *part)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "%s", part);
    cr_expect_str_eq(reply->error->field, field);
    cr_expect_not_null(strstr(reply->error->message, part), "%s", reply->error->message);
    reply_free(reply);
}

Test(explain, of_nothing_or_of_no_ticket_is_refused)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    number_format(day_of_ms(BENCH_START_MS), 1, number);
    expect_error(ask_number(&bench, ""), "explain", "set either a case or the number");
    expect_error(ask_number(&bench, number), "number", "there is no such ticket");
    expect_error(ask_number(&bench, "20261124-000001-0"), "number", "check digit");
    expect_error(ask_number(&bench, "yesterday's"), "number", "this is no ticket number");
    small_bench_close(&bench);
}

Test(explain, of_the_record_of_regimes_there_is_no_decision)
{
    struct small_bench bench;
    small_bench_open(&bench);
    Lianxin__V1__Act act = bench_action("order", "", LIANXIN__V1__VERB__VERB_REGIME, "");
    act.regime = LIANXIN__V1__REGIME__REGIME_EMERGENCY;
    Lianxin__V1__Reply *ordered = bench_act(&bench.bench, &act);
    Lianxin__V1__Reply *reply = ask_number(&bench, answer_of(ordered, 0)->number);
    const Lianxin__V1__Explanation *explanation = explanation_of(reply);
    cr_expect_null(explanation->decision);
    cr_expect_null(explanation->case_);
    cr_expect_eq(explanation->n_steps, 0);
    cr_expect_str_eq(explanation->assignments[0]->unit, DESK);
    reply_free(reply);
    reply_free(ordered);
    small_bench_close(&bench);
}

/* What is done to a ticket takes numbers too, and nobody is told them. */
Test(explain, of_the_number_of_an_act_says_that_it_is_no_tickets)
{
    struct small_bench bench;
    char number[NUMBER_BYTES_MAX];
    small_bench_open(&bench);
    Lianxin__V1__Case one = small_case("one");
    small_ticket(&bench, &one, number);
    Lianxin__V1__Act act = bench_action("sign", number, LIANXIN__V1__VERB__VERB_SIGN, URBAN);
    small_act(&bench, &act);
    number_format(day_of_ms(BENCH_START_MS), 2, number);
    expect_error(ask_number(&bench, number), "number", "there is no such ticket");
    small_bench_close(&bench);
}
