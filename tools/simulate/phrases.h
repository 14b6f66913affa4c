/* phrases - what people turn to the hotline with, in their words.
 *
 *   simulation/phrases.csv   category, type, kind, line, title, text, answer
 *   simulation/words.csv     slot, word
 *
 * Title and text may hold slots: {place} and {unit} are filled by whoever makes the case, any other
 * with a word of that slot from words.csv, the same one throughout a case. kind says what the case
 * is to the simulation:
 *
 *   ordinary, urgent, enterprise   such as most are; as the operator judged it; an enterprise
 * speaks emergency                      for 110, 119, 120 or 122 elsewhere                      not
 * for 12345 unit                           a report about {unit}
 *
 * line is the number, other than 12345, that it would be told to; answer is what an operator can
 * say at once. Category, line and answer may be empty. Immutable once loaded; lives as long as the
 * arena.
 */
#ifndef TOOLS_SIMULATE_PHRASES_H
#define TOOLS_SIMULATE_PHRASES_H

#include "domain/city/city.h"
#include "bench/random.h"

enum phrase_kind {
    PHRASE_ORDINARY,
    PHRASE_URGENT,
    PHRASE_ENTERPRISE,
    PHRASE_EMERGENCY,
    PHRASE_ELSEWHERE,
    PHRASE_UNIT,
    PHRASE_KIND_COUNT,
};

struct phrase {
    struct category category; /* or CATEGORY_NONE */
    enum type type;
    enum phrase_kind kind;
    struct span line, title, text, answer;
    bool names_place; /* title or text has {place} */
};

enum { SLOTS_MAX = 32, SLOT_PLACE = 0, SLOT_UNIT, SLOTS_GIVEN };

struct slot_words {
    struct span name;
    struct span *words;
    uint32_t count;
};

struct phrases {
    struct phrase *rows;
    uint32_t count;
    struct slot_words slots[SLOTS_MAX]; /* the given ones first, without words */
    uint32_t slots_count;
};

/* Reads both files. All that is wrong goes to diag; usable only if nothing was added. */
void phrases_load(const char *directory, const struct city *city, struct arena *arena,
                  struct diag *diag, struct phrases *phrases);

/* A word for each slot but the given ones. */
void phrases_choose(const struct phrases *phrases, struct random *random,
                    struct span words[SLOTS_MAX]);

/* Writes the pattern with its slots filled, and a NUL; clipped to whole characters where it does
 * not fit. Returns its length. */
size_t phrases_fill(const struct phrases *phrases, struct span pattern,
                    const struct span words[SLOTS_MAX], char *text, size_t bytes);

#endif
