/* explain_weights - why words were weighed as they were. For explain.c alone. */
#ifndef DOMAIN_EXPLAIN_WEIGHTS_H
#define DOMAIN_EXPLAIN_WEIGHTS_H

#include "domain/explain.h"

/* The keywords that the text has with what each says for the heaviest column, its sum and its lead;
 * the same of the next column. The row is one that rules_trace() noted of a W table, with the facts
 * it saw. */
void explain_weights(const struct policy *policy, struct row row, const struct facts *seen,
                     struct arena *arena, struct explained_row *explained);

#endif
