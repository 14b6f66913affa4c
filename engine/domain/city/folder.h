/* folder - where the files of a city are: in a directory, or in a bundle in memory.
 *
 * A bundle is what a policy keeps of itself, so that what decided last year can be read again: file
 * after file, name LF size LF content LF, names as they are below the directory
 * ("rules/book.csv"). A folder borrows its name and its bundle.
 */
#ifndef DOMAIN_CITY_FOLDER_H
#define DOMAIN_CITY_FOLDER_H

#include "domain/city/sheet.h"

struct folder {
    const char *name;   /* the directory, or what findings call the bundle */
    struct span bundle; /* of a directory it has no data */
};

struct folder folder_of(const char *directory);

/* Does it hold a file of that name? */
bool folder_has(struct folder folder, const char *file);

/* Reads one of its files; findings about it begin with NAME/FILE. As sheet_read(). */
MUST_CHECK enum err folder_read(struct folder folder, const char *file, struct arena *arena,
                                struct diag *diag, struct sheet *sheet);

#endif
