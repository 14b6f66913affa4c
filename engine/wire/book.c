/* book - a Book, which only the engine writes; what asks for another one, and the replies. */
#include "base/check.h"
#include "wire/put.h"
#include "wire/rare.h"
#include "wire/walk.h"

#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Field numbers of lianxin.proto. */
enum { BOOK_POLICY = 1, BOOK_HASH, BOOK_BEFORE, BOOK_HOW, BOOK_BY, BOOK_NOTE, BOOK_DIRECTORY };

struct span wire_book_write(const struct wire_book *book, uint8_t *out)
{
    uint8_t *end = put_number(out, BOOK_POLICY, book->policy);
    end = put_text(end, BOOK_HASH, book->hash);
    end = put_number(end, BOOK_BEFORE, book->before);
    end = put_number(end, BOOK_HOW, (uint64_t)book->how);
    end = put_text(end, BOOK_BY, book->by);
    end = put_text(end, BOOK_NOTE, book->note);
    end = put_text(end, BOOK_DIRECTORY, book->directory);
    CHECK(end <= out + WIRE_BOOK_BYTES_MAX);
    return span_of(out, (size_t)(end - out));
}

bool wire_book_read(struct span bytes, struct wire_book *book)
{
    struct walk walk = walk_begin(&lianxin__v1__book__descriptor, NULL, bytes);
    struct field field;
    struct misfit misfit;
    enum walk_result result;
    *book = (struct wire_book){.policy = 0};
    while ((result = walk_next(&walk, &field, &misfit)) == WALK_FIELD) {
        switch (field.number) {
        case BOOK_POLICY:
            book->policy = (uint32_t)field.value;
            break;
        case BOOK_HASH:
            book->hash = field.bytes;
            break;
        case BOOK_BEFORE:
            book->before = (uint32_t)field.value;
            break;
        case BOOK_HOW:
            book->how = (enum how)field.value;
            break;
        case BOOK_BY:
            book->by = field.bytes;
            break;
        case BOOK_NOTE:
            book->note = field.bytes;
            break;
        case BOOK_DIRECTORY:
            book->directory = field.bytes;
            break;
        }
    }
    return result == WALK_END && book->policy != 0 && book->hash.bytes == POLICY_HASH_BYTES;
}

/* Beginning with a byte that is in no text, and so in no id of an adapter's. */
void wire_book_key(uint64_t seed, uint64_t number, uint8_t key[DIGEST_BYTES])
{
    struct {
        char what[8];
        uint64_t number;
    } id = {"\0book", number};
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(&id, sizeof id, seed));
    _Static_assert(sizeof canonical == DIGEST_BYTES, "128 bits");
    memcpy(key, &canonical, DIGEST_BYTES);
}

/* -- requests ---------------------------------------------------------------------------------- */

/* It stands in the journal and in tables, where a line end would begin a line of its own. */
static bool check_by(const struct limit *limit, struct span by, struct misfit *misfit)
{
    for (size_t i = 0; i < by.bytes; i++)
        if (by.data[i] == '\n' || by.data[i] == '\r')
            return misfit_say(misfit, limit->path, (struct span){0}, "is a name, on one line");
    return true;
}

static bool read_change(const ProtobufCMessageDescriptor *descriptor, const struct limit *limits,
                        struct span content, struct span spans[static LOAD_FIELDS],
                        struct misfit *misfit)
{
    struct walk walk = walk_begin(descriptor, limits, content);
    struct field field;
    enum walk_result result;
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD)
        spans[field.number - 1] = field.bytes;
    _Static_assert((int)LOAD_BY == (int)ROLLBACK_BY, "it has the same number in both");
    if (result == WALK_BAD || !check_by(&limits[LOAD_BY], spans[LOAD_BY - 1], misfit))
        return false;
    return spans[0].bytes > 0 ||
           misfit_say(misfit, limits[1].path, (struct span){0}, "is required");
}

static bool check_directory(struct span directory, struct misfit *misfit)
{
    return directory.data[0] == '/' ||
           misfit_say(misfit, "directory", directory,
                      "must begin with /: the engine may stand elsewhere than whoever asks");
}

bool wire_load_read(struct span content, struct wire_change *change, struct misfit *misfit)
{
    struct span spans[LOAD_FIELDS] = {{0}};
    bool readable =
        read_change(&lianxin__v1__load__descriptor, load_limits, content, spans, misfit) &&
        check_directory(spans[LOAD_DIRECTORY - 1], misfit);
    *change = (struct wire_change){.directory = spans[LOAD_DIRECTORY - 1],
                                   .by = spans[LOAD_BY - 1],
                                   .note = spans[LOAD_NOTE - 1]};
    return readable;
}

bool wire_rollback_read(struct span content, struct wire_change *change, struct misfit *misfit)
{
    struct span spans[ROLLBACK_FIELDS] = {{0}};
    bool readable =
        read_change(&lianxin__v1__rollback__descriptor, rollback_limits, content, spans, misfit);
    *change = (struct wire_change){.to = spans[ROLLBACK_TO - 1],
                                   .by = spans[ROLLBACK_BY - 1],
                                   .note = spans[ROLLBACK_NOTE - 1]};
    return readable;
}

bool wire_history_read(struct span content, struct wire_history *history, struct misfit *misfit)
{
    struct walk walk = walk_begin(&lianxin__v1__history__descriptor, history_limits, content);
    struct field field;
    enum walk_result result;
    *history = (struct wire_history){.limit = 0};
    while ((result = walk_next(&walk, &field, misfit)) == WALK_FIELD) {
        if (field.number == HISTORY_BEFORE)
            history->before = field.value;
        else
            history->limit = (uint32_t)field.value;
    }
    if (result == WALK_BAD)
        return false;
    if (history->limit > WIRE_HISTORY_CHANGES_MAX)
        return misfit_say(misfit, "limit", (struct span){0}, "at most %d; this asks for %u",
                          WIRE_HISTORY_CHANGES_MAX, history->limit);
    if (history->limit == 0)
        history->limit = WIRE_HISTORY_CHANGES_MAX;
    return true;
}

/* -- replies ----------------------------------------------------------------------------------- */

static Lianxin__V1__Book *tell_book(struct arena *arena, const struct wire_book *book)
{
    Lianxin__V1__Book *told = arena_take(arena, sizeof *told);
    lianxin__v1__book__init(told);
    told->policy = book->policy;
    told->hash = (ProtobufCBinaryData){book->hash.bytes, (uint8_t *)arena_copy(arena, book->hash)};
    told->before = book->before;
    told->how = (Lianxin__V1__How)book->how;
    told->by = arena_copy(arena, book->by);
    told->note = arena_copy(arena, book->note);
    told->directory = arena_copy(arena, book->directory);
    return told;
}

static Lianxin__V1__Change *tell_change(struct arena *arena, const struct wire_in_force *in_force)
{
    Lianxin__V1__Change *change = arena_take(arena, sizeof *change);
    lianxin__v1__change__init(change);
    change->book = tell_book(arena, &in_force->book);
    change->event = in_force->event;
    change->time_ms = in_force->time_ms;
    change->from_serial = in_force->event + 1;
    return change;
}

static void list_findings(struct arena *arena, const struct diag *findings,
                          Lianxin__V1__Changed *changed)
{
    size_t count = diag_count(findings);
    size_t listed = count < DIAG_MAX ? count : DIAG_MAX;
    changed->findings = arena_take(arena, (listed + 1) * sizeof *changed->findings);
    for (size_t i = 0; i < listed; i++) {
        const struct finding *finding = diag_at(findings, i);
        Lianxin__V1__Finding *told = arena_take(arena, sizeof *told);
        lianxin__v1__finding__init(told);
        told->file = arena_copy(arena, span_of_string(finding->file));
        told->line = finding->line;
        told->column = finding->column;
        told->text = arena_copy(arena, span_of_string(finding->text));
        changed->findings[changed->n_findings++] = told;
    }
    changed->findings_more = (uint32_t)(count - listed);
}

struct span wire_changed_reply(struct arena *arena, uint64_t id, bool changed,
                               const struct wire_in_force *in_force, const struct diag *findings)
{
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    Lianxin__V1__Changed told = LIANXIN__V1__CHANGED__INIT;
    told.changed = changed;
    told.in_force = tell_change(arena, in_force);
    if (findings != NULL)
        list_findings(arena, findings, &told);
    reply.id = id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_CHANGED;
    reply.changed = &told;
    return rare_pack(arena, &reply.base);
}

struct span wire_history_reply(struct arena *arena, uint64_t id,
                               const struct wire_in_force *changes, uint32_t count, uint64_t next)
{
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    Lianxin__V1__HistoryReport report = LIANXIN__V1__HISTORY_REPORT__INIT;
    report.changes = arena_take(arena, (count + 1) * sizeof *report.changes);
    for (uint32_t i = 0; i < count; i++)
        report.changes[report.n_changes++] = tell_change(arena, &changes[i]);
    report.next = next;
    reply.id = id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_HISTORY;
    reply.history = &report;
    return rare_pack(arena, &reply.base);
}
