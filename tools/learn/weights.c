#include "tools/learn/weights.h"

#include "base/check.h"
#include "bench/random.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS_MAX = 20, FIRST_KEPT = 40000 };

/* How much a message on the wrong side costs, when a round has changed little enough to end, and
 * what a score of one is in a table. */
static const double cost = 0.5, enough = 0.02;
static const double unit = 4;

/* How much of a keyword's strength is how far it tells the label; the rest is its rarity. */
static const float telling = 0.6F;

static void *room_for(size_t count, size_t bytes)
{
    void *room = calloc(count + 1, bytes);
    CHECK(room != NULL);
    return room;
}

/* -- one label against all others -------------------------------------------------------------- */

struct training {
    const struct lesson *lesson;
    float *rarity;   /* a keyword each */
    float *strength; /* a keyword each, for the label at work: rarity, and how far it tells */
    double *scales;  /* an example each: makes its length one */
    uint32_t *order;
    double *duals;
    float *weights; /* a keyword each, of the label at work, without its strength */
    uint32_t *with,
        *without; /* a keyword each: messages that have it, of the label and of others */
    struct random *random;
};

static void shuffle(struct training *training)
{
    for (uint32_t i = training->lesson->examples_count; i > 1; i--) {
        uint32_t j = (uint32_t)random_below(training->random, i);
        uint32_t moved = training->order[i - 1];
        training->order[i - 1] = training->order[j];
        training->order[j] = moved;
    }
}

static double score(const struct training *training, uint32_t index)
{
    const struct example *example = &training->lesson->examples[index];
    double sum = 0;
    for (uint32_t i = 0; i < example->count; i++) {
        struct feature feature = example->features[i];
        sum += (double)(training->weights[feature.keyword] * feature.value *
                        training->strength[feature.keyword]);
    }
    return sum * training->scales[index];
}

static void push(struct training *training, uint32_t index, double by)
{
    const struct example *example = &training->lesson->examples[index];
    float scaled = (float)(by * training->scales[index]);
    for (uint32_t i = 0; i < example->count; i++) {
        struct feature feature = example->features[i];
        training->weights[feature.keyword] +=
            scaled * feature.value * training->strength[feature.keyword];
    }
}

/* Makes one example's dual the best for what the others are; returns how far it was from that. */
static double improve(struct training *training, uint32_t index, double side)
{
    double slack = 0.5 / cost;
    double before = training->duals[index];
    double gradient = side * score(training, index) - 1 + before * slack;
    double length = training->lesson->examples[index].count > 0 ? 1 : 0;
    if (before == 0 && gradient > 0)
        return 0;
    double after = before - gradient / (length + slack);
    after = after > 0 ? after : 0;
    training->duals[index] = after;
    push(training, index, (after - before) * side);
    return fabs(gradient);
}

static void train(struct training *training, uint32_t label)
{
    const struct lesson *lesson = training->lesson;
    memset(training->weights, 0, lesson->keywords_count * sizeof *training->weights);
    memset(training->duals, 0, lesson->examples_count * sizeof *training->duals);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        double most = 0;
        shuffle(training);
        for (uint32_t i = 0; i < lesson->examples_count; i++) {
            uint32_t index = training->order[i];
            double off = improve(training, index, lesson->examples[index].label == label ? 1 : -1);
            most = off > most ? off : most;
        }
        if (most < enough)
            break;
    }
}

/* -- all labels -------------------------------------------------------------------------------- */

static void measure_rarity(struct training *training)
{
    const struct lesson *lesson = training->lesson;
    for (uint32_t i = 0; i < lesson->keywords_count; i++)
        training->rarity[i] = logf((float)(lesson->examples_count + 1) / (float)lesson->groups[i]);
    for (uint32_t i = 0; i < lesson->examples_count; i++)
        training->order[i] = i;
}

static void count_with(struct training *training, uint32_t label)
{
    const struct lesson *lesson = training->lesson;
    memset(training->with, 0, lesson->keywords_count * sizeof *training->with);
    memset(training->without, 0, lesson->keywords_count * sizeof *training->without);
    for (uint32_t i = 0; i < lesson->examples_count; i++) {
        const struct example *example = &lesson->examples[i];
        uint32_t *counts = example->label == label ? training->with : training->without;
        for (uint32_t j = 0; j < example->count; j++)
            counts[example->features[j].keyword]++;
    }
}

static uint32_t count_label(const struct lesson *lesson, uint32_t label)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < lesson->examples_count; i++)
        count += lesson->examples[i].label == label;
    return count;
}

/* A keyword that stands as often in messages of the label as in others tells little, and gets
 * little say from the start. */
static void measure_strength(struct training *training, uint32_t label)
{
    const struct lesson *lesson = training->lesson;
    float of_label = (float)count_label(lesson, label);
    float of_others = (float)lesson->examples_count - of_label;
    count_with(training, label);
    for (uint32_t i = 0; i < lesson->keywords_count; i++) {
        float in_label = ((float)training->with[i] + 1) / (of_label + 2);
        float in_others = ((float)training->without[i] + 1) / (of_others + 2);
        training->strength[i] =
            training->rarity[i] * (1 - telling + telling * fabsf(logf(in_label / in_others)));
    }
    for (uint32_t i = 0; i < lesson->examples_count; i++) {
        const struct example *example = &lesson->examples[i];
        double square = 0;
        for (uint32_t j = 0; j < example->count; j++) {
            double value = (double)(example->features[j].value *
                                    training->strength[example->features[j].keyword]);
            square += value * value;
        }
        training->scales[i] = square > 0 ? 1 / sqrt(square) : 0;
    }
}

/* A row of labels_count a keyword, each of mean 0. */
static float *train_all(const struct lesson *lesson, struct random *random)
{
    uint32_t labels = lesson->labels_count;
    float *weights = room_for((size_t)lesson->keywords_count * labels, sizeof *weights);
    struct training training = {
        .lesson = lesson,
        .rarity = room_for(lesson->keywords_count, sizeof *training.rarity),
        .strength = room_for(lesson->keywords_count, sizeof *training.strength),
        .with = room_for(lesson->keywords_count, sizeof *training.with),
        .without = room_for(lesson->keywords_count, sizeof *training.without),
        .scales = room_for(lesson->examples_count, sizeof *training.scales),
        .order = room_for(lesson->examples_count, sizeof *training.order),
        .duals = room_for(lesson->examples_count, sizeof *training.duals),
        .weights = room_for(lesson->keywords_count, sizeof *training.weights),
        .random = random,
    };
    measure_rarity(&training);
    for (uint32_t label = 0; label < labels; label++) {
        measure_strength(&training, label);
        train(&training, label);
        for (uint32_t i = 0; i < lesson->keywords_count; i++)
            weights[(size_t)i * labels + label] = training.weights[i] * training.strength[i];
    }
    for (uint32_t i = 0; i < lesson->keywords_count; i++) {
        float *row = weights + (size_t)i * labels;
        float mean = 0;
        for (uint32_t label = 0; label < labels; label++)
            mean += row[label] / (float)labels;
        for (uint32_t label = 0; label < labels; label++)
            row[label] -= mean;
    }
    free(training.rarity);
    free(training.strength);
    free(training.with);
    free(training.without);
    free(training.scales);
    free(training.order);
    free(training.duals);
    free(training.weights);
    return weights;
}

/* -- fewer keywords ---------------------------------------------------------------------------- */

struct rank {
    float worth;
    uint32_t keyword;
};

static int by_worth(const void *a, const void *b)
{
    const struct rank *left = a;
    const struct rank *right = b;
    if (left->worth != right->worth)
        return left->worth > right->worth ? -1 : 1;
    return (left->keyword > right->keyword) - (left->keyword < right->keyword);
}

static void keep_best(struct lesson *lesson, const float *weights, uint32_t count)
{
    struct rank *ranks = room_for(lesson->keywords_count, sizeof *ranks);
    bool *kept = room_for(lesson->keywords_count, sizeof *kept);
    for (uint32_t i = 0; i < lesson->keywords_count; i++) {
        float square = 0;
        for (uint32_t label = 0; label < lesson->labels_count; label++) {
            float weight = weights[(size_t)i * lesson->labels_count + label];
            square += weight * weight;
        }
        ranks[i] = (struct rank){sqrtf(square * (float)lesson->groups[i]), i};
    }
    qsort(ranks, lesson->keywords_count, sizeof *ranks, by_worth);
    for (uint32_t i = 0; i < count; i++)
        kept[ranks[i].keyword] = true;
    lesson_keep(lesson, kept);
    free(ranks);
    free(kept);
}

static uint32_t fewer(uint32_t count, uint32_t rows_max)
{
    uint32_t half = count > 2 * FIRST_KEPT ? (uint32_t)FIRST_KEPT : count / 2;
    return half < rows_max + rows_max / 5 ? rows_max : half;
}

/* -- the table --------------------------------------------------------------------------------- */

static uint32_t heaviest(const struct learned_row *row)
{
    uint32_t most = 0;
    for (uint32_t i = 1; i < LABELS_MAX; i++)
        if (row->weights[i] > row->weights[most])
            most = i;
    return most;
}

static int by_label(const void *a, const void *b)
{
    const struct learned_row *left = a;
    const struct learned_row *right = b;
    uint32_t its = heaviest(left);
    uint32_t other = heaviest(right);
    if (its != other)
        return its < other ? -1 : 1;
    if (left->weights[its] != right->weights[its])
        return left->weights[its] > right->weights[its] ? -1 : 1;
    return (left->key > right->key) - (left->key < right->key);
}

static int16_t round_weight(float weight)
{
    double rounded = round((double)weight * unit);
    double most = LEARNED_WEIGHT_MAX;
    return (int16_t)fmin(fmax(rounded, -most), most);
}

/* Rows that say nothing any more are left out. */
static void write_rows(const struct lesson *lesson, const float *weights, struct learned *learned)
{
    learned->labels_count = lesson->labels_count;
    learned->rows_count = 0;
    learned->rows = room_for(lesson->keywords_count, sizeof *learned->rows);
    for (uint32_t i = 0; i < lesson->keywords_count; i++) {
        struct learned_row row = {.key = lesson->keys[i]};
        bool says = false;
        for (uint32_t label = 0; label < lesson->labels_count; label++) {
            row.weights[label] = round_weight(weights[(size_t)i * lesson->labels_count + label]);
            says |= row.weights[label] != 0;
        }
        if (says)
            learned->rows[learned->rows_count++] = row;
    }
    qsort(learned->rows, learned->rows_count, sizeof *learned->rows, by_label);
}

void learn(struct lesson *lesson, uint32_t rows_max, uint64_t seed, struct learned *learned)
{
    struct random random = random_begin(seed, 0);
    float *weights = train_all(lesson, &random);
    while (lesson->keywords_count > rows_max) {
        keep_best(lesson, weights, fewer(lesson->keywords_count, rows_max));
        free(weights);
        weights = train_all(lesson, &random);
    }
    write_rows(lesson, weights, learned);
    free(weights);
    lesson_free(lesson);
}

void learned_free(struct learned *learned)
{
    free(learned->rows);
    *learned = (struct learned){.rows = NULL};
}
