/* Glances say of replies and feeds what unpacking them would, and do not trip over rubbish. */
#include "bench/glance.h"
#include "lianxin.pb-c.h"

#include <criterion/criterion.h>

enum { ANSWERS = 5, BYTES_MAX = 1024, ACCEPTED = LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED };

static struct span pack_reply(const Lianxin__V1__Outcome outcomes[ANSWERS])
{
    static uint8_t bytes[BYTES_MAX];
    Lianxin__V1__Answer answers[ANSWERS];
    Lianxin__V1__Answer *list[ANSWERS];
    Lianxin__V1__Answers all = LIANXIN__V1__ANSWERS__INIT;
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    for (int i = 0; i < ANSWERS; i++) {
        lianxin__v1__answer__init(&answers[i]);
        answers[i].outcome = outcomes[i];
        answers[i].unit = (char *)"511126000000.urban";
        answers[i].serial = (uint64_t)i << 40;
        list[i] = &answers[i];
    }
    all.answers = list;
    all.n_answers = ANSWERS;
    reply.id = UINT64_MAX;
    reply.body_case = LIANXIN__V1__REPLY__BODY_ANSWERS;
    reply.answers = &all;
    return span_of(bytes, lianxin__v1__reply__pack(&reply, bytes));
}

Test(glance, counts_the_answers_that_accept)
{
    struct reply_glance glance;
    const Lianxin__V1__Outcome outcomes[ANSWERS] = {
        LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN,
        LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, LIANXIN__V1__OUTCOME__OUTCOME_UNSPECIFIED,
        LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE};
    cr_assert(glance_reply(pack_reply(outcomes), ACCEPTED, &glance));
    cr_expect_eq(glance.id, UINT64_MAX);
    cr_expect_eq(glance.wanted, 2);
    cr_expect_eq(glance.others, 3);
}

Test(glance, refuses_an_error)
{
    uint8_t bytes[BYTES_MAX];
    struct reply_glance glance;
    Lianxin__V1__Error error = LIANXIN__V1__ERROR__INIT;
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    error.message = (char *)"no";
    reply.id = 1;
    reply.body_case = LIANXIN__V1__REPLY__BODY_ERROR;
    reply.error = &error;
    cr_expect(
        !glance_reply(span_of(bytes, lianxin__v1__reply__pack(&reply, bytes)), ACCEPTED, &glance));
}

static struct span pack_feed(uint32_t events, uint32_t heads)
{
    static uint8_t bytes[BYTES_MAX];
    static const uint64_t numbers[] = {300, 9000000000, 301};
    Lianxin__V1__Event event[3];
    Lianxin__V1__Event *event_list[3];
    Lianxin__V1__Head head = LIANXIN__V1__HEAD__INIT;
    Lianxin__V1__Head *head_list[] = {&head, &head};
    Lianxin__V1__Feed feed = LIANXIN__V1__FEED__INIT;
    head.unit = (char *)"511126000000.urban";
    head.sequence = 7;
    for (uint32_t i = 0; i < 3; i++) {
        lianxin__v1__event__init(&event[i]);
        event[i].number = numbers[i];
        event[i].ticket = (char *)"20261124-000001-0";
        event_list[i] = &event[i];
    }
    if (events > 0)
        feed.unit = (char *)"511126000000.urban";
    feed.first = events > 0;
    feed.events = event_list;
    feed.n_events = events;
    feed.heads = head_list;
    feed.n_heads = heads;
    return span_of(bytes, lianxin__v1__feed__pack(&feed, bytes));
}

Test(glance, finds_the_latest_event_of_a_feed)
{
    struct feed_glance glance;
    cr_assert(glance_feed(pack_feed(3, 0), &glance));
    cr_expect_eq(glance.events, 3);
    cr_expect_eq(glance.latest, 9000000000);
    cr_expect(!glance.has_heads);
}

/* In a store without events nothing is to be announced, and that is told by an empty Feed. */
Test(glance, knows_announcements)
{
    struct feed_glance glance;
    cr_assert(glance_feed(pack_feed(0, 2), &glance));
    cr_expect(glance.has_heads);
    cr_assert(glance_feed(pack_feed(0, 0), &glance));
    cr_expect(glance.has_heads);
    cr_expect_eq(glance.events, 0);
}

Test(glance, stays_inside_what_is_cut_short)
{
    const Lianxin__V1__Outcome outcomes[ANSWERS] = {LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED};
    struct reply_glance reply;
    struct feed_glance feed;
    struct span packed = pack_reply(outcomes);
    for (size_t i = 1; i < packed.bytes; i++) {
        bool good = glance_reply(span_of(packed.data, i), ACCEPTED, &reply);
        cr_expect(!good || reply.wanted + reply.others < ANSWERS, "%zu bytes", i);
    }
    packed = pack_feed(3, 0);
    for (size_t i = 1; i < packed.bytes; i++) {
        bool good = glance_feed(span_of(packed.data, i), &feed);
        cr_expect(!good || feed.events < 3, "%zu bytes", i);
    }
}
