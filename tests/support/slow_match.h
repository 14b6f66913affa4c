/* slow_match - the obvious matcher: looks at every row as it is written.
 *
 * Judges the quick one in tests. It shares no code with it, nor with the sets of cell.c: it walks
 * the rows and their intervals one by one and keeps the best by the table's hit policy.
 */
#ifndef TESTS_SUPPORT_SLOW_MATCH_H
#define TESTS_SUPPORT_SLOW_MATCH_H

#include "domain/table.h"

/* As matcher_match. */
uint32_t slow_match(const struct table *table, const uint32_t *values);

/* Does this row hold, whatever other rows do? */
bool slow_match_row(const struct table *table, const struct table_row *row, const uint32_t *values);

#endif
