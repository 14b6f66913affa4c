/* route - what it costs to understand and decide one case, beside what its parts cost alone.
 *
 * Made-up cases of some 300 bytes of text, with a place and without a category, so that their words
 * must tell what they are about, against the whole book of a city. In each round all texts are, one
 * way after the other,
 *
 *      - folded, and nothing else;
 *      - scanned for the words by which rules are found, as text.h does it;
 *      - classified and routed: facts and decision, from words to units;
 *      - routed without words: the same cases, but without their texts,
 *
 * so that the figures stand in one run under the same load; they are CPU time. Prints the median
 * and the least of the rounds.
 *
 *      route [CITY]        cities/leshan unless said
 */
#include "base/check.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "bench/cases.h"
#include "domain/decide.h"
#include "domain/text/fold.h"

#include <stdio.h>
#include <stdlib.h>

enum { CASES = 4096, ROUNDS = 21, LOADS = 9, TEXT_BYTES = 300, MADE_BYTES_MAX = 2048 };

struct bench {
    const char *directory;
    const struct policy *policy;
    struct scratch *scratch;
    struct text_scratch *text;
    struct facts facts;
    struct case_words words[CASES];
    uint64_t hits; /* of all that is measured, so that none is left out */
    uint64_t classified;
};

/* -- what is measured -------------------------------------------------------------------------- */

static void fold_only(struct bench *bench, uint32_t i)
{
    uint8_t folded[2 * TEXT_BYTES];
    bench->hits += fold(bench->words[i].text, folded);
}

static void scan(struct bench *bench, uint32_t i)
{
    const struct text_hits *hits = text_scan(bench->text, &bench->words[i].text, 1);
    for (enum text_group group = 0; group < TEXT_GROUPS; group++)
        bench->hits += text_sought(hits, group).count;
}

static void route(struct bench *bench, const struct case_words *words)
{
    struct facts facts = bench->facts;
    struct misfit misfit;
    struct decision decision;
    bool good = facts_resolve(bench->policy->city, words, false, bench->scratch, &facts, &misfit);
    CHECK(good);
    decide(bench->policy, &facts, NULL, bench->scratch, &decision);
    bench->classified += decision.category.index != CATEGORY_NONE.index;
}

static void classify_and_route(struct bench *bench, uint32_t i)
{
    route(bench, &bench->words[i]);
}

static void route_without_words(struct bench *bench, uint32_t i)
{
    struct case_words words = bench->words[i];
    words.text = (struct span){0};
    route(bench, &words);
}

static const struct {
    const char *name;
    void (*run)(struct bench *bench, uint32_t i);
} measures[] = {
    {"folded", fold_only},
    {"scanned", scan},
    {"classified and routed", classify_and_route},
    {"routed without words", route_without_words},
};

enum { MEASURES = sizeof measures / sizeof measures[0] };

/* -- figures ----------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Sorts the figures, and returns the one in the middle. */
static double median(double *figures, size_t count)
{
    qsort(figures, count, sizeof *figures, by_size);
    return figures[count / 2];
}

static double ns_since(int64_t start_ns)
{
    return (double)(clock_own_cpu_ns() - start_ns);
}

static void measure_cases(struct bench *bench)
{
    double figures[MEASURES][ROUNDS];
    for (int round = -1; round < ROUNDS; round++) /* the first warms the caches */
        for (size_t m = 0; m < MEASURES; m++) {
            int64_t start_ns = clock_own_cpu_ns();
            for (uint32_t i = 0; i < CASES; i++)
                measures[m].run(bench, i);
            if (round >= 0)
                figures[m][round] = ns_since(start_ns) / CASES;
        }
    for (size_t m = 0; m < MEASURES; m++) {
        double middle = median(figures[m], ROUNDS);
        printf("  %-22s %6.0f ns a case, at least %6.0f\n", measures[m].name, middle,
               figures[m][0]);
    }
}

static struct policy *load(const char *directory)
{
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    enum err err = policy_load(directory, diag, &policy);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    if (err == OK)
        return policy;
    fprintf(stderr, "route: %s cannot be loaded\n", directory);
    exit(EXIT_FAILURE);
}

static void measure_loading(const struct bench *bench)
{
    double loads[LOADS];
    for (int i = 0; i < LOADS; i++) {
        int64_t start_ns = clock_own_cpu_ns();
        struct policy *policy = load(bench->directory);
        loads[i] = ns_since(start_ns) / 1e6;
        policy_destroy(&policy);
    }
    double middle = median(loads, LOADS);
    printf("  loading the city       %6.1f ms, at least %6.1f\n", middle, loads[0]);
}

/* -- cases ------------------------------------------------------------------------------------- */

/* As much of a case's text, said again where it is short, as makes TEXT_BYTES. */
static struct span text_of(const struct made_case *made, struct arena *arena)
{
    char text[MADE_BYTES_MAX] = "";
    size_t used = 0;
    while (used < TEXT_BYTES)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", made->title, made->text);
    struct span whole = utf8_clip(span_of(text, used), TEXT_BYTES);
    return span_of(arena_copy(arena, whole), whole.bytes);
}

static void make_cases(struct bench *bench, struct arena *arena)
{
    struct cases cases;
    static struct made_case made;
    cases_init(&cases, bench->policy->city, "bench", CHANNEL_PHONE, 1);
    for (uint32_t i = 0; i < CASES; i++) {
        cases_next(&cases, &made);
        struct span place = span_of_string(made.place);
        struct span text = text_of(&made, arena);
        bench->words[i] = (struct case_words){
            .place = span_of(arena_copy(arena, place), place.bytes), .text = text};
    }
}

static void print_counts(struct bench *bench)
{
    bench->hits = bench->classified = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        scan(bench, i);
        classify_and_route(bench, i);
    }
    printf("  %u keywords; %.1f words of rules in a text; %.0f %% of the texts find a category\n",
           keywords_count(city_keywords(bench->policy->city)), (double)bench->hits / CASES,
           100.0 * (double)bench->classified / CASES);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    bench.directory = argc > 1 ? argv[1] : "cities/leshan";
    struct policy *policy = load(bench.directory);
    struct arena *arena = arena_create();
    bench.policy = policy;
    bench.scratch = scratch_create(policy);
    bench.facts = (struct facts){.channel = CHANNEL_PHONE,
                                 .type = TYPE_COMPLAINT,
                                 .applicant = APPLICANT_CITIZEN,
                                 .urgency = URGENCY_NORMAL,
                                 .hour = 10,
                                 .regime = REGIME_NORMAL,
                                 .earlier = FLAG_NO,
                                 .answered = FLAG_NO};
    printf("route: %d texts of %d bytes, %s, %d rounds\n", CASES, TEXT_BYTES, bench.directory,
           ROUNDS);
    make_cases(&bench, arena);
    bench.text = text_scratch_create(city_keywords(policy->city));
    print_counts(&bench);
    measure_cases(&bench);
    measure_loading(&bench);
    text_scratch_destroy(&bench.text);
    scratch_destroy(&bench.scratch);
    arena_destroy(&arena);
    policy_destroy(&policy);
    return EXIT_SUCCESS;
}
