#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static enum err read_open(FILE *file, size_t bytes_max, struct arena *arena, struct span *content)
{
    struct stat status;
    if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode))
        return ERR_IO;
    if ((size_t)status.st_size > bytes_max)
        return ERR_FULL;
    size_t bytes = (size_t)status.st_size;
    uint8_t *data = arena_take(arena, bytes + 1);
    if (fread(data, 1, bytes, file) != bytes)
        return ERR_IO;
    *content = span_of(data, bytes);
    return OK;
}

enum err file_read(const char *path, size_t bytes_max, struct arena *arena, struct span *content)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
    enum err err = read_open(file, bytes_max, arena, content);
    fclose(file);
    return err;
}
