#include "store/group.h"

#include "base/check.h"
#include "store/memory.h"

#include <xxhash.h>

enum {
    MAGIC = 0x314C584C, /* LXL1 */
    VERSION = 1,
    SALT_BYTES = 8,
    /* What a record has besides its parts, at most. */
    RECORD_FRAME_BYTES_MAX = sizeof(struct record_head) +
                             STORE_FEEDS_PER_EVENT_MAX * sizeof(struct record_feed) + SALT_BYTES,
    ENTRIES_BYTES = STORE_GROUP_EVENTS_MAX * sizeof(struct group_entry),
    RECORDS_BYTES_MAX = STORE_GROUP_BYTES_MAX - (int)sizeof(struct group_head) - ENTRIES_BYTES,
};

#define REPORTER_BIT 0x80000000u

_Static_assert(sizeof(XXH128_canonical_t) == GROUP_HASH_BYTES, "hashes are stored in this form");
_Static_assert(DIGEST_BYTES == GROUP_HASH_BYTES, "digests are stored in this form");

static void digest(const void *data, size_t bytes, uint64_t seed, uint8_t out[DIGEST_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(data, bytes, seed));
    memcpy(out, &canonical, DIGEST_BYTES);
}

/* -- the open group ------------------------------------------------------------------------ */

enum err group_create(struct group *group)
{
    *group = (struct group){
        .records = memory_reserve(RECORDS_BYTES_MAX),
        .entries = memory_reserve(ENTRIES_BYTES),
    };
    return group->records != NULL && group->entries != NULL ? OK : ERR_FULL;
}

void group_destroy(struct group *group)
{
    memory_release(group->records, RECORDS_BYTES_MAX);
    memory_release(group->entries, ENTRIES_BYTES);
    *group = (struct group){0};
}

void group_begin(struct group *group, uint64_t first)
{
    group->first = first;
    group->count = 0;
    group->bytes = 0;
}

/* The parts are written where they will stand if the event goes to as many feeds as one can. */
static uint8_t *room(const struct group *group)
{
    return group->records + group->bytes + sizeof(struct record_head) +
           STORE_FEEDS_PER_EVENT_MAX * sizeof(struct record_feed);
}

uint8_t *group_room(struct group *group, size_t bytes_max)
{
    CHECK(bytes_max <= RECORDS_BYTES_MAX - RECORD_FRAME_BYTES_MAX);
    if (group->count == STORE_GROUP_EVENTS_MAX ||
        group->bytes + bytes_max > RECORDS_BYTES_MAX - RECORD_FRAME_BYTES_MAX)
        return NULL;
    return room(group);
}

static void write_head(const struct event_view *view, const uint8_t *personal, uint64_t salt,
                       uint8_t *out)
{
    struct record_head head = {
        .serial = (uint32_t)view->serial,
        .previous = (uint32_t)view->previous,
        .time_ms = view->time_ms,
        .open_bytes = (uint32_t)view->open.bytes,
        .story_bytes = (uint32_t)view->story.bytes,
        .reporter_bytes = (uint32_t)view->reporter.bytes,
        .day = view->day,
        .kind = (uint8_t)view->kind,
        .feeds_count = (uint8_t)view->feeds_count,
    };
    memcpy(head.key, view->key, DIGEST_BYTES);
    memcpy(head.content, view->content, DIGEST_BYTES);
    digest(personal, view->story.bytes + view->reporter.bytes, salt, head.personal);
    memcpy(out, &head, sizeof head);
}

static void write_feeds(const struct event_view *view, uint8_t *out)
{
    for (uint32_t i = 0; i < view->feeds_count; i++) {
        const struct feed_entry *entry = &view->feeds[i];
        struct record_feed feed = {
            .feed = entry->feed | (entry->reporter ? REPORTER_BIT : 0),
            .sequence = entry->sequence,
        };
        memcpy(out + i * sizeof feed, &feed, sizeof feed);
    }
}

void group_append(struct group *group, struct event_view *view, uint64_t salt)
{
    size_t feeds_bytes = view->feeds_count * sizeof(struct record_feed);
    size_t parts_bytes = view->open.bytes + view->story.bytes + view->reporter.bytes;
    CHECK(view->number == group->first + group->count);
    CHECK(view->feeds_count <= STORE_FEEDS_PER_EVENT_MAX);
    CHECK(group_room(group, parts_bytes) != NULL);
    CHECK(salt != 0);
    uint8_t *record = group->records + group->bytes;
    uint8_t *open = record + sizeof(struct record_head) + feeds_bytes;
    memmove(open, room(group), parts_bytes);
    view->open.data = open;
    view->story.data = open + view->open.bytes;
    view->reporter.data = view->story.data + view->story.bytes;
    memcpy(open + parts_bytes, &salt, SALT_BYTES);
    write_head(view, view->story.data, salt, record);
    write_feeds(view, record + sizeof(struct record_head));

    size_t chained = sizeof(struct record_head) + feeds_bytes + view->open.bytes;
    size_t bytes = sizeof(struct record_head) + feeds_bytes + parts_bytes + SALT_BYTES;
    group->entries[group->count++] = (struct group_entry){
        .offset = (uint32_t)group->bytes,
        .bytes = (uint32_t)bytes,
        .checksum = XXH3_64bits_withSeed(record, chained, view->number),
    };
    group->bytes += bytes;
}

static size_t entries_bytes(uint32_t count)
{
    return count * sizeof(struct group_entry);
}

size_t group_value_bytes(const struct group *group)
{
    return sizeof(struct group_head) + entries_bytes(group->count) + group->bytes;
}

void group_write(const struct group *group, const uint8_t previous[GROUP_HASH_BYTES], uint8_t *out,
                 uint8_t hash[GROUP_HASH_BYTES])
{
    struct group_head head = {
        .magic = MAGIC,
        .version = VERSION,
        .count = group->count,
        .bytes = (uint32_t)group_value_bytes(group),
        .first = group->first,
    };
    size_t index_bytes = sizeof head + entries_bytes(group->count);
    memcpy(head.previous, previous, GROUP_HASH_BYTES);
    memcpy(out, &head, sizeof head);
    memcpy(out + sizeof head, group->entries, entries_bytes(group->count));
    digest(out + GROUP_HASH_BYTES, index_bytes - GROUP_HASH_BYTES, 0, hash);
    memcpy(out, hash, GROUP_HASH_BYTES);
    memcpy(out + index_bytes, group->records, group->bytes);
}

/* -- a group that is read ------------------------------------------------------------------ */

const char *fault_text(enum fault fault)
{
    switch (fault) {
    case SOUND:
        return "it is sound";
    case FAULT_SHAPE:
        return "its lengths make no sense";
    case FAULT_HASH:
        return "its hash does not hold";
    case FAULT_CHECKSUM:
        return "its checksum does not hold";
    case FAULT_PERSONAL:
        return "the digest of its personal part does not hold, and it is not erased";
    }
    return "it is damaged";
}

struct group_view group_open_view(const struct group *group)
{
    return (struct group_view){
        .first = group->first,
        .count = group->count,
        .entries = (const uint8_t *)group->entries,
        .records = group->records,
        .bytes = group->bytes,
    };
}

enum fault group_view_open(struct span value, uint64_t first, struct group_view *view)
{
    struct group_head head;
    *view = (struct group_view){0};
    if (value.bytes < sizeof head)
        return FAULT_SHAPE;
    memcpy(&head, value.data, sizeof head);
    if (head.magic != MAGIC || head.version != VERSION || head.first != first ||
        head.bytes != value.bytes || head.count == 0 || head.count > STORE_GROUP_EVENTS_MAX ||
        sizeof head + entries_bytes(head.count) > value.bytes)
        return FAULT_SHAPE;
    size_t index_bytes = sizeof head + entries_bytes(head.count);
    *view = (struct group_view){
        .first = first,
        .count = head.count,
        .value = value.data,
        .entries = value.data + sizeof head,
        .records = value.data + index_bytes,
        .bytes = value.bytes - index_bytes,
    };
    uint8_t hash[GROUP_HASH_BYTES];
    digest(value.data + GROUP_HASH_BYTES, index_bytes - GROUP_HASH_BYTES, 0, hash);
    return memcmp(hash, head.hash, GROUP_HASH_BYTES) == 0 ? SOUND : FAULT_HASH;
}

void group_view_hash(const struct group_view *view, uint8_t hash[GROUP_HASH_BYTES],
                     uint8_t previous[GROUP_HASH_BYTES])
{
    struct group_head head;
    memcpy(&head, view->value, sizeof head);
    memcpy(hash, head.hash, GROUP_HASH_BYTES);
    memcpy(previous, head.previous, GROUP_HASH_BYTES);
}

static bool all_zero(const uint8_t *data, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (data[i] != 0)
            return false;
    return true;
}

/* Sets story and reporter; they stay empty where they were erased. */
static enum fault read_personal(const struct record_head *head, const uint8_t *personal,
                                struct event_view *view)
{
    size_t bytes = (size_t)head->story_bytes + head->reporter_bytes;
    uint64_t salt;
    memcpy(&salt, personal + bytes, SALT_BYTES);
    view->erased = salt == 0;
    view->story = (struct span){0};
    view->reporter = (struct span){0};
    if (view->erased)
        return all_zero(personal, bytes) ? SOUND : FAULT_PERSONAL;
    uint8_t found[DIGEST_BYTES];
    digest(personal, bytes, salt, found);
    if (memcmp(found, head->personal, DIGEST_BYTES) != 0)
        return FAULT_PERSONAL;
    view->story = span_of(personal, head->story_bytes);
    view->reporter = span_of(personal + head->story_bytes, head->reporter_bytes);
    return SOUND;
}

static void read_feeds(const uint8_t *feeds, uint32_t count, struct event_view *view)
{
    view->feeds_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct record_feed feed;
        memcpy(&feed, feeds + i * sizeof feed, sizeof feed);
        view->feeds[i] = (struct feed_entry){
            .feed = feed.feed & ~REPORTER_BIT,
            .sequence = feed.sequence,
            .reporter = (feed.feed & REPORTER_BIT) != 0,
        };
    }
}

static enum fault read_record(const uint8_t *record, const struct group_entry *entry,
                              struct event_view *view)
{
    struct record_head head;
    if (entry->bytes < sizeof head)
        return FAULT_SHAPE;
    memcpy(&head, record, sizeof head);
    size_t chained =
        sizeof head + head.feeds_count * sizeof(struct record_feed) + head.open_bytes;
    if (head.feeds_count > STORE_FEEDS_PER_EVENT_MAX ||
        chained + head.story_bytes + head.reporter_bytes + SALT_BYTES != entry->bytes)
        return FAULT_SHAPE;
    if (XXH3_64bits_withSeed(record, chained, view->number) != entry->checksum)
        return FAULT_CHECKSUM;
    view->serial = head.serial;
    view->previous = head.previous;
    view->time_ms = head.time_ms;
    view->kind = (enum kind)head.kind;
    view->day = head.day;
    memcpy(view->key, head.key, DIGEST_BYTES);
    memcpy(view->content, head.content, DIGEST_BYTES);
    read_feeds(record + sizeof head, head.feeds_count, view);
    view->open = span_of(record + chained - head.open_bytes, head.open_bytes);
    return read_personal(&head, record + chained, view);
}

enum fault group_event(const struct group_view *group, uint64_t number, struct event_view *view)
{
    CHECK(number >= group->first && number - group->first < group->count);
    struct group_entry entry;
    memcpy(&entry, group->entries + (number - group->first) * sizeof entry, sizeof entry);
    if (entry.offset > group->bytes || entry.bytes > group->bytes - entry.offset)
        return FAULT_SHAPE;
    view->number = number;
    return read_record(group->records + entry.offset, &entry, view);
}
