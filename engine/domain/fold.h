/* fold - text as keywords are compared with it.
 *
 * Full-width letters, digits and signs become the ASCII ones, upper case lower, traditional
 * characters simplified (OpenCC's table of characters); blanks and line ends between Chinese
 * characters are dropped. Folded text is never longer than what it came from, and folding it again
 * changes nothing. Pure; any thread.
 */
#ifndef DOMAIN_FOLD_H
#define DOMAIN_FOLD_H

#include "base/span.h"

/* Folds valid UTF-8 into a buffer of at least text.bytes; returns the length. */
size_t fold(struct span text, uint8_t *folded);

#endif
