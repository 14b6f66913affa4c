#include "stages/book.h"

#include "base/check.h"
#include "base/utf8.h"

void book_open(struct book *book, struct policy *policy)
{
    CHECK(book->policy == NULL);
    *book = (struct book){.policy = policy};
    for (uint32_t i = 0; i < BOOK_USERS; i++)
        book->scratches[i] = scratch_create(policy);
}

/* A path may be any bytes, and be longer than anybody wants to read. */
static struct span tellable(struct span text, size_t bytes_max)
{
    return text.bytes <= bytes_max && utf8_check(text) == text.bytes ? text : (struct span){0};
}

void book_sign(struct book *book, const struct wire_book *how)
{
    struct wire_book said = *how;
    said.policy = book->policy->number;
    said.hash = span_of(book->policy->hash, POLICY_HASH_BYTES);
    said.by = tellable(how->by, WIRE_BY_BYTES_MAX);
    said.note = tellable(how->note, WIRE_NOTE_BYTES_MAX);
    said.directory = tellable(how->directory, WIRE_DIRECTORY_BYTES_MAX);
    book->bytes = wire_book_write(&said, book->room);
    bool readable = wire_book_read(book->bytes, &book->in_force.book);
    CHECK(readable); /* it was written a moment ago */
}

void book_close(struct book *book)
{
    for (uint32_t i = 0; i < BOOK_USERS; i++)
        scratch_destroy(&book->scratches[i]);
    policy_destroy(&book->policy);
    *book = (struct book){.policy = NULL};
}
