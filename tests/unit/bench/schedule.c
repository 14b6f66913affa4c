/* Planned moments: as many as were asked for, never falling, and spread as they should be. */
#include "bench/schedule.h"

#include <criterion/criterion.h>

enum { COUNT = 20000, HOURS_A_DAY = 24 };

static int64_t due_ns[COUNT];
static const int64_t hour_ns = INT64_C(3600) * 1000000000;

static void expect_in_order(int64_t limit_ns)
{
    cr_expect_geq(due_ns[0], 0);
    for (uint32_t i = 1; i < COUNT; i++)
        cr_assert_geq(due_ns[i], due_ns[i - 1]);
    cr_expect_lt(due_ns[COUNT - 1], limit_ns);
}

/* A rate's gaps are exponential: 63 % of them are below the mean. */
Test(schedule, a_rate_is_kept_on_average)
{
    uint32_t below = 0;
    schedule_rate(due_ns, COUNT, 1000, 1);
    expect_in_order(INT64_MAX);
    double seconds = (double)due_ns[COUNT - 1] / 1e9;
    cr_expect(seconds > 0.97 * COUNT / 1000 && seconds < 1.03 * COUNT / 1000, "%g s", seconds);
    for (uint32_t i = 1; i < COUNT; i++)
        below += due_ns[i] - due_ns[i - 1] < 1000000;
    cr_expect(below > 0.62 * COUNT && below < 0.645 * COUNT, "%u", below);
}

Test(schedule, one_seed_gives_the_same_moments)
{
    static int64_t again[COUNT];
    schedule_rate(due_ns, COUNT, 50, 4);
    schedule_rate(again, COUNT, 50, 4);
    cr_expect_arr_eq(due_ns, again, sizeof due_ns);
    schedule_rate(again, COUNT, 50, 5);
    cr_expect_arr_neq(due_ns, again, sizeof due_ns);
}

/* Twice as many come from noon on as before; and a burst takes its share from all. */
static struct arrivals made_arrivals(void)
{
    struct arrivals arrivals = {0};
    for (uint32_t hour = 0; hour < HOURS_A_DAY; hour++) {
        arrivals.shares[2][hour] = hour < 12 ? 100 : 200;
        arrivals.totals[2] += arrivals.shares[2][hour];
    }
    return arrivals;
}

static uint32_t count_hour(uint32_t hour, double compress)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        count += (int64_t)((double)due_ns[i] * compress) / hour_ns == hour;
    return count;
}

Test(schedule, a_day_follows_its_hours)
{
    struct arrivals arrivals = made_arrivals();
    struct schedule_day day = {.arrivals = &arrivals, .weekday = 3, .compress = 4320};
    schedule_day(due_ns, COUNT, &day, 1);
    expect_in_order(HOURS_A_DAY * hour_ns / 4320);
    for (uint32_t hour = 0; hour < HOURS_A_DAY; hour++) {
        double wanted = COUNT * (hour < 12 ? 1.0 : 2.0) / 36;
        cr_expect(count_hour(hour, 4320) > 0.85 * wanted && count_hour(hour, 4320) < 1.15 * wanted,
                  "hour %u has %u", hour, count_hour(hour, 4320));
    }
}

Test(schedule, a_burst_comes_in_its_hour)
{
    struct arrivals arrivals = made_arrivals();
    struct schedule_day day = {
        .arrivals = &arrivals, .weekday = 3, .burst_share = 0.5, .burst_hour = 4, .compress = 1};
    schedule_day(due_ns, COUNT, &day, 1);
    expect_in_order(HOURS_A_DAY * hour_ns);
    double share = (double)count_hour(4, 1) / COUNT;
    cr_expect(share > 0.49 && share < 0.54, "%g", share);
}
