/* small_city - a city that fits on a screen, in a directory of its own, for tests to add rules to.
 *
 *   5111 乐山市
 *    +- 511102 市中区 -- 511102101 牟子镇 -- 511102101201 红旗村, 511102101202 新华村
 *    +- 511126 夹江县 -- 511126001 漹城街道 -- 511126001001 北街社区, 511126001201 红旗村
 *
 *   desk and fund at the city; health, labour, police, roads, urban and water also in counties;
 *   general everywhere. But 市中区 has no roads.
 *   Lines 12345, 12319 and 12329; categories 01 (0101, 0102), 02 (0201), 03. The calendar knows the
 *   week of 2026-11-23, a Monday off for which the Saturday is worked.
 */
#ifndef TESTS_SUPPORT_SMALL_CITY_H
#define TESTS_SUPPORT_SMALL_CITY_H

#include "domain/policy.h"

struct small_city {
    char directory[64];
    struct arena *arena;
    struct diag *diag;
    const struct city *city;
    struct scratch *scratch; /* of small_city_scratch(), or NULL */
};

/* Writes the city's tables and loads them. Any trouble ends the test. */
void small_city_make(struct small_city *small);

/* Frees it all and removes the directory. */
void small_city_remove(struct small_city *small);

/* Writes DIR/rules/NAME.csv. */
void small_city_write(const struct small_city *small, const char *name, const char *text);

/* Reads the table t.csv with this text. Findings are those of this reading alone. */
struct table;
struct table *small_city_table(struct small_city *small, const char *text);

/* Compiles the keywords of all tables that were read so far, and makes a scratch to run the rules
 * with. It holds until the next call. */
struct scratch *small_city_scratch(struct small_city *small, const struct rules *rules);

/* Forgets the findings so far. */
void small_city_forget(struct small_city *small);

/* "12:3 text" of a finding, without the file; "" where there is none of this index. Holds until the
 * next call. */
const char *small_city_finding(const struct small_city *small, size_t index);

/* By code; any trouble ends the test. */
struct place small_city_place(const struct small_city *small, const char *code);
struct category small_city_category(const struct small_city *small, const char *code);

/* A citizen's complaint by phone on 2026-11-24 at ten in the morning; nothing else is said. */
struct facts small_city_facts(void);

#endif
