#include "tools/learn/keywords.h"

#include "base/check.h"
#include "domain/text/text.h"

#include <stdlib.h>

enum { BITS = 16, FIRST_ROOM = 1 << 16, NO_KEYWORD = UINT32_MAX };

static const double NEARLY = 1.1;

static void *room_for(size_t count, size_t bytes)
{
    void *room = calloc(count + 1, bytes);
    CHECK(room != NULL);
    return room;
}

static uint32_t utf8_write(uint32_t code, char *text)
{
    text[0] = (char)(0xE0 | code >> 12);
    text[1] = (char)(0x80 | (code >> 6 & 0x3F));
    text[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

/* The first character stands in the highest bits that are used. */
void keyword_write(keyword_key key, char *text)
{
    for (int shift = (KEYWORD_LETTERS_MAX - 1) * BITS; shift >= 0; shift -= BITS)
        if ((key >> shift & 0xFFFF) != 0)
            text += utf8_write((uint32_t)(key >> shift & 0xFFFF), text);
    *text = '\0';
}

/* -- candidates -------------------------------------------------------------------------------- */

/* A hash table: keys of 0 are free. */
struct candidates {
    keyword_key *keys;
    uint32_t *groups;
    uint32_t *last;    /* group + 1 that had it last */
    uint32_t *numbers; /* of those that are kept */
    size_t room;       /* a power of two */
    size_t count;
};

static size_t place_of(const struct candidates *candidates, keyword_key key)
{
    size_t at = (key * 0x9E3779B97F4A7C15u) >> 20 & (candidates->room - 1);
    while (candidates->keys[at] != 0 && candidates->keys[at] != key)
        at = (at + 1) & (candidates->room - 1);
    return at;
}

static void grow(struct candidates *candidates)
{
    struct candidates before = *candidates;
    candidates->room = before.room == 0 ? FIRST_ROOM : 2 * before.room;
    candidates->keys = room_for(candidates->room, sizeof *candidates->keys);
    candidates->groups = room_for(candidates->room, sizeof *candidates->groups);
    candidates->last = room_for(candidates->room, sizeof *candidates->last);
    for (size_t i = 0; i < before.room; i++) {
        if (before.keys[i] == 0)
            continue;
        size_t at = place_of(candidates, before.keys[i]);
        candidates->keys[at] = before.keys[i];
        candidates->groups[at] = before.groups[i];
        candidates->last[at] = before.last[i];
    }
    free(before.keys);
    free(before.groups);
    free(before.last);
}

static void add_candidate(struct candidates *candidates, keyword_key key, uint32_t group)
{
    if (2 * candidates->count >= candidates->room)
        grow(candidates);
    size_t at = place_of(candidates, key);
    candidates->count += candidates->keys[at] == 0;
    candidates->keys[at] = key;
    candidates->groups[at] += candidates->last[at] != group + 1;
    candidates->last[at] = group + 1;
}

/* Messages of a group stand behind its first, not together; that one which comes again counts again
 * is no harm where so few do. */
static void add_candidates(struct candidates *candidates, const struct message *message)
{
    for (uint32_t i = 0; i < message->letters_count; i++) {
        keyword_key key = 0;
        for (uint32_t j = i; j < message->letters_count && j < i + KEYWORD_LETTERS_MAX; j++) {
            if (message->letters[j] == 0 || message->words[j] != message->words[i])
                break;
            key = key << BITS | message->letters[j];
            add_candidate(candidates, key, message->group);
        }
    }
}

static int by_key(const void *a, const void *b)
{
    keyword_key left = *(const keyword_key *)a;
    keyword_key right = *(const keyword_key *)b;
    return (left > right) - (left < right);
}

/* Of two keywords of which one stands in the other wherever it stands, or nearly, the longer says
 * as much and reads better: 垃圾箱, not 圾箱. */
static void leave_out_parts(const struct candidates *candidates, bool *left_out)
{
    for (size_t i = 0; i < candidates->room; i++) {
        keyword_key key = candidates->keys[i];
        uint32_t bits = 0;
        while (bits < KEYWORD_LETTERS_MAX * BITS && key >> bits != 0)
            bits += BITS;
        if (bits <= BITS || candidates->groups[i] < GROUPS_MIN)
            continue;
        const keyword_key parts[] = {key >> BITS, key & ~((keyword_key)0xFFFF << (bits - BITS))};
        for (int p = 0; p < 2; p++) {
            size_t at = place_of(candidates, parts[p]);
            left_out[at] |= candidates->groups[at] <= candidates->groups[i] * NEARLY;
        }
    }
}

/* Numbers those of enough groups, in the order of their keys. */
static void number(struct candidates *candidates, struct lesson *lesson)
{
    bool *left_out = room_for(candidates->room, sizeof *left_out);
    leave_out_parts(candidates, left_out);
    lesson->keys = room_for(candidates->count, sizeof *lesson->keys);
    for (size_t i = 0; i < candidates->room; i++)
        if (candidates->groups[i] >= GROUPS_MIN && !left_out[i])
            lesson->keys[lesson->keywords_count++] = candidates->keys[i];
    qsort(lesson->keys, lesson->keywords_count, sizeof *lesson->keys, by_key);
    lesson->groups = room_for(lesson->keywords_count, sizeof *lesson->groups);
    candidates->numbers = room_for(candidates->room, sizeof *candidates->numbers);
    for (size_t i = 0; i < candidates->room; i++)
        candidates->numbers[i] = NO_KEYWORD;
    for (uint32_t i = 0; i < lesson->keywords_count; i++) {
        size_t at = place_of(candidates, lesson->keys[i]);
        candidates->numbers[at] = i;
        lesson->groups[i] = candidates->groups[at];
    }
    free(left_out);
}

/* -- examples ---------------------------------------------------------------------------------- */

static int by_keyword(const void *a, const void *b)
{
    const struct feature *left = a;
    const struct feature *right = b;
    return (left->keyword > right->keyword) - (left->keyword < right->keyword);
}

/* How often the engine adds the weights of a keyword that it meets so many times. */
static float times_counted(uint32_t times)
{
    float counted = 1;
    for (uint32_t at = 2; at <= times && at <= TEXT_TIMES_MAX; at *= 2)
        counted++;
    return counted;
}

/* Sorted; what comes several times, once with what it counts. */
static void gather(struct example *example)
{
    qsort(example->features, example->count, sizeof *example->features, by_keyword);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < example->count;) {
        uint32_t first = i;
        while (i < example->count &&
               example->features[i].keyword == example->features[first].keyword)
            i++;
        example->features[kept++] =
            (struct feature){example->features[first].keyword, times_counted(i - first)};
    }
    example->count = kept;
}

static void fill_example(const struct candidates *candidates, const struct message *message,
                         struct example *example)
{
    example->label = message->label;
    example->features =
        room_for((size_t)message->letters_count * KEYWORD_LETTERS_MAX, sizeof *example->features);
    for (uint32_t i = 0; i < message->letters_count; i++) {
        keyword_key key = 0;
        for (uint32_t j = i; j < message->letters_count && j < i + KEYWORD_LETTERS_MAX; j++) {
            if (message->letters[j] == 0)
                break;
            key = key << BITS | message->letters[j];
            size_t at = place_of(candidates, key);
            if (candidates->keys[at] == 0 || candidates->numbers[at] == NO_KEYWORD)
                continue;
            example->features[example->count++].keyword = candidates->numbers[at];
        }
    }
    gather(example);
    struct feature *smaller =
        realloc(example->features, (example->count + 1) * sizeof *example->features);
    CHECK(smaller != NULL);
    example->features = smaller;
}

void lesson_make(const struct corpus *corpus, const bool *held, struct lesson *lesson)
{
    struct candidates candidates = {.room = 0};
    *lesson = (struct lesson){.labels_count = corpus->labels_count};
    grow(&candidates);
    for (uint32_t i = 0; i < corpus->count; i++)
        if (held == NULL || !held[i])
            add_candidates(&candidates, &corpus->messages[i]);
    number(&candidates, lesson);
    lesson->examples = room_for(corpus->count, sizeof *lesson->examples);
    for (uint32_t i = 0; i < corpus->count; i++)
        if (held == NULL || !held[i])
            fill_example(&candidates, &corpus->messages[i],
                         &lesson->examples[lesson->examples_count++]);
    free(candidates.keys);
    free(candidates.groups);
    free(candidates.last);
    free(candidates.numbers);
}

void lesson_keep(struct lesson *lesson, const bool *kept)
{
    uint32_t *numbers = room_for(lesson->keywords_count, sizeof *numbers);
    uint32_t count = 0;
    for (uint32_t i = 0; i < lesson->keywords_count; i++) {
        numbers[i] = kept[i] ? count : (uint32_t)NO_KEYWORD;
        if (!kept[i])
            continue;
        lesson->keys[count] = lesson->keys[i];
        lesson->groups[count++] = lesson->groups[i];
    }
    lesson->keywords_count = count;
    for (uint32_t i = 0; i < lesson->examples_count; i++) {
        struct example *example = &lesson->examples[i];
        uint32_t left = 0;
        for (uint32_t j = 0; j < example->count; j++) {
            struct feature feature = example->features[j];
            feature.keyword = numbers[feature.keyword];
            if (feature.keyword != NO_KEYWORD)
                example->features[left++] = feature;
        }
        example->count = left;
    }
    free(numbers);
}

void lesson_free(struct lesson *lesson)
{
    for (uint32_t i = 0; i < lesson->examples_count; i++)
        free(lesson->examples[i].features);
    free(lesson->examples);
    free(lesson->keys);
    free(lesson->groups);
    *lesson = (struct lesson){.keys = NULL};
}
