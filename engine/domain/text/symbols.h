/* symbols - the characters that keywords are made of, as small numbers.
 *
 *      噪声 施工 ktv       four Chinese characters and three letters have symbols of their own
 *      夜間 ＫＴＶ噪聲     is  other other, blank, k t v 噪 声
 *
 * A text becomes a row of symbols, one for each character of what fold.h makes of it, in one pass
 * and without that being written. Characters that stand in no keyword share two symbols. Immutable
 * once built; any thread.
 */
#ifndef DOMAIN_TEXT_SYMBOLS_H
#define DOMAIN_TEXT_SYMBOLS_H

#include "base/span.h"

enum {
    SYMBOL_OTHER = 1,            /* in no keyword; the end of a part too. 0 is no symbol */
    SYMBOLS_MAX = UINT16_MAX - 1 /* are below this, so that UINT16_MAX is none either */
};

struct symbols;

/* Of folded texts, valid UTF-8. NULL where they have more characters than there are symbols. */
struct symbols *symbols_create(const struct span *texts, uint32_t count);

/* NULL is fine. */
void symbols_destroy(struct symbols **symbols);

/* All are below this. */
uint32_t symbols_count(const struct symbols *symbols);

/* Writes the symbols of a text, folded as fold.h does, and returns how many: never more than it has
 * bytes. */
size_t symbols_write(const struct symbols *symbols, struct span text, uint16_t *written);

#endif
