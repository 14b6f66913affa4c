/* change - what two books make of one case, held against each other.
 *
 * A decision is looked at in aspects, each with a value: where the case goes, who works along, who
 * is told, how it is classified, how urgent it is, against which clock, whether the reporter is
 * shown. Where the values of an aspect differ, that is a change, and the rows that wrote them are
 * noted. Values are compared byte by byte, so what is alike is written alike, in the pair's
 * numbers.
 */
#ifndef TOOLS_COMPARE_CHANGE_H
#define TOOLS_COMPARE_CHANGE_H

#include "tools/compare/pair.h"

enum aspect {
    ASPECT_WHERE,
    ASPECT_CO,
    ASPECT_INFORMED,
    ASPECT_CATEGORY,
    ASPECT_URGENCY,
    ASPECT_CLOCK,
    ASPECT_REPORTER,
    ASPECTS
};

struct aspect_kind {
    const char *name;  /* "where", for JSON */
    const char *title; /* "would go elsewhere" */
    const char *label; /* 去向改变 */
};

extern const struct aspect_kind aspect_kinds[ASPECTS];

/* In words, those behind the last are 0:
 *
 *      where                        an end, below
 *      co, informed                 each function's number + 1, ascending
 *      category                     its number + 1; 0: it has none
 *      urgency, reporter            which, and whether it is shown
 *      clock                        to answer and then to sign: how many, and whether of minutes
 */
struct value {
    uint32_t words[ASSIGNMENTS_MAX];
};

#define ROW_NONE  ((struct row){UINT16_MAX, UINT16_MAX})
#define ROW_DOUBT ((struct row){UINT16_MAX, 0}) /* no row, but a doubt, sent it to the desk */

struct change {
    uint32_t aspect;
    uint32_t category; /* number, by the old book or else by the new; COMMON_NONE */
    struct value values[SIDES];
    struct row rows[SIDES]; /* that wrote them */
};

/* Where a case ends: a unit's number, or, where it is not dispatched, one beyond those for each
 * disposition. */
uint32_t change_ends(const struct pair *pair);
uint32_t change_end(const struct pair *pair, enum side side, const struct decision *decision);
bool change_end_is_unit(const struct pair *pair, uint32_t end);
enum disposition change_end_disposition(const struct pair *pair, uint32_t end);

/* Both decisions of one case, each by its own policy. How many changes there are. Where one of them
 * does not dispatch it, co-units, urgency, clock and reporter are not compared: there it has none.
 */
uint32_t change_find(const struct pair *pair, const struct decision *const decisions[SIDES],
                     struct change changes[ASPECTS]);

/* Is everything the same but for the rows that say where it goes? */
bool change_is_of_rows(const struct pair *pair, const struct decision *const decisions[SIDES]);

/* A value in words, as a terminal shows it: "511126000000.urban 夹江县城市管理行政执法局". How many
 * bytes, cut at the room's end. */
enum { CHANGE_TEXT_BYTES_MAX = 512 };
size_t change_value_text(const struct pair *pair, uint32_t aspect, const struct value *value,
                         char text[CHANGE_TEXT_BYTES_MAX]);

/* "assign/noise"; "(in doubt)", "(no row)". */
struct span change_row_text(const struct pair *pair, enum side side, struct row row);

#endif
