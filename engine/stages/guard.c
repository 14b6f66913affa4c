#include "stages/guard.h"

#include "base/file.h"
#include "base/say.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

enum { SUSPECTS_MAX = 4 * PIPELINE_SLOTS, FAILURES_MAX = 2, PATH_BYTES = 1024 };

/* As in the file, which is an array of them. */
struct suspect {
    uint64_t hash;
    uint32_t failures;
    uint32_t noted; /* 1: by this process; one failure counts once, though a command came twice */
};

struct guard {
    const struct pipeline *pipeline;
    char path[PATH_BYTES], new_path[PATH_BYTES + 4];
    struct suspect *suspects;
    uint32_t count;
    struct counter begun; /* slots that decode has begun: read by a dying thread */
    uint64_t alone_limit; /* one behind the suspect that is in work alone; 0: none is */
    uint64_t alone_hash;
    bool waits;
};

static uint64_t hash_of(struct span command)
{
    return XXH3_64bits(command.data, command.bytes);
}

static uint64_t hash_of_slot(const struct guard *guard, uint64_t sequence)
{
    return hash_of(pipeline_slot(guard->pipeline, sequence)->arrival.bytes);
}

static struct suspect *find(const struct guard *guard, uint64_t hash)
{
    for (uint32_t i = 0; i < guard->count; i++)
        if (guard->suspects[i].hash == hash)
            return &guard->suspects[i];
    return NULL;
}

static bool is_suspect(const struct guard *guard, uint64_t hash)
{
    const struct suspect *found = find(guard, hash);
    return found != NULL && found->failures < FAILURES_MAX;
}

bool guard_sets_aside(const struct guard *guard, struct span command)
{
    if (guard->count == 0)
        return false;
    const struct suspect *found = find(guard, hash_of(command));
    return found != NULL && found->failures >= FAILURES_MAX;
}

bool guard_waits(const struct guard *guard)
{
    return guard->waits;
}

/* -- one at a time ----------------------------------------------------------------------------- */

/* The slots before the first suspect; where that is the first of all, it alone, once nothing else
 * is in work. */
static uint64_t admit_watchfully(struct guard *guard, uint64_t next, uint64_t limit)
{
    uint64_t durable = cursor_observe(&guard->pipeline->commit.cursor);
    if (durable < guard->alone_limit)
        return next;
    if (guard->alone_limit > 0) {
        struct suspect *passed = find(guard, guard->alone_hash);
        *passed = guard->suspects[guard->count - 1];
        guard->count--;
        guard->alone_limit = 0;
    }
    for (uint64_t i = next; i < limit; i++) {
        uint64_t hash = hash_of_slot(guard, i);
        if (!is_suspect(guard, hash))
            continue;
        if (i > next || durable < next)
            return i;
        guard->alone_limit = next + 1;
        guard->alone_hash = hash;
        return guard->alone_limit;
    }
    return limit;
}

uint64_t guard_admit(struct guard *guard, uint64_t next, uint64_t limit)
{
    if (guard->count > 0)
        limit = admit_watchfully(guard, next, limit);
    guard->waits = limit == next;
    counter_set(&guard->begun, limit);
    return limit;
}

/* -- the file ---------------------------------------------------------------------------------- */

static void say_suspects(const struct guard *guard)
{
    uint32_t aside = 0;
    for (uint32_t i = 0; i < guard->count; i++)
        aside += guard->suspects[i].failures >= FAILURES_MAX;
    if (aside < guard->count)
        say_warning("%u command(s) in work when an engine failed: sent again, each is taken "
                    "alone",
                    guard->count - aside);
    if (aside > 0)
        say_warning("%u command(s) in work at two failures are set aside; once the fault "
                    "is mended, stop the engine and remove %s",
                    aside, guard->path);
}

static void read_suspects(struct guard *guard)
{
    struct arena *arena = arena_create();
    struct span content;
    enum err err = file_read(guard->path, SUSPECTS_MAX * sizeof(struct suspect), arena, &content);
    if (err == OK) {
        guard->count = (uint32_t)(content.bytes / sizeof(struct suspect));
        memcpy(guard->suspects, content.data, guard->count * sizeof(struct suspect));
        for (uint32_t i = 0; i < guard->count; i++)
            guard->suspects[i].noted = 0;
        say_suspects(guard);
    } else if (err != ERR_NOT_FOUND) {
        say_warning("%s cannot be read (%s), so nothing is suspect", guard->path, err_name(err));
    }
    arena_destroy(&arena);
}

/* Whole or not at all, as a rename is. Not synced: it is the engine that dies, not the machine. */
static void write_suspects(const struct guard *guard)
{
    size_t bytes = guard->count * sizeof guard->suspects[0];
    int fd = open(guard->new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return;
    bool whole = write(fd, guard->suspects, bytes) == (ssize_t)bytes;
    close(fd);
    if (!whole || rename(guard->new_path, guard->path) != 0)
        unlink(guard->new_path);
}

void guard_note(struct guard *guard)
{
    uint64_t begun = counter_read(&guard->begun);
    uint64_t next = cursor_observe(&guard->pipeline->commit.cursor);
    if (next >= begun)
        return;
    for (; next < begun && guard->count < SUSPECTS_MAX; next++) {
        uint64_t hash = hash_of_slot(guard, next);
        struct suspect *found = find(guard, hash);
        if (found == NULL) {
            found = &guard->suspects[guard->count++];
            *found = (struct suspect){.hash = hash};
        }
        found->failures += 1 - found->noted;
        found->noted = 1;
    }
    write_suspects(guard);
}

void guard_settle(struct guard *guard)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < guard->count; i++)
        if (guard->suspects[i].failures >= FAILURES_MAX)
            guard->suspects[kept++] = guard->suspects[i];
    guard->count = kept;
    if (kept > 0)
        write_suspects(guard);
    else
        unlink(guard->path);
}

/* -- life -------------------------------------------------------------------------------------- */

struct guard *guard_create(const struct pipeline *pipeline, const char *store, struct arena *arena)
{
    struct guard *guard = arena_take(arena, sizeof *guard);
    *guard = (struct guard){
        .pipeline = pipeline,
        .suspects = arena_take(arena, SUSPECTS_MAX * sizeof(struct suspect)),
    };
    snprintf(guard->path, sizeof guard->path, "%s/suspects", store);
    snprintf(guard->new_path, sizeof guard->new_path, "%s.new", guard->path);
    read_suspects(guard);
    return guard;
}
