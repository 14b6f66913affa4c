/* Books that change all the time, under traffic: each case is decided by exactly one book, the one
 * that was in force for its serial as the answers to the loads say, and the history says the same.
 * Once by hand in a random order from a printed seed, with a disk that refuses now and then; once
 * by threads, a thousand times. */
#include "tests/engine/changes.h"
#include "tests/engine/traffic.h"

#include <criterion/criterion.h>

/* -- by hand ----------------------------------------------------------------------------------- */

enum { ROUNDS = 4000, CASES_MAX = ROUNDS, LOADS_MAX = 400, UNDER_WAY_MAX = 6, STRETCH = 40 };

struct ordeal {
    struct books books;
    struct adapter adapter;
    uint64_t random;
    uint32_t cases_sent, cases_answered;
    uint32_t loads_sent, loads_answered;
    struct {
        uint64_t serial;
        uint32_t book;
    } answers[CASES_MAX];
    uint32_t answers_count;
    uint32_t loaded[LOADS_MAX]; /* which book */
    struct {
        uint64_t from_serial;
        uint32_t book;
    } changes[LOADS_MAX + 1];
    uint32_t changes_count;
    uint32_t refused, tried_again, same;
};

static struct ordeal ordeal;

static uint32_t draw(uint32_t limit)
{
    ordeal.random = ordeal.random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(ordeal.random >> 33) % limit;
}

static void send_case(void)
{
    static char id[16];
    snprintf(id, sizeof id, "%u", ordeal.cases_sent++);
    Lianxin__V1__Case one = small_case(id);
    adapter_submit(&ordeal.adapter, &one, 1);
}

static void send_load(void)
{
    Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    uint32_t book = draw(BOOKS);
    ordeal.loaded[ordeal.loads_sent++] = book;
    load.directory = ordeal.books.cities[book].directory;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOAD;
    request.load = &load;
    adapter_request(&ordeal.adapter, &request);
}

static uint32_t book_of(const char *unit)
{
    uint32_t book = 0;
    while (book < BOOKS && strcmp(books_unit(book), unit) != 0)
        book++;
    cr_assert_lt(book, (uint32_t)BOOKS, "%s", unit);
    return book;
}

static void take_answer(const Lianxin__V1__Answer *answer)
{
    ordeal.cases_answered++;
    if (answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN) {
        ordeal.tried_again++;
        return;
    }
    cr_assert_eq(answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    ordeal.answers[ordeal.answers_count].serial = answer->serial;
    ordeal.answers[ordeal.answers_count++].book = book_of(answer->unit);
}

/* Loads are answered in the order in which they were sent. */
static void take_reply(const Lianxin__V1__Reply *reply)
{
    if (reply->body_case == LIANXIN__V1__REPLY__BODY_ANSWERS) {
        take_answer(reply->answers->answers[0]);
        return;
    }
    uint32_t book = ordeal.loaded[ordeal.loads_answered++];
    if (reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR) {
        ordeal.refused++;
        return;
    }
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    ordeal.same += !reply->changed->changed;
    uint32_t before = ordeal.changes[ordeal.changes_count - 1].book;
    cr_assert_eq(reply->changed->changed, book != before);
    if (!reply->changed->changed)
        return;
    uint64_t from_serial = reply->changed->in_force->from_serial;
    cr_assert_gt(from_serial, ordeal.changes[ordeal.changes_count - 1].from_serial);
    ordeal.changes[ordeal.changes_count].from_serial = from_serial;
    ordeal.changes[ordeal.changes_count++].book = book;
}

static void look_for_replies(void)
{
    Lianxin__V1__Reply *reply;
    while ((reply = adapter_look(&ordeal.adapter)) != NULL) {
        take_reply(reply);
        reply_free(reply);
    }
}

/* The disk refuses for a stretch of steps, now and then. */
static void act_at_random(uint32_t round)
{
    if (round % STRETCH == 0)
        bench_limit_files(draw(8) == 0 ? 1 : UINT64_MAX);
    if (draw(4) > 0)
        send_case();
    if (draw(8) == 0 && ordeal.loads_sent < LOADS_MAX &&
        ordeal.loads_sent - ordeal.loads_answered < UNDER_WAY_MAX)
        send_load();
    bench_step(&ordeal.books.bench);
    look_for_replies();
}

static void finish(void)
{
    bench_limit_files(UINT64_MAX);
    for (int i = 0; i < STEPS_MAX && (ordeal.cases_answered < ordeal.cases_sent ||
                                      ordeal.loads_answered < ordeal.loads_sent);
         i++) {
        bench_step(&ordeal.books.bench);
        look_for_replies();
    }
    cr_assert_eq(ordeal.cases_answered, ordeal.cases_sent);
    cr_assert_eq(ordeal.loads_answered, ordeal.loads_sent);
}

/* By what the loads were told alone. */
static uint32_t book_in_force(uint64_t serial)
{
    uint32_t i = ordeal.changes_count - 1;
    while (ordeal.changes[i].from_serial > serial)
        i--;
    return ordeal.changes[i].book;
}

static void expect_history(void)
{
    uint64_t before = 0;
    uint32_t i = ordeal.changes_count;
    do {
        Lianxin__V1__Reply *reply = ask_history(&ordeal.books.bench, before, 100);
        cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_HISTORY);
        for (size_t j = 0; j < reply->history->n_changes; j++)
            cr_expect_eq(reply->history->changes[j]->from_serial, ordeal.changes[--i].from_serial);
        before = reply->history->next;
        reply_free(reply);
    } while (before != 0);
    cr_expect_eq(i, 0);
}

Test(loads, in_any_order_divide_the_serials, .timeout = 300)
{
    books_open(&ordeal.books);
    adapter_open(&ordeal.adapter, &ordeal.books.bench);
    ordeal.random = ordeal.books.bench.random;
    ordeal.changes[0].from_serial = 1;
    ordeal.changes_count = 1;
    for (uint32_t round = 0; round < ROUNDS; round++)
        act_at_random(round);
    finish();
    fprintf(stderr, "%u cases, %u changes, %u refused, %u the same, %u tried again\n",
            ordeal.answers_count, ordeal.changes_count, ordeal.refused, ordeal.same,
            ordeal.tried_again);
    for (uint32_t i = 0; i < ordeal.answers_count; i++)
        cr_assert_eq(ordeal.answers[i].book, book_in_force(ordeal.answers[i].serial));
    expect_history();
    cr_expect_gt(ordeal.changes_count, 20);
    adapter_close(&ordeal.adapter);
    books_close(&ordeal.books);
}

/* -- by threads -------------------------------------------------------------------------------- */

/* What is freed is free: nine tenths of the loads later there is no more of anything, but for what
 * the messages under way differ in. A policy of the small city alone takes a few hundred
 * kilobytes. */
Test(loads, a_thousand_under_full_traffic, .timeout = 300)
{
    enum { LOADS = 1000, LEEWAY_BYTES = 16 * 1024 * 1024 };
    static struct traffic traffic;
    traffic_run(&traffic, 4, LOADS);
    fprintf(
        stderr,
        "%llu cases, %llu within 100 serials before a change, %llu behind; %llu and %llu bytes\n",
        (unsigned long long)traffic.cases, (unsigned long long)traffic.before,
        (unsigned long long)traffic.behind, (unsigned long long)traffic.early_bytes,
        (unsigned long long)traffic.late_bytes);
    cr_expect_gt(traffic.before, (uint64_t)LOADS, "changes come amid cases");
    cr_expect_gt(traffic.behind, (uint64_t)LOADS);
    cr_expect_lt(traffic.late_bytes, traffic.early_bytes + LEEWAY_BYTES);
    small_verify(traffic.store);
    traffic_remove(&traffic);
}
