#include "domain/check/finding.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const names[FLAW_COUNT] = {
    [FLAW_GAP] = "gap",
    [FLAW_OVERLAP] = "overlap",
    [FLAW_DUTY] = "duty",
    [FLAW_ABOUT] = "about",
    [FLAW_CLOCK] = "clock",
    [FLAW_NEVER] = "never",
    [FLAW_SHADOWED] = "shadowed",
    [FLAW_SUBSUMED] = "subsumed",
    [FLAW_REDUNDANT] = "redundant",
    [FLAW_TIE] = "tie",
    [FLAW_FIRST] = "first",
    [FLAW_ELSE] = "else",
    [FLAW_EXPIRED] = "expired",
    [FLAW_KEYWORD] = "keyword",
    [FLAW_UNOWNED] = "unowned",
    [FLAW_UNREACHED] = "unreached",
    [FLAW_WAIVER] = "waiver",
    [FLAW_UNREADABLE] = "unreadable",
    [FLAW_GOLDEN] = "golden",
};

const char *flaw_name(enum flaw flaw)
{
    return names[flaw];
}

enum flaw flaw_find(struct span name)
{
    uint32_t flaw = 0;
    while (flaw < FLAW_COUNT && !span_is(name, names[flaw]))
        flaw++;
    return (enum flaw)flaw;
}

static void grow(struct findings *findings)
{
    uint32_t room = findings->room == 0 ? 64 : 2 * findings->room;
    struct check_finding *list = arena_take(findings->arena, room * sizeof *list);
    if (findings->count > 0)
        memcpy(list, findings->list, findings->count * sizeof *list);
    findings->list = list;
    findings->room = room;
}

struct check_finding *findings_add(struct findings *findings, enum flaw flaw,
                                   enum severity severity, const char *file, uint32_t line,
                                   uint32_t column)
{
    if (findings->count == findings->room)
        grow(findings);
    struct check_finding *finding = &findings->list[findings->count++];
    *finding = (struct check_finding){.flaw = flaw,
                                      .severity = severity,
                                      .about = "",
                                      .file = file,
                                      .line = line,
                                      .column = column,
                                      .text = "",
                                      .remedy = "",
                                      .shows = ""};
    return finding;
}

const char *findings_print(struct findings *findings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(length >= 0);
    char *text = arena_take(findings->arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

static int by_place(const void *a, const void *b)
{
    const struct check_finding *left = a;
    const struct check_finding *right = b;
    int order = (int)left->severity - (int)right->severity;
    if (order == 0)
        order = strcmp(left->file, right->file);
    if (order == 0)
        order = (left->line > right->line) - (left->line < right->line);
    if (order == 0)
        order = (left->column > right->column) - (left->column < right->column);
    if (order == 0)
        order = (int)left->flaw - (int)right->flaw;
    return order != 0 ? order : strcmp(left->text, right->text);
}

void findings_sort(struct findings *findings)
{
    if (findings->count > 0)
        qsort(findings->list, findings->count, sizeof *findings->list, by_place);
}

uint32_t findings_count(const struct findings *findings, enum severity severity)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        count += findings->list[i].severity == severity && findings->list[i].waived_by == NULL;
    return count;
}

uint32_t findings_waived(const struct findings *findings)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        count += findings->list[i].waived_by != NULL;
    return count;
}
