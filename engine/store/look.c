#include "store/look.h"

#include "base/check.h"
#include "store/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct store_look {
    char *path;
    MDB_env *env;
    struct tables tables;
    uint64_t seed;
};

/* LMDB would leave a file of its own in a directory that is no store. */
static bool is_store(const char *path, struct diag *diag)
{
    char name[1024];
    snprintf(name, sizeof name, "%s/data.mdb", path);
    if (access(name, R_OK) == 0)
        return true;
    if (errno == ENOENT || errno == ENOTDIR)
        diag_add(diag, path, 0, 0, "is no store; name the directory that serve has as --store");
    else
        diag_add(diag, path, 0, 0, "cannot be read: %s", strerror(errno));
    return false;
}

enum err store_look_open(const char *path, struct diag *diag, struct store_look **look)
{
    if (!is_store(path, diag))
        return ERR_NOT_FOUND;
    struct store_look *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->path = strdup(path);
    CHECK(made->path != NULL);
    enum err err = lmdb_open(path, 0, true, diag, &made->env);
    if (err == OK)
        err = lmdb_open_tables(made->env, path, true, diag, &made->tables, &made->seed);
    if (err == OK)
        *look = made;
    else
        store_look_close(&made);
    return err;
}

void store_look_close(struct store_look **look)
{
    struct store_look *old = *look;
    if (old == NULL)
        return;
    *look = NULL;
    if (old->env != NULL)
        mdb_env_close(old->env);
    free(old->path);
    free(old);
}

enum err store_look_reader(const struct store_look *look, struct store_reader **reader)
{
    return reader_open(look->env, &look->tables, reader);
}

const char *store_look_path(const struct store_look *look)
{
    return look->path;
}

uint64_t store_look_seed(const struct store_look *look)
{
    return look->seed;
}
