/* copies - which messages of a corpus are nearly the same?
 *
 * Each message is the set of its runs of RUN letters. Runs are hashed and sorted, so that the
 * messages that share one stand together; then each message counts what it shares with those before
 * it. Those with the very same letters are found by sorting them, however many there are.
 */
#include "base/check.h"
#include "tools/learn/corpus.h"

#include <stdlib.h>

enum { RUN = 8, COMMON = 40 };

struct run {
    uint64_t hash;
    uint32_t message;
    uint32_t first; /* of the runs that are equal, in the sorted list */
};

struct runs {
    struct run *list;
    size_t count;
};

static int by_hash(const void *a, const void *b)
{
    const struct run *left = a;
    const struct run *right = b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    return (left->message > right->message) - (left->message < right->message);
}

/* One shorter than a run is one run itself. */
static uint32_t runs_of(const struct message *message)
{
    return message->letters_count > RUN ? message->letters_count - RUN + 1
                                        : message->letters_count > 0;
}

static uint64_t hash_run(const struct message *message, uint32_t first)
{
    uint64_t hash = 14695981039346656037u;
    for (uint32_t i = first; i < message->letters_count && i < first + RUN; i++)
        hash = (hash ^ message->letters[i]) * 1099511628211u;
    return hash;
}

/* Sorted, each once a message. */
static struct runs list_runs(const struct corpus *corpus)
{
    struct runs runs = {.count = 0};
    size_t room = 1;
    for (uint32_t i = 0; i < corpus->count; i++)
        room += runs_of(&corpus->messages[i]);
    runs.list = malloc(room * sizeof *runs.list);
    CHECK(runs.list != NULL);
    for (uint32_t i = 0; i < corpus->count; i++)
        for (uint32_t j = 0; j < runs_of(&corpus->messages[i]); j++)
            runs.list[runs.count++] = (struct run){hash_run(&corpus->messages[i], j), i, 0};
    qsort(runs.list, runs.count, sizeof *runs.list, by_hash);
    size_t kept = 0;
    for (size_t i = 0; i < runs.count; i++)
        if (kept == 0 || by_hash(&runs.list[kept - 1], &runs.list[i]) != 0)
            runs.list[kept++] = runs.list[i];
    runs.count = kept;
    for (size_t i = 1; i < kept; i++)
        runs.list[i].first =
            runs.list[i].hash == runs.list[i - 1].hash ? runs.list[i - 1].first : (uint32_t)i;
    return runs;
}

/* Where the runs of each message stand: starts has one more. */
static uint32_t *list_by_message(const struct runs *runs, uint32_t messages, uint32_t *starts)
{
    uint32_t *places = calloc(runs->count + 1, sizeof *places);
    CHECK(places != NULL);
    for (size_t i = 0; i < runs->count; i++)
        starts[runs->list[i].message + 1]++;
    for (uint32_t i = 0; i < messages; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < runs->count; i++)
        places[starts[runs->list[i].message]++] = (uint32_t)i;
    memmove(starts + 1, starts, messages * sizeof *starts); /* each stands at the next one's */
    starts[0] = 0;
    return places;
}

static uint32_t group_of(const struct corpus *corpus, uint32_t message)
{
    while (corpus->messages[message].group != message)
        message = corpus->messages[message].group;
    return message;
}

static void join(struct corpus *corpus, uint32_t a, uint32_t b)
{
    a = group_of(corpus, a);
    b = group_of(corpus, b);
    corpus->messages[a > b ? a : b].group = a < b ? a : b;
}

static bool is_common(const struct runs *runs, uint32_t first)
{
    return first + COMMON <= runs->count &&
           runs->list[first + COMMON - 1].hash == runs->list[first].hash;
}

/* Counts what a message shares with each before it. */
static void compare(struct corpus *corpus, const struct runs *runs, const uint32_t *places,
                    const uint32_t *starts, uint32_t message, uint32_t *shared)
{
    uint32_t own = starts[message + 1] - starts[message];
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = starts[message]; i < starts[message + 1]; i++) {
            uint32_t first = runs->list[places[i]].first;
            if (is_common(runs, first))
                continue;
            for (uint32_t at = first; at < places[i]; at++) {
                uint32_t other = runs->list[at].message;
                uint32_t its = starts[other + 1] - starts[other];
                if (pass == 0)
                    shared[other]++;
                else if (2 * shared[other] >= (own < its ? own : its))
                    join(corpus, message, other);
            }
        }
    for (uint32_t i = starts[message]; i < starts[message + 1]; i++)
        for (uint32_t at = runs->list[places[i]].first; at < places[i]; at++)
            shared[runs->list[at].message] = 0;
}

/* -- the very same ----------------------------------------------------------------------------- */

static int by_letters(const void *a, const void *b)
{
    const struct message *left = *(const struct message *const *)a;
    const struct message *right = *(const struct message *const *)b;
    if (left->letters_count != right->letters_count)
        return left->letters_count < right->letters_count ? -1 : 1;
    int order = memcmp(left->letters, right->letters, left->letters_count * sizeof *left->letters);
    return order != 0 ? order : (left > right) - (left < right);
}

static bool are_same(const struct message *a, const struct message *b)
{
    return a->letters_count > 0 && a->letters_count == b->letters_count &&
           memcmp(a->letters, b->letters, a->letters_count * sizeof *a->letters) == 0;
}

static void join_same(struct corpus *corpus)
{
    const struct message **sorted = malloc((corpus->count + 1) * sizeof(const struct message *));
    CHECK(sorted != NULL);
    for (uint32_t i = 0; i < corpus->count; i++)
        sorted[i] = &corpus->messages[i];
    qsort(sorted, corpus->count, sizeof(const struct message *), by_letters);
    for (uint32_t i = 1; i < corpus->count; i++)
        if (are_same(sorted[i - 1], sorted[i]))
            join(corpus, (uint32_t)(sorted[i - 1] - corpus->messages),
                 (uint32_t)(sorted[i] - corpus->messages));
    free(sorted);
}

void corpus_group(struct corpus *corpus)
{
    join_same(corpus);
    struct runs runs = list_runs(corpus);
    uint32_t *starts = calloc((size_t)corpus->count + 2, sizeof *starts);
    uint32_t *shared = calloc((size_t)corpus->count + 1, sizeof *shared);
    CHECK(starts != NULL && shared != NULL);
    uint32_t *places = list_by_message(&runs, corpus->count, starts);
    for (uint32_t i = 0; i < corpus->count; i++)
        compare(corpus, &runs, places, starts, i, shared);
    corpus->groups_count = 0;
    for (uint32_t i = 0; i < corpus->count; i++) {
        corpus->messages[i].group = group_of(corpus, i);
        corpus->groups_count += corpus->messages[i].group == i;
    }
    free(places);
    free(shared);
    free(starts);
    free(runs.list);
}
