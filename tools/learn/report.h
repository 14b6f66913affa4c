/* report - what a trial showed, counted and printed. */
#ifndef TOOLS_LEARN_REPORT_H
#define TOOLS_LEARN_REPORT_H

#include "domain/rules/weights.h"
#include "tools/learn/trial.h"

#include <stdio.h>

/* The least lead from which on this share of what leads by it or more is right; so that no smaller
 * lead would be, where several would. At least 1. */
int32_t report_margin(const struct corpus *corpus, const struct verdict *verdicts,
                      double precision);

/* Accuracy and macro-F1 where the heaviest column always decides, and what is decided and right
 * where it must lead by the margin; then who was taken for whom. */
void report_table(FILE *out, const struct corpus *corpus, const struct label_map *map,
                  const struct verdict *verdicts, int32_t margin);

/* What the whole book made of them, after what it would say without the table. */
void report_book(FILE *out, const char *what, const struct corpus *corpus,
                 const struct verdict *verdicts);

#endif
