/* cell - one cell of a decision table: the set of values it lets pass.
 *
 * Unary tests in the manner of S-FEEL:
 *
 *      -  or empty        anything, also a value that is absent
 *      phone, sms         one of these
 *      not(phone, sms)    any other
 *      #0301  #511126     a code with its whole subtree; a place also as a path of names
 *      [8..18)  >= 18     numbers
 *
 * Every input is turned into a number: 0 where the case does not say, else 1 to input_size() - 1.
 * So a cell is a set of numbers, kept as half-open intervals. What is absent passes "-" only:
 * neither x nor not(x) says anything about it, so not(x) is not simply the rest.
 */
#ifndef DOMAIN_CELL_H
#define DOMAIN_CELL_H

#include "domain/facts.h"

enum input {
    INPUT_CHANNEL,
    INPUT_TYPE,
    INPUT_APPLICANT,
    INPUT_URGENCY,
    INPUT_LINE,
    INPUT_CATEGORY,
    INPUT_PLACE,
    INPUT_HOUR,
    INPUT_COUNT,
};

enum { CELL_INTERVALS_MAX = 1024 };

struct interval {
    uint32_t first, limit;
};

struct values {
    const struct interval *intervals; /* sorted, apart from each other; never 0, the absent */
    uint32_t count;
    bool any; /* "-"; then there are no intervals */
};

/* "channel", "place" ...; INPUT_COUNT where there is none of that name. */
enum input input_find(struct span name);
const char *input_name(enum input input);

/* Values are below this. */
uint32_t input_size(const struct city *city, enum input input);

/* What a case has for an input. */
uint32_t input_value(const struct facts *facts, enum input input);

/* A cell as it is meant: trimmed, and full-width commas, brackets, dashes and number signs made the
 * ASCII ones. A copy in the arena. */
struct span cell_fold(struct span text, struct arena *arena);

/* Takes the next item, trimmed, off a folded list with commas; false at the end. */
bool cell_next_item(struct span *rest, struct span *item);

/* Reads a folded cell. False with a fault that says what is wrong and what would be right; 256
 * bytes hold any. */
MUST_CHECK bool cell_parse(const struct city *city, enum input input, struct span text,
                           struct arena *arena, struct values *values, char *fault,
                           size_t fault_bytes);

bool values_have(const struct values *values, uint32_t value);

/* Is there a value that both have? */
bool values_meet(const struct values *a, const struct values *b);

/* Does b have every value of a? */
bool values_within(const struct values *a, const struct values *b);

#endif
