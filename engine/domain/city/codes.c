#include "domain/city/codes.h"

#include "base/check.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "pack puts the first byte lowest");

struct key {
    uint64_t front, back; /* back is never 0 */
};

/* The table is of numbers, so that it stays small, and in the processor's cache. */
struct codes {
    uint32_t *table; /* number of a code, plus 1; 0: free */
    uint32_t bits;   /* of places there are 1 << bits, twice as many as codes at least */
    uint32_t count;
    struct key *keys; /* by number */
};

struct codes *codes_create(uint32_t count, struct arena *arena)
{
    struct codes *codes = arena_take(arena, sizeof *codes);
    codes->count = count;
    codes->bits = 1;
    while (1ULL << codes->bits < 2ULL * count)
        codes->bits++;
    codes->table = arena_take(arena, sizeof *codes->table << codes->bits);
    codes->keys = arena_take(arena, (count + 1) * sizeof *codes->keys);
    return codes;
}

static uint64_t load(const uint8_t *from, size_t bytes)
{
    uint64_t word = 0;
    memcpy(&word, from, bytes);
    return word;
}

/* The bytes, zeros behind them, and last how many they are. Pieces that overlap agree there. */
static struct key pack(struct span code)
{
    const uint8_t *data = code.data;
    size_t bytes = code.bytes;
    struct key key = {.back = (uint64_t)bytes << 56};
    if (bytes > 8) {
        key.front = load(data, 8);
        key.back |= load(data + bytes - 8, 8) >> (16 - bytes) * 8;
    } else if (bytes >= 4) {
        key.front = load(data, 4) | load(data + bytes - 4, 4) << (bytes - 4) * 8;
    } else {
        for (size_t i = 0; i < bytes; i++)
            key.front |= (uint64_t)data[i] << i * 8;
    }
    return key;
}

static bool has_key(const struct codes *codes, uint32_t number, struct key key)
{
    return codes->keys[number].front == key.front && codes->keys[number].back == key.back;
}

/* Where a key's number stands, or where it would. */
static uint32_t *place_of(const struct codes *codes, struct key key)
{
    uint64_t mixed = (key.front ^ key.back * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93;
    uint32_t mask = (1u << codes->bits) - 1;
    for (uint32_t at = (uint32_t)(mixed >> (64 - codes->bits));; at = (at + 1) & mask) {
        uint32_t *place = &codes->table[at];
        if (*place == 0 || has_key(codes, *place - 1, key))
            return place;
    }
}

void codes_add(struct codes *codes, struct span code, uint32_t number)
{
    CHECK(code.bytes > 0 && code.bytes <= CODE_BYTES_MAX && number < codes->count);
    uint32_t *place = place_of(codes, pack(code));
    if (*place != 0)
        return;
    codes->keys[number] = pack(code);
    *place = number + 1;
}

uint32_t codes_find(const struct codes *codes, struct span code)
{
    if (code.bytes == 0 || code.bytes > CODE_BYTES_MAX)
        return CODE_NONE;
    return *place_of(codes, pack(code)) - 1;
}
