#include "store/writer.h"

#include "base/check.h"

#include <sodium.h>

/* -- looking things up ------------------------------------------------------------------------- */

uint64_t store_next(const struct store *store)
{
    return store->next;
}

uint64_t store_day_first(struct store *store, int32_t day)
{
    CHECK(day >= store->latest.day);
    return day == store->latest.day ? store->latest.day_first : store->next;
}

static struct group_draft *open_group(struct store *store)
{
    return writer_group(store, store->sealed);
}

/* An event that is not kept yet: the open group's or a sealed one's. */
static void peek(struct store *store, uint64_t number, struct event_view *view)
{
    uint64_t index = store->sealed;
    while (number < writer_group(store, index)->first)
        index--;
    CHECK(index >= store->kept);
    writer_peek(writer_group(store, index), number, view);
}

/* The first event of an earlier day than the latest, of those not kept yet; 0 where none is. */
static uint64_t day_not_kept(struct store *store, int32_t day)
{
    for (uint64_t index = store->kept; index <= store->sealed; index++) {
        const struct group_draft *group = writer_group(store, index);
        for (uint32_t i = 0; i < group->count; i++)
            if (group->notes[i].day == day)
                return group->first + i;
    }
    return 0;
}

enum err store_day_find(struct store *store, int32_t day, uint64_t *first)
{
    if (day == store->latest.day) {
        *first = store->latest.day_first;
        return OK;
    }
    if (day > writer_group(store, store->kept)->before.day && day < store->latest.day) {
        *first = day_not_kept(store, day);
        return *first != 0 ? OK : ERR_NOT_FOUND;
    }
    *first = tail_day(&store->tail, day);
    if (*first != 0)
        return OK;
    enum err err = reader_hold(store->own);
    return err == OK ? reader_stored_day(store->own, day, first) : err;
}

int64_t store_last_time_ms(const struct store *store)
{
    return store->latest.time_ms;
}

enum err store_event(struct store *store, uint64_t number, struct event_view *view)
{
    if (number >= store->next)
        return ERR_NOT_FOUND;
    if (number >= writer_kept_limit(store)) {
        peek(store, number, view);
        return OK;
    }
    enum err err = reader_hold(store->own);
    return err == OK ? store_reader_event(store->own, number, view) : err;
}

void store_expect(const struct store *store, const uint8_t key[DIGEST_BYTES])
{
    ids_look_ahead(&store->ids, hash_of_key(key));
}

enum err store_find(struct store *store, const uint8_t key[DIGEST_BYTES], struct event_view *view)
{
    struct ids_search search = {.hash = hash_of_key(key)};
    uint32_t event;
    while ((event = ids_next(&store->ids, &search)) != 0) {
        enum err err = store_event(store, event, view);
        if (err != OK)
            return err;
        if (memcmp(view->key, key, DIGEST_BYTES) == 0)
            return OK;
    }
    return ERR_NOT_FOUND;
}

/* The ticket's last event but its first, of those not kept yet; 0 where none is. */
static uint64_t last_not_kept(struct store *store, uint64_t serial)
{
    for (uint64_t index = store->sealed + 1; index > store->kept; index--) {
        uint32_t number = recent_get(&writer_group(store, index - 1)->lasts, serial);
        if (number != 0)
            return number;
    }
    return 0;
}

enum err store_last(struct store *store, uint64_t serial, uint64_t *number)
{
    struct event_view view;
    if (serial == 0 || serial >= store->next)
        return ERR_NOT_FOUND;
    *number = last_not_kept(store, serial);
    if (*number != 0)
        return OK;
    if (serial >= writer_kept_limit(store)) {
        peek(store, serial, &view);
        *number = serial;
        return view.serial == serial ? OK : ERR_NOT_FOUND;
    }
    *number = tail_last(&store->tail, serial);
    if (*number != 0)
        return OK;
    enum err err = reader_hold(store->own);
    if (err == OK)
        err = reader_is_ticket(store->own, serial);
    return err == OK ? reader_stored_last(store->own, serial, number) : err;
}

/* -- the open group ---------------------------------------------------------------------------- */

uint8_t *store_room(struct store *store, uint32_t feeds_count, size_t bytes_max)
{
    const struct group_draft *group = open_group(store);
    CHECK(feeds_count <= STORE_FEEDS_PER_EVENT_MAX);
    CHECK(record_bytes_max(bytes_max) <= STORE_GROUP_BYTES_MAX);
    if (group->count == STORE_GROUP_EVENTS_MAX ||
        group->bytes + record_bytes_max(bytes_max) > STORE_GROUP_BYTES_MAX)
        return NULL;
    return group->records + group->bytes + record_parts_offset(feeds_count);
}

/* Of a cipher's stream under a random key that is forgotten at once: as random to whoever has no
 * key, at an eighth of the system's price. */
static void draw_salts(struct store *store)
{
    uint8_t key[randombytes_SEEDBYTES];
    randombytes_buf(key, sizeof key);
    randombytes_buf_deterministic(store->salts, sizeof store->salts, key);
    sodium_memzero(key, sizeof key);
    store->salts_left = STORE_SALTS;
}

/* Never 0, which marks what was erased. A salt that could be computed from its neighbour's would
 * give away what was erased. */
static uint64_t next_salt(struct store *store)
{
    if (store->salts_left == 0)
        draw_salts(store);
    return store->salts[--store->salts_left] | 1;
}

void writer_note_time(struct store *store, uint64_t number, int64_t time_ms)
{
    int32_t day = day_of_ms(time_ms);
    if (day > store->latest.day)
        store->latest = (struct moment){.day = day, .day_first = number};
    store->latest.time_ms = time_ms;
}

/* Is this a later event of a ticket that is closed? */
static bool comes_after_closing(struct store *store, const struct event_draft *draft)
{
    struct event_view before;
    if (draft->serial == store->next)
        return false;
    enum err err = store_event(store, draft->previous, &before);
    return err == OK && !before.ticket_open;
}

/* Gives the event its next place in each of its feeds, and notes it. */
static void note_event(struct store *store, struct group_draft *group,
                       const struct event_draft *draft, uint32_t number, uint32_t *sequences)
{
    struct tail_place *places = &group->places[group->places_count];
    for (uint32_t i = 0; i < draft->feeds_count; i++) {
        uint32_t feed = draft->feeds[i].feed;
        sequences[i] = ++store->heads[feed];
        places[i] = (struct tail_place){feed, sequences[i], number};
    }
    group->places_count += draft->feeds_count;
    writer_note_time(store, number, draft->time_ms);
    group->notes[group->count] = (struct tail_note){.hash = hash_of_key(draft->key),
                                                    .serial = (uint32_t)draft->serial,
                                                    .day = store->latest.day,
                                                    .places_count = (uint8_t)draft->feeds_count,
                                                    .ticket_open = draft->ticket_open};
}

enum err store_append(struct store *store, const struct event_draft *draft)
{
    struct group_draft *group = open_group(store);
    uint32_t sequences[STORE_FEEDS_PER_EVENT_MAX];
    uint8_t *record = group->records + group->bytes;
    uint64_t number = store->next;
    CHECK(draft->feeds_count <= STORE_FEEDS_PER_EVENT_MAX);
    CHECK(!draft->ticket_open || !comes_after_closing(store, draft));
    if (number == UINT32_MAX ||
        ids_insert(&store->ids, hash_of_key(draft->key), (uint32_t)number) != OK)
        return ERR_FULL;
    store->next++;
    note_event(store, group, draft, (uint32_t)number, sequences);
    group->offsets[group->count].bytes = (uint32_t)group->bytes;
    group->bytes += record_seal(record, number, draft, sequences, next_salt(store),
                                &group->checksums[group->count]);
    group->count++;
    if (draft->serial == number)
        group->tickets++;
    else
        recent_put(&group->lasts, draft->serial, (uint32_t)number);
    return OK;
}

void writer_open_group(struct store *store)
{
    struct group_draft *group = open_group(store);
    group->first = store->next;
    group->count = 0;
    group->tickets = 0;
    group->bytes = 0;
    group->places_count = 0;
    group->before = store->latest;
    recent_forget(&group->lasts);
}

/* The newest of the groups, which is open or sealed, newest event first: the index of ids gives
 * back in the order opposite to that in which it took. */
static void take_back(struct store *store, struct group_draft *group)
{
    while (store->next > group->first) {
        const struct tail_note *note = &group->notes[--store->next - group->first];
        for (uint32_t i = 0; i < note->places_count; i++)
            store->heads[group->places[--group->places_count].feed]--;
        ids_take_back(&store->ids, note->hash, (uint32_t)store->next);
    }
    store->latest = group->before;
}

void store_abandon(struct store *store)
{
    CHECK(store->written == store->kept);
    take_back(store, open_group(store));
    while (store->sealed > store->kept) {
        store->sealed--;
        take_back(store, open_group(store));
        memcpy(store->previous, open_group(store)->head.previous, DIGEST_BYTES);
    }
    writer_open_group(store);
}
