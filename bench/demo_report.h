/* demo_report - what came out at each end of the demo, counted and shown. */
#ifndef BENCH_DEMO_REPORT_H
#define BENCH_DEMO_REPORT_H

#include "bench/demo_scene.h"

/* Counts and prints. EXIT_SUCCESS where nothing was lost. */
int demo_report(struct demo *demo);

#endif
