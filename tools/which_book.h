/* which_book - the rule book that a command line means: a city's directory, or a policy that a
 * store keeps, by the first digits of its hash.
 *
 * A directory goes first; one that is called like a hash is meant by ./ before its name.
 */
#ifndef TOOLS_WHICH_BOOK_H
#define TOOLS_WHICH_BOOK_H

#include "store/look.h"

enum {
    WHICH_BOOK_HASH_DIGITS_MIN = 8,
    WHICH_BOOK_HASH_BYTES = 2 * POLICY_HASH_BYTES + 1,
    WHICH_BOOK_SHORT = 12
};

/* Makes the policy. Where there is none, diag says why: no such directory or hash, several whose
 * hashes begin so, what is wrong with its files. look may be NULL: then only a directory will do.
 * A policy of the store has its number there. */
MUST_CHECK enum err which_book_open(const char *meant, const struct store_look *look,
                                    struct diag *diag, struct policy **policy);

/* All digits of its hash. */
const char *which_book_hash(const struct policy *policy, char text[WHICH_BOOK_HASH_BYTES]);

#endif
