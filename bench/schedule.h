/* schedule - when each message should be sent, counted from the start of a run.
 *
 * People call independently of each other, so moments are random: at a steady rate with gaps of an
 * exponential distribution, over a day by the hours of arrivals.h. The same for the same seed. What
 * comes out never falls.
 */
#ifndef BENCH_SCHEDULE_H
#define BENCH_SCHEDULE_H

#include "bench/arrivals.h"

/* So many messages, at so many a second on average. */
void schedule_rate(int64_t *due_ns, uint32_t count, double hz, uint64_t seed);

/* A day of a city. */
struct schedule_day {
    const struct arrivals *arrivals;
    uint32_t weekday;   /* 1 to 7 */
    double burst_share; /* of all messages come in one hour more than it has of its own; 0: none */
    uint32_t burst_hour;
    double compress; /* it takes so much less time */
};

void schedule_day(int64_t *due_ns, uint32_t count, const struct schedule_day *day, uint64_t seed);

#endif
