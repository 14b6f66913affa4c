#include "bench/parcels.h"

#include "base/check.h"
#include "bench/fail.h"
#include "bench/progress.h"
#include "bench/zmtp.h"
#include "proto/lianxin.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Address space, not memory. */
static const size_t wire_room = 1ULL << 36;
enum { FRAME_ROOM = 8 * 1024 * 1024 /* more than the largest message */ };

/* The cases of one parcel, while they are packed. */
struct tray {
    struct made_case *made;
    Lianxin__V1__Case **messages;
};

static struct tray tray_of(uint32_t room)
{
    struct tray tray = {calloc(room, sizeof *tray.made), calloc(room, sizeof(Lianxin__V1__Case *))};
    CHECK(tray.made != NULL && tray.messages != NULL);
    for (uint32_t i = 0; i < room; i++)
        tray.messages[i] = &tray.made[i].message;
    return tray;
}

/* Writes head and request to out, where there is room for any, and returns the request. */
static struct span pack(const struct tray *tray, uint32_t count, uint64_t id, uint8_t *out)
{
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    submit.cases = tray->messages;
    submit.n_cases = count;
    request.version = LIANXIN_VERSION;
    request.id = id;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    size_t bytes = lianxin__v1__request__pack(&request, out + ZMTP_HEAD_BYTES);
    CHECK(bytes <= LIANXIN_SUBMIT_BYTES_MAX);
    zmtp_write_head(out, bytes);
    return span_of(out + ZMTP_HEAD_BYTES, bytes);
}

static uint8_t *reserve_wire(void)
{
    void *wire = mmap(NULL, wire_room, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (wire == MAP_FAILED)
        fail("no address space for messages");
    return wire;
}

struct parcels *parcels_make(struct cases *cases, uint32_t count, uint32_t per_message)
{
    CHECK(count > 0 && per_message > 0 && per_message <= LIANXIN_SUBMIT_CASES_MAX);
    struct arena *arena = arena_create();
    struct parcels *parcels = arena_take(arena, sizeof *parcels);
    struct tray tray = tray_of(per_message);
    struct progress progress;
    *parcels = (struct parcels){.arena = arena, .first = cases->count + 1, .cases = count};
    parcels->wire = reserve_wire();
    parcels->list = arena_take(arena, (count / per_message + 1) * sizeof *parcels->list);
    progress_begin(&progress, "making cases", count);
    for (uint32_t done = 0; done < count;) {
        struct parcel *parcel = &parcels->list[parcels->count];
        uint32_t left = count - done;
        parcel->first = cases->count + 1;
        parcel->count = left < per_message ? left : per_message;
        for (uint32_t i = 0; i < parcel->count; i++)
            cases_next(cases, &tray.made[i]);
        if (wire_room - parcels->bytes < FRAME_ROOM)
            fail("so many messages cannot be kept");
        parcel->frame =
            pack(&tray, parcel->count, ++parcels->count, parcels->wire + parcels->bytes);
        parcels->bytes += ZMTP_HEAD_BYTES + parcel->frame.bytes;
        done += parcel->count;
        progress_show(&progress, done);
    }
    progress_end(&progress);
    free(tray.made);
    free(tray.messages);
    return parcels;
}

size_t parcels_offset(const struct parcels *parcels, uint32_t index)
{
    CHECK(index <= parcels->count);
    if (index == parcels->count)
        return parcels->bytes;
    return (size_t)(parcels->list[index].frame.data - parcels->wire) - ZMTP_HEAD_BYTES;
}

struct parcels parcels_first(const struct parcels *parcels, uint32_t count)
{
    struct parcels some = *parcels;
    CHECK(count > 0 && count <= parcels->count);
    some.count = count;
    some.cases = 0;
    some.bytes = parcels_offset(parcels, count);
    for (uint32_t i = 0; i < count; i++)
        some.cases += parcels->list[i].count;
    return some;
}

void parcels_free(struct parcels **parcels)
{
    if (*parcels == NULL)
        return;
    struct arena *arena = (*parcels)->arena;
    munmap((*parcels)->wire, wire_room);
    *parcels = NULL;
    arena_destroy(&arena);
}
