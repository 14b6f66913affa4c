#include "bench/micro.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "bench/cases.h"
#include "bench/micro_parts.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

enum { ROUNDS_MIN = 3, ROUNDS_MAX = 21, MADE_BYTES_MAX = 2048 };

static const double micro_ns_max = 3e8; /* of one, all rounds */

static const struct micro_group *const groups[] = {&micro_wire, &micro_words, &micro_table,
                                                   &micro_store};

uint64_t micro_mix(uint64_t hash, uint64_t value)
{
    return micro_mix_span(hash, span_of(&value, sizeof value));
}

uint64_t micro_mix_span(uint64_t hash, struct span bytes)
{
    return XXH3_64bits_withSeed(bytes.data, bytes.bytes, hash + bytes.bytes);
}

void micro_must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "lianxin: micro benchmarks: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

void micro_make_directory(char directory[MICRO_PATH_BYTES])
{
    const char *base = getenv("TMPDIR");
    snprintf(directory, MICRO_PATH_BYTES, "%.100s/lianxin-micro-XXXXXX",
             base != NULL ? base : "/tmp");
    micro_must(mkdtemp(directory) != NULL, directory);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(path);
}

void micro_remove(const char *directory)
{
    micro_must(nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0, directory);
}

/* -- inputs ------------------------------------------------------------------------------------ */

/* As much of a case's text, said again where it is short. */
static struct span text_of(const struct made_case *made, struct arena *arena)
{
    char text[MADE_BYTES_MAX] = "";
    size_t used = 0;
    while (used < MICRO_TEXT_BYTES)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", made->title, made->text);
    struct span whole = utf8_clip(span_of(text, used), MICRO_TEXT_BYTES);
    return span_of(arena_copy(arena, whole), whole.bytes);
}

static struct span pack(const Lianxin__V1__Case *message, struct arena *arena)
{
    uint8_t *bytes = arena_take(arena, lianxin__v1__case__get_packed_size(message));
    return span_of(bytes, lianxin__v1__case__pack(message, bytes));
}

static void make_inputs(struct micro_inputs *inputs)
{
    struct cases cases;
    struct made_case made;
    struct arena *arena = inputs->arena;
    struct span *packed = arena_take(arena, inputs->count * sizeof *packed);
    struct case_words *words = arena_take(arena, inputs->count * sizeof *words);
    cases_init(&cases, inputs->policy->city, "micro", CHANNEL_NONE, 1);
    for (uint32_t i = 0; i < inputs->count; i++) {
        cases_next(&cases, &made);
        struct span place = span_of_string(made.place);
        packed[i] = pack(&made.message, arena);
        words[i].place = span_of(arena_copy(arena, place), place.bytes);
        words[i].text = text_of(&made, arena);
    }
    inputs->packed = packed;
    inputs->words = words;
}

/* -- measuring --------------------------------------------------------------------------------- */

static uint32_t inputs_of(const struct micro *micro, uint32_t size)
{
    uint32_t count = micro->share == MICRO_ONCE ? 1 : size / micro->share;
    return count > 0 ? count : 1;
}

static double run_round(const struct micro *micro, void *self, uint32_t count, uint64_t *sum)
{
    int64_t start_ns = clock_own_cpu_ns();
    *sum = 0;
    for (uint32_t i = 0; i < count; i++)
        *sum += micro->run(self, i);
    return (double)(clock_own_cpu_ns() - start_ns);
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

struct figures {
    double median_ns, least_ns;
    bool steady; /* each round had the same results */
};

/* The first round only warms the caches. */
static struct figures measure(const struct micro *micro, void *self, uint32_t size)
{
    double rounds[ROUNDS_MAX] = {0};
    uint32_t count = inputs_of(micro, size);
    uint32_t taken = 0;
    uint64_t first;
    double spent_ns = run_round(micro, self, count, &first);
    struct figures figures = {.steady = true};
    while (taken < ROUNDS_MAX && (taken < ROUNDS_MIN || spent_ns < micro_ns_max)) {
        uint64_t sum;
        double round_ns = run_round(micro, self, count, &sum);
        figures.steady &= sum == first;
        spent_ns += round_ns;
        rounds[taken++] = round_ns / count;
    }
    qsort(rounds, taken, sizeof *rounds, by_size);
    figures.median_ns = rounds[taken / 2];
    figures.least_ns = rounds[0];
    return figures;
}

static uint64_t hash_of(const struct micro *micro, void *self, uint32_t size)
{
    uint64_t (*digest)(void *, uint32_t) = micro->digest != NULL ? micro->digest : micro->run;
    uint32_t count = micro->share == MICRO_ONCE ? 1 : size;
    uint64_t hash = 0;
    for (uint32_t i = 0; i < count && i < MICRO_HASHED; i++)
        hash = micro_mix(hash, digest(self, i));
    return hash;
}

static const struct micro *find(const struct micro_group *group, const char *name)
{
    for (uint32_t i = 0; i < group->count; i++)
        if (strcmp(group->micros[i].name, name) == 0)
            return &group->micros[i];
    return NULL;
}

/* Says whether it did what it should. */
static bool run_one(const struct micro_group *group, const struct micro *micro, void *self,
                    uint32_t size, FILE *out)
{
    struct figures figures = measure(micro, self, size);
    uint64_t hash = hash_of(micro, self, size);
    fprintf(out, "  %-44s %12.1f %12.1f  %016" PRIx64 "\n", micro->name, figures.median_ns,
            figures.least_ns, hash);
    if (!figures.steady)
        fprintf(out, "    FAILED: two rounds over the same inputs had different results\n");
    if (micro->same_as == NULL)
        return figures.steady;
    const struct micro *other = find(group, micro->same_as);
    CHECK(other != NULL);
    bool same = hash_of(other, self, size) == hash;
    if (!same)
        fprintf(out, "    FAILED: the results are not those of '%s'\n", micro->same_as);
    return figures.steady && same;
}

static bool run_group(const struct micro_group *group, const struct micro_inputs *inputs, FILE *out)
{
    bool good = true;
    void *self = group->open(inputs);
    fprintf(out, "%s\n", group->name);
    for (uint32_t i = 0; i < group->count; i++)
        good &= run_one(group, &group->micros[i], self, inputs->count, out);
    group->close(self);
    return good;
}

int bench_micro(const char *city, uint32_t size, FILE *out)
{
    struct policy *policy = NULL;
    struct diag *diag = diag_create();
    enum err err = policy_load(city, diag, &policy);
    diag_print(diag, out);
    diag_destroy(&diag);
    if (err != OK) {
        fprintf(out, "%s cannot be loaded, and without a city there is nothing to measure\n", city);
        return EXIT_FAILURE;
    }
    CHECK(size > 0);
    struct micro_inputs inputs = {
        .directory = city, .policy = policy, .count = size, .arena = arena_create()};
    bool good = true;
    make_inputs(&inputs);
    fprintf(out,
            "%u cases, %s; ns of CPU time for one, median and least of the rounds, and a hash "
            "of the results\n",
            size, city);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        good &= run_group(groups[i], &inputs, out);
    arena_destroy(&inputs.arena);
    policy_destroy(&policy);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
