#include "domain/city/divider.h"

#include "domain/city/sheet.h"

/* What divides cells in files that are no CSV, or in lines typed with a Chinese keyboard. */
static const struct {
    const char *text, *name;
} dividers[] = {{"\t", "a tab"}, {"，", "the full-width '，'"}, {";", "';'"}, {"；", "'；'"}};

size_t divider_find(struct span text, const char **name)
{
    size_t first = text.bytes;
    for (size_t i = 0; first > 0 && i < sizeof dividers / sizeof dividers[0]; i++) {
        const uint8_t *at =
            memmem(text.data, text.bytes, dividers[i].text, strlen(dividers[i].text));
        if (at != NULL && (size_t)(at - text.data) < first) {
            first = (size_t)(at - text.data);
            *name = dividers[i].name;
        }
    }
    return first;
}

/* The first line that is not empty. */
static struct span first_line(struct span text)
{
    const uint8_t *at = text.data;
    const uint8_t *end = text.data + text.bytes;
    struct span line = {0};
    while (at < end && line.bytes == 0) {
        const uint8_t *begin = at;
        while (at < end && *at != '\n' && *at != '\r')
            at++;
        line = sheet_trim(span_of(begin, (size_t)(at - begin)));
        at += at < end;
    }
    return line;
}

size_t divider_of_file(struct span text, const char **name)
{
    struct span line = first_line(text);
    size_t offset = divider_find(line, name);
    if (offset == line.bytes || memchr(line.data, ',', line.bytes) != NULL)
        return text.bytes;
    return (size_t)(line.data - text.data) + offset;
}
