#include "store/recent.h"

#include "base/check.h"
#include "store/space.h"

#include <string.h>

void recent_init(struct recent *recent, uint32_t keys_max)
{
    *recent = (struct recent){.room = 2, .generation = 1};
    while (recent->room < 2 * keys_max)
        recent->room *= 2;
    recent->entries = space_reserve(recent->room * sizeof *recent->entries);
    CHECK(recent->entries != NULL);
}

void recent_fini(struct recent *recent)
{
    space_release(recent->entries, recent->room * sizeof *recent->entries);
    *recent = (struct recent){0};
}

void recent_forget(struct recent *recent)
{
    recent->count = 0;
    recent->generation++;
    /* Gone round: what is left of the first time would count again. */
    if (recent->generation == 0) {
        memset(recent->entries, 0, recent->room * sizeof *recent->entries);
        recent->generation = 1;
    }
}

/* The key's entry, or the free one where it would go. */
static struct recent_entry *entry_of(const struct recent *recent, uint64_t key)
{
    uint64_t place = key & (recent->room - 1);
    while (recent->entries[place].generation == recent->generation &&
           recent->entries[place].key != key)
        place = (place + 1) & (recent->room - 1);
    return &recent->entries[place];
}

void recent_put(struct recent *recent, uint64_t key, uint32_t value)
{
    CHECK(value != 0);
    struct recent_entry *entry = entry_of(recent, key);
    if (entry->generation != recent->generation) {
        CHECK(recent->count < recent->room / 2);
        recent->count++;
    }
    *entry = (struct recent_entry){.key = key, .value = value, .generation = recent->generation};
}

uint32_t recent_get(const struct recent *recent, uint64_t key)
{
    const struct recent_entry *entry = entry_of(recent, key);
    return entry->generation == recent->generation ? entry->value : 0;
}
