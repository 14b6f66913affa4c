/* text - which keywords stand in a case's words: one scan for all keywords of a policy.
 *
 *      while loading   keywords_add(), again and again        the rules' words, names of places
 *      then once       keywords_compile()                     symbols, a trie of words, one of
 * names per case        text_scan()                            all words that stand there
 *                      text_names(), where they matter        and names, with where they stand
 *
 * A keyword is found wherever its folded characters stand, also inside a longer one. Equal keywords
 * share a number. Most cases say where they are about, and nobody asks them for names; so names are
 * looked for when the first asks. Compiled keywords are immutable, any thread; a scratch belongs to
 * one thread.
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
    TEXT_NAMES_MAX = 256        /* occurrences of names noted in one scan: the first */
};

#define KEYWORD_NONE UINT32_MAX

struct keywords;

struct keywords *keywords_create(struct arena *arena);

/* The number of a keyword, valid UTF-8, folded and not empty; numbers are dense from 0. is_name:
 * where it stands will matter, not only whether. KEYWORD_NONE for one that is too long, or one too
 * many; keywords_compile() then says so. The keyword is copied. Once they are compiled, only those
 * that are there already. */
uint32_t keywords_add(struct keywords *keywords, struct span folded, bool is_name);

/* Numbers are below this. */
uint32_t keywords_count(const struct keywords *keywords);

struct span keyword_text(const struct keywords *keywords, uint32_t keyword);

/* After the last add; after keywords_close() once more, with what was added since. ERR_INVALID, and
 * a finding of `file`, for keywords that were refused and for too many different characters. */
MUST_CHECK enum err keywords_compile(struct keywords *keywords, const char *file,
                                     struct diag *diag);

/* Frees what is compiled; the rest is the arena's. NULL is fine. */
void keywords_close(struct keywords *keywords);

struct text_hits {
    const uint32_t *words; /* each that stands anywhere, once; in no order */
    uint32_t words_count;
    const uint8_t *has;           /* a keyword each: is it such a word? */
    struct text_scratch *scratch; /* for text_names() */
};

/* hits may be NULL: a case without words. */
static inline bool text_has(const struct text_hits *hits, uint32_t word)
{
    return hits != NULL && hits->has[word];
}

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

struct text_scratch;

/* After keywords_compile(). */
struct text_scratch *text_scratch_create(const struct keywords *keywords);
void text_scratch_destroy(struct text_scratch **scratch);

/* Finds what stands in the parts, folded; nothing is found across two of them. The hits live until
 * the next scan with this scratch. Parts are valid UTF-8, at most TEXT_PARTS_MAX, and must stay as
 * long as the hits. Allocates nothing. */
const struct text_hits *text_scan(struct text_scratch *scratch, const struct span *parts,
                                  uint32_t parts_count);

/* The names in what was scanned, and the text itself as they stand in it. Lives as long as the
 * hits. Allocates nothing. */
const struct text_names *text_names(const struct text_hits *hits);

#endif
