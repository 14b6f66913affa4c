/* floor_parts - how floors are measured. For floors*.c alone. */
#ifndef BENCH_FLOOR_PARTS_H
#define BENCH_FLOOR_PARTS_H

#include "bench/floors.h"

#include <stdbool.h>

enum { FLOOR_PATH_BYTES = 512 };

/* One step of something, the i-th. */
typedef void floor_step(void *self, uint64_t i);

/* Takes steps until all are taken or a part's time is over, and says how long all take: where the
 * time was over, in proportion. Seconds. */
double floor_run(uint64_t steps, floor_step *step, void *self);

struct paced_us {
    double p50, p99;
};

/* Takes some hundreds of steps, hz a second, each after a pause, as a quiet hour is; microseconds
 * of one step, without the pause. A step that takes longer than its turn makes the next one late,
 * not the figures. */
struct paced_us floor_run_paced(double hz, floor_step *step, void *self);

/* Of figures that it sorts; count is 1 at least. */
double floor_quantile(double *figures, uint32_t count, double quantile);

/* Bytes of one step, where a run's bytes were written in so many; no step is larger than the
 * store's largest group, so there may be more of them. */
struct floor_share {
    uint64_t steps;
    size_t bytes;
};
struct floor_share floor_share(uint64_t bytes, uint64_t steps);

/* Bytes that no disk or file system can make less of; free() them. */
uint8_t *floor_noise(size_t bytes);

/* Ends the program with a sentence. */
_Noreturn void floor_fail(const char *what, const char *why);

/* The same where it is not good, with the system's reason. */
void floor_must(bool good, const char *what);

/* DIR/NAME. */
void floor_path(const struct floors_plan *plan, const char *name, char path[FLOOR_PATH_BYTES]);

/* Each fills its fields. */
void floors_disk(const struct floors_plan *plan, struct floors *floors);
void floors_lmdb(const struct floors_plan *plan, struct floors *floors);
void floors_zmq(const struct floors_plan *plan, struct floors *floors);
void floors_pack(const struct floors_plan *plan, struct floors *floors);
void floors_ring(struct floors *floors);

#endif
