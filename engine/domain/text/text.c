#include "domain/text/text.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/text/fold.h"
#include "domain/text/room.h"
#include "domain/text/trie.h"

enum { FIRST_ROOM = 1024, WEIGHED_MAX = 5 /* 1, 2, 4, 8 and 16 times */ };

_Static_assert(1 << (WEIGHED_MAX - 1) == TEXT_TIMES_MAX, "as often a word is in the list");

/* What keywords are looked for together: the groups, all words, all names, and all. */
enum kind { WORDS = TEXT_GROUPS, NAMES, ALL, KINDS };

struct keywords {
    struct arena *arena;
    struct span *texts;
    uint8_t *kinds; /* a bit each */
    uint32_t count;
    uint32_t room;   /* for texts; a power of two */
    uint32_t *found; /* hash table of 2 x room: number + 1, or 0 */
    struct span refused;
    uint32_t refused_count;
    struct symbols *symbols; /* NULL: not compiled yet */
    struct trie *tries[KINDS];
};

/* What of a kind was found. */
struct found {
    uint8_t *marks; /* a keyword each: is it in the list? Of ALL, how often it was met */
    uint32_t *list;
    uint32_t count;
    bool marked; /* or was the list chosen from ALL's? */
    bool done;   /* is it what stands in the last text? Else it is empty */
};

struct text_scratch {
    const struct keywords *keywords;
    struct text_hits hits;
    struct span parts[TEXT_PARTS_MAX]; /* of the last scan, as much of them as is looked at */
    uint32_t parts_count;
    uint32_t row_count;
    struct found found[KINDS]; /* but for NAMES, and ALL has names too */
    uint32_t *again;           /* of ALL, those met 2, 4, 8 and 16 times, once for each */
    uint32_t again_count;
    bool named;  /* are the names of the last scan looked for? */
    bool placed; /* are they bytes of the folded text, or still places in the row? */
    struct text_names names;
    struct name_hit list[TEXT_NAMES_MAX];
    uint8_t folded[TEXT_BYTES_MAX];
    uint16_t row[TEXT_BYTES_MAX + 1]; /* symbols of the parts, SYMBOL_OTHER behind each */
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
    while (keywords->found[at] != 0 && !span_equal(keywords->texts[keywords->found[at] - 1], text))
        at = (at + 1) & mask;
    return &keywords->found[at];
}

static void grow(struct keywords *keywords)
{
    struct keywords before = *keywords;
    size_t room = before.room == 0 ? FIRST_ROOM : (size_t)2 * before.room;
    keywords->room = (uint32_t)room;
    keywords->texts = arena_take(keywords->arena, room * sizeof *keywords->texts);
    keywords->kinds = arena_take(keywords->arena, room * sizeof *keywords->kinds);
    keywords->found = arena_take(keywords->arena, 2 * room * sizeof *keywords->found);
    for (uint32_t i = 0; i < keywords->count; i++) {
        keywords->texts[i] = before.texts[i];
        keywords->kinds[i] = before.kinds[i];
        *slot_of(keywords, before.texts[i]) = i + 1;
    }
}

static uint32_t refuse(struct keywords *keywords, struct span folded)
{
    if (keywords->refused_count++ == 0)
        keywords->refused = span_of(arena_copy(keywords->arena, folded), folded.bytes);
    return KEYWORD_NONE;
}

static uint32_t add(struct keywords *keywords, struct span folded, enum kind kind)
{
    uint8_t again[KEYWORD_BYTES_MAX];
    CHECK(folded.bytes > 0);
    if (folded.bytes > KEYWORD_BYTES_MAX)
        return refuse(keywords, folded);
    VERIFY(span_equal(span_of(again, fold(folded, again)), folded));
    if (keywords->count == keywords->room)
        grow(keywords);
    uint32_t *slot = slot_of(keywords, folded);
    if (*slot == 0 && keywords->count == KEYWORDS_MAX)
        return refuse(keywords, folded);
    if (*slot == 0) {
        CHECK(keywords->symbols == NULL);
        keywords->texts[keywords->count] =
            span_of(arena_copy(keywords->arena, folded), folded.bytes);
        *slot = ++keywords->count;
    }
    keywords->kinds[*slot - 1] |= (uint8_t)(1 << kind);
    return *slot - 1;
}

uint32_t keywords_add(struct keywords *keywords, struct span folded, bool is_name)
{
    return add(keywords, folded, is_name ? NAMES : WORDS);
}

uint32_t keywords_add_sought(struct keywords *keywords, struct span folded, enum text_group group)
{
    return add(keywords, folded, (enum kind)group);
}

void keywords_seek(struct keywords *keywords, uint32_t word, enum text_group group)
{
    CHECK(word < keywords->count);
    uint8_t kinds = (uint8_t)(keywords->kinds[word] | 1 << group);
    CHECK(keywords->symbols == NULL || keywords->kinds[word] == kinds);
    keywords->kinds[word] = kinds;
}

uint32_t keywords_count(const struct keywords *keywords)
{
    return keywords->count;
}

struct span keyword_text(const struct keywords *keywords, uint32_t keyword)
{
    CHECK(keyword < keywords->count);
    return keywords->texts[keyword];
}

bool keywords_alike(const struct keywords *a, const struct keywords *b)
{
    bool alike = a->count == b->count;
    for (uint32_t i = 0; alike && i < a->count; i++)
        alike = a->kinds[i] == b->kinds[i] && span_equal(a->texts[i], b->texts[i]);
    return alike;
}

/* -- compiling --------------------------------------------------------------------------------- */

static struct trie *build_trie(const struct keywords *keywords, enum kind kind)
{
    uint32_t *numbers = room_for(keywords->count, sizeof *numbers);
    uint32_t count = 0;
    for (uint32_t i = 0; i < keywords->count; i++)
        if (kind == ALL || (keywords->kinds[i] >> kind & 1) != 0)
            numbers[count++] = i;
    struct trie *trie = trie_create(keywords->symbols, keywords->texts, numbers, count);
    free(numbers);
    return trie;
}

enum err keywords_compile(struct keywords *keywords, const char *file, struct diag *diag)
{
    CHECK(keywords->symbols == NULL);
    if (keywords->refused_count > 0) {
        diag_add(
            diag, file, 0, 0,
            "%u keywords and names are too many or too long, the first is '%.*s'; there may be "
            "%d, of up to %d bytes",
            keywords->refused_count, SPAN_ARG(utf8_clip(keywords->refused, KEYWORD_BYTES_MAX)),
            KEYWORDS_MAX, KEYWORD_BYTES_MAX);
        return ERR_INVALID;
    }
    keywords->symbols = symbols_create(keywords->texts, keywords->count);
    if (keywords->symbols == NULL) {
        diag_add(diag, file, 0, 0,
                 "keywords and names are made of too many different characters; there may be %d",
                 SYMBOLS_MAX);
        return ERR_INVALID;
    }
    for (enum kind kind = 0; kind < KINDS; kind++)
        if (kind != (enum kind)TEXT_WEIGHING) /* they are found with all others */
            keywords->tries[kind] = build_trie(keywords, kind);
    return OK;
}

void keywords_close(struct keywords *keywords)
{
    if (keywords == NULL)
        return;
    for (enum kind kind = 0; kind < KINDS; kind++)
        trie_destroy(&keywords->tries[kind]);
    symbols_destroy(&keywords->symbols);
}

/* -- scanning ---------------------------------------------------------------------------------- */

struct text_scratch *text_scratch_create(const struct keywords *keywords)
{
    struct text_scratch *scratch = room_for(1, sizeof *scratch);
    CHECK(keywords->symbols != NULL);
    scratch->keywords = keywords;
    scratch->hits.scratch = scratch;
    scratch->names.list = scratch->list;
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct found *found = &scratch->found[kind];
        found->marks = room_for(keywords->count, sizeof *found->marks);
        size_t times = kind == (enum kind)TEXT_WEIGHING ? WEIGHED_MAX : 1;
        found->list = room_for(keywords->count * times, sizeof *found->list);
    }
    scratch->again = room_for((size_t)keywords->count * WEIGHED_MAX, sizeof *scratch->again);
    return scratch;
}

void text_scratch_destroy(struct text_scratch **scratch)
{
    if (*scratch == NULL)
        return;
    for (enum kind kind = 0; kind < KINDS; kind++) {
        free((*scratch)->found[kind].marks);
        free((*scratch)->found[kind].list);
    }
    free((*scratch)->again);
    free(*scratch);
    *scratch = NULL;
}

/* Keeps the parts, and writes their symbols, a line end's behind each. */
static void write_row(struct text_scratch *scratch, const struct span *parts, uint32_t parts_count)
{
    size_t bytes = 0;
    uint32_t count = 0;
    scratch->parts_count = 0;
    for (uint32_t i = 0; i < parts_count && bytes + 1 < TEXT_BYTES_MAX; i++) {
        struct span part = utf8_clip(parts[i], TEXT_BYTES_MAX - bytes - 1);
        scratch->parts[scratch->parts_count++] = part;
        bytes += part.bytes + 1;
        count += (uint32_t)symbols_write(scratch->keywords->symbols, part, scratch->row + count);
        scratch->row[count++] = SYMBOL_OTHER;
    }
    scratch->row[count] = SYMBOL_OTHER;
    scratch->row_count = count;
}

static void forget(struct found *found)
{
    for (uint32_t i = 0; found->marked && i < found->count; i++)
        found->marks[found->list[i]] = 0;
    found->count = 0;
    found->marked = found->done = false;
}

const struct text_hits *text_scan(struct text_scratch *scratch, const struct span *parts,
                                  uint32_t parts_count)
{
    CHECK(parts_count <= TEXT_PARTS_MAX);
    for (enum kind kind = 0; kind < KINDS; kind++)
        forget(&scratch->found[kind]);
    scratch->again_count = 0;
    scratch->named = scratch->placed = false;
    write_row(scratch, parts, parts_count);
    return &scratch->hits;
}

/* -- words ------------------------------------------------------------------------------------- */

static void note_words(void *self, const struct trie_hit *hits, uint32_t count)
{
    struct found *found = self;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = hits[i].number;
        found->list[found->count] = number;
        found->count += !found->marks[number];
        found->marks[number] = 1;
    }
}

static trie_visit note_all;
static void find_all(struct text_scratch *scratch, trie_visit *visit);

/* Adds those that are of a kind, without a branch. */
static void choose(const struct text_scratch *scratch, enum kind kind, const uint32_t *list,
                   uint32_t count, struct found *found)
{
    const uint8_t *kinds = scratch->keywords->kinds;
    uint32_t *chosen = found->list + found->count;
    for (uint32_t i = 0; i < count; i++) {
        *chosen = list[i];
        chosen += kinds[list[i]] >> kind & 1;
    }
    found->count = (uint32_t)(chosen - found->list);
}

static const struct found *find(struct text_scratch *scratch, enum kind kind)
{
    const struct found *all = &scratch->found[ALL];
    struct found *found = &scratch->found[kind];
    if (found->done)
        return found;
    if (kind == (enum kind)TEXT_WEIGHING && !all->done)
        find_all(scratch, note_all);
    found->marked = !all->done;
    if (found->marked)
        trie_scan(scratch->keywords->tries[kind], scratch->row, scratch->row_count, note_words,
                  found);
    else
        choose(scratch, kind, all->list, all->count, found);
    if (kind == (enum kind)TEXT_WEIGHING)
        choose(scratch, kind, scratch->again, scratch->again_count, found);
    found->done = true;
    return found;
}

struct text_words text_sought(const struct text_hits *hits, enum text_group group)
{
    const struct found *found = find(hits->scratch, (enum kind)group);
    return (struct text_words){found->list, found->count};
}

bool text_has(const struct text_hits *hits, uint32_t word)
{
    struct text_scratch *scratch = hits->scratch;
    const struct found *all = &scratch->found[ALL];
    if (all->done)
        return all->marks[word] != 0 && (scratch->keywords->kinds[word] >> WORDS & 1) != 0;
    return find(scratch, WORDS)->marks[word] != 0;
}

/* -- names ------------------------------------------------------------------------------------- */

static struct span fold_parts(struct text_scratch *scratch)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < scratch->parts_count; i++) {
        bytes += fold(scratch->parts[i], scratch->folded + bytes);
        scratch->folded[bytes++] = '\n';
    }
    return span_of(scratch->folded, bytes);
}

static bool is_before(struct name_hit a, struct name_hit b)
{
    return a.limit != b.limit ? a.limit < b.limit : a.first < b.first;
}

/* Keeps the first TEXT_NAMES_MAX in order. Until all are found, they are places in the row. */
static void note_name(struct text_scratch *scratch, const struct trie_hit *name)
{
    struct name_hit hit = {.keyword = name->number, .first = name->first, .limit = name->limit};
    uint32_t at = scratch->names.count;
    if (at == TEXT_NAMES_MAX && !is_before(hit, scratch->list[--at]))
        return;
    scratch->names.count = at + 1;
    for (; at > 0 && is_before(hit, scratch->list[at - 1]); at--)
        scratch->list[at] = scratch->list[at - 1];
    scratch->list[at] = hit;
}

static void note_names(void *self, const struct trie_hit *hits, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        note_name(self, &hits[i]);
}

/* Some characters further back. */
static uint32_t step_back(const uint8_t *text, uint32_t byte, uint32_t characters)
{
    for (; characters > 0; characters--)
        do
            byte--;
        while ((text[byte] & 0xC0) == 0x80);
    return byte;
}

/* Places in the row become bytes of the folded text. */
static void place_names(struct text_scratch *scratch)
{
    uint32_t place = 0;
    uint32_t byte = 0;
    for (uint32_t i = 0; i < scratch->names.count; i++) {
        struct name_hit *hit = &scratch->list[i];
        for (; place < hit->limit; place++)
            byte += utf8_bytes(scratch->folded[byte]);
        hit->first = step_back(scratch->folded, byte, hit->limit - hit->first);
        hit->limit = byte;
    }
}

static void find_names(struct text_scratch *scratch)
{
    scratch->named = true;
    scratch->names.count = 0;
    trie_scan(scratch->keywords->tries[NAMES], scratch->row, scratch->row_count, note_names,
              scratch);
}

const struct text_names *text_names(const struct text_hits *hits)
{
    struct text_scratch *scratch = hits->scratch;
    if (!scratch->named)
        find_names(scratch);
    if (!scratch->placed) {
        scratch->names.folded = fold_parts(scratch);
        place_names(scratch);
    }
    scratch->placed = true;
    return &scratch->names;
}

/* -- all --------------------------------------------------------------------------------------- */

/* Whether it is met for the first time or the second is nothing that the processor can guess, so
 * all are written down, and only those counted for which it matters. */
static void note_all(void *self, const struct trie_hit *hits, uint32_t count)
{
    struct text_scratch *scratch = self;
    struct found *all = &scratch->found[ALL];
    uint8_t *marks = all->marks;
    uint32_t *met = all->list + all->count;
    uint32_t *again = scratch->again + scratch->again_count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = hits[i].number;
        uint32_t before = marks[number];
        uint32_t times = before + (before <= TEXT_TIMES_MAX);
        marks[number] = (uint8_t)times;
        *met = *again = number;
        met += before == 0;
        again += before != 0 && (before & times) == 0;
    }
    all->count = (uint32_t)(met - all->list);
    scratch->again_count = (uint32_t)(again - scratch->again);
}

static void note_all_and_names(void *self, const struct trie_hit *hits, uint32_t count)
{
    struct text_scratch *scratch = self;
    const uint8_t *kinds = scratch->keywords->kinds;
    note_all(scratch, hits, count);
    for (uint32_t i = 0; i < count; i++)
        if ((kinds[hits[i].number] >> NAMES & 1) != 0)
            note_name(scratch, &hits[i]);
}

static void find_all(struct text_scratch *scratch, trie_visit *visit)
{
    struct found *all = &scratch->found[ALL];
    trie_scan(scratch->keywords->tries[ALL], scratch->row, scratch->row_count, visit, scratch);
    all->marked = all->done = true;
}

void text_find_all(const struct text_hits *hits, bool names)
{
    struct text_scratch *scratch = hits->scratch;
    CHECK(!scratch->named && !scratch->found[ALL].done);
    scratch->named = names;
    scratch->names.count = 0;
    find_all(scratch, names ? note_all_and_names : note_all);
}
