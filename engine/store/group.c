#include "store/group.h"

#include "base/check.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

struct STORED stored_entry {
    uint32_t feed;
    uint32_t sequence;
};

struct STORED record_head {
    uint64_t checksum; /* of what follows, up to the end of the open part */
    uint32_t bytes;
    uint32_t open_bytes, story_bytes, reporter_bytes;
    uint64_t number, serial, previous;
    int64_t time_ms;
    uint8_t key[DIGEST_BYTES];
    uint8_t content[DIGEST_BYTES];
    uint8_t personal[DIGEST_BYTES];
    uint8_t kind;
    uint8_t ticket_open;
    uint16_t feeds_count;
    uint32_t reporter_shown; /* a bit a feed entry */
};

enum { SALT_BYTES = 8 };

_Static_assert(sizeof(struct record_head) == 112, "no padding: it is hashed");
_Static_assert(sizeof(struct group_head) == 56, "no padding: it is stored");
_Static_assert(STORE_FEEDS_PER_EVENT_MAX <= 32, "a bit for each in reporter_shown");

static size_t align(size_t bytes)
{
    return (bytes + RECORD_ALIGNMENT - 1) / RECORD_ALIGNMENT * RECORD_ALIGNMENT;
}

size_t record_parts_offset(uint32_t feeds_count)
{
    return sizeof(struct record_head) + feeds_count * sizeof(struct stored_entry);
}

size_t record_bytes_max(size_t parts_bytes)
{
    return align(record_parts_offset(STORE_FEEDS_PER_EVENT_MAX) + parts_bytes + SALT_BYTES);
}

static void digest(const void *data, size_t bytes, uint64_t seed, uint8_t out[DIGEST_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(data, bytes, seed));
    memcpy(out, &canonical, DIGEST_BYTES);
}

static uint64_t checksum_of(const struct record_head *head, uint64_t number)
{
    const uint8_t *begin = (const uint8_t *)head + sizeof head->checksum;
    size_t bytes =
        record_parts_offset(head->feeds_count) + head->open_bytes - sizeof head->checksum;
    return XXH3_64bits_withSeed(begin, bytes, number);
}

size_t record_seal(uint8_t *out, uint64_t number, const struct event_draft *draft,
                   const uint32_t *sequences, uint64_t salt, uint64_t *checksum)
{
    struct record_head *head = (struct record_head *)out;
    struct stored_entry *entries = (struct stored_entry *)(out + sizeof *head);
    uint8_t *open = out + record_parts_offset(draft->feeds_count);
    uint8_t *personal = open + draft->open_bytes;
    size_t personal_bytes = draft->story_bytes + draft->reporter_bytes;
    head->open_bytes = (uint32_t)draft->open_bytes;
    head->story_bytes = (uint32_t)draft->story_bytes;
    head->reporter_bytes = (uint32_t)draft->reporter_bytes;
    head->number = number;
    head->serial = draft->serial;
    head->previous = draft->previous;
    head->time_ms = draft->time_ms;
    memcpy(head->key, draft->key, DIGEST_BYTES);
    memcpy(head->content, draft->content, DIGEST_BYTES);
    head->kind = (uint8_t)draft->kind;
    head->ticket_open = draft->ticket_open;
    head->feeds_count = (uint16_t)draft->feeds_count;
    head->reporter_shown = 0;
    for (uint32_t i = 0; i < draft->feeds_count; i++) {
        entries[i] = (struct stored_entry){draft->feeds[i].feed, sequences[i]};
        head->reporter_shown |= (uint32_t)draft->feeds[i].reporter << i;
    }
    memcpy(personal + personal_bytes, &salt, SALT_BYTES);
    digest(personal, personal_bytes, salt, head->personal);
    size_t used = (size_t)(personal - out) + personal_bytes + SALT_BYTES;
    head->bytes = (uint32_t)align(used);
    memset(out + used, 0, head->bytes - used);
    *checksum = checksum_of(head, number);
    head->checksum = *checksum;
    return head->bytes;
}

/* A group's hash is of its head and of its records' checksums, in order. */
static void begin_hash(XXH3_state_t *state, const struct group_head *head)
{
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, head, offsetof(struct group_head, hash));
}

static void end_hash(XXH3_state_t *state, uint8_t out[DIGEST_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(out, &canonical, DIGEST_BYTES);
}

void group_seal(struct group_head *head, uint64_t first, uint32_t count, uint64_t bytes,
                const uint8_t previous[DIGEST_BYTES], const uint64_t *checksums)
{
    XXH3_state_t state;
    *head =
        (struct group_head){.magic = GROUP_MAGIC, .count = count, .first = first, .bytes = bytes};
    memcpy(head->previous, previous, DIGEST_BYTES);
    begin_hash(&state, head);
    XXH3_128bits_update(&state, checksums, count * sizeof *checksums);
    end_hash(&state, head->hash);
}

bool group_open(struct span value, struct group_view *group)
{
    const struct group_head *head = (const struct group_head *)value.data;
    if (value.bytes < sizeof *head || head->magic != GROUP_MAGIC ||
        head->count > STORE_GROUP_EVENTS_MAX)
        return false;
    size_t offsets_bytes = align(head->count * sizeof(uint32_t));
    if (value.bytes != sizeof *head + offsets_bytes + head->bytes)
        return false;
    group->head = head;
    group->offsets = (const struct stored_offset *)(head + 1);
    group->records = value.data + sizeof *head + offsets_bytes;
    for (uint32_t i = 0; i < head->count; i++)
        if (group->offsets[i].bytes + sizeof(struct record_head) > head->bytes)
            return false;
    return true;
}

bool group_holds(const struct group_view *group)
{
    XXH3_state_t state;
    uint8_t hash[DIGEST_BYTES];
    begin_hash(&state, group->head);
    for (uint32_t i = 0; i < group->head->count; i++)
        XXH3_128bits_update(&state, group->records + group->offsets[i].bytes, sizeof(uint64_t));
    end_hash(&state, hash);
    return memcmp(hash, group->head->hash, DIGEST_BYTES) == 0;
}

/* Does a record that says these lengths lie within limit? */
static bool has_room(const struct record_head *head, size_t limit)
{
    uint64_t needed = (uint64_t)record_parts_offset(head->feeds_count) + head->open_bytes +
                      SALT_BYTES + head->story_bytes + head->reporter_bytes;
    return head->feeds_count <= STORE_FEEDS_PER_EVENT_MAX && head->bytes <= limit &&
           needed <= head->bytes;
}

static const uint8_t *personal_of(const struct record_head *head)
{
    return (const uint8_t *)head + record_parts_offset(head->feeds_count) + head->open_bytes;
}

static uint64_t salt_of(const struct record_head *head)
{
    uint64_t salt;
    memcpy(&salt, personal_of(head) + head->story_bytes + head->reporter_bytes, SALT_BYTES);
    return salt;
}

static bool personal_holds(const struct record_head *head)
{
    uint8_t expected[DIGEST_BYTES];
    const uint8_t *personal = personal_of(head);
    uint64_t salt = salt_of(head);
    size_t bytes = (size_t)head->story_bytes + head->reporter_bytes;
    if (salt != 0) {
        digest(personal, bytes, salt, expected);
        return memcmp(expected, head->personal, DIGEST_BYTES) == 0;
    }
    for (size_t i = 0; i < bytes; i++)
        if (personal[i] != 0)
            return false;
    return true;
}

void record_peek(const uint8_t *record, struct event_view *view)
{
    const struct record_head *head = (const struct record_head *)record;
    const struct stored_entry *entries = (const struct stored_entry *)(head + 1);
    const uint8_t *open = record + record_parts_offset(head->feeds_count);
    const uint8_t *personal = personal_of(head);
    view->erased = salt_of(head) == 0;
    view->number = head->number;
    view->serial = head->serial;
    view->previous = head->previous;
    view->time_ms = head->time_ms;
    view->kind = (enum kind)head->kind;
    view->ticket_open = head->ticket_open != 0;
    memcpy(view->key, head->key, DIGEST_BYTES);
    memcpy(view->content, head->content, DIGEST_BYTES);
    view->feeds_count = head->feeds_count;
    for (uint32_t i = 0; i < head->feeds_count; i++)
        view->feeds[i] = (struct feed_entry){entries[i].feed, entries[i].sequence,
                                             (head->reporter_shown >> i & 1) != 0};
    view->open = span_of(open, head->open_bytes);
    view->story = span_of(personal, view->erased ? 0 : head->story_bytes);
    view->reporter = span_of(personal + head->story_bytes, view->erased ? 0 : head->reporter_bytes);
}

static bool record_view(const uint8_t *record, size_t limit, uint64_t number,
                        struct event_view *view)
{
    const struct record_head *head = (const struct record_head *)record;
    if (limit < sizeof *head || !has_room(head, limit) || head->number != number ||
        head->checksum != checksum_of(head, number) || !personal_holds(head))
        return false;
    record_peek(record, view);
    return true;
}

bool group_event(const struct group_view *group, uint64_t number, struct event_view *view)
{
    uint64_t index = number - group->head->first;
    if (index >= group->head->count)
        return false;
    uint32_t offset = group->offsets[index].bytes;
    return record_view(group->records + offset, group->head->bytes - offset, number, view);
}
