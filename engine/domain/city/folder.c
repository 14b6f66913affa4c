#include "domain/city/folder.h"

#include <stdio.h>
#include <unistd.h>

enum { PATH_BYTES = 1024 };

struct folder folder_of(const char *directory)
{
    return (struct folder){.name = directory};
}

static bool is_bundle(struct folder folder)
{
    return folder.bundle.data != NULL;
}

/* Takes what stands before the next LF off the rest; false where there is none. */
static bool next_line(struct span *rest, struct span *line)
{
    const uint8_t *end = rest->bytes > 0 ? memchr(rest->data, '\n', rest->bytes) : NULL;
    if (end == NULL)
        return false;
    *line = span_of(rest->data, (size_t)(end - rest->data));
    *rest = span_of(end + 1, rest->bytes - line->bytes - 1);
    return true;
}

static bool read_size(struct span digits, size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < digits.bytes; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9' || *size > SHEET_BYTES_MAX)
            return false;
        *size = *size * 10 + (size_t)(digits.data[i] - '0');
    }
    return digits.bytes > 0;
}

/* The next file of a bundle; false at its end, and where it is damaged. */
static bool next_file(struct span *rest, struct span *name, struct span *content)
{
    struct span digits;
    size_t size;
    if (!next_line(rest, name) || !next_line(rest, &digits) || !read_size(digits, &size) ||
        size >= rest->bytes || rest->data[size] != '\n')
        return false;
    *content = span_of(rest->data, size);
    *rest = span_of(rest->data + size + 1, rest->bytes - size - 1);
    return true;
}

static bool find_file(struct span bundle, const char *file, struct span *content)
{
    struct span name;
    while (next_file(&bundle, &name, content))
        if (span_is(name, file))
            return true;
    return false;
}

bool folder_has(struct folder folder, const char *file)
{
    char path[PATH_BYTES];
    struct span content;
    if (is_bundle(folder))
        return find_file(folder.bundle, file, &content);
    snprintf(path, sizeof path, "%s/%s", folder.name, file);
    return access(path, F_OK) == 0;
}

enum err folder_read(struct folder folder, const char *file, struct arena *arena, struct diag *diag,
                     struct sheet *sheet)
{
    char path[PATH_BYTES];
    struct span content;
    snprintf(path, sizeof path, "%s/%s", folder.name, file);
    if (!is_bundle(folder))
        return sheet_read(path, arena, diag, sheet);
    if (find_file(folder.bundle, file, &content))
        return sheet_parse(path, content, arena, diag, sheet);
    diag_add(diag, path, 0, 0, "is missing");
    return ERR_NOT_FOUND;
}
