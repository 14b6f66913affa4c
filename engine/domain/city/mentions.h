/* mentions - the names in a text that count, and what each may mean.
 *
 * What hints.c and mentions.c know of each other, and nobody else.
 */
#ifndef DOMAIN_CITY_MENTIONS_H
#define DOMAIN_CITY_MENTIONS_H

#include "domain/city/hints.h"
#include "domain/city/province.h"
#include "domain/city/unit_names.h"

enum {
    SENSES_MAX = 64,  /* bits of a mask; a name that more bear says nothing */
    MENTIONS_MAX = 64 /* looked at, the first of a text: each is held against each other one */
};

/* A place that a name may mean. */
struct sense {
    struct place place;
    enum name_form form;
};

/* A name, with all that it may mean. Small, since each one that a text has is waited for. */
struct entry {
    uint32_t senses;       /* index of the first */
    uint32_t senses_count; /* 0: no name */
    uint32_t units;        /* in unit_names, index of the first */
    uint32_t units_count;
    bool organ; /* names a government or a bureau; its senses are where that is */
};

struct hints {
    const struct city *city;
    const struct province *province;
    const struct unit_names *unit_names;
    struct sense *senses;
    uint32_t senses_count;
    struct entry *entries; /* by keyword */
    uint32_t entries_count;
};

/* An occurrence of a name in the text. */
struct mention {
    uint32_t first, limit; /* bytes of the folded text */
    uint32_t run;          /* where the names begin that stand before it without a gap */
    const struct entry *entry;
    uint64_t live; /* its senses that may be meant, as bits; never 0 */
    bool organ;    /* is it, or does it belong to, an organ's name? */
};

struct mentions {
    struct mention list[TEXT_NAMES_MAX]; /* by position; none overlaps another */
    uint32_t count;
};

/* Of the names that begin before a byte of the text. */
void mentions_gather(const struct hints *hints, const struct text_names *names, uint32_t limit,
                     struct mentions *mentions);

#endif
