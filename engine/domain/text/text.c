#include "domain/text/text.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/text/fold.h"

#include <hs/hs.h>
#include <stdlib.h>

/* Vectorscan 5.4.9 overlooks keywords in the last bytes of a text where it is given two or three
 * keywords and has AVX-512 (a test has the two). What stands behind the text does it no harm, so
 * line ends stand there, as many as one of its vectors holds. */
enum { FIRST_ROOM = 1024, SCAN_PADDING = 64 };

struct keyword {
    struct span text;
    bool is_name;
};

/* What Vectorscan looks for: how some keywords begin, in four Chinese characters at most. It tells
 * literals apart by their last eight bytes, and the names of a city end alike by the thousand
 * (村民委员会, 人民政府, 市场监督管理局); by their beginnings hardly two are alike. The rest of a
 * keyword is compared here. */
enum { ANCHOR_BYTES_MAX = 12 };

struct anchor {
    uint32_t bytes;
    uint32_t first, limit; /* of the sorted keywords */
};

struct keywords {
    struct arena *arena;
    struct keyword *list;
    uint32_t count;
    uint32_t room;   /* of the list; a power of two */
    uint32_t *found; /* hash table of 2 x room: number + 1, or 0 */
    struct span refused;
    uint32_t refused_count;
    uint32_t *sorted; /* numbers by their texts */
    struct anchor *anchors;
    uint32_t anchors_count;
    hs_database_t *database; /* NULL: not compiled yet, or there are no keywords */
};

struct text_scratch {
    const struct keywords *keywords;
    hs_scratch_t *hs;
    uint8_t *seen;   /* one a keyword; those of the last hits are set */
    uint32_t *found; /* the hits' keywords */
    struct name_hit names[TEXT_NAMES_MAX];
    struct text_hits hits;
    uint8_t folded[TEXT_BYTES_MAX + SCAN_PADDING];
};

/* -- gathering --------------------------------------------------------------------------------- */

struct keywords *keywords_create(struct arena *arena)
{
    struct keywords *keywords = arena_take(arena, sizeof *keywords);
    keywords->arena = arena;
    return keywords;
}

/* FNV-1a: short keywords, and nobody to attack it but the desk itself. */
static uint32_t hash(struct span text)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.bytes; i++)
        hash = (hash ^ text.data[i]) * 16777619u;
    return hash;
}

/* Where a keyword's number stands in the hash table, or where it would. */
static uint32_t *slot_of(const struct keywords *keywords, struct span text)
{
    uint32_t mask = 2 * keywords->room - 1;
    uint32_t at = hash(text) & mask;
    while (keywords->found[at] != 0 &&
           !span_equal(keywords->list[keywords->found[at] - 1].text, text))
        at = (at + 1) & mask;
    return &keywords->found[at];
}

static void grow(struct keywords *keywords)
{
    const struct keyword *before = keywords->list;
    keywords->room = keywords->room == 0 ? FIRST_ROOM : 2 * keywords->room;
    keywords->list = arena_take(keywords->arena, keywords->room * sizeof *keywords->list);
    keywords->found =
        arena_take(keywords->arena, (size_t)2 * keywords->room * sizeof *keywords->found);
    for (uint32_t i = 0; i < keywords->count; i++) {
        keywords->list[i] = before[i];
        *slot_of(keywords, before[i].text) = i + 1;
    }
}

static uint32_t refuse(struct keywords *keywords, struct span folded)
{
    if (keywords->refused_count++ == 0)
        keywords->refused = span_of(arena_copy(keywords->arena, folded), folded.bytes);
    return KEYWORD_NONE;
}

uint32_t keywords_add(struct keywords *keywords, struct span folded, bool is_name)
{
    CHECK(folded.bytes > 0);
    VERIFY(memchr(folded.data, '\n', folded.bytes) == NULL);
    if (folded.bytes > KEYWORD_BYTES_MAX)
        return refuse(keywords, folded);
    if (keywords->count == keywords->room)
        grow(keywords);
    uint32_t *slot = slot_of(keywords, folded);
    if (*slot == 0 && keywords->count == KEYWORDS_MAX)
        return refuse(keywords, folded);
    if (*slot == 0) {
        CHECK(keywords->database == NULL);
        struct keyword *keyword = &keywords->list[keywords->count++];
        keyword->text = span_of(arena_copy(keywords->arena, folded), folded.bytes);
        *slot = keywords->count;
    }
    keywords->list[*slot - 1].is_name |= is_name;
    return *slot - 1;
}

uint32_t keywords_count(const struct keywords *keywords)
{
    return keywords->count;
}

struct span keyword_text(const struct keywords *keywords, uint32_t keyword)
{
    CHECK(keyword < keywords->count);
    return keywords->list[keyword].text;
}

/* -- compiling --------------------------------------------------------------------------------- */

static const struct keyword *keyword_at(const struct keywords *keywords, uint32_t place)
{
    return &keywords->list[keywords->sorted[place]];
}

static int by_text(const void *a, const void *b, void *self)
{
    const struct keywords *keywords = self;
    return span_compare(keywords->list[*(const uint32_t *)a].text,
                        keywords->list[*(const uint32_t *)b].text);
}

static struct span anchor_of(struct span text)
{
    return text.bytes <= ANCHOR_BYTES_MAX ? text : utf8_clip(text, ANCHOR_BYTES_MAX);
}

/* Keywords with one anchor stand beside each other, so that each anchor has a range of them. */
static void find_anchors(struct keywords *keywords)
{
    uint32_t count = keywords->count;
    keywords->sorted = arena_take(keywords->arena, count * sizeof *keywords->sorted);
    keywords->anchors = arena_take(keywords->arena, count * sizeof *keywords->anchors);
    keywords->anchors_count = 0;
    for (uint32_t i = 0; i < count; i++)
        keywords->sorted[i] = i;
    qsort_r(keywords->sorted, count, sizeof *keywords->sorted, by_text, keywords);
    for (uint32_t i = 0; i < count; i++) {
        struct span anchor = anchor_of(keyword_at(keywords, i)->text);
        if (i == 0 || !span_equal(anchor, anchor_of(keyword_at(keywords, i - 1)->text)))
            keywords->anchors[keywords->anchors_count++] =
                (struct anchor){.bytes = (uint32_t)anchor.bytes, .first = i};
        keywords->anchors[keywords->anchors_count - 1].limit = i + 1;
    }
}

/* What Vectorscan is told, in its own form. */
struct literals {
    const char **texts;
    size_t *bytes;
    unsigned *numbers;
};

static void *room_for(uint32_t count, size_t bytes)
{
    void *room = calloc(count, bytes);
    CHECK(room != NULL);
    return room;
}

/* Literals are compared byte by byte: in valid UTF-8 no character begins inside another. Every
 * occurrence is reported; to ask only for the first (HS_FLAG_SINGLEMATCH) takes longer. */
static struct literals literals_of(const struct keywords *keywords)
{
    uint32_t count = keywords->anchors_count;
    struct literals literals = {room_for(count, sizeof *literals.texts),
                                room_for(count, sizeof *literals.bytes),
                                room_for(count, sizeof *literals.numbers)};
    for (uint32_t i = 0; i < count; i++) {
        const struct anchor *anchor = &keywords->anchors[i];
        literals.texts[i] = (const char *)keyword_at(keywords, anchor->first)->text.data;
        literals.bytes[i] = anchor->bytes;
        literals.numbers[i] = i;
    }
    return literals;
}

static void literals_free(struct literals *literals)
{
    free(literals->texts);
    free(literals->bytes);
    free(literals->numbers);
}

static enum err compile(struct keywords *keywords, const char *file, struct diag *diag)
{
    hs_compile_error_t *error = NULL;
    struct literals literals = literals_of(keywords);
    hs_error_t result = hs_compile_lit_multi(literals.texts, NULL, literals.numbers, literals.bytes,
                                             keywords->anchors_count, HS_MODE_BLOCK, NULL,
                                             &keywords->database, &error);
    literals_free(&literals);
    if (result == HS_SUCCESS)
        return OK;
    int at = error->expression;
    struct span text = at >= 0 && (uint32_t)at < keywords->anchors_count
                           ? keyword_at(keywords, keywords->anchors[at].first)->text
                           : span_of_string("all of them");
    diag_add(diag, file, 0, 0, "keywords cannot be compiled (%.*s): %s", SPAN_ARG(text),
             error->message);
    hs_free_compile_error(error);
    return ERR_INVALID;
}

enum err keywords_compile(struct keywords *keywords, const char *file, struct diag *diag)
{
    CHECK(keywords->database == NULL);
    if (keywords->refused_count > 0) {
        diag_add(
            diag, file, 0, 0,
            "%u keywords and names are too many or too long, the first is '%.*s'; there may be "
            "%d, of up to %d bytes",
            keywords->refused_count, SPAN_ARG(utf8_clip(keywords->refused, KEYWORD_BYTES_MAX)),
            KEYWORDS_MAX, KEYWORD_BYTES_MAX);
        return ERR_INVALID;
    }
    if (hs_valid_platform() != HS_SUCCESS) {
        diag_add(diag, file, 0, 0,
                 "keywords cannot be looked for: Vectorscan does not know this processor; it needs "
                 "SSE4.2, or an arm64");
        return ERR_INVALID;
    }
    if (keywords->count == 0)
        return OK;
    find_anchors(keywords);
    return compile(keywords, file, diag);
}

void keywords_close(struct keywords *keywords)
{
    if (keywords == NULL)
        return;
    hs_free_database(keywords->database);
    keywords->database = NULL;
}

/* -- scanning ---------------------------------------------------------------------------------- */

struct text_scratch *text_scratch_create(const struct keywords *keywords)
{
    struct text_scratch *scratch = room_for(1, sizeof *scratch);
    CHECK((keywords->database != NULL) == (keywords->count > 0));
    scratch->keywords = keywords;
    scratch->seen = room_for(keywords->count + 1, sizeof *scratch->seen);
    scratch->found = room_for(keywords->count + 1, sizeof *scratch->found);
    if (keywords->database != NULL) {
        hs_error_t result = hs_alloc_scratch(keywords->database, &scratch->hs);
        CHECK(result == HS_SUCCESS);
    }
    return scratch;
}

void text_scratch_destroy(struct text_scratch **scratch)
{
    if (*scratch == NULL)
        return;
    hs_free_scratch((*scratch)->hs);
    free((*scratch)->seen);
    free((*scratch)->found);
    free(*scratch);
    *scratch = NULL;
}

static bool is_before(struct name_hit a, struct name_hit b)
{
    return a.limit != b.limit ? a.limit < b.limit : a.first < b.first;
}

/* Keeps the first TEXT_NAMES_MAX in order. Vectorscan promises none; nearly always there is. */
static void note_name(struct text_scratch *scratch, struct name_hit hit)
{
    uint32_t at = scratch->hits.names_count;
    if (at == TEXT_NAMES_MAX && !is_before(hit, scratch->names[--at]))
        return;
    scratch->hits.names_count = at + 1;
    for (; at > 0 && is_before(hit, scratch->names[at - 1]); at--)
        scratch->names[at] = scratch->names[at - 1];
    scratch->names[at] = hit;
}

static void note(struct text_scratch *scratch, uint32_t number, uint32_t first)
{
    const struct keyword *keyword = &scratch->keywords->list[number];
    if (!scratch->seen[number])
        scratch->found[scratch->hits.keywords_count++] = number;
    scratch->seen[number] = 1;
    if (keyword->is_name)
        note_name(scratch, (struct name_hit){.keyword = number,
                                             .first = first,
                                             .limit = first + (uint32_t)keyword->text.bytes});
}

/* An anchor stands there; which of its keywords do? */
static int on_match(unsigned number, unsigned long long from, unsigned long long to, unsigned flags,
                    void *context)
{
    struct text_scratch *scratch = context;
    const struct keywords *keywords = scratch->keywords;
    const struct anchor *anchor = &keywords->anchors[number];
    uint32_t first = (uint32_t)to - anchor->bytes;
    struct span rest = span_of(scratch->hits.folded.data + to, scratch->hits.folded.bytes - to);
    (void)from; /* only with a flag that costs time; a literal's length is known */
    (void)flags;
    for (uint32_t i = anchor->first; i < anchor->limit; i++) {
        struct span text = keyword_at(keywords, i)->text;
        if (span_starts_with(rest, span_of(text.data + anchor->bytes, text.bytes - anchor->bytes)))
            note(scratch, keywords->sorted[i], first);
    }
    return 0;
}

static size_t fold_parts(struct text_scratch *scratch, const struct span *parts,
                         uint32_t parts_count)
{
    size_t used = 0;
    for (uint32_t i = 0; i < parts_count && used + 1 < TEXT_BYTES_MAX; i++) {
        struct span part = utf8_clip(parts[i], TEXT_BYTES_MAX - used - 1);
        used += fold(part, scratch->folded + used);
        scratch->folded[used++] = '\n';
    }
    return used;
}

const struct text_hits *text_scan(struct text_scratch *scratch, const struct span *parts,
                                  uint32_t parts_count)
{
    const struct keywords *keywords = scratch->keywords;
    for (uint32_t i = 0; i < scratch->hits.keywords_count; i++)
        scratch->seen[scratch->found[i]] = 0;
    size_t bytes = fold_parts(scratch, parts, parts_count);
    scratch->hits = (struct text_hits){.folded = span_of(scratch->folded, bytes),
                                       .keywords = scratch->found,
                                       .names = scratch->names};
    if (keywords->database != NULL) {
        memset(scratch->folded + bytes, '\n', SCAN_PADDING);
        hs_error_t result =
            hs_scan(keywords->database, (const char *)scratch->folded,
                    (unsigned)bytes + SCAN_PADDING, 0, scratch->hs, on_match, scratch);
        CHECK(result == HS_SUCCESS);
    }
    return &scratch->hits;
}
