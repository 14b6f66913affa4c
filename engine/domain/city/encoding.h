/* encoding - a file as UTF-8, whatever it was saved as.
 *
 * Spreadsheets in China save "CSV" as GB18030, with "CSV UTF-8" as another choice, and "Unicode
 * text" as UTF-16 with a byte-order mark. All three are read; which one it is, is decided for the
 * file as a whole:
 *
 *   a byte-order mark of UTF-8 or UTF-16    that
 *   all of it is UTF-8                      that
 *   most of what is not ASCII is UTF-8      UTF-8, with damage
 *   else                                    GB18030, through the C library's iconv
 *
 * Damaged UTF-8 is never taken for GB18030, which many a pair of its bytes would be.
 */
#ifndef DOMAIN_CITY_ENCODING_H
#define DOMAIN_CITY_ENCODING_H

#include "base/arena.h"
#include "base/err.h"

enum { ENCODING_FAULT_BYTES = 160 };

/* *text becomes text in the sense of utf8.h, without its byte-order mark. False with a fault that
 * says what is wrong, and what to do; *text is then what stands before it. Either lives as long as
 * the arena and the source. */
MUST_CHECK bool encoding_decode(struct span source, struct arena *arena, struct span *text,
                                char fault[ENCODING_FAULT_BYTES]);

#endif
