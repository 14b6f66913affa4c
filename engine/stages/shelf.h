/* shelf - policies that are kept in the store, made again when something is asked of what they
 * decided.
 *
 * A few at a time: who asks about a ticket of last year often asks about its neighbours. What was
 * not asked for longest gives way. A policy that cannot be made again, since its bundle is damaged
 * or an older release wrote it by other rules, is remembered as one, too. A shelf belongs to one
 * thread, which makes policies on it; that takes as long as a city takes to load, so it is for
 * threads that cases do not wait for.
 */
#ifndef STAGES_SHELF_H
#define STAGES_SHELF_H

#include "store/store.h"

enum { SHELF_HASH_DIGITS_MIN = 8, SHELF_PLACES_MAX = 16 };

struct shelf;

/* With room for so many policies, 1 to SHELF_PLACES_MAX. */
struct shelf *shelf_create(uint32_t places);

/* NULL is fine. */
void shelf_destroy(struct shelf **shelf);

struct shelved {
    const struct policy *policy; /* its number is set, its feeds are not */
    struct scratch *scratch;
};

/* A policy by its number in the store; it stays until so many others were taken as there are
 * places. Findings in diag, once: ERR_NOT_FOUND, ERR_DAMAGED, ERR_INVALID. Within a snapshot. */
MUST_CHECK enum err shelf_take(struct shelf *shelf, struct store_reader *reader, uint32_t number,
                               struct diag *diag, struct shelved *shelved);

/* Why the policy of a number could not be made, as long as it stays so; else "". */
const char *shelf_why(const struct shelf *shelf, uint32_t number);

/* The number of the policy whose hash begins with these hex digits. ERR_INVALID: they are no hex
 * digits or too few; ERR_NOT_FOUND; ERR_FULL: several hashes begin so. Within a snapshot. */
MUST_CHECK enum err shelf_find(struct store_reader *reader, struct span digits, uint32_t *number);

#endif
