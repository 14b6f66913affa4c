/* The desk's list: exactly the open tickets that need a human, with what a human needs to decide;
 * as soon as they do, and no longer than they do. */
#include "tests/engine/requests.h"

#include "domain/number.h"

#include <criterion/criterion.h>

#define SIGN     LIANXIN__V1__VERB__VERB_SIGN
#define RETURN   LIANXIN__V1__VERB__VERB_RETURN
#define REASSIGN LIANXIN__V1__VERB__VERB_REASSIGN
#define ANSWER   LIANXIN__V1__VERB__VERB_ANSWER
#define CLOSE    LIANXIN__V1__VERB__VERB_CLOSE
#define CORRECT  LIANXIN__V1__VERB__VERB_CORRECT

#define UPSTAIRS "511100000000.environment" /* who gets what ENVIRONMENT returns */
#define DESK     "511100000000.desk"

enum { MINUTE_MS = 60 * 1000, LOOKED_AT = 512 };

enum {
    DOUBTFUL = 1 << LIANXIN__V1__NEED__NEED_DOUBTFUL,
    UNSIGNED = 1 << LIANXIN__V1__NEED__NEED_UNSIGNED,
    RETURNED = 1 << LIANXIN__V1__NEED__NEED_RETURNED,
    OVERDUE = 1 << LIANXIN__V1__NEED__NEED_OVERDUE,
};

static struct bench_engine bench;
static Lianxin__V1__Reply *reply; /* the latest list */

static void set_up(void)
{
    bench_open(&bench, 0);
}

static void tear_down(void)
{
    if (reply != NULL)
        reply_free(reply);
    bench_close(&bench);
}

TestSuite(desk, .init = set_up, .fini = tear_down, .timeout = 300);

static const Lianxin__V1__Reply *ask_desk(uint64_t after, uint32_t limit, const char *unit)
{
    Lianxin__V1__Desk what = LIANXIN__V1__DESK__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    what.after = after;
    what.limit = limit;
    what.unit = (char *)unit;
    request.body_case = LIANXIN__V1__REQUEST__BODY_DESK;
    request.desk = &what;
    if (reply != NULL)
        reply_free(reply);
    reply = bench_ask(&bench, &request);
    return reply;
}

static const Lianxin__V1__DeskList *list_of(uint64_t after, uint32_t limit, const char *unit)
{
    ask_desk(after, limit, unit);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_DESK);
    return reply->desk;
}

static void expect_open(size_t items, uint64_t open)
{
    const Lianxin__V1__DeskList *list = list_of(0, 0, "");
    cr_assert_eq(list->n_items, items, "%zu items", list->n_items);
    cr_assert_eq(list->open, open, "%llu open", (unsigned long long)list->open);
    cr_assert_eq(list->next, 0);
    cr_assert_eq(list->now_ms, BENCH_START_MS + bench.passed_ms);
}

static const Lianxin__V1__DeskItem *item_of(size_t index, uint32_t needs, const char *unit)
{
    uint32_t found = 0;
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_DESK);
    cr_assert_lt(index, reply->desk->n_items);
    const Lianxin__V1__DeskItem *item = reply->desk->items[index];
    for (size_t i = 0; i < item->n_needs; i++)
        found |= 1u << item->needs[i];
    cr_assert_eq(found, needs, "%s needs %x", item->ticket, found);
    cr_assert_str_eq(item->unit, unit);
    return item;
}

static void submit(const char *id, const char *place, char number[NUMBER_BYTES_MAX])
{
    Lianxin__V1__Case one = bench_case(id);
    one.place = (char *)place;
    Lianxin__V1__Reply *answers = bench_submit(&bench, &one);
    cr_assert_eq(outcome_of(answers), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    snprintf(number, NUMBER_BYTES_MAX, "%s", answer_of(answers, 0)->number);
    reply_free(answers);
}

static void act(const char *number, Lianxin__V1__Verb verb, const char *unit)
{
    static int acts;
    char id[16];
    snprintf(id, sizeof id, "%d", ++acts);
    Lianxin__V1__Act one = bench_action(id, number, verb, unit);
    if (verb == CORRECT)
        one.category = "0701";
    Lianxin__V1__Reply *answers = bench_act(&bench, &one);
    cr_assert_eq(outcome_of(answers), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "%s",
                 answer_of(answers, 0)->message);
    reply_free(answers);
}

/* -- what is on it ----------------------------------------------------------------------------- */

Test(desk, has_nothing_that_is_under_way_or_closed)
{
    char number[NUMBER_BYTES_MAX];
    expect_open(0, 0);
    submit("one", "511126", number);
    submit("two", "511126", number);
    expect_open(0, 2);
    act(number, SIGN, ENVIRONMENT);
    act(number, ANSWER, ENVIRONMENT);
    expect_open(0, 2);
    act(number, CLOSE, "");
    expect_open(0, 1);
}

Test(desk, has_what_the_book_could_not_decide_with_all_that_is_known)
{
    char clear[NUMBER_BYTES_MAX];
    char unknown[NUMBER_BYTES_MAX];
    char ambiguous[NUMBER_BYTES_MAX];
    submit("clear", "511126", clear);
    submit("unknown", "月球", unknown);
    bench_pass_ms(&bench, MINUTE_MS);
    submit("ambiguous", "沙湾", ambiguous); /* a district, a town, a village */
    bench_pass_ms(&bench, MINUTE_MS);
    expect_open(2, 3);
    const Lianxin__V1__DeskItem *item = item_of(0, DOUBTFUL, DESK);
    cr_expect_str_eq(item->ticket, unknown);
    cr_expect_eq(item->serial, 2);
    cr_expect_eq(item->received_ms, BENCH_START_MS);
    cr_expect_str_eq(item->title, "夜间施工噪声");
    cr_expect_str_neq(item->unit_name, "");
    cr_expect_eq(item->n_doubts, 1);
    cr_expect_eq(item->n_places, 0);
    cr_expect_eq(item->returns, 0);
    item = item_of(1, DOUBTFUL, DESK);
    cr_expect_str_eq(item->ticket, ambiguous);
    cr_expect_eq(item->received_ms, BENCH_START_MS + MINUTE_MS);
    cr_assert_eq(item->n_places, 3);
    cr_expect_str_eq(item->places[0], "511111000000 沙湾区");
    cr_expect_str_eq(item->places[1], "511111100000 沙湾区/沙湾镇");
    cr_expect_str_eq(item->places[2], "511123101205 犍为县/孝姑镇/沙湾村委会");

    bench_restart(&bench);
    expect_open(2, 3);
    act(unknown, REASSIGN, ENVIRONMENT);
    act(ambiguous, SIGN, DESK);
    expect_open(1, 3);
    cr_expect_str_eq(item_of(0, DOUBTFUL, DESK)->ticket, ambiguous);
    act(ambiguous, ANSWER, DESK);
    expect_open(0, 3);
    act(ambiguous, CLOSE, "");
    expect_open(0, 2);
}

Test(desk, has_no_doubt_about_what_was_given_to_it)
{
    char number[NUMBER_BYTES_MAX];
    submit("clear", "511126", number);
    act(number, REASSIGN, DESK);
    expect_open(0, 1);
}

Test(desk, has_what_came_back_until_somebody_signs_it)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "511126", number);
    act(number, SIGN, ENVIRONMENT);
    act(number, RETURN, ENVIRONMENT);
    expect_open(1, 1);
    const Lianxin__V1__DeskItem *item = item_of(0, RETURNED, UPSTAIRS);
    cr_expect_eq(item->returns, 1);
    cr_expect_eq(item->reason, LIANXIN__V1__REASON__REASON_NOT_OUR_DUTY);
    cr_expect_str_eq(item->title, "夜间施工噪声");
    cr_expect_eq(item->received_ms, BENCH_START_MS);
    act(number, CORRECT, ""); /* decided anew; why it came back stays known */
    expect_open(1, 1);
    cr_expect_eq(item_of(0, RETURNED, UPSTAIRS)->reason, LIANXIN__V1__REASON__REASON_NOT_OUR_DUTY);
    act(number, SIGN, UPSTAIRS);
    expect_open(0, 1);
    act(number, RETURN, UPSTAIRS);
    expect_open(1, 1);
    item = item_of(0, DOUBTFUL | RETURNED, DESK);
    cr_expect_eq(item->returns, 2);
    act(number, SIGN, DESK);
    expect_open(1, 1);
    item_of(0, DOUBTFUL, DESK);
}

/* The main part's deadlines, as its ticket has them; 0 where the book gives none. */
static void read_dues(const char *number, int64_t *sign_by_ms, int64_t *due_ms)
{
    Lianxin__V1__Reply *ticket = bench_lookup(&bench, number);
    cr_assert_eq(ticket->body_case, LIANXIN__V1__REPLY__BODY_TICKET);
    const Lianxin__V1__Event *event = ticket->ticket->events[0];
    *sign_by_ms = event->assignments[0]->sign_by_ms;
    *due_ms = event->assignments[0]->due_ms;
    reply_free(ticket);
}

/* Whoever else has to sign does, so that only the main unit is waited for. */
static void sign_as_co_units(const char *number)
{
    Lianxin__V1__Reply *ticket = bench_lookup(&bench, number);
    cr_assert_eq(ticket->body_case, LIANXIN__V1__REPLY__BODY_TICKET);
    const Lianxin__V1__Event *event = ticket->ticket->events[0];
    for (size_t i = 0; i < event->n_assignments; i++)
        if (event->assignments[i]->role == LIANXIN__V1__ROLE__ROLE_CO)
            act(number, SIGN, event->assignments[i]->unit);
    reply_free(ticket);
}

static void go_to(int64_t ms)
{
    bench_pass_ms(&bench, ms - BENCH_START_MS - bench.passed_ms);
}

Test(desk, has_what_is_late_from_the_first_moment_on)
{
    char number[NUMBER_BYTES_MAX];
    int64_t sign_by_ms;
    int64_t due_ms;
    submit("one", "511126", number);
    read_dues(number, &sign_by_ms, &due_ms);
    cr_assert(sign_by_ms > 0 && sign_by_ms < due_ms);
    sign_as_co_units(number);
    go_to(sign_by_ms - 1);
    expect_open(0, 1);
    go_to(sign_by_ms);
    expect_open(1, 1);
    const Lianxin__V1__DeskItem *item = item_of(0, UNSIGNED, ENVIRONMENT);
    cr_expect_eq(item->sign_by_ms, sign_by_ms);
    cr_expect_eq(item->due_ms, due_ms);
    go_to(due_ms);
    expect_open(1, 1);
    item_of(0, UNSIGNED | OVERDUE, ENVIRONMENT);
    act(number, SIGN, ENVIRONMENT);
    expect_open(1, 1);
    item_of(0, OVERDUE, ENVIRONMENT);
    act(number, ANSWER, ENVIRONMENT);
    expect_open(0, 1);
}

/* -- the way it is asked for ------------------------------------------------------------------- */

Test(desk, is_read_in_pages_that_leave_nothing_out)
{
    char numbers[5][NUMBER_BYTES_MAX];
    char id[24];
    for (int i = 0; i < 5; i++) {
        snprintf(id, sizeof id, "case %d", i);
        submit(id, "月球", numbers[i]);
    }
    uint64_t after = 0;
    for (uint64_t i = 0; i < 5; i += 2) {
        const Lianxin__V1__DeskList *list = list_of(after, 2, "");
        cr_assert_eq(list->n_items, i == 4 ? 1 : 2);
        for (uint64_t j = 0; j < list->n_items; j++)
            cr_assert_str_eq(list->items[j]->ticket, numbers[i + j]);
        after = list->next;
        cr_assert_eq(after, i == 4 ? 0 : i + 2);
    }
    cr_expect_eq(list_of(0, 5, "")->next, 0);
    cr_expect_eq(list_of(5, 0, "")->n_items, 0);
    cr_expect_eq(list_of(UINT64_MAX, 0, "")->n_items, 0);
}

Test(desk, looks_at_so_many_tickets_a_time_and_no_more)
{
    static Lianxin__V1__Case cases[LOOKED_AT + 10];
    static char ids[LOOKED_AT + 10][16];
    char number[NUMBER_BYTES_MAX];
    for (size_t i = 0; i < LOOKED_AT + 10; i++) {
        snprintf(ids[i], sizeof ids[i], "%zu", i);
        cases[i] = bench_case(ids[i]);
    }
    reply_free(bench_submit_all(&bench, cases, LOOKED_AT + 10, false));
    submit("the last", "月球", number);
    const Lianxin__V1__DeskList *list = list_of(0, 0, "");
    cr_expect_eq(list->n_items, 0);
    cr_expect_eq(list->open, LOOKED_AT);
    cr_expect_eq(list->next, LOOKED_AT);
    list = list_of(list->next, 0, "");
    cr_expect_eq(list->n_items, 1);
    cr_expect_eq(list->open, 11);
    cr_expect_eq(list->next, 0);
}

Test(desk, shows_a_unit_what_is_its_own_or_below_it)
{
    char here[NUMBER_BYTES_MAX];
    char there[NUMBER_BYTES_MAX];
    submit("here", "511126", here);
    submit("there", "月球", there);
    act(here, RETURN, ENVIRONMENT);
    act(here, REASSIGN, "511126000000.urban");
    const Lianxin__V1__DeskList *list = list_of(0, 0, "511126");
    cr_assert_eq(list->n_items, 1);
    cr_expect_str_eq(item_of(0, RETURNED, "511126000000.urban")->ticket, here);
    cr_expect_eq(list->open, 2);
    cr_expect_eq(list_of(0, 0, DESK)->n_items, 1);
    cr_expect_eq(list_of(0, 0, "5111")->n_items, 2);
    cr_expect_eq(list_of(0, 0, "511111")->n_items, 0);
}

static void refused(uint32_t limit, const char *unit, const char *field, const char *part)
{
    ask_desk(0, limit, unit);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR);
    cr_expect_str_eq(reply->error->field, field);
    cr_expect_not_null(strstr(reply->error->message, part), "%s", reply->error->message);
}

Test(desk, refuses_what_it_cannot_mean)
{
    refused(257, "", "limit", "at most 256; this asks for 257");
    refused(0, "510100", "unit", "'510100': no unit's key begins so");
    refused(0, "511126000000.urbane", "unit", "keys look like 511126000000.urban");
    refused(0, "x2345678901234567890123456789012345678901234567890123456789012345", "unit",
            "at most 64 bytes");
}
