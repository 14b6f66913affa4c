/* A gate lets one go as far as the lowest of its cursors, plus the lead. */
#include "ring/cursor.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(gate, opens_as_far_as_its_lowest_cursor)
{
    struct cursor cursors[GATE_MAX] = {0};
    struct gate gate = {.count = GATE_MAX};
    for (uint32_t i = 0; i < GATE_MAX; i++) {
        gate.cursors[i] = &cursors[i];
        cursor_publish(&cursors[i], 10 + i);
    }
    for (uint32_t lowest = 0; lowest < GATE_MAX; lowest++) {
        cr_expect_eq(gate_limit(&gate), 10 + lowest);
        cursor_publish(&cursors[lowest], 20);
    }
    cr_expect_eq(gate_limit(&gate), 20);
}

Test(gate, adds_the_lead)
{
    struct cursor publish = {0};
    struct gate gate = {.cursors = {&publish}, .count = 1, .lead = 64};
    cr_expect_eq(gate_limit(&gate), 64, "an empty ring is free");
    cursor_publish(&publish, 3);
    cr_expect_eq(gate_limit(&gate), 67);
}

Test(gate, without_cursors_aborts, .signal = SIGABRT)
{
    struct gate gate = {0};
    gate_limit(&gate);
}

Test(cursor, may_stand_still)
{
    struct cursor cursor = {0};
    cursor_publish(&cursor, 5);
    cursor_publish(&cursor, 5);
    cr_expect_eq(cursor_observe(&cursor), 5);
}

Test(cursor, that_goes_back_aborts, .signal = SIGABRT)
{
    struct cursor cursor = {0};
    cursor_publish(&cursor, 5);
    cursor_publish(&cursor, 4);
}
