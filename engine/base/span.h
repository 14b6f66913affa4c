/* span - some bytes that belong to somebody else.
 *
 * Whoever hands out a span says until when it holds. Not NUL-terminated. The empty span has
 * bytes == 0; its data may be NULL.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *data;
    size_t bytes;
};

/* For printf: "%.*s", SPAN_ARG(span). */
#define SPAN_ARG(span) (int)(span).bytes, (const char *)(span).data

static inline struct span span_of(const void *data, size_t bytes)
{
    return (struct span){data, bytes};
}

static inline struct span span_of_string(const char *string)
{
    return (struct span){(const uint8_t *)string, strlen(string)};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.bytes == b.bytes && (a.bytes == 0 || memcmp(a.data, b.data, a.bytes) == 0);
}

static inline bool span_is(struct span span, const char *string)
{
    return span_equal(span, span_of_string(string));
}

/* Bytewise, a shorter one before its extensions: negative, 0 or positive. */
static inline int span_compare(struct span a, struct span b)
{
    size_t common = a.bytes < b.bytes ? a.bytes : b.bytes;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0)
        return order;
    return (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

static inline bool span_starts_with(struct span span, struct span prefix)
{
    return span.bytes >= prefix.bytes &&
           (prefix.bytes == 0 || memcmp(span.data, prefix.data, prefix.bytes) == 0);
}

static inline bool span_ends_with(struct span span, struct span suffix)
{
    return span.bytes >= suffix.bytes &&
           (suffix.bytes == 0 ||
            memcmp(span.data + span.bytes - suffix.bytes, suffix.data, suffix.bytes) == 0);
}

#endif
