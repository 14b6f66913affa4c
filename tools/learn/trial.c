#include "tools/learn/trial.h"

#include "base/check.h"
#include "domain/decide.h"
#include "domain/rules/weights.h"
#include "domain/rules/table.h"

#include <stdio.h>
#include <stdlib.h>

enum err trial_open(const char *directory, const char *name, struct diag *diag, struct trial *trial)
{
    *trial = (struct trial){.name = name};
    enum err err = policy_load(directory, diag, &trial->city);
    if (err != OK)
        return err;
    char file[128];
    snprintf(file, sizeof file, "rules/%s.csv", name);
    for (uint32_t i = 0; i < rules_sources(trial->city->rules); i++)
        trial->in_book |= strcmp(rules_source(trial->city->rules, i)->name, file) == 0;
    return OK;
}

void trial_close(struct trial *trial)
{
    policy_destroy(&trial->city);
}

/* -- books ------------------------------------------------------------------------------------- */

static void put_file(FILE *out, const char *name, struct span content)
{
    fprintf(out, "%s\n%zu\n", name, content.bytes);
    fwrite(content.data, 1, content.bytes, out);
    putc('\n', out);
}

static void put_book(FILE *out, const struct trial *trial, struct span table, bool whole)
{
    const struct rules *rules = trial->city->rules;
    char file[128];
    char book[160];
    snprintf(file, sizeof file, "rules/%s.csv", trial->name);
    snprintf(book, sizeof book, "table,note\n%s,\n", trial->name);
    if (!whole) {
        put_file(out, "rules/book.csv", span_of_string(book));
        put_file(out, file, table);
        return;
    }
    for (uint32_t i = 0; i < rules_sources(rules); i++) {
        const struct source *source = rules_source(rules, i);
        put_file(out, source->name, strcmp(source->name, file) == 0 ? table : source->content);
    }
}

/* The city with a book that has the table. */
static enum err make_policy(const struct trial *trial, struct span table, bool whole,
                            struct diag *diag, struct policy **policy)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    CHECK(out != NULL);
    for (uint32_t i = 0; i < CITY_SOURCES; i++)
        put_file(out, city_sources(trial->city->city)[i].name,
                 city_sources(trial->city->city)[i].content);
    put_book(out, trial, table, whole);
    int closed = fclose(out);
    CHECK(closed == 0);
    enum err err = policy_load_bundle("learned", span_of(text, bytes), diag, policy);
    free(text);
    return err;
}

/* -- asking ------------------------------------------------------------------------------------ */

/* As a citizen writes it, and says no more. */
static struct facts read_message(const struct policy *policy, struct span text,
                                 struct scratch *scratch)
{
    struct case_words words = {.text = text};
    struct facts facts = {.channel = CHANNEL_WECHAT,
                          .type = TYPE_COMPLAINT,
                          .applicant = APPLICANT_CITIZEN,
                          .urgency = URGENCY_NORMAL,
                          .regime = REGIME_NORMAL,
                          .minute = 10 * 60,
                          .earlier = FLAG_NO,
                          .answered = FLAG_NO};
    struct misfit misfit;
    bool fits = facts_resolve(policy->city, &words, false, scratch, &facts, &misfit);
    CHECK(fits); /* nothing is given that could be refused */
    return facts;
}

static void ask_table(const struct trial *trial, const struct policy *policy, const bool *held,
                      struct verdict *verdicts)
{
    struct scratch *scratch = scratch_create(policy);
    for (uint32_t i = 0; i < trial->corpus->count; i++) {
        struct weighing weighing;
        if (!held[i])
            continue;
        struct facts facts = read_message(policy, trial->corpus->messages[i].text, scratch);
        bool weighed = rules_weigh(policy->rules, 0, &facts, &weighing);
        CHECK(weighed);
        verdicts[i] = (struct verdict){.label = NO_LABEL, .lead = weighing.lead};
        if (weighing.row != UINT32_MAX)
            verdicts[i].label = trial->map->order[weighing.best];
    }
    scratch_destroy(&scratch);
}

/* Those whose columns have the category. */
static uint32_t labels_of(const struct trial *trial, const struct weights *weights,
                          struct category category)
{
    uint32_t labels = 0;
    if (category.index == CATEGORY_NONE.index)
        return 0;
    for (uint32_t i = 0; i < weights->columns_count; i++)
        if ((weights->columns_of[category.index] >> i & 1) != 0)
            labels |= 1u << trial->map->order[i];
    return labels;
}

static const struct weights *weights_of(const struct trial *trial, const struct policy *policy)
{
    uint32_t i = 0;
    while (!span_is(rules_table(policy->rules, i)->name, trial->name))
        i++;
    return rules_table(policy->rules, i)->weights;
}

static void ask_book(const struct trial *trial, const struct policy *policy, const bool *held,
                     struct verdict *verdicts)
{
    const struct weights *weights = weights_of(trial, policy);
    struct scratch *scratch = scratch_create(policy);
    for (uint32_t i = 0; i < trial->corpus->count; i++) {
        struct decision decision;
        if (!held[i])
            continue;
        struct facts facts = read_message(policy, trial->corpus->messages[i].text, scratch);
        decide(policy, &facts, NULL, scratch, &decision);
        verdicts[i].by_book = labels_of(trial, weights, decision.category);
        verdicts[i].to_desk = decision.category.index == CATEGORY_NONE.index;
    }
    scratch_destroy(&scratch);
}

enum err trial_ask_table(const struct trial *trial, struct span table, const bool *held,
                         struct diag *diag, struct verdict *verdicts)
{
    struct policy *policy = NULL;
    enum err err = make_policy(trial, table, false, diag, &policy);
    if (err != OK)
        return err;
    ask_table(trial, policy, held, verdicts);
    policy_destroy(&policy);
    return OK;
}

enum err trial_ask_book(const struct trial *trial, struct span table, const bool *held,
                        struct diag *diag, struct verdict *verdicts)
{
    struct policy *policy = NULL;
    CHECK(trial->in_book);
    enum err err = make_policy(trial, table, true, diag, &policy);
    if (err != OK)
        return err;
    ask_book(trial, policy, held, verdicts);
    policy_destroy(&policy);
    return OK;
}
