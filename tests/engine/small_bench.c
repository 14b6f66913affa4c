#include "tests/engine/small_bench.h"

#include "stages/recheck.h"
#include "stages/succession.h"

#include <criterion/criterion.h>
#include <stdio.h>

void small_bench_open(struct small_bench *bench)
{
    small_city_make(&bench->small);
    small_book_write(&bench->small, "urban");
    bench_open_city(&bench->bench, bench->small.directory);
}

struct checking {
    struct recheck *recheck;
    struct succession succession;
    struct diag *diag;
};

static void check_event(void *self, struct store_reader *reader, const struct event_view *event)
{
    struct checking *checking = self;
    succession_event(&checking->succession, reader, event, "store", checking->diag);
    recheck_event(checking->recheck, reader, event, "store", checking->diag);
}

void small_verify(const char *store)
{
    struct store_proof proof;
    struct checking checking = {.recheck = recheck_create(), .diag = diag_create()};
    enum err err = store_verify(store, checking.diag, NULL, check_event, &checking, &proof);
    diag_print(checking.diag, stderr);
    cr_expect(err == OK && diag_count(checking.diag) == 0);
    recheck_destroy(&checking.recheck);
    diag_destroy(&checking.diag);
}

void small_bench_close(struct small_bench *bench)
{
    engine_destroy(&bench->bench.engine);
    small_verify(bench->bench.store);
    bench_close(&bench->bench);
    small_city_remove(&bench->small);
}

Lianxin__V1__Case small_case(const char *external_id)
{
    Lianxin__V1__Case one = bench_case(external_id);
    one.category = "0101";
    one.place = "511126001";
    one.title = "占道";
    return one;
}

struct became small_submit(struct small_bench *bench, Lianxin__V1__Case *one)
{
    struct became became = {.reply = bench_submit(&bench->bench, one)};
    became.answer = answer_of(became.reply, 0);
    cr_assert_eq(became.answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "%s: %s",
                 became.answer->field, became.answer->message);
    snprintf(became.number, sizeof became.number, "%s", became.answer->number);
    return became;
}

void small_ticket(struct small_bench *bench, Lianxin__V1__Case *one, char number[NUMBER_BYTES_MAX])
{
    struct became became = small_submit(bench, one);
    memcpy(number, became.number, sizeof became.number);
    reply_free(became.reply);
}

void small_act(struct small_bench *bench, Lianxin__V1__Act *act)
{
    Lianxin__V1__Reply *reply = bench_act(&bench->bench, act);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "%s: %s",
                 answer_of(reply, 0)->field, answer_of(reply, 0)->message);
    reply_free(reply);
}

Lianxin__V1__Reply *small_lookup(struct small_bench *bench, const char *number)
{
    Lianxin__V1__Reply *reply = bench_lookup(&bench->bench, number);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_TICKET, "%s", number);
    cr_assert_gt(reply->ticket->n_events, 0);
    return reply;
}

const Lianxin__V1__Event *last_event(const Lianxin__V1__Reply *ticket)
{
    return ticket->ticket->events[ticket->ticket->n_events - 1];
}

const Lianxin__V1__Assignment *part_of(const Lianxin__V1__Event *event, const char *unit)
{
    for (size_t i = 0; i < event->n_assignments; i++)
        if (strcmp(event->assignments[i]->unit, unit) == 0)
            return event->assignments[i];
    return NULL;
}

uint64_t count_feed(struct small_bench *bench, const char *unit)
{
    Lianxin__V1__Reply *reply = bench_replay(&bench->bench, unit, 1, 0);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_FEED, "%s", unit);
    uint64_t count = reply->feed->n_events;
    reply_free(reply);
    return count;
}
