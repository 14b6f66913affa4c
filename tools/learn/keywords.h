/* keywords - which keywords could be learned from, and how often each message has them.
 *
 * Candidates are the runs of up to KEYWORD_LETTERS_MAX Chinese characters that stand within words:
 * what stands across two of them may be an accident of the words between that were left out. What
 * a message has of them is counted as the engine will, wherever they stand in its folded text.
 */
#ifndef TOOLS_LEARN_KEYWORDS_H
#define TOOLS_LEARN_KEYWORDS_H

#include "tools/learn/corpus.h"

enum { KEYWORD_LETTERS_MAX = 4, GROUPS_MIN = 2 /* that have a candidate */ };

/* A keyword as one number: its characters, 16 bits each. */
typedef uint64_t keyword_key;

/* In UTF-8, into a buffer of KEYWORD_LETTERS_MAX * 4 + 1. */
void keyword_write(keyword_key key, char *text);

/* What a message has of one keyword. */
struct feature {
    uint32_t keyword;
    float value; /* 1, and 1 more where it stands there 2, 4, 8, 16 times; times its rarity later */
};

struct example {
    struct feature *features; /* by keyword */
    uint32_t count;
    uint32_t label;
};

/* The messages to learn from, and the keywords they may be told apart by. */
struct lesson {
    keyword_key *keys; /* ascending */
    uint32_t *groups;  /* how many groups of messages have each */
    uint32_t keywords_count;
    struct example *examples;
    uint32_t examples_count;
    uint32_t labels_count;
};

/* Of all messages but those of which held says so; held may be NULL. */
void lesson_make(const struct corpus *corpus, const bool *held, struct lesson *lesson);

/* Goes on with some of its keywords. */
void lesson_keep(struct lesson *lesson, const bool *kept);

void lesson_free(struct lesson *lesson);

#endif
