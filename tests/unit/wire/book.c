/* A book that comes into force: as the log has it, as it is asked for, and as it is told. */
#include "made.h"

#include <criterion/criterion.h>

static struct made made;
static struct misfit misfit;

static struct span content_of(const ProtobufCMessage *message)
{
    made_pack(message, &made);
    return made_span(&made);
}

static const uint8_t hash[POLICY_HASH_BYTES] = "0123456789abcdef0123456789abcde";

static struct wire_book example(void)
{
    return (struct wire_book){.policy = 7,
                              .before = 6,
                              .hash = span_of(hash, sizeof hash),
                              .how = HOW_LOAD,
                              .by = span_of_string("王芳"),
                              .note = span_of_string("新的目录"),
                              .directory = span_of_string("/etc/lianxin/leshan")};
}

static void same(const struct wire_book *a, const struct wire_book *b)
{
    cr_expect_eq(a->policy, b->policy);
    cr_expect_eq(a->before, b->before);
    cr_expect_eq(a->how, b->how);
    cr_expect(span_equal(a->hash, b->hash));
    cr_expect(span_equal(a->by, b->by));
    cr_expect(span_equal(a->note, b->note));
    cr_expect(span_equal(a->directory, b->directory));
}

Test(book, is_read_as_it_was_written)
{
    uint8_t room[WIRE_BOOK_BYTES_MAX];
    struct wire_book book = example();
    struct wire_book read;
    struct span bytes = wire_book_write(&book, room);
    cr_assert(wire_book_read(bytes, &read));
    same(&book, &read);
    Lianxin__V1__Book *told = lianxin__v1__book__unpack(NULL, bytes.bytes, bytes.data);
    cr_assert_not_null(told);
    cr_expect_eq(told->policy, 7);
    cr_expect_eq(told->how, LIANXIN__V1__HOW__HOW_LOAD);
    cr_expect_str_eq(told->directory, "/etc/lianxin/leshan");
    lianxin__v1__book__free_unpacked(told, NULL);
    cr_expect_not(wire_book_read(span_of(bytes.data, bytes.bytes - 1), &read));
    book.hash.bytes--;
    cr_expect_not(wire_book_read(wire_book_write(&book, room), &read), "no hash is so short");
    cr_expect_not(wire_book_read((struct span){0}, &read));
}

/* The longest of all that it may say, with the largest numbers. */
Test(book, has_room_for_all_that_it_may_say)
{
    static char text[WIRE_NOTE_BYTES_MAX + 1];
    uint8_t room[WIRE_BOOK_BYTES_MAX];
    struct wire_book book = example();
    struct wire_book read;
    memset(text, 'x', sizeof text - 1);
    book.policy = book.before = UINT32_MAX;
    book.by = span_of(text, WIRE_BY_BYTES_MAX);
    book.note = book.directory = span_of(text, WIRE_NOTE_BYTES_MAX);
    cr_assert_eq(WIRE_NOTE_BYTES_MAX, WIRE_DIRECTORY_BYTES_MAX);
    cr_assert(wire_book_read(wire_book_write(&book, room), &read));
    same(&book, &read);
}

Test(book, stands_in_an_event_and_nothing_else_does)
{
    uint8_t room[WIRE_BOOK_BYTES_MAX];
    static uint8_t event[16 * 1024];
    struct wire_book book = example();
    struct ticket_state state = {.count = 1};
    struct event_parts parts;
    struct wire_book read;
    struct wire_decision decision;
    struct act act;
    state.parts[0].unit = span_of_string("511100000000.desk");
    struct event_text text = {.number = 9,
                              .serial = 3,
                              .previous = 5,
                              .kind = KIND_BOOK,
                              .ticket = "20261124-000003-3",
                              .state = &state,
                              .submitted = wire_book_write(&book, room)};
    cr_assert_leq(wire_event_bytes_max(&text), sizeof event);
    wire_event_write(&text, event, &parts);
    cr_expect_eq(parts.story.bytes + parts.reporter.bytes, 0);
    cr_assert(wire_event_book(parts.open, &read));
    same(&book, &read);
    cr_expect_not(wire_event_act(parts.open, &act));
    cr_expect_not(wire_event_decision(parts.open, &decision));
    text.kind = KIND_ACT;
    text.submitted = (struct span){0};
    wire_event_write(&text, event, &parts);
    cr_expect_not(wire_event_book(parts.open, &read));
}

Test(book, has_an_id_of_its_own_each_time)
{
    uint8_t keys[3][DIGEST_BYTES];
    wire_book_key(1, 0, keys[0]);
    wire_book_key(1, 1, keys[1]);
    wire_book_key(2, 0, keys[2]);
    for (int i = 0; i < 3; i++)
        cr_expect_neq(memcmp(keys[i], keys[(i + 1) % 3], DIGEST_BYTES), 0);
}

/* -- requests ---------------------------------------------------------------------------------- */

static void load_is_refused(const Lianxin__V1__Load *asked, const char *field, const char *message)
{
    struct wire_change change;
    cr_assert_not(wire_load_read(content_of(&asked->base), &change, &misfit), "%s", message);
    cr_expect_str_eq(misfit.field, field);
    cr_expect_not_null(strstr(misfit.message, message), "%s", misfit.message);
}

Test(load_request, names_a_directory_from_the_root)
{
    struct wire_change change;
    Lianxin__V1__Load asked = LIANXIN__V1__LOAD__INIT;
    asked.directory = "/a";
    asked.by = "b";
    asked.note = "c";
    cr_assert(wire_load_read(content_of(&asked.base), &change, &misfit));
    cr_expect(span_is(change.directory, "/a"));
    cr_expect(span_is(change.by, "b"));
    cr_expect(span_is(change.note, "c"));
    cr_expect_eq(change.to.bytes, 0);
    asked.directory = "a";
    load_is_refused(&asked, "directory", "must begin with /");
    asked.directory = "";
    load_is_refused(&asked, "directory", "is required");
    asked.directory = "/a\x01";
    load_is_refused(&asked, "directory", "");
    asked.directory = "/a";
    asked.by = "0123456789012345678901234567890123456789012345678901234567890123456";
    load_is_refused(&asked, "by", "at most 64 bytes");
    asked.by = "b\nlianxin: rollback by c";
    load_is_refused(&asked, "by", "one line");
    asked.by = "b\rc";
    load_is_refused(&asked, "by", "one line");
    asked.by = "b c";
    asked.note = "line\nline";
    cr_expect(wire_load_read(content_of(&asked.base), &change, &misfit));
}

Test(rollback_request, names_a_policy)
{
    struct wire_change change;
    Lianxin__V1__Rollback asked = LIANXIN__V1__ROLLBACK__INIT;
    asked.to = "12345678";
    asked.by = "b";
    cr_assert(wire_rollback_read(content_of(&asked.base), &change, &misfit));
    cr_expect(span_is(change.to, "12345678"));
    cr_expect(span_is(change.by, "b"));
    asked.by = "b\n";
    cr_assert_not(wire_rollback_read(content_of(&asked.base), &change, &misfit));
    cr_expect_str_eq(misfit.field, "by");
    asked.by = "";
    asked.to = "";
    cr_assert_not(wire_rollback_read(content_of(&asked.base), &change, &misfit));
    cr_expect_str_eq(misfit.field, "to");
}

Test(history_request, is_for_256_changes_at_most)
{
    struct wire_history history;
    Lianxin__V1__History asked = LIANXIN__V1__HISTORY__INIT;
    cr_assert(wire_history_read(content_of(&asked.base), &history, &misfit));
    cr_expect_eq(history.before, 0);
    cr_expect_eq(history.limit, (uint32_t)WIRE_HISTORY_CHANGES_MAX);
    asked.before = UINT64_MAX;
    asked.limit = 1;
    cr_assert(wire_history_read(content_of(&asked.base), &history, &misfit));
    cr_expect_eq(history.before, UINT64_MAX);
    cr_expect_eq(history.limit, 1);
    asked.limit = 257;
    cr_assert_not(wire_history_read(content_of(&asked.base), &history, &misfit));
    cr_expect_str_eq(misfit.message, "at most 256; this asks for 257");
}

/* -- replies ----------------------------------------------------------------------------------- */

Test(book_reply, lists_findings_up_to_a_limit)
{
    struct arena *arena = arena_create();
    struct diag *findings = diag_create();
    struct wire_in_force in_force = {.book = example(), .event = 41, .time_ms = 5};
    for (uint32_t i = 1; i <= DIAG_MAX + 3; i++)
        diag_add(findings, "/a/rules/book.csv", i, 2, "is wrong");
    struct span bytes = wire_changed_reply(arena, 9, false, &in_force, findings);
    Lianxin__V1__Reply *reply = lianxin__v1__reply__unpack(NULL, bytes.bytes, bytes.data);
    cr_assert_not_null(reply);
    cr_expect_eq(reply->id, 9);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    cr_expect_not(reply->changed->changed);
    cr_expect_eq(reply->changed->n_findings, (size_t)DIAG_MAX);
    cr_expect_eq(reply->changed->findings_more, 3);
    cr_expect_eq(reply->changed->findings[1]->line, 2);
    cr_expect_eq(reply->changed->findings[1]->column, 2);
    cr_expect_str_eq(reply->changed->findings[1]->text, "is wrong");
    cr_expect_eq(reply->changed->in_force->event, 41);
    cr_expect_eq(reply->changed->in_force->from_serial, 42);
    cr_expect_eq(memcmp(reply->changed->in_force->book->hash.data, hash, sizeof hash), 0);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    diag_destroy(&findings);
    arena_destroy(&arena);
}
