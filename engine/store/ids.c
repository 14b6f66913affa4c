#include "store/ids.h"

#include "base/check.h"
#include "base/fetch.h"
#include "store/space.h"

#include <stddef.h>

/* AHEAD: so many lines are asked for while the first of them is on its way from memory. */
enum { FIRST_BUCKETS = 1 << 13, PIECE_BUCKETS = 1 << 15, AHEAD = 16 };

_Static_assert(PIECE_BUCKETS * sizeof(struct ids_bucket) == 2 << 20,
               "a large page of most systems");

struct id_tag id_tag_of(uint64_t hash)
{
    return (struct id_tag){.tag = (uint32_t)(hash >> 32), .more = (uint8_t)(hash >> 24)};
}

static uint64_t home_of(const struct ids *ids, uint32_t tag)
{
    return tag * ids->buckets_count >> 32;
}

/* Where its search begins, and where it goes if it is new. */
static void expect(const struct ids *ids, struct id_tag tag)
{
    struct ids_bucket *bucket = &ids->buckets[home_of(ids, tag.tag)];
    fetch_to_write(bucket, bucket + 1);
}

static uint64_t next_bucket(const struct ids *ids, uint64_t at)
{
    return at + 1 < ids->buckets_count ? at + 1 : 0;
}

static uint64_t limit_of(uint64_t buckets_count)
{
    return buckets_count * IDS_BUCKET / 8 * 7;
}

static void put(struct ids *ids, struct id_tag tag, uint32_t event)
{
    uint64_t at = home_of(ids, tag.tag);
    while (ids->buckets[at].count == IDS_BUCKET)
        at = next_bucket(ids, at);
    struct ids_bucket *bucket = &ids->buckets[at];
    bucket->tags[bucket->count] = tag.tag;
    bucket->events[bucket->count] = event;
    bucket->more[bucket->count] = tag.more;
    bucket->count++;
    ids->count++;
}

static void copy_bucket(struct ids *ids, const struct ids_bucket *bucket)
{
    for (uint32_t i = 0; i < bucket->count; i++)
        put(ids, (struct id_tag){bucket->tags[i], bucket->more[i]}, bucket->events[i]);
}

/* Copies all into a table of so many buckets; if large, of whole large pages. */
static enum err grow(struct ids *ids, uint64_t buckets_count)
{
    if (buckets_count > PIECE_BUCKETS)
        buckets_count = (buckets_count + PIECE_BUCKETS - 1) / PIECE_BUCKETS * PIECE_BUCKETS;
    struct ids grown = {.buckets = space_reserve_scattered(buckets_count * sizeof *grown.buckets),
                        .buckets_count = buckets_count};
    if (grown.buckets == NULL)
        return ERR_FULL;
    for (uint64_t first = 0; first < ids->buckets_count; first += PIECE_BUCKETS) {
        uint64_t limit =
            ids->buckets_count - first < PIECE_BUCKETS ? ids->buckets_count : first + PIECE_BUCKETS;
        for (uint64_t i = first; i < limit; i++)
            copy_bucket(&grown, &ids->buckets[i]);
        space_release(&ids->buckets[first], (limit - first) * sizeof *ids->buckets);
    }
    *ids = grown;
    return OK;
}

void ids_fini(struct ids *ids)
{
    space_release(ids->buckets, ids->buckets_count * sizeof *ids->buckets);
    *ids = (struct ids){.buckets = NULL};
}

/* Has the system give the memory of an empty table now: a large page is long in the making, and the
 * first keys would wait for one after the other. */
static void touch(struct ids *ids)
{
    enum { PAGE_BUCKETS = 4096 / sizeof(struct ids_bucket) };
    for (uint64_t i = 0; i < ids->buckets_count; i += PAGE_BUCKETS)
        ids->buckets[i].count = 0;
}

enum err ids_expect(struct ids *ids, uint64_t count)
{
    uint64_t buckets_count = FIRST_BUCKETS + (count + count / 10) * 8 / 7 / IDS_BUCKET;
    if (count > IDS_MAX)
        return ERR_FULL;
    enum err err = buckets_count > ids->buckets_count ? grow(ids, buckets_count) : OK;
    if (err == OK && ids->count == 0)
        touch(ids);
    return err;
}

static enum err make_room(struct ids *ids)
{
    if (ids->count < limit_of(ids->buckets_count))
        return OK;
    if (ids->count >= IDS_MAX)
        return ERR_FULL;
    return ids->buckets_count == 0 ? grow(ids, FIRST_BUCKETS)
                                   : grow(ids, ids->buckets_count + ids->buckets_count / 5);
}

enum err ids_insert(struct ids *ids, uint64_t hash, uint32_t event)
{
    CHECK(event != 0);
    enum err err = make_room(ids);
    if (err == OK)
        put(ids, id_tag_of(hash), event);
    return err;
}

enum err ids_insert_all(struct ids *ids, const struct id_tag *tags, uint32_t count,
                        uint32_t first_event)
{
    CHECK(first_event != 0);
    for (uint32_t i = 0; i < count; i++) {
        enum err err = make_room(ids);
        if (err != OK)
            return err;
        if (i + AHEAD < count)
            expect(ids, tags[i + AHEAD]);
        put(ids, tags[i], first_event + i);
    }
    return OK;
}

/* -- taking back ------------------------------------------------------------------------------- */

/* Did the entry pass over a bucket on its way from its home to where it is? */
static bool passed(const struct ids *ids, uint64_t home, uint64_t at, uint64_t over)
{
    uint64_t way = at >= home ? at - home : at + ids->buckets_count - home;
    uint64_t to = over >= home ? over - home : over + ids->buckets_count - home;
    return to < way;
}

/* The bucket, at or behind `at`, and the slot of an entry that passed over a bucket that now has
 * room; false where nobody did. */
static bool find_passed(const struct ids *ids, uint64_t over, uint64_t *at, uint32_t *slot)
{
    for (*at = next_bucket(ids, over); ids->buckets[*at].count > 0; *at = next_bucket(ids, *at)) {
        const struct ids_bucket *bucket = &ids->buckets[*at];
        for (*slot = 0; *slot < bucket->count; ++*slot)
            if (passed(ids, home_of(ids, bucket->tags[*slot]), *at, over))
                return true;
        if (bucket->count < IDS_BUCKET)
            break;
    }
    return false;
}

static void move(struct ids_bucket *to, uint32_t to_slot, const struct ids_bucket *from,
                 uint32_t from_slot)
{
    to->tags[to_slot] = from->tags[from_slot];
    to->events[to_slot] = from->events[from_slot];
    to->more[to_slot] = from->more[from_slot];
}

/* A search ends in a bucket that is not full: so whoever passed over this one when it was, comes
 * back into it, and leaves a place in turn. */
static void take_out(struct ids *ids, uint64_t at, uint32_t slot)
{
    for (;;) {
        struct ids_bucket *bucket = &ids->buckets[at];
        uint64_t from;
        uint32_t from_slot;
        if (bucket->count < IDS_BUCKET || !find_passed(ids, at, &from, &from_slot)) {
            bucket->count--;
            move(bucket, slot, bucket, bucket->count);
            return;
        }
        move(bucket, slot, &ids->buckets[from], from_slot);
        at = from;
        slot = from_slot;
    }
}

void ids_take_back(struct ids *ids, uint64_t hash, uint32_t event)
{
    uint64_t at = home_of(ids, id_tag_of(hash).tag);
    for (;; at = next_bucket(ids, at)) {
        const struct ids_bucket *bucket = &ids->buckets[at];
        for (uint32_t i = 0; i < bucket->count; i++)
            if (bucket->events[i] == event) {
                take_out(ids, at, i);
                ids->count--;
                return;
            }
        CHECK(bucket->count == IDS_BUCKET);
    }
}

void ids_look_ahead(const struct ids *ids, uint64_t hash)
{
    if (ids->buckets_count > 0)
        expect(ids, id_tag_of(hash));
}

uint32_t ids_next(const struct ids *ids, struct ids_search *search)
{
    struct id_tag tag = id_tag_of(search->hash);
    if (ids->buckets_count == 0)
        return 0;
    if (!search->begun) {
        search->begun = true;
        search->bucket = home_of(ids, tag.tag);
        search->slot = 0;
    }
    for (;;) {
        const struct ids_bucket *bucket = &ids->buckets[search->bucket];
        while (search->slot < bucket->count) {
            uint32_t slot = search->slot++;
            if (bucket->tags[slot] == tag.tag && bucket->more[slot] == tag.more)
                return bucket->events[slot];
        }
        if (bucket->count < IDS_BUCKET)
            return 0;
        search->bucket = next_bucket(ids, search->bucket);
        search->slot = 0;
    }
}
