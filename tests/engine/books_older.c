/* A store of a release that recorded no changes: its engines began with one book after the other,
 * and only the decisions say so. */
#include "tests/engine/changes.h"

#include "stages/in_force.h"
#include "stages/succession.h"
#include "store/look.h"

#include <criterion/criterion.h>

static struct books books;
static char older_path[112];

static void append(struct store *store, const struct event_view *view)
{
    struct event_draft draft = {
        .serial = store_next(store),
        .time_ms = view->time_ms,
        .kind = view->kind,
        .ticket_open = view->ticket_open,
        .key = view->key,
        .content = view->content,
        .open_bytes = view->open.bytes,
        .story_bytes = view->story.bytes,
        .reporter_bytes = view->reporter.bytes,
    };
    size_t bytes = view->open.bytes + view->story.bytes + view->reporter.bytes;
    uint8_t *room = store_room(store, 0, bytes);
    cr_assert_not_null(room);
    memcpy(room, view->open.data, bytes);
    cr_assert_eq(store_append(store, &draft), OK);
}

static void put_policy(struct store *store, uint32_t index, struct diag *diag)
{
    struct policy *policy = NULL;
    cr_assert_eq(policy_load(books.cities[index].directory, diag, &policy), OK);
    cr_assert_eq(store_put_policy(store, policy), OK);
    cr_expect_eq(policy->number, index + 1);
    policy_destroy(&policy);
}

/* All events of the bench's store but the records of changes, in a store of their own. */
static struct store *open_older(struct diag *diag)
{
    struct store *store;
    struct store_look *look;
    struct store_reader *reader;
    struct event_view view;
    struct store_options options = {.path = older_path, .map_bytes = 64 * 1024 * 1024};
    snprintf(older_path, sizeof older_path, "%s/older", books.bench.store);
    cr_assert_eq(store_open(&options, diag, &store), OK);
    for (uint32_t i = 0; i < BOOKS; i++)
        put_policy(store, i, diag);
    cr_assert_eq(store_look_open(books.bench.store, diag, &look), OK);
    cr_assert_eq(store_look_reader(look, &reader), OK);
    cr_assert_eq(store_reader_begin(reader), OK);
    for (uint64_t number = 1; store_reader_event(reader, number, &view) == OK; number++)
        if (view.kind != KIND_BOOK)
            append(store, &view);
    store_reader_end(reader);
    store_reader_close(&reader);
    store_look_close(&look);
    store_seal(store);
    cr_assert_eq(store_write(store), OK);
    store_keep(store);
    return store;
}

static size_t complaints(struct store *store, bool may_be_older)
{
    struct succession succession = {.may_be_older = may_be_older};
    struct diag *diag = diag_create();
    struct store_reader *reader;
    struct event_view view;
    cr_assert_eq(store_reader_open(store, &reader), OK);
    cr_assert_eq(store_reader_begin(reader), OK);
    for (uint64_t number = 1; store_reader_event(reader, number, &view) == OK; number++)
        succession_event(&succession, reader, &view, "store", diag);
    size_t count = diag_count(diag);
    store_reader_end(reader);
    store_reader_close(&reader);
    diag_destroy(&diag);
    return count;
}

Test(books_older, go_on_with_what_decided_last)
{
    struct diag *diag = diag_create();
    struct store_reader *reader;
    struct wire_in_force last;
    books_open(&books);
    expect_decided(&books.bench, "a", 1, URBAN);
    load(&books.bench, books.cities[1].directory, 2);
    expect_decided(&books.bench, "b", 2, WATER);
    bench_stop(&books.bench);
    struct store *store = open_older(diag);
    cr_assert_eq(store_reader_open(store, &reader), OK);
    cr_assert_eq(in_force_find(store, reader, &last), OK);
    cr_expect_eq(last.book.policy, 2, "neither the first nor what was put last, but %u",
                 last.book.policy);
    cr_expect_eq(last.event, 0);
    cr_expect_eq(complaints(store, true), 0);
    cr_expect_eq(complaints(store, false), 1);
    store_reader_close(&reader);
    store_close(&store);
    diag_destroy(&diag);
    books_close(&books);
}
