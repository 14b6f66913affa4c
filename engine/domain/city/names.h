/* names - what places are called.
 *
 * A place is called by its full name, by its short name in places.csv, and by what people make of
 * the full one: 夹江县 is 夹江, 漹城街道 is 漹城 or 漹城街道办, 红旗村委会 is 红旗村 or 红旗. All
 * names of a city stand in one sorted array, folded as text.h folds, those who share one beside
 * each other. Immutable once built; any thread; looking up allocates nothing.
 */
#ifndef DOMAIN_CITY_NAMES_H
#define DOMAIN_CITY_NAMES_H

#include "domain/city/places.h"

enum name_form {
    NAME_FULL, /* 漹城街道, as places.csv has it */
    NAME_SAID, /* 漹城街道办: with the kind of place */
    NAME_BARE  /* 漹城: without, so that it may be part of anything */
};

/* One name of one place. */
struct name {
    struct span text;
    struct place place;
    enum name_form form;
};

struct names;

/* Of all places, whose tree must be complete. Lives as long as the arena. */
const struct names *names_build(const struct places *places, struct arena *arena);

uint32_t names_count(const struct names *names);

/* In the order of their texts, then of places. */
const struct name *names_at(const struct names *names, uint32_t index);

/* Those with this text, a range [first, limit) of indexes. */
struct name_range {
    uint32_t first, limit;
};
struct name_range names_find(const struct names *names, struct span text);

/* The same in any list that is sorted by its texts. */
typedef struct span name_text_at(const void *list, uint32_t index);
struct name_range name_range_find(const void *list, uint32_t count, name_text_at *text_at,
                                  struct span text);

/* Bytes of the longest. */
size_t names_longest(const struct names *names);

#endif
