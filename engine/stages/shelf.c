#include "stages/shelf.h"

#include "base/check.h"
#include "base/utf8.h"

#include <stdio.h>

enum { WHY_BYTES = 160 };

struct kept {
    uint32_t number;     /* 0: the place is free */
    enum err err;        /* with which it could not be made */
    char why[WHY_BYTES]; /* of that the first finding */
    struct policy *policy;
    struct scratch *scratch;
    uint64_t asked;
};

struct shelf {
    struct arena *arena;
    struct kept places[SHELF_PLACES_MAX];
    uint32_t places_count;
    uint64_t asked; /* times that one was taken */
};

struct shelf *shelf_create(uint32_t places)
{
    struct arena *arena = arena_create();
    struct shelf *shelf = arena_take(arena, sizeof *shelf);
    CHECK(places >= 1 && places <= SHELF_PLACES_MAX);
    shelf->arena = arena;
    shelf->places_count = places;
    return shelf;
}

static void clear(struct kept *kept)
{
    scratch_destroy(&kept->scratch);
    policy_destroy(&kept->policy);
    *kept = (struct kept){.number = 0};
}

void shelf_destroy(struct shelf **shelf)
{
    if (*shelf == NULL)
        return;
    for (uint32_t i = 0; i < (*shelf)->places_count; i++)
        clear(&(*shelf)->places[i]);
    struct arena *arena = (*shelf)->arena;
    *shelf = NULL;
    arena_destroy(&arena);
}

static enum err make(struct store_reader *reader, uint32_t number, struct diag *diag,
                     struct policy **policy)
{
    char name[32];
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    snprintf(name, sizeof name, "policy-%u", number);
    enum err err = store_reader_policy(reader, number, hash, &bundle);
    if (err != OK) {
        diag_add(diag, name, 0, 0, "is not in the store: %s", err_name(err));
        return err;
    }
    err = policy_load_kept(name, hash, bundle, diag, policy);
    if (err == OK)
        (*policy)->number = number;
    return err;
}

static void make_kept(struct kept *kept, struct store_reader *reader, uint32_t number,
                      struct diag *diag)
{
    size_t before = diag_count(diag);
    kept->number = number;
    kept->err = make(reader, number, diag, &kept->policy);
    if (kept->err == OK) {
        kept->scratch = scratch_create(kept->policy);
    } else if (before < diag_count(diag) && before < DIAG_MAX) {
        struct span why = utf8_clip(span_of_string(diag_at(diag, before)->text), WHY_BYTES - 1);
        snprintf(kept->why, sizeof kept->why, "%.*s", SPAN_ARG(why));
    }
}

static struct kept *find_place(struct shelf *shelf, uint32_t number)
{
    struct kept *oldest = &shelf->places[0];
    for (uint32_t i = 0; i < shelf->places_count; i++) {
        struct kept *kept = &shelf->places[i];
        if (kept->number == number)
            return kept;
        if (kept->asked < oldest->asked)
            oldest = kept;
    }
    clear(oldest);
    return oldest;
}

enum err shelf_take(struct shelf *shelf, struct store_reader *reader, uint32_t number,
                    struct diag *diag, struct shelved *shelved)
{
    if (number == 0)
        return ERR_NOT_FOUND;
    struct kept *kept = find_place(shelf, number);
    kept->asked = ++shelf->asked;
    if (kept->number == 0)
        make_kept(kept, reader, number, diag);
    *shelved = (struct shelved){kept->policy, kept->scratch};
    return kept->err;
}

const char *shelf_why(const struct shelf *shelf, uint32_t number)
{
    for (uint32_t i = 0; i < shelf->places_count; i++)
        if (shelf->places[i].number == number)
            return shelf->places[i].why;
    return "";
}

/* -- by hash ----------------------------------------------------------------------------------- */

static int digit_of(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 'a' ^ 'A';
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool begins(const uint8_t hash[POLICY_HASH_BYTES], struct span digits)
{
    for (size_t i = 0; i < digits.bytes; i++)
        if (digit_of(digits.data[i]) != (i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15))
            return false;
    return true;
}

enum err shelf_find(struct store_reader *reader, struct span digits, uint32_t *number)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    enum err err = OK;
    *number = 0;
    if (digits.bytes < SHELF_HASH_DIGITS_MIN || digits.bytes > 2 * (size_t)POLICY_HASH_BYTES)
        return ERR_INVALID;
    for (size_t i = 0; i < digits.bytes; i++)
        if (digit_of(digits.data[i]) < 0)
            return ERR_INVALID;
    for (uint32_t i = 1; err == OK; i++) {
        err = store_reader_policy(reader, i, hash, &bundle);
        if (err != OK || !begins(hash, digits))
            continue;
        if (*number != 0)
            return ERR_FULL;
        *number = i;
    }
    if (err != ERR_NOT_FOUND)
        return err;
    return *number != 0 ? OK : ERR_NOT_FOUND;
}
