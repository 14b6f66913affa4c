#include "tools/learn/corpus.h"

#include "base/file.h"
#include "base/utf8.h"
#include "domain/text/fold.h"

enum { COLUMNS_MAX = 64, SHOWN_BYTES = 48 };

struct reading {
    const char *path;
    struct arena *arena;
    struct diag *diag;
    struct corpus *corpus;
    uint32_t line;
    uint32_t label_column, text_column;
};

/* The next line without its end; false behind the last. */
static bool next_line(struct span *rest, struct span *line)
{
    if (rest->bytes == 0)
        return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->bytes);
    size_t bytes = end != NULL ? (size_t)(end - rest->data) : rest->bytes;
    *line = span_of(rest->data, bytes);
    *rest = span_of(rest->data + bytes + (end != NULL), rest->bytes - bytes - (end != NULL));
    if (line->bytes > 0 && line->data[line->bytes - 1] == '\r')
        line->bytes--;
    return true;
}

static uint32_t split(struct span line, struct span columns[COLUMNS_MAX])
{
    uint32_t count = 0;
    while (count < COLUMNS_MAX) {
        const uint8_t *tab = line.bytes > 0 ? memchr(line.data, '\t', line.bytes) : NULL;
        columns[count++] = tab != NULL ? span_of(line.data, (size_t)(tab - line.data)) : line;
        if (tab == NULL)
            break;
        line = span_of(tab + 1, line.bytes - columns[count - 1].bytes - 1);
    }
    return count;
}

/* -- letters ----------------------------------------------------------------------------------- */

static bool is_letter(uint32_t code)
{
    return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF);
}

struct writing {
    uint32_t *letters;
    uint32_t *words;
    uint32_t count;
    uint32_t word;
};

static void write_letter(struct writing *writing, uint32_t code)
{
    if (code == 0 && (writing->count == 0 || writing->letters[writing->count - 1] == 0))
        return;
    writing->letters[writing->count] = code;
    writing->words[writing->count++] = writing->word;
}

/* Blanks end words, and folding takes them away; what is no letter ends words too. */
static void write_letters(struct message *message, struct arena *arena)
{
    struct writing writing = {
        .letters = arena_take(arena, (message->text.bytes + 1) * sizeof *writing.letters),
        .words = arena_take(arena, (message->text.bytes + 1) * sizeof *writing.words)};
    for (size_t i = 0; i < message->text.bytes;) {
        size_t bytes;
        uint32_t code = utf8_decode(message->text.data + i, &bytes);
        i += bytes;
        if (fold_is_blank(code)) {
            writing.word++;
            continue;
        }
        code = fold_character(code);
        write_letter(&writing, is_letter(code) ? code : 0);
    }
    message->letters = writing.letters;
    message->words = writing.words;
    message->letters_count = writing.count;
}

/* -- lines ------------------------------------------------------------------------------------- */

static bool read_header(struct reading *reading, struct span line)
{
    struct span columns[COLUMNS_MAX];
    uint32_t count = split(line, columns);
    reading->label_column = reading->text_column = COLUMNS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (span_is(columns[i], "label"))
            reading->label_column = i;
        if (span_is(columns[i], "text"))
            reading->text_column = i;
    }
    if (reading->label_column < COLUMNS_MAX && reading->text_column < COLUMNS_MAX)
        return true;
    diag_add(reading->diag, reading->path, 1, 0,
             "names no column '%s'; line 1 names the columns, with tabs between them, and two are "
             "label and text",
             reading->label_column == COLUMNS_MAX ? "label" : "text");
    return false;
}

/* Its number; LABELS_MAX for one too many. */
static uint32_t find_label(struct corpus *corpus, struct span label)
{
    uint32_t i = 0;
    while (i < corpus->labels_count && !span_equal(corpus->labels[i], label))
        i++;
    if (i == corpus->labels_count && i < LABELS_MAX)
        corpus->labels[corpus->labels_count++] = label;
    return i;
}

static void read_line(struct reading *reading, struct span line)
{
    struct corpus *corpus = reading->corpus;
    struct span columns[COLUMNS_MAX];
    uint32_t count = split(line, columns);
    if (utf8_check(line) != line.bytes) {
        diag_add(reading->diag, reading->path, reading->line, 0,
                 "is not UTF-8, or holds a byte that no text has; save the file as UTF-8");
        return;
    }
    if (reading->label_column >= count || reading->text_column >= count) {
        diag_add(reading->diag, reading->path, reading->line, 0,
                 "has %u columns, and label and text do not both stand in them", count);
        return;
    }
    struct span label = columns[reading->label_column];
    uint32_t number = label.bytes > 0 ? find_label(corpus, label) : 0;
    if (label.bytes == 0 || number == LABELS_MAX) {
        diag_add(reading->diag, reading->path, reading->line, 0,
                 label.bytes == 0 ? "has no label"
                                  : "has one label too many; a table of weights has %d columns",
                 LABELS_MAX);
        return;
    }
    struct message *message = &corpus->messages[corpus->count];
    *message = (struct message){
        .text = columns[reading->text_column], .label = number, .group = corpus->count};
    write_letters(message, reading->arena);
    corpus->count++;
}

static uint32_t count_lines(struct span content)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < content.bytes; i++)
        lines += content.data[i] == '\n';
    return lines;
}

enum err corpus_read(const char *path, struct arena *arena, struct diag *diag,
                     struct corpus *corpus)
{
    struct reading reading = {.path = path, .arena = arena, .diag = diag, .corpus = corpus};
    struct span rest;
    struct span line = {0};
    size_t before = diag_count(diag);
    enum err err = file_read(path, CORPUS_BYTES_MAX, arena, &rest);
    *corpus = (struct corpus){.count = 0};
    if (err != OK) {
        diag_add(diag, path, 0, 0, "cannot be read: %s",
                 err == ERR_FULL ? "it is larger than 256 MiB" : err_name(err));
        return err;
    }
    corpus->messages = arena_take(arena, count_lines(rest) * sizeof *corpus->messages);
    (void)next_line(&rest, &line);
    if (!read_header(&reading, line))
        return ERR_INVALID;
    for (reading.line = 2; next_line(&rest, &line); reading.line++)
        if (line.bytes > 0)
            read_line(&reading, line);
    if (diag_count(diag) == before && corpus->labels_count < 2)
        diag_add(diag, path, 0, 0, "has %u labels; there must be two to tell apart",
                 corpus->labels_count);
    return diag_count(diag) > before ? ERR_INVALID : OK;
}
