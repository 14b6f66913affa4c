#include "tests/support/city_file.h"

#include "base/check.h"

#include <stdio.h>
#include <unistd.h>

void city_file_write(const struct small_city *small, const char *name, struct span content)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", small->directory, name);
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    CHECK(fwrite(content.data, 1, content.bytes, file) == content.bytes);
    CHECK(fclose(file) == 0);
}

void city_file_write_text(const struct small_city *small, const char *name, const char *text)
{
    city_file_write(small, name, span_of_string(text));
}

void city_file_remove(const struct small_city *small, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", small->directory, name);
    CHECK(unlink(path) == 0);
}

const char *city_file_finding(const struct diag *diag, size_t index)
{
    static char text[2048];
    const struct finding *finding = diag_at(diag, index);
    const char *slash = strrchr(finding->file, '/');
    int used = snprintf(text, sizeof text, "%s", slash == NULL ? finding->file : slash + 1);
    if (finding->line > 0)
        used += snprintf(text + used, sizeof text - (size_t)used, ":%u", finding->line);
    if (finding->column > 0)
        used += snprintf(text + used, sizeof text - (size_t)used, ":%u", finding->column);
    snprintf(text + used, sizeof text - (size_t)used, ": %s", finding->text);
    return text;
}

bool city_file_found(const struct diag *diag, const char *const *beginnings, size_t count)
{
    bool same = diag_count(diag) == count;
    for (size_t i = 0; i < diag_count(diag) || i < count; i++) {
        const char *found = i < diag_count(diag) ? city_file_finding(diag, i) : "nothing";
        const char *wanted = i < count ? beginnings[i] : "nothing";
        if (strncmp(found, wanted, strlen(wanted)) == 0)
            continue;
        same = false;
        fprintf(stderr, "expected %s\nfound    %s\n", wanted, found);
    }
    return same;
}
