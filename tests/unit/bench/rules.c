/* What a table costs as it grows: the benchmark does what it says, with as few cases as there are.
 */
#include "bench/rules.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>

Test(rules, the_slow_matcher_agrees_and_each_size_up_to_that_is_told, .timeout = 300)
{
    char *said = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&said, &bytes);
    cr_expect_eq(bench_rules(2, 2000, true, out), EXIT_SUCCESS);
    fclose(out);
    json_t *document = json_loads(said, 0, NULL);
    json_t *tables = json_object_get(document, "tables");
    json_t *table;
    size_t index;
    cr_assert_eq(json_array_size(tables), 2, "%s", said);
    json_array_foreach(tables, index, table)
    {
        json_t *paces = json_object_get(table, "match_text");
        cr_expect_gt(json_number_value(json_object_get(table, "compile_ms")), 0);
        cr_expect_gt(json_number_value(json_object_get(table, "check_ms")), 0);
        cr_expect_gt(json_integer_value(json_object_get(table, "findings")), 0);
        cr_expect_gt(json_integer_value(json_object_get(table, "bytes")), 0);
        cr_expect_gt(json_number_value(json_object_get(paces, "ns")), 0);
        cr_expect_gt(json_number_value(json_object_get(paces, "slow_ns")), 0);
    }
    json_decref(document);
    free(said);
}
