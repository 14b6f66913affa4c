/* explain_say - what a case has, in words: "#070101 施工噪声". For explain.c alone.
 *
 * Numbers become names here. All of it is printed into the arena, and cut where it does not fit,
 * but not through a character.
 */
#ifndef DOMAIN_EXPLAIN_SAY_H
#define DOMAIN_EXPLAIN_SAY_H

#include "domain/city/city.h"
#include "domain/rules/facts.h"
#include "domain/rules/input.h"
#include "domain/rules/text_cell.h"

struct span explain_say(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct span explain_category(const struct city *city, struct category category,
                             struct arena *arena);
struct span explain_place(const struct city *city, struct place place, struct arena *arena);
struct span explain_line(const struct city *city, struct line line, struct arena *arena);

/* "complaint 投诉" */
struct span explain_word(const struct word_list *words, uint32_t number, struct arena *arena);

struct span explain_date(int32_t day, struct arena *arena);

/* What a case has for any input but its words; empty where it does not say. */
struct span explain_value(const struct city *city, enum input input, const struct facts *facts,
                          struct arena *arena);

/* The keywords of the cell that the text has; those that it must not have only where they are what
 * is wrong. hits may be NULL, a case without any. */
struct span explain_keywords(const struct city *city, const struct text_cell *cell,
                             const struct text_hits *hits, bool forbidden, struct arena *arena);

#endif
