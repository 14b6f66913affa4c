/* weights - weights of keywords that tell labels apart, learned from a lesson.
 *
 * Each label is told from all others by a linear support vector machine with squared hinge loss, by
 * coordinate descent in the dual; keywords are scaled by their rarity and messages to length one.
 * Then half of the keywords go, those whose weights differ least between the labels for how many
 * messages have them, and all is learned anew with the rest, until few enough are left. What is
 * added to a keyword's weights for all labels alike changes nothing, so their mean is made 0, and
 * they become whole numbers.
 */
#ifndef TOOLS_LEARN_WEIGHTS_H
#define TOOLS_LEARN_WEIGHTS_H

#include "tools/learn/keywords.h"

enum { LEARNED_WEIGHT_MAX = 99 };

struct learned_row {
    keyword_key key;
    int16_t weights[LABELS_MAX];
};

struct learned {
    struct learned_row *rows; /* by the label they speak most for, and by how much */
    uint32_t rows_count;
    uint32_t labels_count;
};

/* Uses the lesson up. The same lesson, rows and seed learn the same. */
void learn(struct lesson *lesson, uint32_t rows_max, uint64_t seed, struct learned *learned);

void learned_free(struct learned *learned);

#endif
