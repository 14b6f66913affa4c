/* Damage of each kind, planted in a closed store: verify says that something is wrong and where;
 * and without damage, or where a personal part was erased, it says nothing.
 *
 * The store has three groups: 1 to 70, which fill a page of feed 0; 71 to 74 on the next day, with
 * an act on ticket 1; 75 to 78. Of the tickets, those of the last group are open. Their parts have
 * lengths without padding, so that every byte of a group counts.
 */
#include "tests/unit/store/agree.h"
#include "tests/unit/store/raw.h"

#include "store/group.h"
#include "store/ids.h"

#include <criterion/criterion.h>
#include <unistd.h>

enum { SECOND = 71, THIRD = 75, LIMIT = 79, SALT_BYTES = 8, COPY_BYTES = 64 * 1024 };

static const int64_t day_ms = 24 * 60 * 60 * 1000;

static struct made made;
static uint8_t copy[COPY_BYTES]; /* of a row, to spoil */
static size_t copy_bytes;

static void add(uint64_t serial, uint32_t count, bool ticket_open)
{
    for (uint32_t i = 0; i < count; i++) {
        struct made_event draft = made_small(&made, 2, 0, 1 + i % 3);
        draft.serial = serial;
        draft.kind = serial == 0 ? KIND_CASE : KIND_ACT;
        draft.ticket_open = ticket_open;
        cr_assert_eq(made_append(&made, draft), OK);
    }
}

static void set_up(void)
{
    made_init(&made, 1);
    made_open(&made);
    add(0, 1, true);
    add(0, SECOND - 2, false);
    cr_assert_eq(made_commit(&made), OK);
    made.now_ms += day_ms;
    add(0, 3, false);
    add(1, 1, false);
    cr_assert_eq(made_commit(&made), OK);
    add(0, LIMIT - THIRD, true);
    cr_assert_eq(made_commit(&made), OK);
    made_close(&made);
}

static void tear_down(void)
{
    made_fini(&made);
}

TestSuite(store_verify, .init = set_up, .fini = tear_down);

/* Copies a row, which must be there. */
static void take(const char *table, struct raw_key key)
{
    struct span row = raw_get(made.path, table, key);
    cr_assert(row.bytes > 0 && row.bytes <= sizeof copy, "%s has %zu bytes", table, row.bytes);
    memcpy(copy, row.data, row.bytes);
    copy_bytes = row.bytes;
}

static void put_back(const char *table, struct raw_key key)
{
    raw_put(made.path, table, key, span_of(copy, copy_bytes));
}

static struct diag *verify(struct store_proof *proof)
{
    struct diag *diag = diag_create();
    enum err err = store_verify(made.path, diag, NULL, NULL, NULL, proof);
    cr_assert_eq(err, OK, "%s", err_name(err));
    return diag;
}

/* Does a finding about the store say these words? */
static bool finds(const char *words)
{
    struct store_proof proof;
    struct diag *diag = verify(&proof);
    bool said = false;
    for (size_t i = 0; i < diag_count(diag) && i < DIAG_MAX; i++)
        said = said || (strcmp(diag_at(diag, i)->file, made.path) == 0 &&
                        strstr(diag_at(diag, i)->text, words) != NULL);
    if (!said)
        diag_print(diag, stderr);
    diag_destroy(&diag);
    return said;
}

static void found(const char *words)
{
    cr_expect(finds(words), "no finding says '%s'", words);
}

/* Spoils one byte of a row, wants it found, and mends it. */
static void found_byte(const char *table, struct raw_key key, size_t at, const char *words)
{
    take(table, key);
    cr_assert_lt(at, copy_bytes);
    copy[at] ^= 0x10;
    put_back(table, key);
    found(words);
    copy[at] ^= 0x10;
    put_back(table, key);
    made_verify(&made);
}

/* Where an event's part begins in the copied group. */
static size_t place_of(uint64_t number, int part)
{
    uint8_t bytes[COPY_BYTES];
    const struct made_event *event = &made.events[number];
    made_bytes(event, part, bytes);
    const size_t lengths[] = {event->open_bytes, event->story_bytes, event->reporter_bytes};
    const uint8_t *at = memmem(copy, copy_bytes, bytes, lengths[part]);
    cr_assert_not_null(at);
    return (size_t)(at - copy);
}

/* -- no damage --------------------------------------------------------------------------------- */

struct walk {
    uint64_t next;
    uint64_t done;
};

static void visited(void *self, struct store_reader *reader, const struct event_view *view)
{
    (void)reader;
    struct walk *walk = self;
    agree_view(&made, walk->next++, view);
}

static void went_on(void *self, uint64_t done, uint64_t all)
{
    struct walk *walk = self;
    cr_assert(done > walk->done && done <= all && all == LIMIT - 1);
    walk->done = done;
}

Test(store_verify, finds_nothing_in_a_sound_store_and_shows_every_event)
{
    struct store_proof proof;
    struct walk walk = {.next = 1};
    struct diag *diag = diag_create();
    cr_assert_eq(store_verify(made.path, diag, went_on, visited, &walk, &proof), OK);
    diag_print(diag, stderr);
    cr_expect_eq(diag_count(diag), 0);
    cr_expect_eq(walk.next, LIMIT);
    cr_expect_eq(walk.done, LIMIT - 1);
    cr_expect_eq(proof.groups, 3);
    cr_expect_eq(proof.events, LIMIT - 1);
    cr_expect_eq(proof.tickets, LIMIT - 2);
    cr_expect_eq(proof.feeds, 4);
    cr_expect_eq(proof.erased, 0);
    diag_destroy(&diag);
}

Test(store_verify, finds_nothing_in_a_new_store)
{
    made_fini(&made);
    made_init(&made, 1);
    made_open(&made);
    made_close(&made);
    made_verify(&made);
}

Test(store_verify, takes_a_copy_that_no_engine_ever_had)
{
    char lock[256];
    snprintf(lock, sizeof lock, "%s/engine.lock", made.path);
    cr_assert_eq(unlink(lock), 0);
    made_verify(&made);
    cr_assert_eq(access(lock, F_OK), -1);
}

Test(store_verify, a_personal_part_overwritten_with_zeros_is_no_damage_and_counted)
{
    struct store_proof proof;
    struct event_view view;
    take("log", raw_u64(SECOND));
    memset(copy + place_of(72, 1), 0, 16 + 8 + SALT_BYTES);
    put_back("log", raw_u64(SECOND));
    struct diag *diag = verify(&proof);
    diag_print(diag, stderr);
    cr_expect_eq(diag_count(diag), 0);
    cr_expect_eq(proof.erased, 1);
    diag_destroy(&diag);

    made_open(&made);
    cr_assert_eq(store_event(made.store, 72, &view), OK);
    cr_expect(view.story.bytes == 0 && view.reporter.bytes == 0);
    cr_expect_eq(view.open.bytes, made.events[72].open_bytes);
    cr_assert_eq(store_event(made.store, 73, &view), OK);
    agree_view(&made, 73, &view);
}

/* -- damage in the log ------------------------------------------------------------------------- */

Test(store_verify, finds_any_byte_of_a_group_that_is_not_as_it_was, .timeout = 60)
{
    struct store_proof proof;
    take("log", raw_u64(SECOND));
    for (size_t i = 0; i < copy_bytes; i++) {
        copy[i] ^= 0x10;
        put_back("log", raw_u64(SECOND));
        struct diag *diag = verify(&proof);
        cr_expect_gt(diag_count(diag), 0, "byte %zu of %zu", i, copy_bytes);
        diag_destroy(&diag);
        copy[i] ^= 0x10;
    }
    put_back("log", raw_u64(SECOND));
    made_verify(&made);
}

Test(store_verify, names_the_event_whose_parts_are_damaged)
{
    const char *const words = "event 72 in the group that begins with 71";
    for (int part = 0; part < 3; part++) {
        take("log", raw_u64(SECOND));
        found_byte("log", raw_u64(SECOND), place_of(72, part) + 3, words);
    }
    take("log", raw_u64(SECOND));
    found_byte("log", raw_u64(SECOND), place_of(72, 1) + 16 + 8, words);
}

Test(store_verify, a_part_erased_by_half_is_damage)
{
    const char *const words = "event 72 in the group that begins with 71";
    take("log", raw_u64(SECOND));
    memset(copy + place_of(72, 2), 0, 8);
    put_back("log", raw_u64(SECOND));
    found(words);
    memset(copy + place_of(72, 1) + 16 + 8, 0, SALT_BYTES);
    put_back("log", raw_u64(SECOND));
    found(words);
}

Test(store_verify, names_the_group_whose_head_is_damaged)
{
    const struct raw_key key = raw_u64(SECOND);
    found_byte("log", key, offsetof(struct group_head, magic), "group 71: is damaged");
    found_byte("log", key, offsetof(struct group_head, count), "group 71: is damaged");
    found_byte("log", key, offsetof(struct group_head, bytes), "group 71: is damaged");
    found_byte("log", key, offsetof(struct group_head, first), "group 71: events from 71");
    found_byte("log", key, offsetof(struct group_head, previous), "group 71: does not follow");
    found_byte("log", key, offsetof(struct group_head, hash), "group 71: its hash does not hold");
    found_byte("log", key, offsetof(struct group_head, hash), "group 75: does not follow");
}

Test(store_verify, finds_the_group_that_is_gone)
{
    raw_delete(made.path, "log", raw_u64(SECOND));
    found("group 75: events from 71 were to come here");
    found("group 75: does not follow");
}

Test(store_verify, finds_the_last_group_gone)
{
    raw_delete(made.path, "log", raw_u64(THIRD));
    found("");
}

Test(store_verify, finds_the_group_that_is_cut_short)
{
    take("log", raw_u64(SECOND));
    copy_bytes -= 8;
    put_back("log", raw_u64(SECOND));
    found("group 71: is damaged");
    copy_bytes = 20;
    put_back("log", raw_u64(SECOND));
    found("group 71: is damaged");
}

Test(store_verify, finds_a_group_put_in_anothers_place)
{
    take("log", raw_u64(SECOND));
    put_back("log", raw_u64(THIRD));
    found("group 75: ");
}

/* Instead of the last group, one with a single event. */
static void plant(const struct event_draft *draft)
{
    const uint8_t before[DIGEST_BYTES] = {0};
    uint64_t checksum;
    struct group_head *head = (struct group_head *)copy;
    uint8_t *record = copy + sizeof *head + RECORD_ALIGNMENT;
    memset(copy, 0, sizeof copy);
    size_t bytes = record_seal(record, THIRD, draft, NULL, 1, &checksum);
    group_seal(head, THIRD, 1, bytes, before, &checksum);
    copy_bytes = (size_t)(record - copy) + bytes;
    put_back("log", raw_u64(THIRD));
}

Test(store_verify, finds_a_ticket_that_is_opened_again)
{
    const uint8_t digest[DIGEST_BYTES] = {1};
    struct event_draft draft = {.serial = 1, .previous = 74, .key = digest, .content = digest};
    plant(&draft);
    cr_expect_not(finds("opens ticket 1 again"));
    draft.ticket_open = true;
    plant(&draft);
    found("event 75: opens ticket 1 again, which event 74 left closed");
}

/* -- damage in what is derived ----------------------------------------------------------------- */

Test(store_verify, finds_a_wrong_page)
{
    found_byte("pages", raw_u64(0), 4 * 9, "event 10: feed 0 does not have it at sequence 10");
    raw_delete(made.path, "pages", raw_u64(0));
    found("event 64: feed 0 does not have it at sequence 64");
}

Test(store_verify, finds_a_wrong_open_page)
{
    found_byte("heads", raw_u32(0), 4, "event 65: feed 0 does not have it at sequence 65");
}

Test(store_verify, finds_a_wrong_head)
{
    found_byte("heads", raw_u32(0), 0, "feed 0: the tables say it ends with 94, the log with 78");
    raw_delete(made.path, "heads", raw_u32(2));
    found("feed 2: the tables say it ends with 0");
}

Test(store_verify, finds_a_wrong_or_missing_key)
{
    const char *const words = "event 3: table ids does not have its key";
    const size_t bytes = sizeof(struct id_tag);
    found_byte("ids", raw_u64(1), bytes * 2, words);
    found_byte("ids", raw_u64(1), bytes * 2 + bytes - 1, words);
    take("ids", raw_u64(1));
    copy_bytes -= bytes;
    put_back("ids", raw_u64(1));
    found("event 78: table ids does not have its key");
    copy_bytes += bytes;
    memcpy(copy + copy_bytes, copy, bytes);
    copy_bytes += bytes;
    put_back("ids", raw_u64(1));
    found("table ids has more keys");
    copy_bytes += 1;
    put_back("ids", raw_u64(1));
    found("table ids, row 1: ends within a key");
    copy_bytes -= 1 + bytes;
    raw_delete(made.path, "ids", raw_u64(1));
    put_back("ids", raw_u64(2));
    found("table ids, row 2: was to begin with event 1");
}

Test(store_verify, finds_a_unit_that_leads_to_another_feed_or_none)
{
    struct span unit = unit_key(made.small.city, (struct unit){0});
    char name[UNIT_KEY_BYTES_MAX + 1];
    char words[256];
    snprintf(name, sizeof name, "%.*s", SPAN_ARG(unit));
    snprintf(words, sizeof words, "feed 0: table units does not lead to it from its unit %s", name);
    found_byte("units", raw_name(name), 0, words);
    raw_put(made.path, "units", raw_name("x"), span_of("\1\0\0", 4));
    found("table units has ");
    raw_delete(made.path, "units", raw_name("x"));
    raw_delete(made.path, "units", raw_name(name));
    found(words);
    found("table units has ");
}

Test(store_verify, finds_a_wrong_day)
{
    struct raw_key second = raw_u32((uint32_t)day_of_ms(made.now_ms));
    found_byte("days", second, 0, "event 71: table days does not have it as its day's first");
    raw_delete(made.path, "days", second);
    found("event 71: table days does not have it as its day's first");
}

Test(store_verify, finds_a_wrong_last_event)
{
    found_byte("lasts", raw_u64(1), 0, "event 74: table lasts does not lead from ticket 1");
    raw_delete(made.path, "lasts", raw_u64(1));
    found("event 74: table lasts does not lead from ticket 1");
}

/* A ticket's bit in the table of open ones. */
static void turn_over(uint64_t serial)
{
    take("open", raw_u32(0));
    copy[serial / 8] ^= (uint8_t)(1 << serial % 8);
    put_back("open", raw_u32(0));
}

Test(store_verify, finds_an_open_ticket_that_is_missing)
{
    turn_over(76);
    found("event 76: leaves ticket 76 open, which table open does not have");
    found("table open has 3 tickets, the log makes 4");
}

Test(store_verify, finds_a_closed_ticket_in_the_table_of_open_ones)
{
    turn_over(1);
    found("event 74: leaves ticket 1 closed, which table open has");
    found("table open has 5 tickets, the log makes 4");
}

/* Those of numbers that are no ticket's, or nobody's, are found by their count alone. */
Test(store_verify, finds_an_open_ticket_that_there_is_not)
{
    turn_over(2);
    found("event 2: leaves ticket 2 closed, which table open has");
    turn_over(2);
    turn_over(74);
    found("table open has 5 tickets, the log makes 4");
    turn_over(74);
    turn_over(500);
    found("table open has 5 tickets, the log makes 4");
    turn_over(500);
    made_verify(&made);
}

Test(store_verify, finds_a_row_of_open_tickets_that_is_none)
{
    static const uint64_t none[8];
    raw_put(made.path, "open", raw_u32(3), span_of(none, sizeof none));
    found("table open, row 3: has no ticket, or not 512 bits");
    raw_put(made.path, "open", raw_u32(3), span_of("\1", 1));
    found("table open, row 3: has no ticket, or not 512 bits");
    raw_delete(made.path, "open", raw_u32(3));
    raw_put(made.path, "open", raw_u32(0), span_of("\1", 1));
    found("event 76: leaves ticket 76 open, which table open does not have");
}

static void meta_is(const char *name, uint64_t value, const char *words)
{
    uint64_t right = raw_meta(made.path, name);
    raw_put(made.path, "meta", raw_name(name), span_of(&value, sizeof value));
    found(words);
    raw_put(made.path, "meta", raw_name(name), span_of(&right, sizeof right));
    made_verify(&made);
}

Test(store_verify, finds_a_wrong_watermark)
{
    meta_is("watermark", THIRD, "table ids has more keys than the log has events before 75");
    meta_is("watermark", THIRD, "event 75: is behind the watermark, but table heads has feed 0");
    meta_is("watermark", LIMIT + 1, "");
    meta_is("watermark", 0, "");
}

Test(store_verify, finds_a_wrong_count_of_tickets)
{
    meta_is("tickets", 5, "the tables count 5 tickets, the log has 77");
}

/* What the log does not make: a store would believe it. */
static void found_stray(const char *table, struct raw_key key, const char *words)
{
    uint64_t value = 5;
    cr_assert_eq(raw_get(made.path, table, key).bytes, 0);
    raw_put(made.path, table, key, span_of(&value, sizeof value));
    found(words);
    raw_delete(made.path, table, key);
    made_verify(&made);
}

Test(store_verify, finds_rows_that_the_log_does_not_make)
{
    found_stray("lasts", raw_u64(2), "event 2: table lasts does not lead from ticket 2");
    found_stray("lasts", raw_u64(2000), "table lasts has 2 rows, the log makes 1");
    found_stray("days", raw_u32(30000), "table days has 3 rows, the log makes 2");
    found_stray("pages", raw_u64(1), "table pages has 2 rows, the log makes 1");
    found_stray("heads", raw_u32(9999), "table heads has 5 rows, the log makes 4");
}
