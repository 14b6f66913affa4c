/* fold - text as keywords are compared with it.
 *
 *      ＫＴＶ 夜間擾民   ->  ktv 夜间扰民
 *      施 工
 *      噪音             ->  施工噪音
 *
 * Full-width letters, digits and signs become the ASCII ones, ASCII's upper case lower, traditional
 * characters simplified (OpenCC's table of characters, each by itself). Blanks of all kinds and
 * line ends are dropped between Chinese characters and at both ends; elsewhere a run of them
 * becomes one space, so that there is no line end in folded text. Folded text is never longer than
 * what it came from, and folding it again changes nothing. Pure; any thread.
 */
#ifndef DOMAIN_TEXT_FOLD_H
#define DOMAIN_TEXT_FOLD_H

#include "base/span.h"

/* Folds valid UTF-8 into a buffer of at least text.bytes; returns the length. */
size_t fold(struct span text, uint8_t *folded);

/* Of one character. Is it a blank? */
bool fold_is_blank(uint32_t code);

/* What stands for one that is no blank: it, or what folds to itself. */
uint32_t fold_character(uint32_t code);

/* Is one that was folded Chinese, so that its like need no blank between them: ideographs, radicals
 * and the signs 、 and 。 and their kin? */
bool fold_is_chinese(uint32_t code);

#endif
