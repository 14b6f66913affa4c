/* commands - the cases of a run as the XADDs that carry them, packed before any clock starts.
 *
 *      XADD cases * <number> <Case, packed>        numbers count from 0
 *
 * They lie one behind the other, so that many go out in one write.
 */
#ifndef BENCH_REDIS_COMMANDS_H
#define BENCH_REDIS_COMMANDS_H

#include "base/span.h"
#include "bench/cases.h"

struct commands {
    uint8_t *bytes;
    size_t *ends;       /* of each command; behind what precedes it */
    size_t *case_bytes; /* of the case, which stands last in its command, before the line's end */
    uint32_t count;
};

/* The cases that `cases` makes next. */
void commands_init(struct commands *commands, struct cases *cases, uint32_t count);
void commands_fini(struct commands *commands);

/* The case in a command, as it should come out again. */
struct span commands_case(const struct commands *commands, uint32_t number);

#endif
