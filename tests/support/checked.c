#include "tests/support/checked.h"

#include "base/check.h"
#include "domain/city/date.h"
#include "domain/decide.h"

#include <stdio.h>

void checked_open(const char *directory, struct checked *checked)
{
    enum { TODAY = 20783 }; /* 2026-11-26 */
    *checked = (struct checked){.diag = diag_create(), .arena = arena_create()};
    if (policy_load(directory, checked->diag, &checked->policy) == OK)
        checked->findings = check_policy(checked->policy, TODAY, checked->arena);
}

void checked_close(struct checked *checked)
{
    policy_destroy(&checked->policy);
    diag_destroy(&checked->diag);
    arena_destroy(&checked->arena);
}

const struct check_finding *checked_find(const struct checked *checked, enum flaw flaw,
                                         const char *about)
{
    for (uint32_t i = 0; checked->findings != NULL && i < checked->findings->count; i++)
        if (checked->findings->list[i].flaw == flaw &&
            strcmp(checked->findings->list[i].about, about) == 0)
            return &checked->findings->list[i];
    return NULL;
}

void checked_print(const struct checked *checked)
{
    diag_print(checked->diag, stderr);
    for (uint32_t i = 0; checked->findings != NULL && i < checked->findings->count; i++) {
        const struct check_finding *finding = &checked->findings->list[i];
        fprintf(stderr, "%s:%u:%u %s,%s: %s (%s)\n", finding->file, finding->line, finding->column,
                flaw_name(finding->flaw), finding->about, finding->text, finding->shows);
    }
}

bool checked_comes_to(const struct checked *checked, const struct witness *witness, const char *row)
{
    struct scratch *scratch = scratch_create(checked->policy);
    struct facts facts = {.channel = witness->channel,
                          .type = witness->type,
                          .applicant = witness->applicant,
                          .urgency = witness->urgency,
                          .regime = witness->regime,
                          .earlier = witness->earlier ? FLAG_YES : FLAG_NO,
                          .answered = witness->answered ? FLAG_YES : FLAG_NO};
    struct case_words words = {.line = witness->line,
                               .category = witness->category,
                               .place = witness->place,
                               .respondent = witness->respondent,
                               .text = witness->text};
    struct misfit misfit;
    struct decision decision;
    bool found = false;
    facts_set_moment(&facts, witness->at_ms);
    CHECK(facts_resolve(checked->policy->city, &words, true, scratch, &facts, &misfit));
    decide(checked->policy, &facts, NULL, scratch, &decision);
    for (uint32_t i = 0; i < decision.rows_count; i++)
        found |= span_is(rules_row_name(checked->policy->rules, decision.rows[i]), row);
    scratch_destroy(&scratch);
    return found;
}
