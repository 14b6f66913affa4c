/* main - the whole engine on real threads, with a new book every few milliseconds, for
 * ThreadSanitizer; prints a line and ends with 0, or aborts. How many loads, the argument says
 * (100).
 */
#include "tests/engine/traffic.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static const uint32_t threads[] = {4, 1, 6, 2};
    static struct traffic traffic;
    uint32_t loads = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 100;
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        traffic_run(&traffic, threads[i], loads);
        printf("%u threads: %llu cases, %u loads: each by the book in force\n", threads[i],
               (unsigned long long)traffic.cases, loads);
        traffic_remove(&traffic);
    }
    return 0;
}
