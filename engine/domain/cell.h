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
 * Every input is turned into a number: 0 where the case does not say, else 1 to inputs_size(). So a
 * cell is a set of numbers, kept as half-open intervals. What is absent passes "-" only: neither x
 * nor not(x) says anything about it. Full-width commas, brackets and number signs count as the
 * ASCII ones.
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

enum { CELL_BYTES_MAX = 4096, CELL_INTERVALS_MAX = 1024 };

struct interval {
    uint32_t first, limit;
};

struct values {
    const struct interval *intervals; /* sorted, apart from each other */
    uint32_t count;
    bool any;
};

/* "channel", "place" ...; INPUT_COUNT where there is none of that name. */
enum input input_find(struct span name);
const char *input_name(enum input input);

/* Values are below this. */
uint32_t input_size(const struct city *city, enum input input);

/* What a case has for an input. */
uint32_t input_value(const struct facts *facts, enum input input);

/* Reads a cell. False with a fault that says what is wrong and what would be right. */
MUST_CHECK bool cell_parse(const struct city *city, enum input input, struct span text,
                           struct arena *arena, struct values *values, char *fault,
                           size_t fault_bytes);

bool values_have(const struct values *values, uint32_t value);
bool values_meet(const struct values *a, const struct values *b);

#endif
