/* message - cases on their way to the engine, in the very bytes that are sent.
 *
 * Cases are packed straight into the message that will carry them, so a case is copied once and a
 * resend is the very same bytes:
 *
 *      frame   | room for the envelope | 0a len case | 0a len case | ... | strict |
 *                              ^ start: the envelope is written last, backwards from here
 *
 * For the library's own use; one thread.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry {
    uint64_t tag;
    size_t offset; /* of the packed case in the frame */
    size_t bytes;
};

struct message {
    struct message *next;
    uint64_t id;
    int64_t since_ns; /* when it was filled; of cases tried again, the first time */
    int64_t due_ns;   /* flying: to be sent again; resting: to be sent */
    uint32_t tries;   /* how often its cases were told to try again */
    uint32_t count;
    struct entry *entries; /* room for per_message */
    uint8_t *frame;
    size_t start, limit, room; /* bytes [start, limit) are used; room is the whole */
};

/* First in, first out. */
struct list {
    struct message *first, **last;
};

void list_clear(struct list *list);
void list_append(struct list *list, struct message *message);

/* Takes out the message that *place points to. */
struct message *list_take(struct list *list, struct message **place);

/* Frees all that is in it. */
void list_free(struct list *list);

/* With room for so many cases. */
struct message *message_create(uint32_t cases_max);

/* Makes it empty. */
void message_begin(struct message *message);

/* Writes the tag and length of a case of so many bytes, makes room for it, and says where. */
uint8_t *message_add(struct message *message, uint64_t tag, size_t bytes);

/* Would it stay within cases_max and the engine's limits with one more case of so many bytes? */
bool message_fits(const struct message *message, uint32_t cases_max, size_t bytes);

/* Finishes the frame: it can be sent from here on. */
void message_seal(struct message *message, uint64_t id, bool strict);

#endif
