#include "tests/support/leshan.h"

#include "base/check.h"

#include <stdio.h>

static struct diag *diag;
static struct policy *policy;
static struct scratch *scratch;

void leshan_open(void)
{
    diag = diag_create();
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_print(diag, stderr);
    CHECK(err == OK);
    scratch = scratch_create(policy);
}

void leshan_close(void)
{
    scratch_destroy(&scratch);
    policy_destroy(&policy);
    diag_destroy(&diag);
}

const struct policy *leshan_policy(void)
{
    return policy;
}

struct facts leshan_facts(enum type type)
{
    return (struct facts){.channel = CHANNEL_WECHAT,
                          .type = type,
                          .applicant = APPLICANT_CITIZEN,
                          .urgency = URGENCY_NORMAL,
                          .regime = REGIME_NORMAL,
                          .date = 20781, /* 2026-11-24 */
                          .minute = 10 * 60,
                          .earlier = FLAG_NO,
                          .answered = FLAG_NO};
}

struct decision leshan_decide(struct facts facts, const struct case_words *words)
{
    struct misfit misfit;
    struct decision decision;
    bool resolved = facts_resolve(policy->city, words, false, scratch, &facts, &misfit);
    if (!resolved)
        fprintf(stderr, "%s: %s\n", misfit.field, misfit.message);
    CHECK(resolved);
    decide(policy, &facts, NULL, scratch, &decision);
    return decision;
}
