#include "bench/finder.h"

#include "base/check.h"

#include <stdlib.h>

/* Nodes are numbered from 1; 0 is none. */
struct node {
    uint32_t child, sibling;
    uint32_t keyword; /* that ends here, or KEYWORD_NONE */
    uint8_t byte;
};

struct finder {
    uint32_t keywords;
    struct node *nodes;
    uint32_t nodes_count;
    uint32_t roots[256]; /* by first byte */
    uint8_t *stands;
    struct name_hit hits[FINDER_HITS_MAX];
    uint32_t hits_count;
};

static uint32_t node_make(struct finder *finder, uint8_t byte, uint32_t sibling)
{
    uint32_t number = ++finder->nodes_count;
    finder->nodes[number] =
        (struct node){.sibling = sibling, .keyword = KEYWORD_NONE, .byte = byte};
    return number;
}

static uint32_t child_of(const struct finder *finder, uint32_t node, uint8_t byte)
{
    uint32_t child = finder->nodes[node].child;
    while (child != 0 && finder->nodes[child].byte != byte)
        child = finder->nodes[child].sibling;
    return child;
}

static void plant(struct finder *finder, struct span text, uint32_t keyword)
{
    uint32_t *root = &finder->roots[text.data[0]];
    if (*root == 0)
        *root = node_make(finder, text.data[0], 0);
    uint32_t node = *root;
    for (size_t i = 1; i < text.bytes; i++) {
        uint32_t child = child_of(finder, node, text.data[i]);
        if (child == 0) {
            child = node_make(finder, text.data[i], finder->nodes[node].child);
            finder->nodes[node].child = child;
        }
        node = child;
    }
    finder->nodes[node].keyword = keyword;
}

struct finder *finder_create(const struct keywords *keywords)
{
    struct finder *finder = calloc(1, sizeof *finder);
    CHECK(finder != NULL);
    size_t bytes = 1;
    finder->keywords = keywords_count(keywords);
    for (uint32_t i = 0; i < finder->keywords; i++)
        bytes += keyword_text(keywords, i).bytes;
    finder->nodes = calloc(bytes, sizeof *finder->nodes); /* at most one a byte */
    finder->stands = calloc(finder->keywords + 1, 1);
    CHECK(finder->nodes != NULL && finder->stands != NULL);
    for (uint32_t i = 0; i < finder->keywords; i++)
        plant(finder, keyword_text(keywords, i), i);
    return finder;
}

static void note(struct finder *finder, uint32_t keyword, size_t first, size_t limit)
{
    CHECK(finder->hits_count < FINDER_HITS_MAX);
    finder->stands[keyword] = 1;
    finder->hits[finder->hits_count++] =
        (struct name_hit){keyword, (uint32_t)first, (uint32_t)limit};
}

static void walk(struct finder *finder, struct span text, size_t first)
{
    uint32_t node = finder->roots[text.data[first]];
    for (size_t at = first + 1; node != 0; at++) {
        if (finder->nodes[node].keyword != KEYWORD_NONE)
            note(finder, finder->nodes[node].keyword, first, at);
        if (at == text.bytes)
            return;
        node = child_of(finder, node, text.data[at]);
    }
}

struct found finder_find(struct finder *finder, struct span folded)
{
    for (uint32_t i = 0; i < finder->hits_count; i++)
        finder->stands[finder->hits[i].keyword] = 0;
    finder->hits_count = 0;
    for (size_t i = 0; i < folded.bytes; i++)
        if ((folded.data[i] & 0xC0) != 0x80) /* a character begins */
            walk(finder, folded, i);
    return (struct found){finder->stands, finder->hits, finder->hits_count};
}

void finder_free(struct finder **finder)
{
    if (*finder == NULL)
        return;
    free((*finder)->nodes);
    free((*finder)->stands);
    free(*finder);
    *finder = NULL;
}
