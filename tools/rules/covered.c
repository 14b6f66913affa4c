#include "tools/rules/covered.h"

#include "stages/recalled.h"

/* What one thread counts, and what it decides with. */
struct walker {
    struct covered covered;
    struct scratch *scratch;
};

static bool visit(void *self, struct store_reader *reader, const struct event_view *view)
{
    struct walker *walker = self;
    struct covered *covered = &walker->covered;
    struct recalled recalled;
    struct facts facts;
    struct excluded excluded;
    struct decision decision;
    struct misfit misfit;
    if (view->kind != KIND_CASE || view->erased || recalled_read(reader, view, &recalled) != OK)
        return true;
    covered->cases++;
    if (recalled_decide(&recalled, covered->coverage.policy, walker->scratch, &facts, &excluded,
                        &decision, &misfit))
        coverage_add(&covered->coverage, &facts, walker->scratch);
    else
        covered->unknown++;
    return true;
}

enum err covered_count(const struct store_look *look, const struct policy *policy,
                       struct arena *arena, struct diag *diag, struct covered *covered)
{
    struct walker walkers[HISTORY_THREADS];
    void *selves[HISTORY_THREADS];
    for (uint32_t i = 0; i < HISTORY_THREADS; i++) {
        walkers[i] = (struct walker){.scratch = scratch_create(policy)};
        coverage_init(&walkers[i].covered.coverage, policy, arena);
        selves[i] = &walkers[i];
    }
    enum err err = history_walk(look, "counting rows", visit, selves, HISTORY_THREADS, diag);
    *covered = walkers[0].covered;
    for (uint32_t i = 0; i < HISTORY_THREADS; i++) {
        scratch_destroy(&walkers[i].scratch);
        if (i == 0)
            continue;
        coverage_add_all(&covered->coverage, &walkers[i].covered.coverage);
        covered->cases += walkers[i].covered.cases;
        covered->unknown += walkers[i].covered.unknown;
    }
    return err;
}
