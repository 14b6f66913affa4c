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

void diag_add(struct diag *diag, const char *file, uint32_t line, uint32_t column,
              const char *format, ...)
{
    if (diag->count++ >= DIAG_MAX)
        return;
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    diag->findings[diag->count - 1] = (struct finding){
        .file = arena_copy(diag->arena, span_of_string(file)),
        .line = line,
        .column = column,
        .text = arena_copy(diag->arena, span_of_string(text)),
    };
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
