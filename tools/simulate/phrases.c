#include "tools/simulate/phrases.h"

#include "base/utf8.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const phrase_header[] = {"category", "type", "kind",  "line",
                                            "title",    "text", "answer"};
static const char *const word_header[] = {"slot", "word"};

enum {
    PHRASE_COLUMNS = sizeof phrase_header / sizeof phrase_header[0],
    WORD_COLUMNS = sizeof word_header / sizeof word_header[0],
    PHRASE_TITLE_BYTES_MAX = 256,
    PHRASE_TEXT_BYTES_MAX = 2048,
    WORD_BYTES_MAX = 64,
};

/* A phrase has a kind always, so its first word stands for a number of 1. */
static const char *const kind_names[] = {"",          "ordinary",  "urgent", "enterprise",
                                         "emergency", "elsewhere", "unit"};
static const struct word_list kind_words = {
    .what = "kind", .names = kind_names, .count = PHRASE_KIND_COUNT + 1};

struct reading {
    const struct city *city;
    struct sheet sheet;
    struct arena *arena;
    struct diag *diag;
    struct phrases *phrases;
};

static bool open_sheet(struct reading *reading, const char *city, const char *name,
                       const char *const *header, uint32_t columns)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/simulation/%s", city, name);
    return sheet_read(path, reading->arena, reading->diag, &reading->sheet) == OK &&
           sheet_has_header(&reading->sheet, header, columns, reading->diag);
}

/* -- words ------------------------------------------------------------------------------------- */

static uint32_t find_slot(const struct phrases *phrases, struct span name)
{
    uint32_t slot = 0;
    while (slot < phrases->slots_count && !span_equal(phrases->slots[slot].name, name))
        slot++;
    return slot;
}

static bool is_slot_name(struct span text)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (text.data[i] < 'a' || text.data[i] > 'z')
            return false;
    return text.bytes > 0;
}

/* The slot of a row, new where it is named for the first time; SLOTS_MAX where it is none. */
static uint32_t slot_of_row(struct reading *reading, struct cell name)
{
    struct phrases *phrases = reading->phrases;
    uint32_t slot = find_slot(phrases, name.text);
    if (!is_slot_name(name.text)) {
        sheet_complain(&reading->sheet, name, reading->diag,
                       "'%.*s' is no name of a slot; lower-case letters only", SPAN_ARG(name.text));
        return SLOTS_MAX;
    }
    if (slot < SLOTS_GIVEN) {
        sheet_complain(&reading->sheet, name, reading->diag,
                       "{%.*s} is filled by the simulation; leave this row out",
                       SPAN_ARG(name.text));
        return SLOTS_MAX;
    }
    if (slot == SLOTS_MAX) {
        sheet_complain(&reading->sheet, name, reading->diag, "is one slot too many; at most %d",
                       SLOTS_MAX - SLOTS_GIVEN);
        return SLOTS_MAX;
    }
    if (slot == phrases->slots_count) {
        size_t room = reading->sheet.count * sizeof(struct span);
        phrases->slots[phrases->slots_count++] =
            (struct slot_words){name.text, arena_take(reading->arena, room), 0};
    }
    return slot;
}

static void read_word(struct reading *reading, const struct sheet_row *row)
{
    struct cell word = row->cells[1];
    uint32_t slot = slot_of_row(reading, row->cells[0]);
    if (word.text.bytes == 0 || word.text.bytes > WORD_BYTES_MAX ||
        memchr(word.text.data, '{', word.text.bytes) != NULL)
        sheet_complain(&reading->sheet, word, reading->diag,
                       "a word has 1 to %d bytes and no slots in it", WORD_BYTES_MAX);
    else if (slot < SLOTS_MAX) {
        struct slot_words *words = &reading->phrases->slots[slot];
        words->words[words->count++] = word.text;
    }
}

static void read_words(struct reading *reading, const char *city)
{
    if (!open_sheet(reading, city, "words.csv", word_header, WORD_COLUMNS))
        return;
    for (uint32_t i = 1; i < reading->sheet.count; i++)
        if (sheet_fits(&reading->sheet, &reading->sheet.rows[i], WORD_COLUMNS, reading->diag))
            read_word(reading, &reading->sheet.rows[i]);
}

/* -- slots in a pattern ------------------------------------------------------------------------ */

/* What stands before the next slot, and the slot's name; false where there is no slot any more. An
 * opening brace without its end is a slot without a name. */
static bool next_slot(struct span *rest, struct span *before, struct span *name)
{
    const uint8_t *open = rest->bytes > 0 ? memchr(rest->data, '{', rest->bytes) : NULL;
    if (open == NULL)
        return false;
    *before = span_of(rest->data, (size_t)(open - rest->data));
    struct span behind = span_of(open + 1, rest->bytes - before->bytes - 1);
    const uint8_t *close = behind.bytes > 0 ? memchr(behind.data, '}', behind.bytes) : NULL;
    if (close == NULL) {
        *name = span_of(behind.data, 0);
        *rest = behind;
        return true;
    }
    *name = span_of(behind.data, (size_t)(close - behind.data));
    *rest = span_of(close + 1, behind.bytes - name->bytes - 1);
    return true;
}

/* Says of each slot that nothing fills. Does it have {place}, and {unit}? */
static void check_slots(struct reading *reading, struct cell pattern, bool *has_place,
                        bool *has_unit)
{
    struct span rest = pattern.text;
    struct span before;
    struct span name;
    while (next_slot(&rest, &before, &name)) {
        uint32_t slot = find_slot(reading->phrases, name);
        *has_place |= slot == SLOT_PLACE;
        *has_unit |= slot == SLOT_UNIT;
        if (slot == reading->phrases->slots_count)
            sheet_complain(&reading->sheet, pattern, reading->diag,
                           "{%.*s} is no slot; write {place}, {unit} or one of words.csv",
                           SPAN_ARG(name));
    }
}

/* -- phrases ----------------------------------------------------------------------------------- */

static void check_text(struct reading *reading, struct cell cell, const char *what, size_t most)
{
    if (cell.text.bytes == 0 || cell.text.bytes > most)
        sheet_complain(&reading->sheet, cell, reading->diag, "a %s has 1 to %zu bytes", what, most);
}

static struct category read_category(struct reading *reading, struct cell cell)
{
    struct span code = sheet_code(cell.text);
    if (code.bytes == 0)
        return CATEGORY_NONE;
    struct category category = city_category(reading->city, code);
    if (category.index == CATEGORY_NONE.index)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "there is no category %.*s; write a code of categories.csv, or nothing",
                       SPAN_ARG(code));
    return category;
}

static uint32_t read_choice(struct reading *reading, struct cell cell, const struct word_list *list)
{
    uint32_t number = word_find(list, cell.text);
    if (number == 0) {
        char known[256] = "";
        for (uint32_t i = 1; i < list->count; i++)
            snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", i > 1 ? ", " : "",
                     list->names[i]);
        sheet_complain(&reading->sheet, cell, reading->diag, "'%.*s' is no %s; they are %s",
                       SPAN_ARG(cell.text), list->what, known);
    }
    return number;
}

static struct span read_line(struct reading *reading, struct cell cell)
{
    if (cell.text.bytes > 0 && city_line(reading->city, cell.text).index == LINE_NONE.index)
        sheet_complain(&reading->sheet, cell, reading->diag,
                       "there is no line %.*s; write a number of lines.csv, or nothing",
                       SPAN_ARG(cell.text));
    return cell.text;
}

static void read_phrase(struct reading *reading, const struct sheet_row *row)
{
    const struct cell *cells = row->cells;
    uint32_t kind = read_choice(reading, cells[2], &kind_words);
    bool has_unit = false;
    struct phrase phrase = {
        .category = read_category(reading, cells[0]),
        .type = (enum type)read_choice(reading, cells[1], &type_words),
        .kind = kind > 0 ? (enum phrase_kind)(kind - 1) : PHRASE_ORDINARY,
        .line = read_line(reading, cells[3]),
        .title = cells[4].text,
        .text = cells[5].text,
        .answer = cells[6].text,
    };
    check_text(reading, cells[4], "title", PHRASE_TITLE_BYTES_MAX);
    check_text(reading, cells[5], "text", PHRASE_TEXT_BYTES_MAX);
    check_slots(reading, cells[4], &phrase.names_place, &has_unit);
    check_slots(reading, cells[5], &phrase.names_place, &has_unit);
    if (has_unit && phrase.kind != PHRASE_UNIT)
        sheet_complain(&reading->sheet, cells[2], reading->diag,
                       "only a phrase of kind 'unit' may hold {unit}");
    reading->phrases->rows[reading->phrases->count++] = phrase;
}

/* Whatever kind or type is drawn, there must be something to say. */
static void check_variety(struct reading *reading)
{
    uint32_t kinds[PHRASE_KIND_COUNT] = {0};
    uint32_t types[TYPE_COUNT] = {0};
    for (uint32_t i = 0; i < reading->phrases->count; i++) {
        const struct phrase *phrase = &reading->phrases->rows[i];
        kinds[phrase->kind]++;
        types[phrase->type] += phrase->kind <= PHRASE_ENTERPRISE;
    }
    for (uint32_t i = PHRASE_EMERGENCY; i < PHRASE_KIND_COUNT; i++)
        if (kinds[i] == 0)
            diag_add(reading->diag, reading->sheet.path, 0, 0,
                     "has no phrase of kind '%s'; add one", kind_names[i + 1]);
    for (uint32_t i = 1; i < TYPE_COUNT; i++)
        if (types[i] == 0)
            diag_add(reading->diag, reading->sheet.path, 0, 0,
                     "has no ordinary phrase of type '%s'; add one", word_name(&type_words, i));
}

void phrases_load(const char *directory, const struct city *city, struct arena *arena,
                  struct diag *diag, struct phrases *phrases)
{
    struct reading reading = {.city = city, .arena = arena, .diag = diag, .phrases = phrases};
    *phrases = (struct phrases){.slots_count = SLOTS_GIVEN};
    phrases->slots[SLOT_PLACE].name = span_of_string("place");
    phrases->slots[SLOT_UNIT].name = span_of_string("unit");
    read_words(&reading, directory);
    if (!open_sheet(&reading, directory, "phrases.csv", phrase_header, PHRASE_COLUMNS))
        return;
    const struct sheet *sheet = &reading.sheet;
    phrases->rows = arena_take(arena, sheet->count * sizeof *phrases->rows);
    for (uint32_t i = 1; i < sheet->count; i++)
        if (sheet_fits(sheet, &sheet->rows[i], PHRASE_COLUMNS, diag))
            read_phrase(&reading, &sheet->rows[i]);
    check_variety(&reading);
}

/* -- filling ----------------------------------------------------------------------------------- */

void phrases_choose(const struct phrases *phrases, struct random *random,
                    struct span words[SLOTS_MAX])
{
    for (uint32_t i = SLOTS_GIVEN; i < phrases->slots_count; i++) {
        const struct slot_words *slot = &phrases->slots[i];
        words[i] = slot->words[random_below(random, slot->count)];
    }
}

static void append(char *text, size_t bytes, size_t *used, struct span more)
{
    struct span clipped = utf8_clip(more, bytes - 1 - *used);
    if (clipped.bytes > 0)
        memcpy(text + *used, clipped.data, clipped.bytes);
    *used += clipped.bytes;
}

size_t phrases_fill(const struct phrases *phrases, struct span pattern,
                    const struct span words[SLOTS_MAX], char *text, size_t bytes)
{
    size_t used = 0;
    struct span before;
    struct span name;
    while (next_slot(&pattern, &before, &name)) {
        append(text, bytes, &used, before);
        append(text, bytes, &used, words[find_slot(phrases, name)]);
    }
    append(text, bytes, &used, pattern);
    text[used] = '\0';
    return used;
}
