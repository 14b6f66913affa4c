#include "tests/unit/store/made.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PART_BYTES_MAX = 64 * 1024, STEP_MS = 1000, LOST_LOOK = 8 };

static const int64_t begin_ms = 1767225600000; /* 2026-01-01 08:00 in China */
static const size_t test_map_bytes = (size_t)1 << 30;

/* -- random ------------------------------------------------------------------------------------ */

static uint64_t mix(uint64_t *state)
{
    uint64_t value = *state += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

uint64_t made_seed(void)
{
    const char *given = getenv("SEED");
    uint64_t seed = (uint64_t)getpid();
    if (given != NULL)
        seed = strtoull(given, NULL, 10);
    fprintf(stderr, "SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

uint64_t made_random(struct made *made, uint64_t limit)
{
    return mix(&made->random) % limit;
}

void made_bytes(const struct made_event *event, int part, uint8_t *out)
{
    const size_t bytes[] = {event->open_bytes, event->story_bytes, event->reporter_bytes};
    uint64_t state = event->bytes_seed + (uint64_t)part;
    for (size_t i = 0; i < bytes[part]; i++)
        out[i] = (uint8_t)(mix(&state) | 1); /* never 0, so that erasing changes every byte */
}

/* -- opening ----------------------------------------------------------------------------------- */

void made_init(struct made *made, uint64_t seed)
{
    const char *base = getenv("TMPDIR");
    *made = (struct made){.random = seed, .now_ms = begin_ms, .next = 1, .durable = 1};
    snprintf(made->directory, sizeof made->directory, "%.100s/lianxin-store-XXXXXX",
             base != NULL ? base : "/tmp");
    cr_assert_not_null(mkdtemp(made->directory));
    snprintf(made->path, sizeof made->path, "%s/store", made->directory);
    made->options =
        (struct store_options){.path = made->path, .map_bytes = test_map_bytes, .reserve_bytes = 1};
    small_city_make(&made->small);
    uint32_t units = city_units(made->small.city);
    cr_assert_lt(units, MADE_FEEDS_MAX);
    made->policy = (struct policy){.city = made->small.city,
                                   .hash = "a policy of the small city",
                                   .bundle = span_of_string("rules/book.csv\n0\n"),
                                   .feeds = calloc(units, sizeof *made->policy.feeds)};
    made->events = calloc(MADE_EVENTS_MAX + LOST_LOOK, sizeof *made->events);
    for (uint32_t i = 0; i < MADE_FEEDS_MAX; i++)
        made->feeds[i] = calloc(MADE_EVENTS_MAX, sizeof *made->feeds[i]);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

void made_fini(struct made *made)
{
    made_close(made);
    small_city_remove(&made->small);
    free(made->policy.feeds);
    free(made->events);
    for (uint32_t i = 0; i < MADE_FEEDS_MAX; i++)
        free(made->feeds[i]);
    cr_expect_eq(nftw(made->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void made_open(struct made *made)
{
    struct diag *diag = diag_create();
    enum err err = store_open(&made->options, diag, &made->store);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK, "%s", err_name(err));
    cr_assert_eq(diag_count(diag), 0);
    diag_destroy(&diag);
    err = store_put_policy(made->store, &made->policy);
    cr_assert_eq(err, OK, "%s", err_name(err));
}

static void forget_open_group(struct made *made)
{
    while (made->next > made->durable) {
        struct made_event *event = &made->events[--made->next];
        for (uint32_t i = 0; i < event->feeds_count; i++)
            made->heads[event->feeds[i].feed]--;
        if (event->serial != made->next)
            made->events[event->serial].last = event->previous;
        if (made->days_count > 0 && made->days[made->days_count - 1].first == made->next)
            made->days_count--;
    }
}

void made_close(struct made *made)
{
    store_close(&made->store);
    forget_open_group(made);
}

void made_reopen(struct made *made)
{
    made_close(made);
    made_open(made);
}

/* -- appending --------------------------------------------------------------------------------- */

static void fill_digest(struct made *made, uint8_t digest[DIGEST_BYTES])
{
    uint64_t halves[2] = {mix(&made->random), mix(&made->random)};
    memcpy(digest, halves, DIGEST_BYTES);
}

/* Some keys are those of events that were taken back, as when a sender tries again; some are like
 * the one before in the half that the index goes by. */
static void draw_key(struct made *made, uint8_t key[DIGEST_BYTES])
{
    struct made_event *lost = &made->events[made->next + made_random(made, LOST_LOOK)];
    fill_digest(made, key);
    if (lost->serial != 0 && made_random(made, 2) == 0) {
        memcpy(key, lost->key, DIGEST_BYTES);
        fill_digest(made, lost->key);
    } else if (made->next > 1 && made_random(made, 4) == 0) {
        memcpy(key, made->events[made->next - 1].key, DIGEST_BYTES / 2);
    }
}

static void begin_draft(struct made *made, struct made_event *draft)
{
    draw_key(made, draft->key);
    fill_digest(made, draft->content);
    draft->bytes_seed = mix(&made->random);
    made->now_ms += (int64_t)made_random(made, STEP_MS);
    draft->time_ms = made->now_ms;
}

struct made_event made_draw(struct made *made, uint64_t serial)
{
    bool was_open = serial == 0 || made->events[made->events[serial].last].ticket_open;
    struct made_event draft = {.serial = serial,
                               .kind = made_random(made, 2) == 0 ? KIND_CASE : KIND_ACT,
                               .ticket_open = was_open && made_random(made, 3) > 0};
    uint32_t units = city_units(made->small.city);
    uint64_t taken = 0;
    begin_draft(made, &draft);
    uint32_t wanted = (uint32_t)made_random(made, STORE_FEEDS_PER_EVENT_MAX + 1);
    for (uint32_t i = 0; i < wanted; i++) {
        uint32_t feed = (uint32_t)made_random(made, units);
        if ((taken >> feed & 1) == 0)
            draft.feeds[draft.feeds_count++] =
                (struct feed_entry){.feed = feed, .reporter = made_random(made, 2) == 0};
        taken |= (uint64_t)1 << feed;
    }
    draft.open_bytes = made_random(made, made_random(made, 50) == 0 ? 20000 : 300);
    draft.story_bytes = made_random(made, 3) == 0 ? 0 : made_random(made, 200);
    draft.reporter_bytes = made_random(made, 3) == 0 ? 0 : made_random(made, 60);
    return draft;
}

struct made_event made_small(struct made *made, uint32_t feeds_count, ...)
{
    struct made_event draft = {.kind = KIND_CASE, .feeds_count = feeds_count};
    va_list feeds;
    begin_draft(made, &draft);
    va_start(feeds, feeds_count);
    for (uint32_t i = 0; i < feeds_count; i++)
        draft.feeds[i].feed = va_arg(feeds, uint32_t);
    va_end(feeds);
    draft.open_bytes = 40;
    draft.story_bytes = 16;
    draft.reporter_bytes = 8;
    return draft;
}

static enum err append(struct store *store, const struct event_draft *draft)
{
    return store_append(store, draft);
}

static enum err give_to_store(struct made *made, const struct made_event *event)
{
    struct event_draft draft = {.serial = event->serial,
                                .previous = event->previous,
                                .time_ms = event->time_ms,
                                .kind = event->kind,
                                .ticket_open = event->ticket_open,
                                .key = event->key,
                                .content = event->content,
                                .feeds_count = event->feeds_count,
                                .open_bytes = event->open_bytes,
                                .story_bytes = event->story_bytes,
                                .reporter_bytes = event->reporter_bytes};
    for (uint32_t i = 0; i < event->feeds_count; i++) {
        draft.feeds[i].feed = event->feeds[i].feed;
        draft.feeds[i].reporter = event->feeds[i].reporter;
    }
    uint8_t *room = store_room(made->store, event->feeds_count, PART_BYTES_MAX);
    if (room == NULL)
        return ERR_FULL;
    made_bytes(event, 0, room);
    made_bytes(event, 1, room + event->open_bytes);
    made_bytes(event, 2, room + event->open_bytes + event->story_bytes);
    return append(made->store, &draft);
}

static void give_to_list(struct made *made, const struct made_event *event)
{
    struct made_event *added = &made->events[made->next];
    *added = *event;
    made->events[event->serial].last = made->next;
    for (uint32_t i = 0; i < added->feeds_count; i++) {
        uint32_t feed = added->feeds[i].feed;
        made->feeds[feed][made->heads[feed]] = (uint32_t)made->next;
        added->feeds[i].sequence = ++made->heads[feed];
    }
    int32_t day = day_of_ms(event->time_ms);
    if (made->days_count == 0 || made->days[made->days_count - 1].day < day) {
        cr_assert_lt(made->days_count, MADE_DAYS_MAX);
        made->days[made->days_count++] = (struct made_day){.day = day, .first = made->next};
    }
    made->next++;
}

enum err made_append(struct made *made, struct made_event draft)
{
    cr_assert_lt(made->next, MADE_EVENTS_MAX);
    if (draft.serial == 0)
        draft.serial = made->next;
    else
        draft.previous = made->events[draft.serial].last;
    enum err err = made->store != NULL ? give_to_store(made, &draft) : OK;
    if (err == OK)
        give_to_list(made, &draft);
    return err;
}

void made_append_random(struct made *made, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t serial = 0;
        if (made->next > 1 && made_random(made, 2) == 0)
            serial = made->events[1 + made_random(made, made->next - 1)].serial;
        enum err err = made_append(made, made_draw(made, serial));
        cr_assert_eq(err, OK, "event %llu: %s", (unsigned long long)made->next, err_name(err));
    }
}

/* One thread does all. */
static enum err commit(struct store *store)
{
    cr_assert_not(store_has_sealed(store));
    store_seal(store);
    enum err err = store_write(store);
    if (err == OK)
        store_keep(store);
    else
        store_abandon(store);
    if (store_derive_is_due(store))
        store_derive(store);
    return err;
}

enum err made_commit(struct made *made)
{
    bool is_empty = made->store == NULL || made->next == made->durable;
    enum err err = is_empty ? OK : commit(made->store);
    if (err == OK)
        made->durable = made->next;
    else
        forget_open_group(made);
    return err;
}

void made_abandon(struct made *made)
{
    store_abandon(made->store);
    forget_open_group(made);
}

void made_verify(struct made *made)
{
    struct store_proof proof;
    struct diag *diag = diag_create();
    uint64_t tickets = 0;
    cr_assert_null(made->store);
    enum err err = store_verify(made->path, diag, NULL, NULL, NULL, &proof);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK, "%s", err_name(err));
    cr_assert_eq(diag_count(diag), 0);
    for (uint64_t number = 1; number < made->durable; number++)
        tickets += made->events[number].serial == number;
    cr_assert_eq(proof.events, made->durable - 1);
    cr_assert_eq(proof.tickets, tickets);
    diag_destroy(&diag);
}
