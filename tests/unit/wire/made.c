#include "made.h"

#include "base/check.h"
#include "wire/put.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ID_BYTES_MAX = 64 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* xorshift64*. */
uint64_t made_random(uint64_t limit)
{
    static uint64_t state;
    if (state == 0) {
        const char *seed = getenv("SEED");
        state = seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);
        fprintf(stderr, "wire: SEED=%" PRIu64 "\n", state);
        state = state * 2 + 1;
    }
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * 0x2545F4914F6CDD1DULL >> 16) % limit;
}

static bool one_in(uint64_t chances)
{
    return made_random(chances) == 0;
}

/* Zeroed; given back when the next message is made. */
static char pool[64 * 1024];
static size_t pool_used;

static char *take(size_t bytes)
{
    CHECK(bytes <= sizeof pool - pool_used);
    char *taken = memset(pool + pool_used, 0, bytes);
    pool_used += bytes;
    return taken;
}

/* Text of at most bytes_max bytes, of characters of every length. */
static char *random_text(size_t bytes_max)
{
    static const char *const characters[] = {"a", "7", "\n", "é", "路", "，", "🚧"};
    char *text = take(bytes_max + 1);
    size_t bytes = made_random(bytes_max);
    for (size_t used = 0; used < bytes;) {
        const char *character = characters[made_random(COUNT(characters))];
        if (used + strlen(character) > bytes_max)
            break;
        strcpy(text + used, character);
        used += strlen(character);
    }
    return text;
}

static char *maybe_text(size_t bytes_max)
{
    return one_in(2) ? (char *)protobuf_c_empty_string : random_text(bytes_max);
}

static char *random_id(const char *prefix)
{
    char *id = take(ID_BYTES_MAX);
    snprintf(id, ID_BYTES_MAX, "%s%" PRIu64, prefix, made_random(1000000));
    return id;
}

static char *random_number(void)
{
    char *number = take(NUMBER_BYTES_MAX);
    number_format((int32_t)made_random(25000), 1 + made_random(2000000), number);
    return number;
}

void made_pack(const ProtobufCMessage *message, struct made *made)
{
    made->count = protobuf_c_message_get_packed_size(message);
    CHECK(made->count <= sizeof made->bytes);
    protobuf_c_message_pack(message, made->bytes);
}

Lianxin__V1__Case made_least_case(void)
{
    Lianxin__V1__Case message = LIANXIN__V1__CASE__INIT;
    message.source = "app";
    message.external_id = "1";
    message.channel = LIANXIN__V1__CHANNEL__CHANNEL_APP;
    message.type = LIANXIN__V1__TYPE__TYPE_HELP;
    return message;
}

Lianxin__V1__Act made_least_act(void)
{
    Lianxin__V1__Act message = LIANXIN__V1__ACT__INIT;
    static char number[NUMBER_BYTES_MAX];
    number_format(20781, 123, number);
    message.source = "oa";
    message.external_id = "1";
    message.number = number;
    message.verb = LIANXIN__V1__VERB__VERB_CLOSE;
    return message;
}

static void add_lists(Lianxin__V1__Case *message)
{
    static Lianxin__V1__Attachment attachments[4];
    static Lianxin__V1__Attachment *pointers[4];
    static char *tags[4];
    static uint8_t digest[32] = {0xFF, 1, 2};
    for (size_t i = 0; i < 4; i++) {
        lianxin__v1__attachment__init(&attachments[i]);
        attachments[i].uri = random_id("file:///");
        attachments[i].media_type = maybe_text(64);
        attachments[i].sha256 = (ProtobufCBinaryData){one_in(2) ? 32 : 0, digest};
        attachments[i].size = made_random(1ULL << 40);
        pointers[i] = &attachments[i];
        tags[i] = maybe_text(64);
    }
    message->attachments = pointers;
    message->n_attachments = made_random(5);
    message->tags = tags;
    message->n_tags = made_random(5);
}

static void add_people(Lianxin__V1__Case *message)
{
    static Lianxin__V1__Reporter reporter;
    static Lianxin__V1__Respondent respondent;
    lianxin__v1__reporter__init(&reporter);
    reporter.name = maybe_text(64);
    reporter.sex = maybe_text(8);
    reporter.phone = maybe_text(32);
    reporter.contact = maybe_text(32);
    reporter.email = maybe_text(128);
    reporter.company = maybe_text(256);
    lianxin__v1__respondent__init(&respondent);
    respondent.name = maybe_text(256);
    respondent.phone = maybe_text(32);
    message->reporter = one_in(4) ? NULL : &reporter;
    message->respondent = one_in(2) ? NULL : &respondent;
}

void made_case(struct made *made)
{
    Lianxin__V1__Case message = made_least_case();
    pool_used = 0;
    message.source = random_id("app-");
    message.external_id = random_id("");
    message.channel = (Lianxin__V1__Channel)(1 + made_random(CHANNEL_COUNT - 1));
    message.line = maybe_text(16);
    message.type = (Lianxin__V1__Type)(1 + made_random(TYPE_COUNT - 1));
    message.category = maybe_text(16);
    message.place = maybe_text(256);
    message.applicant = (Lianxin__V1__Applicant)made_random(APPLICANT_COUNT);
    message.secret = one_in(2);
    message.urgency = (Lianxin__V1__Urgency)made_random(URGENCY_COUNT);
    message.occurred_ms = one_in(2) ? 0 : (int64_t)made_random(MADE_NOW_MS);
    message.earlier_ticket = one_in(2) ? message.earlier_ticket : random_number();
    message.received_ms = one_in(2) ? 0 : (int64_t)made_random(MADE_NOW_MS);
    message.address = maybe_text(512);
    message.title = maybe_text(512);
    message.text = maybe_text(2000);
    message.answer = maybe_text(1000);
    add_lists(&message);
    add_people(&message);
    made_pack(&message.base, made);
}

void made_act(struct made *made)
{
    Lianxin__V1__Act message = made_least_act();
    pool_used = 0;
    message.source = random_id("oa-");
    message.external_id = random_id("");
    message.verb = (Lianxin__V1__Verb)(1 + made_random(VERB_COUNT - 1));
    message.number = message.verb == LIANXIN__V1__VERB__VERB_REGIME
                         ? (char *)protobuf_c_empty_string
                         : random_number();
    message.unit = random_id("511126000000.f");
    message.to_unit = random_id("511126000000.f");
    message.reason = (Lianxin__V1__Reason)(1 + made_random(REASON_COUNT - 1));
    message.text = maybe_text(2000);
    message.category = random_id("0");
    message.place = one_in(2) ? (char *)protobuf_c_empty_string : random_text(256);
    message.regime = (Lianxin__V1__Regime)(1 + made_random(REGIME_COUNT - 1));
    made_pack(&message.base, made);
}

/* -- other encodings --------------------------------------------------------------------------- */

/* As long as protobuf-c reads it, or shorter. */
static uint8_t *put_padded(uint8_t *out, uint64_t value, size_t bytes_max)
{
    uint8_t *end = put_varint(out, value);
    size_t bytes = (size_t)(end - out);
    while (bytes < bytes_max && one_in(2)) {
        out[bytes - 1] |= 0x80;
        out[bytes++] = 0;
    }
    return out + bytes;
}

static uint64_t read_varint(const uint8_t **at)
{
    uint64_t value = 0;
    for (uint32_t shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
}

struct piece {
    uint32_t number;
    uint64_t value;
    struct span bytes;
    const ProtobufCFieldDescriptor *descriptor;
};

static uint32_t split(struct span message, const ProtobufCMessageDescriptor *descriptor,
                      struct piece pieces[64])
{
    uint32_t count = 0;
    for (const uint8_t *at = message.data; at < message.data + message.bytes; count++) {
        uint64_t tag = read_varint(&at);
        uint64_t value = read_varint(&at);
        CHECK(count < 64);
        pieces[count] = (struct piece){
            .number = (uint32_t)(tag >> 3),
            .value = value,
            .descriptor = protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3)),
        };
        if ((tag & 7) == PUT_BYTES) {
            pieces[count].bytes = span_of(at, (size_t)value);
            at += value;
        }
    }
    return count;
}

static uint8_t *put_disguised(uint8_t *out, struct span message,
                              const ProtobufCMessageDescriptor *descriptor);

static uint8_t *put_piece(uint8_t *out, const struct piece *piece)
{
    uint8_t inside[4096];
    struct span bytes = piece->bytes;
    if (piece->bytes.data == NULL) {
        if (one_in(4))
            out = put_varint(put_varint(out, piece->number << 3), made_random(2));
        return put_padded(put_padded(out, piece->number << 3, 5), piece->value, 10);
    }
    if (piece->descriptor->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessageDescriptor *inner = piece->descriptor->descriptor;
        bytes = span_of(inside, (size_t)(put_disguised(inside, bytes, inner) - inside));
    }
    out = put_padded(out, piece->number << 3 | PUT_BYTES, 5);
    return put_raw(put_padded(out, bytes.bytes, 5), bytes);
}

/* Repeated fields keep their order among each other. */
static uint8_t *put_disguised(uint8_t *out, struct span message,
                              const ProtobufCMessageDescriptor *descriptor)
{
    struct piece pieces[64];
    uint32_t count = split(message, descriptor, pieces);
    while (count > 0) {
        uint32_t pick = (uint32_t)made_random(count);
        for (uint32_t i = 0; i < pick; i++)
            if (pieces[i].number == pieces[pick].number)
                pick = i;
        out = put_piece(out, &pieces[pick]);
        memmove(pieces + pick, pieces + pick + 1, (count - pick - 1) * sizeof *pieces);
        count--;
    }
    return out;
}

void made_disguise(const struct made *made, const ProtobufCMessageDescriptor *descriptor,
                   struct made *disguised)
{
    uint8_t *end = put_disguised(disguised->bytes, made_span(made), descriptor);
    disguised->count = (size_t)(end - disguised->bytes);
    CHECK(disguised->count <= sizeof disguised->bytes);
}

/* -- reading ----------------------------------------------------------------------------------- */

/* At the end of the room. */
static struct span copy_of(struct span bytes)
{
    static uint8_t room[WIRE_CASE_BYTES_MAX + 1024];
    CHECK(bytes.bytes <= sizeof room);
    uint8_t *copy = room + sizeof room - bytes.bytes;
    put_raw(copy, bytes);
    return span_of(copy, bytes.bytes);
}

struct misfit made_misfit;

struct ticket made_read_case(struct span bytes)
{
    struct ticket ticket;
    memset(&ticket, 0xA5, sizeof ticket);
    wire_case_read(copy_of(bytes), MADE_SEED, MADE_NOW_MS, &ticket, &made_misfit);
    return ticket;
}

struct ticket made_read_act(struct span bytes)
{
    struct ticket ticket;
    memset(&ticket, 0xA5, sizeof ticket);
    wire_act_read(copy_of(bytes), MADE_SEED, &ticket, &made_misfit);
    return ticket;
}

static void drop_what_says_nothing(Lianxin__V1__Case *message)
{
    message->received_ms = 0;
    if (message->reporter != NULL &&
        lianxin__v1__reporter__get_packed_size(message->reporter) == 0) {
        lianxin__v1__reporter__free_unpacked(message->reporter, NULL);
        message->reporter = NULL;
    }
    if (message->respondent != NULL &&
        lianxin__v1__respondent__get_packed_size(message->respondent) == 0) {
        lianxin__v1__respondent__free_unpacked(message->respondent, NULL);
        message->respondent = NULL;
    }
}

bool made_canonical(const ProtobufCMessageDescriptor *descriptor, struct span bytes,
                    struct made *canonical)
{
    ProtobufCMessage *message =
        protobuf_c_message_unpack(descriptor, NULL, bytes.bytes, bytes.data);
    if (message == NULL)
        return false;
    if (descriptor == &lianxin__v1__case__descriptor)
        drop_what_says_nothing((Lianxin__V1__Case *)message);
    made_pack(message, canonical);
    protobuf_c_message_free_unpacked(message, NULL);
    return true;
}
