#include "tools/offline.h"

#include "base/check.h"
#include "base/clock.h"
#include "stages/explaining.h"
#include "store/look.h"
#include "tools/command.h"

#include <stdlib.h>

enum { SHELF_PLACES = 4 };

/* Everything that is opened for one answer. */
struct opened {
    struct diag *diag;
    struct store_look *look;
    struct store_reader *reader;
    struct shelf *shelf;
    struct policy *policy; /* of the city's directory */
    struct scratch *scratch;
    struct explainer explainer;
};

static enum err open_store(struct opened *opened, const char *path)
{
    enum err err = store_look_open(path, opened->diag, &opened->look);
    if (err != OK)
        return err;
    err = store_look_reader(opened->look, &opened->reader);
    if (err == OK)
        err = store_reader_begin(opened->reader);
    if (err != OK) {
        diag_add(opened->diag, path, 0, 0, "cannot be read: %s", err_name(err));
        return err;
    }
    opened->shelf = shelf_create(SHELF_PLACES);
    opened->explainer.reader = opened->reader;
    opened->explainer.shelf = opened->shelf;
    opened->explainer.seed = store_look_seed(opened->look);
    return OK;
}

/* The policy in force, as a start finds it; 0: the store has none. */
static uint32_t last_policy(struct store_reader *reader)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    struct event_view view;
    struct wire_decision decided;
    struct wire_book book;
    for (uint64_t i = store_reader_limit(reader) - 1; i > 0; i--) {
        if (store_reader_event(reader, i, &view) != OK)
            continue;
        if (view.kind == KIND_BOOK && wire_event_book(view.open, &book))
            return book.policy;
        if (wire_event_decision(view.open, &decided))
            return decided.policy;
    }
    return store_reader_policy(reader, 1, hash, &bundle) == OK ? 1 : 0;
}

static enum err open_city(struct opened *opened, const char *directory)
{
    enum err err = policy_load(directory, opened->diag, &opened->policy);
    if (err == OK)
        opened->scratch = scratch_create(opened->policy);
    return err;
}

/* What decides: the directory's book, beside the store's where there is one. */
static enum err choose_policies(struct opened *opened, const char *store)
{
    struct explainer *explainer = &opened->explainer;
    struct shelved city = {opened->policy, opened->scratch};
    if (opened->reader == NULL) {
        explainer->in_force = city;
        return OK;
    }
    uint32_t number = last_policy(opened->reader);
    explainer->named = city;
    if (number != 0)
        return shelf_take(opened->shelf, opened->reader, number, opened->diag,
                          &explainer->in_force);
    diag_add(opened->diag, store, 0, 0, "has no policy yet, and so no ticket");
    return ERR_NOT_FOUND;
}

static enum err open_all(const struct offline *offline, struct opened *opened)
{
    enum err err = offline->store != NULL ? open_store(opened, offline->store) : OK;
    if (err == OK && offline->city != NULL)
        err = open_city(opened, offline->city);
    return err == OK ? choose_policies(opened, offline->store) : err;
}

static void close_all(struct opened *opened)
{
    shelf_destroy(&opened->shelf);
    scratch_destroy(&opened->scratch);
    policy_destroy(&opened->policy);
    if (opened->reader != NULL && opened->explainer.reader != NULL)
        store_reader_end(opened->reader);
    store_reader_close(&opened->reader);
    store_look_close(&opened->look);
    diag_destroy(&opened->diag);
}

static Lianxin__V1__Reply *answer(struct opened *opened, const Lianxin__V1__Explain *asked)
{
    struct arena *arena = arena_create();
    size_t bytes = lianxin__v1__explain__get_packed_size(asked);
    uint8_t *content = arena_take(arena, bytes + 1);
    lianxin__v1__explain__pack(asked, content);
    opened->explainer.now_ms = clock_wall_ms(&clock_system);
    struct span said = explaining_reply(&opened->explainer, 0, span_of(content, bytes), arena);
    Lianxin__V1__Reply *reply = lianxin__v1__reply__unpack(NULL, said.bytes, said.data);
    CHECK(reply != NULL);
    arena_destroy(&arena);
    return reply;
}

int offline_ask(const struct offline *offline, const Lianxin__V1__Explain *asked,
                Lianxin__V1__Reply **reply)
{
    struct opened opened = {.diag = diag_create()};
    enum err err = open_all(offline, &opened);
    int code = DONE;
    diag_print(opened.diag, stderr);
    if (err == OK)
        *reply = answer(&opened, asked);
    else
        code = err == ERR_IO ? MACHINE : WRONG;
    if (code == DONE && (*reply)->body_case == LIANXIN__V1__REPLY__BODY_ERROR) {
        code = print_error((*reply)->error);
        lianxin__v1__reply__free_unpacked(*reply, NULL);
    }
    close_all(&opened);
    return code;
}
