#include "stages/prefixes.h"

#include "base/check.h"

static const struct span topic_root = {(const uint8_t *)"unit.", 5};

struct prefix {
    bool used;
    uint8_t bytes_count;
    uint8_t bytes[PREFIX_BYTES_MAX];
};

struct prefixes {
    uint32_t limit;
    uint32_t count;
    bool overflowed;
    struct prefix list[PREFIXES_MAX];
};

struct prefixes *prefixes_create(struct arena *arena)
{
    return arena_take(arena, sizeof(struct prefixes));
}

static uint32_t find(const struct prefixes *prefixes, struct span prefix)
{
    for (uint32_t i = 0; i < prefixes->limit; i++)
        if (prefixes_has(prefixes, i) && span_equal(prefixes_at(prefixes, i), prefix))
            return i;
    return PREFIX_NONE;
}

static uint32_t find_free(const struct prefixes *prefixes)
{
    uint32_t index = 0;
    while (index < prefixes->limit && prefixes->list[index].used)
        index++;
    return index < PREFIXES_MAX ? index : PREFIX_NONE;
}

uint32_t prefixes_add(struct prefixes *prefixes, struct span prefix)
{
    CHECK(prefix.bytes <= PREFIX_BYTES_MAX);
    uint32_t index = find(prefixes, prefix);
    if (index != PREFIX_NONE)
        return index;
    index = find_free(prefixes);
    if (index == PREFIX_NONE) {
        prefixes->overflowed = true;
        return PREFIX_NONE;
    }
    struct prefix *added = &prefixes->list[index];
    added->used = true;
    added->bytes_count = (uint8_t)prefix.bytes;
    if (prefix.bytes > 0)
        memcpy(added->bytes, prefix.data, prefix.bytes);
    prefixes->count++;
    if (index == prefixes->limit)
        prefixes->limit++;
    return index;
}

uint32_t prefixes_remove(struct prefixes *prefixes, struct span prefix)
{
    uint32_t index = find(prefixes, prefix);
    if (index == PREFIX_NONE)
        return PREFIX_NONE;
    prefixes->list[index].used = false;
    prefixes->count--;
    while (prefixes->limit > 0 && !prefixes->list[prefixes->limit - 1].used)
        prefixes->limit--;
    return index;
}

uint32_t prefixes_limit(const struct prefixes *prefixes)
{
    return prefixes->limit;
}

bool prefixes_has(const struct prefixes *prefixes, uint32_t index)
{
    return index < prefixes->limit && prefixes->list[index].used;
}

struct span prefixes_at(const struct prefixes *prefixes, uint32_t index)
{
    CHECK(prefixes_has(prefixes, index));
    return span_of(prefixes->list[index].bytes, prefixes->list[index].bytes_count);
}

uint32_t prefixes_count(const struct prefixes *prefixes)
{
    return prefixes->count;
}

bool prefixes_overflowed(const struct prefixes *prefixes)
{
    return prefixes->overflowed;
}

uint32_t prefixes_longest(const struct prefixes *prefixes, struct span unit)
{
    uint32_t longest = PREFIX_NONE;
    for (uint32_t i = 0; i < prefixes->limit; i++)
        if (prefixes_has(prefixes, i) && prefix_covers(prefixes_at(prefixes, i), unit) &&
            (longest == PREFIX_NONE ||
             prefixes_at(prefixes, i).bytes > prefixes_at(prefixes, longest).bytes))
            longest = i;
    return longest;
}

struct span prefix_key(struct span prefix)
{
    if (prefix.bytes <= topic_root.bytes)
        return (struct span){0};
    return span_of(prefix.data + topic_root.bytes, prefix.bytes - topic_root.bytes);
}

bool prefix_covers(struct span prefix, struct span unit)
{
    if (prefix.bytes <= topic_root.bytes)
        return span_starts_with(topic_root, prefix);
    return span_starts_with(prefix, topic_root) && span_starts_with(unit, prefix_key(prefix));
}

struct span prefix_topic(struct span unit, char *topic)
{
    CHECK(topic_root.bytes + unit.bytes <= PREFIX_BYTES_MAX);
    memcpy(topic, topic_root.data, topic_root.bytes);
    memcpy(topic + topic_root.bytes, unit.data, unit.bytes);
    return span_of(topic, topic_root.bytes + unit.bytes);
}
