#include "store/store.h"

#include "base/check.h"
#include "store/space.h"
#include "store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    DERIVE_GROUPS = 1024,
    GROUP_PLACES_MAX = STORE_GROUP_EVENTS_MAX * STORE_FEEDS_PER_EVENT_MAX,
};

static const size_t default_map_bytes = (size_t)1 << 40;
static const size_t default_reserve_bytes = (size_t)64 << 20;

static enum err lock(struct store *store, struct diag *diag)
{
    char path[STORE_PATH_BYTES + 16];
    char owner[32] = "";
    snprintf(path, sizeof path, "%s/engine.lock", store->path);
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (store->lock_fd < 0) {
        diag_add(diag, store->path, 0, 0, "cannot be written to: %s", strerror(errno));
        return ERR_IO;
    }
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0) {
        int length = snprintf(owner, sizeof owner, "%d\n", getpid());
        bool noted = ftruncate(store->lock_fd, 0) == 0 &&
                     pwrite(store->lock_fd, owner, (size_t)length, 0) == length;
        (void)noted; /* the pid is only for messages; the lock is what counts */
        return OK;
    }
    ssize_t got = pread(store->lock_fd, owner, sizeof owner - 1, 0);
    diag_add(diag, store->path, 0, 0,
             "is in use by another engine (process %ld); stop that one first, or choose another "
             "store",
             got > 0 ? strtol(owner, NULL, 10) : 0L);
    return ERR_BUSY;
}

static enum err recover(struct store *store, struct diag *diag)
{
    enum err err = reader_open(store->env, &store->tables, &store->own);
    if (err == OK)
        err = store_reader_begin(store->own);
    if (err == OK) {
        err = writer_recover(store);
        store_reader_end(store->own);
    }
    if (err != OK)
        diag_add(diag, store->path, 0, 0,
                 "cannot be recovered from its log (%s); run lianxin verify on it", err_name(err));
    return err;
}

static enum err open_parts(struct store *store, struct diag *diag)
{
    if (strlen(store->options.path) >= sizeof store->path) {
        diag_add(diag, store->options.path, 0, 0, "is too long; a path has at most %d bytes",
                 STORE_PATH_BYTES - 1);
        return ERR_INVALID;
    }
    if (mkdir(store->path, 0755) != 0 && errno != EEXIST) {
        diag_add(diag, store->path, 0, 0, "cannot be made: %s", strerror(errno));
        return ERR_IO;
    }
    enum err err = lock(store, diag);
    if (err == OK)
        err = lmdb_open(store->path, store->options.map_bytes, false, diag, &store->env);
    if (err != OK)
        return err;
    int dead;
    mdb_reader_check(store->env, &dead); /* readers that were killed keep old pages alive */
    err = lmdb_open_tables(store->env, store->path, false, diag, &store->tables, &store->seed);
    return err == OK ? recover(store, diag) : err;
}

static const size_t offsets_bytes = STORE_GROUP_EVENTS_MAX * sizeof(struct stored_offset);
static const size_t checksums_bytes = STORE_GROUP_EVENTS_MAX * sizeof(uint64_t);
static const size_t notes_bytes = STORE_GROUP_EVENTS_MAX * sizeof(struct tail_note);
static const size_t places_bytes = GROUP_PLACES_MAX * sizeof(struct tail_place);

static void make_group(struct group_draft *group)
{
    group->records = space_reserve(STORE_GROUP_BYTES_MAX);
    group->offsets = space_reserve(offsets_bytes);
    group->checksums = space_reserve(checksums_bytes);
    group->notes = space_reserve(notes_bytes);
    group->places = space_reserve(places_bytes);
    CHECK(group->records != NULL && group->offsets != NULL && group->checksums != NULL);
    CHECK(group->notes != NULL && group->places != NULL);
    recent_init(&group->lasts, STORE_GROUP_EVENTS_MAX);
}

static void unmake_group(struct group_draft *group)
{
    space_release(group->records, STORE_GROUP_BYTES_MAX);
    space_release(group->offsets, offsets_bytes);
    space_release(group->checksums, checksums_bytes);
    space_release(group->notes, notes_bytes);
    space_release(group->places, places_bytes);
    recent_fini(&group->lasts);
}

static struct store *make(const struct store_options *options)
{
    struct store *store = calloc(1, sizeof *store);
    CHECK(store != NULL);
    store->options = *options;
    snprintf(store->path, sizeof store->path, "%s", options->path);
    if (store->options.map_bytes == 0)
        store->options.map_bytes = default_map_bytes;
    if (store->options.derive_groups == 0)
        store->options.derive_groups = DERIVE_GROUPS;
    if (store->options.reserve_bytes == 0)
        store->options.reserve_bytes = default_reserve_bytes;
    store->lock_fd = -1;
    for (uint32_t i = 0; i < STORE_GROUPS; i++)
        make_group(&store->drafts[i]);
    tail_init(&store->tail);
    return store;
}

static void unmake(struct store *store)
{
    store_reader_close(&store->own);
    if (store->env != NULL)
        mdb_env_close(store->env);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    ids_fini(&store->ids);
    tail_fini(&store->tail);
    free(store->heads);
    for (uint32_t i = 0; i < STORE_GROUPS; i++)
        unmake_group(&store->drafts[i]);
    free(store);
}

enum err store_open(const struct store_options *options, struct diag *diag, struct store **store)
{
    int ready = sodium_init();
    CHECK(ready >= 0);
    struct store *made = make(options);
    enum err err = open_parts(made, diag);
    if (err != OK) {
        unmake(made);
        return err;
    }
    *store = made;
    return OK;
}

void store_close(struct store **store)
{
    struct store *old = *store;
    if (old == NULL)
        return;
    *store = NULL;
    writer_keep_written(old);
    store_abandon(old);
    store_derive(old);
    unmake(old);
}

uint64_t store_seed(const struct store *store)
{
    return store->seed;
}

/* -- readers and status ------------------------------------------------------------------------ */

enum err store_reader_open(struct store *store, struct store_reader **reader)
{
    return reader_open(store->env, &store->tables, reader);
}

void store_status(const struct store *store, struct store_status *status)
{
    char path[STORE_PATH_BYTES + 16];
    struct stat file;
    struct statvfs disk;
    snprintf(path, sizeof path, "%s/data.mdb", store->path);
    *status = (struct store_status){
        .events = counter_read(&store->events),
        .tickets = counter_read(&store->tickets),
        .groups = counter_read(&store->groups),
    };
    if (stat(path, &file) == 0)
        status->store_bytes = (uint64_t)file.st_size;
    if (statvfs(store->path, &disk) == 0)
        status->free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
}
