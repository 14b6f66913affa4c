/* trie - which keywords stand in a row of symbols?
 *
 *      噪 -- 声* -- 扰 -- 民*          噪声, 噪声扰民, 噪音, 施工; an asterisk ends a keyword
 *        \-- 音*
 *      施 -- 工*
 *
 * A double array: a node has a base, and its child for a symbol stands in cell base ^ symbol, if
 * that cell names the node as its parent. So a step is one look at memory, and one at the node
 * itself says of most symbols that there is no such child. The second step is the one at which
 * nearly all places of a text fail, so the pairs with which keywords begin stand apart too, in an
 * array that stays close to the processor; all places are held against it first. From there on
 * those that are left are walked abreast, symbol by symbol, and all without branches that depend on
 * the text. Immutable once built; any thread.
 */
#ifndef DOMAIN_TEXT_TRIE_H
#define DOMAIN_TEXT_TRIE_H

#include "domain/text/symbols.h"

struct trie;

/* Of the keywords whose numbers are given, among texts. The symbols are those of all of them. */
struct trie *trie_create(const struct symbols *symbols, const struct span *texts,
                         const uint32_t *numbers, uint32_t count);

/* NULL is fine. */
void trie_destroy(struct trie **trie);

struct trie_hit {
    uint32_t number;
    uint32_t first, limit; /* places in the row */
};

/* Visits each occurrence of each keyword, some at a time: of a few hundred places those of one
 * symbol, then those of two, and so on. Behind the row stands one more symbol, SYMBOL_OTHER. */
typedef void trie_visit(void *self, const struct trie_hit *hits, uint32_t count);
void trie_scan(const struct trie *trie, const uint16_t *row, uint32_t count, trie_visit *visit,
               void *self);

#endif
