#include "stages/succession.h"

#include "wire/wire.h"

#include <inttypes.h>

#define COMPLAIN(...) diag_add(diag, file, 0, 0, "event %" PRIu64 ": " __VA_ARGS__)

static bool is_kept(struct store_reader *reader, const struct wire_book *book)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    return store_reader_policy(reader, book->policy, hash, &bundle) == OK &&
           span_equal(book->hash, span_of(hash, sizeof hash));
}

static void look_at_change(struct succession *succession, struct store_reader *reader,
                           const struct event_view *event, const char *file, struct diag *diag)
{
    struct wire_book book;
    succession->changes++;
    if (!wire_event_book(event->open, &book)) {
        COMPLAIN("does not say which book came into force", event->number);
        return;
    }
    if (succession->in_force != 0 && book.before != succession->in_force)
        COMPLAIN("policy %u is said to have been in force before, but it was policy %u",
                 event->number, book.before, succession->in_force);
    if (!is_kept(reader, &book))
        COMPLAIN("policy %u came into force under a hash that the store does not have for it",
                 event->number, book.policy);
    succession->in_force = book.policy;
}

void succession_event(struct succession *succession, struct store_reader *reader,
                      const struct event_view *event, const char *file, struct diag *diag)
{
    struct wire_decision decided;
    if (event->kind == KIND_BOOK) {
        look_at_change(succession, reader, event, file, diag);
        return;
    }
    if (!wire_event_decision(event->open, &decided))
        return;
    bool unrecorded = succession->may_be_older && succession->changes == 0;
    if (succession->in_force == 0 || unrecorded)
        succession->in_force = decided.policy;
    if (decided.policy != succession->in_force)
        COMPLAIN("was decided by policy %u while policy %u was in force", event->number,
                 decided.policy, succession->in_force);
}
