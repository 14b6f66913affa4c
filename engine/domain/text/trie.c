#include "domain/text/trie.h"

#include "base/check.h"
#include "domain/text/room.h"

#define NONE UINT32_MAX
/* All that is asked of a node, in a quarter of a cache line. */
struct cell {
    uint32_t parent;   /* the cell whose child it is; NONE where nothing stands, and for pairs */
    uint32_t base;     /* of its children */
    uint32_t children; /* a bit for the symbol of each, by its lowest bits: others are not there */
    uint32_t number;   /* of the keyword that ends there, or NONE */
};

_Static_assert(sizeof(struct cell) == 16, "a cell lies in one cache line");

struct trie {
    uint32_t *bases;   /* symbol -> base of the node that it leads to */
    uint32_t *singles; /* symbol -> the keyword that it is, or NONE */
    bool has_singles;
    uint16_t *pairs; /* cell -> the first symbol of the pair that leads there; else 0 */
    struct cell *cells;
};

static uint32_t bit_of(uint32_t symbol)
{
    return 1u << symbol % 32;
}

/* -- building ---------------------------------------------------------------------------------- */

/* A keyword, as symbols. */
struct row {
    const uint16_t *symbols;
    uint32_t count;
    uint32_t number;
};

/* A node whose children are not laid out yet: of sorted rows those that begin alike. */
struct node {
    uint32_t cell;
    uint32_t first, limit; /* of the rows */
    uint32_t depth;        /* symbols in common */
};

struct child {
    uint16_t symbol;
    uint32_t first, limit;
};

/* Free cells are a ring through cell 0, which is never taken: symbols 0 and SYMBOL_OTHER are in no
 * keyword. A node's children share a block, since base ^ symbol changes the low bits only. */
struct building {
    struct trie *trie;
    struct row *rows;
    uint32_t rows_count;
    uint16_t *symbols;  /* of all rows */
    struct node *nodes; /* a queue */
    uint32_t nodes_first, nodes_limit;
    struct child *children; /* of the node at work */
    uint32_t children_count;
    uint32_t *before, *behind; /* the next free cells */
    uint32_t cells_count, room;
    uint32_t block; /* a power of two, above all symbols */
};

static int by_symbols(const void *a, const void *b)
{
    const struct row *left = a;
    const struct row *right = b;
    for (uint32_t i = 0; i < left->count && i < right->count; i++)
        if (left->symbols[i] != right->symbols[i])
            return left->symbols[i] < right->symbols[i] ? -1 : 1;
    return (left->count > right->count) - (left->count < right->count);
}

static uint32_t write_rows(struct building *building, const struct symbols *symbols,
                           const struct span *texts, const uint32_t *numbers, uint32_t count)
{
    uint32_t used = 0;
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        bytes += texts[numbers[i]].bytes;
    building->symbols = room_for(bytes, sizeof *building->symbols);
    building->rows = room_for(count, sizeof *building->rows);
    building->rows_count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint16_t *row = building->symbols + used;
        uint32_t length = (uint32_t)symbols_write(symbols, texts[numbers[i]], row);
        CHECK(length > 0);
        building->rows[i] = (struct row){row, length, numbers[i]};
        used += length;
    }
    qsort(building->rows, count, sizeof *building->rows, by_symbols);
    return used;
}

static void *more_room(void *room, size_t count, size_t bytes)
{
    room = realloc(room, count * bytes);
    CHECK(room != NULL);
    return room;
}

static void set_free(struct building *building, uint32_t cell)
{
    uint32_t last = building->before[0];
    building->before[cell] = last;
    building->behind[cell] = 0;
    building->behind[last] = building->before[0] = cell;
}

static void take(struct building *building, uint32_t cell)
{
    building->behind[building->before[cell]] = building->behind[cell];
    building->before[building->behind[cell]] = building->before[cell];
    building->behind[cell] = NONE;
}

static void add_block(struct building *building)
{
    struct trie *trie = building->trie;
    uint32_t first = building->cells_count;
    building->cells_count += building->block;
    if (building->cells_count > building->room) {
        building->room = 2 * building->cells_count;
        trie->cells = more_room(trie->cells, building->room, sizeof *trie->cells);
        trie->pairs = more_room(trie->pairs, building->room, sizeof *trie->pairs);
        building->before = more_room(building->before, building->room, sizeof *building->before);
        building->behind = more_room(building->behind, building->room, sizeof *building->behind);
    }
    for (uint32_t i = first; i < building->cells_count; i++) {
        trie->cells[i] = (struct cell){.parent = NONE, .number = NONE};
        trie->pairs[i] = 0;
        if (i == 0)
            building->before[0] = building->behind[0] = 0;
        else
            set_free(building, i);
    }
}

static bool fits(const struct building *building, uint32_t base)
{
    for (uint32_t i = 0; i < building->children_count; i++) {
        uint32_t cell = base ^ building->children[i].symbol;
        if (cell == 0 || building->behind[cell] == NONE)
            return false;
    }
    return true;
}

/* A base at which all children find their cells free. One child takes the oldest free cell; several
 * are tried in the newest block, where they fit soonest, and get a new one if they do not. */
static uint32_t find_base(struct building *building)
{
    enum { TRIED = 4096 };
    uint16_t symbol = building->children[0].symbol;
    uint32_t cell = building->behind[0];
    if (building->children_count == 1 && cell != 0)
        return cell ^ symbol;
    cell = building->before[0];
    for (uint32_t i = 0; i < TRIED && cell != 0; i++, cell = building->before[cell])
        if (fits(building, cell ^ symbol))
            return cell ^ symbol;
    uint32_t base = building->cells_count;
    add_block(building);
    return base;
}

/* Its rows, by the symbol behind what they have in common. One that ends there stands first. */
static void list_children(struct building *building, const struct node *node)
{
    building->children_count = 0;
    for (uint32_t i = node->first; i < node->limit; i++) {
        const struct row *row = &building->rows[i];
        struct child *last =
            building->children_count > 0 ? &building->children[building->children_count - 1] : NULL;
        if (row->count == node->depth)
            continue;
        if (last == NULL || last->symbol != row->symbols[node->depth])
            building->children[building->children_count++] =
                (struct child){row->symbols[node->depth], i, i + 1};
        else
            last->limit = i + 1;
    }
}

/* The row that is no longer than what the child's have in common, if there is one. */
static uint32_t keyword_of(const struct building *building, const struct child *child,
                           uint32_t depth)
{
    const struct row *row = &building->rows[child->first];
    return row->count == depth ? row->number : NONE;
}

static void put_off(struct building *building, uint32_t cell, const struct child *child,
                    uint32_t depth)
{
    building->nodes[building->nodes_limit++] =
        (struct node){cell, child->first, child->limit, depth};
}

/* Lays out the children of a node; of the first symbols' nodes they are the pairs. */
static uint32_t lay_out(struct building *building, const struct node *node, uint32_t parent,
                        uint16_t pair)
{
    struct trie *trie = building->trie;
    list_children(building, node);
    if (building->children_count == 0)
        return 0;
    uint32_t base = find_base(building);
    for (uint32_t i = 0; i < building->children_count; i++) {
        const struct child *child = &building->children[i];
        uint32_t cell = base ^ child->symbol;
        take(building, cell);
        trie->cells[cell] = (struct cell){
            .parent = parent,
            .number = keyword_of(building, child, node->depth + 1),
        };
        trie->pairs[cell] = pair;
        put_off(building, cell, child, node->depth + 1);
    }
    return base;
}

/* Pairs come first, so that they stand close together. */
static void lay_out_first(struct building *building)
{
    struct trie *trie = building->trie;
    struct node root = {.limit = building->rows_count};
    list_children(building, &root);
    uint32_t count = building->children_count;
    struct child *firsts = room_for(count, sizeof *firsts);
    memcpy(firsts, building->children, count * sizeof *firsts);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t symbol = firsts[i].symbol;
        struct node node = {0, firsts[i].first, firsts[i].limit, 1};
        trie->bases[symbol] = lay_out(building, &node, NONE, symbol);
        trie->singles[symbol] = keyword_of(building, &firsts[i], 1);
        trie->has_singles |= trie->singles[symbol] != NONE;
    }
    free(firsts);
}

static void lay_out_rest(struct building *building)
{
    struct trie *trie = building->trie;
    while (building->nodes_first < building->nodes_limit) {
        struct node node = building->nodes[building->nodes_first++];
        uint32_t base = lay_out(building, &node, node.cell, 0);
        trie->cells[node.cell].base = base;
        for (uint32_t i = 0; i < building->children_count; i++)
            trie->cells[node.cell].children |= bit_of(building->children[i].symbol);
    }
}

struct trie *trie_create(const struct symbols *symbols, const struct span *texts,
                         const uint32_t *numbers, uint32_t count)
{
    struct trie *trie = room_for(1, sizeof *trie);
    struct building building = {.trie = trie, .block = 1};
    while (building.block < symbols_count(symbols))
        building.block *= 2;
    uint32_t nodes = write_rows(&building, symbols, texts, numbers, count);
    trie->bases = room_for(symbols_count(symbols), sizeof *trie->bases);
    trie->singles = room_for(symbols_count(symbols), sizeof *trie->singles);
    memset(trie->singles, 0xFF, symbols_count(symbols) * sizeof *trie->singles);
    building.nodes = room_for(nodes, sizeof *building.nodes);
    building.children = room_for(symbols_count(symbols), sizeof *building.children);
    add_block(&building);
    lay_out_first(&building);
    lay_out_rest(&building);
    free(building.rows);
    free(building.symbols);
    free(building.nodes);
    free(building.children);
    free(building.before);
    free(building.behind);
    return trie;
}

void trie_destroy(struct trie **trie)
{
    if (*trie == NULL)
        return;
    free((*trie)->bases);
    free((*trie)->singles);
    free((*trie)->pairs);
    free((*trie)->cells);
    free(*trie);
    *trie = NULL;
}

/* -- scanning ---------------------------------------------------------------------------------- */

enum { BLOCK = 512 };

/* Places of a block at which the text spells a node, and that node. */
struct front {
    uint32_t first; /* of the block, in the row */
    uint32_t count;
    uint32_t places[BLOCK];
    uint32_t cells[BLOCK];
};

/* What ends there is written down whether or not it does, and counted if so: places are too many
 * and too unlike for the processor to guess. */
static uint32_t find_singles(const struct trie *trie, const uint16_t *row, uint32_t first,
                             uint32_t count, struct trie_hit *hits)
{
    uint32_t found = 0;
    for (uint32_t at = 0; at < count; at++) {
        uint32_t number = trie->singles[row[at]];
        hits[found] = (struct trie_hit){number, first + at, first + at + 1};
        found += number != NONE;
    }
    return found;
}

/* The places at which a pair of symbols stands that keywords begin with. */
static void find_pairs(const struct trie *trie, const uint16_t *row, size_t count,
                       struct front *front)
{
    const uint32_t *bases = trie->bases;
    const uint16_t *pairs = trie->pairs;
    uint32_t found = 0;
    uint64_t symbol = row[0];
    for (size_t at = 0; at < count; at++) {
        uint64_t next = row[at + 1];
        front->places[found] = (uint32_t)at;
        found += pairs[bases[symbol] ^ next] == symbol;
        symbol = next;
    }
    CHECK(found <= count);
    front->count = found;
    for (uint32_t i = 0; i < found; i++) {
        const uint16_t *at = row + front->places[i];
        front->cells[i] = bases[at[0]] ^ at[1];
    }
}

/* Notes the keywords that end, of the length that all places have come to, and keeps the places at
 * which one goes on as the text does. Where none can go on so, the cell is held against itself,
 * which is at hand, and not against a child's. */
static uint32_t advance(const struct trie *trie, const uint16_t *row, uint32_t length,
                        struct front *front, struct trie_hit *hits)
{
    const struct cell *cells = trie->cells;
    uint32_t found = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < front->count; i++) {
        uint32_t place = front->places[i];
        uint32_t at = front->cells[i];
        const struct cell *cell = &cells[at];
        uint32_t symbol = row[place + length];
        uint32_t goes_on = 0 - (cell->children >> symbol % 32 & 1); /* all bits or none */
        uint32_t next = at ^ ((at ^ cell->base ^ symbol) & goes_on);
        uint32_t first = front->first + place;
        hits[found] = (struct trie_hit){cell->number, first, first + length};
        found += cell->number != NONE;
        front->places[kept] = place;
        front->cells[kept] = next;
        kept += cells[next].parent == at;
    }
    CHECK(kept <= front->count);
    front->count = kept;
    return found;
}

static void scan_block(const struct trie *trie, const uint16_t *row, uint32_t first, uint32_t count,
                       trie_visit *visit, void *self)
{
    struct front front;
    struct trie_hit hits[BLOCK];
    const uint16_t *block = row + first;
    if (trie->has_singles)
        visit(self, hits, find_singles(trie, block, first, count, hits));
    front.first = first;
    find_pairs(trie, block, count, &front);
    for (uint32_t length = 2; front.count > 0; length++) {
        uint32_t found = advance(trie, block, length, &front, hits);
        if (found > 0)
            visit(self, hits, found);
    }
}

void trie_scan(const struct trie *trie, const uint16_t *row, uint32_t count, trie_visit *visit,
               void *self)
{
    for (uint32_t first = 0; first < count; first += BLOCK)
        scan_block(trie, row, first, count - first < BLOCK ? count - first : BLOCK, visit, self);
}
