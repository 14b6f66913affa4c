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

#endif
