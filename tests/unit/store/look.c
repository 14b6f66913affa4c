/* A look at a store reads what is durable, beside an engine and after it, and changes nothing. */
#include "store/look.h"
#include "tests/unit/store/agree.h"

#include <criterion/criterion.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FEED = 3, EVENTS = 100, SEEN_ALL = 0, SEEN_ELSE = 1, UNREADABLE = 2 };

static struct made made;

static void set_up(void)
{
    made_init(&made, 1);
    made_open(&made);
    for (uint32_t i = 0; i < EVENTS; i++)
        cr_assert_eq(made_append(&made, made_small(&made, 1, FEED)), OK);
    cr_assert_eq(made_commit(&made), OK);
}

static void tear_down(void)
{
    made_fini(&made);
}

TestSuite(store_look, .init = set_up, .fini = tear_down);

/* Whoever has a store open must not look at it, so a process of its own does. */
static int look(void)
{
    struct diag *diag = diag_create();
    struct store_look *look;
    struct store_reader *reader;
    struct event_view view;
    int seen = SEEN_ALL;
    if (store_look_open(made.path, diag, &look) != OK || store_look_reader(look, &reader) != OK ||
        store_reader_begin(reader) != OK)
        return UNREADABLE;
    if (store_reader_limit(reader) != EVENTS + 1)
        seen = SEEN_ELSE;
    for (uint64_t number = 1; seen == SEEN_ALL && number <= EVENTS; number++)
        if (store_reader_event(reader, number, &view) != OK || view.number != number)
            seen = SEEN_ELSE;
    store_reader_end(reader);
    store_reader_close(&reader);
    store_look_close(&look);
    diag_destroy(&diag);
    return seen;
}

static int look_elsewhere(void)
{
    int status;
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0)
        _exit(look());
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

Test(store_look, reads_beside_the_engine_what_it_has_committed)
{
    cr_assert_eq(made_append(&made, made_small(&made, 1, FEED)), OK);
    cr_expect_eq(look_elsewhere(), SEEN_ALL);
    made_abandon(&made);
}

Test(store_look, reads_a_store_that_nobody_has)
{
    uint64_t seed = store_seed(made.store);
    struct diag *diag = diag_create();
    struct store_look *look;
    made_close(&made);
    cr_expect_eq(look_elsewhere(), SEEN_ALL);
    cr_assert_eq(store_look_open(made.path, diag, &look), OK);
    cr_expect_eq(store_look_seed(look), seed);
    store_look_close(&look);
    diag_destroy(&diag);
    made_verify(&made);
}

Test(store_look, says_of_another_directory_that_it_is_no_store_and_leaves_it_as_it_is)
{
    char name[256];
    struct stat status;
    struct diag *diag = diag_create();
    struct store_look *look;
    cr_assert_eq(store_look_open(made.small.directory, diag, &look), ERR_NOT_FOUND);
    cr_assert_eq(diag_count(diag), 1);
    cr_expect_str_eq(diag_at(diag, 0)->text,
                     "is no store; name the directory that serve has as --store");
    snprintf(name, sizeof name, "%s/lock.mdb", made.small.directory);
    cr_expect_neq(stat(name, &status), 0);
    diag_destroy(&diag);
}
