#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would keep it waiting */
    FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (file == NULL)
        return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
    enum err err = read_open(file, bytes_max, arena, content);
    fclose(file);
    return err;
}

bool file_is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}
