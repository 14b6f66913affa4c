#include "bench/parcels.h"

#include "base/check.h"
#include "bench/progress.h"
#include "proto/lianxin.h"

#include <stdlib.h>

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

static struct span pack(const struct tray *tray, uint32_t count, uint64_t id, struct arena *arena)
{
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    submit.cases = tray->messages;
    submit.n_cases = count;
    request.version = LIANXIN_VERSION;
    request.id = id;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    size_t bytes = lianxin__v1__request__get_packed_size(&request);
    CHECK(bytes <= LIANXIN_SUBMIT_BYTES_MAX);
    uint8_t *frame = arena_take(arena, bytes);
    lianxin__v1__request__pack(&request, frame);
    return span_of(frame, bytes);
}

struct parcels *parcels_make(struct cases *cases, uint32_t count, uint32_t per_message)
{
    CHECK(count > 0 && per_message > 0 && per_message <= LIANXIN_SUBMIT_CASES_MAX);
    struct arena *arena = arena_create();
    struct parcels *parcels = arena_take(arena, sizeof *parcels);
    struct tray tray = tray_of(per_message);
    struct progress progress;
    *parcels = (struct parcels){.arena = arena, .first = cases->count + 1, .cases = count};
    parcels->list = arena_take(arena, (count / per_message + 1) * sizeof *parcels->list);
    progress_begin(&progress, "making cases", count);
    for (uint32_t done = 0; done < count;) {
        struct parcel *parcel = &parcels->list[parcels->count];
        uint32_t left = count - done;
        parcel->first = cases->count + 1;
        parcel->count = left < per_message ? left : per_message;
        for (uint32_t i = 0; i < parcel->count; i++)
            cases_next(cases, &tray.made[i]);
        parcel->frame = pack(&tray, parcel->count, ++parcels->count, arena);
        parcels->bytes += parcel->frame.bytes;
        done += parcel->count;
        progress_show(&progress, done);
    }
    progress_end(&progress);
    free(tray.made);
    free(tray.messages);
    return parcels;
}

struct parcels parcels_first(const struct parcels *parcels, uint32_t count)
{
    struct parcels some = {.list = parcels->list, .first = parcels->first};
    CHECK(count > 0 && count <= parcels->count);
    for (; some.count < count; some.count++) {
        some.cases += parcels->list[some.count].count;
        some.bytes += parcels->list[some.count].frame.bytes;
    }
    return some;
}

void parcels_free(struct parcels **parcels)
{
    if (*parcels == NULL)
        return;
    struct arena *arena = (*parcels)->arena;
    *parcels = NULL;
    arena_destroy(&arena);
}
