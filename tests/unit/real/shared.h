/* shared - data that nobody here wrote, where it lies beside the project.
 *
 * It may not be redistributed, so a test that uses it skips where it is absent.
 */
#ifndef TESTS_REAL_SHARED_H
#define TESTS_REAL_SHARED_H

#include <criterion/criterion.h>
#include <unistd.h>

#define SHARED "../shared/data/"

#define SKIP_WITHOUT(path)                                                                         \
    do {                                                                                           \
        if (access(path, R_OK) != 0)                                                               \
            cr_skip_test("%s is not there", path);                                                 \
    } while (0)

#endif
