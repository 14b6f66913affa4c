#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

void check_failed(const char *file, int line, const char *condition)
{
    fprintf(stderr, "<2>lianxin: bug: %s:%d: CHECK(%s) does not hold\n", file, line, condition);
    abort();
}
