#include "domain/check/check.h"

const struct findings *check_policy(const struct policy *policy, int32_t today, struct arena *arena)
{
    struct findings *findings = arena_take(arena, sizeof *findings);
    (void)policy;
    (void)today;
    findings->arena = arena;
    findings_sort(findings);
    return findings;
}

/* The finding, the case that shows it and the remedy, as one sentence after the other. */
static void tell(const struct check_finding *finding, struct diag *diag)
{
    diag_add(diag, finding->file, finding->line, finding->column, "%s%s%s; %s", finding->text,
             finding->shows[0] != '\0' ? ": " : "", finding->shows, finding->remedy);
}

enum err check_book(const struct policy *policy, int32_t today, struct diag *diag)
{
    struct arena *arena = arena_create();
    const struct findings *findings = check_policy(policy, today, arena);
    enum err err = OK;
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->list[i].severity != SEVERITY_ERROR)
            continue;
        tell(&findings->list[i], diag);
        err = ERR_INVALID;
    }
    arena_destroy(&arena);
    return err;
}
