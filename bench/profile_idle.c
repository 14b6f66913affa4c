/* idle - what an engine takes that has nothing to do: a minute with one subscriber and no case.
 *
 * engine_cores is what of a core it takes, and wakeups counts what it woke up for: it is asked for
 * its status at both ends, and tells its subscriber every ten seconds how far the feeds are.
 */
#include "bench/bench.h"

#include "base/check.h"

#include <stdlib.h>

static const double minute = 60;

void profile_idle(struct bench *bench)
{
    double seconds = bench->options->seconds > 0 ? bench->options->seconds : minute;
    for (uint32_t i = 0; i < bench_runs(bench, 1); i++) {
        struct server server;
        struct run *run = malloc(sizeof *run);
        CHECK(run != NULL);
        bench_serve(bench, &server);
        run_idle(&server, seconds, run);
        bench_file(bench, run, NULL, 0);
        server_end(&server, SIGTERM);
        server_fini(&server);
    }
}
