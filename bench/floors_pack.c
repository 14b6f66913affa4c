/* floors_pack - what protobuf-c takes to make bytes of a case, and a case of bytes. */
#include "base/check.h"
#include "base/clock.h"
#include "bench/floor_parts.h"
#include "wire/wire.h"

#include "lianxin.pb-c.h"

#include <stdlib.h>

enum { CASES_MAX = 4096, ROUNDS = 9 };

struct sample {
    Lianxin__V1__Case **cases;
    struct span *packed;
    uint32_t count;
    uint8_t room[WIRE_CASE_BYTES_MAX];
};

/* Adds the cases of a request, as protobuf-c reads them. */
static void sample_add(struct sample *sample, struct span message)
{
    Lianxin__V1__Request *request = lianxin__v1__request__unpack(NULL, message.bytes, message.data);
    CHECK(request != NULL && request->body_case == LIANXIN__V1__REQUEST__BODY_SUBMIT);
    Lianxin__V1__Submit *submit = request->submit;
    for (size_t i = 0; i < submit->n_cases && sample->count < CASES_MAX; i++) {
        size_t bytes = lianxin__v1__case__get_packed_size(submit->cases[i]);
        uint8_t *packed = malloc(bytes);
        CHECK(packed != NULL && bytes <= sizeof sample->room);
        lianxin__v1__case__pack(submit->cases[i], packed);
        sample->packed[sample->count] = span_of(packed, bytes);
        sample->cases[sample->count++] = lianxin__v1__case__unpack(NULL, bytes, packed);
    }
    lianxin__v1__request__free_unpacked(request, NULL);
}

static void sample_take(struct sample *sample, const struct floors_plan *plan)
{
    *sample = (struct sample){.cases = calloc(CASES_MAX, sizeof *sample->cases),
                              .packed = calloc(CASES_MAX, sizeof *sample->packed)};
    CHECK(sample->cases != NULL && sample->packed != NULL);
    for (uint32_t i = 0; i < plan->messages_count && sample->count < CASES_MAX; i++)
        sample_add(sample, plan->messages[i]);
    CHECK(sample->count > 0);
}

static void sample_free(struct sample *sample)
{
    for (uint32_t i = 0; i < sample->count; i++) {
        lianxin__v1__case__free_unpacked(sample->cases[i], NULL);
        free((void *)sample->packed[i].data);
    }
    free(sample->cases);
    free(sample->packed);
}

static void pack(struct sample *sample, uint32_t i)
{
    size_t bytes = lianxin__v1__case__pack(sample->cases[i], sample->room);
    CHECK(bytes == sample->packed[i].bytes);
}

static void unpack(struct sample *sample, uint32_t i)
{
    struct span packed = sample->packed[i];
    Lianxin__V1__Case *unpacked = lianxin__v1__case__unpack(NULL, packed.bytes, packed.data);
    CHECK(unpacked != NULL);
    lianxin__v1__case__free_unpacked(unpacked, NULL);
}

/* CPU time of one, the median of some rounds; the first only warms the caches. */
static double measure(struct sample *sample, void (*run)(struct sample *, uint32_t))
{
    double figures[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        int64_t start_ns = clock_own_cpu_ns();
        for (uint32_t i = 0; i < sample->count; i++)
            run(sample, i);
        if (round >= 0)
            figures[round] = (double)(clock_own_cpu_ns() - start_ns) / sample->count;
    }
    return floor_quantile(figures, ROUNDS, 0.5);
}

void floors_pack(const struct floors_plan *plan, struct floors *floors)
{
    struct sample sample;
    sample_take(&sample, plan);
    floors->pack_ns = measure(&sample, pack);
    floors->unpack_ns = measure(&sample, unpack);
    sample_free(&sample);
}
