/* arrivals - at which hours of a week people turn to the hotline.
 *
 *   simulation/arrivals.csv   weekday, hour, share     168 rows: 1 (Monday) to 7, 0 to 23, and the
 *                             share of a week's cases that comes then, such as 0.014038
 *
 * Only proportions within one weekday count. Immutable once loaded.
 */
#ifndef BENCH_ARRIVALS_H
#define BENCH_ARRIVALS_H

#include "domain/city/sheet.h"
#include "bench/random.h"

enum { WEEKDAYS = 7, HOURS = 24, SHARE_UNIT = 1000000 /* shares are kept in millionths */ };

struct arrivals {
    uint32_t shares[WEEKDAYS][HOURS];
    uint32_t totals[WEEKDAYS];
};

/* Reads CITY/simulation/arrivals.csv. All that is wrong goes to diag; usable only if nothing was
 * added. The diag's findings borrow nothing; the arena is for reading. */
void arrivals_load(const char *city, struct arena *arena, struct diag *diag,
                   struct arrivals *arrivals);

/* A moment of a day, in milliseconds from its beginning; weekday as weekday_of_day(). */
int64_t arrivals_draw_ms(const struct arrivals *arrivals, uint32_t weekday, struct random *random);

#endif
