/* setup - what a result was measured on and with, so that another can be held against it. */
#ifndef BENCH_SETUP_H
#define BENCH_SETUP_H

#include "bench/bench.h"

#include <jansson.h>

/* Machine, disk, versions, commit and options. */
json_t *setup_json(const struct bench *bench);

#endif
