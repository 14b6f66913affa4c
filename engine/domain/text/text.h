/* text - which keywords stand in a case's words.
 *
 *      while loading   keywords_add(), again and again        the rules' words, names of places
 *                      keywords_seek()                        words by which rules are found
 *      then once       keywords_compile()                     symbols, and a trie a kind
 *      per case        text_scan()                            symbols of the text
 *                      text_sought()                          which words of a group stand there?
 *                      text_has()                             does this one?
 *                      text_names()                           which names, and where?
 *                      text_find_all()                        all words at once, or all of these
 *
 * A keyword is found wherever its folded characters stand, also inside a longer one. Equal keywords
 * share a number. Each kind is looked for when the first asks, since most cases are decided without
 * most of them: one that says its place and category needs neither names nor the words that tell
 * categories. One without a category needs all words, and without a place names too: they are
 * found together, and so are words to weigh always, since nobody asks for them who needs not all.
 * Compiled keywords are immutable, any thread; a scratch belongs to one thread.
 */
#ifndef DOMAIN_TEXT_TEXT_H
#define DOMAIN_TEXT_TEXT_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/err.h"
#include "base/span.h"

enum {
    KEYWORD_BYTES_MAX = 256,
    KEYWORDS_MAX = 1u << 20,
    TEXT_PARTS_MAX = 4,
    TEXT_BYTES_MAX = 2 * 65536, /* of all parts of one scan; what is beyond is not looked at */
    TEXT_NAMES_MAX = 256,       /* occurrences of names noted in one scan: the first */
    TEXT_TIMES_MAX = 16         /* a word to weigh counts no more often: 16 is 2 to the 4th */
};

#define KEYWORD_NONE UINT32_MAX

struct keywords;

struct keywords *keywords_create(struct arena *arena);

/* The number of a keyword, valid UTF-8, folded and not empty; numbers are dense from 0. A word that
 * a rule asks for, or a name, of which it will matter where it stands; one may be both.
 * KEYWORD_NONE for one that is too long, or one too many; keywords_compile() then says so. The
 * keyword is copied. Once they are compiled, only those that are there already. */
uint32_t keywords_add(struct keywords *keywords, struct span folded, bool is_name);

/* Groups of words that are looked for together. */
enum text_group {
    TEXT_PICKING,  /* of tables of which one row decides */
    TEXT_SUMMING,  /* of those whose rows are added up */
    TEXT_WEIGHING, /* of those that weigh each word for and against categories */
    TEXT_GROUPS
};

/* Makes a word one of a group. Likewise. */
void keywords_seek(struct keywords *keywords, uint32_t word, enum text_group group);

/* Adds what is sought in a group and never asked for by text_has(), as keywords_add() does: the
 * words to weigh are thousands, and no other table has to look past them. */
uint32_t keywords_add_sought(struct keywords *keywords, struct span folded, enum text_group group);

/* Numbers are below this. */
uint32_t keywords_count(const struct keywords *keywords);

struct span keyword_text(const struct keywords *keywords, uint32_t keyword);

/* Have both the same keywords, with the same numbers, looked for in the same groups? Then what was
 * found with one is what the other would find. */
bool keywords_alike(const struct keywords *a, const struct keywords *b);

/* After the last add; after keywords_close() once more, with what was added since. ERR_INVALID, and
 * a finding of `file`, for keywords that were refused and for too many different characters. */
MUST_CHECK enum err keywords_compile(struct keywords *keywords, const char *file,
                                     struct diag *diag);

/* Frees what is compiled; the rest is the arena's. NULL is fine. */
void keywords_close(struct keywords *keywords);

struct text_scratch;

/* What stands in a text; found when it is asked for. */
struct text_hits {
    struct text_scratch *scratch;
};

struct text_words {
    /* Each that stands anywhere, once; in no order. A word to weigh stands here once more where the
     * text has it twice, four, eight and sixteen times. */
    const uint32_t *list;
    uint32_t count;
};

/* Where a name stands in the folded text, in bytes. */
struct name_hit {
    uint32_t keyword;
    uint32_t first, limit;
};

struct text_names {
    struct span folded;          /* all parts, a line end behind each */
    const struct name_hit *list; /* each occurrence, by its end, the longest first */
    uint32_t count;
};

/* After keywords_compile(). */
struct text_scratch *text_scratch_create(const struct keywords *keywords);
void text_scratch_destroy(struct text_scratch **scratch);

/* Takes the parts; nothing will be found across two of them. The hits, and all that is found, live
 * until the next scan with this scratch. Parts are valid UTF-8, at most TEXT_PARTS_MAX, and must
 * stay as long as the hits. Allocates nothing, nor do the others. */
const struct text_hits *text_scan(struct text_scratch *scratch, const struct span *parts,
                                  uint32_t parts_count);

/* Finds all words in one pass, and names too where they will be asked for. It changes no answer.
 * Right after the scan. */
void text_find_all(const struct text_hits *hits, bool names);

/* The words of a group that stand there. */
struct text_words text_sought(const struct text_hits *hits, enum text_group group);

/* Does a word stand there, of a group or not? Not for what is only a name. */
bool text_has(const struct text_hits *hits, uint32_t word);

/* The names in what was scanned, and the text itself as they stand in it. */
const struct text_names *text_names(const struct text_hits *hits);

#endif
