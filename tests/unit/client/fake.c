#include "fake.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

static int64_t monotonic_ns(void *self)
{
    struct fake *fake = self;
    if (fake->on_clock != NULL)
        fake->on_clock(fake);
    return fake->now_ns;
}

void fake_start(struct fake *fake)
{
    int none = 0, verbose = 1;
    fake->context = zmq_ctx_new();
    fake->router = zmq_socket(fake->context, ZMQ_ROUTER);
    fake->xpub = zmq_socket(fake->context, ZMQ_XPUB);
    zmq_setsockopt(fake->router, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(fake->xpub, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(fake->xpub, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(fake->xpub, ZMQ_XPUB_VERBOSE, &verbose, sizeof verbose);
    cr_assert_eq(zmq_bind(fake->router, fake->front), 0);
    cr_assert_eq(zmq_bind(fake->xpub, fake->feed), 0);
}

void fake_open(struct fake *fake)
{
    *fake = (struct fake){.front = "inproc://front", .feed = "inproc://feed"};
    fake->clock = (struct clock){.monotonic_ns = monotonic_ns, .self = fake};
    fake_start(fake);
}

void fake_open_ipc(struct fake *fake)
{
    *fake = (struct fake){.folder = "/tmp/lianxin-XXXXXX"};
    fake->clock = (struct clock){.monotonic_ns = monotonic_ns, .self = fake};
    cr_assert_not_null(mkdtemp(fake->folder));
    snprintf(fake->front, sizeof fake->front, "ipc://%s/front", fake->folder);
    snprintf(fake->feed, sizeof fake->feed, "ipc://%s/feed", fake->folder);
    fake_start(fake);
}

void fake_close(struct fake *fake)
{
    fake_stop(fake);
    if (fake->folder[0] == '\0')
        return;
    unlink(fake->front + strlen("ipc://"));
    unlink(fake->feed + strlen("ipc://"));
    cr_expect_eq(rmdir(fake->folder), 0);
}

void fake_stop(struct fake *fake)
{
    if (fake->router == NULL)
        return;
    zmq_close(fake->router);
    zmq_close(fake->xpub);
    zmq_ctx_term(fake->context); /* returns when nobody listens there any more */
    fake->router = NULL;
}

void fake_pass_ms(struct fake *fake, int64_t ms)
{
    fake->now_ns += ms * 1000000;
}

/* -- requests ---------------------------------------------------------------------------------- */

static uint64_t digest_of(const uint8_t *bytes, size_t count)
{
    uint64_t digest = 14695981039346656037u;
    for (size_t i = 0; i < count; i++)
        digest = (digest ^ bytes[i]) * 1099511628211u;
    return digest;
}

bool fake_hear(struct fake *fake, struct asked *asked)
{
    int bytes = zmq_recv(fake->router, asked->route, sizeof asked->route, ZMQ_DONTWAIT);
    if (bytes < 0)
        return false;
    asked->route_bytes = (size_t)bytes;
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    cr_assert_geq(zmq_msg_recv(&frame, fake->router, ZMQ_DONTWAIT), 0);
    cr_assert_not(zmq_msg_more(&frame), "a DEALER sends one frame");
    asked->bytes = zmq_msg_size(&frame);
    asked->digest = digest_of(zmq_msg_data(&frame), asked->bytes);
    asked->request = lianxin__v1__request__unpack(NULL, asked->bytes, zmq_msg_data(&frame));
    zmq_msg_close(&frame);
    cr_assert_not_null(asked->request);
    cr_assert_eq(asked->request->version, 1);
    cr_assert_eq(asked->request->base.n_unknown_fields, 0);
    return true;
}

void fake_forget(struct asked *asked)
{
    lianxin__v1__request__free_unpacked(asked->request, NULL);
    asked->request = NULL;
}

static void send_frame(struct fake *fake, const struct asked *asked, const void *frame,
                       size_t bytes)
{
    zmq_send(fake->router, asked->route, asked->route_bytes, ZMQ_SNDMORE);
    zmq_send(fake->router, frame, bytes, 0);
}

void fake_reply(struct fake *fake, const struct asked *asked, Lianxin__V1__Reply *reply)
{
    reply->id = asked->request->id;
    uint8_t *frame = malloc(lianxin__v1__reply__get_packed_size(reply) + 1);
    send_frame(fake, asked, frame, lianxin__v1__reply__pack(reply, frame));
    free(frame);
}

void fake_reply_error(struct fake *fake, const struct asked *asked, const char *message)
{
    Lianxin__V1__Error error = LIANXIN__V1__ERROR__INIT;
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    error.field = (char *)"some.field";
    error.message = (char *)message;
    reply.body_case = LIANXIN__V1__REPLY__BODY_ERROR;
    reply.error = &error;
    fake_reply(fake, asked, &reply);
}

void fake_reply_nonsense(struct fake *fake, const struct asked *asked)
{
    send_frame(fake, asked, "\xff\xff\xff", 3);
}

void fake_answer_each(struct fake *fake, const struct asked *asked,
                      const Lianxin__V1__Outcome *outcomes, size_t count)
{
    Lianxin__V1__Answer *answers = calloc(count, sizeof *answers);
    Lianxin__V1__Answer **pointers = calloc(count, sizeof *pointers);
    for (size_t i = 0; i < count; i++) {
        lianxin__v1__answer__init(&answers[i]);
        answers[i].outcome = outcomes[i];
        answers[i].number = asked->request->submit->cases[i]->external_id;
        pointers[i] = &answers[i];
    }
    Lianxin__V1__Answers body = LIANXIN__V1__ANSWERS__INIT;
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    body.n_answers = count;
    body.answers = pointers;
    reply.body_case = LIANXIN__V1__REPLY__BODY_ANSWERS;
    reply.answers = &body;
    fake_reply(fake, asked, &reply);
    free(pointers);
    free(answers);
}

void fake_answer(struct fake *fake, const struct asked *asked, Lianxin__V1__Outcome outcome)
{
    Lianxin__V1__Outcome outcomes[LIANXIN_SUBMIT_CASES_MAX];
    size_t count = asked->request->submit->n_cases;
    for (size_t i = 0; i < count; i++)
        outcomes[i] = outcome;
    fake_answer_each(fake, asked, outcomes, count);
}

/* -- feeds ------------------------------------------------------------------------------------- */

static char unit_names[FAKE_UNITS_MAX][32];

const char *fake_unit(uint32_t index)
{
    snprintf(unit_names[index], sizeof unit_names[index], "511126%06u.urban", index + 1);
    return unit_names[index];
}

static uint32_t unit_index(const char *name)
{
    for (uint32_t i = 0; i < FAKE_UNITS_MAX; i++)
        if (strcmp(fake_unit(i), name) == 0)
            return i;
    cr_assert_fail("no such unit: %s", name);
    return 0;
}

/* A Feed of so many events, to be freed with free_events. */
static void make_events(Lianxin__V1__Feed *feed, uint32_t unit, uint64_t first, size_t count)
{
    lianxin__v1__feed__init(feed);
    feed->unit = (char *)fake_unit(unit);
    feed->first = first;
    feed->n_events = count;
    feed->events = calloc(count + 1, sizeof(Lianxin__V1__Event *));
    for (size_t i = 0; i < count; i++) {
        feed->events[i] = malloc(sizeof(Lianxin__V1__Event));
        lianxin__v1__event__init(feed->events[i]);
        feed->events[i]->number = unit * 1000000u + first + i;
    }
}

static void free_events(Lianxin__V1__Feed *feed)
{
    for (size_t i = 0; i < feed->n_events; i++)
        free(feed->events[i]);
    free(feed->events);
}

void fake_replay(struct fake *fake, const struct asked *asked, size_t events_max)
{
    const Lianxin__V1__Replay *replay = asked->request->replay;
    cr_assert_eq(asked->request->body_case, LIANXIN__V1__REQUEST__BODY_REPLAY);
    cr_assert(replay->limit <= 256 && replay->first > 0);
    uint32_t unit = unit_index(replay->unit);
    uint64_t length = fake->length[unit];
    uint64_t count = replay->first > length ? 0 : length + 1 - replay->first;
    if (count > replay->limit)
        count = replay->limit;
    if (count > events_max)
        count = events_max;
    Lianxin__V1__Feed feed;
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    make_events(&feed, unit, replay->first, count);
    reply.body_case = LIANXIN__V1__REPLY__BODY_FEED;
    reply.feed = &feed;
    fake_reply(fake, asked, &reply);
    free_events(&feed);
}

void fake_expect_replay(struct fake *fake, uint32_t unit, uint64_t first)
{
    struct asked asked;
    cr_assert(fake_hear(fake, &asked), "no request; a replay of %s from %" PRIu64 " was expected",
              fake_unit(unit), first);
    cr_assert_eq(asked.request->body_case, LIANXIN__V1__REQUEST__BODY_REPLAY);
    cr_assert_str_eq(asked.request->replay->unit, fake_unit(unit));
    cr_assert_eq(asked.request->replay->first, first);
    fake_replay(fake, &asked, SIZE_MAX);
    fake_forget(&asked);
}

void fake_publish_raw(struct fake *fake, const char *topic, const Lianxin__V1__Feed *feed)
{
    fake_listen(fake);
    uint8_t *frame = malloc(lianxin__v1__feed__get_packed_size(feed) + 1);
    size_t bytes = lianxin__v1__feed__pack(feed, frame);
    zmq_send(fake->xpub, topic, strlen(topic), ZMQ_SNDMORE);
    zmq_send(fake->xpub, frame, bytes, 0);
    free(frame);
}

void fake_publish(struct fake *fake, uint32_t unit, uint64_t first, size_t count)
{
    char topic[64];
    Lianxin__V1__Feed feed;
    snprintf(topic, sizeof topic, "unit.%s", fake_unit(unit));
    make_events(&feed, unit, first, count);
    fake_publish_raw(fake, topic, &feed);
    free_events(&feed);
}

void fake_publish_two(struct fake *fake, struct stretch one, struct stretch other)
{
    Lianxin__V1__Feed feeds[2];
    Lianxin__V1__Feed *pointers[] = {&feeds[0], &feeds[1]};
    Lianxin__V1__Feed feed = LIANXIN__V1__FEED__INIT;
    make_events(&feeds[0], one.unit, one.first, one.count);
    make_events(&feeds[1], other.unit, other.first, other.count);
    feed.n_feeds = 2;
    feed.feeds = pointers;
    fake_publish_raw(fake, "unit.511126", &feed);
    free_events(&feeds[0]);
    free_events(&feeds[1]);
}

void fake_heads(struct fake *fake, const char *prefix, uint32_t first, uint32_t limit)
{
    char topic[64];
    Lianxin__V1__Feed feed = LIANXIN__V1__FEED__INIT;
    Lianxin__V1__Head heads[FAKE_UNITS_MAX];
    Lianxin__V1__Head *pointers[FAKE_UNITS_MAX];
    feed.heads = pointers;
    for (uint32_t i = first; i < limit; i++) {
        if (fake->length[i] == 0)
            continue;
        Lianxin__V1__Head *head = &heads[feed.n_heads];
        lianxin__v1__head__init(head);
        head->unit = (char *)fake_unit(i);
        head->sequence = fake->length[i];
        pointers[feed.n_heads++] = head;
    }
    snprintf(topic, sizeof topic, "unit.%s", prefix);
    fake_publish_raw(fake, topic, &feed);
}

void fake_listen(struct fake *fake)
{
    char frame[64];
    int bytes;
    while ((bytes = zmq_recv(fake->xpub, frame, sizeof frame, ZMQ_DONTWAIT)) > 0) {
        if (frame[0] != 1)
            continue;
        fake->subscriptions++;
        snprintf(fake->subscribed, sizeof fake->subscribed, "%.*s", bytes - 1, frame + 1);
    }
}

/* -- chance ------------------------------------------------------------------------------------ */

uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

uint64_t random_seed(void)
{
    const char *given = getenv("SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20260301;
    fprintf(stderr, "SEED=%" PRIu64 "\n", seed);
    return seed | 1u << 20;
}
