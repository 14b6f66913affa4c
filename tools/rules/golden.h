/* golden - cases of which is known where they belong, held against a rule book.
 *
 *     {"case": {...}, "at": "2026-10-03T09:00", "regime": "holiday",
 *      "unit": "511126000000.urban", "tier": "county", "row": "assign/noise"}
 *
 * One object a line, in CITY/golden/ in files that end in .jsonl; empty lines and lines that begin
 * with # are passed over. The case and its circumstances are those of circumstances.h; a golden
 * case should say `at`, so that it does not depend on the day on which it is run. What is expected:
 *
 *     unit                 the main unit; required
 *     tier                 as the book asks, from where a unit may still be looked for further up
 *     row                  rows that the decision cites, with commas: others may be cited as well
 *     disposition          dispatch where it is not said
 *     category             as classified; a code, or "absent"
 *     urgency, limit       "critical"; "2h"
 *     co, informed         all such units, with commas, in any order; "none"
 *     reporter             shown to the main unit, or withheld
 *
 * Each case is led through the same functions as one that comes in: decoded, resolved, decided. An
 * earlier ticket that it names counts as found.
 */
#ifndef TOOLS_RULES_GOLDEN_H
#define TOOLS_RULES_GOLDEN_H

#include "tools/circumstances.h"
#include "tools/rules/coverage.h"

struct golden {
    uint64_t cases, failed; /* failed also where a line cannot be read */
    struct coverage coverage;
};

/* Runs all golden cases of a city's directory by its policy; there need be none. Adds a finding
 * for each that fails: file, line, what came instead, and how to see why. The coverage lives as
 * long as the arena and the policy. ERR_INVALID where there are findings. */
MUST_CHECK enum err golden_run(const char *directory, const struct policy *policy,
                               struct arena *arena, struct diag *diag, struct golden *golden);

/* "golden: 96 cases, all as expected; they hit 71 of 76 rows of triage, ..." */
void golden_print(const struct golden *golden, FILE *out);

#endif
