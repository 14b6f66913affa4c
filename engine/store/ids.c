#include "store/ids.h"

#include "base/check.h"
#include "store/memory.h"

enum {
    BUCKET_TAGS = 16, /* a cache line of them */
    FIRST_BUCKETS = 64 * 1024 / BUCKET_TAGS,
};

/* Bucket and tag come from different halves of the hash, or tags of one bucket would be alike. */
static uint32_t home(const struct segment *segment, uint64_t hash)
{
    return (uint32_t)(hash >> 32) & (segment->buckets - 1);
}

static uint32_t tag_of(uint64_t hash)
{
    uint32_t tag = (uint32_t)hash;
    return tag != 0 ? tag : 1;
}

static size_t array_bytes(const struct segment *segment)
{
    return (size_t)segment->buckets * BUCKET_TAGS * sizeof(uint32_t);
}

static uint32_t segment_limit(uint32_t buckets)
{
    return buckets * (BUCKET_TAGS - BUCKET_TAGS / 8);
}

enum err ids_create(struct ids *ids)
{
    *ids = (struct ids){0};
    for (uint32_t i = 0; i < IDS_SEGMENTS; i++) {
        struct segment *segment = &ids->segments[i];
        segment->buckets = (uint32_t)FIRST_BUCKETS << i;
        segment->limit = segment_limit(segment->buckets);
        segment->tags = memory_reserve(array_bytes(segment));
        segment->events = memory_reserve(array_bytes(segment));
        if (segment->tags == NULL || segment->events == NULL)
            return ERR_FULL;
    }
    return OK;
}

void ids_destroy(struct ids *ids)
{
    for (uint32_t i = 0; i < IDS_SEGMENTS; i++) {
        struct segment *segment = &ids->segments[i];
        memory_release(segment->tags, array_bytes(segment));
        memory_release(segment->events, array_bytes(segment));
    }
    *ids = (struct ids){0};
}

uint64_t ids_capacity(void)
{
    uint64_t capacity = 0;
    for (uint32_t i = 0; i < IDS_SEGMENTS; i++)
        capacity += segment_limit((uint32_t)FIRST_BUCKETS << i);
    return capacity;
}

void ids_push(struct ids *ids, uint64_t hash, uint32_t event)
{
    struct segment *segment = &ids->segments[ids->newest];
    if (segment->count == segment->limit) {
        CHECK(ids->newest + 1 < IDS_SEGMENTS);
        segment = &ids->segments[++ids->newest];
    }
    size_t mask = (size_t)segment->buckets * BUCKET_TAGS - 1;
    size_t slot = (size_t)home(segment, hash) * BUCKET_TAGS;
    while (segment->tags[slot] != 0)
        slot = (slot + 1) & mask;
    segment->tags[slot] = tag_of(hash);
    segment->events[slot] = event;
    segment->count++;
    ids->count++;
}

void ids_pop(struct ids *ids, uint64_t hash, uint32_t event)
{
    struct segment *segment = &ids->segments[ids->newest];
    size_t mask = (size_t)segment->buckets * BUCKET_TAGS - 1;
    size_t slot = (size_t)home(segment, hash) * BUCKET_TAGS;
    while (segment->tags[slot] != tag_of(hash) || segment->events[slot] != event) {
        CHECK(segment->tags[slot] != 0);
        slot = (slot + 1) & mask;
    }
    segment->tags[slot] = 0;
    segment->count--;
    ids->count--;
    if (segment->count == 0 && ids->newest > 0)
        ids->newest--;
}

struct ids_look ids_look(const struct ids *ids, uint64_t hash)
{
    for (uint32_t i = 0; i <= ids->newest; i++) {
        const struct segment *segment = &ids->segments[i];
        __builtin_prefetch(segment->tags + (size_t)home(segment, hash) * BUCKET_TAGS);
    }
    return (struct ids_look){
        .hash = hash,
        .segment = ids->newest,
        .bucket = home(&ids->segments[ids->newest], hash),
    };
}

/* Compares all tags of a bucket in a few vector instructions, since there is hardly ever a hit. */
static bool bucket_has(const uint32_t *tags, uint32_t tag)
{
    uint32_t hit = 0;
    for (uint32_t i = 0; i < BUCKET_TAGS; i++)
        hit |= tags[i] == tag ? 1 : 0;
    return hit != 0;
}

/* From look->tag_index on, within one bucket. */
static bool next_in_bucket(const struct segment *segment, struct ids_look *look, uint32_t *event)
{
    size_t first = (size_t)look->bucket * BUCKET_TAGS;
    uint32_t tag = tag_of(look->hash);
    if (look->tag_index == 0 && !bucket_has(segment->tags + first, tag))
        return false;
    while (look->tag_index < BUCKET_TAGS) {
        size_t slot = first + look->tag_index++;
        if (segment->tags[slot] == tag) {
            *event = segment->events[slot];
            return true;
        }
    }
    return false;
}

bool ids_next(const struct ids *ids, struct ids_look *look, uint32_t *event)
{
    for (;;) {
        const struct segment *segment = &ids->segments[look->segment];
        if (next_in_bucket(segment, look, event))
            return true;
        look->tag_index = 0;
        bool spilled = segment->tags[look->bucket * BUCKET_TAGS + BUCKET_TAGS - 1] != 0;
        if (spilled) {
            look->bucket = (look->bucket + 1) & (segment->buckets - 1);
        } else if (look->segment > 0) {
            look->segment--;
            look->bucket = home(&ids->segments[look->segment], look->hash);
        } else {
            return false;
        }
    }
}
