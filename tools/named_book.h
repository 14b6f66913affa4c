/* named_book - the rule book that a command line means: a city's directory, or a policy that a
 * store keeps, by the first digits of its hash.
 *
 * A directory goes first; one that is called like a hash is meant by ./ before its name.
 */
#ifndef TOOLS_NAMED_BOOK_H
#define TOOLS_NAMED_BOOK_H

#include "store/look.h"

enum { NAMED_BOOK_HASH_BYTES = 2 * POLICY_HASH_BYTES + 1, NAMED_BOOK_SHORT = 12 };

/* Makes the policy. Where there is none, diag says why: no such directory or hash, several whose
 * hashes begin so, what is wrong with its files. look may be NULL: then only a directory will do.
 * A policy of the store has its number there. */
MUST_CHECK enum err named_book_open(const char *meant, const struct store_look *look,
                                    struct diag *diag, struct policy **policy);

/* The number of the policy that a store keeps under a hash which begins so. Else as above. */
MUST_CHECK enum err named_book_number(const char *digits, const struct store_look *look,
                                      struct diag *diag, uint32_t *number);

/* All digits of its hash. */
const char *named_book_hash(const struct policy *policy, char text[NAMED_BOOK_HASH_BYTES]);

#endif
