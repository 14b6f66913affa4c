/* trie - which keywords stand in a row of symbols?
 *
 *      噪 -- 声* -- 扰 -- 民*          噪声, 噪声扰民, 噪音, 施工; an asterisk ends a keyword
 *        \-- 音*
 *      施 -- 工*
 *
 * A double array: a node has a base, and its child for a symbol stands in cell base ^ symbol, if
 * that cell names the node as its parent. So a step is one look at memory. The second step is the
 * one at which nearly all places of a text fail, so the pairs with which keywords begin stand apart
 * too, in an array that stays close to the processor; all places are held against it first, and
 * without a branch. Immutable once built; any thread.
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

/* Visits each occurrence of each keyword, nearly in order; first and limit are places in the
 * row. Behind the row stands one more symbol, SYMBOL_OTHER. */
typedef void trie_visit(void *self, uint32_t number, uint32_t first, uint32_t limit);
void trie_scan(const struct trie *trie, const uint16_t *row, uint32_t count, trie_visit *visit,
               void *self);

#endif
