#include "base/diag.h"

#include "base/check.h"

#include <stdarg.h>

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

void diag_print(const struct diag *diag, FILE *out)
{
    for (size_t i = 0; i < diag->count && i < DIAG_MAX; i++) {
        const struct finding *finding = &diag->findings[i];
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
