/* fail - ends a benchmark that cannot go on: no engine, no disk, an answer that is no "accepted".
 *
 * A benchmark has nobody to hand an error to but the person who waits for its figures. Engines that
 * still run end with the process (server.h).
 */
#ifndef BENCH_FAIL_H
#define BENCH_FAIL_H

#include <stdbool.h>

/* Says why on stderr and exits with 1. Any thread. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
