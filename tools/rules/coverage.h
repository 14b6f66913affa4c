/* coverage - which rows of a book some cases hit, and how often.
 *
 * A case hits the rows that its decision cites, and of a table whose rows are added up all that
 * held, since each has had its say.
 */
#ifndef TOOLS_RULES_COVERAGE_H
#define TOOLS_RULES_COVERAGE_H

#include "domain/policy.h"

struct coverage {
    const struct policy *policy;
    uint32_t tables;
    uint32_t rows[RULES_TABLES_MAX]; /* of each table, its else row among them; 0 where keywords
                                        are weighed, which are no rows that hold */
    uint64_t *hits[RULES_TABLES_MAX];
    struct row *held; /* room for the rows of any table */
    uint32_t held_max;
};

/* Nothing is hit yet. Lives as long as the arena and the policy. */
void coverage_init(struct coverage *coverage, const struct policy *policy, struct arena *arena);

/* A case, by its facts. They were resolved with the same scratch, and nothing since. */
void coverage_add(struct coverage *coverage, const struct facts *facts, struct scratch *scratch);

/* Adds what another of the same policy has. */
void coverage_add_all(struct coverage *coverage, const struct coverage *more);

/* How many rows of a table are hit. */
uint32_t coverage_hit(const struct coverage *coverage, uint32_t table);

#endif
