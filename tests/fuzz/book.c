/* Any bytes as a table of a rule book.
 *
 * It is refused with findings that are text and say where, or it is a policy: which makes itself
 * again of its bundle, whose matcher names the rows that a look at each row does, and which decides
 * what it likes for a case, but always something.
 */
#include "base/check.h"
#include "base/utf8.h"
#include "bench/slow_match.h"
#include "domain/check/check.h"
#include "domain/decide.h"
#include "domain/rules/match.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/small_city.h"

#include <stdio.h>
#include <stdlib.h>

enum { CASES = 16, FILE_HEAD_BYTES = 64 };

static struct small_city small;
static uint8_t *front; /* of the bundle: all that stands before the table */
static size_t front_bytes;

static void remove_city(void)
{
    free(front);
    small_city_remove(&small);
}

static void keep_front(struct span bundle)
{
    static const char last[] = "rules/t.csv\n";
    const uint8_t *at = memmem(bundle.data, bundle.bytes, last, sizeof last - 1);
    CHECK(at != NULL);
    front_bytes = (size_t)(at - bundle.data);
    front = malloc(front_bytes);
    CHECK(front != NULL);
    memcpy(front, bundle.data, front_bytes);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    struct policy *policy;
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nt,\n");
    small_city_write(&small, "t", "F,x\n,out:function\n,function\nelse,desk\n");
    enum err err = policy_load(small.directory, small.diag, &policy);
    CHECK(err == OK);
    keep_front(policy->bundle);
    policy_destroy(&policy);
    return atexit(remove_city);
}

static struct span bundle_with(struct span table, struct arena *arena)
{
    uint8_t *bytes = arena_take(arena, front_bytes + FILE_HEAD_BYTES + table.bytes);
    memcpy(bytes, front, front_bytes);
    size_t used = front_bytes;
    used +=
        (size_t)snprintf((char *)bytes + used, FILE_HEAD_BYTES, "rules/t.csv\n%zu\n", table.bytes);
    memcpy(bytes + used, table.data, table.bytes);
    used += table.bytes;
    bytes[used++] = '\n';
    return span_of(bytes, used);
}

static void check_findings(const struct diag *diag)
{
    CHECK(diag_count(diag) > 0);
    for (size_t i = 0; i < diag_count(diag) && i < DIAG_MAX; i++) {
        struct span text = span_of_string(diag_at(diag, i)->text);
        CHECK(text.bytes > 0 && utf8_check(text) == text.bytes);
    }
}

/* Numbers that the bytes themselves choose, the same for the same bytes. */
static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static void ask(const struct policy *policy, uint32_t *state)
{
    const struct table *table = rules_table(policy->rules, 0);
    struct arena *arena = arena_create();
    const struct matcher *matcher = matcher_compile(table, policy->city, arena);
    struct match_scratch *scratch = match_scratch_create(matcher, arena);
    for (int i = 0; i < CASES; i++) {
        uint32_t values[INPUT_COUNT];
        for (enum input input = 0; input < INPUT_TEXT; input++)
            values[input] = next(state) % input_size(policy->city, input);
        struct slow_case asked = {.values = values, .keywords = city_keywords(policy->city)};
        if (table->answer == ANSWER_ROW)
            CHECK(matcher_match(matcher, values, NULL, scratch) == slow_match(table, asked));
    }
    arena_destroy(&arena);
}

/* Words are only weighed where no category is given. */
static void decide_one(const struct policy *policy, const char *category)
{
    struct scratch *scratch = scratch_create(policy);
    struct case_words words = {.text = span_of_string("红旗村夜间施工，噪音扰民"),
                               .category = span_of_string(category)};
    struct facts facts = small_city_facts();
    struct decision decision;
    struct misfit misfit;
    bool resolved = facts_resolve(policy->city, &words, false, scratch, &facts, &misfit);
    CHECK(resolved);
    decide(policy, &facts, NULL, scratch, &decision);
    CHECK(decision.assignments_count > 0 && decision.assignments[0].role == ROLE_MAIN);
    scratch_destroy(&scratch);
}

static void make_again(const struct policy *policy)
{
    struct policy *again = NULL;
    struct diag *diag = diag_create();
    enum err err = policy_load_bundle("kept", policy->bundle, diag, &again);
    CHECK(err == OK && memcmp(again->hash, policy->hash, POLICY_HASH_BYTES) == 0);
    policy_destroy(&again);
    diag_destroy(&diag);
}

/* Every finding has its place, a remedy, and says what shows it or why nothing does. */
static void check_book_of(const struct policy *policy)
{
    enum { TODAY = 20783 }; /* 2026-11-26 */
    struct arena *arena = arena_create();
    const struct findings *findings = check_policy(policy, TODAY, arena);
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct check_finding *finding = &findings->list[i];
        CHECK(finding->file[0] != '\0' && finding->text[0] != '\0' && finding->remedy[0] != '\0');
        CHECK(finding->shows[0] != '\0');
    }
    arena_destroy(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct arena *arena = arena_create();
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    struct span bundle = bundle_with(span_of(data, bytes), arena);
    if (policy_load_bundle("book", bundle, diag, &policy) == OK) {
        uint32_t state = (uint32_t)bytes;
        make_again(policy);
        check_book_of(policy);
        ask(policy, &state);
        decide_one(policy, "0101");
        decide_one(policy, "");
        policy_destroy(&policy);
    } else {
        check_findings(diag);
    }
    diag_destroy(&diag);
    arena_destroy(&arena);
    return 0;
}
