/* The watcher. Whatever tells of events, live or replayed, goes one way: what is next for its unit
 * is handed over, what is old is dropped, and what lies beyond a gap only raises the unit's head.
 * The stretch after the position of a unit that is behind (units.h) is asked for.
 *
 * A few units may be asked for at a time, and each once, so replies of one unit cannot overtake
 * each other and nothing has to be buffered. Live events of a unit that is behind are dropped
 * unless they happen to be next: the store has them. A reply that brings nothing (the store's
 * reader may lag a little behind the feed) or an event that the caller cannot take now makes the
 * unit rest, longer each time. */
#include "front.h"
#include "units.h"

#include "base/check.h"
#include "base/span.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum {
    RESEND_MS = 1000,
    FIRST_PAUSE_MS = 50,
    ASKS_MAX = 8,
    FEED_QUEUE = 10000, /* messages that wait for the next step */
    BURST = 1000,       /* messages that one step takes */
    ASK_BYTES_MAX = 128,
};

#define TOPIC "unit."

/* One Replay under way. */
struct ask {
    struct unit *unit; /* NULL: this place is free */
    uint64_t id;
    int64_t due_ns; /* when to ask again */
};

struct prefix {
    char *topic;
    bool heard; /* all heads below it have been told at least once */
};

struct lianxin_watcher {
    struct front front;
    void *feed;
    struct lianxin_watcher_options options;
    int64_t resend_ns;
    struct prefix *prefixes;
    size_t prefixes_count;
    struct units units;
    struct ask asks[ASKS_MAX];
    uint64_t id;            /* of the latest ask */
    struct trouble trouble; /* of the step */
    bool stepping;          /* so what is called now is called from event */
};

/* -- open and close --------------------------------------------------------------------------- */

static enum err feed_open(struct lianxin_watcher *watcher, const char *endpoint)
{
    watcher->feed = zmq_socket(watcher->front.context, ZMQ_SUB);
    if (watcher->feed == NULL)
        return front_fail(ERR_IO, "no socket: %s", zmq_strerror(zmq_errno()));
    front_tune(watcher->feed);
    int queue = FEED_QUEUE;
    int endless = 0; /* what is sent are subscriptions, and libzmq drops those beyond its mark */
    CHECK(zmq_setsockopt(watcher->feed, ZMQ_RCVHWM, &queue, sizeof queue) == 0);
    CHECK(zmq_setsockopt(watcher->feed, ZMQ_SNDHWM, &endless, sizeof endless) == 0);
    for (size_t i = 0; i < watcher->prefixes_count; i++) {
        const char *topic = watcher->prefixes[i].topic;
        CHECK(zmq_setsockopt(watcher->feed, ZMQ_SUBSCRIBE, topic, strlen(topic)) == 0);
    }
    if (zmq_connect(watcher->feed, endpoint) != 0)
        return front_fail(ERR_INVALID, "cannot connect to the feed at '%s': %s", endpoint,
                          zmq_strerror(zmq_errno()));
    return OK;
}

enum err lianxin_watcher_open(const char *front, const char *feed, const char *const *prefixes,
                              size_t prefixes_count, const struct lianxin_watcher_options *options,
                              struct lianxin_watcher **watcher)
{
    CHECK(options->event != NULL);
    struct lianxin_watcher *opened = front_allocate(NULL, sizeof *opened);
    *opened = (struct lianxin_watcher){
        .options = *options,
        .resend_ns = front_ns(options->resend_ms, RESEND_MS),
        .prefixes = front_allocate(NULL, (prefixes_count + 1) * sizeof(struct prefix)),
        .prefixes_count = prefixes_count,
    };
    units_init(&opened->units);
    for (size_t i = 0; i < prefixes_count; i++) {
        opened->prefixes[i].heard = false;
        CHECK(asprintf(&opened->prefixes[i].topic, TOPIC "%s", prefixes[i]) > 0);
    }
    enum err err = front_open(&opened->front, front, options->context, options->clock);
    if (err == OK)
        err = feed_open(opened, feed);
    if (err != OK)
        lianxin_watcher_close(&opened);
    *watcher = opened;
    return err;
}

void lianxin_watcher_close(struct lianxin_watcher **watcher)
{
    struct lianxin_watcher *closing = *watcher;
    if (closing == NULL)
        return;
    CHECK(!closing->stepping);
    if (closing->feed != NULL)
        zmq_close(closing->feed);
    front_close(&closing->front);
    for (size_t i = 0; i < closing->prefixes_count; i++)
        free(closing->prefixes[i].topic);
    free(closing->prefixes);
    units_fini(&closing->units);
    free(closing);
    *watcher = NULL;
}

/* -- units ------------------------------------------------------------------------------------ */

/* Where to begin with a unit never heard of, when events up to `latest` are older than the news of
 * it. Once all heads below its prefix have been told, such a unit is a new one. */
static uint64_t beginning(const struct lianxin_watcher *watcher, const char *name, uint64_t latest)
{
    if (watcher->options.start == LIANXIN_FROM_FIRST)
        return 0;
    for (size_t i = 0; i < watcher->prefixes_count; i++) {
        const struct prefix *prefix = &watcher->prefixes[i];
        const char *start = prefix->topic + strlen(TOPIC);
        if (prefix->heard && strncmp(name, start, strlen(start)) == 0)
            return 0;
    }
    return latest;
}

static struct unit *unit_get(struct lianxin_watcher *watcher, const char *name, uint64_t latest)
{
    struct unit *unit = units_find(&watcher->units, name);
    return unit != NULL ? unit : units_add(&watcher->units, name, beginning(watcher, name, latest));
}

static void unit_rest(struct lianxin_watcher *watcher, struct unit *unit)
{
    unit->due_ns = front_now_ns(&watcher->front) + front_pause_ns(FIRST_PAUSE_MS, unit->rests++);
}

static bool name_is_sound(const char *name)
{
    return name[0] != '\0' && strlen(name) <= LIANXIN_UNIT_BYTES_MAX;
}

enum err lianxin_watcher_set_cursor(struct lianxin_watcher *watcher, const char *name,
                                    uint64_t sequence)
{
    CHECK(!watcher->stepping);
    if (!name_is_sound(name))
        return front_fail(ERR_INVALID, "'%s' is no unit: a name has 1 to %d bytes", name,
                          LIANXIN_UNIT_BYTES_MAX);
    struct unit *unit = units_find(&watcher->units, name);
    if (unit == NULL)
        unit = units_add(&watcher->units, name, sequence);
    unit->position = sequence;
    unit->doubted = false;
    units_look(&watcher->units, unit);
    return OK;
}

uint64_t lianxin_watcher_position(const struct lianxin_watcher *watcher, const char *name)
{
    const struct unit *unit = units_find(&watcher->units, name);
    return unit != NULL ? unit->position : 0;
}

bool lianxin_watcher_caught_up(const struct lianxin_watcher *watcher)
{
    for (size_t i = 0; i < watcher->prefixes_count; i++)
        if (!watcher->prefixes[i].heard)
            return false;
    return watcher->units.behind == 0;
}

/* -- what comes in ---------------------------------------------------------------------------- */

/* A feed whose events make sense: they have a unit, and sequences that exist. */
static bool single_is_sound(const Lianxin__V1__Feed *feed)
{
    return feed->n_events == 0 || (name_is_sound(feed->unit) && feed->first > 0 &&
                                   feed->first <= UINT64_MAX - feed->n_events);
}

/* Several inside one have no others inside again. */
static bool feed_is_sound(const Lianxin__V1__Feed *feed)
{
    bool sound = single_is_sound(feed);
    for (size_t i = 0; i < feed->n_feeds; i++)
        sound = sound && single_is_sound(feed->feeds[i]) && feed->feeds[i]->n_feeds == 0;
    return sound;
}

/* Hands over those events that are next. False: the caller did not take one. */
static bool hand_over(struct lianxin_watcher *watcher, struct unit *unit,
                      const Lianxin__V1__Feed *feed)
{
    if (feed->n_events == 0)
        return true;
    uint64_t last = feed->first + feed->n_events - 1;
    if (unit->head < last)
        unit->head = last;
    if (feed->first > unit->position + 1)
        return true;
    while (unit->position < last) {
        const Lianxin__V1__Event *event = feed->events[unit->position + 1 - feed->first];
        if (!watcher->options.event(watcher->options.self, unit->name, unit->position + 1, event))
            return false;
        unit->position++;
        unit->rests = 0;
    }
    return true;
}

static void take_head(struct lianxin_watcher *watcher, const Lianxin__V1__Head *head)
{
    if (!name_is_sound(head->unit)) {
        trouble_note(&watcher->trouble,
                     front_fail(ERR_INVALID, "the feed told the head of '%s', which is no unit",
                                head->unit));
        return;
    }
    struct unit *unit = unit_get(watcher, head->unit, head->sequence);
    if (unit->head < head->sequence)
        unit->head = head->sequence;
    unit->doubted = head->sequence < unit->position;
    units_look(&watcher->units, unit);
}

static void take_events(struct lianxin_watcher *watcher, const Lianxin__V1__Feed *feed)
{
    if (feed->n_events == 0)
        return;
    struct unit *unit = unit_get(watcher, feed->unit, feed->first - 1);
    if (!hand_over(watcher, unit, feed))
        unit_rest(watcher, unit);
    units_look(&watcher->units, unit);
}

static void take_feed(struct lianxin_watcher *watcher, struct span topic,
                      const Lianxin__V1__Feed *feed)
{
    take_events(watcher, feed);
    for (size_t i = 0; i < feed->n_feeds; i++)
        take_events(watcher, feed->feeds[i]);
    if (feed->n_events > 0 || feed->n_feeds > 0)
        return;
    for (size_t i = 0; i < feed->n_heads; i++)
        take_head(watcher, feed->heads[i]);
    for (size_t i = 0; i < watcher->prefixes_count; i++)
        if (span_is(topic, watcher->prefixes[i].topic))
            watcher->prefixes[i].heard = true;
}

static void take_replay(struct lianxin_watcher *watcher, struct unit *unit,
                        const Lianxin__V1__Reply *reply)
{
    bool understood = reply->body_case == LIANXIN__V1__REPLY__BODY_FEED &&
                      feed_is_sound(reply->feed) &&
                      (reply->feed->n_events == 0 || strcmp(reply->feed->unit, unit->name) == 0);
    if (!understood) {
        bool refused = reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR;
        trouble_note(&watcher->trouble,
                     front_fail(ERR_INVALID, "no replay of %s from %" PRIu64 ": %s", unit->name,
                                unit->position + 1,
                                refused ? reply->error->message : "the reply is another's"));
        unit_rest(watcher, unit);
        return;
    }
    if (unit->doubted && reply->feed->n_events == 0)
        trouble_note(&watcher->trouble,
                     front_fail(ERR_NOT_FOUND,
                                "%s was followed up to %" PRIu64
                                ", but its feed ends before: is this another store?",
                                unit->name, unit->position));
    unit->doubted = false;
    uint64_t before = unit->position;
    bool taken = hand_over(watcher, unit, reply->feed);
    if (!taken || (unit->position == before && unit_behind(unit)))
        unit_rest(watcher, unit);
}

/* -- receiving -------------------------------------------------------------------------------- */

/* One part of a feed message; false where there is none. */
static bool receive_part(struct lianxin_watcher *watcher, zmq_msg_t *part)
{
    if (zmq_msg_recv(part, watcher->feed, ZMQ_DONTWAIT) >= 0)
        return true;
    if (zmq_errno() != EAGAIN && zmq_errno() != EINTR)
        trouble_note(&watcher->trouble, front_fail(ERR_IO, "cannot receive from the feed: %s",
                                                   zmq_strerror(zmq_errno())));
    return false;
}

static void read_feed(struct lianxin_watcher *watcher, zmq_msg_t *topic, zmq_msg_t *body)
{
    Lianxin__V1__Feed *feed =
        lianxin__v1__feed__unpack(NULL, zmq_msg_size(body), zmq_msg_data(body));
    if (feed != NULL && feed_is_sound(feed))
        take_feed(watcher, span_of(zmq_msg_data(topic), zmq_msg_size(topic)), feed);
    else
        trouble_note(&watcher->trouble,
                     front_fail(ERR_INVALID, "the feed sent something that is not a Feed"));
    if (feed != NULL)
        lianxin__v1__feed__free_unpacked(feed, NULL);
}

static bool receive_live(struct lianxin_watcher *watcher)
{
    zmq_msg_t topic, body, rest;
    zmq_msg_init(&topic);
    zmq_msg_init(&body);
    zmq_msg_init(&rest);
    bool received = receive_part(watcher, &topic);
    if (received && zmq_msg_more(&topic) && receive_part(watcher, &body)) {
        for (bool more = zmq_msg_more(&body); more; more = zmq_msg_more(&rest))
            if (!receive_part(watcher, &rest))
                break;
        read_feed(watcher, &topic, &body);
    }
    zmq_msg_close(&topic);
    zmq_msg_close(&body);
    zmq_msg_close(&rest);
    return received;
}

static bool receive_reply(struct lianxin_watcher *watcher)
{
    Lianxin__V1__Reply *reply;
    enum err err = front_receive(&watcher->front, &reply);
    if (err != OK)
        trouble_note(&watcher->trouble, err);
    if (reply == NULL)
        return err == ERR_INVALID;
    for (size_t i = 0; i < ASKS_MAX; i++) {
        struct ask *ask = &watcher->asks[i];
        if (ask->unit == NULL || ask->id != reply->id)
            continue;
        take_replay(watcher, ask->unit, reply);
        units_settle(&watcher->units, ask->unit);
        ask->unit = NULL;
    }
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return true;
}

/* -- asking ----------------------------------------------------------------------------------- */

/* Asks for what comes after the position, as it is by now. */
static enum err ask_send(struct lianxin_watcher *watcher, struct ask *ask)
{
    Lianxin__V1__Replay replay = LIANXIN__V1__REPLAY__INIT;
    replay.unit = (char *)ask->unit->name;
    replay.first = ask->unit->position + (ask->unit->doubted ? 0 : 1);
    replay.limit = LIANXIN_REPLAY_EVENTS_MAX;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.version = LIANXIN_VERSION;
    request.id = ask->id;
    request.body_case = LIANXIN__V1__REQUEST__BODY_REPLAY;
    request.replay = &replay;
    uint8_t frame[ASK_BYTES_MAX];
    CHECK(lianxin__v1__request__get_packed_size(&request) <= sizeof frame);
    enum err err = front_send(&watcher->front, frame, lianxin__v1__request__pack(&request, frame));
    if (err == OK)
        ask->due_ns = front_now_ns(&watcher->front) + watcher->resend_ns;
    return err;
}

/* Fills the places that are free and asks again where no reply has come. */
static enum err send_asks(struct lianxin_watcher *watcher)
{
    enum err err = OK;
    watcher->front.blocked = false; /* as long as nothing is due */
    for (size_t i = 0; i < ASKS_MAX && err == OK; i++) {
        struct ask *ask = &watcher->asks[i];
        if (ask->unit == NULL) {
            ask->unit = units_next(&watcher->units, front_now_ns(&watcher->front));
            if (ask->unit == NULL)
                continue;
            ask->id = ++watcher->id;
            ask->due_ns = front_now_ns(&watcher->front);
        }
        if (ask->due_ns <= front_now_ns(&watcher->front))
            err = ask_send(watcher, ask);
    }
    return err == ERR_FULL ? OK : err;
}

/* When send_asks will have something to do, if nothing is received before. */
static int64_t next_due_ns(const struct lianxin_watcher *watcher)
{
    int64_t due_ns = INT64_MAX;
    if (watcher->front.blocked)
        return due_ns;
    bool free_place = false;
    for (size_t i = 0; i < ASKS_MAX; i++) {
        if (watcher->asks[i].unit == NULL)
            free_place = true;
        else if (watcher->asks[i].due_ns < due_ns)
            due_ns = watcher->asks[i].due_ns;
    }
    int64_t rested_ns = free_place ? units_due_ns(&watcher->units) : INT64_MAX;
    return rested_ns < due_ns ? rested_ns : due_ns;
}

static void receive_all(struct lianxin_watcher *watcher)
{
    for (int i = 0; i < BURST && receive_live(watcher); i++)
        continue;
    for (int i = 0; i < BURST && receive_reply(watcher); i++)
        continue;
}

enum err lianxin_watcher_step(struct lianxin_watcher *watcher, int timeout_ms)
{
    CHECK(!watcher->stepping);
    watcher->stepping = true;
    watcher->trouble.err = OK;
    enum err err = send_asks(watcher);
    if (err == OK)
        err = front_wait(&watcher->front, watcher->feed, timeout_ms, next_due_ns(watcher));
    if (err == OK) {
        receive_all(watcher);
        err = send_asks(watcher);
    }
    if (err != OK)
        trouble_note(&watcher->trouble, err);
    watcher->stepping = false;
    return trouble_tell(&watcher->trouble);
}
