#include "stages/prefixes.h"

#include "base/check.h"

static const struct span topic_root = {(const uint8_t *)"unit.", 5};

struct prefix {
    uint8_t bytes_count;
    uint8_t bytes[PREFIX_BYTES_MAX];
};

struct prefixes {
    uint32_t count;
    bool overflowed; /* since the start: from then on every topic is wanted */
    struct prefix list[PREFIXES_MAX];
};

struct prefixes *prefixes_create(struct arena *arena)
{
    return arena_take(arena, sizeof(struct prefixes));
}

static uint32_t find(const struct prefixes *prefixes, struct span prefix)
{
    for (uint32_t i = 0; i < prefixes->count; i++)
        if (span_equal(prefixes_at(prefixes, i), prefix))
            return i;
    return UINT32_MAX;
}

void prefixes_add(struct prefixes *prefixes, struct span prefix)
{
    CHECK(prefix.bytes <= PREFIX_BYTES_MAX);
    if (find(prefixes, prefix) != UINT32_MAX)
        return;
    if (prefixes->count == PREFIXES_MAX) {
        prefixes->overflowed = true;
        return;
    }
    struct prefix *added = &prefixes->list[prefixes->count++];
    added->bytes_count = (uint8_t)prefix.bytes;
    if (prefix.bytes > 0)
        memcpy(added->bytes, prefix.data, prefix.bytes);
}

void prefixes_remove(struct prefixes *prefixes, struct span prefix)
{
    uint32_t index = find(prefixes, prefix);
    if (index != UINT32_MAX)
        prefixes->list[index] = prefixes->list[--prefixes->count];
}

uint32_t prefixes_count(const struct prefixes *prefixes)
{
    return prefixes->count;
}

struct span prefixes_at(const struct prefixes *prefixes, uint32_t index)
{
    CHECK(index < prefixes->count);
    return span_of(prefixes->list[index].bytes, prefixes->list[index].bytes_count);
}

bool prefixes_want(const struct prefixes *prefixes, struct span unit)
{
    if (prefixes->overflowed)
        return true;
    for (uint32_t i = 0; i < prefixes->count; i++)
        if (prefix_covers(prefixes_at(prefixes, i), unit))
            return true;
    return false;
}

bool prefix_covers(struct span prefix, struct span unit)
{
    if (prefix.bytes <= topic_root.bytes)
        return span_starts_with(topic_root, prefix);
    return span_starts_with(prefix, topic_root) &&
           span_starts_with(
               unit, span_of(prefix.data + topic_root.bytes, prefix.bytes - topic_root.bytes));
}

struct span prefix_topic(struct span unit, char *topic)
{
    CHECK(topic_root.bytes + unit.bytes <= PREFIX_BYTES_MAX);
    memcpy(topic, topic_root.data, topic_root.bytes);
    memcpy(topic + topic_root.bytes, unit.data, unit.bytes);
    return span_of(topic, topic_root.bytes + unit.bytes);
}
