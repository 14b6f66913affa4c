/* Micro benchmarks do what they did, and where there are two ways to a result, both lead there.
 *
 * Each is run with a tiny size. Its hash is that of the first inputs, so runs of any size that has
 * those must agree.
 */
#include "bench/micro.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 64, HASH_DIGITS = 16, LINE_BYTES = 256 };

struct hashes {
    char names[LINES_MAX][LINE_BYTES];
    char hashes[LINES_MAX][LINE_BYTES];
    uint32_t count;
};

/* "  decode a case     484.1   474.8  8c7cdda43bc134e5" */
static void note_line(struct hashes *hashes, const char *line)
{
    double median;
    double least;
    char *name = hashes->names[hashes->count];
    char *hash = hashes->hashes[hashes->count];
    if (sscanf(line, "  %44[^\n]%lf %lf %16[0-9a-f]", name, &median, &least, hash) != 4)
        return;
    cr_expect(least > 0 && median >= least, "%s", line);
    cr_expect_eq(strlen(hash), HASH_DIGITS, "%s", line);
    hashes->count++;
}

/* Any that fails ends the test, with what it said. */
static struct hashes run(uint32_t size)
{
    struct hashes hashes = {.count = 0};
    char *said = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&said, &bytes);
    int code = bench_micro("cities/leshan", size, out);
    fclose(out);
    cr_assert_eq(code, EXIT_SUCCESS, "%s", said);
    for (char *rest = said, *line; (line = strsep(&rest, "\n")) != NULL;)
        note_line(&hashes, line);
    free(said);
    return hashes;
}

Test(micro, one_input_is_enough, .timeout = 300)
{
    cr_expect_gt(run(1).count, 20);
}

Test(micro, each_has_the_same_hash_in_every_run_and_size, .timeout = 300)
{
    struct hashes first = run(64);
    struct hashes second = run(100);
    cr_assert_gt(first.count, 20);
    cr_assert_eq(first.count, second.count);
    for (uint32_t i = 0; i < first.count; i++) {
        cr_expect_str_eq(first.names[i], second.names[i]);
        cr_expect_str_eq(first.hashes[i], second.hashes[i], "%s", first.names[i]);
    }
}
