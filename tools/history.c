#include "tools/history.h"

#include "base/check.h"
#include "bench/progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

struct walk {
    const struct store_look *look;
    history_visit *visit;
    uint64_t limit;
    _Atomic uint64_t next; /* first event of the stretch that nobody has taken yet */
    _Atomic uint64_t done; /* events shown */
    atomic_bool ended;
};

struct walker {
    struct walk *walk;
    void *self;
    struct progress *progress; /* the caller's alone; else NULL */
    pthread_t thread;
    enum err err;
    uint64_t unreadable; /* with err */
};

/* Shows [first, limit). */
static enum err show(struct walker *walker, struct store_reader *reader, uint64_t first,
                     uint64_t limit)
{
    struct walk *walk = walker->walk;
    struct event_view view;
    for (uint64_t number = first; number < limit; number++) {
        enum err err = store_reader_event(reader, number, &view);
        if (err != OK) {
            walker->unreadable = number;
            return err;
        }
        if (!walk->visit(walker->self, reader, &view)) {
            atomic_store(&walk->ended, true);
            return OK;
        }
    }
    return OK;
}

static enum err show_stretch(struct walker *walker, struct store_reader *reader, uint64_t first)
{
    struct walk *walk = walker->walk;
    uint64_t left = walk->limit - first;
    uint64_t count = left < HISTORY_STRETCH_EVENTS ? left : HISTORY_STRETCH_EVENTS;
    enum err err = store_reader_begin(reader);
    if (err != OK)
        return err;
    err = show(walker, reader, first, first + count);
    store_reader_end(reader);
    uint64_t done = atomic_fetch_add(&walk->done, count) + count;
    if (walker->progress != NULL)
        progress_show(walker->progress, done);
    return err;
}

static enum err show_stretches(struct walker *walker, struct store_reader *reader)
{
    struct walk *walk = walker->walk;
    enum err err = OK;
    while (err == OK && !atomic_load(&walk->ended)) {
        uint64_t first = atomic_fetch_add(&walk->next, HISTORY_STRETCH_EVENTS);
        if (first >= walk->limit)
            break;
        err = show_stretch(walker, reader, first);
    }
    if (err != OK)
        atomic_store(&walk->ended, true);
    return err;
}

static void *run(void *self)
{
    struct walker *walker = self;
    struct store_reader *reader;
    walker->err = store_look_reader(walker->walk->look, &reader);
    if (walker->err != OK)
        return NULL;
    walker->err = show_stretches(walker, reader);
    store_reader_close(&reader);
    return NULL;
}

enum err history_limit(const struct store_look *look, uint64_t *limit)
{
    struct store_reader *reader;
    enum err err = store_look_reader(look, &reader);
    if (err != OK)
        return err;
    err = store_reader_begin(reader);
    if (err == OK) {
        *limit = store_reader_limit(reader);
        store_reader_end(reader);
    }
    store_reader_close(&reader);
    return err;
}

/* The first that went wrong, in the order of threads. */
static enum err complain(const struct walker *walkers, uint32_t threads, const char *path,
                         struct diag *diag)
{
    for (uint32_t i = 0; i < threads; i++)
        if (walkers[i].err != OK) {
            diag_add(diag, path, 0, 0, "event %" PRIu64 " cannot be read (%s); see lianxin verify",
                     walkers[i].unreadable, err_name(walkers[i].err));
            return walkers[i].err;
        }
    return OK;
}

enum err history_walk(const struct store_look *look, const char *what, history_visit *visit,
                      void *const *selves, uint32_t threads, struct diag *diag)
{
    struct walk walk = {.look = look, .visit = visit, .next = 1};
    struct walker walkers[HISTORY_THREADS];
    struct progress progress;
    CHECK(threads > 0 && threads <= HISTORY_THREADS);
    enum err err = history_limit(look, &walk.limit);
    if (err != OK) {
        diag_add(diag, store_look_path(look), 0, 0, "cannot be read: %s", err_name(err));
        return err;
    }
    progress_begin(&progress, what, walk.limit - 1);
    for (uint32_t i = threads; i-- > 0;) {
        walkers[i] = (struct walker){.walk = &walk, .self = selves[i]};
        if (i > 0) {
            int made = pthread_create(&walkers[i].thread, NULL, run, &walkers[i]);
            CHECK(made == 0);
        }
    }
    walkers[0].progress = &progress;
    run(&walkers[0]);
    for (uint32_t i = 1; i < threads; i++) {
        int joined = pthread_join(walkers[i].thread, NULL);
        CHECK(joined == 0);
    }
    progress_end(&progress);
    return complain(walkers, threads, store_look_path(look), diag);
}
