/* A Case is read as protobuf-c reads it, or refused with the field and the reason.
 *
 * protobuf-c's unpack is the oracle: random cases, the same in other encodings, cut off at every
 * byte and with bits turned over. What the engine accepts must unpack, and to the same words;
 * refusing more is its right. Two messages have the same content hash if, and only if, protobuf-c
 * packs them alike.
 */
#include "made.h"
#include "wire/limits.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { ROUNDS = 300 };

static void same_text(struct span ours, const char *theirs)
{
    cr_assert(span_is(ours, theirs), "'%.*s' is not '%s'", SPAN_ARG(ours), theirs);
}

static void same_case(const struct ticket *ticket, struct span bytes)
{
    Lianxin__V1__Case *theirs = lianxin__v1__case__unpack(NULL, bytes.bytes, bytes.data);
    cr_assert_not_null(theirs, "accepted what protobuf-c does not read");
    const struct facts *facts = &ticket->facts;
    cr_assert_eq((int)facts->channel, (int)theirs->channel);
    cr_assert_eq((int)facts->type, (int)theirs->type);
    cr_assert_eq((int)facts->applicant, theirs->applicant ? (int)theirs->applicant : 1);
    cr_assert_eq((int)facts->urgency, theirs->urgency ? (int)theirs->urgency : 1);
    cr_assert_eq(facts->secret, (bool)theirs->secret);
    cr_assert_eq(facts->minute, 0);
    cr_assert_eq(facts->doubts, 0);
    cr_assert_eq(facts->line.index, LINE_NONE.index);
    cr_assert_eq(facts->category.index, CATEGORY_NONE.index);
    cr_assert_eq(facts->place.index, PLACE_NONE.index);
    same_text(ticket->words.line, theirs->line);
    same_text(ticket->words.category, theirs->category);
    same_text(ticket->words.place, theirs->place);
    same_text(ticket->words.respondent, theirs->respondent ? theirs->respondent->name : "");
    same_text(ticket->words.address, theirs->address);
    same_text(ticket->words.title, theirs->title);
    same_text(ticket->words.text, theirs->text);
    same_text(ticket->number, theirs->earlier_ticket);
    cr_assert_eq(facts->earlier, theirs->earlier_ticket[0] != '\0' ? FLAG_YES : FLAG_NO);
    cr_assert_eq(facts->answered, theirs->answer[0] != '\0' ? FLAG_YES : FLAG_NO);
    lianxin__v1__case__free_unpacked(theirs, NULL);
}

static bool same_digest(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, DIGEST_BYTES) == 0;
}

Test(case_read, random_cases_are_read_as_protobuf_c_reads_them)
{
    struct made made;
    for (int i = 0; i < ROUNDS; i++) {
        made_case(&made);
        struct ticket ticket = made_read_case(made_span(&made));
        cr_assert(ticket.valid, "%s: %s", made_misfit.field, made_misfit.message);
        same_case(&ticket, made_span(&made));
    }
}

/* Whom a report is kept from, and whom its readers see, must be the same. */
Test(case_read, of_two_names_of_a_respondent_the_last_counts)
{
    struct made made;
    Lianxin__V1__Case one = made_least_case();
    made_pack(&one.base, &made);
    static const uint8_t twice[] = {
        (CASE_RESPONDENT << 3 & 0x7F) | 0x82, 1, 6, 10, 1, 'a', 10, 1, 'b'};
    memcpy(made.bytes + made.count, twice, sizeof twice);
    made.count += sizeof twice;
    struct ticket ticket = made_read_case(made_span(&made));
    cr_assert(ticket.valid, "%s: %s", made_misfit.field, made_misfit.message);
    same_case(&ticket, made_span(&made));
}

Test(case_read, one_content_has_one_hash_in_whatever_encoding)
{
    struct made made;
    struct made disguised;
    struct made canonical;
    struct made theirs;
    for (int i = 0; i < ROUNDS; i++) {
        made_case(&made);
        made_disguise(&made, &lianxin__v1__case__descriptor, &disguised);
        struct ticket plain = made_read_case(made_span(&made));
        struct ticket ticket = made_read_case(made_span(&disguised));
        cr_assert(ticket.valid, "%s: %s", made_misfit.field, made_misfit.message);
        same_case(&ticket, made_span(&disguised));
        cr_assert(made_canonical(&lianxin__v1__case__descriptor, made_span(&made), &canonical));
        cr_assert(made_canonical(&lianxin__v1__case__descriptor, made_span(&disguised), &theirs));
        cr_assert(span_equal(made_span(&canonical), made_span(&theirs)), "the disguise is faulty");
        cr_assert(same_digest(plain.content, ticket.content));
        cr_assert(same_digest(plain.key, ticket.key));
    }
}

/* Whatever becomes of a message: what is accepted is protobuf, and hashes agree with the oracle. */
static void check_changed(struct span bytes, const struct ticket *original,
                          const struct made *original_canonical, uint32_t *accepted)
{
    struct made canonical;
    struct ticket ticket = made_read_case(bytes);
    if (!ticket.valid) {
        cr_assert(strlen(made_misfit.message) > 0);
        cr_assert_not_null(made_misfit.field);
        return;
    }
    (*accepted)++;
    same_case(&ticket, bytes);
    cr_assert(made_canonical(&lianxin__v1__case__descriptor, bytes, &canonical));
    cr_assert_eq(same_digest(ticket.content, original->content),
                 span_equal(made_span(&canonical), made_span(original_canonical)));
}

Test(case_read, damaged_messages_are_refused_or_read_as_protobuf_c_reads_them)
{
    struct made made;
    struct made canonical;
    uint32_t accepted = 0;
    for (int i = 0; i < 40; i++) {
        made_case(&made);
        struct ticket original = made_read_case(made_span(&made));
        cr_assert(made_canonical(&lianxin__v1__case__descriptor, made_span(&made), &canonical));
        for (size_t count = 0; count < made.count; count++)
            check_changed(span_of(made.bytes, count), &original, &canonical, &accepted);
        for (int flip = 0; flip < 500; flip++) {
            struct made turned = made;
            for (uint64_t n = 1 + made_random(3); n > 0; n--)
                turned.bytes[made_random(made.count)] ^= (uint8_t)(1u << made_random(8));
            check_changed(made_span(&turned), &original, &canonical, &accepted);
        }
    }
    cr_assert_gt(accepted, 100, "too few to show anything: %u", accepted);
}

Test(case_read, the_content_changes_with_every_field_but_the_time_of_receipt)
{
    struct made made;
    Lianxin__V1__Case least = made_least_case();
    made_pack(&least.base, &made);
    struct ticket before = made_read_case(made_span(&made));
    static Lianxin__V1__Reporter reporter = LIANXIN__V1__REPORTER__INIT;
    static Lianxin__V1__Respondent respondent = LIANXIN__V1__RESPONDENT__INIT;
    static Lianxin__V1__Attachment attachment = LIANXIN__V1__ATTACHMENT__INIT;
    Lianxin__V1__Attachment *attachments[] = {&attachment};
    char *tags[] = {""};
    reporter.sex = respondent.phone = attachment.uri = "x";
    for (uint32_t number = 1; number <= CASE_FIELDS; number++) {
        Lianxin__V1__Case changed = made_least_case();
        const ProtobufCFieldDescriptor *field = &lianxin__v1__case__descriptor.fields[number - 1];
        void *member = (char *)&changed + field->offset;
        if (field->type == PROTOBUF_C_TYPE_STRING && field->label != PROTOBUF_C_LABEL_REPEATED)
            *(char **)member = number == CASE_EARLIER_TICKET ? made_least_act().number : "other";
        else if (field->type == PROTOBUF_C_TYPE_INT64)
            *(int64_t *)member = 1;
        else if (field->type == PROTOBUF_C_TYPE_ENUM || field->type == PROTOBUF_C_TYPE_BOOL)
            *(int *)member = 1;
        changed.reporter = number == CASE_REPORTER ? &reporter : NULL;
        changed.respondent = number == CASE_RESPONDENT ? &respondent : NULL;
        changed.attachments = attachments;
        changed.n_attachments = number == CASE_ATTACHMENTS;
        changed.tags = tags;
        changed.n_tags = number == CASE_TAGS;
        made_pack(&changed.base, &made);
        struct ticket after = made_read_case(made_span(&made));
        cr_assert(after.valid, "%s: %s", field->name, made_misfit.message);
        cr_assert_eq(same_digest(before.content, after.content), number == CASE_RECEIVED_MS, "%s",
                     field->name);
        cr_assert_eq(same_digest(before.key, after.key), number > CASE_EXTERNAL_ID, "%s",
                     field->name);
    }
}

Test(case_read, source_and_external_id_do_not_run_into_each_other)
{
    struct made made;
    Lianxin__V1__Case message = made_least_case();
    message.source = "ab";
    message.external_id = "c";
    made_pack(&message.base, &made);
    struct ticket one = made_read_case(made_span(&made));
    message.source = "a";
    message.external_id = "bc";
    made_pack(&message.base, &made);
    struct ticket other = made_read_case(made_span(&made));
    cr_assert(one.valid && other.valid);
    cr_assert(!same_digest(one.key, other.key));
    wire_case_read(made_span(&made), MADE_SEED + 1, MADE_NOW_MS, &one, &made_misfit);
    cr_assert(!same_digest(one.key, other.key), "the seed counts");
    cr_assert(!same_digest(one.content, other.content), "the seed counts");
}
