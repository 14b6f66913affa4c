/* file - a small file, whole. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* Reads a regular file of at most bytes_max bytes into the arena. ERR_NOT_FOUND, ERR_FULL (larger),
 * ERR_IO. */
MUST_CHECK enum err file_read(const char *path, size_t bytes_max, struct arena *arena,
                              struct span *content);

bool file_is_directory(const char *path);

#endif
