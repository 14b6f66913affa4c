#include "tests/engine/allocated.h"

#include "base/check.h"

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <string.h>
#include <unwind.h>

enum { OBJECTS_MAX = 128 };

/* Asks for nobody but whoever called it. */
enum { PASSED_OVER = ALLOCATORS, JEMALLOC };

static const struct {
    const char *file; /* a part of its path */
    int by;
} libraries[] = {
    {"/libzmq.", BY_ZMQ},        {"/liblmdb.", BY_LMDB},  {"/libprotobuf-c.", BY_PROTOBUF},
    {"/libjemalloc.", JEMALLOC}, {"/libc.", PASSED_OVER}, {"/libstdc++.", PASSED_OVER},
    {"/libgcc_s.", PASSED_OVER},
};

/* Code in memory, and whose it is. */
static struct object {
    uintptr_t first, limit;
    int by;
} objects[OBJECTS_MAX];
static uint32_t objects_count;

static _Atomic bool listening;
static struct allocated elsewhere;
static _Thread_local struct allocated *mine;

typedef int control_function(const char *, void *, size_t *, void *, size_t);
static control_function *control;

const char *allocator_name(enum allocator by)
{
    static const char *const names[] = {"us", "libzmq", "LMDB", "protobuf-c", "others"};
    return names[by];
}

/* -- who ----------------------------------------------------------------------------------------*/

/* The program itself has no name. */
static int owner_of(const char *path)
{
    if (path[0] == '\0')
        return BY_US;
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
        if (strstr(path, libraries[i].file) != NULL)
            return libraries[i].by;
    return BY_OTHERS;
}

static int add_object(struct dl_phdr_info *info, size_t bytes, void *self)
{
    (void)bytes;
    (void)self;
    for (uint32_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0)
            continue;
        CHECK(objects_count < OBJECTS_MAX);
        uintptr_t first = info->dlpi_addr + segment->p_vaddr;
        objects[objects_count++] =
            (struct object){first, first + segment->p_memsz, owner_of(info->dlpi_name)};
    }
    return 0;
}

static int owner_at(uintptr_t address)
{
    for (uint32_t i = 0; i < objects_count; i++)
        if (objects[i].first <= address && address < objects[i].limit)
            return objects[i].by;
    return BY_OTHERS;
}

struct search {
    bool past_jemalloc; /* before stands the hook, which is ours */
    int by;
};

static _Unwind_Reason_Code look_at_frame(struct _Unwind_Context *frame, void *self)
{
    struct search *search = self;
    int by = owner_at(_Unwind_GetIP(frame) - 1); /* in the call, not behind it */
    if (by == JEMALLOC)
        search->past_jemalloc = true;
    if (by >= PASSED_OVER || !search->past_jemalloc)
        return _URC_NO_REASON;
    search->by = by;
    return _URC_NORMAL_STOP;
}

static void note(size_t bytes)
{
    struct search search = {.by = BY_OTHERS};
    struct allocated *account = mine != NULL ? mine : &elsewhere;
    if (!listening)
        return;
    _Unwind_Backtrace(look_at_frame, &search);
    account->bytes[search.by] += bytes;
}

/* -- jemalloc's hooks; experimental, and so in no header --------------------------------------- */

static void on_allocation(void *self, int kind, void *memory, uintptr_t raw, uintptr_t arguments[3])
{
    (void)self;
    (void)kind;
    (void)raw;
    (void)arguments;
    if (memory != NULL)
        note(malloc_usable_size(memory));
}

static void on_growth(void *self, int kind, void *memory, size_t old_bytes, size_t bytes,
                      uintptr_t raw, uintptr_t arguments[4])
{
    (void)self;
    (void)kind;
    (void)memory;
    (void)old_bytes;
    (void)raw;
    (void)arguments;
    note(bytes);
}

static const struct {
    void (*allocation)(void *, int, void *, uintptr_t, uintptr_t[3]);
    void (*release)(void *, int, void *, uintptr_t[3]);
    void (*growth)(void *, int, void *, size_t, size_t, uintptr_t, uintptr_t[4]);
    void *self;
} hooks = {.allocation = on_allocation, .growth = on_growth};

bool allocated_open(void)
{
    void *symbol = dlsym(RTLD_DEFAULT, "mallctl");
    void *handle;
    size_t bytes = sizeof handle;
    if (symbol == NULL)
        return false;
    memcpy(&control, &symbol, sizeof control);
    dl_iterate_phdr(add_object, NULL);
    int installed = control("experimental.hooks.install", (void *)&handle, &bytes, (void *)&hooks,
                            sizeof hooks);
    CHECK(installed == 0);
    return true;
}

void allocated_listen(bool listen)
{
    listening = listen;
}

/* -- accounts ---------------------------------------------------------------------------------- */

void allocated_note(struct allocated *account)
{
    mine = account;
}

struct allocated *allocated_elsewhere(void)
{
    return &elsewhere;
}

void allocated_clear(struct allocated *account)
{
    for (uint32_t i = 0; i < ALLOCATORS; i++)
        account->bytes[i] = 0;
}

uint64_t allocated_sum(const struct allocated *account)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < ALLOCATORS; i++)
        sum += account->bytes[i];
    return sum;
}

uint64_t allocated_by_this_thread(void)
{
    uint64_t bytes = 0;
    size_t size = sizeof bytes;
    int read = control("thread.allocated", &bytes, &size, NULL, 0);
    CHECK(read == 0);
    return bytes;
}
