#include "base/diag.h"

#include "base/check.h"

#include <stdarg.h>
#include <string.h>

struct diag {
    struct arena *arena;
    size_t count;
    struct finding findings[DIAG_MAX];
};

struct diag *diag_create(void)
{
    struct arena *arena = arena_create();
    struct diag *diag = arena_take(arena, sizeof *diag);
    diag->arena = arena;
    return diag;
}

void diag_destroy(struct diag **diag)
{
    if (*diag == NULL)
        return;
    struct arena *arena = (*diag)->arena;
    *diag = NULL;
    arena_destroy(&arena);
}

/* However long it is: a witness or a list of candidates has no limit, and half a character would
 * spoil the line. */
__attribute__((format(printf, 2, 0), nonnull)) static const char *
print(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    CHECK(length >= 0);
    char *text = arena_take(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void diag_add(struct diag *diag, const char *file, uint32_t line, uint32_t column,
              const char *format, ...)
{
    if (diag->count++ >= DIAG_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    diag->findings[diag->count - 1] = (struct finding){
        .file = arena_copy(diag->arena, span_of_string(file)),
        .line = line,
        .column = column,
        .text = print(diag->arena, format, arguments),
    };
    va_end(arguments);
}

size_t diag_count(const struct diag *diag)
{
    return diag->count;
}

const struct finding *diag_at(const struct diag *diag, size_t index)
{
    CHECK(index < diag->count && index < DIAG_MAX);
    return &diag->findings[index];
}

static bool is_behind(const struct finding *one, const struct finding *other)
{
    return one->line != other->line ? one->line > other->line : one->column > other->column;
}

/* File by file as they were read, and each from its top, however often it was gone through. */
static size_t sort(const struct diag *diag, const struct finding *sorted[DIAG_MAX])
{
    size_t count = 0;
    for (; count < diag->count && count < DIAG_MAX; count++) {
        const struct finding *finding = &diag->findings[count];
        size_t at = count;
        for (; at > 0 && strcmp(sorted[at - 1]->file, finding->file) == 0 &&
               is_behind(sorted[at - 1], finding);
             at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = finding;
    }
    return count;
}

void diag_print(const struct diag *diag, FILE *out)
{
    const struct finding *sorted[DIAG_MAX];
    size_t count = sort(diag, sorted);
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = sorted[i];
        fprintf(out, "%s", finding->file);
        if (finding->line > 0)
            fprintf(out, ":%u", finding->line);
        if (finding->column > 0)
            fprintf(out, ":%u", finding->column);
        fprintf(out, ": %s\n", finding->text);
    }
    if (diag->count > DIAG_MAX)
        fprintf(out, "... and %zu more\n", diag->count - DIAG_MAX);
}
