#include "stages/beginning.h"

#include "base/say.h"
#include "stages/in_force.h"
#include "stages/loader.h"

#include <inttypes.h>

static enum err read_city(struct beginning *beginning, struct diag *diag)
{
    return loader_read(beginning->city, beginning->now_ms, diag, &beginning->policy);
}

enum err beginning_read(struct beginning *beginning, struct diag *diag)
{
    return beginning->city != NULL && !beginning->keep ? read_city(beginning, diag) : OK;
}

/* -- choosing ---------------------------------------------------------------------------------- */

static enum err read_last(struct beginning *beginning, struct store_reader *reader,
                          struct diag *diag)
{
    enum err err = loader_read_kept(reader, beginning->last.book.policy, diag, &beginning->policy);
    if (err != OK)
        diag_add(diag, beginning->store, 0, 0,
                 "what was in force last cannot be made again; name a directory with --city, and "
                 "without --keep");
    return err;
}

/* Where the directory was not to be read at once: what was in force last goes on. */
static enum err read_policy(struct beginning *beginning, enum err found,
                            struct store_reader *reader, struct diag *diag)
{
    if (beginning->policy != NULL)
        return OK;
    if (found == OK)
        return read_last(beginning, reader, diag);
    if (beginning->city != NULL)
        return read_city(beginning, diag);
    diag_add(diag, beginning->store, 0, 0,
             "has no book yet; name the city's directory with --city");
    return ERR_NOT_FOUND;
}

/* Its spans lie in the store, which is written next. */
static void keep_last(struct beginning *beginning, struct arena *arena)
{
    struct wire_book *book = &beginning->last.book;
    struct span *const spans[] = {&book->by, &book->note, &book->directory};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        *spans[i] = span_of(arena_copy(arena, *spans[i]), spans[i]->bytes);
}

static enum err choose(struct beginning *beginning, struct store *store,
                       struct store_reader *reader, struct arena *arena, struct diag *diag)
{
    enum err found = in_force_find(store, reader, &beginning->last);
    if (found != OK && found != ERR_NOT_FOUND)
        return found;
    keep_last(beginning, arena);
    enum err err = read_policy(beginning, found, reader, diag);
    if (err == OK)
        err = store_put_policy(store, beginning->policy);
    if (err == OK)
        beginning->changes =
            found == OK && beginning->policy->number != beginning->last.book.policy;
    return err;
}

enum err beginning_choose(struct beginning *beginning, struct store *store,
                          struct store_reader *reader, struct arena *arena, struct diag *diag)
{
    size_t before = diag_count(diag);
    enum err err = choose(beginning, store, reader, arena, diag);
    if (err != OK && diag_count(diag) == before)
        diag_add(diag, beginning->store, 0, 0, "the policy cannot be stored: %s", err_name(err));
    return err;
}

/* -- opening ----------------------------------------------------------------------------------- */

void beginning_open(struct beginning *beginning, struct pipeline *pipeline)
{
    struct book *book = &pipeline->books[0];
    struct wire_book how = beginning->last.book;
    if (beginning->changes)
        how = (struct wire_book){
            .before = beginning->last.book.policy,
            .how = HOW_START,
            .by = span_of_string(beginning->by != NULL ? beginning->by : ""),
            .directory = span_of_string(beginning->city),
        };
    book_open(book, beginning->policy);
    book_sign(book, &how);
    beginning->policy = NULL;
    if (beginning->changes)
        return;
    book->in_force.event = beginning->last.event;
    book->in_force.time_ms = beginning->last.time_ms;
}

/* Nobody is to find out later that what somebody chose is not what decides. */
static void say_changed(const struct beginning *beginning, const struct wire_in_force *in_force)
{
    say_warning("%s is not what was in force last: from serial %" PRIu64
                " on policy %u decides, and no more policy %u; to have that again, lianxin rules "
                "rollback, and start with --keep",
                beginning->city, in_force->event + 1, in_force->book.policy, in_force->book.before);
}

enum err beginning_record(const struct beginning *beginning, struct store_stage *stage,
                          struct pipeline *pipeline, struct diag *diag)
{
    if (!beginning->changes)
        return OK;
    enum err err = in_force_record(stage, pipeline, beginning->now_ms);
    if (err == OK)
        say_changed(beginning, &pipeline->books[0].in_force);
    else
        diag_add(diag, beginning->store, 0, 0,
                 "that another book comes into force cannot be stored: %s", err_name(err));
    return err;
}
