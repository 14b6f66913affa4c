/* book - a policy while the engine has it: with what each stage that decides by it scribbles on.
 *
 *      loader          ingress         store            ingress, loader
 *      free -> loaded -> stamped -> in force -> ... -> out of use -> free
 *                          \-> not stored: out of use, and the one before is stamped again
 *
 * There are BOOKS_MAX places: one in force, and one that is to be, or was and may
 * still be read. A slot and an inquiry name theirs. The loader fills and empties a place, ingress
 * says when; the stages read it only for what was stamped with it.
 */
#ifndef STAGES_BOOK_H
#define STAGES_BOOK_H

#include "wire/wire.h"

enum { BOOKS_MAX = 2 };

enum book_user { BOOK_ROUTE, BOOK_STORE, BOOK_READER, BOOK_USERS };

struct book {
    struct policy *policy; /* NULL: the place is free */
    struct scratch *scratches[BOOK_USERS];
    uint8_t room[WIRE_BOOK_BYTES_MAX];
    struct span bytes;             /* in the room: the Book that says that it came into force */
    struct wire_in_force in_force; /* its spans lie there; event and time are ingress's */
};

/* Makes what deciding needs. The policy is the book's from here on. */
void book_open(struct book *book, struct policy *policy);

/* Says how it came into force. Text that could not be told is left out. */
void book_sign(struct book *book, const struct wire_book *how);

/* Frees all, and the place. Of a free one nothing. */
void book_close(struct book *book);

#endif
