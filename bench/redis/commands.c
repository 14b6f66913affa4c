#include "bench/redis/commands.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { HEAD_BYTES_MAX = 128, CASE_BYTES_MAX = 4096 };

static const struct span line_end = {(const uint8_t *)"\r\n", 2};

/* Appends it; more than one more case fits into what was reserved. */
static size_t put(uint8_t *at, struct cases *cases, uint32_t number, size_t *case_bytes)
{
    struct made_case made;
    char digits[16];
    cases_next(cases, &made);
    int digits_bytes = snprintf(digits, sizeof digits, "%u", number);
    *case_bytes = lianxin__v1__case__get_packed_size(&made.message);
    CHECK(*case_bytes <= CASE_BYTES_MAX);
    int head = snprintf((char *)at, HEAD_BYTES_MAX,
                        "*5\r\n$4\r\nXADD\r\n$5\r\ncases\r\n$1\r\n*\r\n$%d\r\n%s\r\n$%zu\r\n",
                        digits_bytes, digits, *case_bytes);
    CHECK(head > 0 && head < HEAD_BYTES_MAX);
    lianxin__v1__case__pack(&made.message, at + head);
    memcpy(at + (size_t)head + *case_bytes, line_end.data, line_end.bytes);
    return (size_t)head + *case_bytes + line_end.bytes;
}

void commands_init(struct commands *commands, struct cases *cases, uint32_t count)
{
    size_t room = 0, used = 0;
    *commands = (struct commands){.ends = calloc(count, sizeof(size_t)),
                                  .case_bytes = calloc(count, sizeof(size_t)),
                                  .count = count};
    CHECK(commands->ends != NULL && commands->case_bytes != NULL);
    for (uint32_t i = 0; i < count; i++) {
        if (room - used < HEAD_BYTES_MAX + CASE_BYTES_MAX) {
            room = 2 * room + (size_t)4 * CASE_BYTES_MAX;
            commands->bytes = realloc(commands->bytes, room);
            CHECK(commands->bytes != NULL);
        }
        used += put(commands->bytes + used, cases, i, &commands->case_bytes[i]);
        commands->ends[i] = used;
    }
}

void commands_fini(struct commands *commands)
{
    free(commands->bytes);
    free(commands->ends);
    free(commands->case_bytes);
    *commands = (struct commands){0};
}

struct span commands_case(const struct commands *commands, uint32_t number)
{
    CHECK(number < commands->count);
    size_t end = commands->ends[number] - line_end.bytes;
    size_t bytes = commands->case_bytes[number];
    return span_of(commands->bytes + end - bytes, bytes);
}
