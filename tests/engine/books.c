/* Another book comes into force while the engine runs: from a directory, by a signal, out of what
 * the store has kept, or at a start. All of it stands in the history; what is wrong, or cannot be
 * stored, changes nothing. */
#include "tests/engine/changes.h"
#include "tests/support/city_file.h"

#include "stages/succession.h"
#include "store/look.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

static struct books books;

static void set_up(void)
{
    books_open(&books);
}

static void tear_down(void)
{
    books_close(&books);
}

TestSuite(books, .init = set_up, .fini = tear_down);

static const char *directory(uint32_t index)
{
    return books.cities[index].directory;
}

Test(books, that_are_loaded_decide_what_comes_behind)
{
    expect_in_force(&books.bench, 1, 1);
    expect_decided(&books.bench, "a", 1, URBAN);
    cr_expect_eq(load(&books.bench, directory(1), 2), 3);
    expect_in_force(&books.bench, 2, 3);
    expect_decided(&books.bench, "b", 2, WATER);
    cr_expect_eq(load(&books.bench, directory(0), 1), 5, "it has the number that it had");
    expect_decided(&books.bench, "c", 1, URBAN);
    expect_changes(&books.bench, 3);
}

Test(books, that_are_in_force_already_change_nothing)
{
    Lianxin__V1__Reply *reply = ask_load(&books.bench, directory(0));
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    cr_expect_not(reply->changed->changed);
    cr_expect_eq(reply->changed->n_findings, 0);
    cr_expect_eq(reply->changed->in_force->book->policy, 1);
    cr_expect_eq(reply->changed->in_force->from_serial, 1);
    reply_free(reply);
    expect_in_force(&books.bench, 1, 1);
    expect_changes(&books.bench, 1);
}

static void expect_change(const Lianxin__V1__Change *change, uint32_t policy, uint32_t before,
                          uint64_t from_serial, Lianxin__V1__How how, const char *by,
                          const char *note, const char *from)
{
    cr_expect_eq(change->book->policy, policy);
    cr_expect_eq(change->book->hash.len, POLICY_HASH_BYTES);
    cr_expect_eq(change->book->before, before);
    cr_expect_eq(change->from_serial, from_serial);
    cr_expect_eq(change->event, from_serial - 1);
    cr_expect_eq(change->time_ms, from_serial > 1 ? BENCH_START_MS : 0);
    cr_expect_eq(change->book->how, how);
    cr_expect_str_eq(change->book->by, by);
    cr_expect_str_eq(change->book->note, note);
    cr_expect_str_eq(change->book->directory, from);
}

Test(books, have_a_history_that_a_restart_finds)
{
    load(&books.bench, directory(1), 2);
    expect_decided(&books.bench, "a", 2, WATER);
    roll_back(&books.bench, "1", 1);
    for (int restarted = 0; restarted < 2; restarted++) {
        Lianxin__V1__Reply *reply = ask_history(&books.bench, 0, 0);
        Lianxin__V1__Change **changes = reply->history->changes;
        cr_assert_eq(reply->history->n_changes, 3);
        cr_expect_eq(reply->history->next, 0);
        expect_change(changes[0], 1, 2, 4, LIANXIN__V1__HOW__HOW_ROLLBACK, "李雷", "", "");
        expect_change(changes[1], 2, 1, 2, LIANXIN__V1__HOW__HOW_LOAD, "王芳", "新的目录",
                      directory(1));
        expect_change(changes[2], 1, 0, 1, LIANXIN__V1__HOW__HOW_START, "", "", "");
        reply_free(reply);
        expect_in_force(&books.bench, 1, 4);
        bench_restart(&books.bench);
    }
    cr_expect_eq(load(&books.bench, directory(2), 3), 5);
    expect_changes(&books.bench, 4);
}

Test(books, have_a_history_in_stretches)
{
    enum { CHANGES = 5 };
    uint64_t before = 0;
    for (uint32_t i = 1; i <= CHANGES; i++)
        load(&books.bench, directory(i % 2), i % 2 + 1);
    for (uint32_t listed = 0; listed <= CHANGES;) {
        Lianxin__V1__Reply *reply = ask_history(&books.bench, before, 2);
        cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_HISTORY);
        for (size_t i = 0; i < reply->history->n_changes; i++, listed++)
            cr_expect_eq(reply->history->changes[i]->event, CHANGES - listed);
        before = reply->history->next;
        cr_expect_eq(before == 0, listed > CHANGES, "%u", listed);
        reply_free(reply);
    }
    expect_refused(ask_history(&books.bench, 99, 0), "before", "no event that changed the book");
    expect_refused(ask_history(&books.bench, 0, 257), "limit", "at most 256");
    expect_decided(&books.bench, "a", 2, WATER);
    expect_refused(ask_history(&books.bench, CHANGES + 1, 0), "before", "no event that changed");
}

Test(books, with_errors_change_nothing)
{
    small_city_write(&books.cities[1], "assign",
                     "F,事项,职能\n,in:category,out:function\n"
                     ",category,function\nx,#0101,nobody\n"
                     "y,#99,urban\nelse,-,desk\n");
    Lianxin__V1__Reply *reply = ask_load(&books.bench, directory(1));
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    cr_expect_not(reply->changed->changed);
    cr_expect_eq(reply->changed->in_force->book->policy, 1);
    cr_assert_geq(reply->changed->n_findings, 2, "all at once");
    for (uint32_t i = 0; i < 2; i++) {
        const Lianxin__V1__Finding *finding = reply->changed->findings[i];
        cr_expect_not_null(strstr(finding->file, "/rules/assign.csv"), "%s", finding->file);
        cr_expect_eq(finding->line, 4 + i, "%u", finding->line);
        cr_expect_gt(finding->column, 0);
        cr_expect_not_null(strstr(finding->text, i == 0 ? "nobody" : "99"), "%s", finding->text);
    }
    reply_free(reply);
    reply = ask_load(&books.bench, "/nowhere/at/all");
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    cr_assert_eq(reply->changed->n_findings, 1);
    cr_expect_str_eq(reply->changed->findings[0]->file, "/nowhere/at/all");
    reply_free(reply);
    expect_refused(ask_load(&books.bench, "cities/leshan"), "directory", "must begin with /");
    expect_refused(ask_load(&books.bench, ""), "directory", "is required");
    expect_in_force(&books.bench, 1, 1);
    expect_changes(&books.bench, 1);
    expect_decided(&books.bench, "a", 1, URBAN);
    small_book_write(&books.cities[1], "water");
    load(&books.bench, directory(1), 2);
}

/* What stands in the way of a table must not stand in the way of the loader. */
Test(books, that_are_no_files_keep_nobody_waiting)
{
    char path[128];
    snprintf(path, sizeof path, "%s/lines.csv", directory(1));
    city_file_remove(&books.cities[1], "lines.csv");
    cr_assert_eq(mkfifo(path, 0600), 0);
    Lianxin__V1__Reply *reply = ask_load(&books.bench, directory(1));
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    cr_expect_not(reply->changed->changed);
    cr_expect_gt(reply->changed->n_findings, 0);
    reply_free(reply);
    load(&books.bench, directory(2), 2);
}

static void hash_of_first(char hex[2 * POLICY_HASH_BYTES + 1])
{
    Lianxin__V1__Reply *reply = bench_status(&books.bench);
    snprintf(hex, 2 * POLICY_HASH_BYTES + 1, "%s", reply->status->policy_hash);
    reply_free(reply);
}

Test(books, come_back_as_the_store_has_kept_them)
{
    char hash[2 * POLICY_HASH_BYTES + 1];
    char digits[9];
    hash_of_first(hash);
    snprintf(digits, sizeof digits, "%.8s", hash);
    load(&books.bench, directory(1), 2);
    city_file_remove(&books.cities[0], "rules/assign.csv"); /* it is not read again */
    roll_back(&books.bench, digits, 1);
    expect_decided(&books.bench, "a", 1, URBAN);
    roll_back(&books.bench, "2", 2);
    roll_back(&books.bench, hash, 1);
    expect_decided(&books.bench, "b", 1, URBAN);
    expect_refused(ask_rollback(&books.bench, ""), "to", "is required");
    expect_refused(ask_rollback(&books.bench, "3"), "to", "number of no policy");
    expect_refused(ask_rollback(&books.bench, "0"), "to", "number of no policy");
    expect_refused(ask_rollback(&books.bench, "00000000"), "to", "hash of no policy");
    expect_refused(ask_rollback(&books.bench, "abcdef"), "to", "is neither");
    expect_refused(ask_rollback(&books.bench, "the old one"), "to", "is neither");
    expect_in_force(&books.bench, 1, 6);
    small_book_write(&books.cities[0], "urban");
}

/* Which directory the next start names; NULL: none. */
static void restart_with(const char *city)
{
    books.bench.city = city;
    bench_restart(&books.bench);
}

Test(books, that_a_start_brings_stand_in_the_history)
{
    expect_decided(&books.bench, "a", 1, URBAN);
    restart_with(directory(1));
    expect_in_force(&books.bench, 2, 3);
    expect_decided(&books.bench, "b", 2, WATER);
    restart_with(directory(1));
    expect_in_force(&books.bench, 2, 3);
    load(&books.bench, directory(2), 3);
    restart_with(directory(1));
    expect_in_force(&books.bench, 2, 6);
    Lianxin__V1__Reply *reply = ask_history(&books.bench, 0, 1);
    expect_change(reply->history->changes[0], 2, 3, 6, LIANXIN__V1__HOW__HOW_START, "", "",
                  directory(1));
    reply_free(reply);
    expect_changes(&books.bench, 4);
}

/* So nothing that somebody chose is undone by a restart. */
Test(books, that_were_in_force_go_on_where_a_start_names_none)
{
    expect_decided(&books.bench, "a", 1, URBAN);
    restart_with(NULL);
    expect_in_force(&books.bench, 1, 1);
    load(&books.bench, directory(1), 2);
    restart_with(NULL);
    expect_in_force(&books.bench, 2, 3);
    roll_back(&books.bench, "1", 1);
    restart_with(NULL);
    expect_in_force(&books.bench, 1, 4);
    expect_decided(&books.bench, "b", 1, URBAN);
    expect_changes(&books.bench, 3);
}

/* The directory is there for a store without a book, and to be read again; it may be wrong by now.
 */
Test(books, that_were_in_force_are_kept_where_a_start_says_so)
{
    books.bench.keep = true;
    expect_decided(&books.bench, "a", 1, URBAN);
    load(&books.bench, directory(1), 2);
    small_city_write(&books.cities[0], "assign", "nonsense");
    bench_restart(&books.bench);
    expect_in_force(&books.bench, 2, 3);
    small_book_write(&books.cities[0], "police");
    bench_restart(&books.bench);
    expect_in_force(&books.bench, 2, 3);
    engine_reload(books.bench.engine);
    load(&books.bench, directory(1), 2);
    Lianxin__V1__Reply *reply = ask_history(&books.bench, 0, 0);
    cr_assert_eq(reply->history->n_changes, 4);
    expect_change(reply->history->changes[1], 3, 2, 4, LIANXIN__V1__HOW__HOW_SIGHUP, "", "",
                  directory(0));
    reply_free(reply);
}

/* So that who tried one book, then another and the first again before any case came goes on with
 * that, and not with what the store was given last. */
Test(books, of_an_empty_store_have_a_history_too)
{
    restart_with(directory(1));
    expect_in_force(&books.bench, 2, 2);
    restart_with(directory(0));
    expect_in_force(&books.bench, 1, 3);
    restart_with(NULL);
    expect_in_force(&books.bench, 1, 3);
    expect_changes(&books.bench, 3);
    expect_decided(&books.bench, "a", 1, URBAN);
}

Test(books, a_store_without_one_needs_a_directory)
{
    struct engine *engine = NULL;
    struct diag *diag = diag_create();
    char store[96];
    char front[128];
    snprintf(store, sizeof store, "%s/new", books.bench.store);
    snprintf(front, sizeof front, "%s-new", books.bench.front);
    struct engine_options options = {
        .store = store, .front = front, .feed = "inproc://feed", .keep = true};
    cr_assert_eq(engine_create(&options, diag, &engine), ERR_NOT_FOUND);
    cr_assert_eq(diag_count(diag), 1);
    cr_expect_not_null(strstr(diag_at(diag, 0)->text, "has no book yet"));
    diag_destroy(&diag);
    diag = diag_create();
    options.city = directory(1);
    cr_assert_eq(engine_create(&options, diag, &engine), OK);
    cr_expect_eq(engine_policy(engine)->number, 1);
    engine_destroy(&engine);
    diag_destroy(&diag);
}

Test(books, are_read_again_at_a_signal)
{
    expect_decided(&books.bench, "a", 1, URBAN);
    engine_reload(books.bench.engine);
    expect_in_force(&books.bench, 1, 1);
    small_book_write(&books.cities[0], "water");
    engine_reload(books.bench.engine);
    engine_reload(books.bench.engine); /* twice before the first is heeded is once */
    load(&books.bench, directory(2), 3);
    Lianxin__V1__Reply *reply = ask_history(&books.bench, 0, 0);
    cr_assert_eq(reply->history->n_changes, 3);
    expect_change(reply->history->changes[1], 2, 1, 3, LIANXIN__V1__HOW__HOW_SIGHUP, "", "",
                  directory(0));
    reply_free(reply);
    small_city_write(&books.cities[0], "assign", "nonsense");
    engine_reload(books.bench.engine);
    load(&books.bench, directory(1), 2);
    expect_changes(&books.bench, 4);
    restart_with(NULL);
    engine_reload(books.bench.engine); /* there is no directory to read again */
    expect_decided(&books.bench, "b", 2, WATER);
}

/* Whoever waits is answered in turn; all of them by the book that is in force then. */
Test(books, are_changed_one_after_the_other)
{
    enum { ASKED = 20, TAKEN = 16 };
    struct adapter adapter;
    uint32_t refused = 0;
    adapter_open(&adapter, &books.bench);
    for (uint32_t i = 0; i < ASKED; i++) {
        Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
        Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
        load.directory = books.cities[(i + 1) % 2].directory;
        request.id = i + 1;
        request.body_case = LIANXIN__V1__REQUEST__BODY_LOAD;
        request.load = &load;
        adapter_request(&adapter, &request);
    }
    for (uint32_t i = 0; i < ASKED; i++) {
        Lianxin__V1__Reply *reply =
            adapter_receive(&adapter, &books.bench, i < ASKED - TAKEN ? INGRESS : ALL_STAGES);
        if (reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR) {
            cr_expect_not_null(strstr(reply->error->message, "too many wait"));
            refused++;
        } else {
            cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
            cr_expect(reply->changed->changed);
            cr_expect_eq(reply->id, i + 1 - refused);
            cr_expect_eq(reply->changed->in_force->book->policy, reply->id % 2 + 1);
        }
        reply_free(reply);
    }
    cr_expect_eq(refused, ASKED - TAKEN);
    expect_changes(&books.bench, TAKEN + 1);
    adapter_close(&adapter);
}

/* Sees all events but one. */
static size_t complaints_without(uint64_t left_out)
{
    struct succession succession = {.changes = 0};
    struct diag *diag = diag_create();
    struct store_look *look;
    struct store_reader *reader;
    struct event_view view;
    cr_assert_eq(store_look_open(books.bench.store, diag, &look), OK);
    cr_assert_eq(store_look_reader(look, &reader), OK);
    cr_assert_eq(store_reader_begin(reader), OK);
    for (uint64_t number = 1; store_reader_event(reader, number, &view) == OK; number++)
        if (number != left_out)
            succession_event(&succession, reader, &view, "store", diag);
    size_t complaints = diag_count(diag);
    store_reader_end(reader);
    store_reader_close(&reader);
    store_look_close(&look);
    diag_destroy(&diag);
    return complaints;
}

/* Case, change, case, change, case: without the first change its case and the second change
 * disagree, without the second only its case. */
Test(books, a_history_that_leaves_a_change_out_is_found)
{
    expect_decided(&books.bench, "a", 1, URBAN);
    load(&books.bench, directory(1), 2);
    expect_decided(&books.bench, "b", 2, WATER);
    load(&books.bench, directory(2), 3);
    expect_decided(&books.bench, "c", 3, POLICE);
    engine_destroy(&books.bench.engine);
    cr_expect_eq(complaints_without(0), 0);
    cr_expect_eq(complaints_without(2), 2);
    cr_expect_eq(complaints_without(4), 1);
    cr_expect_eq(complaints_without(3), 0);
}
