/* What a ticket needs of a human: each need from the least state that has it, and from none that
 * has not. */
#include "domain/needs.h"

#include <criterion/criterion.h>

#define DESK  "511100000000.desk"
#define UNIT  "511126000000.urban"
#define OTHER "511100000000.urban"
#define CO    "511126000000.police"

enum { NOW = 1000000 };

static struct ticket_state state;

static struct part *add(const char *unit, enum role role, enum state standing)
{
    struct part *part = &state.parts[state.count++];
    *part = (struct part){.unit = span_of_string(unit), .role = role, .state = standing};
    return part;
}

static void begin(void)
{
    state.count = 0;
}

TestSuite(needs, .init = begin);

static void expect(bool doubtful, uint32_t bits, const char *unit)
{
    struct needs needs = needs_of(&state, span_of_string(DESK), doubtful, NOW);
    cr_expect_eq(needs.bits, bits, "%x instead of %x", needs.bits, bits);
    if (unit != NULL)
        cr_expect(span_is(state.parts[needs.part].unit, unit));
}

enum {
    DOUBTFUL = 1 << NEED_DOUBTFUL,
    UNSIGNED = 1 << NEED_UNSIGNED,
    RETURNED = 1 << NEED_RETURNED,
    OVERDUE = 1 << NEED_OVERDUE,
};

Test(needs, a_doubt_is_the_desks_as_long_as_it_is_open_there)
{
    struct part *main = add(DESK, ROLE_MAIN, STATE_ISSUED);
    expect(true, DOUBTFUL, DESK);
    expect(false, 0, DESK);
    main->state = STATE_SIGNED;
    expect(true, DOUBTFUL, DESK);
    main->state = STATE_ANSWERED;
    expect(true, 0, DESK);
    main->state = STATE_CLOSED;
    expect(true, 0, NULL);
    begin();
    add(UNIT, ROLE_MAIN, STATE_ISSUED);
    expect(true, 0, UNIT);
    add(DESK, ROLE_INFORMED, STATE_ISSUED);
    expect(true, 0, UNIT);
}

Test(needs, a_deadline_is_the_first_moment_that_is_late)
{
    struct part *main = add(UNIT, ROLE_MAIN, STATE_ISSUED);
    main->dues.sign_by_ms = NOW + 1;
    main->dues.due_ms = NOW + 1;
    expect(false, 0, UNIT);
    main->dues.sign_by_ms = NOW;
    expect(false, UNSIGNED, UNIT);
    main->dues.due_ms = NOW;
    expect(false, UNSIGNED | OVERDUE, UNIT);
    main->state = STATE_SIGNED;
    expect(false, OVERDUE, UNIT);
    main->state = STATE_ANSWERED;
    expect(false, 0, UNIT);
    main->dues = (struct dues){0};
    main->state = STATE_ISSUED;
    expect(false, 0, UNIT);
}

Test(needs, a_co_unit_that_does_not_sign_is_waited_for_where_nothing_else_is)
{
    struct part *main = add(UNIT, ROLE_MAIN, STATE_SIGNED);
    struct part *co = add(CO, ROLE_CO, STATE_ISSUED);
    co->dues.sign_by_ms = NOW;
    expect(false, UNSIGNED, CO);
    main->dues.due_ms = NOW;
    expect(false, UNSIGNED | OVERDUE, UNIT);
    main->dues = (struct dues){.sign_by_ms = NOW};
    main->state = STATE_ISSUED;
    expect(false, UNSIGNED, UNIT);
    main->state = STATE_ANSWERED;
    expect(false, UNSIGNED, CO);
    co->role = ROLE_INFORMED;
    expect(false, 0, UNIT);
    co->role = ROLE_CO;
    co->state = STATE_RETURNED;
    expect(false, 0, UNIT);
}

Test(needs, what_came_back_is_returned_until_somebody_signs_it)
{
    struct part *before = add(UNIT, ROLE_MAIN, STATE_RETURNED);
    struct part *main = add(OTHER, ROLE_MAIN, STATE_ISSUED);
    expect(true, 0, OTHER); /* lost to another unit, which is no return */
    before->returns = 1;
    expect(true, RETURNED, OTHER);
    main->state = STATE_SIGNED;
    expect(true, 0, OTHER);
    before->returns = FINAL_RETURNS;
    expect(true, 0, OTHER);
}

Test(needs, what_came_back_to_the_desk_is_its_to_decide)
{
    struct part *before = add(UNIT, ROLE_MAIN, STATE_RETURNED);
    struct part *main = add(DESK, ROLE_MAIN, STATE_ISSUED);
    before->returns = 1;
    expect(false, DOUBTFUL | RETURNED, DESK);
    main->state = STATE_SIGNED;
    expect(false, DOUBTFUL, DESK);
    before->returns = FINAL_RETURNS;
    expect(false, DOUBTFUL | RETURNED, DESK);
}

Test(needs, the_record_of_regimes_needs_nobody)
{
    add(DESK, ROLE_INFORMED, STATE_ISSUED)->dues.sign_by_ms = NOW;
    expect(true, 0, NULL);
}
