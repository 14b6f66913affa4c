/* A CHECK that does not hold aborts, one that holds looks once and goes on; errors have names. */
#include "base/check.h"
#include "base/counters.h"
#include "base/err.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

Test(check, that_holds_looks_once)
{
    int looks = 0;
    CHECK(++looks == 1);
    cr_expect_eq(looks, 1);
}

Test(check, that_fails_aborts, .signal = SIGABRT)
{
    CHECK(1 + 1 == 3);
}

Test(check, verify_looks_only_where_it_is_on)
{
    int looks = 0;
    VERIFY(++looks > 0);
#ifdef LIANXIN_VERIFY
    cr_expect_eq(looks, 1);
#else
    cr_expect_eq(looks, 0);
#endif
}

Test(err, every_error_has_a_name_of_its_own)
{
    for (enum err a = OK; a <= ERR_TIMEOUT; a++) {
        cr_expect_str_neq(err_name(a), "unknown error", "%d", (int)a);
        for (enum err b = OK; b < a; b++)
            cr_expect_str_neq(err_name(a), err_name(b));
    }
    cr_expect_str_eq(err_name((enum err)(ERR_TIMEOUT + 1)), "unknown error");
}

Test(counters, add_up)
{
    struct counter counter = {0};
    counter_add(&counter, 3);
    counter_add(&counter, 4);
    cr_expect_eq(counter_read(&counter), 7);
    counter_set(&counter, 1);
    cr_expect_eq(counter_read(&counter), 1);
}
